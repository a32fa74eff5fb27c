"""The picture: seconds against error, as SVG that reads in light and in dark."""

import math
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from contest.roster import DEFAULT, OWN, REFERENCE, TUNED

WIDTH, HEIGHT = 760, 480
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 40, 56
MOST_ERROR = 1.3
"""Who is further from the yardstick stands at the upper edge, with a number."""
LETTER, BOLD_LETTER = 6.4, 7.3
"""The width of a letter, about."""
TICKS = {
    1: "1 s",
    3: "3 s",
    10: "10 s",
    30: "30 s",
    60: "1 min",
    180: "3 min",
    600: "10 min",
    1800: "30 min",
    3600: "1 h",
    10_800: "3 h",
    36_000: "10 h",
}
ERRORS = (0.7, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3)
STYLE = """\
  .page { fill: #ffffff }
  text { fill: #1f2328; font: 12px system-ui, sans-serif }
  text { stroke: #ffffff; stroke-width: 3px; paint-order: stroke }
  .line { stroke: #d8dee4 } .even { stroke: #8c959f; stroke-dasharray: 4 4 }
  .own { fill: #0969da } .default { fill: #9a6700 }
  .tuned { fill: #8250df } .reference { fill: #1a7f37 } text.own { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 }
    text { fill: #e6edf3; stroke: #0d1117 }
    .line { stroke: #30363d } .even { stroke: #6e7681 }
    .own { fill: #58a6ff } .default { fill: #d29922 }
    .tuned { fill: #bc8cff } .reference { fill: #3fb950 }
  }
"""
KINDS = {OWN: "own", DEFAULT: "default", TUNED: "tuned", REFERENCE: "reference"}


class Point(NamedTuple):
    """A contestant in the picture."""

    name: str
    group: str
    seconds: float
    error: float


class Box(NamedTuple):
    """Where a label stands."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: "Box") -> float:
        """Return the area that both cover.

        Example:
            >>> Box(0, 0, 2, 2).overlap(Box(1, 1, 3, 3))
            1
        """
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0) * max(height, 0)


class Scale(NamedTuple):
    """A logarithmic scale: from a figure to a place."""

    least: float
    most: float
    start: float
    end: float

    def place(self, value: float) -> float:
        """Return where a figure stands.

        Example:
            >>> Scale(1, 100, 0, 10).place(10)
            5.0
        """
        share = math.log(value / self.least) / math.log(self.most / self.least)
        return self.start + share * (self.end - self.start)


def picture(points: list[Point]) -> str:
    """Draw everyone."""
    seconds = [point.seconds for point in points]
    errors = [min(point.error, MOST_ERROR) for point in points]
    x = Scale(min(seconds) / 1.5, max(seconds) * 1.5, LEFT, WIDTH - RIGHT)
    y = Scale(
        min([*errors, 1.0]) / 1.03, max([*errors, 1.0]) * 1.02, HEIGHT - BOTTOM, TOP
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img">',
        "<title>Seconds of fitting against the mean error</title>",
        f"<style>\n{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{HEIGHT}" rx="8"/>',
        *axes(x, y),
        *legend(points),
        *marks(points, x, y),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def axes(x: Scale, y: Scale) -> Iterator[str]:
    """Draw the lines and what they stand for."""
    for seconds, said in TICKS.items():
        if x.least <= seconds <= x.most:
            at = x.place(seconds)
            yield line(at, TOP, at, HEIGHT - BOTTOM, "line")
            yield text(at, HEIGHT - BOTTOM + 18, said, "middle")
    for error in ERRORS:
        if y.least <= error <= y.most:
            at = y.place(error)
            yield line(LEFT, at, WIDTH - RIGHT, at, "even" if error == 1 else "line")
            yield text(LEFT - 8, at + 4, f"{error:g}", "end")
    yield text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, "time of fitting", "middle")
    yield text(12, 22, "error, in CatBoost's", "start")


def legend(points: list[Point]) -> Iterator[str]:
    """Say what the shapes mean."""
    at = 190.0
    for group in KINDS:
        if any(point.group == group for point in points):
            yield mark(at, 18, group)
            yield text(at + 10, 22, group, "start")
            at += 34 + LETTER * len(group)


def marks(points: list[Point], x: Scale, y: Scale) -> list[str]:
    """Draw contestants and their names, names where least is covered.

    layerwise's own choose their places first and are drawn last.
    """
    names, shapes = [], []
    at = {p: (x.place(p.seconds), y.place(min(p.error, MOST_ERROR))) for p in points}
    taken = [Box(cx - 6, cy - 6, cx + 6, cy + 6) for cx, cy in at.values()]
    for point in sorted(points, key=lambda p: p.group != OWN):
        cx, cy = at[point]
        is_beyond = point.error > MOST_ERROR
        said = f"{point.name} ({point.error:.2f})" if is_beyond else point.name
        letter = BOLD_LETTER if point.group == OWN else LETTER
        box = label(cx, cy, letter * len(said), taken)
        taken.append(box)
        kind = "own" if point.group == OWN else ""
        names.append(text(box.left, box.bottom - 3, said, "start", kind))
        shapes.append(mark(cx, cy, point.group))
    return [*names, *shapes[::-1]]


def label(cx: float, cy: float, width: float, taken: list[Box]) -> Box:
    """Return the place beside a mark that covers least of what is there."""
    ways = [(9.0, -7.0), (-9 - width, -7.0)]
    ways += [(-width / 2, dy) for dy in (8.0, -22.0)]
    ways += [(dx, dy) for dy in (5.0, -19.0) for dx in (6.0, -6 - width)]
    boxes = [Box(cx + a, cy + b, cx + a + width, cy + b + 14) for a, b in ways]
    page = Box(LEFT, TOP - 14, WIDTH, HEIGHT - BOTTOM)

    def cost(box: Box) -> float:
        outside = width * 14 - box.overlap(page)
        return 3 * outside + sum(box.overlap(other) for other in taken)

    return min(boxes, key=cost)


def mark(cx: float, cy: float, group: str) -> str:
    """Draw one mark; each group has a shape as well as a color."""
    kind = f'class="{KINDS[group]}"'
    if group == OWN:
        return f'<circle {kind} cx="{cx:.1f}" cy="{cy:.1f}" r="5.5"/>'
    if group == DEFAULT:
        return (
            f'<rect {kind} x="{cx - 4.5:.1f}" y="{cy - 4.5:.1f}" width="9" height="9"/>'
        )
    turn = -1 if group == TUNED else 1
    corners = [(cx, cy + turn * 6), (cx - 6, cy - turn * 5), (cx + 6, cy - turn * 5)]
    return (
        f'<polygon {kind} points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in corners)}"/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """Draw a line."""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line class="{kind}" {ends}/>'


def text(x: float, y: float, said: str, anchor: str, kind: str = "") -> str:
    """Write a text."""
    how = f' class="{kind}"' if kind else ""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f"<text{how} {place}>{escape(said)}</text>"
