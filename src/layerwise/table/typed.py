"""Columns that a data frame, a Parquet file or a database has typed already.

They are taken at their word, and mean what the same cells mean as text: integers
named zipcode are codes, 20240301 is a day, true beside nothing is a box.
"""

from dataclasses import replace

import polars as pl

from layerwise.errors import listed
from layerwise.table.category import plain_category
from layerwise.table.date_question import date_reading, duration_reading
from layerwise.table.dates import DateRule
from layerwise.table.durations import DurationRule
from layerwise.table.names import coded_name, is_coded
from layerwise.table.number_question import are_days, may_be_days, number_reading
from layerwise.table.numbers import LARGEST_INTEGER
from layerwise.table.questions import SAME
from layerwise.table.reading import Alternative, Reading, cells_of, left_out, used
from layerwise.table.word_question import as_words
from layerwise.table.yes_no import YesNoRule

__all__ = ["means_as_text", "read_typed"]


def means_as_text(name: str, series: pl.Series) -> bool:
    """Tell whether a typed column means what its texts mean, and not numbers.

    Args:
        name: The column.
        series: Its cells.

    Returns:
        Whether they are codes, days of eight digits, or integers that no float
        can tell apart.

    Example:
        >>> means_as_text("zip", pl.Series([98122, 98101]))
        True
        >>> means_as_text("x", pl.Series([98122, 98101]))
        False
    """
    if series.dtype in (pl.Time, pl.Object):
        return True
    if not series.dtype.is_numeric():
        return False
    if series.dtype.is_integer():
        least, most = series.min(), series.max()
        if max(-int(least), int(most)) >= LARGEST_INTEGER:  # type: ignore[arg-type]
            return True
    if not is_coded(name) and not may_be_days(series):
        return False
    numbers = series.cast(pl.Float64).fill_nan(None)
    cells = series.filter(numbers.is_not_null())
    return bool(coded_name(name, cells)) or are_days(numbers.drop_nulls(), cells)


def read_typed(name: str, series: pl.Series) -> Reading:
    """Find out what a typed column means.

    Args:
        name: The column.
        series: Its cells; not all of them are missing.

    Returns:
        The reading.

    Example:
        >>> read_typed("x", pl.Series([True, False])).kind
        'yes/no'
    """
    dtype = series.dtype
    if dtype == pl.Boolean:
        return _read_booleans(name, series)
    if dtype.is_numeric():
        return number_reading(name, series, series.cast(pl.Float64).fill_nan(None))
    if dtype in (pl.Date, pl.Datetime):
        return _read_moments(name, series)
    if dtype == pl.Duration:
        seconds = series.dt.total_microseconds().cast(pl.Float64) / 1e6
        reading = duration_reading(name, series, seconds)
        return replace(reading, rule=DurationRule()) if reading.is_used else reading
    if isinstance(dtype, pl.Categorical | pl.Enum):
        return _read_declared(name, series)
    texts = pl.repeat("...", len(series), eager=True).set(series.is_null(), None)
    why = "its cells are lists, records or bytes, not single values"
    return replace(left_out(name, "text", why, texts, texts), is_dropped=True)


def _read_booleans(name: str, series: pl.Series) -> Reading:
    if series.drop_nulls().n_unique() == 1:
        return as_words(name, series)
    share = cells_of(len(series) - series.null_count(), len(series))
    words = plain_category(series)
    reading = used(name, "yes/no", f"{share} are true or false", series, words)
    other = Alternative("category")
    return replace(reading, rule=YesNoRule("false", "true"), alternatives=(other,))


def _read_moments(name: str, series: pl.Series) -> Reading:
    moments = series.cast(pl.Datetime("us"))
    has_time = bool((moments != moments.dt.truncate("1d")).any())
    return date_reading(name, series, moments, DateRule("year-first", has_time))


def _read_declared(name: str, series: pl.Series) -> Reading:
    """A column that the data frame itself calls categorical."""
    words = plain_category(series)
    distinct = words.drop_nulls().unique()
    if len(distinct) == 1 and not words.null_count():
        return left_out(name, "constant", SAME, series, words)
    why = f"the data frame says so; {len(distinct):,} different values"
    reading = used(name, "category", why, series, words)
    if series.dtype != pl.Enum or not 2 <= len(distinct) <= 20:
        return reading
    there = set(distinct)
    order = [word for word in series.dtype.categories if word in there]  # type: ignore[attr-defined]
    other = Alternative("ordered", f"in the data frame's order {listed(order, 20)}")
    return replace(reading, alternatives=(other,))
