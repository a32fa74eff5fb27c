"""What a column means: a number, a category, a date, or nothing to learn from.

The whole column decides, never its first rows, and the order of rows never
matters. A text column is asked one question after the other; the first that
fits gives its kind:

    empty       is every cell missing?
    yes/no      are there two words, such as yes and no, or t and f?
    duration    are 99 % of the cells durations or times of day?
    number      are 99 % of the cells numbers, written in one way?
    date        are 99 % of the cells dates?
    constant    is every cell the same?
    category    do the values repeat?
    id          do all cells differ, and look like identifiers?
    text        everything else

Ordered words are never assumed: the user says so. What else a column could be is
told with the cells that it would lose. Columns of data frames that are numbers,
booleans or dates already are taken at their word.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

import polars as pl

from layerwise.errors import ColumnError, ParameterError
from layerwise.table.category import as_text
from layerwise.table.date_question import as_date, as_duration
from layerwise.table.dates import DateOrder
from layerwise.table.distinct import is_repeated, read_once
from layerwise.table.number_question import as_number, plain_reading
from layerwise.table.overrides import Override
from layerwise.table.questions import RefusedColumn, Texts
from layerwise.table.reading import Alternative, Reading, left_out
from layerwise.table.settled import dropped, kept_missing, read_as, without_own
from layerwise.table.typed import means_as_text, read_typed
from layerwise.table.word_question import as_words, as_yes_no

__all__ = ["infer"]

MOST_ALTERNATIVES = 4
# So many rows tell of most columns of texts that they are no plain numbers.
N_FIRST = 1000


def infer(
    name: str,
    series: pl.Series,
    dates: DateOrder | None = None,
    override: Override | None = None,
) -> Reading:
    """Find out what a column means.

    Args:
        name: The column's name; identifiers and postal codes are known by it.
        series: Its cells: texts, or typed values from a data frame.
        dates: The order of day and month where the column leaves it open.
        override: What the user says of the column.

    Returns:
        The kind with its evidence.

    Raises:
        ColumnError: When no cell can be read as the user says.

    Example:
        >>> reading = infer("US_Sales", pl.Series(["$9,300.52", "$6,250.65"]))
        >>> reading.kind, reading.examples
        ('number', (9300.52, 6250.65))
        >>> reading.why
        "all 2 cells are numbers with '$' before them and ',' between thousands"
    """
    if override is None:
        return _infer(name, series, dates)
    try:
        return _as_said(name, series, dates, override)
    except ParameterError as error:
        raise ColumnError(f"Column {name!r}: {error}") from error


def _as_said(
    name: str, series: pl.Series, dates: DateOrder | None, override: Override
) -> Reading:
    """Let the user decide, and the cells what is left open."""
    # What the user says is asked of every cell, so each stands for itself.
    cells = as_text(series) if is_repeated(series) else series
    cells = without_own(cells, override.missing)
    reading = None
    if cells.null_count() < len(cells):
        reading = read_as(name, cells, override, dates)
    reading = reading or _infer(name, cells, dates)
    reading = kept_missing(reading, override.missing)
    return reading if override.is_used else dropped(reading)


def _infer(name: str, series: pl.Series, dates: DateOrder | None) -> Reading:
    """Let the cells decide."""
    if series.null_count() == len(series):
        return left_out(name, "empty", "every cell is missing", series, series)
    if series.dtype == pl.String or is_repeated(series):
        return _read_texts(name, series, dates)
    if means_as_text(name, series):
        return _read_texts(name, as_text(series), dates)
    return read_typed(name, series)


def _read_texts(name: str, texts: pl.Series, dates: DateOrder | None) -> Reading:
    """Ask one question after the other; the first that fits gives the kind."""
    # Most columns of most tables are plain numbers: no need to look further.
    plain = _plain(texts.head(N_FIRST))
    if plain.null_count() == texts.head(N_FIRST).null_count():
        plain = _plain(texts)
    if len(plain) == len(texts) and plain.null_count() == texts.null_count():
        with suppress(RefusedColumn):  # codes: told again, with their reason, below
            return plain_reading(name, as_text(texts), plain)
    column = Texts(name, texts)
    if column.is_empty:
        return left_out(name, "empty", "every cell is missing", texts, column.words)
    questions: tuple[tuple[Callable[[Texts], Reading], str], ...] = (
        (as_yes_no, "yes or no"),
        (as_duration, "durations"),
        (as_number, "numbers"),
        (partial(as_date, dates=dates), "dates"),
    )
    said: list[str] = []
    others: list[Alternative] = []
    is_asked = not column.is_long and column.n
    for question, what in questions if is_asked else ():
        try:
            return _with(question(column), (), others)
        except RefusedColumn as refusal:
            said += [
                f"Column {name!r} is not read as {what}: {r}." for r in refusal.args
            ]
            others += [refusal.alternative] if refusal.alternative else []
    return _with(as_words(name, texts), said, others)


def _plain(texts: pl.Series) -> pl.Series:
    return read_once(lambda cells: cells.cast(pl.Float64, strict=False), texts)


def _with(
    reading: Reading, said: tuple[str, ...] | list[str], others: list[Alternative]
) -> Reading:
    """Add what the questions before left: reasons, and other readings."""
    alternatives = (*others, *reading.alternatives)[:MOST_ALTERNATIVES]
    warnings = (*said, *reading.warnings)
    return replace(reading, warnings=warnings, alternatives=alternatives)
