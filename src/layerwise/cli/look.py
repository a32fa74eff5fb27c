"""layerwise look: what each column was read as, and what is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from layerwise.cli.columns import (
    MOST_COLUMNS,
    columns_table,
    more_columns,
    units_of,
)
from layerwise.cli.doubts import doubts_plain
from layerwise.cli.options import (
    Dates,
    Drop,
    Features,
    Json,
    Kinds,
    ReadingFile,
    Sheet,
    Sql,
    TableFile,
    Write,
    names,
    said,
    to_write,
)
from layerwise.cli.render import console, note, print_json, visible_lines
from layerwise.cli.words import asked_for
from layerwise.errors import ColumnError, ParameterError
from layerwise.files import write_whole
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
from layerwise.table.distribution import Bins, Shares, distribution
from layerwise.table.overrides import Override
from layerwise.table.reading import count, told_together
from layerwise.table.reading_file import write_readings
from layerwise.table.said import target_notes

__all__ = ["run"]


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
    reading: ReadingFile = None,
    kind: Kinds = None,
    dates: Dates = None,
    write: Write = None,
    sql: Sql = None,
    sheet: Sheet = None,
    json: Json = False,
) -> None:
    """Nothing is trained. Ids, constants and empty columns are left out."""
    if write is not None:
        to_write(write, (".yaml", ".yml"), reads=table, option="--write")
    order, wanted = said(reading, kind, dates)
    rows = read(table, sql=sql, sheet=sheet)
    asked = None if target is None else _target(rows, target)
    readings = _readings(rows, asked, names(features), names(drop), order, wanted)
    of_inputs = tuple(r for r in readings if r.name != target)
    schema = learn(rows, of_inputs)
    notes = [*rows.notes, *target_notes(rows, target, order, wanted)]
    if write is not None:
        _write(write, write_readings(readings, rows.source), reading)
    if json:
        plain = _plain(rows, readings, schema, asked, notes)
        print_json({**plain, "doubts": doubts_plain(rows, of_inputs, asked)})
        return
    for line in notes:
        note(line)
    _print(rows, readings, schema, asked)


def _write(path: Path, text: str, reading: Path | None) -> None:
    """Write the reading file; what a person changed in one that is there is not lost.

    Raises:
        ParameterError: When another file has that name.
    """
    data = text.encode()
    if path.exists():
        is_read = reading is not None and path.samefile(reading)
        if not is_read and path.read_bytes() != data:
            raise ParameterError(
                f"The file {path.name!r} is there, and what was changed in it would be "
                f"lost. Name another with --write, or add --reading {path.name}."
            )
    write_whole(path, data)
    note(f"How the columns are read: {path}")


def _spreads(
    table: Table, readings: Sequence[Reading]
) -> dict[str, Bins | Shares | None]:
    return {
        reading.name: distribution(table.frame[reading.name], reading)
        for reading in readings
    }


def _print(
    table: Table, readings: Sequence[Reading], schema: Schema, target: Target | None
) -> None:
    """Draw the columns on standard output; warnings go to standard error."""
    out, name = console(), None if target is None else target.name
    shown = readings[:MOST_COLUMNS]
    spreads = _spreads(table, shown)
    out.print(columns_table(shown, schema, spreads, table.n_rows, out.width, name))
    if len(readings) > MOST_COLUMNS:
        out.print(more_columns(readings[MOST_COLUMNS:]))
    of_inputs = [reading for reading in readings if reading.name != name]
    out.print(_closing(table, of_inputs, schema, target))
    for warning in _warnings(readings):
        note(warning)
    for doubt in doubts_plain(table, of_inputs, target):
        note(doubt["sentence"])


def _target(table: Table, name: str) -> Target:
    return infer_target(name, target_column(table, name))


def _readings(
    table: Table,
    target: Target | None,
    features: list[str] | None,
    drop: list[str] | None,
    dates: DateOrder | None,
    wanted: Mapping[str, Override],
) -> tuple[Reading, ...]:
    """Find out what the columns mean, the target's among them.

    Raises:
        ColumnError: When the target is to be an input, or dropped.
    """
    if target is None:
        return look(table, features, drop, dates, wanted)
    if target.name in [*(features or ()), *(drop or ())]:
        raise ColumnError(
            f"The column {target.name!r} is the target, so it cannot be among the "
            "columns of --features or --drop."
        )
    shown = None if features is None else [*features, target.name]
    of_inputs = {name: one for name, one in wanted.items() if name != target.name}
    return look(table, shown, drop, dates, of_inputs)


def _plain(
    table: Table,
    readings: Sequence[Reading],
    schema: Schema,
    target: Target | None,
    notes: Sequence[str],
) -> dict[str, Any]:
    units, spreads = units_of(schema), _spreads(table, readings)
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
            _column(reading, units.get(reading.name, 0), spreads[reading.name])
            for reading in readings
        ],
        "notes": list(notes),
        "report": None if table.report is None else asdict(table.report),
    }


def _column(
    reading: Reading, units: int, spread: Bins | Shares | None
) -> dict[str, Any]:
    """Return one column as the JSON contract has it: the reading, and its values."""
    return {
        **asdict(reading),
        "units": units,
        "distribution": None if spread is None else asdict(spread),
    }


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
    return told_together(
        replace(
            reading,
            warnings=tuple(one for one in reading.warnings if reading.why not in one),
        )
        for reading in readings
    )
