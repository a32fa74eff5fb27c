"""Which rows repeat others: a score on rows that were seen is no score.

    repeated          an earlier row has the same inputs and the same target
    held out, seen    a row held out has the inputs of a training row
    contradicting     another row has the same inputs and another target

Rows of a few coarse columns repeat by chance, and those of a single column always
may. That is no finding: equal pairs count only where there are ten times as many
as columns drawn independently of each other would make.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.table.category import as_text
from layerwise.table.doubts.doubt import Doubt
from layerwise.table.reading import count
from layerwise.table.target import Target

__all__ = ["Repeats", "find_repeats", "repeat_doubts"]

Rows = NDArray[np.int64]
REPEATED_SHARE = 0.01
MORE_THAN_CHANCE = 10.0
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Repeats:
    """How many rows repeat others.

    Attributes:
        n_repeated: Rows that repeat an earlier one, inputs and target.
        n_seen: Rows held out with the inputs of a training row.
        n_contradicting: Rows with the inputs of another row and another target.
    """

    n_repeated: int = 0
    n_seen: int = 0
    n_contradicting: int = 0


def repeat_doubts(
    inputs: pl.DataFrame, target: Target, y: NDArray[Any], train: Rows, valid: Rows
) -> Iterator[Doubt]:
    """Say which rows repeat others, where more than one in a hundred does.

    Args:
        inputs: The columns that tell rows apart, as they stand in the table.
        target: What is predicted.
        y: The encoded target of each row.
        train: Positions of the training rows.
        valid: Positions of the rows held out, maybe none.

    Example:
        >>> inputs = pl.DataFrame({"x": [0.5, 0.7, 0.5], "z": [1, 2, 1]})
        >>> y, target = np.array([1.0, 2.0, 1.0]), Target("y", "regression")
        >>> found = repeat_doubts(inputs, target, y, np.arange(3), np.arange(0))
        >>> [doubt.code for doubt in found]
        ['duplicates']
    """
    found = find_repeats(inputs, y, train, valid)
    n, n_valid = len(y), len(valid)
    of_all = count(n, "row")
    if found.n_seen > REPEATED_SHARE * n_valid:
        sentence = (
            f"{found.n_seen:,} of {count(n_valid, 'row')} held out have the inputs of "
            "a training row, so their score also tells what was remembered. Take "
            "repeated rows out of the table, or hold out whole groups with --valid-by "
            "COLUMN."
        )
        numbers = (("seen", found.n_seen), ("held out", n_valid))
        yield Doubt("duplicates across the split", (), sentence, numbers)
    if found.n_repeated > REPEATED_SHARE * n:
        sentence = (
            f"{found.n_repeated:,} of {of_all} repeat an earlier row, target included. "
            "Keep one of each, unless they are different cases that look the same."
        )
        numbers = (("repeated", found.n_repeated), ("rows", n))
        yield Doubt("duplicates", (), sentence, numbers)
    if target.classes and found.n_contradicting > REPEATED_SHARE * n:
        sentence = (
            f"{found.n_contradicting:,} of {of_all} have the inputs of another row and "
            f"another {target.name!r}, so no network is right about all of them. Add a "
            "column that tells them apart."
        )
        numbers = (("contradicting", found.n_contradicting), ("rows", n))
        yield Doubt("contradictions", (), sentence, numbers)


def find_repeats(
    inputs: pl.DataFrame, y: NDArray[Any], train: Rows, valid: Rows
) -> Repeats:
    """Count rows that repeat others more often than chance makes them.

    Args:
        inputs: The columns, as they stand in the table.
        y: The encoded target of each row.
        train: Positions of the training rows.
        valid: Positions of the rows held out, maybe none.

    Returns:
        The counts, all 0 where chance explains them.

    Example:
        >>> inputs = pl.DataFrame({"x": [0.5, 0.7, 0.5], "z": [1, 2, 1]})
        >>> find_repeats(inputs, np.array([0, 1, 0]), np.array([0, 1]), np.array([2]))
        Repeats(n_repeated=1, n_seen=1, n_contradicting=0)
    """
    if inputs.width < 2:
        return Repeats()
    plain = inputs.with_columns(
        as_text(column) for column in inputs if column.dtype == pl.Object
    )
    first = _first_like(plain)
    sizes = np.bincount(first, minlength=len(first))
    members = np.flatnonzero(sizes[first] > 1)
    if not len(members) or not _is_more_than_chance(plain, sizes):
        return Repeats()
    _, labels = np.unique(y[members], return_inverse=True)
    pairs, n = np.unique(
        first[members] * (labels.max() + 1) + labels, return_counts=True
    )
    groups, n_labels = np.unique(pairs // (labels.max() + 1), return_counts=True)
    trains = np.zeros(len(first), bool)
    trains[first[train]] = True
    return Repeats(
        int((n - 1).sum()),
        int(trains[first[valid]].sum()),
        int(sizes[groups[n_labels > 1]].sum()),
    )


def _first_like(frame: pl.DataFrame) -> Rows:
    """For each row, the first row with the same cells; mostly the row itself."""
    hashes = frame.hash_rows(seed=0).to_numpy()
    _, where, ids = np.unique(hashes, return_index=True, return_inverse=True)
    first = where[ids].astype(np.int64)
    later = np.flatnonzero(first != np.arange(len(first)))
    # Equal hashes are almost always equal rows. What is counted is looked at.
    here, there = frame[later], frame[first[later]]
    same = np.ones(len(later), bool)
    for name in frame.columns:
        same &= here[name].eq_missing(there[name]).to_numpy()
    first[later[~same]] = later[~same]
    return first


def _is_more_than_chance(frame: pl.DataFrame, sizes: NDArray[np.intp]) -> bool:
    """Compare equal pairs with those of columns that know nothing of each other."""
    n = len(sizes)
    share = float((sizes * (sizes - 1.0)).sum() / (n * (n - 1.0)))
    sample = frame[:: -(-n // MOST_ROWS)]
    by_chance = 1.0
    for column in sample:
        repeats = column.value_counts()[:, 1].to_numpy().astype(np.float64)
        m = len(sample)
        equal = (repeats * (repeats - 1)).sum() / max(m * (m - 1.0), 1.0)
        by_chance *= max(equal - share, 0.0)  # equal rows have equal cells anyway
    return share > MORE_THAN_CHANCE * by_chance
