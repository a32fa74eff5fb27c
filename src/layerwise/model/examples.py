"""Examples: rows with known targets, split into those that train and those that check.

    read -> kinds -> target -> split

Nothing is learned here yet: which rows train is decided before any constant is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwise.errors import ColumnError, TargetError
from layerwise.model.settings import Settings
from layerwise.table import (
    Reading,
    Table,
    Target,
    Task,
    infer_target,
    learn,
    look,
    split,
    target_column,
)
from layerwise.table.dates import DateOrder

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
    """

    table: Table
    readings: tuple[Reading, ...]
    target: Target
    y: NDArray[Any]
    train: NDArray[np.int64]
    valid: NDArray[np.int64]
    weight: NDArray[np.float64] | None = None


def examples_of(
    table: Table,
    target_name: str,
    settings: Settings,
    features: Sequence[str] | None,
    drop: Sequence[str] | None,
    dates: DateOrder | None,
    task: Task | None,
    valid_by: str | None,
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

    Raises:
        TableError: When a column does not fit, or too few rows are left.
    """
    cells = target_column(table, target_name)
    _refuse_few(table.n_rows, table.n_rows)
    target = infer_target(target_name, cells, task)
    y = target.encode(cells)
    for option, names in (("features", features), ("drop", drop)):
        if names and target_name in names:
            raise ColumnError(
                f"The column {target_name!r} is the target, so it cannot be among "
                f"the {option}."
            )
    readings = look(table, features, [*(drop or ()), target_name], dates)
    groups, order = _valid_by(table, valid_by, dates)
    train_rows, valid_rows = split(
        table.n_rows,
        settings.valid_fraction,
        settings.seed,
        labels=y if target.task != "regression" and valid_by is None else None,
        groups=groups,
        order=order,
    )
    _refuse_few(table.n_rows, len(train_rows))
    return Examples(table, readings, target, y, train_rows, valid_rows)


def _valid_by(
    table: Table, column: str | None, dates: DateOrder | None
) -> tuple[NDArray[Any] | None, NDArray[np.float64] | None]:
    """Return the groups or the order that a column splits rows by."""
    if column is None:
        return None, None
    (reading,) = look(table, [column], None, dates)
    if reading.kind in ("number", "date"):
        schema = learn(table, (reading,))
        order = schema.encode(table).numbers
        if order.shape[1]:
            return None, order[:, 0]
    return table.frame[column].cast(str).fill_null("").to_numpy(), None


def _refuse_few(n: int, n_train: int) -> None:
    if n_train >= LEAST_ROWS:
        return
    held_out = f", of which {n - n_train} is held out" if n > n_train else ""
    raise TargetError(
        f"The table has {n} row{'s' if n > 1 else ''}{held_out}, and training takes "
        f"{LEAST_ROWS} at least. Add rows{', or hold none out' if held_out else ''}."
    )
