"""A walk through a model: the cells of one row, its units, every layer, the answer.

raw cells -> units -> z, a of each layer -> answer -> decision
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from layerwise.errors import ParameterError, did_you_mean, listed
from layerwise.insight import Step, steps_of
from layerwise.layers import Input
from layerwise.model.part import Part
from layerwise.model.predict import params_dtype
from layerwise.table import Encoded, Schema, Table, read

__all__ = ["Unit", "Walk", "changed_row", "units_of", "walked"]


@dataclass(frozen=True)
class Unit:
    """A number that the input layer makes of a cell.

    Args:
        name: As the schema names it; one of several of a number has its place in [].
        column: The column whose cell it is from.
        raw: The cell, as it stands in the table; None where it is empty.
        value: What the input layer makes of it.
    """

    name: str
    column: str
    raw: str | None
    value: float


@dataclass(frozen=True, eq=False)
class Walk:
    """One row on its way through the first network of a model, and what all answer.

    Args:
        row: Which row, from 0 on.
        units: What the input layer makes of its cells.
        layers: What each layer makes of it.
        own: What this network predicts by itself.
        prediction: What the model predicts: the mean of all its networks.
        p: The probability of each class, by its label; None for a number.
        n_networks: How many networks answer.
    """

    row: int
    units: tuple[Unit, ...]
    layers: tuple[Step, ...]
    own: Any
    prediction: Any
    p: dict[str, float] | None
    n_networks: int


def walked(
    part: Part, schema: Schema, encoded: Encoded, table: Table
) -> tuple[tuple[Unit, ...], tuple[Step, ...]]:
    """Walk the only row of a table through the first network of a part."""
    network, params = part.network, part.networks[0]
    x = network.input.rows(
        encoded.numbers, encoded.categories, encoded.texts, params_dtype(params)
    )
    steps = steps_of(network, params, x)
    cells = {name: cell(table, name) for name in {c.name for c in schema.used}}
    names = units_of(schema, network.input)
    values = steps[0].a.tolist()
    units = tuple(
        Unit(name, column, cells[column], value)
        for (name, column), value in zip(names, values, strict=True)
    )
    return units, steps


def cell(table: Table, name: str) -> str | None:
    """Return the first cell of a column, as text."""
    value = table.frame[name][0]
    return None if value is None else str(value)


def units_of(schema: Schema, inputs: Input) -> list[tuple[str, str]]:
    """Return the name of each unit of an input layer, and its column.

    Example:
        >>> from layerwise.layers import Pbld
        >>> from layerwise.table import Column
        >>> age = Schema((Column("age", "number", "", "number"),))
        >>> units_of(age, Input((0.0,), (1.0,), encoding=Pbld(width=3)))
        [('age[0]', 'age'), ('age[1]', 'age'), ('age[2]', 'age')]
    """
    columns = schema.columns
    sources = [c.name for c in columns for _ in c.numbers]
    sources += [c.name for c in columns for _ in c.flag]
    sources += [c.name for c in (*schema.categories, *schema.texts) for _ in c.units]
    p = inputs.n_numbers
    named: list[tuple[str, str]] = []
    for i, (name, source) in enumerate(zip(schema.unit_names, sources, strict=True)):
        n = inputs.groups()[i] if i < p else 1
        several = [f"{name}[{j}]" for j in range(n)] if i < p and n > 1 else [name] * n
        named += [(each, source) for each in several]
    return named


def changed_row(
    table: Table, row: int, cells: Mapping[str, str], used: Sequence[str]
) -> Table:
    """Return one row of a table, with other cells in it.

    Args:
        table: The rows.
        row: Which of them.
        cells: What stands in its cells instead.
        used: The columns that the model uses.

    Raises:
        ParameterError: When there is no such row or column.
    """
    if not 0 <= row < table.n_rows:
        raise ParameterError(
            f"The table has the rows 0 to {table.n_rows - 1}. There is no row {row}."
        )
    one = table.rows(np.array([row]))
    for name in cells:
        if name not in used:
            what = "does not use" if name in table.columns else "knows no"
            raise ParameterError(
                f"The model {what} column {name!r}.{did_you_mean(name, used)} It uses "
                f"{listed(used)}."
            )
    changes = [pl.Series(name, [text or None]) for name, text in cells.items()]
    return read(one.frame.with_columns(changes)) if changes else one
