"""The questions that a text column is asked, one function each.

Each takes the column's name, its cells as they stand, and the same cells
without blanks and missing words. It returns a `Reading`, or refuses the
column, so that the next question can be asked. A refusal may carry reasons
that the user should hear whatever the column turns out to be.
"""

from dataclasses import replace

import polars as pl

from layerwise.errors import listed
from layerwise.table.category import (
    are_categories,
    are_identifiers,
    names_rows,
    plain_category,
)
from layerwise.table.dates import DateOrder, DateRule, infer_date_rule
from layerwise.table.numbers import (
    MOST_MISSING,
    NumberRule,
    code_like,
    infer_number_rule,
)
from layerwise.table.reading import Reading, cells_of, count, left_out, used

__all__ = [
    "SAME",
    "YES_NO",
    "RefusedColumn",
    "as_date",
    "as_number",
    "as_words",
    "as_yes_no",
    "date_reading",
    "number_reading",
]

YES_NO = {"yes": "no", "true": "false", "y": "n", "t": "f", "on": "off"}
# The share of cells of a number or date column that may be unreadable.
TOLERANCE = 0.01
SAME = "every cell is the same"
_ORDERS = {
    "year-first": "year first",
    "named": "with the month as a word",
    "day-first": "day first",
    "month-first": "month first",
}


class RefusedColumn(Exception):
    """A column that a question does not fit; its arguments are reasons."""


def as_yes_no(name: str, cells: pl.Series, values: pl.Series) -> Reading:
    """Are there two words, such as yes and no, or t and f?

    Example:
        >>> cells = pl.Series(["yes", "NO"])
        >>> as_yes_no("loan", cells, cells).why
        "all 2 cells are 'no' or 'yes'"
    """
    # Most columns hold longer texts: those are not worth counting.
    if (values.str.len_bytes() > max(map(len, YES_NO.values()))).any():
        raise RefusedColumn
    read = values.str.to_lowercase()
    found = set(read.drop_nulls().unique())
    for yes, no in YES_NO.items():
        if found == {yes, no}:
            share = cells_of(len(read) - read.null_count(), len(read))
            return used(name, "yes/no", f"{share} are {no!r} or {yes!r}", cells, read)
    raise RefusedColumn


def as_number(name: str, cells: pl.Series, values: pl.Series) -> Reading:
    """Are 99 % of the cells numbers, written in one way?

    Example:
        >>> cells = pl.Series(["1,5", "2"])
        >>> as_number("x", cells, cells).examples
        (1.5, 2)
    """
    rule = NumberRule()
    said: list[str] = []
    numbers = values.cast(pl.Float64, strict=False)
    if numbers.null_count() > values.null_count():
        rule, said = _number_rule(_counts(values))
        numbers = rule.read(values).values
    if rule == NumberRule(missing=rule.missing) and (reason := code_like(values)):
        raise RefusedColumn(reason)
    numbers = numbers.fill_nan(None)
    dress = f" with {rule.dress}" if rule.dress else ""
    reading = number_reading(name, cells, numbers, dress)
    if not reading.is_used:
        return reading
    warnings = tuple(f"Column {name!r}: {sentence}." for sentence in said)
    return replace(reading, rule=rule, warnings=warnings)


def number_reading(
    name: str, cells: pl.Series, numbers: pl.Series, dress: str = ""
) -> Reading:
    """Tell numbers from constants and from numbered rows.

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
        return left_out(name, "id", why, cells, numbers)
    why = f"{cells_of(n, len(numbers))} are numbers{dress}"
    return used(name, "number", why, cells, numbers)


def as_date(
    name: str, cells: pl.Series, values: pl.Series, dates: DateOrder | None = None
) -> Reading:
    """Are 99 % of the cells dates?

    Example:
        >>> cells = pl.Series(["2024-03-01", "2024-03-02"])
        >>> as_date("d", cells, cells).why
        'all 2 cells are dates, year first'
    """
    rule = infer_date_rule(_counts(values), dates, TOLERANCE)
    if rule is None:
        raise RefusedColumn
    if rule.order == "undecided":
        n = len(values) - values.null_count()
        why = (
            f"{cells_of(n, len(values))} are dates, but nothing decides whether "
            "the day or the month comes first"
        )
        reading = used(name, "date", why, cells, values)
        warning = (
            f"Column {name!r} is left out: its dates can be read with the day first "
            "or with the month first. Say which with --dates day-first or "
            "--dates month-first."
        )
        return replace(reading, rule=rule, warnings=(warning,))
    read = rule.read(values)
    reading = date_reading(name, cells, read.moments, rule)
    unread = values.filter(read.unreadable)
    if not len(unread) or not reading.is_used:
        return reading
    are = "is not a date" if len(unread) == 1 else "are not dates"
    warning = (
        f"Column {name!r}: {len(unread):,} of {len(values) - values.null_count():,} "
        f"cells {are} and {_counts_as(len(unread))} missing, such as "
        f"{listed(unread, most=3)}."
    )
    return replace(reading, warnings=(warning,))


def date_reading(
    name: str, cells: pl.Series, moments: pl.Series, rule: DateRule
) -> Reading:
    """Describe a column of moments; its examples are ISO texts.

    Example:
        >>> moments = pl.Series(["2024-03-01", "2024-03-02"]).str.to_datetime()
        >>> date_reading("d", moments, moments, DateRule("year-first")).examples
        ('2024-03-01', '2024-03-02')
    """
    iso = moments.dt.to_string("%Y-%m-%dT%H:%M:%S" if rule.has_time else "%Y-%m-%d")
    ticks = moments.to_physical()
    if ticks.min() == ticks.max() and not ticks.null_count():
        return left_out(name, "constant", SAME, cells, iso)
    n = len(moments) - moments.null_count()
    why = f"{cells_of(n, len(moments))} are dates, {_ORDERS[rule.order]}"
    return replace(used(name, "date", why, cells, iso), rule=rule)


def as_words(name: str, cells: pl.Series, words: pl.Series) -> Reading:
    """Do the values repeat, so that they are categories; or is it text?

    Example:
        >>> as_words("job", pl.Series(["cook", "clerk", "cook"]),
        ...          pl.Series(["cook", "clerk", "cook"])).why
        '2 different values in 3 cells'
    """
    words = plain_category(words)
    n = len(words) - words.null_count()
    distinct = words.drop_nulls().unique()
    if len(distinct) == 1 and n == len(words):
        return left_out(name, "constant", SAME, cells, words)
    values = count(len(distinct), "different value")
    why = f"{values} in {count(n, 'cell')}"
    # One value beside missing cells is a box that is ticked or not.
    if are_categories(len(distinct), n) or len(distinct) == 1:
        return used(name, "category", why, cells, words)
    if len(distinct) == n and (are_identifiers(distinct) or names_rows(name)):
        why = f"all {n:,} values differ and look like identifiers"
        return left_out(name, "id", why, cells, words)
    return left_out(
        name, "text", f"{why} are too many to learn one by one", cells, words
    )


def _counts(cells: pl.Series) -> pl.DataFrame:
    """The distinct texts and how often each occurs, in the order of the texts."""
    frame = pl.DataFrame({"text": cells}).drop_nulls()
    return frame.group_by("text").len("n").sort("text")


def _are_distinct_integers(numbers: pl.Series) -> bool:
    whole = bool((numbers == numbers.floor()).all())
    return whole and numbers.n_unique() == len(numbers)


def _number_rule(counts: pl.DataFrame) -> tuple[NumberRule, list[str]]:
    """Find the rule of a column that is not plain, or refuse the column."""
    n = int(counts["n"].sum())
    has_digit = counts["text"].str.contains(r"\d")
    if 2 * int(counts["n"].filter(has_digit).sum()) < n:
        raise RefusedColumn
    rule, said = infer_number_rule(counts)
    unread = counts.filter(rule.values(counts["text"]).is_null())
    absent = _words_of_absence(counts, unread)
    unread = unread.filter(~pl.col("text").is_in(absent))
    n_unread = int(unread["n"].sum())
    if n_unread > TOLERANCE * n:
        raise RefusedColumn(*(text for text in said if "currencies" in text))
    warnings = list(said)
    if absent:
        warnings.append(f"{listed(absent)} counts as missing")
    if n_unread:
        are = "is not a number" if n_unread == 1 else "are not numbers"
        warnings.append(
            f"{n_unread:,} of {n:,} cells {are} and {_counts_as(n_unread)} missing, "
            f"such as {listed(unread['text'], most=3)}"
        )
    return replace(rule, missing=absent), warnings


def _counts_as(n: int) -> str:
    return "counts as" if n == 1 else "count as"


def _words_of_absence(counts: pl.DataFrame, unread: pl.DataFrame) -> tuple[str, ...]:
    """Find words such as "Varies with device" that stand for "no number".

    They are up to three words without a digit, each in more than 1 % of the
    cells and all together in at most half of them, among ten numbers or more.
    """
    n = int(counts["n"].sum())
    absent = unread.filter(
        (pl.col("n") > TOLERANCE * n) & ~pl.col("text").str.contains(r"\d")
    )
    is_clear = len(absent) <= MOST_MISSING and 2 * int(absent["n"].sum()) <= n
    enough = len(counts) - len(unread) >= 10
    return tuple(absent["text"]) if is_clear and enough else ()
