"""Which texts are numbers, and how a column writes them.

One column writes its numbers in one way. The rule is found once, from all
distinct texts of the column, and then applied to every cell.

    cell          rule                                              value
    $9,300.52     '$' before, ',' between thousands               9300.52
    €1.234,56     '€' before, '.' thousands, ',' fraction         1234.56
    1 234,56      ' ' between thousands, ',' fraction             1234.56
    12,34,567     ',' between thousands, in pairs above them   1234567.0
    95%           '%' after                                          95.0
    (1,234) 1,234-  parentheses, or a minus behind: less than zero  -1234.0
    19M           K, M and B multiply                          19000000.0
    1.5 kg        beside 500 g: read in g                          1500.0
    <5            a bound, read as its number                         5.0
"""

import math
import re
import unicodedata
from dataclasses import dataclass

import polars as pl

from layerwise.errors import ParameterError
from layerwise.table.missing import AMONG_VALUES, check_missing, present

__all__ = [
    "BOUNDS",
    "CURRENCY",
    "DECIMALS",
    "LARGEST_INTEGER",
    "LONGEST_AFFIX",
    "MARKS",
    "MOST_MEASURES",
    "MULTIPLIERS",
    "NumberRule",
    "Numbers",
    "cell_pattern",
    "code_like",
]

CODES = (
    "AED|ARS|AUD|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|"
    "JPY|KRW|MXN|MYR|NGN|NOK|NZD|PEN|PHP|PKR|PLN|RON|RUB|SAR|SEK|SGD|THB|TRY|TWD|UAH|"
    "USD|VND|ZAR|BTC|ETH|eur|usd|gbp|Euros?|euros?|dollars?|kr|Kr|Kč|Fr|SFr|Rs|RM|zł|"
    "Ft|лв|руб|р|lei|din"
)
CURRENCY = rf"[A-Za-z]{{0,3}}[$€£¥₹₩₽₺₴₪₫฿₦₱¢₡₲₸₼₾₿৳¤](?:[A-Z]{{2}})?|(?:{CODES})\.?"
MULTIPLIERS: dict[str, float] = {
    **dict.fromkeys(("k", "K", "thousand", "tsd", "tsd.", "Tsd", "Tsd."), 1e3),
    **dict.fromkeys(("m", "M", "mn", "mio", "mio.", "Mio", "Mio.", "mln", "mln."), 1e6),
    **dict.fromkeys(("million", "millions", "Million", "mil", "MM", "mm"), 1e6),
    **dict.fromkeys(("b", "B", "bn", "Bn", "BN", "billion", "billions"), 1e9),
    **dict.fromkeys(("Billion", "mrd", "mrd.", "Mrd", "Mrd.", "bln"), 1e9),
    **dict.fromkeys(("t", "T", "tn", "trillion", "trillions", "Trillion"), 1e12),
    **dict.fromkeys(("lakh", "lakhs", "Lakh", "lac"), 1e5),
    **dict.fromkeys(("crore", "crores", "Crore", "Cr", "cr"), 1e7),
}
BOUNDS = "<>≤≥~≈+"
# The marks that may stand between thousands, as regular expressions.
MARKS = {
    "": "",
    ",": ",",
    ".": r"\.",
    " ": "[ \u00a0\u202f\u2009\u2007]",
    "'": "['’]",
    "_": "_",
}
DECIMALS = (".", ",")
# Typographic minus signs.
DASHES = "−–"
LONGEST_AFFIX = 20
MOST_MEASURES = 20
LARGEST_INTEGER = 2**53


def cell_pattern(before: str, digits: str, after: str, bound: str) -> str:
    """Write the regular expression of one cell; signs may stand anywhere.

    Example:
        >>> cell_pattern("[$]", "5", "kg", "<").startswith("^")
        True
    """
    return (
        rf"^(?P<bound>{bound})?\s*(?P<sign>[+-])?\s*(?P<open>\()?\s*(?P<before>{before})?"
        rf"\s*(?P<paren>\()?\s*(?P<inner>[+-])?\s*(?P<digits>{digits})"
        rf"(?P<power>[eE][+-]?\d+)?\s*(?P<early>\))?\s*{after}\s*(?P<trail>-)?"
        r"\s*(?P<close>\))?$"
    )


def _literal(text: str) -> str:
    """A text as a regular expression, whatever characters it holds."""
    return "".join(rf"\x{{{ord(character):x}}}" for character in text)


def _either(texts: list[str]) -> str:
    """Any of some texts, the longest first."""
    return "|".join(map(_literal, sorted(texts, key=lambda t: (-len(t), t))))


@dataclass(frozen=True)
class Numbers:
    """A column read as numbers.

    Attributes:
        values: Float64, null where the cell is missing or unreadable.
        unreadable: True where a cell is there but is no number.
    """

    values: pl.Series
    unreadable: pl.Series


@dataclass(frozen=True)
class NumberRule:
    """How one column writes its numbers.

    Attributes:
        decimal: The mark before the fraction: `.` or `,`.
        thousands: The mark between thousands; empty when there is none.
        before: Currency before the number, such as `$` or `USD`.
        after: Percent mark, currency or measure after the number.
        scaled: Whether words such as K, M and bn after a number multiply it.
        missing: Texts of this column that mean "no value", besides the usual.
        measures: Where cells have several measures, each with its size in the
            one that all are read in.
        bounds: The marks of bounds that cells have, such as `<` and `+`.
        in_pairs: Whether digits above the thousands stand in pairs: 12,34,567.

    Example:
        >>> rule = NumberRule(thousands=",", before="$")
        >>> rule.read(pl.Series(["$9,300.52", "free", None])).values.to_list()
        [9300.52, None, None]
    """

    decimal: str = "."
    thousands: str = ""
    before: str = ""
    after: str = ""
    scaled: bool = False
    missing: tuple[str, ...] = ()
    measures: tuple[tuple[str, float], ...] = ()
    bounds: str = ""
    in_pairs: bool = False

    def __post_init__(self) -> None:
        """Refuse what no number is written with; a rule may come from a file."""
        decimal, thousands = self.decimal, self.thousands
        if decimal not in DECIMALS or thousands not in MARKS or decimal == thousands:
            raise ParameterError(
                "A number has '.' or ',' before the fraction, and another mark, a "
                f"blank or nothing between thousands. Got {decimal[:9]!r} and "
                f"{thousands[:9]!r}."
            )
        affixes = (self.before, self.after, *(text for text, _ in self.measures))
        if max(map(len, affixes)) > LONGEST_AFFIX:
            raise ParameterError(
                f"What stands before or after a number has up to {LONGEST_AFFIX} "
                f"characters. Got {max(map(len, affixes)):,}."
            )
        sizes = [size for _, size in self.measures]
        is_sized = all(math.isfinite(size) and size > 0 for size in sizes)
        if len(sizes) > MOST_MEASURES or not is_sized or (sizes and self.after):
            raise ParameterError(
                f"A column has one measure, or up to {MOST_MEASURES}, each with a size "
                f"above zero. Got {len(sizes):,}."
            )
        if set(self.bounds) - set(BOUNDS) or len(self.bounds) > len(BOUNDS):
            raise ParameterError(
                f"The marks of bounds are {BOUNDS!r}. Got {self.bounds[:20]!r}."
            )
        check_missing(self.missing)

    @property
    def has_currency(self) -> bool:
        """Whether a currency stands before or after the numbers."""
        return bool(self.before or re.fullmatch(CURRENCY, self.after))

    @property
    def dress(self) -> str:
        """What surrounds the digits, in words; empty for plain numbers."""
        signs = [mark for mark in self.bounds if mark != "+"]
        parts = [
            f"{self.before!r} before them" if self.before else "",
            f"{self.after!r} after them" if self.after else "",
            f"the measures {self._measured}" if self.measures else "",
            "K, M or B as a multiplier" if self.scaled else "",
            f"{self.thousands!r} between thousands" if self.thousands else "",
            "',' before the fraction" if self.decimal == "," else "",
            f"{' or '.join(map(repr, signs))} before some" if signs else "",
            "'+' after some" if "+" in self.bounds else "",
        ]
        return " and ".join(filter(None, parts))

    @property
    def _measured(self) -> str:
        base = next((text for text, size in self.measures if size == 1), "")
        others = [f"{text!r}" for text, size in self.measures if size != 1]
        return " and ".join((f"{base!r}", *others)) + f", all read in {base!r}"

    @property
    def pattern(self) -> str:
        """The regular expression that a whole cell must match."""
        # A measure is part of every cell; a currency or a percent mark may lack.
        optional = "?" if self._may_lack_after else ""
        unit = rf"(?:{_literal(self.after)}){optional}" if self.after else ""
        if self.measures:
            unit = rf"(?P<measure>{_either([text for text, _ in self.measures])})"
        times = rf"(?P<times>{_either(list(MULTIPLIERS))})?\s*" if self.scaled else ""
        plus = r"\s*\+?" if "+" in self.bounds else ""
        signs = "".join(mark for mark in self.bounds if mark != "+")
        return cell_pattern(
            before=_literal(self.before),
            digits=self._digits,
            after=f"{times}{unit}{plus}",
            bound=f"[{_literal(signs)}]=?" if signs else "",
        )

    @property
    def _digits(self) -> str:
        """The regular expression of the digits alone."""
        decimal, mark = MARKS[self.decimal], MARKS[self.thousands]
        whole = rf"(?:[1-9]\d{{0,2}}(?:{mark}\d{{3}})+|\d+)" if mark else r"\d+"
        if self.in_pairs:
            whole = rf"(?:[1-9]\d?(?:{mark}\d{{2}})*{mark}\d{{3}}|\d+)"
        return rf"{whole}(?:{decimal}\d*)?|{decimal}\d+"

    @property
    def _may_lack_after(self) -> bool:
        return self.has_currency or self.after in ("%", "‰")

    def read(self, texts: pl.Series) -> Numbers:
        """Read a text column by this rule.

        Args:
            texts: The cells as text.

        Returns:
            The numbers, and which cells could not be read.
        """
        plain = _plain(texts)
        is_plain = self._takes_plain and plain.null_count() == texts.null_count()
        if is_plain and not self.missing:
            return Numbers(
                plain.fill_nan(None), pl.repeat(False, len(texts), eager=True)
            )
        cells = present(texts, AMONG_VALUES, self.missing)
        values = self.values(cells)
        unreadable = values.is_null() & cells.is_not_null()
        return Numbers(self.without_missing(values), unreadable)

    def without_missing(self, values: pl.Series) -> pl.Series:
        """Take away the numbers that mean "no value" in this column.

        Example:
            >>> rule = NumberRule(missing=("-999",))
            >>> rule.without_missing(pl.Series([-999.0])).to_list()
            [None]
        """
        if not self.missing:
            return values
        absent = _plain(pl.Series(self.missing, dtype=pl.String)).drop_nulls()
        return values.set(values.is_in(absent.to_list()).fill_null(value=False), None)

    def values(self, cells: pl.Series) -> pl.Series:
        """Read cells that are stripped and hold no missing word.

        Args:
            cells: The cells as text.

        Returns:
            Float64, null where a cell is null or does not follow the rule.
        """
        plain = _plain(cells)
        if self._takes_plain and plain.null_count() == cells.null_count():
            return plain.fill_nan(None)
        values = self._undressed(cells)
        others = (values.is_null() & cells.is_not_null()).arg_true()
        if not len(others):
            return values
        return values.scatter(others, self._dressed(cells.gather(others)))

    def _undressed(self, cells: pl.Series) -> pl.Series:
        """Read the cells that are digits between the affixes; most are, and quickly so.

        Of signs, powers, multipliers and measures it knows nothing: those cells
        are null. An affix must not look like a part of the number.
        """
        is_clear = _is_clear(self.before, 0) and _is_clear(self.after, -1)
        if self.scaled or self.measures or not is_clear:
            return pl.repeat(None, len(cells), dtype=pl.Float64, eager=True)
        digits = pl.col("cell").str.strip_prefix(self.before)
        digits = digits.str.strip_suffix(self.after).str.strip_chars(" ")
        pattern = self._digits.replace(r"\d", "[0-9]")
        is_whole = digits.str.contains(f"^(?:{pattern})$")
        if not self._may_lack_after:
            is_whole &= pl.col("cell").str.ends_with(self.after)
        found = pl.when(is_whole).then(self._size(digits))
        return pl.DataFrame({"cell": cells}).select(found).to_series()

    def _size(self, digits: pl.Expr, power: pl.Expr | None = None) -> pl.Expr:
        """Read digits; Polars does not read those of other scripts."""
        if self.thousands:
            digits = digits.str.replace_all(MARKS[self.thousands], "")
        if self.decimal != ".":
            digits = digits.str.replace(self.decimal, ".", literal=True)
        written = digits if power is None else pl.concat_str(digits, power)
        return written.cast(pl.Float64, strict=False)

    def _dressed(self, cells: pl.Series) -> pl.Series:
        """Read cells with all that may stand around digits."""
        plain = _plain(cells)
        text = pl.col("cell").str.replace_all(f"[{DASHES}]", "-")
        part = text.str.extract_groups(self.pattern).struct.field
        size = self._size(part("digits"), part("power").fill_null(""))
        if self.scaled:
            size *= part("times").replace_strict(MULTIPLIERS, default=1.0)
        if self.measures:
            size *= part("measure").replace_strict(dict(self.measures), default=1.0)
        signs = ("sign", "inner", "trail")
        minus = pl.any_horizontal(*(part(sign) == "-" for sign in signs))
        opened = part("open").is_not_null(), part("paren").is_not_null()
        closed = part("early").is_not_null(), part("close").is_not_null()
        n_open, n_closed = pl.sum_horizontal(opened), pl.sum_horizontal(closed)
        minus = minus.fill_null(value=False) | (n_open > 0)
        signed = pl.when(minus).then(-size).otherwise(size)
        one_sign = pl.sum_horizontal(part(sign).is_not_null() for sign in signs) <= 1
        one_pair = (n_open <= 1) & (n_open == n_closed)
        dressed = pl.when(one_sign & one_pair).then(signed)
        frame = pl.DataFrame({"cell": cells, "plain": plain})
        choice = pl.coalesce("plain", dressed) if self._takes_plain else dressed
        return frame.select(choice).to_series().fill_nan(None)

    @property
    def _takes_plain(self) -> bool:
        """Whether a bare 12.5 has the same meaning under this rule."""
        bare = not self.measures and (not self.after or self.has_currency)
        return self.decimal == "." and bare


def _is_clear(affix: str, end: int) -> bool:
    """Tell whether an affix has an end that is no part of any number."""
    if not affix:
        return True
    mark = affix[end]
    is_sign = mark in "%‰" or mark.isalpha() or unicodedata.category(mark) == "Sc"
    return is_sign and not set(affix) & set(DASHES)


def _plain(texts: pl.Series) -> pl.Series:
    return texts.cast(pl.Float64, strict=False)


def code_like(texts: pl.Series) -> str | None:
    """Say why integers written as text are codes rather than numbers.

    A number has no leading zeros, and a float cannot tell integers from
    2**53 on apart.

    Args:
        texts: Cells that can all be read as numbers.

    Returns:
        The reason, or None for numbers.

    Example:
        >>> code_like(pl.Series(["00501", "10001"]))
        "cells such as '00501' begin with a zero, as codes do"
    """
    zeros = texts.filter(texts.str.contains(r"^[+-]?0\d"))
    if len(zeros):
        return f"cells such as {zeros.min()!r} begin with a zero, as codes do"
    # One look at the lengths spares most columns the others.
    sizes = texts.str.len_bytes()
    if (sizes.min() or 0) >= 8 and texts.str.contains(r"^\+\d{7,}$").all():  # type: ignore[operator]
        return f"cells such as {texts.min()!r} are written as telephone numbers are"
    if not (sizes >= 16).any():
        return None
    long = texts.filter(texts.str.contains(r"^[+-]?\d{16,}$"))
    large = long.filter(_plain(long).abs() >= LARGEST_INTEGER)
    if len(large):
        return (
            f"integers such as {large.min()!r} reach 2**53, where numbers "
            "can no longer be told apart"
        )
    return None
