"""The drawing of `layerwise look`: a few lines for each column.

column  read as  units  missing  values, and why
age     number       2     10 %  17 ▂▅█▇▃▁▁    ▁ 96
                                 31 · 45 · 27
job     category     3        -  cook 41 % · clerk 33 % · nun 26 %
                                 3 different values in 150 cells
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.measure import Measurement
from rich.table import Table as Drawing
from rich.text import Text

from layerwise.cli.histogram import BETWEEN, percent, spread_line
from layerwise.cli.render import drawing, visible
from layerwise.table import Reading, Schema
from layerwise.table.distribution import Bins, Shares
from layerwise.table.reading import count
from layerwise.table.reading_file import other_ways

__all__ = ["MOST_COLUMNS", "columns_table", "more_columns", "units_of"]

MOST_COLUMNS = 100
MOST_EXAMPLES = 5
MOST_ALTERNATIVES = 2
LEAST_WIDTH = 16

Spread = Bins | Shares | None


def columns_table(
    readings: Sequence[Reading],
    schema: Schema,
    spreads: Mapping[str, Spread],
    n_rows: int,
    width: int,
    target: str | None,
) -> Drawing:
    """Draw the first columns of a table: what they were read as, and why."""
    units = units_of(schema)
    has_missing = any(reading.n_missing for reading in readings)
    table = drawing()
    table.add_column("column", no_wrap=True, max_width=max(width // 4, 6))
    table.add_column("read as", no_wrap=True)
    table.add_column("units", justify="right", no_wrap=True)
    if has_missing:
        table.add_column("missing", justify="right", no_wrap=True)
    table.add_column("values, and why")
    for reading in readings[:MOST_COLUMNS]:
        n = units.get(reading.name, 0)
        n_missing = reading.n_missing
        missing = [percent(n_missing, n_rows) if n_missing else "-"]
        table.add_row(
            visible(reading.name),
            reading.kind,
            "target" if reading.name == target else str(n) if n else "left out",
            *(missing if has_missing else []),
            _evidence(reading, spreads.get(reading.name)),
        )
    return table


def units_of(schema: Schema) -> dict[str, int]:
    """Return how many units each column gives."""
    return {column.name: len(column.units) for column in schema.columns}


def more_columns(readings: Sequence[Reading]) -> str:
    """Say what the columns are that the drawing leaves out."""
    kinds = Counter(reading.kind for reading in readings)
    counts = ", ".join(f"{n:,} {kind}" for kind, n in kinds.most_common())
    return f"and {len(readings):,} more columns: {counts}. --json lists them all."


def _evidence(reading: Reading, spread: Spread) -> Group:
    """The values, the reason unless the other columns say it, and the other ways."""
    lines: list[Any] = []
    if spread is not None:
        lines.append(_Spread(spread, reading.kind == "duration"))
    # of words that repeat, the line above shows the most frequent ones
    if reading.cells and not isinstance(spread, Shares):
        lines.append(_Examples(tuple(_examples(reading))))
    if not reading.why.endswith("cells are numbers"):
        lines.append(Text(visible(reading.why), style="dim"))
    lines += [Text(visible(line), style="dim") for line in _doubtful(reading)]
    return Group(*lines)


def _doubtful(reading: Reading) -> Iterable[str]:
    """What could not be read, and what else the column could be."""
    if reading.n_lost:
        such = ", ".join(repr(cell[:LEAST_WIDTH]) for cell in reading.lost)
        yield f"{count(reading.n_lost, 'cell')} cannot be read, such as {such}"
    others = other_ways(_without_the_obvious(reading))[:MOST_ALTERNATIVES]
    if others:
        yield f"or {' or '.join(others)}"


def _without_the_obvious(reading: Reading) -> Reading:
    """Leave out that two words, or any text, may also be a category: all may be."""
    others = reading.alternatives
    is_pair = "yes/no" in (reading.kind, *(other.kind for other in others))
    if reading.kind != "text" and not is_pair:
        return reading
    rest = tuple(other for other in others if other.kind != "category" or other.n_lost)
    return replace(reading, alternatives=rest)


def _examples(reading: Reading) -> Iterable[str]:
    """Show different cells, and what they became where that is not the same."""
    seen = set()
    for cell, value in zip(reading.cells, reading.examples, strict=False):
        text = visible(cell.strip())
        if text not in seen:
            seen.add(text)
            is_float = isinstance(value, float)
            read_as = f"{value:.12g}" if is_float else visible(str(value).strip())
            yield text if _same(text, value) else f"{text} → {read_as}"


def _same(text: str, value: float | int | str) -> bool:
    """Return whether a cell says what it became: 12.0 is 12, $12 is not."""
    if isinstance(value, str):
        return text == visible(value.strip())
    try:
        return float(text) == value
    except ValueError:
        return False


class _Line:
    """One line that knows how much room there is."""

    def fitting(self, width: int) -> str:
        raise NotImplementedError

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        line = self.fitting(options.max_width)
        yield Text(line, no_wrap=True, overflow="ellipsis")

    def __rich_measure__(
        self, console: Console, options: ConsoleOptions
    ) -> Measurement:
        n = cell_len(self.fitting(options.max_width))
        return Measurement(min(n, LEAST_WIDTH), n)


@dataclass(frozen=True)
class _Spread(_Line):
    """How the values are spread."""

    spread: Bins | Shares
    is_duration: bool

    def fitting(self, width: int) -> str:
        return spread_line(self.spread, width, self.is_duration)


@dataclass(frozen=True)
class _Examples(_Line):
    """As many examples as fit on one line, at least one."""

    texts: tuple[str, ...]

    def fitting(self, width: int) -> str:
        line = self.texts[0]
        for text in self.texts[1:MOST_EXAMPLES]:
            longer = line + BETWEEN + text
            if cell_len(longer) > width:
                break
            line = longer
        return line
