"""What a text column is asked, question by question, and what a refusal leaves.

Each question takes the column's texts and returns a `Reading`, or refuses the
column, so that the next question can be asked. A refusal may carry reasons that
the user should hear whatever the column turns out to be, and the reading that
it would have been, with the cells that it would lose.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import polars as pl
from numpy.typing import NDArray

from layerwise.errors import listed
from layerwise.table.category import as_text
from layerwise.table.distinct import (
    counts_of,
    counts_once,
    dictionary,
    is_repeated,
    read_once,
    remember,
    texts_once,
)
from layerwise.table.missing import (
    AMONG_VALUES,
    AMONG_WORDS,
    OF_ABSENCE,
    stripped,
    without,
)
from layerwise.table.reading import Alternative, Kind, Reading, Rule, count

__all__ = [
    "SAME",
    "TOLERANCE",
    "RefusedColumn",
    "Texts",
    "lacking",
    "lost_sentence",
    "values_of",
    "with_lost",
    "words_of",
    "words_of_absence",
]

# The share of cells of a number or date column that may be unreadable.
TOLERANCE = 0.01
SAME = "every cell is the same"
MOST_WORDS = 3
N_LOST = 3
N_FIRST = 1000
LONGEST_VALUE = 80
# So many different numbers must stand beside words that are to mean "no number".
FEWEST_NUMBERS = 10


class RefusedColumn(Exception):
    """A column that a question does not fit; its arguments are reasons.

    Attributes:
        alternative: What the column would have been, where half of it fits.
    """

    def __init__(self, *reasons: str, alternative: Alternative | None = None) -> None:
        """Keep the reasons as arguments."""
        super().__init__(*reasons)
        self.alternative = alternative


@dataclass(frozen=True, eq=False)
class Texts:
    """A text column, and the same cells as questions need them.

    Attributes:
        name: The column.
        cells: Its cells as they stand in the table.

    Example:
        >>> texts = Texts("x", pl.Series([" a", "?", "none"]))
        >>> texts.words.to_list(), texts.values.to_list()
        (['a', None, 'none'], ['a', None, None])
    """

    name: str
    cells: pl.Series

    @cached_property
    def words(self) -> pl.Series:
        """The cells without blanks around them, null where a word is missing."""
        return texts_once(words_of, self.cells)

    @cached_property
    def values(self) -> pl.Series:
        """The words, null also where a number, a date or yes/no is missing."""
        return self.read(lambda values: values)

    @cached_property
    def counts(self) -> pl.DataFrame:
        """The distinct values, `text`, and how often each occurs, `n`."""
        return self._counted[0]

    @cached_property
    def _counted(self) -> tuple[pl.DataFrame, pl.Series]:
        """The counts, and where texts that are kept once stand in them."""
        if is_repeated(self.cells):
            return counts_once(self.cells, values_of)
        return counts_of(self.cells, values_of), pl.Series(dtype=pl.UInt32)

    def each(self, read: pl.Series) -> pl.Series:
        """What each cell was read as, from what each distinct value was.

        Args:
            read: One entry for each of `counts`.

        Example:
            >>> Texts("x", pl.Series(["b", "a", "b"])).each(pl.Series([1, 2])).to_list()
            [2, 1, 2]
        """
        counts, lines = self._counted
        if is_repeated(self.cells):
            return read.gather(lines).gather(dictionary(self.cells)[1])
        known = pl.DataFrame({"text": counts["text"], "read": read})
        cells = pl.DataFrame({"text": self.values})
        joined = cells.join(known, on="text", how="left", maintain_order="left")
        return joined["read"]

    def remember(self, read: pl.Series, kind: Kind, rule: Rule) -> None:
        """Keep the numbers that each distinct value was read as, for who reads next.

        Args:
            read: One entry for each of `counts`, null where it is none.
            kind: What the values are.
            rule: How they were read.

        Example:
            >>> from layerwise.table.numbers import NumberRule
            >>> column = Texts("x", pl.Series(["$5"]))
            >>> column.remember(pl.Series([5.0]), "number", NumberRule(before="$"))
        """
        counts, lines = self._counted

        def arrays() -> tuple[NDArray[Any], ...]:
            lost = read.is_null() & ~counts["text"].is_in(list(rule.missing))
            at = lines.extend_constant(None, 1) if self.cells.null_count() else lines
            return read.gather(at).to_numpy(), lost.gather(at).fill_null(
                value=False
            ).to_numpy()

        remember(arrays, self.cells, (kind, rule))

    @property
    def is_long(self) -> bool:
        """Whether most values are longer than any number, date or duration."""
        if is_repeated(self.cells):
            is_longer = self.counts["text"].str.len_bytes() > LONGEST_VALUE
            return 2 * int(self.counts["n"].filter(is_longer).sum()) > self.n
        sizes = self.read(lambda values: values.str.len_bytes())
        longer = int((sizes > LONGEST_VALUE).sum())
        return 2 * longer > len(sizes) - sizes.null_count()

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds a word."""
        # One word among the first rows tells that of almost every column.
        if words_of(as_text(self.cells.head(N_FIRST))).is_not_null().any():
            return False
        return self.words.null_count() == len(self.cells)

    @property
    def n(self) -> int:
        """How many values there are."""
        return int(self.counts["n"].sum())

    @property
    def n_cells(self) -> int:
        """How many cells there are, missing ones among them."""
        return len(self.cells)

    def read(self, read: Callable[[pl.Series], pl.Series]) -> pl.Series:
        """Read the values, each different text once where it is kept once."""
        return read_once(lambda cells: read(values_of(cells)), self.cells)


def words_of(cells: pl.Series) -> pl.Series:
    """Take blanks around texts away, and texts that mean "no value" in any column.

    Example:
        >>> words_of(pl.Series([" a", "?", "none"])).to_list()
        ['a', None, 'none']
    """
    return without(stripped(cells), AMONG_WORDS)


def values_of(cells: pl.Series) -> pl.Series:
    """Do the same, and take texts that mean "no value" beside numbers and dates.

    Example:
        >>> values_of(pl.Series([" a", "?", "none"])).to_list()
        ['a', None, None]
    """
    return without(stripped(cells), AMONG_VALUES)


def words_of_absence(counts: pl.DataFrame, unread: pl.DataFrame) -> tuple[str, ...]:
    """Find words such as "Varies with device" that stand for "no number".

    Some words are known, such as "unknown"; dates of zeros too. Others are up to
    three words without a digit, each in more than 1 % of the cells and all
    together in at most half of them, among ten numbers or more.

    Args:
        counts: The distinct texts of a column, `text` and `n`.
        unread: Those that are no numbers.

    Returns:
        The texts that stand for "no value".

    Example:
        >>> counts = pl.DataFrame({"text": ["3", "5", "tbd"], "n": [1, 1, 1]})
        >>> words_of_absence(counts, counts[2:])
        ('tbd',)
    """
    lower = pl.col("text").str.to_lowercase()
    is_zero = pl.col("text").str.contains(r"^00?00?[-/.]00?[-/.]00?(?:00)?(?: [0:]+)?$")
    known = unread.filter(lower.is_in(list(OF_ABSENCE)) | is_zero).head(N_LOST * 3)
    n = int(counts["n"].sum())
    others = unread.filter(
        ~pl.col("text").is_in(list(known["text"]))
        & (pl.col("n") > TOLERANCE * n)
        & ~pl.col("text").str.contains(r"\d")
        & (pl.col("text").str.len_chars() <= 50)
    )
    is_clear = len(others) <= MOST_WORDS and 2 * int(others["n"].sum()) <= n
    enough = len(counts) - len(unread) >= FEWEST_NUMBERS
    found = (*known["text"], *(others["text"] if is_clear and enough else ()))
    is_rare = 2 * int(unread.filter(pl.col("text").is_in(list(found)))["n"].sum()) <= n
    return found if is_rare else ()


def lacking(found: tuple[str, ...]) -> list[str]:
    """Say which texts were taken for missing values.

    Example:
        >>> lacking(("soon", "tbd"))
        ["'soon', 'tbd' count as missing"]
    """
    if not found:
        return []
    return [f"{listed(found)} {'counts' if len(found) == 1 else 'count'} as missing"]


def lost_sentence(unread: pl.DataFrame, n: int, what: str) -> list[str]:
    """Say which cells cannot be read, without the column's name and the period.

    Args:
        unread: Distinct texts, `text`, and how often each occurs, `n`.
        n: How many cells there are in all.
        what: What they are not: `number`, `date`.

    Example:
        >>> unread = pl.DataFrame({"text": ["x"], "n": [1]})
        >>> lost_sentence(unread, 100, "number")
        ["1 of 100 cells is not a number and counts as missing, such as 'x'"]
    """
    n_lost = int(unread["n"].sum())
    if not n_lost:
        return []
    are = f"is not a {what}" if n_lost == 1 else f"are not {what}s"
    counts = "counts" if n_lost == 1 else "count"
    shown = listed(unread["text"], most=N_LOST)
    return [
        f"{n_lost:,} of {count(n, 'cell')} {are} and {counts} as missing, "
        f"such as {shown}"
    ]


def with_lost(
    reading: Reading, unread: pl.DataFrame, sentences: list[str] | tuple[str, ...]
) -> Reading:
    """Add to a reading the cells that it loses, and what is to be said.

    Example:
        >>> unread = pl.DataFrame({"text": ["x"], "n": [1]})
        >>> with_lost(Reading("a", "number", ""), unread, ["1 cell is lost"]).warnings
        ("Column 'a': 1 cell is lost.",)
    """
    said = tuple(f"Column {reading.name!r}: {sentence}." for sentence in sentences)
    return replace(
        reading,
        n_lost=int(unread["n"].sum()),
        lost=tuple(unread["text"].head(N_LOST)),
        warnings=reading.warnings + said,
    )
