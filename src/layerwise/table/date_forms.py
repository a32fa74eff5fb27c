"""The forms in which dates are written, and the moment that a text stands for.

    form          cell                          leaves open
    iso           2024-03-01, 2024/3/1 10:20    nothing
    compact       20240301, 20240301T143015     nothing
    slashed       01/03/2024, 1.3.2024          whether the day or the month is first
    short         01/03/24, 01.03.24            the same
    day name      1 March 2024, 01-Mar-24       nothing
    name day      March 1, 2024                 nothing
    unix          Fri Mar 1 10:20:30 UTC 2024   nothing
    year month    2024-03                       nothing: the first day is meant
    month year    03/2024, Mar 2024, Mar-24     nothing
    quarter       2024Q1, Q1 2024               nothing

Months have their names in English, German, French, Spanish, Italian, Portuguese
and Dutch, in full or in short.
"""

import polars as pl

__all__ = ["hopeless", "read_forms"]

_MONTH_NAMES = (
    "january february march april may june july august september october november "
    "december",
    "januar februar märz april mai juni juli august september oktober november "
    "dezember",
    "jänner feber maerz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre "
    "décembre",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre "
    "decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre "
    "novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "januari februari maart april mei juni juli augustus september oktober november "
    "december",
)


def _month_numbers() -> dict[str, str]:
    """The number of each month's name and of its beginnings, where only it has them.

    Example:
        >>> _month_numbers()["aug"], _month_numbers()["juil"], "jui" in _month_numbers()
        ('8', '7', False)
    """
    found: dict[str, set[str]] = {}
    for names in _MONTH_NAMES:
        for i, name in enumerate(names.split(), start=1):
            for text in (name, name[:3], name[:4]):
                found.setdefault(text, set()).add(str(i))
    return {text: min(months) for text, months in found.items() if len(months) == 1}


_MONTHS = _month_numbers()
_WEEKDAY = (
    r"(?:(?:mo|tu|we|th|fr|sa|su|di|mi|do|so|lu|ma|me|je|ve|vi|ju|jue|mié|sá|se|te|qu|"
    r"wo|za|zo|gi|le)\p{L}{0,9}\.?,?\s+)?"
)
_MONTH = r"(?P<name>\p{L}{3,10})\.?"
_DAY = r"(?P<b>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?P<year>\d{4})"
_CENTURY = r"(?P<year>(?:19|20)\d{2})"
_ANY_YEAR = r"(?P<year>\d{4}|\d{2})"
_ZONE = r"(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:[.,]\d{1,9})?))?"
    r"\s*(?P<half>[ap]\.?m\.?)?"
)
_TIME = rf"(?:(?:,?\s+|T|,?\s+at\s+|:){_CLOCK}\s*{_ZONE}(?:\s*\([A-Z]{{3,4}}\))?)?$"

_FORMS = {
    "iso": rf"^{_YEAR}[-/.](?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}}){_TIME}",
    "compact": rf"^{_CENTURY}(?P<a>\d{{2}})(?P<b>\d{{2}}){_TIME}",
    "compact time": rf"^{_CENTURY}(?P<a>\d{{2}})(?P<b>\d{{2}})[T\s_-]?(?P<hour>\d{{2}})"
    r"(?P<minute>\d{2})(?P<second>\d{2})?(?P<zone>Z)?$",
    "slashed": rf"^(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.]{_YEAR}{_TIME}",
    # Points only between two digits each: 1.2.10 is a version.
    "short": rf"^(?P<a>\d{{1,2}})[-/](?P<b>\d{{1,2}})[-/](?P<year>\d{{2}}){_TIME}",
    "points": rf"^(?P<a>\d{{2}})\.(?P<b>\d{{2}})\.(?P<year>\d{{2}}){_TIME}",
    "day name": rf"^{_WEEKDAY}{_DAY}[-/.\s]*(?:de\s+)?{_MONTH}[-/.,\s]*(?:del?\s+)?"
    rf"{_ANY_YEAR}{_TIME}",
    "name day": rf"^{_WEEKDAY}{_MONTH}[-/\s]\s*{_DAY}[-/,\s]\s*{_YEAR}{_TIME}",
    "unix": rf"^{_WEEKDAY}{_MONTH}\s+{_DAY}\s+{_CLOCK}\s+(?:{_ZONE}\s+)?{_YEAR}$",
    "year month": rf"^{_YEAR}[-/.](?P<a>\d{{1,2}})$",
    "month year": rf"^(?P<a>\d{{1,2}})[-/.]{_YEAR}$",
    "name year": rf"^{_MONTH}(?:[-/,\s]\s*|\s+de\s+){_YEAR}$",
    "name short": rf"^{_MONTH}[-'’](?P<year>\d{{2}})$",
    "year quarter": rf"^{_YEAR}[-/\s]?Q(?P<quarter>[1-4])$",
    "quarter year": rf"^Q(?P<quarter>[1-4])[-/\s]?\s*{_YEAR}$",
}
_OPEN = ("slashed", "short", "points")
_NAMED = ("day name", "name day", "unix", "name year", "name short")
# How a text begins that could be a date; shorter to search for.
_LIKELY = (
    r"(?i)^(?:\p{L}{2,10}\.?,?\s+)?"
    r"(?:\d{1,4}(?:st|nd|rd|th|er|º)?[-/.\s\p{L}]|\d{8}|\p{L}{3,10}\.?[-/,\s'’]|Q[1-4])"
)
LONGEST_DATE = 50


def hopeless(texts: pl.Series) -> pl.Series:
    """Tell which texts cannot be dates, quickly.

    Example:
        >>> hopeless(pl.Series(["2024-03-01", "red"])).to_list()
        [False, True]
    """
    is_short = texts.str.len_bytes() <= LONGEST_DATE
    return ~(is_short & texts.str.contains(r"\d") & texts.str.contains(_LIKELY))


def read_forms(texts: pl.Series) -> pl.DataFrame:
    """Read every distinct text in each way it can be read.

    Args:
        texts: Distinct texts, stripped.

    Returns:
        `text`; `certain`, the moment where the form leaves no choice;
        `day-first` and `month-first`, the moment in that order, for texts such
        as 01/02/2024; `is_named`, whether the month is a word; `form`.

    Example:
        >>> read_forms(pl.Series(["01/02/2024"]))["day-first"].to_list()
        [datetime.datetime(2024, 2, 1, 0, 0)]
    """
    nothing = pl.lit(None, pl.Datetime("us"))
    frame = pl.DataFrame({"text": texts}).with_columns(
        nothing.alias("certain"),
        nothing.alias("day-first"),
        nothing.alias("month-first"),
        is_named=False,
        form=pl.lit(None, pl.String),
    )
    left = pl.repeat(True, len(texts), eager=True)
    for form, pattern in _FORMS.items():
        # To find a form is quick, to take it apart is not.
        left &= frame["form"].is_null()
        fitting = texts.set(~left, None)
        if not fitting.str.contains(f"(?i){pattern}").any():
            continue
        parts = fitting.str.extract_groups(f"(?i){pattern}").struct.unnest()
        if "hour" in parts.columns and "half" not in parts.columns:
            parts = parts.with_columns(half=pl.lit(None, pl.String))
        found = parts.select(**_ways(form, parts.columns))
        is_found = pl.any_horizontal(found[way].is_not_null() for way in found.columns)
        frame = frame.with_columns(
            *(pl.coalesce(pl.col(way), found[way]) for way in found.columns),
            is_named=pl.col("is_named") | (is_found & (form in _NAMED)),
            form=pl.when(is_found & pl.col("form").is_null())
            .then(pl.lit(form))
            .otherwise("form"),
        )
    return frame


def _ways(form: str, parts: list[str]) -> dict[str, pl.Expr]:
    """The moments that the parts of a form stand for."""
    first = pl.lit("1")
    a = pl.col("a") if "a" in parts else first
    b = pl.col("b") if "b" in parts else first
    has_time = "hour" in parts
    if form in _OPEN:
        return {
            "day-first": _moment(b, a, has_time),
            "month-first": _moment(a, b, has_time),
        }
    if "quarter" in parts:
        a = (pl.col("quarter").cast(pl.Int64, strict=False) * 3 - 2).cast(pl.String)
    elif form in _NAMED:
        name = pl.col("name").str.to_lowercase()
        a = name.replace_strict(_MONTHS, default=None, return_dtype=pl.String)
    return {"certain": _moment(a, b, has_time)}


def _moment(month: pl.Expr, day: pl.Expr, has_time: bool) -> pl.Expr:
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
    moment = date.cast(pl.Datetime("us"))
    return moment + pl.duration(microseconds=_microseconds()) if has_time else moment


def _microseconds() -> pl.Expr:
    """The time of day in UTC; zero without a time, null for an impossible one."""
    hour = pl.col("hour").cast(pl.Int64, strict=False)
    minute = pl.col("minute").cast(pl.Int64, strict=False)
    second = pl.col("second").fill_null("0").str.replace(",", ".", literal=True)
    second = second.cast(pl.Float64, strict=False)
    half = pl.col("half").str.to_lowercase().str.slice(0, 1)
    possible = (minute < 60) & (second < 60)
    possible &= (
        pl.when(half.is_null()).then(hour < 24).otherwise(hour.is_between(1, 12))
    )
    hour = (
        pl.when(half.is_null())
        .then(hour)
        .otherwise(hour % 12 + pl.when(half == "p").then(12).otherwise(0))
    )
    zone = pl.col("zone").str.replace(":", "", literal=True)
    offset = zone.str.slice(1, 2).cast(pl.Int64, strict=False) * 60
    offset += zone.str.slice(3, 2).cast(pl.Int64, strict=False).fill_null(0)
    offset = pl.when(zone.str.starts_with("-")).then(-offset).otherwise(offset)
    seconds = (hour * 60 + minute - offset.fill_null(0)) * 60 + second
    known = pl.when(possible).then((seconds * 1e6).round().cast(pl.Int64))
    return pl.when(pl.col("hour").is_null()).then(0).otherwise(known)
