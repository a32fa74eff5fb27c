"""How the values of a column are spread: plain data, of all rows.

kind                    spread
number, duration        the rows in each of up to 12 equal steps from low to high
date                    the same, from the first day to the last
category                the most frequent values, and how many there are
yes/no, ordered         the rows of each value
others                  none
"""

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.table.category import as_text, plain_category
from layerwise.table.column import Column
from layerwise.table.distinct import counts_of, is_repeated
from layerwise.table.encode import column_numbers
from layerwise.table.reading import Reading

__all__ = ["Bins", "Shares", "distribution"]

MOST_BINS = 12
MOST_SHARES = 8
DAYS_OF_YEARS = 3_650_000
"""Days to the year 9999 or so; beyond, a date cannot be written."""


@dataclass(frozen=True)
class Bins:
    """Rows counted in equal steps.

    Attributes:
        low: The smallest value; the first day of dates, as text.
        high: The largest.
        counts: The rows in each step. Missing cells are in none.
    """

    low: float | str
    high: float | str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Shares:
    """Rows counted by value.

    Attributes:
        values: The most frequent values first, or words in their order.
        counts: The rows of each of them. Missing cells are in none.
        n_values: How many different values there are.
        n_present: Rows whose cell is not missing.
    """

    values: tuple[str, ...]
    counts: tuple[int, ...]
    n_values: int
    n_present: int


def distribution(cells: pl.Series, reading: Reading) -> Bins | Shares | None:
    """Count how the values of a column are spread.

    Args:
        cells: The column as it stands in the table.
        reading: What it was read as.

    Returns:
        The counts; None where the kind has no values to count, or the column
        could not be read.

    Example:
        >>> distribution(pl.Series(["1", "2", "2"]), Reading("x", "number", ""))
        Bins(low=1, high=2, counts=(1, 2))
        >>> words = pl.Series(["cook", "clerk", "cook"])
        >>> distribution(words, Reading("job", "category", "")).counts
        (2, 1)
    """
    kind, rule = reading.kind, reading.rule
    if kind == "category":
        texts = cells if is_repeated(cells) else as_text(cells)
        return _of_words(counts_of(texts, partial(plain_category, rule=rule)))
    if not reading.is_used or kind == "text":
        return None
    column = Column(reading.name, kind, reading.why, "left out", rule)
    numbers = column_numbers(cells, column)[0]
    numbers = numbers if numbers.ndim == 1 else numbers[:, 0]
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return None
    if kind == "yes/no":
        words = (str(getattr(rule, "no", "no")), str(getattr(rule, "yes", "yes")))
        return _of_ids(numbers, words)
    levels: Any = getattr(rule, "levels", ())
    if kind == "ordered":
        return _of_ids(numbers, tuple(levels))
    if kind == "date":
        return _of_days(numbers)
    return _of_numbers(numbers)


def _of_words(counts: pl.DataFrame) -> Shares:
    top = counts.sort("n", "text", descending=[True, False]).head(MOST_SHARES)
    n = int(counts["n"].sum())
    return Shares(tuple(top["text"]), tuple(top["n"]), len(counts), n)


def _of_ids(numbers: NDArray[np.float64], words: tuple[str, ...]) -> Shares:
    counts = np.bincount(numbers.astype(np.int64), minlength=len(words)).tolist()
    return Shares(words, tuple(counts), len(words), len(numbers))


def _of_days(days: NDArray[np.float64]) -> Bins:
    bins = _of_numbers(np.floor(days))
    return Bins(_day(float(bins.low)), _day(float(bins.high)), bins.counts)


def _day(days: float) -> str:
    """Write a day; Python's own dates end in the year 9999.

    Example:
        >>> _day(19_783.0), _day(1e8)
        ('2024-03-01', 'day 100000000')
    """
    if abs(days) > DAYS_OF_YEARS:
        return f"day {days:.0f}"
    return str(np.datetime64(int(days), "D"))


def _of_numbers(numbers: NDArray[np.float64]) -> Bins:
    """Count in equal steps; whole numbers in steps of whole numbers.

    Else a step would hold two of them and the next one, and the counts would show
    teeth that the column has not.
    """
    low, high = float(numbers.min()), float(numbers.max())
    # NOTE[NUMERICS]: halves, since the difference of two floats may be infinite
    half = high / 2 - low / 2
    is_whole = half < 2**51 and bool((numbers == np.floor(numbers)).all())
    if is_whole:
        step = math.ceil((high - low + 1) / MOST_BINS)
        n_bins = math.ceil((high - low + 1) / step)
        places = (numbers - low) // step
    else:
        n_bins = MOST_BINS if half > 0 else 1
        places = (numbers / 2 - low / 2) / (half or 1.0) * n_bins
    ids = np.minimum(places.astype(np.int64), n_bins - 1)
    counts = tuple(np.bincount(ids, minlength=n_bins).tolist())
    return Bins(_short(low), _short(high), counts)


def _short(value: float) -> float:
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
