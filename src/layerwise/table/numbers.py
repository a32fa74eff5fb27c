"""Which texts are numbers, and how a column writes them.

One column writes its numbers in one way. The rule is found once, from all
distinct texts of the column, and then applied to every cell.

    cell          rule                                              value
    $9,300.52     '$' before, ',' between thousands               9300.52
    €1.234,56     '€' before, '.' thousands, ',' fraction         1234.56
    1 234,56      ' ' between thousands, ',' fraction             1234.56
    95%           '%' after                                          95.0
    (1,234)       parentheses mean less than zero                 -1234.0
    19M           K, M and B multiply                          19000000.0
"""

import re
from dataclasses import dataclass, replace

import polars as pl

from layerwise.errors import ParameterError, listed
from layerwise.table.missing import AMONG_VALUES, stripped, without

__all__ = ["MOST_MISSING", "NumberRule", "Numbers", "code_like", "infer_number_rule"]

CODES = (
    "AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|HUF|ILS|INR|JPY|KRW|MXN|NOK|NZD|PLN|"
    "RUB|SEK|SGD|THB|TRY|USD|ZAR|kr|Kč|Fr|Rs|zł"
)
CURRENCY = rf"[A-Za-z]{{0,3}}[$€£¥₹₩₽₺₴₪₫฿₦₱¢]|(?:{CODES})\.?"
MULTIPLIERS = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9}
UNIT = r"[^\d.,'’\s()+-][^\d()]{0,7}|\+"
# The marks that may stand between thousands, as regular expressions.
MARKS = {"": "", ",": ",", ".": r"\.", " ": "[ \u00a0\u202f\u2009]", "'": "['’]"}
DECIMALS = (".", ",")
LONGEST_AFFIX = 16
MOST_MISSING = 3
# Most usual first: the order decides where a column fits several.
PAIRS = [(decimal, mark) for decimal in DECIMALS for mark in MARKS if mark != decimal]
LARGEST_INTEGER = 2**53


def _cell(before: str, digits: str, after: str) -> str:
    """The regular expression of one cell; a sign may precede a currency."""
    return (
        rf"^(?P<open>\()?\s*(?P<sign>[+-])?\s*(?P<before>{before})?"
        rf"\s*(?P<inner>[+-])?\s*(?P<digits>{digits})(?P<power>[eE][+-]?\d+)?"
        rf"\s*{after}\s*(?P<close>\))?$"
    )


def _literal(text: str) -> str:
    """A text as a regular expression, whatever characters it holds."""
    return "".join(rf"\x{{{ord(character):x}}}" for character in text)


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
        after: Percent mark, currency or unit after the number.
        scaled: Whether K, M and B after a number multiply it.
        missing: Texts of this column that mean "no value", besides the usual.

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

    def __post_init__(self) -> None:
        """Refuse what no number is written with; a rule may come from a file."""
        decimal, thousands = self.decimal, self.thousands
        if decimal not in DECIMALS or thousands not in MARKS or decimal == thousands:
            raise ParameterError(
                "A number has '.' or ',' before the fraction, and another mark, a "
                f"blank or nothing between thousands. Got {decimal[:9]!r} and "
                f"{thousands[:9]!r}."
            )
        if max(len(self.before), len(self.after)) > LONGEST_AFFIX:
            raise ParameterError(
                f"What stands before or after a number has up to {LONGEST_AFFIX} "
                f"characters. Got {len(self.before):,} and {len(self.after):,}."
            )
        n_missing = len(self.missing)
        if n_missing > MOST_MISSING or len(set(self.missing)) < n_missing:
            raise ParameterError(
                f"A column has up to {MOST_MISSING} different texts of its own that "
                f"mean no value. Got {listed(text[:9] for text in self.missing)}."
            )

    @property
    def is_percent(self) -> bool:
        """Whether the numbers are percentages; 95% is read as 95.0."""
        return self.after == "%"

    @property
    def has_currency(self) -> bool:
        """Whether a currency stands before or after the numbers."""
        return bool(self.before or re.fullmatch(CURRENCY, self.after))

    @property
    def dress(self) -> str:
        """What surrounds the digits, in words; empty for plain numbers."""
        parts = [
            f"{self.before!r} before them" if self.before else "",
            f"{self.after!r} after them" if self.after else "",
            "K, M or B as a multiplier" if self.scaled else "",
            f"{self.thousands!r} between thousands" if self.thousands else "",
            "',' before the fraction" if self.decimal == "," else "",
        ]
        return " and ".join(filter(None, parts))

    @property
    def pattern(self) -> str:
        """The regular expression that a whole cell must match."""
        decimal, mark = MARKS[self.decimal], MARKS[self.thousands]
        whole = rf"(?:[1-9]\d{{0,2}}(?:{mark}\d{{3}})+|\d+)" if mark else r"\d+"
        # A unit is part of every cell; a currency or a percent mark may lack.
        optional = "?" if self.has_currency or self.after in "%+" else ""
        unit = rf"(?:{_literal(self.after)}){optional}" if self.after else ""
        return _cell(
            before=_literal(self.before),
            digits=rf"{whole}(?:{decimal}\d*)?|{decimal}\d+",
            after=rf"(?P<times>[kKMB])?{unit}" if self.scaled else unit,
        )

    def read(self, texts: pl.Series) -> Numbers:
        """Read a text column by this rule.

        Args:
            texts: The cells as text.

        Returns:
            The numbers, and which cells could not be read.
        """
        plain = _plain(texts)
        if self._takes_plain and plain.null_count() == texts.null_count():
            return Numbers(
                plain.fill_nan(None), pl.repeat(False, len(texts), eager=True)
            )
        cells = without(stripped(texts), AMONG_VALUES)
        if self.missing:
            cells = cells.set(cells.is_in(self.missing).fill_null(value=False), None)
        values = self.values(cells)
        return Numbers(values, values.is_null() & cells.is_not_null())

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
        text = pl.col("cell").str.replace("−", "-", literal=True)
        part = text.str.extract_groups(self.pattern).struct.field
        digits = part("digits")
        if self.thousands:
            digits = digits.str.replace_all(MARKS[self.thousands], "")
        digits = digits.str.replace(self.decimal, ".", literal=True)
        # The digits of other scripts match \d, but Polars does not read them.
        written = pl.concat_str(digits, part("power").fill_null(""))
        size = written.cast(pl.Float64, strict=False)
        if self.scaled:
            size *= part("times").replace_strict(MULTIPLIERS, default=1.0)
        is_open, is_closed = part("open").is_not_null(), part("close").is_not_null()
        minus = (part("sign") == "-") | (part("inner") == "-") | is_open
        signed = pl.when(minus.fill_null(value=False)).then(-size).otherwise(size)
        one_sign = part("sign").is_null() | part("inner").is_null()
        dressed = pl.when(one_sign & (is_open == is_closed)).then(signed)
        frame = pl.DataFrame({"cell": cells, "plain": plain})
        choice = pl.coalesce("plain", dressed) if self._takes_plain else dressed
        return frame.select(choice).to_series().fill_nan(None)

    @property
    def _takes_plain(self) -> bool:
        """Whether a bare 12.5 has the same meaning under this rule."""
        return self.decimal == "." and (not self.after or self.has_currency)


def _plain(texts: pl.Series) -> pl.Series:
    return texts.cast(pl.Float64, strict=False)


def infer_number_rule(counts: pl.DataFrame) -> tuple[NumberRule, tuple[str, ...]]:
    """Find how a column writes its numbers.

    The most frequent currency and unit are taken, then the pair of marks with
    which most cells can be read. `1,234` alone fits two pairs: then the mark
    is taken for thousands, and a warning says so.

    Args:
        counts: The distinct texts of the column, stripped and without missing
            words: `text`, and how often each occurs, `n`.

    Returns:
        The best rule there is, which may still fail to read the column, and
        what the column leaves open, in words.

    Example:
        >>> counts = pl.DataFrame({"text": ["€1.234,56", "€2"], "n": [1, 1]})
        >>> rule, warnings = infer_number_rule(counts)
        >>> rule.before, rule.thousands, rule.decimal
        ('€', '.', ',')
    """
    digits = rf"\d[\d.,'’{MARKS[' '][1:-1]}]*|[.,]\d+"
    shape = _cell(CURRENCY, digits, rf"(?P<after>{UNIT})?")
    text = pl.col("text").str.replace("−", "-", literal=True)
    cells = counts.with_columns(text.str.extract_groups(shape).alias("part"))
    cells = cells.unnest("part").filter(pl.col("digits").is_not_null())
    before = _most_frequent(cells, pl.col("before"))
    after = _most_frequent(cells, pl.col("after").str.strip_chars())
    scaled = after in MULTIPLIERS
    dressed = NumberRule(before=before, after="" if scaled else after, scaled=scaled)
    rules = [
        replace(dressed, decimal=decimal, thousands=mark)
        for decimal, mark in _possible_pairs(cells["digits"])
    ]
    readings = [rule.values(cells["text"]) for rule in rules]
    n_read = [int(cells["n"].filter(values.is_not_null()).sum()) for values in readings]
    best = n_read.index(max(n_read))
    rivals = [
        rule
        for rule, n, values in zip(rules, n_read, readings, strict=True)
        if n == n_read[best] and not values.equals(readings[best])
    ]
    warnings = _undecided(rules[best], rivals) + _mixed(cells)
    return rules[best], warnings


def _possible_pairs(digits: pl.Series) -> list[tuple[str, str]]:
    """The pairs of marks of which the digits hold at least one; `.` always."""
    seen = {
        mark: not mark or bool(digits.str.contains(MARKS[mark]).any()) for mark in MARKS
    }
    return [
        (decimal, mark)
        for decimal, mark in PAIRS
        if seen[mark] and (decimal == "." or seen[","] or mark == ".")
    ]


def _most_frequent(cells: pl.DataFrame, part: pl.Expr) -> str:
    """The most frequent text of one part of the cells; empty when none has it."""
    totals = (
        cells.group_by(part.alias("part"))
        .agg(pl.col("n").sum())
        .drop_nulls("part")
        .sort("n", "part", descending=[True, False])
    )
    return str(totals["part"][0]) if len(totals) else ""


def _undecided(rule: NumberRule, rivals: list[NumberRule]) -> tuple[str, ...]:
    """Say which mark could have another meaning."""
    mark = rule.thousands or rule.decimal
    if not any(mark in (rival.thousands, rival.decimal) for rival in rivals):
        return ()
    # Money has two decimals: its groups of three are thousands. And a bare
    # 1.234 is what every program writes for one and a bit.
    if bool(rule.thousands) == rule.has_currency:
        return ()
    places = ["between thousands", "before the fraction"]
    taken, other = places if rule.thousands else places[::-1]
    return (f"{mark!r} was read as standing {taken}, but every cell also fits {other}",)


def _mixed(cells: pl.DataFrame) -> tuple[str, ...]:
    """Say that a column holds several currencies."""
    found = sorted(cells["before"].drop_nulls().unique())
    if len(found) < 2:
        return ()
    return (f"its cells mix the currencies {' and '.join(map(repr, found[:5]))}",)


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
    zeros = texts.filter(texts.str.contains(r"^[+-]?0\d+$"))
    if len(zeros):
        return f"cells such as {zeros.min()!r} begin with a zero, as codes do"
    if not (texts.str.len_bytes() >= 16).any():
        return None
    long = texts.filter(texts.str.contains(r"^[+-]?\d{16,}$"))
    large = long.filter(_plain(long).abs() >= LARGEST_INTEGER)
    if len(large):
        return (
            f"integers such as {large.min()!r} reach 2**53, where numbers "
            "can no longer be told apart"
        )
    return None
