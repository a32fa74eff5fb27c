"""Do two words mean no and yes, do words repeat, or is the column text?

cells                              reading
yes, no                            yes/no
red, green, red                    category
X beside empty cells               category: a box that is ticked or not
C-17, C-18, C-19                   id: all differ, all of one shape
Far too loud, We will come again   text
"""

from dataclasses import replace

import polars as pl

from layerwise.errors import listed
from layerwise.table.category import (
    are_categories,
    are_identifiers,
    as_text,
    names_rows,
    plain_category,
)
from layerwise.table.distinct import counts_of, is_repeated, texts_once
from layerwise.table.missing import stripped
from layerwise.table.names import is_postal
from layerwise.table.ordered import known_order
from layerwise.table.questions import SAME, RefusedColumn, Texts, values_of
from layerwise.table.reading import (
    Alternative,
    Reading,
    cells_of,
    count,
    left_out,
    used,
)
from layerwise.table.sentinels import MANY_ROWS, NEARLY_ALL
from layerwise.table.yes_no import YesNoRule, known_pair

__all__ = ["as_words", "as_yes_no", "category_alternatives"]

# Words of yes and no are looked for among so many different values.
MOST_SPELLINGS = 14
MOST_COMPARED = 10_000


def as_yes_no(column: Texts) -> Reading:
    """Are there two words, such as yes and no, or t and f?

    Example:
        >>> as_yes_no(Texts("loan", pl.Series(["yes", "NO"]))).why
        "all 2 cells are 'no' or 'yes'"
    """
    if len(column.counts) > MOST_SPELLINGS:
        raise RefusedColumn
    found = set(column.counts["text"].str.to_lowercase())
    rule = known_pair(found)
    if rule is None:
        raise RefusedColumn
    read = texts_once(lambda c: values_of(c).str.to_lowercase(), column.cells)
    share = cells_of(column.n, column.n_cells)
    words = list(rule.words[0] + rule.words[1])
    shown = " or ".join(map(repr, sorted(found, key=words.index)))
    why = f"{share} are {shown}"
    reading = used(column.name, "yes/no", why, column.cells, read)
    other = Alternative("category")
    return replace(reading, rule=rule, alternatives=(other,))


def as_words(name: str, cells: pl.Series) -> Reading:
    """Do the values repeat, so that they are categories; or is it text?

    Args:
        name: The column.
        cells: Its cells as they stand in the table.

    Returns:
        The reading, with what else the words could be.

    Example:
        >>> as_words("job", pl.Series(["cook", "clerk", "cook"])).why
        '2 different values in 3 cells'
    """
    texts = cells if is_repeated(cells) else as_text(cells)
    words = texts_once(plain_category, texts)
    n = len(words) - words.null_count()
    counts = counts_of(texts, plain_category).rename({"text": "word"})
    distinct = counts["word"]
    if len(distinct) == 1 and n == len(words):
        return left_out(name, "constant", SAME, cells, words)
    values = count(len(distinct), "different value")
    why = f"{values} in {count(n, 'cell')}"
    # One value beside missing cells is a box that is ticked or not.
    if are_categories(len(distinct), n) or len(distinct) == 1:
        reading = used(name, "category", why, cells, words)
        said = [
            *_nearly_one(counts, n),
            *_spellings(distinct),
            *_north(texts, distinct),
        ]
        warnings = tuple(f"Column {name!r}: {sentence}." for sentence in said)
        others = category_alternatives(counts, n)
        return replace(reading, warnings=warnings, alternatives=others)
    is_shaped = are_identifiers(distinct) and not is_postal(name)
    if len(distinct) == n and (is_shaped or names_rows(name)):
        why = f"all {n:,} values differ and look like identifiers"
        reading = left_out(name, "id", why, cells, words)
        return replace(reading, alternatives=(Alternative("text"),))
    reading = used(
        name, "text", f"{why} are too many to learn one by one", cells, words
    )
    others = (Alternative("category"),) if len(distinct) < n else ()
    return replace(reading, alternatives=others)


def category_alternatives(counts: pl.DataFrame, n: int) -> tuple[Alternative, ...]:
    """What a category could be instead: yes and no, ordered words, or text.

    Args:
        counts: Its different words, `word`, and how often each occurs, `n`.
        n: How many cells there are.

    Returns:
        The alternatives, the likeliest first.

    Example:
        >>> counts = pl.DataFrame({"word": ["low", "high"], "n": [1, 2]})
        >>> [other.kind for other in category_alternatives(counts, 3)]
        ['ordered', 'yes/no']
    """
    if len(counts) > 100:
        return (Alternative("text"),)
    words = sorted(counts["word"])
    found: list[Alternative] = []
    if order := known_order(words):
        found.append(Alternative("ordered", " < ".join(order.levels[:20])))
    pairs = counts.with_columns(pl.col("word").str.to_lowercase())
    lower = set(pairs["word"])
    rule = known_pair(lower)
    if rule is None and len(lower) == 2:
        no, yes = sorted(lower)
        found.append(Alternative("yes/no", f"{yes!r} as yes, or {no!r}"))
    elif rule is not None:
        found.append(Alternative("yes/no", f"{rule.yes!r} as yes"))
    elif lost := _beside_a_pair(pairs, n):
        unread = pairs.filter(pl.col("word").is_in(lost))
        shown = tuple(word for word in words if word.lower() in lost)[:3]
        found.append(Alternative("yes/no", "", int(unread["n"].sum()), shown))
    return tuple(found)


def _beside_a_pair(counts: pl.DataFrame, n: int) -> list[str]:
    """The few words beside yes and no, in at most half of the cells."""
    known = {word for side in YesNoRule().words for word in side}
    lost = sorted(set(counts["word"]) - known)
    inside = set(counts["word"]) & known
    n_lost = int(counts.filter(pl.col("word").is_in(lost))["n"].sum())
    return lost if known_pair(inside) and 2 * n_lost <= n else []


def _nearly_one(counts: pl.DataFrame, n: int) -> list[str]:
    """Say where almost every cell holds one word."""
    top = counts.sort("n", "word", descending=[True, False]).row(0)
    if n < MANY_ROWS or top[1] < NEARLY_ALL * n:
        return []
    return [f"{top[1]:,} of {n:,} cells hold the same value, {top[0][:30]!r}"]


def _spellings(distinct: pl.Series) -> list[str]:
    """Say which words differ only in their case or in the blanks inside them."""
    if len(distinct) > MOST_COMPARED:
        return []
    alike = pl.DataFrame({"word": distinct}).with_columns(
        plain=pl.col("word").str.to_lowercase().str.replace_all(r"\s+", " ")
    )
    twice = alike.filter(pl.col("plain").is_duplicated()).sort("plain", "word")
    if not len(twice):
        return []
    first = twice.filter(pl.col("plain") == twice["plain"][0])["word"]
    n = twice["plain"].n_unique()
    more = f", and so do {n - 1:,} more" if n > 1 else ""
    return [f"{listed(first, most=3)} differ only in case or blanks{more}"]


def _north(texts: pl.Series, distinct: pl.Series) -> list[str]:
    """Say that NA was taken for missing among codes of two letters."""
    if not distinct.str.contains("^[A-Z]{2}$").all():
        return []
    is_north = pl.col("text") == "NA"
    n = int(counts_of(texts, stripped).filter(is_north)["n"].sum())
    if not n:
        return []
    return [
        f"'NA' counts as missing in {count(n, 'cell')}, beside codes of two letters"
    ]
