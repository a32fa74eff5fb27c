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
from layerwise.table.date_forms import hopeless, read_forms
from layerwise.table.missing import AMONG_VALUES, check_missing, present

__all__ = [
    "DATE_ORDERS",
    "ORDERS",
    "DateOrder",
    "DateRule",
    "Dates",
    "FoundDates",
    "date_numbers",
    "infer_date_rule",
]

DateOrder = Literal["day-first", "month-first"]
DATE_ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)
ORDERS = ("year-first", "named", "day-first", "month-first", "undecided")
PARTS = (
    "days since 1970-01-01",
    "year",
    "month sin",
    "month cos",
    "day sin",
    "day cos",
    "weekday sin",
    "weekday cos",
)
# So few cells that leave their order open are better lost than the column.
FEW = 0.01
TIME_PARTS = ("time sin", "time cos")


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
        missing: Texts of this column that mean "no value", besides the usual.

    Example:
        >>> rule = DateRule("day-first")
        >>> rule.read(pl.Series(["01/02/2024", "never"])).moments.to_list()
        [datetime.datetime(2024, 2, 1, 0, 0), None]
    """

    order: str
    has_time: bool = False
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an order that there is not; a rule may come from a file."""
        if self.order not in ORDERS:
            raise ParameterError(
                f"Dates are written in one of the orders {listed(ORDERS)}. Got "
                f"{self.order[:20]!r}."
            )
        check_missing(self.missing)

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
        cells = present(texts, AMONG_VALUES, self.missing)
        forms = read_forms(cells.drop_nulls().unique())
        ways = [way for way in ("certain", self.order) if way in forms.columns]
        found = forms.select("text", moment=pl.coalesce(ways))
        moments = (
            pl.DataFrame({"text": cells})
            .join(found, on="text", how="left", maintain_order="left")
            .get_column("moment")
        )
        return Dates(moments, moments.is_null() & cells.is_not_null())


@dataclass(frozen=True)
class FoundDates:
    """What a column of dates turned out to be.

    Attributes:
        rule: How it writes them; the best order there is, or `undecided`.
        unread: The distinct texts that the rule cannot read, `text` and `n`.
        others: The other orders, each with the distinct texts it cannot read
            although this one can.
        is_enough: Whether all but a few cells are dates.
        said: What the user should know of it, in words.
        moments: What each distinct text was read as, in their order.
    """

    rule: DateRule
    unread: pl.DataFrame
    moments: pl.Series
    others: tuple[tuple[str, pl.DataFrame], ...] = ()
    is_enough: bool = True
    said: tuple[str, ...] = ()


def infer_date_rule(
    counts: pl.DataFrame, dates: DateOrder | None = None, tolerance: float = 0.01
) -> FoundDates | None:
    """Find how a column writes its dates.

    Args:
        counts: The distinct texts of the column, stripped and without missing
            words: `text`, and how often each occurs, `n`.
        dates: The order to take where the column does not decide.
        tolerance: Share of cells that may be no dates.

    Returns:
        What was found, possibly with the order `undecided`, or None when fewer
        than half of the cells are dates.

    Example:
        >>> counts = pl.DataFrame({"text": ["13/01/2024", "02/01/2024"], "n": [1, 1]})
        >>> infer_date_rule(counts).rule.order
        'day-first'
    """
    n = int(counts["n"].sum())
    # One quick look spares most columns of words the long one.
    most = max(tolerance, 0.5) * n
    if int(counts["n"].filter(hopeless(counts["text"])).sum()) > most:
        return None
    forms = read_forms(counts["text"]).with_columns(counts["n"])
    unread: dict[str, pl.DataFrame] = {
        order: forms.filter(pl.coalesce("certain", order).is_null())["text", "n"]
        for order in DATE_ORDERS
    }
    uncertain = forms.filter(pl.col("certain").is_null())["text", "n"]
    lost = {order: int(rest["n"].sum()) for order, rest in unread.items()}
    allowed = tolerance * n
    if min(lost.values()) > most:
        return None
    moments = forms.select(pl.coalesce("certain", "day-first", "month-first"))
    has_time = bool((moments.to_series().dt.time() != time(0)).any())
    is_open = forms.select(pl.coalesce(DATE_ORDERS).is_not_null().any()).item()
    n_uncertain = int(uncertain["n"].sum())
    if not is_open or n_uncertain <= min(tolerance, FEW) * n:
        order = "named" if forms["is_named"].any() else "year-first"
        enough = n_uncertain <= allowed
        rule = DateRule(order, has_time)
        said = _year_of_two(forms)
        return FoundDates(rule, uncertain, forms["certain"], (), enough, said)
    order = _decided(forms, lost, allowed) or dates or "undecided"
    others = tuple((other, unread[other]) for other in DATE_ORDERS if other != order)
    least = min(DATE_ORDERS, key=lambda order: lost[order])
    ways = [way for way in ("certain", order) if way in forms.columns]
    return FoundDates(
        DateRule(order, has_time),
        unread.get(order, unread[least]),
        forms.select(pl.coalesce(ways)).to_series(),
        others,
        is_enough=lost[least] <= allowed,
        said=_year_of_two(forms),
    )


def _decided(
    forms: pl.DataFrame, lost: dict[str, int], allowed: float
) -> DateOrder | None:
    """The order in which the cells are dates, where the other one fails."""
    day, month = DATE_ORDERS
    fitting = [order for order in DATE_ORDERS if lost[order] <= allowed]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        return min(DATE_ORDERS, key=lambda order: lost[order])
    # Both fit: a cell that only one of them reads decides, if none speaks against it.
    for order, other in ((day, month), (month, day)):
        only = forms.filter(pl.col(order).is_not_null() & pl.col(other).is_null())
        against = forms.filter(pl.col(other).is_not_null() & pl.col(order).is_null())
        if len(only) and not len(against):
            return order
    return None


def _year_of_two(forms: pl.DataFrame) -> tuple[str, ...]:
    """Say where two digits are taken for a year and could be something else."""
    short = forms.filter(pl.col("form") == "name short")["text"].sort()
    if len(short):
        return (f"cells such as {short[0]!r} were read as a month and a year",)
    short = forms.filter(pl.col("form").is_in(["short", "points"]))["text"].sort()
    parts = short.str.extract_groups(r"^(\d+)[-/.](\d+)[-/.](\d+)").struct.unnest()
    turned = pl.concat_str("1", "2", "3", separator="-").str.to_date(
        "%y-%m-%d", strict=False
    )
    # Days take many values and years few: 24-03-15 begins with its year.
    if len(short) < 4 or parts.select(turned.is_null().any()).item():
        return ()
    if parts["1"].n_unique() >= parts["3"].n_unique():
        return ()
    return (f"cells such as {short[0]!r} could also have the year first",)


def date_numbers(moments: pl.Series, rule: DateRule) -> NDArray[np.float64]:
    """Turn moments into the numbers that a network sees.

    days = days since 1970-01-01;  month sin = sin(2 π (month - 1) / 12), and
    so on: a circle puts December beside January and Sunday beside Monday. The
    circle of the day is as long as its month, so that every last day of a month
    stands right before a first.

    Args:
        moments: Datetime in microseconds, null where missing.
        rule: Says whether the time of day belongs to the numbers.

    Returns:
        One row a moment, one column for each of `rule.parts`; nan where
        missing.

    Example:
        >>> noon = pl.Series(["1970-01-02 12:00"]).str.to_datetime()
        >>> date_numbers(noon, DateRule("year-first", has_time=True)).shape
        (1, 10)
    """
    day_length = 24 * 60 * 60 * 1e6
    days = moments.dt.epoch("us").cast(pl.Float64) / day_length
    month_length = moments.dt.month_end().dt.day()
    circles = [
        (moments.dt.month() - 1) / 12,
        (moments.dt.day() - 1) / month_length,
        (moments.dt.weekday() - 1) / 7,
    ]
    if rule.has_time:
        circles.append(days - days.floor())
    turns = [2 * np.pi * circle.cast(pl.Float64).to_numpy() for circle in circles]
    year = moments.dt.year().cast(pl.Float64).to_numpy()
    circular = (f(turn) for turn in turns for f in (np.sin, np.cos))
    return np.stack([days.to_numpy(), year, *circular], axis=1)
