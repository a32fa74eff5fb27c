"""Texts that repeat are read once each.

A large text file gives columns in which each different text is kept once, with
its place in every row (see `chunks`). What a text means does not depend on its
row, so whatever is asked of texts is asked of the different ones, and the
answers are laid out to the rows. Ten million dates are a few thousand.

Such a column is a Categorical of a namespace of its own. What a data frame
itself calls categorical is none: its user has said what its cells mean.
"""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = [
    "Spread",
    "counts_of",
    "counts_once",
    "dictionary",
    "is_repeated",
    "kept_once",
    "new_categories",
    "occurrences",
    "read_once",
    "remember",
    "spread_once",
    "texts_once",
    "values_once",
    "with_repeats_kept_once",
]

NAMESPACE = "texts kept once"
# Places are counted in pieces that fit the processor's cache.
PIECE = 2**16
# A table of fewer rows is read at once, however its texts stand.
MANY_ROWS = 2**18
# Where so few of the first texts repeat, hardly any of the others will.
N_FIRST = 2**16
MOST_NEW = 0.9
# A dictionary with more texts than this would save nothing.
ROWS_OF_EACH = 4
# What so many texts were read as is kept for the next who asks.
MANY_TEXTS = 2**14


@dataclass(frozen=True, eq=False)
class Spread:
    """The values of all rows, which are kept once for each different text.

    Attributes:
        values: An entry for each different text, or for each row.
        places: Which entry each row has; None where each has its own.

    Example:
        >>> Spread(np.array([0.5, 2.0]), np.array([1, 0, 1])).rows(1, 3)
        array([0.5, 2. ])
    """

    values: NDArray[Any]
    places: NDArray[np.integer[Any]] | None = None

    def rows(self, start: int = 0, stop: int | None = None) -> NDArray[Any]:
        """Lay the values out to some of the rows, all by default."""
        if self.places is None:
            return self.values[start:stop]
        return np.take(self.values, self.places[start:stop], axis=0)

    def of_first(self) -> "Spread":
        """Keep the first of several numbers that a row has."""
        return self if self.values.ndim == 1 else Spread(self.values[:, 0], self.places)

    def used(self) -> "Spread":
        """Keep the entries that any row has, one each and in no order."""
        if self.places is None:
            return self
        return Spread(self.values[occurrences(self.places, len(self.values)) > 0])

    def ends(self) -> tuple[float, float, bool]:
        """The least and the most number of all entries, and whether any is nan.

        Entries that no row has are among them, so the rows may reach less far.

        Example:
            >>> Spread(np.array([0.5, np.nan, 2.0])).ends()
            (0.5, 2.0, True)
        """
        if not len(self.values):
            return math.nan, math.nan, False
        least, most = self.values.min(), self.values.max()
        lacks = bool(np.isnan(least))
        if lacks:
            least, most = np.fmin.reduce(self.values), np.fmax.reduce(self.values)
        return float(least), float(most), lacks


def is_repeated(cells: pl.Series) -> bool:
    """Tell whether each different text of a column is kept once.

    Example:
        >>> cells = pl.Series(["a", "b", "a"])
        >>> is_repeated(cells), is_repeated(kept_once(cells))
        (False, True)
    """
    dtype = cells.dtype
    if not isinstance(dtype, pl.Categorical):
        return False
    return bool(dtype.categories.namespace() == NAMESPACE)


def new_categories() -> pl.Categories:
    """Make a place where the texts of one column are kept once each."""
    return pl.Categories.random(NAMESPACE)


def kept_once(cells: pl.Series) -> pl.Series:
    """Keep each different text of a column once.

    Example:
        >>> kept_once(pl.Series(["a", "b", "a"])).to_physical().to_list()
        [0, 1, 0]
    """
    return cells.cast(pl.Categorical(new_categories()))


def with_repeats_kept_once(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep the texts of a large table once each, in columns where they repeat.

    Example:
        >>> small = pl.DataFrame({"a": ["x", "x"]})
        >>> with_repeats_kept_once(small) is small
        True
    """
    if frame.height < MANY_ROWS:
        return frame
    names = [
        cells.name
        for cells in frame.select(pl.col(pl.String))
        if cells.head(N_FIRST).n_unique() < MOST_NEW * N_FIRST
    ]
    kept = frame.select(pl.col(n).cast(pl.Categorical(new_categories())) for n in names)
    repeated = [
        cells
        for cells in kept
        if len(dictionary(cells)[0]) <= len(cells) // ROWS_OF_EACH
    ]
    return frame.with_columns(repeated)


def dictionary(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the different texts of a column, and the place of each row's text.

    Args:
        cells: A column whose texts are kept once each.

    Returns:
        The texts, those of rows that were left out among them; and an index into
        them for each row, null where the cell is.

    Example:
        >>> texts, places = dictionary(kept_once(pl.Series(["a", None])))
        >>> texts[int(places[0])], places[1] is None
        ('a', True)
    """
    known, places = _dictionary(cells)
    return known.texts, places


@dataclass(frozen=True, eq=False)
class _Known:
    """Different texts, and what they were read as."""

    texts: pl.Series
    read: dict[Hashable, tuple[NDArray[Any], ...]] = field(default_factory=dict)


def _dictionary(cells: pl.Series) -> tuple[_Known, pl.Series]:
    """Do what `dictionary` does; what is known lasts where all texts are given."""
    places = cells.to_physical()
    most: Any = places.max()
    dtype: Any = cells.dtype
    n = 0 if most is None else most + 1
    # Many texts stay while columns with few come and go.
    known = (_many if n >= MANY_TEXTS else _few)(dtype.categories, n)
    if n > 2 * len(cells):  # few rows of a large table
        used = places.unique().drop_nulls()
        ids = pl.int_range(len(used), dtype=pl.UInt32, eager=True)
        places = places.replace_strict(used, ids, default=None, return_dtype=pl.UInt32)
        known = _Known(known.texts.gather(used))
    return known, places


def _known(categories: pl.Categories, n: int) -> _Known:
    """Return the first texts that were kept; much faster than to_series()."""
    places = pl.int_range(n, dtype=pl.UInt32, eager=True)
    return _Known(places.cat.to(pl.Categorical(categories)).cast(pl.String))


# A column is asked one question after the other.
_few = lru_cache(maxsize=4)(_known)
_many = lru_cache(maxsize=4)(_known)


def occurrences(places: NDArray[np.integer[Any]], n: int) -> NDArray[np.int64]:
    """Count how often each place from 0 to n - 1 occurs.

    Example:
        >>> occurrences(np.array([0, 2, 0]), 3).tolist()
        [2, 0, 1]
    """
    counts = np.zeros(n, np.int64)
    # A piece as large as the counts: adding them must not cost more than counting.
    size = max(PIECE, n)
    for i in range(0, len(places), size):
        counts += np.bincount(places[i : i + size], minlength=n)
    return counts


def read_once(read: Callable[[pl.Series], pl.Series], cells: pl.Series) -> pl.Series:
    """Read texts, each different one once where they are kept once.

    Args:
        read: What gives a value for each text, whatever the others are.
        cells: The texts of all rows.

    Returns:
        A value for each row.

    Example:
        >>> cells = kept_once(pl.Series(["1", "x", "1"]))
        >>> read_once(lambda texts: texts.cast(pl.Int8, strict=False), cells).to_list()
        [1, None, 1]
    """
    if not is_repeated(cells):
        return read(cells)
    texts, places = dictionary(cells)
    return read(texts).gather(places)


def texts_once(read: Callable[[pl.Series], pl.Series], cells: pl.Series) -> pl.Series:
    """Read texts as texts; where none is changed by it, they stay kept once.

    Example:
        >>> cells = kept_once(pl.Series(["a", "b", "a"]))
        >>> texts_once(lambda texts: texts.str.to_lowercase(), cells) is cells
        True
        >>> texts_once(lambda texts: texts.str.to_uppercase(), cells).to_list()
        ['A', 'B', 'A']
    """
    if not is_repeated(cells):
        return read(cells)
    texts, places = dictionary(cells)
    found = read(texts)
    return cells if found.equals(texts) else found.gather(places)


def counts_of(cells: pl.Series, read: Callable[[pl.Series], pl.Series]) -> pl.DataFrame:
    """Count what texts are read as.

    Args:
        cells: The texts of all rows.
        read: What gives a text for each text, null where it says nothing.

    Returns:
        The distinct texts, `text`, in their order, and how often each occurs, `n`.

    Example:
        >>> cells = pl.Series(["a", "b", "a", None])
        >>> counts_of(cells, lambda texts: texts.str.to_uppercase()).rows()
        [('A', 2), ('B', 1)]
    """
    if is_repeated(cells):
        return counts_once(cells, read)[0]
    found = pl.DataFrame({"text": read(cells)}).drop_nulls()
    return found.group_by("text").len("n").sort("text")


def counts_once(
    cells: pl.Series, read: Callable[[pl.Series], pl.Series]
) -> tuple[pl.DataFrame, pl.Series]:
    """Count what texts that are kept once are read as, and tell where each went.

    Returns:
        What `counts_of` returns; and for each text of the dictionary its line
        there, null where it has none.

    Example:
        >>> cells = kept_once(pl.Series(["b", "a", "b", "?"]))
        >>> read = lambda texts: texts.set(texts == "?", None)
        >>> counts, lines = counts_once(cells, read)
        >>> counts.rows(), lines.to_list()
        ([('a', 1), ('b', 2)], [1, 0, None])
    """
    texts, places = dictionary(cells)
    n = occurrences(places.drop_nulls().to_numpy(), len(texts))
    found = pl.DataFrame({"text": read(texts), "n": pl.Series(n, dtype=pl.UInt32)})
    found = found.with_row_index("place")
    there = found.filter((pl.col("n") > 0) & pl.col("text").is_not_null())
    if ((found["text"] == texts) | found["text"].is_null()).all():  # one line each
        lines = there[_order(there["text"])].with_row_index("line")
        counts = lines.select("text", "n")
    else:
        counts = there.group_by("text").agg(pl.col("n").sum()).sort("text")
        lines = there.join(counts.with_row_index("line"), on="text")
    line_of = np.zeros(len(texts), np.uint32)
    is_there = np.zeros(len(texts), bool)
    at = lines["place"].to_numpy()
    line_of[at], is_there[at] = lines["line"].to_numpy(), True
    return counts, pl.Series(line_of).set(~pl.Series(is_there), None)


def _order(texts: pl.Series) -> NDArray[np.intp]:
    """Where different texts stand in their order.

    Polars sorts texts alone seven times as fast as it tells where each stood. So
    they are sorted, and found again by their hashes.
    """
    ordered = texts.sort()
    order = np.empty(len(texts), np.intp)
    order[np.argsort(ordered.hash().to_numpy())] = np.argsort(texts.hash().to_numpy())
    if (texts.gather(order) == ordered).all():
        return order
    return texts.arg_sort().to_numpy().astype(np.intp)  # two have the same hash


def values_once(
    read: Callable[[pl.Series], tuple[NDArray[Any], ...]], cells: pl.Series
) -> tuple[NDArray[Any], ...]:
    """Do the same for a function that gives arrays, a row for each text.

    Example:
        >>> cells = kept_once(pl.Series(["ab", "c", None]))
        >>> values_once(lambda texts: (texts.str.len_bytes().to_numpy(),), cells)[0]
        array([ 2.,  1., nan])
    """
    return tuple(spread.rows() for spread in spread_once(read, cells))


def spread_once(
    read: Callable[[pl.Series], tuple[NDArray[Any], ...]],
    cells: pl.Series,
    key: Hashable = None,
) -> tuple[Spread, ...]:
    """Do the same without laying the arrays out to the rows.

    Args:
        read: What gives arrays, a row for each text.
        cells: The texts of all rows.
        key: What tells one way to read from another, where many texts need not be
            read in the same way again.

    Example:
        >>> cells = kept_once(pl.Series(["ab", "c", "ab"]))
        >>> (sizes,) = spread_once(lambda t: (t.str.len_bytes().to_numpy(),), cells)
        >>> sizes.values, sizes.places
        (array([2, 1], dtype=uint32), array([0, 1, 0], dtype=uint32))
    """
    if not is_repeated(cells):
        return tuple(Spread(array) for array in read(cells))
    known, places = _dictionary(cells)
    lacks = places.null_count() > 0
    arrays = known.read.get((key, lacks))
    if arrays is None:
        # What is missing has the last place, and the text null.
        texts = known.texts.extend_constant(None, 1) if lacks else known.texts
        arrays = read(texts)
        if key is not None and len(texts) >= MANY_TEXTS:
            known.read[key, lacks] = arrays
    at = (places.fill_null(len(known.texts)) if lacks else places).to_numpy()
    return tuple(Spread(array, at) for array in arrays)


def remember(
    read: Callable[[], tuple[NDArray[Any], ...]], cells: pl.Series, key: Hashable
) -> None:
    """Keep for `spread_once` what many texts are read as, which is known already.

    Args:
        read: What gives arrays, a row for each text of the dictionary, and one more
            for null where a cell is.
        cells: The texts of all rows.
        key: What tells this way to read from another.

    Example:
        >>> cells = kept_once(pl.Series([f"{i}" for i in range(MANY_TEXTS)]))
        >>> remember(lambda: (np.arange(MANY_TEXTS),), cells, "place")
        >>> spread_once(lambda texts: (), cells, "place")[0].values[:3]
        array([0, 1, 2])
    """
    if not is_repeated(cells):
        return
    known, places = _dictionary(cells)
    if len(known.texts) >= MANY_TEXTS:
        known.read[key, places.null_count() > 0] = read()
