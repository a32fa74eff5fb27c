"""What a schema learns, and from which rows: training rows only.

A vocabulary that knew a value of the validation rows, or a flag for cells that
are missing only there, would tell the network about rows it must not see.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.table.category import plain_category
from layerwise.table.column import MOST_VALUES, ONE_HOT_VALUES, Column, Encoding
from layerwise.table.distinct import counts_of, is_repeated, read_once
from layerwise.table.encode import column_spread
from layerwise.table.reading import Reading

__all__ = ["learn_column"]


def learn_column(
    reading: Reading,
    cells: pl.Series,
    one_hot_only: bool,
    weights: NDArray[np.floating[Any]] | None = None,
) -> Column:
    """Learn how one column becomes numbers.

    Args:
        reading: What the column was read as.
        cells: Its cells in the training rows.
        one_hot_only: Whether a category gets a unit for every value.
        weights: How many rows each of them stands for; one each by default.

    Returns:
        The column; left out when it holds one value only in these rows.

    Example:
        >>> reading = Reading("job", "category", "2 different values in 3 cells")
        >>> learn_column(reading, pl.Series(["cook", "clerk", "cook"]), False).units
        ('job=cook', 'job=clerk', 'job=other')
    """
    column = Column(reading.name, reading.kind, reading.why, "left out", reading.rule)
    if not reading.is_used:
        return column
    if reading.kind == "category":
        return _learn_category(column, cells, one_hot_only, weights)
    if reading.kind == "text":
        return _learn_text(column, cells)
    least, most, has_missing = column_spread(cells, column)[0].of_first().used().ends()
    if np.isnan(least) or (least == most and not has_missing):
        return _constant(column)
    encoding: Encoding = "date" if reading.kind == "date" else "number"
    column = replace(column, encoding=encoding, has_missing=has_missing)
    # No is 0 and yes is 1: there is nothing beyond.
    if reading.kind == "yes/no":
        return column
    return replace(column, least=least, most=most)


def _learn_category(
    column: Column,
    cells: pl.Series,
    one_hot_only: bool,
    weights: NDArray[np.floating[Any]] | None,
) -> Column:
    counts = _counts(cells, partial(plain_category, rule=column.rule), weights)
    has_missing = counts["word"].null_count() > 0
    vocabulary, pools = _vocabulary(counts.drop_nulls("word"))
    n = len(vocabulary) + has_missing
    if n < 2:
        return _constant(column)
    is_small = one_hot_only or n <= ONE_HOT_VALUES
    encoding: Encoding = "one-hot" if is_small else "embedding"
    return replace(
        column,
        encoding=encoding,
        vocabulary=vocabulary,
        has_missing=has_missing,
        # Without hidden layers nothing trains a unit that no training row excites.
        has_other=is_small and (pools or not one_hot_only),
    )


def _learn_text(column: Column, cells: pl.Series) -> Column:
    # A list or a record is no text, though its kind says so.
    if cells.dtype.is_nested() or cells.dtype == pl.Binary:
        return column
    words = read_once(partial(plain_category, rule=column.rule), cells)
    has_missing = bool(words.null_count())
    if words.n_unique() < 2:
        return _constant(column)
    return replace(column, encoding="hashed", has_missing=has_missing)


def _counts(
    cells: pl.Series,
    read: Callable[[pl.Series], pl.Series],
    weights: NDArray[np.floating[Any]] | None,
) -> pl.DataFrame:
    """Count the words of a column by the weights of their rows; null is one too."""
    if weights is None and is_repeated(cells):
        counts = counts_of(cells, read).rename({"text": "word"})
        n_missing = len(cells) - int(counts["n"].sum())
        missing = pl.DataFrame({"word": [None], "n": [n_missing]}, counts.schema)
        return pl.concat([counts, missing.filter(pl.col("n") > 0)])
    words = read_once(read, cells)
    if weights is None:
        return pl.DataFrame({"word": words}).group_by("word").len("n")
    # Summed by NumPy: the same bits, and so the same ties, with any number of threads.
    ids = words.rank("dense").fill_null(0).cast(pl.Int64).to_numpy()
    distinct = [None, *words.drop_nulls().unique().sort()]
    sums = np.bincount(ids, weights, len(distinct))
    counted = pl.DataFrame({"word": pl.Series(distinct, dtype=pl.String), "n": sums})
    return counted if words.null_count() else counted[1:]


def _vocabulary(counts: pl.DataFrame) -> tuple[tuple[str, ...], bool]:
    """The values worth an id, the most frequent first, ties by name; are there more?"""
    counts = counts.sort("n", "word", descending=[True, False])
    repeated = counts.filter(pl.col("n") > 1)
    # Of many values, those seen once teach nothing that lasts. They share id
    # 0 with the values still to come, so that training knows such rows too.
    is_pooled = len(counts) > ONE_HOT_VALUES and len(repeated) > 1
    kept = (repeated if is_pooled else counts)["word"].head(MOST_VALUES)
    return tuple(kept), len(kept) < len(counts)


def _constant(column: Column) -> Column:
    return replace(
        column, kind="constant", why="the training rows hold one value only", rule=None
    )
