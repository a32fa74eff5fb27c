"""layerwise look: what each column was read as."""

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table as Drawing

from layerwise.cli.options import Dates, Drop, Features, Json, TableFile, names
from layerwise.cli.render import console, note, number, print_json
from layerwise.table import Reading, Schema, Table, learn, look, read

__all__ = ["run"]


def run(
    table: TableFile,
    features: Features = None,
    drop: Drop = None,
    dates: Dates = None,
    json: Json = False,
) -> None:
    """Nothing is trained. Text, ids, constants and empty columns are left out."""
    rows = read(table)
    readings = look(rows, names(features), names(drop), dates)
    schema = learn(rows, readings)
    if json:
        print_json(_plain(rows, readings, schema))
        return
    for line in rows.notes:
        note(line)
    console().print(_drawing(readings, schema))
    for reading in readings:
        for warning in reading.warnings:
            note(f"{reading.name}: {warning}")
    console().print(
        f"{rows.n_rows:,} rows. The input layer: {len(readings)} columns make "
        rf"\[{schema.n_units}] units."
    )


def _units(schema: Schema) -> dict[str, int]:
    return {column.name: len(column.units) for column in schema.columns}


def _plain(table: Table, readings: Sequence[Reading], schema: Schema) -> dict[str, Any]:
    units = _units(schema)
    return {
        "n_rows": table.n_rows,
        "units": schema.n_units,
        "columns": [
            {
                "name": reading.name,
                "kind": reading.kind,
                "why": reading.why,
                "n_missing": reading.n_missing,
                "units": units[reading.name],
                "examples": list(reading.examples),
                "cells": list(reading.cells),
                "warnings": list(reading.warnings),
            }
            for reading in readings
        ],
        "notes": list(table.notes),
    }


def _drawing(readings: Sequence[Reading], schema: Schema) -> Drawing:
    units = _units(schema)
    drawing = Drawing(box=None, pad_edge=False, header_style="bold")
    for header, options in (
        ("column", {"no_wrap": True, "max_width": 28}),
        ("read as", {"no_wrap": True}),
        ("units", {"justify": "right"}),
        ("missing", {"justify": "right"}),
        ("examples", {"max_width": 40, "no_wrap": True}),
        ("why", {"ratio": 1, "style": "dim"}),
    ):
        drawing.add_column(header, **options)
    for reading in readings:
        drawing.add_row(
            escape(reading.name),
            reading.kind,
            str(units[reading.name]) if units[reading.name] else "-",
            f"{reading.n_missing:,}" if reading.n_missing else "-",
            escape(_examples(reading)),
            escape(reading.why),
        )
    return drawing


def _examples(reading: Reading) -> str:
    """Show a few cells, and what they became where that is not the same."""
    shown = []
    for cell, value in zip(reading.cells[:3], reading.examples[:3], strict=False):
        read_as = number(value, 8) if isinstance(value, float) else str(value)
        plain = cell.strip() in (str(value), read_as.replace(",", ""))
        shown.append(cell if plain else f"{cell} → {read_as}")
    return ", ".join(shown)
