"""Which rows train, and which only check.

    by row       drawn at random; for classes, the same share of each
    by group     whole groups, drawn at random: no group is in both
    by order     the last rows of an order, such as a date: no look ahead

    in folds     every row once, in turns: for classes, the same share of each

The same seed gives the same split on every machine and with every NumPy: rows
are sorted by the raw output of Philox, which its definition fixes. (The methods
of NumPy's Generator may change from version to version.)
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwise.errors import ParameterError

__all__ = ["folds", "split"]

Rows = NDArray[np.int64]


def split(
    n: int,
    fraction: float,
    seed: int,
    labels: NDArray[Any] | None = None,
    groups: NDArray[Any] | None = None,
    order: NDArray[Any] | None = None,
) -> tuple[Rows, Rows]:
    """Split rows into training and validation rows.

    n_valid = round(fraction n), at least 1 and at most n - 1.

    Args:
        n: The number of rows.
        fraction: The share of rows to validate on, 0 <= fraction < 1. With 0
            every row trains.
        seed: Which of the possible splits.
        labels: (n,), a class id each. Every class keeps a row in train.
        groups: (n,). Rows of one group stay together.
        order: (n,). The last rows by it validate; ties stay together.

    Returns:
        The training and the validation rows, each sorted, together all rows.

    Raises:
        ParameterError: When a setting is out of range, two ways of splitting
            are asked for at once, or there is nothing to split.

    Example:
        >>> train, valid = split(10, 0.2, seed=0)
        >>> len(train), len(valid)
        (8, 2)
        >>> split(4, 0.5, seed=0, order=np.array([3, 1, 2, 4]))[1]
        array([0, 3])
    """
    _check(n, fraction, seed, labels=labels, groups=groups, order=order)
    everything = np.arange(n, dtype=np.int64)
    if fraction == 0 or n < 2:
        return everything, everything[:0]
    n_valid = min(max(round(fraction * n), 1), n - 1)
    random = np.random.Philox(key=seed)
    if order is not None:
        valid = _last(order, n_valid)
    elif groups is not None:
        valid = _whole_groups(groups, n_valid, random)
    elif labels is not None:
        valid = _stratified(labels, n_valid, random)
    else:
        valid = _shuffled(n, random)[:n_valid]
    is_valid = np.zeros(n, dtype=bool)
    is_valid[valid] = True
    return everything[~is_valid], everything[is_valid]


def folds(
    train: Rows, valid: Rows, n_folds: int, seed: int, labels: NDArray[Any] | None
) -> list[tuple[Rows, Rows]]:
    """Hold out rows in turns: those of a split first, then the others in parts.

    A class with no more rows in train than there are parts trains in every fold, so
    that none is ever without it. All folds train on equally many rows, and so with the
    same compiled program, where that takes no more than this: a row or two are never
    held out, or a fold leaves one row out, each another.

    Args:
        train: The training rows of the split.
        valid: Its validation rows.
        n_folds: How many pairs to return, the split itself among them.
        seed: Which of the possible parts.
        labels: A class id for each row of the table; None for numbers.

    Returns:
        The training and the validation rows of each fold, sorted; fewer folds where
        no class has rows for all.

    Raises:
        ParameterError: When there are fewer rows than folds.

    Example:
        >>> train, valid = split(6, 0.34, seed=0)
        >>> for _, held_out in folds(train, valid, 3, 0, None):
        ...     print(held_out)
        [0 2]
        [1 3]
        [4 5]
    """
    n_parts = n_folds - 1
    if n_parts > len(train):
        raise ParameterError(
            f"The 'folds' parameter must be at most {len(train) + 1} for {len(train)} "
            f"training rows. Got {n_folds} instead."
        )
    dealt, spare = _dealt(train, n_parts, seed, labels)
    over = len(dealt) - n_parts * len(valid)
    if 0 < over < n_parts:
        dealt = dealt[~np.isin(dealt, spare[:over])]
    parts = [np.sort(dealt[part::n_parts]) for part in range(n_parts)]
    held_out = [valid, *(part for part in parts if len(part))]
    every = np.sort(np.concatenate([train, valid]))
    trains = [every[~np.isin(every, one)] for one in held_out]
    if n_parts > 1:
        trains[1:] = _as_many(trains[1:], len(train), spare)
    return list(zip(trains, held_out, strict=True))


def _dealt(
    train: Rows, n_parts: int, seed: int, labels: NDArray[Any] | None
) -> tuple[Rows, Rows]:
    """Return the rows that take turns, by class, and those of the largest class."""
    dealt = train[_shuffled(len(train), np.random.Philox(key=seed))]
    if labels is None:
        return dealt, dealt
    dealt = dealt[np.argsort(labels[dealt], kind="stable")]
    counts = np.bincount(labels[dealt])
    spare = dealt[labels[dealt] == counts.argmax()]
    return dealt[counts[labels[dealt]] > n_parts], spare


def _as_many(trains: list[Rows], n: int, spare: Rows) -> list[Rows]:
    """Leave a row out of each fold that has one more than n, each time another."""
    cut = []
    for i, train in enumerate(trains):
        rows = np.roll(spare, -i)
        rows = rows[np.isin(rows, train)]
        one_more = len(train) == n + 1 and len(rows) > 1
        cut.append(train[train != rows[0]] if one_more else train)
    return cut


def _check(n: int, fraction: float, seed: int, **ways: NDArray[Any] | None) -> None:
    if not 0 <= fraction < 1:
        raise ParameterError(
            f"The 'valid_fraction' parameter must be a float in the range [0.0, 1.0). "
            f"Got {fraction!r} instead."
        )
    if not 0 <= seed < 2**128:
        raise ParameterError(
            f"The 'seed' parameter must be an int in the range [0, 2**128). "
            f"Got {seed!r} instead."
        )
    for name, values in ways.items():
        if values is not None and np.shape(values) != (n,):
            raise ParameterError(
                f"The '{name}' parameter must hold one value for each of the {n} rows. "
                f"Got shape {np.shape(values)} instead."
            )
    given = [name for name, values in ways.items() if values is not None]
    if len({"groups", "order"} & set(given)) == 2:
        raise ParameterError("Rows are split by groups or by an order, not by both.")


def _shuffled(n: int, random: np.random.Philox) -> NDArray[np.intp]:
    """The numbers below n in random order."""
    return np.argsort(random.random_raw(n), kind="stable")


def _last(order: NDArray[Any], n_valid: int) -> NDArray[np.intp]:
    """The last rows by an order; rows that tie with the first of them too."""
    ranks = np.unique(order, return_inverse=True)[1]
    if not ranks.any():
        raise ParameterError(
            "The rows cannot be split by an order in which all of them are equal."
        )
    first = np.sort(ranks)[len(ranks) - n_valid]
    # The smallest rank must train: there is nothing before it.
    return np.flatnonzero(ranks >= max(first, 1))


def _whole_groups(
    groups: NDArray[Any], n_valid: int, random: np.random.Philox
) -> NDArray[np.intp]:
    """Groups in random order, until there are enough rows; one group trains."""
    names, ids, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if len(names) < 2:
        raise ParameterError(
            "The rows cannot be split by groups: there is one group only."
        )
    shuffled = _shuffled(len(names), random)
    n_rows = np.cumsum(sizes[shuffled])
    # As many groups as come closest to the asked number of rows.
    n_groups = int(np.argmin(np.abs(n_rows[:-1] - n_valid))) + 1
    return np.flatnonzero(np.isin(ids, shuffled[:n_groups]))


def _stratified(
    labels: NDArray[Any], n_valid: int, random: np.random.Philox
) -> NDArray[np.intp]:
    """The same share of each class, by largest remainders; one of each trains."""
    _, ids, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    share = n_valid * sizes / len(labels)
    taken = np.minimum(np.floor(share), sizes - 1).astype(np.int64)
    # What rounding left over goes to the classes that lost most of their share.
    for k in np.argsort(taken - share, kind="stable"):
        if taken.sum() < n_valid and taken[k] < sizes[k] - 1:
            taken[k] += 1
    shuffled = _shuffled(len(labels), random)
    by_class = shuffled[np.argsort(ids[shuffled], kind="stable")]
    ends = np.cumsum(sizes)
    return np.concatenate(
        [
            by_class[end - size :][:k]
            for end, size, k in zip(ends, sizes, taken, strict=True)
        ]
    )
