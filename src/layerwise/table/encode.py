"""Columns of a table become numbers, ids and hashed texts, as a schema says.

The same value gives the same number whether it comes as text from a file or
typed from a data frame. What cannot be read counts as missing, and is counted.
"""

import math
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.table.category import as_text, plain_category
from layerwise.table.column import Column
from layerwise.table.dates import DateRule, Dates, date_numbers
from layerwise.table.distinct import Spread, spread_once
from layerwise.table.durations import DurationRule
from layerwise.table.hashing import hashed_texts
from layerwise.table.numbers import NumberRule, Numbers
from layerwise.table.ordered import OrderedRule
from layerwise.table.reading import Kind, Rule, count
from layerwise.table.yes_no import YesNoRule

__all__ = [
    "Encoded",
    "Problem",
    "ProblemKind",
    "TypedNumbers",
    "category_ids",
    "column_numbers",
    "column_spread",
    "column_values",
    "read_numbers",
    "read_values",
    "read_yes_no",
]

ProblemKind = Literal["unseen", "missing", "out of range", "unreadable"]

_READ_AS = {
    "yes/no": "yes or no",
    "date": "dates",
    "duration": "durations",
    "ordered": "known levels",
}


@dataclass(frozen=True, eq=False)
class Encoded:
    """A table as a network takes it.

    Attributes:
        numbers: float64 (n, p), nan where missing; float32 where that came in.
        categories: int32 (n, q); 0 where the value is not in the vocabulary.
        texts: float32 (n, 32 times the text columns), nan where missing.
        notes: What the table has that training did not know, a sentence each.
    """

    numbers: NDArray[np.float64]
    categories: NDArray[np.int32]
    texts: NDArray[np.float32]
    notes: tuple[str, ...] = ()

    def rows(self, which: NDArray[np.integer[Any]]) -> "Encoded":
        """Return some of the rows, without notes."""
        return Encoded(self.numbers[which], self.categories[which], self.texts[which])

    @property
    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the typed columns by name, as an input layer takes them."""
        return {
            "numbers": self.numbers,
            "categories": self.categories,
            "texts": self.texts,
        }


@dataclass(frozen=True, eq=False)
class Problem:
    """Cells of one column that say nothing, or nothing that training knew.

    Attributes:
        kind: What is wrong with them.
        column: The column's name.
        rows: Where they are, from row 0 on, in order.
        detail: What training knew instead.
        sentence: The same for a summary, with how many there are.
    """

    kind: ProblemKind
    column: str
    rows: NDArray[np.intp]
    detail: str
    sentence: str


@dataclass(frozen=True, eq=False)
class TypedNumbers:
    """A column of plain numbers, taken from the table when they are wanted.

    Attributes:
        cells: Floats or integers.

    Example:
        >>> TypedNumbers(pl.Series([1, 2, None])).rows(1, 3)
        array([ 2., nan])
    """

    cells: pl.Series

    @property
    def values(self) -> NDArray[np.float64]:
        """The numbers of all rows."""
        return self.rows()

    def rows(self, start: int = 0, stop: int | None = None) -> NDArray[np.float64]:
        """Return the numbers of some of the rows, all by default."""
        return self.cells[start:stop].cast(pl.Float64).to_numpy()

    def of_first(self) -> "TypedNumbers":
        """Keep the first of several numbers that a row has: there is one."""
        return self

    def used(self) -> "TypedNumbers":
        """Keep the entries that any row has: all."""
        return self

    def ends(self) -> tuple[float, float, bool]:
        """The least and the most number, and whether any is missing.

        Example:
            >>> TypedNumbers(pl.Series([2, 1, None])).ends()
            (1.0, 2.0, True)
        """
        cells = self.cells
        least, most = cells.min(), cells.max()
        lacks = cells.null_count() > 0
        if cells.dtype.is_float() and not lacks:
            lacks = bool(cells.is_nan().any())
        if least is None or most is None:
            return math.nan, math.nan, lacks
        return float(least), float(most), lacks  # type: ignore[arg-type]


def column_values(
    series: pl.Series, column: Column
) -> tuple[NDArray[Any], tuple[Problem, ...]]:
    """Turn the cells of any column that is used into what a network takes.

    Args:
        series: The cells.
        column: How they are read.

    Returns:
        (n,) or (n, units), nan or an id where missing; and the cells that were
        unseen or unreadable.

    Example:
        >>> job = Column("job", "category", "", "one-hot", None, ("cook",))
        >>> ids, problems = column_values(pl.Series(["cook", "nun"]), job)
        >>> ids.tolist(), problems[0].kind, problems[0].rows.tolist()
        ([1, 0], 'unseen', [1])
    """
    spread, problems = column_spread(series, column)
    return spread.rows(), problems


def column_spread(
    series: pl.Series, column: Column
) -> tuple[Spread | TypedNumbers, tuple[Problem, ...]]:
    """Do the same without laying the values out to the rows.

    Example:
        >>> job = Column("job", "category", "", "one-hot", None, ("cook",))
        >>> column_spread(pl.Series(["cook"]), job)[0].rows()
        array([1], dtype=int32)
    """
    if column.is_categorical:
        return _spread_ids(series, column)
    if column.encoding == "hashed":
        words = partial(plain_category, rule=column.rule)
        return spread_once(lambda cells: (hashed_texts(words(cells)),), series)[0], ()
    return _spread_numbers(series, column)


def column_numbers(
    series: pl.Series, column: Column
) -> tuple[NDArray[np.float64], tuple[Problem, ...]]:
    """Turn the cells of a column of numbers, dates or the like into numbers.

    Args:
        series: The cells.
        column: How they are read.

    Returns:
        (n,) for a number, (n, parts) for a date, nan where missing and possibly
        infinite; and the cells that could not be read.

    Example:
        >>> price = Column("price", "number", "", "number", NumberRule(before="$"))
        >>> column_numbers(pl.Series(["$2.50", None]), price)[0]
        array([2.5, nan])
    """
    numbers, problems = _spread_numbers(series, column)
    return numbers.rows(), problems


def _spread_numbers(
    series: pl.Series, column: Column
) -> tuple[Spread | TypedNumbers, tuple[Problem, ...]]:
    is_typed = series.dtype.is_integer() or series.dtype.is_float()
    if column.kind == "number" and is_typed and not _own(column.rule):
        return TypedNumbers(series), ()
    if series.dtype == pl.Date and isinstance(column.rule, DateRule):
        days = _days_once(series, column.rule)
        if days is not None:
            return days, ()
    key = column.kind, column.rule
    numbers, unreadable = spread_once(partial(_numbers, column=column), series, key)
    # Few different texts tell quickly that every row can be read.
    is_any = bool(unreadable.values.any())
    return numbers, _unread_notes(series, unreadable.rows(), column) if is_any else ()


def _days_once(series: pl.Series, rule: DateRule) -> Spread | None:
    """The numbers of days, each day once; None where there are more days than rows."""
    days = series.to_physical()
    first: Any = days.min()
    last: Any = days.max()
    if first is None or last - first >= len(series):
        return None
    every = pl.int_range(first, last + 1, dtype=pl.Int32, eager=True)
    moments = every.cast(pl.Date).cast(pl.Datetime("us")).extend_constant(None, 1)
    # What is missing has the last place.
    places = (days - first).fill_null(last - first + 1)
    return Spread(date_numbers(moments, rule), places.to_numpy())


def _own(rule: Rule | None) -> tuple[str, ...]:
    """The texts of a column that mean "no value", besides the usual."""
    return rule.missing if isinstance(rule, NumberRule) else ()


def _numbers(series: pl.Series, column: Column) -> tuple[NDArray[Any], NDArray[Any]]:
    """The numbers of each cell, and whether it is there and could not be read."""
    if isinstance(column.rule, DateRule):
        dates = _dates(series, column.rule)
        numbers = date_numbers(dates.moments, column.rule)
        return numbers, dates.unreadable.to_numpy()
    read = read_values(series, column.kind, column.rule)
    return read.values.to_numpy(), read.unreadable.to_numpy()


def category_ids(
    series: pl.Series, column: Column
) -> tuple[NDArray[np.int32], tuple[Problem, ...]]:
    """Turn the cells of a category column into ids.

    Args:
        series: The cells.
        column: Its vocabulary.

    Returns:
        (n,): 1 to K for the vocabulary, K + 1 for missing cells if training
        had some, 0 for everything else; and the cells with other values.

    Example:
        >>> job = Column("job", "category", "", "one-hot", None, ("cook", "clerk"))
        >>> category_ids(pl.Series(["clerk", "nun", None]), job)[0]
        array([2, 0, 0], dtype=int32)
    """
    ids, problems = _spread_ids(series, column)
    return ids.rows(), problems


def _spread_ids(
    series: pl.Series, column: Column
) -> tuple[Spread, tuple[Problem, ...]]:
    ids, is_unseen = spread_once(partial(_ids, column=column), series)
    rows = np.flatnonzero(is_unseen.rows() if is_unseen.values.any() else ())
    if not len(rows):
        return ids, ()
    unseen = plain_category(series.gather(rows), column.rule)
    cells, values = count(len(unseen), "cell"), count(unseen.n_unique(), "value")
    sentence = (
        f"Column {column.name!r}: {cells} with {values} that training did "
        f"not know, such as {unseen[0]!r}."
    )
    n_known = count(len(column.vocabulary), "value")
    detail = f"not among the {n_known} of the vocabulary"
    return ids, (Problem("unseen", column.name, rows, detail, sentence),)


def _ids(series: pl.Series, column: Column) -> tuple[NDArray[Any], NDArray[Any]]:
    """The id of each cell, and whether it is there and not known."""
    words = plain_category(series, column.rule)
    known = pl.Series(column.vocabulary, dtype=pl.String)
    numbers = pl.int_range(1, len(known) + 1, dtype=pl.Int32, eager=True)
    ids = words.replace_strict(known, numbers, default=0, return_dtype=pl.Int32)
    missing = len(known) + 1 if column.has_missing else 0
    ids = ids.set(words.is_null(), missing)
    is_unseen = (ids == 0) & words.is_not_null()
    return ids.to_numpy(), is_unseen.to_numpy()


def read_values(series: pl.Series, kind: Kind, rule: Rule | None) -> Numbers:
    """Read the one number that each cell of a column stands for.

    Args:
        series: The cells, text or typed.
        kind: What they mean: a number, yes or no, a level or a duration.
        rule: How they are written.

    Returns:
        The numbers, and which cells could not be read.

    Example:
        >>> rule = OrderedRule(("low", "high"))
        >>> read_values(pl.Series(["high"]), "ordered", rule).values.to_list()
        [1.0]
    """
    if kind == "yes/no":
        return read_yes_no(series, rule if isinstance(rule, YesNoRule) else None)
    if isinstance(rule, OrderedRule):
        return rule.read(as_text(series))
    if isinstance(rule, DurationRule) and series.dtype != pl.Duration:
        return rule.read(as_text(series))
    return read_numbers(series, rule)


def read_numbers(series: pl.Series, rule: Rule | None) -> Numbers:
    """Read numbers from text by their rule, or take typed ones as they are.

    Example:
        >>> read_numbers(pl.Series([1, None]), None).values.to_list()
        [1.0, None]
    """
    if series.dtype == pl.Duration:
        series = series.dt.total_microseconds().cast(pl.Float64) / 1e6
    if series.dtype.is_numeric() or series.dtype == pl.Boolean:
        values = series.cast(pl.Float64).fill_nan(None)
        if isinstance(rule, NumberRule):
            values = rule.without_missing(values)
        return Numbers(values, pl.repeat(False, len(values), eager=True))
    return (rule if isinstance(rule, NumberRule) else NumberRule()).read(
        as_text(series)
    )


def read_yes_no(series: pl.Series, rule: YesNoRule | None = None) -> Numbers:
    """Read yes as 1 and no as 0, in the words of a rule or the usual ones.

    Example:
        >>> read_yes_no(pl.Series(["Yes", "f", "perhaps"])).values.to_list()
        [1.0, 0.0, None]
    """
    return (rule or YesNoRule()).read(as_text(series))


def _dates(series: pl.Series, rule: DateRule) -> Dates:
    if series.dtype in (pl.Date, pl.Datetime):
        moments = series.cast(pl.Datetime("us"))
        return Dates(moments, pl.repeat(False, len(moments), eager=True))
    return rule.read(as_text(series))


def _unread_notes(
    series: pl.Series, unreadable: NDArray[Any], column: Column
) -> tuple[Problem, ...]:
    if not unreadable.any():
        return ()
    what = _READ_AS.get(column.kind, "numbers")
    rows = np.flatnonzero(unreadable)
    first = int(rows[0])
    sentence = (
        f"Column {column.name!r}: {count(len(rows), 'cell')} cannot be read as {what} "
        f"and became missing; row {first} holds {str(series[first])!r}."
    )
    detail = f"cannot be read as {what}"
    return (Problem("unreadable", column.name, rows, detail, sentence),)
