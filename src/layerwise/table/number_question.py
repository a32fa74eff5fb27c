"""Is a column numbers? Which, and what else could they be?

cells                        reading
$9,300.52, $6,250.65         numbers with '$' before them
00501, 10001                 refused: codes begin with a zero
98122, 98101 named zipcode   refused: postal codes are no amounts
20240301, 20231231           refused: dates, which the next question reads
1, 2, 3 named id             rows that are numbered
"""

from dataclasses import replace

import polars as pl

from layerwise.table.category import as_text, names_rows
from layerwise.table.dress import infer_number_rule, may_be_numbers, open_mark
from layerwise.table.names import coded_name, place_name
from layerwise.table.numbers import MARKS, NumberRule, code_like
from layerwise.table.questions import (
    SAME,
    TOLERANCE,
    RefusedColumn,
    Texts,
    lacking,
    lost_sentence,
    with_lost,
    words_of_absence,
)
from layerwise.table.reading import Alternative, Reading, cells_of, left_out, used
from layerwise.table.sentinels import near_constant, sentinels

__all__ = ["are_days", "as_number", "may_be_days", "number_reading", "plain_reading"]

# Integers of up to so many values may be codes of categories.
FEW_CODES = 16
NOTHING = pl.DataFrame(schema={"text": pl.String, "n": pl.UInt32})
PLAIN = NumberRule()
# Days of eight digits, alone and with a time of six, from 1900 to 2100.
_DAYS = (
    (19_000_101, 21_001_231, "%Y%m%d"),
    (19_000_101_000_000, 21_001_231_235_959, "%Y%m%d%H%M%S"),
)


def plain_reading(name: str, cells: pl.Series, numbers: pl.Series) -> Reading:
    """Read cells that Polars itself reads as numbers, unless they are codes.

    Args:
        name: The column.
        cells: Its cells as text.
        numbers: The same cells as numbers.

    Raises:
        RefusedColumn: When they are codes or dates.

    Example:
        >>> cells = pl.Series(["1.5", "2"])
        >>> plain_reading("x", cells, cells.cast(pl.Float64)).examples
        (1.5, 2)
    """
    _refuse_codes(name, cells, numbers)
    reading = number_reading(name, cells, numbers.fill_nan(None))
    if not reading.is_used:
        return reading
    reading = replace(reading, rule=PLAIN)
    if not open_mark(cells):
        return reading
    other = Alternative("number", "'.' between thousands")
    said = "'.' was read as standing before the fraction, but every cell also fits"
    return replace(
        reading,
        alternatives=(other, *reading.alternatives),
        warnings=(*reading.warnings, f"Column {name!r}: {said} between thousands."),
    )


def as_number(column: Texts) -> Reading:
    """Are 99 % of the cells numbers, written in one way?

    Example:
        >>> as_number(Texts("x", pl.Series(["1,5", "2"]))).examples
        (1.5, 2)
    """
    counts = column.counts
    if not counts["text"].cast(pl.Float64, strict=False).null_count():
        values = column.values
        return plain_reading(column.name, values, values.cast(pl.Float64))
    likely = may_be_numbers(counts["text"])
    if 2 * int(counts["n"].filter(likely).sum()) < column.n:
        raise RefusedColumn
    found = infer_number_rule(counts)
    read = found.rule.values(counts["text"])
    unread = counts.filter(read.is_null())
    absent = words_of_absence(counts, unread)
    unread = unread.filter(~pl.col("text").is_in(list(absent)))
    n_unread = int(unread["n"].sum())
    _refuse_unread(found.rule, found.mixed, n_unread, unread, column.n)
    rule = replace(found.rule, missing=absent)
    numbers = column.each(read)
    if rule in (NumberRule(missing=absent), NumberRule(".", " ", missing=absent)):
        readable = column.values.filter(numbers.is_not_null())
        digits = readable.str.replace_all(MARKS[" "], "")
        _refuse_codes(column.name, digits, numbers.drop_nulls())
        _refuse_telephones(readable)
    dress = f" with {rule.dress}" if rule.dress else ""
    reading = number_reading(column.name, column.cells, numbers, dress)
    if not reading.is_used:
        return reading
    column.remember(read, "number", rule)
    said = [*found.said, *lacking(absent), *lost_sentence(unread, column.n, "number")]
    reading = with_lost(replace(reading, rule=rule), unread, said)
    if found.rival is None:
        return reading
    other = Alternative("number", found.rival.dress or "'.' before the fraction")
    return replace(reading, alternatives=(other, *reading.alternatives))


def _refuse_unread(
    rule: NumberRule,
    mixed: tuple[str, ...],
    n_unread: int,
    unread: pl.DataFrame,
    n: int,
) -> None:
    """Refuse a column that would lose more than a few cells."""
    if n_unread <= TOLERANCE * n:
        return
    alternative = None
    if 2 * n_unread <= n:
        lost = tuple(unread["text"].head(3))
        alternative = Alternative("number", rule.dress, n_unread, lost)
    raise RefusedColumn(*mixed, alternative=alternative)


def _refuse_codes(name: str, cells: pl.Series, numbers: pl.Series) -> None:
    """Refuse codes that are written with digits, and dates of eight of them.

    Raises:
        RefusedColumn: With the reason, and numbers as an alternative.
    """
    reason = code_like(cells) or coded_name(name, cells)
    if reason:
        alternative = Alternative("number", "as amounts, without leading zeros")
        raise RefusedColumn(reason, alternative=alternative)
    if are_days(numbers, cells):
        raise RefusedColumn(alternative=Alternative("number"))


def _refuse_telephones(cells: pl.Series) -> None:
    """Refuse 612 345 678 and its like: amounts do not all have nine digits."""
    sizes = cells.str.len_chars()
    least = sizes.min()
    if least != sizes.max() or least is None or least < len("612 345 678"):  # type: ignore[operator]
        return
    if cells.n_unique() > 2 and cells.str.contains(r"^\d+(?:[^\d.,+-]\d+)+$").all():
        reason = f"all cells have as many digits as {cells.min()!r}, in groups"
        raise RefusedColumn(reason, alternative=Alternative("number"))


def may_be_days(numbers: pl.Series) -> bool:
    """Tell whether the size of all numbers is that of days, quickly.

    Example:
        >>> may_be_days(pl.Series([20240301, 20241399])), may_be_days(pl.Series([1]))
        (True, False)
    """
    least, most = numbers.min(), numbers.max()
    if least is None or most is None:
        return False
    return any(
        first <= least and most <= last  # type: ignore[operator]
        for first, last, _ in _DAYS
    )


def are_days(numbers: pl.Series, cells: pl.Series) -> bool:
    """Tell whether every number is a day such as 20240301 or 20240301143015.

    Example:
        >>> days = pl.Series([20240301.0, 20231231.0])
        >>> are_days(days, days), are_days(days + 70, days + 70)
        (True, False)
    """
    if not may_be_days(numbers):
        return False
    texts = as_text(cells).str.strip_chars().str.replace(r"\.0+$", "")
    is_long = texts.str.len_bytes().max() == len("20240301143015")
    form = _DAYS[is_long][2]
    days = texts.str.to_datetime(form, strict=False)
    return days.null_count() == numbers.null_count() and numbers.n_unique() > 1


def number_reading(
    name: str, cells: pl.Series, numbers: pl.Series, dress: str = ""
) -> Reading:
    """Tell numbers from constants and from numbered rows.

    Args:
        name: The column.
        cells: Its cells as they stand in the table.
        numbers: The same cells as numbers, null where missing.
        dress: What surrounds the digits, in words.

    Returns:
        The reading, with what the numbers may be instead.

    Example:
        >>> numbers = pl.Series([1.0, 2.0, 3.0])
        >>> [number_reading(name, numbers, numbers).kind for name in ("x", "id")]
        ['number', 'id']
    """
    least, most = numbers.min(), numbers.max()
    if least is None:
        return left_out(name, "empty", "every cell is missing", cells, numbers)
    if least == most and not numbers.null_count():
        return left_out(name, "constant", SAME, cells, numbers)
    n = len(numbers) - numbers.null_count()
    if names_rows(name) and _are_distinct_integers(numbers.drop_nulls()):
        why = f"all {n:,} values differ, and its name says that they number the rows"
        reading = left_out(name, "id", why, cells, numbers)
        return replace(reading, alternatives=(Alternative("number"),))
    place = place_name(name, float(least), float(most))  # type: ignore[arg-type]
    why = f"{cells_of(n, len(numbers))} are numbers{dress}{place}"
    reading = used(name, "number", why, cells, numbers)
    said = [*sentinels(numbers), *near_constant(numbers)]
    reading = with_lost(reading, NOTHING, said)
    return replace(reading, alternatives=_as_codes(numbers, float(most) - float(least)))  # type: ignore[arg-type]


def _are_distinct_integers(numbers: pl.Series) -> bool:
    whole = bool((numbers == numbers.floor()).all())
    return whole and numbers.n_unique() == len(numbers)


def _may_be_codes(numbers: pl.Series) -> bool:
    is_whole = bool((numbers == numbers.floor()).all())
    return is_whole and numbers.drop_nulls().n_unique() <= FEW_CODES


def _as_codes(numbers: pl.Series, spread: float) -> tuple[Alternative, ...]:
    """What integers of few values may be instead: codes, or yes and no."""
    # Counting values takes long; integers in a small range are counted quickly.
    # The first thousand tell of most columns that they are no codes.
    if not spread <= 1000 or not _may_be_codes(numbers.head(1000)):
        return ()
    if not (numbers == numbers.floor()).all():
        return ()
    n_values = numbers.drop_nulls().cast(pl.Int64).n_unique()
    n = len(numbers) - numbers.null_count()
    if n_values > FEW_CODES or n_values == n:
        return ()
    if n_values != 2:
        return (Alternative("category"),)
    most = int(numbers.max())  # type: ignore[arg-type]
    how = f"{most} as yes" if (most, spread) != (1, 1) else ""
    return (Alternative("yes/no", how), Alternative("category"))
