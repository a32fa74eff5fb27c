"""Words with an order: low, medium, high. Offered, never assumed.

An order is worth a number only where the user agrees that its steps are alike.
The orders below are known, so that the user need not write them down.

    cells                               order
    low, High, medium                   low, medium, high
    XL, S, M                            S, M, XL
    10-19, 65+, 0-9                     0-9, 10-19, 65+
    3rd, 1st                            1st, 3rd
    Less than $20K, $20K - $40K         by the first amount
"""

from dataclasses import dataclass

import polars as pl

from layerwise.errors import ParameterError
from layerwise.table.missing import AMONG_WORDS, check_missing, present
from layerwise.table.numbers import Numbers

__all__ = ["MOST_LEVELS", "OrderedRule", "known_order"]

MOST_LEVELS = 100
LONGEST_LEVEL = 200
# A step of a scale may have several words, parted by "/".
_SCALES = (
    "none, minimal/negligible, very low, low, lower, medium/med/moderate/mid/average, "
    "higher, high, very high, extreme/critical",
    "trivial, minor, normal, major, critical, blocker",
    "lowest, low, normal/medium, high, highest/urgent, immediate/critical",
    "info, low, minor, medium, moderate, serious, major, high, severe, critical, fatal",
    "none, slight, mild, moderate, severe, very severe",
    "extra small, very small, small, medium/mid/regular, large/big, "
    "extra large/very large/huge",
    "tiny, small, medium, large, huge",
    "xxxs/3xs, xxs/2xs, xs, s, m, l, xl, xxl/2xl, xxxl/3xl, xxxxl/4xl, 5xl",
    "never, almost never, rarely/seldom, occasionally, sometimes, often/frequently, "
    "usually, very often, almost always/most of the time, always",
    "never, yearly/annually, half-yearly, quarterly, monthly, weekly, daily, hourly",
    "strongly disagree/disagree strongly, disagree, "
    "somewhat disagree/slightly disagree, "
    "neutral/neither agree nor disagree/undecided, somewhat agree/slightly agree, "
    "agree, strongly agree/agree strongly",
    "very dissatisfied, dissatisfied, somewhat dissatisfied, neutral, "
    "somewhat satisfied, satisfied, very satisfied",
    "very unlikely, unlikely, neutral, likely, very likely",
    "not at all, a little/slightly, somewhat/moderately, quite a bit/very, "
    "very much/extremely",
    "terrible, very poor, very bad, poor/bad, below average, fair/ok/okay/average, "
    "typical, above average, good, very good, excellent, outstanding/perfect",
    "po, fa, ta, gd, ex",
    "cold, cool, mild, warm, hot, very hot",
    "slow, medium, fast, very fast",
    "young, middle-aged/middle aged, old",
    "child, teen/teenager, adult, senior",
    "light, medium, heavy",
    "easy, medium/moderate, hard/difficult, very hard, expert",
    "beginner/novice, elementary, intermediate, upper intermediate, advanced, expert, "
    "master",
    "trainee/intern, junior/entry level/entry, mid/mid level/mid-level/middle, "
    "senior, lead/staff, principal, manager, director, vp, executive/c-level",
    "bronze, silver, gold, platinum, diamond",
    "basic/free, standard, plus, premium, enterprise",
    "first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth",
    "niedrig, mittel, hoch",
    "gering, mittel, hoch, sehr hoch",
    "klein, mittel, groß/gross",
    "nie, selten, manchmal, oft, immer",
    "bajo, medio, alto",
    "baixo, médio/medio, alto",
    "faible, moyen, élevé/eleve",
    "basso, medio, alto",
    "fair, good, very good, premium, ideal",
    # Education
    "none/no formal education/no schooling, preschool, 1st-4th, 5th-6th, 7th-8th, "
    "primary/primary school/elementary/elementary school, middle school, 9th, 10th, "
    "11th, 12th, secondary/high school/highschool/hs-grad/high school graduate, "
    "vocational, some college/some-college, assoc-voc, assoc-acdm, "
    "associate/associate's/associates/associate degree, tertiary, "
    "bachelor/bachelor's/bachelors/bachelor degree/bachelor's degree/undergraduate/"
    "college/graduation, graduate/postgraduate, master/master's/masters/"
    "master degree/master's degree, prof-school/professional/professional degree, "
    "phd/ph.d./doctorate/doctoral/doctor/doctoral degree",
    # The calendar
    "january/jan, february/feb, march/mar, april/apr, may, june/jun, july/jul, "
    "august/aug, september/sep/sept, october/oct, november/nov, december/dec",
    "januar, februar, märz, april, mai, juni, juli, august, september, oktober, "
    "november, dezember",
    "janvier, février, mars, avril, mai, juin, juillet, août, septembre, octobre, "
    "novembre, décembre",
    "enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre, octubre, "
    "noviembre, diciembre",
    "monday/mon, tuesday/tue/tues, wednesday/wed, thursday/thu/thur/thurs, friday/fri, "
    "saturday/sat, sunday/sun",
    "montag/mo, dienstag/di, mittwoch/mi, donnerstag/do, freitag/fr, samstag/sa, "
    "sonntag/so",
    "lundi, mardi, mercredi, jeudi, vendredi, samedi, dimanche",
    "lunes, martes, miércoles, jueves, viernes, sábado, domingo",
    "night, morning, noon, afternoon, evening",
    "f-, f, f+, e-, e, e+, d-, d, d+, c-, c, c+, b-, b, b+, a-, a, a+",
    "i, ii, iii, iv, v, vi, vii, viii, ix, x",
    # How clear a diamond is
    "i3, i2, i1, si2, si1, vs2, vs1, vvs2, vvs1, if, fl",
)
_PLACES: tuple[dict[str, int], ...] = tuple(
    {
        word.strip(): place
        for place, words in enumerate(scale.split(","))
        for word in words.split("/")
    }
    for scale in _SCALES
)
# What may stand around a number in a range of numbers.
_LESS = r"<=?|≤|under|below|less than|up to|fewer than|unter|bis"
_MORE = r">=?|≥|over|above|more than|at least|from|über|ab"
_AMOUNT = r"[$€£]?\s*(?P<{0}>[0-9][[0-9],]*(?:\.[0-9]+)?)\s*(?P<{0}k>[km])?\s*%?"
_RANGE = (
    rf"^(?:(?P<less>{_LESS})|(?P<more>{_MORE}))?\s*{_AMOUNT.format('low')}"
    rf"(?:\s*(?:-|–|—|to|bis|a|à)\s*{_AMOUNT.format('high')}"
    r"|\s*(?P<open>\+|and (?:over|above|more|older)|or (?:more|older)|plus))?"
    r"\s*(?:years?|yrs?|employees|people|km|miles|min(?:utes)?|kg|jahre)?$"
)
_NUMBERED = (
    r"^(?P<before>[a-z]*(?:[a-z -]*[a-z])?)[ #-]?(?P<n>[0-9]{1,3})"
    r"(?P<after>st|nd|rd|th|\.|[a-z]?)$"
)


@dataclass(frozen=True)
class OrderedRule:
    """Which words a column has, from the lowest to the highest.

    Attributes:
        levels: The words in lower case, without blanks around them; the first
            is 0, the next 1.
        missing: Texts of this column that mean "no value", besides the usual.

    Example:
        >>> rule = OrderedRule(("low", "high"))
        >>> rule.read(pl.Series(["High", "low"])).values.to_list()
        [1.0, 0.0]
    """

    levels: tuple[str, ...]
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse too many levels, or one twice; a rule may come from a file."""
        n = len(self.levels)
        is_long = any(len(level) > LONGEST_LEVEL for level in self.levels)
        if not 2 <= n <= MOST_LEVELS or len({*self.levels}) < n or is_long:
            raise ParameterError(
                f"An order has 2 to {MOST_LEVELS} different levels, each of up to "
                f"{LONGEST_LEVEL} characters. Got {n:,}."
            )
        check_missing(self.missing)

    def read(self, texts: pl.Series) -> Numbers:
        """Read a text column by this rule.

        Args:
            texts: The cells as text.

        Returns:
            The place of each cell's word, from 0, and which cells hold others.
        """
        cells = present(texts, AMONG_WORDS, self.missing).str.to_lowercase()
        values = cells.replace_strict(
            pl.Series(self.levels, dtype=pl.String),
            pl.int_range(len(self.levels), eager=True).cast(pl.Float64),
            default=None,
            return_dtype=pl.Float64,
        )
        return Numbers(values, values.is_null() & cells.is_not_null())


def known_order(words: list[str]) -> OrderedRule | None:
    """Find the order of words whose order everybody knows.

    Args:
        words: The different words of a column.

    Returns:
        The rule, or None when the words have no known order.

    Example:
        >>> known_order(["High", "low", "medium"]).levels
        ('low', 'medium', 'high')
        >>> known_order(["65+", "0-17", "18-64"]).levels
        ('0-17', '18-64', '65+')
    """
    lower = sorted({word.lower() for word in words})
    if not 2 <= len(lower) <= MOST_LEVELS or max(map(len, lower)) > LONGEST_LEVEL:
        return None
    places = _scale(lower) or _ranges(lower) or _numbered(lower)
    if places is None or len({*places.values()}) < len(lower):
        return None
    return OrderedRule(tuple(sorted(lower, key=places.__getitem__)))


def _scale(words: list[str]) -> dict[str, float] | None:
    """The places of words on the first scale that has all of them."""
    for scale in _PLACES:
        if all(word in scale for word in words):
            return {word: float(scale[word]) for word in words}
    return None


def _ranges(words: list[str]) -> dict[str, float] | None:
    """The places of ranges such as 0-9, 10-19 and 65+, by their first number."""
    parts = pl.Series(words).str.extract_groups(_RANGE).struct.unnest()
    low, high = _amount("low"), _amount("high")
    is_open = pl.any_horizontal(pl.col("less", "more", "open").is_not_null())
    # 2020-21 and 5-3 are no ranges; and a number alone is no range either.
    is_range = is_open | (low < high)
    is_less, is_more = pl.col("less").is_not_null(), pl.col("more").is_not_null()
    shift = pl.when(is_less).then(-0.5).when(is_more).then(0.5).otherwise(0.0)
    found = parts.select(
        place=low + shift, is_range=is_range, is_number=low.is_not_null()
    )
    ranged = int(found["is_range"].fill_null(value=False).sum())
    if not found["is_number"].all() or 2 * ranged < len(words):
        return None
    return dict(zip(words, found["place"], strict=True))


def _amount(part: str) -> pl.Expr:
    size = pl.col(part).str.replace_all(",", "").cast(pl.Float64, strict=False)
    times = {"k": 1e3, "m": 1e6}
    return size * pl.col(f"{part}k").replace_strict(times, default=1.0)


def _numbered(words: list[str]) -> dict[str, float] | None:
    """The places of words that differ by their number only: 1st, 2nd; grade 1."""
    parts = pl.Series(words).str.extract_groups(_NUMBERED).struct.unnest()
    if parts["n"].null_count() or parts["before"].n_unique() > 1:
        return None
    ordinals = parts["after"].is_in(["st", "nd", "rd", "th"])
    has_words = (parts["before"] != "").all() and parts["after"].n_unique() == 1
    if not ordinals.all() and not has_words:
        return None
    return dict(zip(words, parts["n"].cast(pl.Float64), strict=True))
