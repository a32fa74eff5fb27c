"""How the values of a column are spread, on one line of the terminal.

4 ▂▅█▇▃▁▁    ▁ 96                    numbers
2016-01-04 ▃▃▅▅▆█ 2018-12-30         dates
cook 41 % · clerk 33 % · 12 more     categories
"""

import math

from rich.cells import cell_len, set_cell_size

from layerwise.cli.render import number, visible
from layerwise.table.distribution import Bins, Shares

__all__ = ["BETWEEN", "bars", "percent", "spread_line"]

BLOCKS = "▁▂▃▄▅▆▇█"
BETWEEN = " · "
LONGEST_VALUE, LEAST_VALUE = 24, 6
LONGEST_SHARE = len(" >99 %")
MONTH = len("2024-03")
SECONDS = (
    (120.0, 1.0, "s"),
    (7_200.0, 60.0, "min"),
    (172_800.0, 3_600.0, "h"),
    (math.inf, 86_400.0, "days"),
)
"""Up to so many seconds, a duration is told in parts of so many, called so."""


def spread_line(spread: Bins | Shares, width: int, is_duration: bool = False) -> str:
    """Draw how values are spread, in so many places at most where that can be.

    Example:
        >>> spread_line(Bins(4, 96, (1, 4, 2, 0, 1)), 40)
        '4 ▂█▄ ▂ 96'
        >>> spread_line(Shares(("cook", "clerk"), (6, 3), 4, 10), 40)
        'cook 60 % · clerk 30 % · 2 more'
    """
    if isinstance(spread, Shares):
        return _shares(spread, width)
    low, high = (_end(value, is_duration) for value in (spread.low, spread.high))
    if low == high:
        return f"always {low}"
    drawn = bars(spread.counts)
    if isinstance(spread.low, str) and len(f"{low} {drawn} {high}") > width:
        low, high = low[:MONTH], high[:MONTH]
    line = f"{low} {drawn} {high}"
    return line if len(line) <= width else drawn


def bars(counts: tuple[int, ...]) -> str:
    """Draw counts as bars: a blank for none, the smallest bar for few.

    Example:
        >>> bars((0, 1, 50, 100))
        ' ▁▄█'
    """
    most = max(counts, default=0) or 1
    last = len(BLOCKS)
    return "".join(
        BLOCKS[max(math.ceil(n / most * last) - 1, 0)] if n else " " for n in counts
    )


def percent(n: int, total: int) -> str:
    """Write a share as people read it: never 0 of some, never 100 of not all.

    Example:
        >>> percent(1, 3), percent(1, 999), percent(998, 999), percent(0, 9)
        ('33 %', '<1 %', '>99 %', '0 %')
    """
    share = 100 * n / total if total else 0.0
    if 0 < share < 1:
        return "<1 %"
    if 99 < share < 100:
        return ">99 %"
    return f"{share:.0f} %"


def _end(value: float | str, is_duration: bool) -> str:
    if isinstance(value, str):
        return value
    if is_duration:
        return _time(value)
    if isinstance(value, int) and abs(value) < 10**15:
        return f"{value:,}"
    return number(value)


def _time(seconds: float) -> str:
    """Write a duration.

    Example:
        >>> _time(45), _time(5400), _time(90_000)
        ('45 s', '90 min', '25 h')
    """
    size = abs(seconds)
    unit, name = next((unit, name) for end, unit, name in SECONDS if size <= end)
    return f"{round(seconds / unit, 1):g} {name}"


def _shares(spread: Shares, width: int) -> str:
    """Write as many values as fit, the first always, and count the rest."""
    room = max(width - len(_rest(spread, 1)) - LONGEST_SHARE, LEAST_VALUE)
    line = ""
    for i, (value, n) in enumerate(zip(spread.values, spread.counts, strict=True)):
        part = f"{_value(value, room)} {percent(n, spread.n_present)}"
        longer = f"{line}{BETWEEN}{part}" if line else part
        if line and cell_len(longer + _rest(spread, i + 1)) > width:
            return line + _rest(spread, i)
        line = longer
    return line + _rest(spread, len(spread.values))


def _rest(spread: Shares, shown: int) -> str:
    more = spread.n_values - shown
    return f"{BETWEEN}{more:,} more" if more else ""


def _value(value: str, room: int) -> str:
    """Write a value, the end of a long one left out."""
    text, most = visible(value.strip()), min(room, LONGEST_VALUE)
    if cell_len(text) <= most:
        return text
    return f"{set_cell_size(text, most - 1).rstrip()}…"
