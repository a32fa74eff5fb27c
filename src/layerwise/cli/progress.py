"""Training, seen from the terminal: a live curve, or a line now and then."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from layerwise.cli.render import console, number
from layerwise.training import Progress, Watch

__all__ = ["curve", "watching"]

BLOCKS = "▁▂▃▄▅▆▇█"
CURVE_WIDTH = 48
SECONDS_BETWEEN_LINES = 5.0


def curve(costs: Sequence[float], width: int = CURVE_WIDTH) -> str:
    """Draw a falling cost as one line of blocks.

    Example:
        >>> curve([4.0, 2.0, 1.0, 0.5])
        '█▄▂▁'
    """
    if not costs:
        return ""
    step = max(len(costs) / width, 1)
    shown = [costs[int(i * step)] for i in range(min(len(costs), width))]
    shown[-1] = costs[-1]
    low, high = min(costs), max(costs)
    scale = (len(BLOCKS) - 1) / (high - low) if high > low else 0
    return "".join(BLOCKS[int((cost - low) * scale + 0.5)] for cost in shown)


@contextmanager
def watching(quiet: bool = False) -> Iterator[Watch | None]:
    """Show a training on standard error while it runs.

    Yields:
        What to hand to ``train(watch=...)``.
    """
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with Live(console=console(stderr=True), refresh_per_second=10) as live:
            yield _Display(live).show
    else:
        yield _Lines().show


class _Display:
    """The live display of a terminal."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.began = time.monotonic()
        self.last = 0.0

    def show(self, progress: Progress) -> None:
        """Redraw, ten times a second at most."""
        now = time.monotonic()
        if now - self.last < 0.1 and progress.epoch < progress.epochs:
            return
        self.last = now
        left = (now - self.began) / progress.epoch * (progress.epochs - progress.epoch)
        head = Table.grid(padding=(0, 2))
        head.add_row(
            Text(f"epoch {progress.epoch} of {progress.epochs}", style="bold"),
            ProgressBar(progress.epochs, progress.epoch, width=30),
            f"iteration {progress.iteration:,}",
            f"loss {number(progress.loss)}",
            f"at most {left:.0f} s left",
        )
        curves = Table.grid(padding=(0, 2))
        for name, color in (("train", "blue"), ("valid", "magenta")):
            costs = [
                line[f"{name}_cost"]
                for line in progress.lines
                if line.get(f"{name}_cost")
            ]
            if costs:
                curves.add_row(
                    f"{name} cost", Text(curve(costs), style=color), number(costs[-1])
                )
        best = Text(
            f"best epoch so far: {progress.best_epoch}   "
            "(Ctrl-C stops here and keeps it)",
            style="dim",
        )
        self.live.update(Group(head, curves, best))


class _Lines:
    """A line now and then, where nobody sees a display."""

    def __init__(self) -> None:
        self.last = 0.0

    def show(self, progress: Progress) -> None:
        """Print the first epoch, the last, and one every few seconds."""
        now = time.monotonic()
        is_edge = progress.epoch in (1, progress.epochs)
        if not is_edge and now - self.last < SECONDS_BETWEEN_LINES:
            return
        self.last = now
        line = progress.lines[-1]
        costs = "  ".join(
            f"{name} cost {number(line[f'{name}_cost'])}"
            for name in ("train", "valid")
            if f"{name}_cost" in line
        )
        print(
            f"epoch {progress.epoch} of {progress.epochs}  "
            f"iteration {progress.iteration:,}  {costs}",
            file=sys.stderr,
        )
