"""Which texts are durations, and how many seconds each lasts.

A duration is written with colons, with words, or as ISO 8601 has it. A time of
day is the duration since midnight.

    cell                seconds
    1:30:00             5,400
    12:34               45,240, or 754 where the column says minutes and seconds
    1:01.112            61.112
    2:30 PM             52,200
    2h 30m              9,000
    1 day, 2:03:04      93,784
    PT1H30M             5,400
    10+ years           315,576,000   (a year has 365.25 days, a month a twelfth)
"""

from dataclasses import dataclass, replace
from typing import Literal, get_args

import polars as pl

from layerwise.errors import ParameterError
from layerwise.table.missing import AMONG_VALUES, check_missing, present
from layerwise.table.numbers import Numbers

__all__ = ["DurationRule", "FoundDurations", "infer_duration_rule", "may_be_durations"]

Clock = Literal["hours", "minutes", "seconds"]
DAY = 86_400.0
YEAR = 365.25 * DAY
_WORDS: dict[str, tuple[float, str]] = {
    "year": (YEAR, r"years?|yrs?|y|jahre?n?|ans?|années?|años?|anos?|anni|anno|jaar"),
    "month": (YEAR / 12, r"months?|mos?|mths?|monate?n?|mois|mes(?:es)?|mês|mesi|mese"),
    "week": (7 * DAY, r"weeks?|wks?|w|wochen?|semaines?|semanas?|settiman[ae]"),
    "day": (DAY, r"days?|d|tage?n?|tg|jours?|días?|dias?|giorn[io]|dagen|dag"),
    "hour": (3600.0, r"hours?|hrs?|h|stunden?|std|heures?|horas?|or[ae]|uur"),
    "minute": (60.0, r"minutes?|mins?|m|minuten|minutos?|minut[io]"),
    "second": (1.0, r"seconds?|secs?|s|sekunden?|sek|secondes?|segundos?"),
    "milli": (1e-3, r"ms|msecs?|milliseconds?|millis"),
    "micro": (1e-6, r"µs|μs|us|microseconds?"),
    "nano": (1e-9, r"ns|nanoseconds?"),
}
_BOUND = r"(?P<bound>[<>~≈≤≥]=?|under|over|about|ca\.?|less than|more than)?\s*"
_WORDED = (
    rf"(?i)^{_BOUND}(?P<sign>-)?\s*"
    + "".join(
        rf"(?:(?P<{name}>[0-9]+(?:[.,][0-9]+)?)\s*(?P<plus_{name}>\+)?\s*"
        rf"(?P<unit_{name}>{words})\.?(?:\s*(?:,|and|und|et|y)?\s*))?"
        for name, (_, words) in _WORDS.items()
    )
    + "$"
)
_CLOCK = (
    r"(?i)^(?P<sign>-)?(?:(?P<days>[0-9]+)(?:\s*(?:days?|d|tage?|jours?),?\s+|\.))?"
    r"(?P<a>[0-9]{1,4})(?::(?P<b>[0-9]{2})(?::(?P<c>[0-9]{2}(?:[.,][0-9]{1,9})?))?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?|\s*h|\s*uhr)?$"
)
# With a fraction, the last number is of seconds: a lap of 1:01.112.
_LAP = r"^(?P<sign>-)?(?P<a>[0-9]{1,4}):(?P<b>[0-9]{2}[.,][0-9]{1,9})$"
_ISO = (
    r"^(?P<sign>-)?P(?:(?P<y>[0-9]+)Y)?(?:(?P<mo>[0-9]+)M)?(?:(?P<w>[0-9]+)W)?"
    r"(?:(?P<d>[0-9]+(?:\.[0-9]+)?)D)?(?:T(?:(?P<h>[0-9]+(?:\.[0-9]+)?)H)?"
    r"(?:(?P<mi>[0-9]+(?:\.[0-9]+)?)M)?(?:(?P<s>[0-9]+(?:\.[0-9]+)?)S)?)?$"
)
_ISO_PARTS = {"y": YEAR, "mo": YEAR / 12, "w": 7 * DAY, "d": DAY}
_ISO_PARTS |= {"h": 3600.0, "mi": 60.0, "s": 1.0}
# How a text begins and goes on that could be a duration; shorter to search for.
_LIKELY = (
    r"(?i)^\s*(?:[<>~≈≤≥a-z.=-]{0,5}\s*(?:than\s*)?\d[\d.,]*\s*\+?\s*[:a-zµμ]|-?P)"
)


@dataclass(frozen=True)
class DurationRule:
    """How one column writes its durations.

    Attributes:
        clock: What stands first in 12:34, hours or minutes; or seconds, where
            the user says that bare numbers are durations.
        missing: Texts of this column that mean "no value", besides the usual.

    Example:
        >>> DurationRule().read(pl.Series(["1:30:00", "90 min"])).values.to_list()
        [5400.0, 5400.0]
    """

    clock: Clock = "hours"
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a clock that there is not; a rule may come from a file."""
        if self.clock not in get_args(Clock):
            raise ParameterError(
                "A duration begins with 'hours', 'minutes' or 'seconds'. Got "
                f"{self.clock[:20]!r}."
            )
        check_missing(self.missing)

    def read(self, texts: pl.Series) -> Numbers:
        """Read a text column by this rule.

        Args:
            texts: The cells as text.

        Returns:
            The durations in seconds, and which cells could not be read.
        """
        cells = present(texts, AMONG_VALUES, self.missing)
        distinct = cells.drop_nulls().unique()
        seconds = self.seconds(distinct)
        values = cells.replace_strict(
            distinct, seconds, default=None, return_dtype=pl.Float64
        )
        return Numbers(values, values.is_null() & cells.is_not_null())

    def seconds(self, texts: pl.Series) -> pl.Series:
        """Read texts that are stripped and hold no missing word.

        Args:
            texts: The texts.

        Returns:
            Float64, null where a text is no duration.
        """
        ways = [_clock(texts, self.clock), _lap(texts), _worded(texts), _iso(texts)]
        if self.clock == "seconds":
            ways.append(texts.cast(pl.Float64, strict=False).fill_nan(None))
        return pl.select(pl.coalesce(ways)).to_series()


def _clock(texts: pl.Series, clock: Clock) -> pl.Series:
    parts = texts.str.extract_groups(_CLOCK).struct.unnest()
    whole = pl.col("days", "a", "b").cast(pl.Float64, strict=False)
    parts = parts.with_columns(whole, pl.col("half").str.to_lowercase())
    # 2 PM has no minutes; a bare number is no time.
    a, b = pl.col("a"), pl.col("b")
    b = pl.when(b.is_null() & pl.col("half").is_not_null()).then(0.0).otherwise(b)
    c = pl.col("c").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    half = pl.when(pl.col("half") == "p").then(12).otherwise(0)
    hours = pl.when(pl.col("half").is_null()).then(a).otherwise(a % 12 + half)
    whole_day = pl.col("half").is_null() | a.is_between(1, 12)
    two = hours * 3600 + b * 60
    if clock == "minutes":
        two = pl.when(pl.col("half").is_null()).then(a * 60 + b).otherwise(two)
    size = pl.when(c.is_null()).then(two).otherwise(hours * 3600 + b * 60 + c)
    size += pl.col("days").fill_null(0) * DAY
    possible = (b < 60) & (c.is_null() | (c < 60)) & whole_day
    return parts.select(pl.when(possible).then(_signed(size))).to_series()


def _lap(texts: pl.Series) -> pl.Series:
    parts = texts.str.extract_groups(_LAP).struct.unnest()
    minutes = pl.col("a").cast(pl.Float64, strict=False)
    seconds = pl.col("b").str.replace(",", ".", literal=True)
    seconds = seconds.cast(pl.Float64, strict=False)
    size = pl.when(seconds < 60).then(minutes * 60 + seconds)
    return parts.select(_signed(size)).to_series()


def _worded(texts: pl.Series) -> pl.Series:
    parts = texts.str.extract_groups(_WORDED).struct.unnest()
    sizes = [
        pl.col(name).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        * factor
        for name, (factor, _) in _WORDS.items()
    ]
    known = pl.any_horizontal(pl.col(*_WORDS).is_not_null())
    size = pl.sum_horizontal(size.fill_null(0) for size in sizes)
    return parts.select(pl.when(known).then(_signed(size))).to_series()


def _iso(texts: pl.Series) -> pl.Series:
    parts = texts.str.extract_groups(_ISO).struct.unnest()
    sizes = [
        pl.col(name).cast(pl.Float64, strict=False) * factor
        for name, factor in _ISO_PARTS.items()
    ]
    known = pl.any_horizontal(pl.col(*_ISO_PARTS).is_not_null())
    size = pl.sum_horizontal(size.fill_null(0) for size in sizes)
    return parts.select(pl.when(known).then(_signed(size))).to_series()


def _signed(size: pl.Expr) -> pl.Expr:
    return pl.when(pl.col("sign").is_null()).then(size).otherwise(-size)


@dataclass(frozen=True)
class FoundDurations:
    """What a column of durations turned out to be.

    Attributes:
        rule: How it writes them.
        unread: The distinct texts that are no durations, `text` and `n`.
        how: What the durations are, in words.
        is_open: Whether 12:34 could as well be the other pair of units.
        bounded: Up to three cells such as `< 1 year`, read as the number.
        unit: The one word that every cell has behind a number, if it is one.
    """

    rule: DurationRule
    unread: pl.DataFrame
    how: str
    is_open: bool = False
    bounded: tuple[str, ...] = ()
    unit: str = ""


def may_be_durations(texts: pl.Series) -> pl.Series:
    """Tell which texts could be durations, quickly.

    Example:
        >>> may_be_durations(pl.Series(["90 min", "red"])).to_list()
        [True, False]
    """
    return texts.str.contains(_LIKELY)


def infer_duration_rule(
    counts: pl.DataFrame, tolerance: float = 0.01
) -> FoundDurations | None:
    """Find how a column writes its durations.

    Args:
        counts: The distinct texts of the column, stripped and without missing
            words: `text`, and how often each occurs, `n`.
        tolerance: Share of cells that may be no durations.

    Returns:
        What was found, or None when the column does not hold durations.

    Example:
        >>> counts = pl.DataFrame({"text": ["90 min", "2h 30m"], "n": [1, 1]})
        >>> infer_duration_rule(counts).how
        'durations'
    """
    rule = DurationRule()
    seconds = rule.seconds(counts["text"])
    unread = counts.filter(seconds.is_null())
    n = int(counts["n"].sum())
    if not n or int(unread["n"].sum()) > tolerance * n:
        return None
    texts = counts["text"].filter(seconds.is_not_null())
    # 5 m may be meters, 3 D a film: only beside others they are a time.
    if texts.str.contains(r"^[^\d]*[\d.,]+\s*\+?\s*(?:m|[A-Z])$").all():
        return None
    clocks = texts.str.extract_groups(_CLOCK).struct.unnest()
    found = FoundDurations(
        rule, unread, _how(clocks), bounded=_bounded(texts), unit=_unit(texts)
    )
    is_pair = pl.col("a", "b").is_not_null() & pl.col("c", "half").is_null()
    pairs = clocks.filter(pl.all_horizontal(is_pair))
    if not len(pairs):
        return found
    # 45:10 beside 1:02:33, or beyond a day, is minutes and seconds.
    first = pairs["a"].cast(pl.Float64, strict=False)
    if clocks["c"].is_not_null().any() or (first >= 24).any():
        rule = replace(rule, clock="minutes")
        shown = texts.filter(texts.str.contains(r"^-?\d+:\d\d$")).sort()[0]
        how = f"durations, with minutes and seconds in cells such as {shown!r}"
        return replace(found, rule=rule, how=how, is_open=True)
    return replace(found, is_open=True)


def _bounded(texts: pl.Series) -> tuple[str, ...]:
    """The texts that give a bound, such as `< 1 year` and `10+ years`."""
    has_bound = texts.str.contains(r"(?i)^(?:[<>~≈≤≥]|[a-z]{2,}\.?\s)|\d\s*\+")
    return tuple(texts.filter(has_bound).head(3))


def _unit(texts: pl.Series) -> str:
    units = texts.str.extract(r"^[^\d]*[\d.,]+\s*\+?\s*(\p{L}+)\.?$")
    if units.null_count() or units.str.strip_chars_end("s").n_unique() > 1:
        return ""
    return str(units.max())


def _how(clocks: pl.DataFrame) -> str:
    """Tell times of day from durations: all below 24 hours, in two digits or am/pm."""
    first = clocks["a"].cast(pl.Float64, strict=False)
    is_half = clocks["half"].is_not_null()
    daily = (first < 24) & clocks["b"].is_not_null()
    daily &= clocks["days"].is_null() & clocks["sign"].is_null()
    two_digits = clocks["a"].str.len_bytes() == 2
    if bool((is_half | (daily & two_digits)).fill_null(value=False).all()):
        return "times of day, in seconds since midnight"
    return "durations"
