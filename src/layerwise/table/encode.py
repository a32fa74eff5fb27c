"""Columns of a table become numbers and ids, as a schema says.

The same value gives the same number whether it comes as text from a file or
typed from a data frame. What cannot be read counts as missing, and is counted.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.table.category import as_text, plain_category
from layerwise.table.column import Column
from layerwise.table.dates import DateRule, Dates, date_numbers
from layerwise.table.missing import AMONG_VALUES, stripped, without
from layerwise.table.numbers import NumberRule, Numbers
from layerwise.table.reading import count

__all__ = ["Encoded", "category_ids", "column_numbers", "read_numbers", "read_yes_no"]

YES = ("yes", "true", "y", "t", "on", "1", "1.0")
NO = ("no", "false", "n", "f", "off", "0", "0.0")


@dataclass(frozen=True, eq=False)
class Encoded:
    """A table as a network takes it.

    Attributes:
        numbers: float64 (n, p), nan where missing; float32 where that came in.
        categories: int32 (n, q); 0 where the value is not in the vocabulary.
        notes: What the table has that training did not know, a sentence each.
    """

    numbers: NDArray[np.float64]
    categories: NDArray[np.int32]
    notes: tuple[str, ...] = ()


def column_numbers(
    series: pl.Series, column: Column
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Turn the cells of a number, yes/no or date column into numbers.

    Args:
        series: The cells.
        column: How they are read.

    Returns:
        (n,) for a number, (n, parts) for a date, nan where missing and possibly
        infinite; and notes.

    Example:
        >>> price = Column("price", "number", "", "number", NumberRule(before="$"))
        >>> column_numbers(pl.Series(["$2.50", None]), price)[0]
        array([2.5, nan])
    """
    if isinstance(column.rule, DateRule):
        dates = _dates(series, column.rule)
        numbers = date_numbers(dates.moments, column.rule)
        return numbers, _unread_notes(series, dates.unreadable, column, "dates")
    if column.kind == "yes/no":
        read = read_yes_no(series)
    else:
        read = read_numbers(series, column.rule)
    values = read.values.to_numpy()
    what = "yes or no" if column.kind == "yes/no" else "numbers"
    return values, _unread_notes(series, read.unreadable, column, what)


def category_ids(
    series: pl.Series, column: Column
) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Turn the cells of a category column into ids.

    Args:
        series: The cells.
        column: Its vocabulary.

    Returns:
        (n,): 1 to K for the vocabulary, K + 1 for missing cells if training
        had some, 0 for everything else; and notes.

    Example:
        >>> job = Column("job", "category", "", "one-hot", None, ("cook", "clerk"))
        >>> category_ids(pl.Series(["clerk", "nun", None]), job)[0]
        array([2, 0, 0], dtype=int32)
    """
    words = plain_category(series)
    known = pl.Series(column.vocabulary, dtype=pl.String)
    numbers = pl.int_range(1, len(known) + 1, dtype=pl.Int32, eager=True)
    ids = words.replace_strict(known, numbers, default=0, return_dtype=pl.Int32)
    missing = len(known) + 1 if column.has_missing else 0
    ids = ids.set(words.is_null(), missing)
    unseen = words.filter((ids == 0) & words.is_not_null())
    if not len(unseen):
        return ids.to_numpy(), ()
    cells, values = count(len(unseen), "cell"), count(unseen.n_unique(), "value")
    note = (
        f"Column {column.name!r}: {cells} with {values} that training did "
        f"not know, such as {unseen[0]!r}."
    )
    return ids.to_numpy(), (note,)


def read_numbers(series: pl.Series, rule: NumberRule | None) -> Numbers:
    """Read numbers from text by their rule, or take typed ones as they are.

    Example:
        >>> read_numbers(pl.Series([1, None]), None).values.to_list()
        [1.0, None]
    """
    if series.dtype == pl.Duration:
        series = series.dt.total_microseconds().cast(pl.Float64) / 1e6
    if series.dtype.is_numeric() or series.dtype == pl.Boolean:
        values = series.cast(pl.Float64).fill_nan(None)
        return Numbers(values, pl.repeat(False, len(values), eager=True))
    return (rule or NumberRule()).read(as_text(series))


def read_yes_no(series: pl.Series) -> Numbers:
    """Read yes as 1 and no as 0, in any of the words for them.

    Example:
        >>> read_yes_no(pl.Series(["Yes", "f", "perhaps"])).values.to_list()
        [1.0, 0.0, None]
    """
    words = without(stripped(as_text(series).str.to_lowercase()), AMONG_VALUES)
    values = words.replace_strict(
        [*YES, *NO],
        [1.0] * len(YES) + [0.0] * len(NO),
        default=None,
        return_dtype=pl.Float64,
    )
    return Numbers(values, values.is_null() & words.is_not_null())


def _dates(series: pl.Series, rule: DateRule) -> Dates:
    if series.dtype in (pl.Date, pl.Datetime):
        moments = series.cast(pl.Datetime("us"))
        return Dates(moments, pl.repeat(False, len(moments), eager=True))
    return rule.read(as_text(series))


def _unread_notes(
    series: pl.Series, unreadable: pl.Series, column: Column, what: str
) -> tuple[str, ...]:
    rows = unreadable.arg_true()
    if not len(rows):
        return ()
    first = int(rows[0])
    return (
        f"Column {column.name!r}: {count(len(rows), 'cell')} cannot be read as {what} "
        f"and became missing; row {first} holds {str(series[first])!r}.",
    )
