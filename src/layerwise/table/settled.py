"""Columns whose reading the user settles, instead of their cells.

Any number of cells may be lost then: each counts as missing, and is said. Only
a kind that reads no cell at all is refused.

    the user says             the column is read as
    kind                      that kind
    decimal or thousands      numbers with these marks
    order                     dates in that order
    yes                       yes/no, with that word as 1
    levels                    ordered words, from the lowest to the highest
    missing                   what its cells say, without these texts
    is_used=False             left out
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl

from layerwise.errors import ColumnError, did_you_mean, listed
from layerwise.table.category import WordRule, as_text, plain_category
from layerwise.table.date_question import ORDER_WORDS, date_reading, undecided_reading
from layerwise.table.dates import DATE_ORDERS, DateOrder, DateRule, infer_date_rule
from layerwise.table.dress import infer_number_rule
from layerwise.table.durations import DurationRule, infer_duration_rule
from layerwise.table.missing import stripped
from layerwise.table.numbers import DECIMALS, MARKS, NumberRule, Numbers
from layerwise.table.ordered import OrderedRule, known_order
from layerwise.table.overrides import Override
from layerwise.table.questions import (
    Texts,
    lacking,
    lost_sentence,
    with_lost,
    words_of_absence,
)
from layerwise.table.reading import Kind, Reading, Rule, cells_of, count, used
from layerwise.table.yes_no import YesNoRule, known_pair

__all__ = ["dropped", "kept_missing", "read_as", "without_own"]

SAID = "because you said so"
_ONE: dict[Kind, str] = {
    "number": "number",
    "date": "date",
    "duration": "duration",
    "ordered": "level",
    "yes/no": "yes/no word",
}
_RULES: dict[Kind, Callable[[tuple[str, ...]], Rule]] = {
    "number": lambda missing: NumberRule(missing=missing),
    "yes/no": lambda missing: YesNoRule("false", "true", missing),
    "category": WordRule,
    "text": WordRule,
    "duration": lambda missing: DurationRule(missing=missing),
}


def without_own(series: pl.Series, missing: tuple[str, ...]) -> pl.Series:
    """Take away the cells that the user calls missing.

    Args:
        series: The cells, text or typed.
        missing: Texts that mean "no value"; -999 is also taken from numbers.

    Returns:
        The same rows.

    Example:
        >>> without_own(pl.Series([5, -999]), ("-999",)).to_list()
        [5, None]
    """
    if not missing:
        return series
    absent = stripped(as_text(series)).is_in(list(missing))
    if series.dtype.is_numeric():
        numbers = pl.Series(missing, dtype=pl.String).cast(pl.Float64, strict=False)
        values = series.cast(pl.Float64)
        absent |= values.is_in(numbers.drop_nulls().to_list())
    keep = ~absent.fill_null(value=False)
    frame = pl.DataFrame({"cell": series, "keep": keep})
    return frame.select(pl.when("keep").then("cell")).to_series().alias(series.name)


def kept_missing(reading: Reading, missing: tuple[str, ...]) -> Reading:
    """Let the rule of a column remember what the user calls missing.

    Example:
        >>> kept_missing(Reading("x", "category", ""), ("white",)).rule
        WordRule(missing=('white',))
    """
    if not missing:
        return reading
    rule = reading.rule
    if rule is not None:
        own = tuple(dict.fromkeys((*rule.missing, *missing)))
        return replace(reading, rule=replace(rule, missing=own))
    make = _RULES.get(reading.kind)
    return replace(reading, rule=make(missing)) if make else reading


def dropped(reading: Reading) -> Reading:
    """Leave a column out because the user said so.

    Example:
        >>> dropped(Reading("x", "number", "all 2 cells are numbers")).why
        'left out because you said so; all 2 cells are numbers'
    """
    why = f"left out {SAID}; {reading.why}"
    return replace(reading, why=why, warnings=(), is_dropped=True)


def read_as(
    name: str, series: pl.Series, override: Override, dates: DateOrder | None
) -> Reading | None:
    """Read a column as the user says.

    Args:
        name: The column.
        series: Its cells, text or typed; not all of them are missing.
        override: What the user says.
        dates: The order of dates where nothing else settles it.

    Returns:
        The reading, or None where the user leaves the kind to the cells.

    Raises:
        ColumnError: When no cell can be read in that way.

    Example:
        >>> cells = pl.Series(["3", "soon"])
        >>> read_as("x", cells, Override("number"), None).lost
        ('soon',)
    """
    kind = _kind(override)
    if kind is None:
        return None
    if kind in ("constant", "id", "empty"):
        why = f"it is left out {SAID}"
        return used(name, kind, why, series, plain_category(series))
    if kind in ("category", "text"):
        words = plain_category(series)
        values = count(words.drop_nulls().n_unique(), "different value")
        n = count(len(words) - words.null_count(), "cell")
        return used(name, kind, f"{values} in {n}, as you say", series, words)
    column = Texts(name, as_text(series))
    if kind == "date":
        return _read_dates(column, series, override, dates)
    rule, read = _READERS[kind](column, series, override)
    return _described(column, series, kind, rule, read)


def _kind(override: Override) -> Kind | None:
    """The kind that the user means, where it is not named."""
    if override.kind is not None:
        return override.kind
    if override.yes is not None:
        return "yes/no"
    if override.levels:
        return "ordered"
    if override.order is not None:
        return "date"
    is_marked = override.decimal is not None or override.thousands is not None
    return "number" if is_marked else None


def _described(
    column: Texts, series: pl.Series, kind: Kind, rule: Rule, read: Numbers
) -> Reading:
    """Describe what the user's way reads, and what it loses."""
    there = read.values.is_not_null() | read.unreadable
    n = int(there.sum())
    unread = _unread(column, read.unreadable)
    if not read.values.is_not_null().any() and len(unread):
        _refuse(column, kind, unread)
    dress = f" with {rule.dress}" if isinstance(rule, NumberRule) and rule.dress else ""
    n_read = len(read.values) - read.values.null_count()
    are = {
        "number": f"numbers{dress}",
        "yes/no": f"{rule.no!r} or {rule.yes!r}" if isinstance(rule, YesNoRule) else "",
        "ordered": _in_order(rule),
        "duration": "durations, in seconds",
    }[kind]
    why = f"{cells_of(n_read, len(read.values))} are {are}, as you say"
    reading = replace(used(column.name, kind, why, series, read.values), rule=rule)
    said = [*lacking(rule.missing), *lost_sentence(unread, n, _ONE[kind])]
    return with_lost(reading, unread, said)


def _in_order(rule: Rule) -> str:
    levels = rule.levels if isinstance(rule, OrderedRule) else ()
    return f"levels, {' < '.join(levels[:9])}{' ...' if len(levels) > 9 else ''}"


def _unread(column: Texts, unreadable: pl.Series) -> pl.DataFrame:
    texts = stripped(column.cells).filter(unreadable)
    return pl.DataFrame({"text": texts}).group_by("text").len("n").sort("text")


def _refuse(column: Texts, kind: Kind, unread: pl.DataFrame) -> None:
    n = int(unread["n"].sum())
    raise ColumnError(
        f"Column {column.name!r} cannot be read as {kind!r}, as you asked: it holds "
        f"{count(n, 'cell')}, such as {listed(unread['text'], most=3)}, and none of "
        f"them is a {_ONE[kind]}. Name another kind, or leave it to the cells."
    )


def _read_numbers(
    column: Texts, series: pl.Series, override: Override
) -> tuple[Rule, Numbers]:
    if series.dtype.is_numeric() or series.dtype == pl.Boolean:
        values = series.cast(pl.Float64).fill_nan(None)
        return NumberRule(), Numbers(values, pl.repeat(False, len(values), eager=True))
    counts = column.counts
    found = infer_number_rule(counts).rule
    rules = [found]
    if override.decimal or override.thousands is not None:
        rules = [
            replace(found, decimal=decimal, thousands=thousands, in_pairs=False)
            for decimal in ([override.decimal] if override.decimal else DECIMALS)
            for thousands in _marks(override)
            if thousands != decimal
        ]
    n_read = [
        int(counts["n"].filter(rule.values(counts["text"]).is_not_null()).sum())
        for rule in rules
    ]
    rule = rules[int(np.argmax(n_read))]
    unread = counts.filter(rule.values(counts["text"]).is_null())
    rule = replace(rule, missing=words_of_absence(counts, unread))
    return rule, rule.read(column.cells)


def _marks(override: Override) -> list[str]:
    return list(MARKS) if override.thousands is None else [override.thousands]


def _read_durations(
    column: Texts, series: pl.Series, override: Override
) -> tuple[Rule, Numbers]:
    if series.dtype == pl.Duration or series.dtype.is_numeric():
        if series.dtype == pl.Duration:
            series = series.dt.total_microseconds().cast(pl.Float64) / 1e6
        values = series.cast(pl.Float64).fill_nan(None)
        is_lost = pl.repeat(False, len(values), eager=True)
        return DurationRule("seconds"), Numbers(values, is_lost)
    found = infer_duration_rule(column.counts, tolerance=1.0)
    rule = found.rule if found else DurationRule()
    read = rule.read(column.cells)
    if read.values.null_count() == len(read.values):
        rule = DurationRule("seconds")
        read = rule.read(column.cells)
    return rule, read


def _read_yes_no(
    column: Texts, series: pl.Series, override: Override
) -> tuple[Rule, Numbers]:
    lower = pl.col("text").str.to_lowercase()
    counts = column.counts.group_by(lower).agg(pl.col("n").sum())
    words = list(counts.sort("n", "text", descending=[True, False])["text"])
    rule = known_pair(set(words)) or YesNoRule()
    if override.yes is not None:
        yes = override.yes.strip().lower()
        others = [word for word in words if word != yes]
        if len(others) == len(words) or not others:
            raise ColumnError(
                f"Column {column.name!r} has no word {override.yes!r} beside others to "
                f"be yes. It has {listed(words)}." + did_you_mean(yes, words)
            )
        rule = YesNoRule(others[0], yes)
    elif known_pair(set(words)) is None and len(words) == 2:
        rule = YesNoRule(*sorted(words))
    return rule, rule.read(column.cells)


def _read_levels(
    column: Texts, series: pl.Series, override: Override
) -> tuple[Rule, Numbers]:
    levels = tuple(level.strip().lower() for level in override.levels)
    if levels:
        rule = OrderedRule(levels)
        return rule, rule.read(column.cells)
    words = list(column.words.drop_nulls().unique())
    order = known_order(words)
    if order is None and series.dtype == pl.Enum:
        there = set(words)
        names = [w for w in series.dtype.categories if w in there]  # type: ignore[attr-defined]
        order = OrderedRule(tuple(dict.fromkeys(name.lower() for name in names)))
    if order is None:
        raise ColumnError(
            f"Column {column.name!r} cannot be read as 'ordered': the order of "
            f"{listed(sorted(words))} is not known. Give its levels, from the lowest "
            "to the highest."
        )
    return order, order.read(column.cells)


_READERS: dict[Kind, Callable[[Texts, pl.Series, Override], tuple[Rule, Numbers]]] = {
    "number": _read_numbers,
    "duration": _read_durations,
    "yes/no": _read_yes_no,
    "ordered": _read_levels,
}


def _read_dates(
    column: Texts, series: pl.Series, override: Override, dates: DateOrder | None
) -> Reading:
    if series.dtype in (pl.Date, pl.Datetime):
        moments = series.cast(pl.Datetime("us"))
        has_time = bool((moments != moments.dt.truncate("1d")).any())
        return date_reading(
            column.name, series, moments, DateRule("year-first", has_time)
        )
    found = infer_date_rule(column.counts, override.order or dates, tolerance=1.0)
    if found is None or len(found.unread) == len(column.counts):
        _refuse(column, "date", column.counts)
        raise AssertionError  # pragma: no cover - refused above
    order = found.rule.order
    if order == "undecided" and override.order is None:
        return undecided_reading(column, found)
    if override.order is not None and order in DATE_ORDERS:
        order = override.order
    absent = words_of_absence(column.counts, found.unread)
    rule = replace(found.rule, order=order, missing=absent)
    read = rule.read(column.cells)
    reading = date_reading(column.name, series, read.moments, rule)
    if not reading.is_used:
        return reading
    unread = _unread(column, read.unreadable)
    n = len(series) - read.moments.null_count() + int(unread["n"].sum())
    why = f"{cells_of(n - int(unread['n'].sum()), len(series))} are dates"
    reading = replace(reading, why=f"{why}, {ORDER_WORDS[order]}, as you say")
    said = [*found.said, *lacking(absent), *lost_sentence(unread, n, "date")]
    return with_lost(reading, unread, said)
