"""What one column was read as, and the evidence: plain data.

A `Reading` is what `layerwise look` shows of a column. It holds a few cells as
they stand in the file beside what they were read as, so that a person can see
whether the reading is right.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

import polars as pl

from layerwise.errors import listed
from layerwise.table.category import WordRule
from layerwise.table.dates import DateRule
from layerwise.table.durations import DurationRule
from layerwise.table.numbers import NumberRule
from layerwise.table.ordered import OrderedRule
from layerwise.table.yes_no import YesNoRule

__all__ = [
    "KINDS",
    "Alternative",
    "Kind",
    "Reading",
    "Rule",
    "cells_of",
    "count",
    "left_out",
    "told_together",
    "used",
]

Kind = Literal[
    "number",
    "yes/no",
    "category",
    "ordered",
    "date",
    "duration",
    "text",
    "constant",
    "id",
    "empty",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
USED: tuple[Kind, ...] = (
    *("number", "yes/no", "category", "ordered", "date", "duration", "text"),
)
Rule = NumberRule | DateRule | DurationRule | YesNoRule | OrderedRule | WordRule
N_EXAMPLES = 10
MOST_ALIKE = 3
LONGEST_CELL = 40
# Among so many rows there mostly are examples enough.
MANY = 1000


@dataclass(frozen=True)
class Alternative:
    """Another way to read a column.

    Attributes:
        kind: What its cells would mean.
        how: How they would be read, such as "month first"; empty where the kind
            says it all.
        n_lost: Cells that this way could not read, so that they would be missing.
        cells: Up to three of those cells: they decide against this way.
    """

    kind: Kind
    how: str = ""
    n_lost: int = 0
    cells: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """The way and its price, in words.

        Example:
            >>> Alternative("date", "month first", 2, ("13/01/2024",)).said
            "date, month first (2 cells lost, such as '13/01/2024')"
        """
        way = f"{self.kind}, {self.how}" if self.how else self.kind
        such = f", such as {self.cells[0][:LONGEST_CELL]!r}" if self.cells else ""
        lost = f"{count(self.n_lost, 'cell')} lost" if self.n_lost else "no cell lost"
        return f"{way} ({lost}{such})"


@dataclass(frozen=True)
class Reading:
    """What a column was read as.

    Attributes:
        name: The column.
        kind: What its cells mean.
        why: The evidence, one sentence without a period.
        n_missing: Cells that are empty, hold a missing word, or could not be
            read although the rest of the column could.
        rule: How its cells are written, and which of them mean "no value"; None
            where nothing need be said.
        examples: Up to ten of its cells as read.
        cells: The same cells as they stand in the table.
        warnings: What the user should know, a sentence each.
        n_lost: Cells that are there but could not be read; they are among those
            missing.
        lost: Up to three of them, as they stand in the table.
        alternatives: What else the column could be, the likeliest first.
        is_dropped: Whether the user left the column out.
    """

    name: str
    kind: Kind
    why: str
    n_missing: int = 0
    rule: Rule | None = None
    examples: tuple[float | int | str, ...] = ()
    cells: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    n_lost: int = 0
    lost: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    is_dropped: bool = False

    @property
    def is_used(self) -> bool:
        """Whether a network can learn from the column as it was read."""
        if self.is_dropped:
            return False
        if isinstance(self.rule, DateRule) and self.rule.order == "undecided":
            return False
        return self.kind in USED


def used(
    name: str,
    kind: Kind,
    why: str,
    cells: pl.Series,
    read: pl.Series,
    written: Callable[[pl.Series], pl.Series] | None = None,
) -> Reading:
    """Describe a column, with its first cells that are not missing.

    Args:
        name: The column.
        kind: What its cells mean.
        why: The evidence.
        cells: The column as it stands in the table.
        read: The column as it was read, null where missing.
        written: How examples of it are written, where not as they are.

    Returns:
        The reading; rule and warnings are the caller's to add.

    Example:
        >>> used("x", "number", "", pl.Series(["$2"]), pl.Series([2.0])).examples
        (2,)
    """
    first = read.head(MANY).is_not_null().arg_true().head(N_EXAMPLES)
    if len(first) < N_EXAMPLES:
        first = read.is_not_null().arg_true().head(N_EXAMPLES)
    examples = read.gather(first)
    examples = examples if written is None else written(examples)
    return Reading(
        name,
        kind,
        why,
        n_missing=read.null_count(),
        examples=tuple(_short(value) for value in examples),
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


def told_together(readings: Iterable[Reading]) -> list[str]:
    """Return the warnings of columns; many of one sort share a sentence.

    Two are of one sort when they differ in their column and in numbers only.

    Example:
        >>> said = [f"Column '{x}': {n} cells hold 0." for n, x in enumerate("abcde")]
        >>> told_together(
        ...     Reading(x, "number", "", warnings=(one,))
        ...     for x, one in zip("abcde", said)
        ... )
        ["Column 'a': 0 cells hold 0. The like holds of 4 more columns: 'b', 'c', \
'd', 'e'."]
    """
    sorts: dict[str, list[tuple[str, str]]] = {}
    for reading in readings:
        for warning in reading.warnings:
            sort = re.sub(r"\d[\d,.]*", "9", warning.replace(repr(reading.name), ""))
            sorts.setdefault(sort, []).append((reading.name, warning))
    told: list[str] = []
    for alike in sorts.values():
        (_, first), *others = alike
        if len(alike) <= MOST_ALIKE:
            told += [warning for _, warning in alike]
            continue
        names = listed(name for name, _ in others)
        told.append(
            f"{first} The like holds of {count(len(others), 'more column')}: {names}."
        )
    return told


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
