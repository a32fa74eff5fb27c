"""Examples: rows with known targets, split into those that train and those that check.

    read -> kinds -> target -> split

Nothing is learned here yet: which rows train is decided before any constant is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.errors import ColumnError, ParameterError, TargetError
from layerwise.model.settings import Settings
from layerwise.table import (
    Column,
    DateRule,
    Reading,
    Table,
    Target,
    Task,
    folds,
    infer_target,
    look,
    split,
    target_column,
)
from layerwise.table.category import as_text
from layerwise.table.dates import DateOrder
from layerwise.table.doubts.doubt import Doubt
from layerwise.table.doubts.search import find_doubts
from layerwise.table.encode import column_numbers, read_numbers
from layerwise.table.overrides import Override
from layerwise.table.reading import count
from layerwise.table.said import target_notes

__all__ = ["Examples", "examples_of"]

LEAST_ROWS = 2


@dataclass(frozen=True)
class Examples:
    """Rows with known targets, split in two.

    Args:
        table: The columns.
        readings: What each of them was read as.
        target: What is predicted.
        y: The encoded target of each row.
        train: Positions of the training rows.
        valid: Positions of the validation rows, maybe none.
        weight: How many rows each row stands for, or None for one each.
        notes: What the user should hear about the split, a sentence each.
        is_random: Whether rows were held out by chance, and not by a column.
    """

    table: Table
    readings: tuple[Reading, ...]
    target: Target
    y: NDArray[Any]
    train: NDArray[np.int64]
    valid: NDArray[np.int64]
    weight: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()
    is_random: bool = True

    def doubts(self) -> tuple[Doubt, ...]:
        """Look for what makes a score too good, or a column worthless."""
        return find_doubts(
            self.table,
            self.readings,
            self.target,
            self.y,
            self.train,
            self.valid,
            self.is_random,
        )

    def folds(self, n: int, seed: int) -> list[tuple[NDArray[Any], NDArray[Any]]]:
        """Return n splits that hold every row out once; this split is the first."""
        if n == 1:
            return [(self.train, self.valid)]
        labels = None if self.target.task == "regression" else self.y
        return folds(self.train, self.valid, n, seed, labels)


def examples_of(
    table: Table,
    target_name: str,
    settings: Settings,
    features: Sequence[str] | None,
    drop: Sequence[str] | None,
    dates: DateOrder | None,
    task: Task | None,
    valid_by: str | None,
    overrides: Mapping[str, Override] | None = None,
) -> Examples:
    """Read the target and the columns, and split the rows.

    Args:
        table: The rows.
        target_name: The column to predict.
        settings: How many rows are held out, and the seed that chooses them.
        features: Use these columns only.
        drop: Use all but these.
        dates: The order of day and month where a column leaves it open.
        task: What to learn, where the target's values would say otherwise.
        valid_by: Hold rows out by the order or the groups of this column.
        overrides: What the user says of some columns.

    Raises:
        TableError: When a column does not fit, or too few rows are left.
    """
    cells = target_column(table, target_name)
    _refuse_few(table.n_rows, table.n_rows)
    target = infer_target(target_name, cells, task)
    y = target.encode(cells)
    for option, names in (("features", features), ("drop", drop)):
        if names and target_name in names:
            which = "features" if option == "features" else "columns to drop"
            raise ColumnError(
                f"The column {target_name!r} is the target, so it cannot be among "
                f"the {which}."
            )
    said = overrides or {}
    readings = look(table, features, [*(drop or ()), target_name], dates, said)
    by = _valid_by(table, valid_by, dates, said)
    train, valid = split(
        table.n_rows,
        settings.held_out,
        settings.seed,
        labels=y if target.task != "regression" and valid_by is None else None,
        groups=by.groups,
        order=by.order,
    )
    _refuse_few(table.n_rows, len(train))
    notes = (*target_notes(table, target_name, dates, said), *by.notes)
    is_random = valid_by is None
    return Examples(table, readings, target, y, train, valid, None, notes, is_random)


@dataclass(frozen=True, eq=False)
class _By:
    """The groups or the order that rows are held out by, and what to say of it."""

    groups: NDArray[Any] | None = None
    order: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()


def _valid_by(
    table: Table,
    name: str | None,
    dates: DateOrder | None,
    said: Mapping[str, Override],
) -> _By:
    """Return what a column splits rows by: numbers and dates by order, else groups."""
    if name is None:
        return _By()
    if not isinstance(name, str):
        raise ParameterError(
            "The 'valid_by' parameter of train must be the name of a column or None. "
            f"Got {name!r} instead."
        )
    # rows may be held out by a column that the network is not to see
    own = {name: replace(said[name], is_used=True)} if name in said else {}
    (reading,) = look(table, [name], None, dates, own)
    order = _order_of(table.frame[name], reading)
    if order is None:
        return _By(groups=as_text(table.frame[name]).fill_null("").to_numpy())
    missing = np.isnan(order)
    n = int(missing.sum())
    note = f"Column {name!r} misses {count(n, 'cell')}: a row without one trains."
    return _By(order=np.where(missing, -np.inf, order), notes=(note,) if n else ())


def _order_of(cells: pl.Series, reading: Reading) -> NDArray[np.float64] | None:
    """Return a number for each row to sort by, nan where missing; None for words."""
    if cells.dtype.is_numeric():
        return cells.fill_nan(None).rank("dense").cast(pl.Float64).to_numpy()
    rule = reading.rule
    if isinstance(rule, DateRule):
        if rule.order == "undecided":
            raise ColumnError(
                f"Rows cannot be held out by {reading.name!r}: {reading.why}. Say "
                "which with --dates day-first or --dates month-first."
            )
        date = Column(reading.name, "date", reading.why, "date", rule)
        return column_numbers(cells, date)[0][:, 0]
    if reading.kind not in ("number", "id"):
        return None
    read = read_numbers(cells, rule)
    return None if read.unreadable.any() else read.values.to_numpy()


def _refuse_few(n: int, n_train: int) -> None:
    if n_train >= LEAST_ROWS:
        return
    held_out = f", of which {n - n_train} is held out" if n > n_train else ""
    raise TargetError(
        f"The table has {n} row{'s' if n > 1 else ''}{held_out}, and training takes "
        f"{LEAST_ROWS} at least. Add rows{', or hold none out' if held_out else ''}."
    )
