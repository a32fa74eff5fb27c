"""How a column dresses its numbers, found from all its distinct texts.

what                decided by
currency, measure   the most frequent one; several measures of one family are
                    read in the most frequent
marks               the pair with which most cells can be read; where two pairs
                    read all of them, the column leaves it open, which is said
"""

import re
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from layerwise.errors import listed
from layerwise.table.measures import ratio
from layerwise.table.numbers import (
    BOUNDS,
    CURRENCY,
    DECIMALS,
    LONGEST_AFFIX,
    MARKS,
    MOST_MEASURES,
    MULTIPLIERS,
    NumberRule,
    cell_pattern,
)

__all__ = ["FoundNumbers", "infer_number_rule", "may_be_numbers", "open_mark"]

_SIGNS = "".join(mark for mark in BOUNDS if mark != "+")
_BLANKS = MARKS[" "][1:-1]
_DIGITS = rf"\d[\d.,'’_{_BLANKS}]*|[.,]\d+"
# A measure may end in 2 or 3: m2.
_AFTER = r"[^\d.,'’_\s()+-](?:[^\d()]{0,18}[^\d()\s+-])?[23]?"
_SHAPE = cell_pattern(
    CURRENCY, _DIGITS, rf"(?P<after>{_AFTER})?\s*(?P<plus>\+)?", f"[{_SIGNS}]=?"
)
# Most usual first: the order decides where a column fits several.
_PAIRS = [(decimal, mark) for decimal in DECIMALS for mark in MARKS if mark != decimal]
# Beside other multipliers these multiply; alone they are meters, tons and so on.
_MEASURES_ALONE = {"m", "t", "b", "T", "mm", "mil", "cr"}
# Where this money is spent, a comma stands before the fraction.
_COMMA_MONEY = {"€", "EUR", "eur", "Euro", "euro", "zł", "PLN", "R$", "BRL", "₺", "TRY"}
_COMMA_MONEY |= {"kr", "Kr", "DKK", "NOK", "SEK", "Kč", "CZK", "Ft", "HUF", "₽", "RUB"}
_COMMA_MONEY |= {"lei", "RON", "Rp", "IDR", "₫", "VND", "₴", "UAH"}
MOST_SHAPES = 60
LONGEST_NUMBER = 80
# So many texts are looked at together, unless they are long.
N_JOINED = 2**16
LONGEST_JOINED = 2**24
BETWEEN = "\0"
_LIKELY = rf"^[^\p{{L}}\d]{{0,5}}(?:{CURRENCY})?[^\p{{L}}\d]{{0,4}}\d"


@dataclass(frozen=True)
class FoundNumbers:
    """How a column writes its numbers, as far as it says.

    Attributes:
        rule: The best rule there is, which may still fail to read the column.
        said: What the user should know of it, in words.
        rival: A rule of other marks that reads every cell as well, to another
            number.
        mixed: What the cells mix, such as two currencies, in words.
    """

    rule: NumberRule
    said: tuple[str, ...] = ()
    rival: NumberRule | None = None
    mixed: tuple[str, ...] = ()


def infer_number_rule(counts: pl.DataFrame) -> FoundNumbers:
    """Find how a column writes its numbers.

    The most frequent currency and measure are taken, then the pair of marks with
    which most cells can be read. `1,234` alone fits two pairs: then the mark
    is taken for thousands, and a sentence says so.

    Args:
        counts: The distinct texts of the column, stripped and without missing
            words: `text`, and how often each occurs, `n`.

    Returns:
        The rule, and what the column leaves open.

    Example:
        >>> counts = pl.DataFrame({"text": ["€1.234,56", "€2"], "n": [1, 1]})
        >>> rule = infer_number_rule(counts).rule
        >>> rule.before, rule.thousands, rule.decimal
        ('€', '.', ',')
    """
    text = pl.col("text").str.replace_all("[−–]", "-")
    cells = _by_form(counts).with_columns(text.str.extract_groups(_SHAPE).alias("part"))
    cells = cells.unnest("part").filter(pl.col("digits").is_not_null())
    dressed, said, mixed = _dress(cells)
    # A measure belongs to every cell: one that few cells have is a slip.
    bare = replace(dressed, after="", measures=(), scaled=False)
    rules = [
        replace(one, decimal=decimal, thousands=mark, in_pairs=in_pairs)
        for one in dict.fromkeys((dressed, bare))
        for decimal, mark, in_pairs in _possible_marks(cells["digits"])
    ]
    readings = [rule.values(cells["text"]) for rule in rules]
    n_read = [int(cells["n"].filter(values.is_not_null()).sum()) for values in readings]
    best = n_read.index(max(n_read))
    rivals = [
        rule
        for rule, n, values in zip(rules, n_read, readings, strict=True)
        if n == n_read[best] and not values.equals(readings[best])
    ]
    rule, rival = _likelier(rules[best], _rival(rules[best], rivals))
    said += _undecided(rule, rival)
    return FoundNumbers(rule, said + mixed, rival, mixed)


def may_be_numbers(texts: pl.Series) -> pl.Series:
    """Tell which texts could be numbers in some dress, quickly.

    Example:
        >>> may_be_numbers(pl.Series(["-$5", "Rs. 5", "No. 5 Elm Road"])).to_list()
        [True, True, False]
    """
    return texts.str.contains(_LIKELY) & (texts.str.len_bytes() <= LONGEST_NUMBER)


def _by_form(counts: pl.DataFrame) -> pl.DataFrame:
    """One text for all that differ in their digits only: a rule reads all or none.

    A zero in front of others is told apart, because no thousands begin with it.
    """
    texts = counts["text"]
    pieces = [texts[i : i + N_JOINED] for i in range(0, len(texts), N_JOINED)]
    form = pl.concat(map(_forms, pieces)) if pieces else texts
    return (
        counts.group_by(form.alias("form"))
        .agg(pl.col("text").min(), pl.col("n").sum())
        .sort("text")
        .select("text", "n")
    )


def _forms(texts: pl.Series) -> pl.Series:
    """Write 0 for each digit, and o for a zero that stands behind none.

    The bytes of many texts, one behind the other, take a fifth of the time that
    the texts take one by one.
    """
    if texts.str.len_bytes().sum() < LONGEST_JOINED:
        joined = texts.str.join(BETWEEN)[0].encode()
        letters = np.frombuffer(joined, np.uint8).copy()
        is_digit = letters - np.uint8(ord("0")) < 10
        is_first = letters == ord("0")
        is_first[1:] &= ~is_digit[:-1]
        letters[is_digit] = ord("0")
        letters[is_first] = ord("o")
        forms = pl.Series([letters.tobytes().decode()]).str.split(BETWEEN).explode()
        if len(forms) == len(texts):  # none of them holds what stands between them
            return forms
    forms = texts.str.replace_all("(^|[^0-9])0", "${1}o")
    return forms.str.replace_all("[1-9]", "0")


def open_mark(texts: pl.Series) -> bool:
    """Tell whether plain numbers could also have dots between their thousands.

    Args:
        texts: Cells that Polars reads as numbers.

    Returns:
        Whether every cell looks like 1.234.

    Example:
        >>> open_mark(pl.Series(["1.234", "12.345"])), open_mark(pl.Series(["1.5"]))
        (True, False)
    """
    sizes = texts.str.len_bytes()
    # Lengths are quick: most columns need no further look.
    if sizes.min() is None or sizes.min() < 5 or sizes.max() > 8:  # type: ignore[operator]
        return False
    return bool(texts.str.contains(r"^-?[1-9]\d{0,2}\.\d{3}$").all())


def _dress(
    cells: pl.DataFrame,
) -> tuple[NumberRule, tuple[str, ...], tuple[str, ...]]:
    """What surrounds the digits: the rule but for its marks, and what to say."""
    befores = _frequent(cells, pl.col("before"))
    before = befores[0][0] if befores else ""
    # A currency may stand on either side of the sign, or lack.
    scaled, rests = _scaled(_frequent(cells, pl.col("after").str.strip_chars()))
    after, measures, said, mixed = _measures(rests, int(cells["n"].sum()))
    if len(befores) > 1:
        found = sorted(text for text, _ in befores)[:5]
        mixed += (f"its cells mix the currencies {' and '.join(map(repr, found))}",)
    marks = set(cells["bound"].drop_nulls().str.slice(0, 1).unique())
    # Bounds in most cells are brackets, such as <=50K and >50K, and no numbers.
    is_bracket = pl.col("bound").str.contains("^[<>≤≥]")
    if 2 * int(cells.filter(is_bracket)["n"].sum()) > int(cells["n"].sum()):
        marks -= {*"<>≤≥"}
    marks |= {"+"} if cells["plus"].is_not_null().any() else set()
    bounds = "".join(mark for mark in BOUNDS if mark in marks)
    rule = NumberRule(
        before=before, after=after, scaled=scaled, measures=measures, bounds=bounds
    )
    return (
        rule,
        said + _bare_beside_percents(cells, after) + _bounded(cells, bounds),
        mixed,
    )


def _frequent(cells: pl.DataFrame, part: pl.Expr) -> list[tuple[str, int]]:
    """The texts of one part of the cells, the most frequent first."""
    totals = (
        cells.group_by(part.alias("part"))
        .agg(pl.col("n").sum())
        .drop_nulls("part")
        .filter(pl.col("part").str.len_chars() <= LONGEST_AFFIX)
        .sort("n", "part", descending=[True, False])
        .head(MOST_SHAPES)
    )
    return list(totals.iter_rows())


def _scaled(afters: list[tuple[str, int]]) -> tuple[bool, list[tuple[str, int]]]:
    """Whether words such as M multiply, and what is left behind them."""
    parts = [(*_split(text), n) for text, n in afters]
    multiplying = {times for times, _, _ in parts if times}
    n_scaled = sum(n for times, _, n in parts if times)
    n_after = sum(n for _, _, n in parts)
    is_alone = len(multiplying) == 1 and multiplying <= _MEASURES_ALONE
    currencies = all(not rest or re.fullmatch(CURRENCY, rest) for _, rest, _ in parts)
    # 5m beside 3k and 2 kg is a mixture; 5M beside 3 USD is none.
    if not n_scaled or is_alone or (n_scaled < 0.99 * n_after and not currencies):
        return False, afters
    rests: dict[str, int] = {}
    for _, rest, n in parts:
        if rest:
            rests[rest] = rests.get(rest, 0) + n
    return True, sorted(rests.items(), key=lambda item: (-item[1], item[0]))


def _split(after: str) -> tuple[str, str]:
    """Part a multiplier from what follows it: 'Mio. €' is 'Mio.' and '€'."""
    for size in range(len(after), 0, -1):
        times, rest = after[:size].rstrip(), after[size:]
        is_word = bool(rest) and rest[0].isalpha() and not after[size - 1].isspace()
        if times in MULTIPLIERS and not is_word:
            return times, rest.strip()
    return "", after


def _measures(
    afters: list[tuple[str, int]], n_cells: int
) -> tuple[str, tuple[tuple[str, float], ...], tuple[str, ...], tuple[str, ...]]:
    """What stands after the numbers: one text, or several of one family."""
    if not afters:
        return "", (), (), ()
    base = afters[0][0]
    sizes = {text: ratio(text, base) for text, _ in afters}
    related = {text: size for text, size in sizes.items() if size is not None}
    n_related = sum(n for text, n in afters if text in related)
    if n_related < 0.99 * sum(n for _, n in afters):
        kind = "currencies" if _are_currencies(afters) else "measures"
        found = sorted(text for text, _ in afters[:5])
        mixed = f"its cells mix the {kind} {' and '.join(map(repr, found))}"
        is_common = 2 * sum(n for _, n in afters) >= n_cells
        return base, (), (), (mixed,) if is_common else ()
    if len(related) == 1 or len(related) > MOST_MEASURES:
        return base, (), (), ()
    others = {text: size for text, size in related.items() if size != 1}
    said = tuple(
        f"{text!r} was read as {size:,.6g} {base!r}" for text, size in others.items()
    )
    return "", tuple(related.items()), said, ()


def _are_currencies(afters: list[tuple[str, int]]) -> bool:
    return all(re.fullmatch(CURRENCY, text) for text, _ in afters)


def _bare_beside_percents(cells: pl.DataFrame, after: str) -> tuple[str, ...]:
    """Say which cells lack the % of the others: 0.12 beside 45% may be 12 %."""
    if after != "%":
        return ()
    bare = cells.filter(pl.col("after").is_null() | (pl.col("after") == ""))
    bare = bare.filter(pl.col("text") != "0")  # as much with it as without
    n = int(bare["n"].sum())
    if not n:
        return ()
    lack = "cell lacks" if n == 1 else "cells lack"
    was = "was read as it is" if n == 1 else "were read as they are"
    shown = listed(bare["text"].sort(), most=3)
    return (f"{n:,} {lack} the '%' of the others and {was}, such as {shown}",)


def _bounded(cells: pl.DataFrame, bounds: str) -> tuple[str, ...]:
    """Say which cells give a bound rather than a number."""
    if not set(bounds) - {"+"}:  # 10,000+ is told by its dress
        return ()
    texts = cells.filter(pl.col("bound").is_not_null())
    n = int(texts["n"].sum())
    are = "gives a bound and was" if n == 1 else "give bounds and were"
    verb = "cell" if n == 1 else "cells"
    shown = listed(texts["text"].sort(), most=3)
    return (f"{n:,} {verb} {are} read as the number itself, such as {shown}",)


def _possible_marks(digits: pl.Series) -> list[tuple[str, str, bool]]:
    """The pairs of marks of which the digits hold at least one; `.` always."""
    seen = {
        mark: not mark or bool(digits.str.contains(MARKS[mark]).any()) for mark in MARKS
    }
    pairs = [
        (decimal, mark, False)
        for decimal, mark in _PAIRS
        if seen[mark] and (decimal == "." or seen[","] or mark == ".")
    ]
    if digits.str.contains(r"\d,\d{2},\d{3}(?:\.|$)").any():
        pairs.append((".", ",", True))
    return pairs


def _likelier(
    rule: NumberRule, rival: NumberRule | None
) -> tuple[NumberRule, NumberRule | None]:
    """Of two rules that read every cell, take the one that money is written in."""
    money = rule.before or rule.after
    if rival and not rule.thousands and money.strip(".") in _COMMA_MONEY:
        return rival, rule
    return rule, rival


def _rival(rule: NumberRule, rivals: list[NumberRule]) -> NumberRule | None:
    """The other rule in which the same mark has another meaning."""
    mark = rule.thousands or rule.decimal
    for rival in rivals:
        if mark in (rival.thousands, rival.decimal) and not rival.in_pairs:
            return rival
    return None


def _undecided(rule: NumberRule, rival: NumberRule | None) -> tuple[str, ...]:
    """Say which mark could have another meaning."""
    # Money has two decimals: $1,234 leaves nothing open.
    if rival is None or (rule.has_currency and rule.thousands == ","):
        return ()
    mark = rule.thousands or rule.decimal
    places = ["between thousands", "before the fraction"]
    taken, other = places if rule.thousands else places[::-1]
    return (f"{mark!r} was read as standing {taken}, but every cell also fits {other}",)
