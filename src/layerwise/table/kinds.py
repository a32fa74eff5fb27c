"""What a column means: a number, a category, a date, or nothing to learn from.

The whole column decides, never its first rows, and the order of rows never
matters. A text column is asked one question after the other; the first that
fits gives its kind:

    empty       is every cell missing?
    yes/no      are there two words, such as yes and no, or t and f?
    number      are 99 % of the cells numbers, written in one way?
    date        are 99 % of the cells dates?
    constant    is every cell the same?
    category    do the values repeat?
    id          do all cells differ, and look like identifiers?
    text        everything else

Columns of data frames that are numbers, booleans or dates already are taken
at their word.
"""

from contextlib import suppress
from dataclasses import replace
from functools import partial

import polars as pl

from layerwise.table.category import as_text, plain_category
from layerwise.table.dates import DateOrder, DateRule
from layerwise.table.missing import AMONG_VALUES, AMONG_WORDS, stripped, without
from layerwise.table.questions import (
    SAME,
    RefusedColumn,
    as_date,
    as_number,
    as_words,
    as_yes_no,
    date_reading,
    number_reading,
)
from layerwise.table.reading import Reading, cells_of, left_out, used

__all__ = ["infer"]

LARGEST_INTEGER = 2**53


def infer(name: str, series: pl.Series, dates: DateOrder | None = None) -> Reading:
    """Find out what a column means.

    Args:
        name: The column's name; only identifiers are known by it.
        series: Its cells: texts, or typed values from a data frame.
        dates: The order of day and month where the column leaves it open.

    Returns:
        The kind with its evidence.

    Example:
        >>> reading = infer("US_Sales", pl.Series(["$9,300.52", "$6,250.65"]))
        >>> reading.kind, reading.examples
        ('number', (9300.52, 6250.65))
        >>> reading.why
        "all 2 cells are numbers with '$' before them and ',' between thousands"
    """
    dtype = series.dtype
    if dtype == pl.String:
        return _read_texts(name, series, dates)
    if series.null_count() == len(series):
        return left_out(name, "empty", "every cell is missing", series, series)
    if dtype == pl.Boolean:
        return _read_booleans(name, series)
    if dtype.is_numeric():
        return _read_numbers(name, series)
    if dtype in (pl.Date, pl.Datetime):
        return _read_moments(name, series)
    if dtype == pl.Duration:
        seconds = series.dt.total_microseconds().cast(pl.Float64) / 1e6
        return number_reading(name, series, seconds, " of seconds")
    if dtype in (pl.Categorical, pl.Enum):
        return _read_declared(name, series)
    texts = as_text(series)
    if dtype.is_nested() or dtype == pl.Binary:
        why = "its cells are lists, records or bytes, not single values"
        return left_out(name, "text", why, texts, texts)
    return as_words(name, series, texts)


def _read_texts(name: str, texts: pl.Series, dates: DateOrder | None) -> Reading:
    """Ask one question after the other; the first that fits gives the kind."""
    if texts.null_count() == len(texts):
        return left_out(name, "empty", "every cell is missing", texts, texts)
    # Most columns of most tables are plain numbers: no need to look further.
    plain = texts.cast(pl.Float64, strict=False)
    if plain.null_count() == texts.null_count():
        with suppress(RefusedColumn):  # codes: told again, with their reason, below
            return as_number(name, texts, texts)
    words = without(stripped(texts), AMONG_WORDS)
    values = without(words, AMONG_VALUES)
    if words.null_count() == len(words):
        return left_out(name, "empty", "every cell is missing", texts, words)
    reasons: list[str] = []
    if values.null_count() < len(values):
        for question in (as_yes_no, as_number, partial(as_date, dates=dates)):
            try:
                return question(name, texts, values)
            except RefusedColumn as refusal:
                reasons += refusal.args
    reading = as_words(name, texts, words)
    said = tuple(f"Column {name!r} is not read as numbers: {r}." for r in reasons)
    return replace(reading, warnings=said + reading.warnings)


def _read_booleans(name: str, series: pl.Series) -> Reading:
    if series.n_unique() == 1:
        return left_out(name, "constant", SAME, series, series)
    share = cells_of(len(series) - series.null_count(), len(series))
    return used(name, "yes/no", f"{share} are true or false", series, series)


def _read_numbers(name: str, series: pl.Series) -> Reading:
    if series.dtype.is_integer():
        least, most = series.min(), series.max()
        if max(-int(least), int(most)) >= LARGEST_INTEGER:  # type: ignore[arg-type]
            return infer(name, series.cast(pl.String))
    return number_reading(name, series, series.cast(pl.Float64).fill_nan(None))


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
    return used(name, "category", why, series, words)
