"""What a schema learns, and from which rows: training rows only.

A vocabulary that knew a value of the validation rows, or a flag for cells that
are missing only there, would tell the network about rows it must not see.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.table.category import plain_category
from layerwise.table.column import MOST_VALUES, ONE_HOT_VALUES, Column, Encoding
from layerwise.table.encode import column_numbers
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
        ('job=cook', 'job=clerk')
    """
    column = Column(reading.name, reading.kind, reading.why, "left out", reading.rule)
    if not reading.is_used:
        return column
    if reading.kind == "category":
        return _learn_category(column, cells, one_hot_only, weights)
    numbers = column_numbers(cells, column)[0]
    first = numbers if numbers.ndim == 1 else numbers[:, 0]
    has_missing = bool(np.isnan(first).any())
    least, most = np.fmin.reduce(first), np.fmax.reduce(first)
    if np.isnan(least) or (least == most and not has_missing):
        return _constant(column)
    encoding: Encoding = "date" if reading.kind == "date" else "number"
    return replace(column, encoding=encoding, has_missing=has_missing)


def _learn_category(
    column: Column,
    cells: pl.Series,
    one_hot_only: bool,
    weights: NDArray[np.floating[Any]] | None,
) -> Column:
    words = plain_category(cells)
    has_missing = bool(words.null_count())
    vocabulary = _vocabulary(words, weights)
    n = len(vocabulary) + has_missing
    if n < 2:
        return _constant(column)
    is_small = one_hot_only or n <= ONE_HOT_VALUES
    encoding: Encoding = "one-hot" if is_small else "embedding"
    return replace(
        column, encoding=encoding, vocabulary=vocabulary, has_missing=has_missing
    )


def _vocabulary(
    words: pl.Series, weights: NDArray[np.floating[Any]] | None
) -> tuple[str, ...]:
    """The values worth an id, the most frequent first, ties by name."""
    n = np.ones(len(words)) if weights is None else weights
    counted = pl.DataFrame({"word": words, "n": n}).drop_nulls("word")
    counts = counted.group_by("word").agg(pl.col("n").sum())
    counts = counts.sort("n", "word", descending=[True, False])
    repeated = counts.filter(pl.col("n") > 1)
    # Of many values, those seen once teach nothing that lasts. They share id
    # 0 with the values still to come, so that training knows such rows too.
    if len(counts) > ONE_HOT_VALUES and len(repeated) > 1:
        counts = repeated
    return tuple(counts["word"].head(MOST_VALUES))


def _constant(column: Column) -> Column:
    return replace(
        column, kind="constant", why="the training rows hold one value only", rule=None
    )
