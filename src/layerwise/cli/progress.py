"""Training, seen from the terminal: a live curve, or a line now and then.

Ctrl-C ends the training after the epoch on its way, and the best epoch so far
is kept. A second Ctrl-C ends it at once.
"""

import contextlib
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from layerwise.cli.render import console, number
from layerwise.training import Progress, Watch

__all__ = ["curve", "stopping", "watching"]

BLOCKS = "▁▂▃▄▅▆▇█"
MOST_POINTS = 60
SECONDS_BETWEEN_LINES = 5.0
LEAST_BAR = 4
MOST_KIND = 12
LABEL = 12
"""Width of "train cost  "; the numbers beside a curve need as much."""
STOPPING = (
    "Stopping after this epoch; the best so far is kept. Ctrl-C again stops at once."
)


def curve(costs: Sequence[float], width: int = MOST_POINTS) -> str:
    """Draw costs as one line of blocks, the last one always among them.

    Example:
        >>> curve([4.0, 2.0, 1.0, 0.5])
        '█▄▂▁'
    """
    if not costs:
        return ""
    shown = [costs[i] for i in _places(len(costs), width)]
    low, high = min(shown), max(shown)
    scale = (len(BLOCKS) - 1) / (high - low) if high > low else 0
    return "".join(BLOCKS[int((cost - low) * scale + 0.5)] for cost in shown)


def _places(n: int, width: int) -> list[int]:
    """Choose which of n points a curve of some width shows."""
    if n <= width:
        return list(range(n))
    return [round(i * (n - 1) / (width - 1)) for i in range(width)]


@contextmanager
def watching() -> Iterator[Watch]:
    """Show a training on standard error while it runs.

    Yields:
        What to hand to ``train(watch=...)``.
    """
    with stopping() as stop:
        out = console(stderr=True)
        if not out.is_terminal:
            yield from _with_lines(stop)
            return
        display = _Display(stop, out)
        with Live(console=out, get_renderable=display.drawing, refresh_per_second=10):
            try:
                yield display.show
            finally:
                display.is_over = True


def _with_lines(stop: threading.Event) -> Iterator[Watch]:
    lines = _Lines(stop)
    yield lines.show
    lines.finish()


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """Turn the first Ctrl-C into a wish to stop, heard at the end of an epoch."""
    stop = threading.Event()
    # only the main thread may listen, and a Ctrl-C that is ignored stays so
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield stop
        return

    def listen(number: int, frame: Any) -> None:
        stop.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if not sys.stderr.isatty():
            with contextlib.suppress(OSError):  # print is not safe in here
                os.write(2, f"{STOPPING}\n".encode())

    signal.signal(signal.SIGINT, listen)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class _Display:
    """The live display of a terminal."""

    def __init__(self, stop: threading.Event, out: Console) -> None:
        self.stop, self.out = stop, out
        self.progress: Progress | None = None
        self.first_epoch = 0.0
        self.is_over = False

    def show(self, progress: Progress) -> bool:
        """Take note; the display draws itself ten times a second."""
        if progress.epoch == 1:  # of the training, and of the refit
            self.first_epoch = time.monotonic()
        self.progress = progress
        return self.stop.is_set()

    def drawing(self) -> Group:
        """Draw what is known."""
        progress = self.progress
        if progress is None:
            wait = "Reading the columns and making the network ready ..."
            text = STOPPING if self.stop.is_set() else wait
            return Group() if self.is_over else Group(Text(text, style="dim"))
        width = self.out.width
        cells = [_epoch(progress), f"iteration {progress.iteration:,}"]
        room = width - sum(map(len, cells)) - 4
        if room < LEAST_BAR:  # a narrow terminal, and several folds or parts
            room = width - len(cells[0]) - 4
            cells[1] = ""
        bar = min(max(room, LEAST_BAR), 40)
        head = Table.grid(padding=(0, 2))
        for _ in range(3):
            head.add_column(no_wrap=True)
        head.add_row(
            Text(cells[0], style="bold"),
            ProgressBar(progress.epochs, progress.epoch, width=bar),
            cells[1],
        )
        foot = "" if self.is_over else self._foot(progress)
        return Group(head, *_curves(progress, width), Text(foot, style="dim"))

    def _foot(self, progress: Progress) -> str:
        if self.stop.is_set():
            return STOPPING
        parts = [f"loss {number(progress.loss)}"]
        if progress.epoch > 1:
            taken = time.monotonic() - self.first_epoch
            left = taken / (progress.epoch - 1) * (progress.epochs - progress.epoch)
            of = " of this one" if _is_one_of_several(progress) else ""
            parts.append(f"at most {_duration(left)} left{of}")
        kept = (
            "what is done" if _is_one_of_several(progress) else "the best epoch so far"
        )
        return "   ".join([*parts, f"Ctrl-C keeps {kept}"])


def _is_one_of_several(progress: Progress) -> bool:
    """Return whether other networks are trained beside this one."""
    return any(n > 1 for n in (progress.parts, progress.folds, progress.refits))


def _curves(progress: Progress, width: int) -> Iterator[Text]:
    """Draw the cost on train and valid, and where the best epoch is."""
    points = max(min(MOST_POINTS, width - 2 * LABEL), 8)
    lines = list(progress.lines)
    for name, style in (("train", "blue"), ("valid", "magenta")):
        costs = [line[f"{name}_cost"] for line in lines if f"{name}_cost" in line]
        if costs:
            label = f"{name} cost".ljust(LABEL)
            drawn = Text(curve(costs, points), style=style)
            yield Text.assemble(label, drawn, "  ", number(costs[-1]))
    if "valid_cost" in lines[0]:
        best = progress.best_epoch
        at = sum(place < best - 1 for place in _places(len(lines), points))
        cost = number(lines[best - 1]["valid_cost"])
        yield _mark(at, f"best epoch: {best:,}, cost {cost}", width - LABEL)


def _mark(at: int, text: str, width: int) -> Text:
    """Point up at a place of the curve, with the text where there is room."""
    beside = f"▲ {text}" if at + 2 + len(text) <= width else "▲"
    if beside == "▲" and len(text) < at:
        at, beside = at - len(text) - 1, f"{text} ▲"
    return Text(" " * (LABEL + at) + beside, style="dim")


def _duration(seconds: float) -> str:
    """Write a time as people say it.

    Example:
        >>> _duration(8.2), _duration(200), _duration(7300)
        ('9 s', '4 min', '2.0 h')
    """
    if seconds < 100:
        return f"{math.ceil(seconds)} s"
    if seconds < 6000:
        return f"{math.ceil(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"


class _Lines:
    """A line now and then, where nobody sees a display."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.last = 0.0
        self.waiting: Progress | None = None

    def show(self, progress: Progress) -> bool:
        """Print the first epoch, the last, and one every few seconds."""
        now = time.monotonic()
        self.waiting = progress
        if progress.epoch == 1 or now - self.last >= SECONDS_BETWEEN_LINES:
            self.last = now
            self.finish()
        return self.stop.is_set()

    def finish(self) -> None:
        """Print the last epoch, if it was not."""
        if self.waiting is not None:
            print(_line(self.waiting), file=sys.stderr, flush=True)
            self.waiting = None


def _epoch(progress: Progress) -> str:
    """Say which epoch was run."""
    steps = [
        _step(progress.kind[:MOST_KIND], progress.part, progress.parts),
        _step("fold", progress.fold, progress.folds),
        _step("refit", progress.refit, progress.refits),
    ]
    where = ", ".join(filter(None, steps))
    epoch = f"epoch {progress.epoch:,} of {progress.epochs:,}"
    return f"{where}: {epoch}" if where else epoch


def _step(name: str, i: int, n: int) -> str:
    """Say which of several steps this is.

    Example:
        >>> _step("fold", 2, 5), _step("refit", 1, 1), _step("fold", 0, 0)
        ('fold 2 of 5', 'refit', '')
    """
    if not i:
        return ""
    return f"{name} {i} of {n}" if n > 1 else name


def _line(progress: Progress) -> str:
    line = progress.lines[-1]
    costs = [
        f"{name} cost {number(line[f'{name}_cost'])}"
        for name in ("train", "valid")
        if f"{name}_cost" in line
    ]
    return "  ".join(
        [
            _epoch(progress),
            f"iteration {progress.iteration:,}",
            f"loss {number(progress.loss)}",
            *costs,
        ]
    )
