"""Is a column dates or durations, in which order, and what else could it be?"""

from dataclasses import replace

import polars as pl

from layerwise.table.dates import DateOrder, DateRule, FoundDates, infer_date_rule
from layerwise.table.distinct import read_once
from layerwise.table.durations import (
    DurationRule,
    infer_duration_rule,
    may_be_durations,
)
from layerwise.table.missing import AMONG_VALUES, present
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

__all__ = [
    "ORDER_WORDS",
    "as_date",
    "as_duration",
    "date_reading",
    "duration_reading",
    "undecided_reading",
]

ORDER_WORDS = {
    "year-first": "year first",
    "named": "with the month as a word",
    "day-first": "day first",
    "month-first": "month first",
}
# Dates beyond these years are hardly dates of a table: 0001 and 9999 mean "never".
FIRST_YEAR, LAST_YEAR = 1600, 2200


def as_date(column: Texts, dates: DateOrder | None = None) -> Reading:
    """Are 99 % of the cells dates?

    Example:
        >>> as_date(Texts("d", pl.Series(["2024-03-01", "2024-03-02"]))).why
        'all 2 cells are dates, year first'
    """
    cells = column.cells
    found = infer_date_rule(column.counts, dates, TOLERANCE)
    if found is None:
        raise RefusedColumn
    absent = words_of_absence(column.counts, found.unread)
    if absent:
        there = read_once(lambda c: present(c, AMONG_VALUES, absent), column.cells)
        column = Texts(column.name, there)
        found = infer_date_rule(column.counts, dates, TOLERANCE)
    if found is None:  # pragma: no cover - fewer texts hold the same dates
        raise RefusedColumn
    if not found.is_enough:
        _refuse_unread(found)
    rule = replace(found.rule, missing=absent)
    if rule.order == "undecided":
        return replace(undecided_reading(column, found), rule=rule)
    moments = column.each(found.moments)
    reading = date_reading(column.name, cells, moments, rule)
    if not reading.is_used:
        return reading
    lost = lost_sentence(found.unread, column.n, "date")
    said = [*found.said, *lacking(absent), *lost]
    return replace(
        with_lost(reading, found.unread, said), alternatives=_other_orders(found)
    )


def _other_orders(found: FoundDates) -> tuple[Alternative, ...]:
    """The orders that were not taken, with the cells that speak against them."""
    return tuple(
        Alternative(
            "date",
            ORDER_WORDS[order],
            int(unread["n"].sum()),
            tuple(unread.filter(~_among(unread, found.unread))["text"].head(3)),
        )
        for order, unread in found.others
    )


def _among(unread: pl.DataFrame, other: pl.DataFrame) -> pl.Series:
    return unread["text"].is_in(list(other["text"]))


def _refuse_unread(found: FoundDates) -> None:
    """Refuse a column that would lose more than a few cells, and say why."""
    order = ORDER_WORDS.get(found.rule.order, "day first")
    lost = tuple(found.unread["text"].head(3))
    alternative = Alternative("date", order, int(found.unread["n"].sum()), lost)
    reasons = []
    for other, unread in found.others:
        read = found.unread.filter(~_among(found.unread, unread))["text"]
        against = unread.filter(~_among(unread, found.unread))["text"]
        if len(read) and len(against):
            reasons.append(
                f"it mixes dates with the {order}, such as {against[0]!r}, and with "
                f"the {ORDER_WORDS[other]}, such as {read[0]!r}"
            )
    raise RefusedColumn(*reasons, alternative=alternative)


def undecided_reading(column: Texts, found: FoundDates) -> Reading:
    """Describe dates that can be read in two orders: the user has to say which.

    Example:
        >>> column = Texts("d", pl.Series(["01/02/2024"]))
        >>> undecided_reading(column, infer_date_rule(column.counts)).is_used
        False
    """
    why = (
        f"{cells_of(column.n, column.n_cells)} are dates, but nothing decides "
        "whether the day or the month comes first"
    )
    warning = (
        f"Column {column.name!r} is left out: its dates can be read with the day first "
        "or with the month first. Say which with --dates day-first or "
        "--dates month-first."
    )
    reading = used(column.name, "date", why, column.cells, column.values)
    return replace(
        reading,
        rule=found.rule,
        warnings=(warning,),
        alternatives=_other_orders(found),
    )


def date_reading(
    name: str, cells: pl.Series, moments: pl.Series, rule: DateRule
) -> Reading:
    """Describe a column of moments; its examples are ISO texts.

    Example:
        >>> moments = pl.Series(["2024-03-01", "2024-03-02"]).str.to_datetime()
        >>> date_reading("d", moments, moments, DateRule("year-first")).examples
        ('2024-03-01', '2024-03-02')
    """
    form = "%Y-%m-%dT%H:%M:%S" if rule.has_time else "%Y-%m-%d"

    def iso(some: pl.Series) -> pl.Series:
        return some.dt.to_string(form)

    ticks = moments.to_physical()
    if ticks.min() == ticks.max() and not ticks.null_count():
        return left_out(name, "constant", SAME, cells, iso(moments))
    n = len(moments) - moments.null_count()
    why = f"{cells_of(n, len(moments))} are dates, {ORDER_WORDS[rule.order]}"
    reading = replace(used(name, "date", why, cells, moments, iso), rule=rule)
    ends = pl.Series([ticks.min(), ticks.max()], dtype=ticks.dtype)
    if not _are_odd(ends.cast(moments.dtype)).any():
        return reading
    odd = iso(moments.filter(_are_odd(moments)))
    lie = "lies" if len(odd) == 1 else "lie"
    cell = "cell" if len(odd) == 1 else "cells"
    said = (
        f"{len(odd):,} {cell} {lie} before {FIRST_YEAR} or after {LAST_YEAR}, such as "
        f"{odd.min()!r}: if they mean no date, say so"
    )
    return replace(reading, warnings=(f"Column {name!r}: {said}.",))


def _are_odd(moments: pl.Series) -> pl.Series:
    years = moments.dt.year()
    return (years < FIRST_YEAR) | (years > LAST_YEAR)


def as_duration(column: Texts) -> Reading:
    """Are 99 % of the cells durations or times of day?

    Example:
        >>> as_duration(Texts("t", pl.Series(["1:30:00", "0:45:30"]))).examples
        (5400, 2730)
    """
    counts = column.counts
    likely = counts["n"].filter(may_be_durations(counts["text"]))
    if 2 * int(likely.sum()) < column.n:
        raise RefusedColumn
    unread = counts.filter(DurationRule().seconds(counts["text"]).is_null())
    absent = words_of_absence(counts, unread)
    counts = counts.filter(~pl.col("text").is_in(list(absent)))
    found = infer_duration_rule(counts, TOLERANCE)
    if found is None:
        raise RefusedColumn
    rule = replace(found.rule, missing=absent)
    seconds = column.read(lambda values: rule.read(values).values)
    reading = duration_reading(column.name, column.cells, seconds, found.how)
    if not reading.is_used:
        return reading
    n = int(counts["n"].sum())
    said = [*lacking(absent), *lost_sentence(found.unread, n, "duration")]
    if found.bounded:
        shown = ", ".join(map(repr, found.bounded))
        said.append(
            f"cells that give a bound, such as {shown}, were read as the number"
        )
    reading = with_lost(replace(reading, rule=rule), found.unread, said)
    others = []
    if found.unit:
        others.append(Alternative("number", f"{found.unit!r} after them"))
    if found.is_open:
        is_hours = rule.clock == "hours"
        how = "minutes and seconds" if is_hours else "hours and minutes"
        others.append(Alternative("duration", how))
    return replace(reading, alternatives=tuple(others))


def duration_reading(
    name: str, cells: pl.Series, seconds: pl.Series, how: str = "durations"
) -> Reading:
    """Describe a column of durations.

    Example:
        >>> seconds = pl.Series([60.0, 90.0])
        >>> duration_reading("t", seconds, seconds).why
        'all 2 cells are durations, in seconds'
    """
    least, most = seconds.min(), seconds.max()
    if least == most and not seconds.null_count():
        return left_out(name, "constant", SAME, cells, seconds)
    n = len(seconds) - seconds.null_count()
    suffix = "" if "seconds" in how else ", in seconds"
    why = f"{cells_of(n, len(seconds))} are {how}{suffix}"
    return used(name, "duration", why, cells, seconds)
