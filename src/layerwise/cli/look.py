"""layerwise look: what each column was read as, and what is asked for."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.measure import Measurement
from rich.table import Table as Drawing
from rich.text import Text

from layerwise.cli.options import Dates, Drop, Features, Json, TableFile, names
from layerwise.cli.render import (
    console,
    drawing,
    note,
    print_json,
    visible,
    visible_lines,
)
from layerwise.cli.words import asked_for
from layerwise.errors import ColumnError
from layerwise.table import (
    DateOrder,
    Reading,
    Schema,
    Table,
    Target,
    infer_target,
    learn,
    look,
    read,
    target_column,
)
from layerwise.table.reading import count

__all__ = ["run"]

MOST_COLUMNS = 100
MOST_EXAMPLES = 5
BETWEEN = " · "


def run(
    table: TableFile,
    target: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="The column to predict: shown, and left out of the input layer.",
        ),
    ] = None,
    features: Features = None,
    drop: Drop = None,
    dates: Dates = None,
    json: Json = False,
) -> None:
    """Nothing is trained. Text, ids, constants and empty columns are left out."""
    rows = read(table)
    asked = None if target is None else _target(rows, target)
    readings = _readings(rows, asked, names(features), names(drop), dates)
    of_inputs = tuple(r for r in readings if r.name != target)
    schema = learn(rows, of_inputs)
    if json:
        print_json(_plain(rows, readings, schema, asked))
        return
    for line in rows.notes:
        note(line)
    out = console()
    out.print(_drawing(readings, schema, out.width, target))
    if len(readings) > MOST_COLUMNS:
        out.print(_more(readings[MOST_COLUMNS:]))
    out.print(_closing(rows, of_inputs, schema, asked))
    for warning in _warnings(readings):
        note(warning)


def _target(table: Table, name: str) -> Target:
    return infer_target(name, target_column(table, name))


def _readings(
    table: Table,
    target: Target | None,
    features: list[str] | None,
    drop: list[str] | None,
    dates: DateOrder | None,
) -> tuple[Reading, ...]:
    """Find out what the columns mean, the target's among them.

    Raises:
        ColumnError: When the target is to be an input, or dropped.
    """
    if target is None:
        return look(table, features, drop, dates)
    if target.name in [*(features or ()), *(drop or ())]:
        raise ColumnError(
            f"The column {target.name!r} is the target, so it cannot be among the "
            "columns of --features or --drop."
        )
    wanted = None if features is None else [*features, target.name]
    return look(table, wanted, drop, dates)


def _units(schema: Schema) -> dict[str, int]:
    return {column.name: len(column.units) for column in schema.columns}


def _plain(
    table: Table,
    readings: Sequence[Reading],
    schema: Schema,
    target: Target | None,
) -> dict[str, Any]:
    units = _units(schema)
    of_target = target and {
        "name": target.name,
        "task": target.task,
        "classes": list(target.classes),
    }
    return {
        "n_rows": table.n_rows,
        "units": schema.n_units,
        "target": of_target,
        "columns": [
            {
                "name": reading.name,
                "kind": reading.kind,
                "why": reading.why,
                "n_missing": reading.n_missing,
                "units": units.get(reading.name, 0),
                "examples": list(reading.examples),
                "cells": list(reading.cells),
                "warnings": list(reading.warnings),
            }
            for reading in readings
        ],
        "notes": list(table.notes),
    }


def _drawing(
    readings: Sequence[Reading], schema: Schema, width: int, target: str | None
) -> Drawing:
    units = _units(schema)
    has_missing = any(reading.n_missing for reading in readings)
    table = drawing()
    table.add_column("column", no_wrap=True, max_width=width // 4)
    table.add_column("read as", no_wrap=True)
    table.add_column("units", justify="right", no_wrap=True)
    if has_missing:
        table.add_column("missing", justify="right", no_wrap=True)
    table.add_column("examples, and why")
    for reading in readings[:MOST_COLUMNS]:
        n = units.get(reading.name, 0)
        missing = [f"{reading.n_missing:,}" if reading.n_missing else "-"]
        table.add_row(
            visible(reading.name),
            reading.kind,
            "target" if reading.name == target else str(n) if n else "left out",
            *(missing if has_missing else []),
            _evidence(reading),
        )
    return table


def _evidence(reading: Reading) -> Group:
    """Examples, and the reason below them unless the other columns say it."""
    lines: list[Any] = [_Examples(tuple(_examples(reading)))] if reading.cells else []
    if not reading.why.endswith("cells are numbers"):
        lines.append(Text(visible(reading.why), style="dim"))
    return Group(*lines)


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


@dataclass(frozen=True)
class _Examples:
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

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        line = self.fitting(options.max_width)
        yield Text(line, no_wrap=True, overflow="ellipsis")

    def __rich_measure__(
        self, console: Console, options: ConsoleOptions
    ) -> Measurement:
        line = self.fitting(options.max_width)
        n = cell_len(line)
        return Measurement(min(n, 10), n)


def _more(readings: Sequence[Reading]) -> str:
    kinds = Counter(reading.kind for reading in readings)
    counts = ", ".join(f"{n:,} {kind}" for kind, n in kinds.most_common())
    return f"and {len(readings):,} more columns: {counts}. --json lists them all."


def _closing(
    table: Table, readings: Sequence[Reading], schema: Schema, target: Target | None
) -> str:
    n_used, n = len(schema.used), len(readings)
    columns = f"{n_used} of {count(n, 'column')}" if n_used < n else count(n, "column")
    learned = sum(len(c.units) for c in schema.used if c.encoding == "embedding")
    make, units = "makes" if n_used == 1 else "make", f"[{schema.n_units}] units"
    embedded = f", {learned} of them learned numbers (embeddings)" if learned else ""
    asked = f"\nThe target {target.name!r}: {asked_for(target)}." if target else ""
    return visible_lines(
        f"\n{count(table.n_rows, 'row')}. The input layer: {columns} {make} "
        f"{units}{embedded}.{asked}"
    )


def _warnings(readings: Sequence[Reading]) -> list[str]:
    """All that the drawing does not say already."""
    return [
        warning
        for reading in readings
        for warning in reading.warnings
        if reading.why not in warning
    ]
