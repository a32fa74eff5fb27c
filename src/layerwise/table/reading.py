"""What one column was read as, and the evidence: plain data.

A `Reading` is what `layerwise look` shows of a column. It holds a few cells as
they stand in the file beside what they were read as, so that a person can see
whether the reading is right.
"""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from layerwise.table.dates import DateRule
from layerwise.table.numbers import NumberRule

__all__ = ["Kind", "Reading", "Rule", "cells_of", "count", "left_out", "used"]

Kind = Literal[
    "number", "yes/no", "category", "date", "text", "constant", "id", "empty"
]
Rule = NumberRule | DateRule
N_EXAMPLES = 10


@dataclass(frozen=True)
class Reading:
    """What a column was read as.

    Attributes:
        name: The column.
        kind: What its cells mean.
        why: The evidence, one sentence without a period.
        n_missing: Cells that are empty, hold a missing word, or could not be
            read although the rest of the column could.
        rule: How its cells are written, for numbers and dates.
        examples: Up to ten of its cells as read.
        cells: The same cells as they stand in the table.
        warnings: What the user should know, a sentence each.
    """

    name: str
    kind: Kind
    why: str
    n_missing: int = 0
    rule: Rule | None = None
    examples: tuple[float | int | str, ...] = ()
    cells: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_used(self) -> bool:
        """Whether a network can learn from the column as it was read."""
        if isinstance(self.rule, DateRule) and self.rule.order == "undecided":
            return False
        return self.kind in ("number", "yes/no", "category", "date")


def used(name: str, kind: Kind, why: str, cells: pl.Series, read: pl.Series) -> Reading:
    """Describe a column, with its first cells that are not missing.

    Args:
        name: The column.
        kind: What its cells mean.
        why: The evidence.
        cells: The column as it stands in the table.
        read: The column as it was read, null where missing.

    Returns:
        The reading; rule and warnings are the caller's to add.

    Example:
        >>> used("x", "number", "", pl.Series(["$2"]), pl.Series([2.0])).examples
        (2,)
    """
    first = read.is_not_null().arg_true().head(N_EXAMPLES)
    return Reading(
        name,
        kind,
        why,
        n_missing=read.null_count(),
        examples=tuple(_short(value) for value in read.gather(first)),
        cells=_as_they_stand(cells.gather(first)),
    )


def left_out(
    name: str, kind: Kind, why: str, cells: pl.Series, read: pl.Series
) -> Reading:
    """Describe a column that no network can learn from, and say so.

    Example:
        >>> read = pl.Series([None], dtype=pl.String)
        >>> left_out("x", "empty", "every cell is missing", read, read).warnings
        ("Column 'x' is left out: every cell is missing.",)
    """
    reading = used(name, kind, why, cells, read)
    warning = f"Column {name!r} is left out: {why}."
    return Reading(
        name,
        kind,
        why,
        reading.n_missing,
        examples=reading.examples,
        cells=reading.cells,
        warnings=(warning,),
    )


def cells_of(n: int, total: int) -> str:
    """Count cells in words.

    Example:
        >>> cells_of(6, 6), cells_of(5, 6), cells_of(1, 1)
        ('all 6 cells', '5 of 6 cells', 'all 1 cell')
    """
    return (
        f"all {count(n, 'cell')}" if n == total else f"{n:,} of {count(total, 'cell')}"
    )


def count(n: int, noun: str) -> str:
    """Count things in words.

    Example:
        >>> count(1, "cell"), count(1200, "cell")
        ('1 cell', '1,200 cells')
    """
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def _as_they_stand(cells: pl.Series) -> tuple[str, ...]:
    # Polars writes moments that Python's own cannot hold, such as the year 52951.
    is_moment = cells.dtype in (pl.Date, pl.Datetime)
    return tuple(str(cell) for cell in (cells.cast(pl.String) if is_moment else cells))


def _short(value: object) -> float | int | str:
    """A number as short as it can be written: 3 for 3.0."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value
