"""Which texts are dates, in which order, and which numbers a date becomes.

2024-03-01 says its own order. 01/03/2024 does not: the column decides, when
one of its cells cannot be read the other way. Nothing else decides.

    cells                      order
    2024-03-01                 year-first
    August 4, 2018             named
    13/01/2024, 02/01/2024     day-first    (there is no month 13)
    01/13/2024                 month-first
    01/02/2024                 undecided, until the user says which
"""

from dataclasses import dataclass
from datetime import time
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.errors import ParameterError, listed
from layerwise.table.missing import AMONG_VALUES, stripped, without

__all__ = [
    "DATE_ORDERS",
    "ORDERS",
    "DateOrder",
    "DateRule",
    "Dates",
    "date_numbers",
    "infer_date_rule",
]

DateOrder = Literal["day-first", "month-first"]
DATE_ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)
ORDERS = ("year-first", "named", "day-first", "month-first", "undecided")
PARTS = (
    "days since 1970-01-01",
    "month sin",
    "month cos",
    "weekday sin",
    "weekday cos",
)
TIME_PARTS = ("time sin", "time cos")

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_NAMED = {name: str(i) for i, name in enumerate(_MONTHS.split("|"), start=1)}
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_MONTH = rf"(?P<name>(?:{_MONTHS})[a-z]{{0,6}})\.?"
_DAY = r"(?P<b>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_ANY_YEAR = r"(?P<year>\d{4}|\d{2})"
_FORMS = {
    "iso": rf"^{_YEAR}[-/.](?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})",
    "slashed": rf"^(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.]{_YEAR}",
    # No points here: 1.2.10 is a version.
    "short": r"^(?P<a>\d{1,2})[-/](?P<b>\d{1,2})[-/](?P<year>\d{2})",
    "day name": rf"^{_WEEKDAY}{_DAY}[-/.\s]\s*{_MONTH}[-/,\s]\s*{_ANY_YEAR}",
    "name day": rf"^{_WEEKDAY}{_MONTH}[-/\s]\s*{_DAY}[-/,\s]\s*{_YEAR}",
}
# How a text begins that could be a date; shorter to search for.
_LIKELY = rf"(?i)^{_WEEKDAY}(?:\d{{1,4}}(?:st|nd|rd|th)?[-/.\s]|{_MONTHS})"
_TIME = (
    r"(?:(?:,?\s+|T)(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2}(?:\.\d{1,9})?))?\s*(?P<half>[ap]m)?"
    r"\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?$"
)


@dataclass(frozen=True)
class Dates:
    """A column read as dates.

    Attributes:
        moments: Datetime in microseconds, null where missing or unreadable.
        unreadable: True where a cell is there but is no date.
    """

    moments: pl.Series
    unreadable: pl.Series


@dataclass(frozen=True)
class DateRule:
    """How one column writes its dates.

    Attributes:
        order: `year-first`, `named` (the month is a word), `day-first`,
            `month-first` or `undecided`.
        has_time: Whether any cell holds a time of day other than midnight.

    Example:
        >>> rule = DateRule("day-first")
        >>> rule.read(pl.Series(["01/02/2024", "never"])).moments.to_list()
        [datetime.datetime(2024, 2, 1, 0, 0), None]
    """

    order: str
    has_time: bool = False

    def __post_init__(self) -> None:
        """Refuse an order that there is not; a rule may come from a file."""
        if self.order not in ORDERS:
            raise ParameterError(
                f"Dates are written in one of the orders {listed(ORDERS)}. Got "
                f"{self.order[:20]!r}."
            )

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the numbers that a date becomes."""
        return PARTS + TIME_PARTS if self.has_time else PARTS

    def read(self, texts: pl.Series) -> Dates:
        """Read a text column by this rule.

        Args:
            texts: The cells as text.

        Returns:
            The moments, in UTC where a cell states its zone, and which cells
            could not be read.
        """
        cells = without(stripped(texts), AMONG_VALUES)
        forms = _forms(cells.drop_nulls().unique())
        ways = [way for way in ("certain", self.order) if way in forms.columns]
        found = forms.select("text", moment=pl.coalesce(ways))
        moments = (
            pl.DataFrame({"text": cells})
            .join(found, on="text", how="left", maintain_order="left")
            .get_column("moment")
        )
        return Dates(moments, moments.is_null() & cells.is_not_null())


def _forms(texts: pl.Series) -> pl.DataFrame:
    """Read every distinct text in each way it can be read.

    Returns:
        `text`; `certain`, the moment where the form leaves no choice;
        `day-first` and `month-first`, the moment in that order, for texts such
        as 01/02/2024; `named`, whether the month is a word.
    """
    nothing = pl.lit(None, pl.Datetime("us"))
    frame = pl.DataFrame({"text": texts}).with_columns(
        nothing.alias("certain"),
        nothing.alias("day-first"),
        nothing.alias("month-first"),
        is_named=False,
    )
    a, b = pl.col("a"), pl.col("b")
    for form, pattern in _FORMS.items():
        groups = texts.str.extract_groups(f"(?i){pattern}{_TIME}")
        parts = groups.struct.unnest()
        if parts["year"].null_count() == len(parts):
            continue
        if form in ("slashed", "short"):
            ways = {"day-first": _moment(b, a), "month-first": _moment(a, b)}
        elif form == "iso":
            ways = {"certain": _moment(a, b)}
        else:
            ways = {"certain": _moment(_month_number(pl.col("name")), b)}
        found = parts.select(**ways)
        frame = frame.with_columns(
            *(pl.coalesce(pl.col(way), found[way]) for way in ways),
            is_named=pl.col("is_named") | (form in ("day name", "name day")),
        )
    return frame


def _month_number(name: pl.Expr) -> pl.Expr:
    return (
        name.str.slice(0, 3)
        .str.to_lowercase()
        .replace_strict(_NAMED, default=None, return_dtype=pl.String)
    )


def _moment(month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Build a moment from the parts of a cell; null where there is none such."""
    year = pl.col("year").str.zfill(2).cast(pl.Int32, strict=False)
    # As most programs do: a year of 69 to 99 lies in the last century.
    century = pl.when(pl.col("year").str.len_bytes() == 4).then(0)
    added = century.when(year < 69).then(2000).otherwise(1900)
    date = pl.concat_str(
        (year + added).cast(pl.String).str.zfill(4),
        month.str.zfill(2),
        day.str.zfill(2),
        separator="-",
    ).str.to_date("%Y-%m-%d", strict=False)
    return date.cast(pl.Datetime("us")) + pl.duration(microseconds=_microseconds())


def _microseconds() -> pl.Expr:
    """The time of day in UTC; zero without a time, null for an impossible one."""
    hour = pl.col("hour").cast(pl.Int64, strict=False)
    minute = pl.col("minute").cast(pl.Int64, strict=False)
    second = pl.col("second").fill_null("0").cast(pl.Float64, strict=False)
    half = pl.col("half").str.to_lowercase()
    possible = (minute < 60) & (second < 60)
    possible &= (
        pl.when(half.is_null()).then(hour < 24).otherwise(hour.is_between(1, 12))
    )
    hour = (
        pl.when(half.is_null())
        .then(hour)
        .otherwise(hour % 12 + pl.when(half == "pm").then(12).otherwise(0))
    )
    zone = pl.col("zone").str.replace(":", "", literal=True)
    offset = zone.str.slice(1, 2).cast(pl.Int64, strict=False) * 60
    offset += zone.str.slice(3, 2).cast(pl.Int64, strict=False)
    offset = pl.when(zone.str.starts_with("-")).then(-offset).otherwise(offset)
    seconds = (hour * 60 + minute - offset.fill_null(0)) * 60 + second
    known = pl.when(possible).then((seconds * 1e6).round().cast(pl.Int64))
    return pl.when(pl.col("hour").is_null()).then(0).otherwise(known)


def infer_date_rule(
    counts: pl.DataFrame, dates: DateOrder | None = None, tolerance: float = 0.01
) -> DateRule | None:
    """Find how a column writes its dates.

    Args:
        counts: The distinct texts of the column, stripped and without missing
            words: `text`, and how often each occurs, `n`.
        dates: The order to take where the column does not decide.
        tolerance: Share of cells that may be no dates.

    Returns:
        The rule, possibly with the order `undecided`, or None when the column
        does not hold dates.

    Example:
        >>> counts = pl.DataFrame({"text": ["13/01/2024", "02/01/2024"], "n": [1, 1]})
        >>> infer_date_rule(counts).order
        'day-first'
    """
    allowed = int(tolerance * int(counts["n"].sum()))
    # One quick look spares most columns of words the long one.
    hopeless = ~counts["text"].str.contains(_LIKELY)
    if int(counts["n"].filter(hopeless).sum()) > allowed:
        return None
    forms = _forms(counts["text"]).with_columns(counts["n"])
    failures = {
        order: int(forms.filter(pl.coalesce("certain", order).is_null())["n"].sum())
        for order in ("day-first", "month-first")
    }
    if min(failures.values()) > allowed:
        return None
    moments = forms.select(pl.coalesce("certain", "day-first", "month-first"))
    times = moments.to_series().dt.time()
    has_time = bool((times != time(0)).any())
    if forms.select(pl.coalesce("day-first", "month-first").is_null().all()).item():
        order = "named" if forms["is_named"].any() else "year-first"
    else:
        order = _decided(failures, allowed) or dates or "undecided"
    return DateRule(order, has_time)


def _decided(failures: dict[str, int], allowed: int) -> str | None:
    """The order in which the cells are dates, where the other one fails."""
    fitting = [order for order, n in failures.items() if n <= allowed]
    return fitting[0] if len(fitting) == 1 else None


def date_numbers(moments: pl.Series, rule: DateRule) -> NDArray[np.float64]:
    """Turn moments into the numbers that a network sees.

    days = days since 1970-01-01;  month sin = sin(2 π (month - 1) / 12), and
    so on: a circle puts December beside January and Sunday beside Monday.

    Args:
        moments: Datetime in microseconds, null where missing.
        rule: Says whether the time of day belongs to the numbers.

    Returns:
        One row a moment, one column for each of `rule.parts`; nan where
        missing.

    Example:
        >>> noon = pl.Series(["1970-01-02 12:00"]).str.to_datetime()
        >>> date_numbers(noon, DateRule("year-first", has_time=True)).shape
        (1, 7)
    """
    day_length = 24 * 60 * 60 * 1e6
    days = moments.dt.epoch("us").cast(pl.Float64) / day_length
    circles = [(moments.dt.month() - 1) / 12, (moments.dt.weekday() - 1) / 7]
    if rule.has_time:
        circles.append(days - days.floor())
    turns = [2 * np.pi * circle.cast(pl.Float64).to_numpy() for circle in circles]
    parts = [days.to_numpy(), *(f(turn) for turn in turns for f in (np.sin, np.cos))]
    return np.stack(parts, axis=1)
