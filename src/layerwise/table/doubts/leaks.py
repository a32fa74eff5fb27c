"""How well one column alone tells the target: what gives a leak away.

A column that is known only once the target is, such as the refund of a returned
order, predicts it almost perfectly by itself. So each column is asked alone: its
cells form groups, training rows say what the target is in each group, and rows
held out say how often that is true.

    kind                     groups
    number, date, duration   up to 256, of cells that follow each other
    text                     the word that tells most about the class
    other                    one for each value
    all                      one more for missing cells

A number is compared by rank, so that no function that only rises or only falls,
such as a logarithm or a rounding, hides a leak.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.table.category import as_text, plain_category
from layerwise.table.column import Column
from layerwise.table.doubts.words import telling_words
from layerwise.table.encode import column_numbers
from layerwise.table.reading import Reading
from layerwise.table.split import split

__all__ = ["Alone", "Trial", "alone", "cell_numbers", "missing_alone", "trial_of"]

Rows = NDArray[np.int64]
Groups = NDArray[np.intp]

# A legitimate column may be strong: the weight of a diamond and its price have a
# rank correlation of 0.96, and a single smell tells 97 % of poisonous mushrooms.
LEAK_CORRELATION = 0.985
LEAK_SURENESS = 0.96
# Fewer rows than this prove nothing.
LEAST_ROWS = 20
# With fewer rows held out than this, every row is held out once instead.
ENOUGH_HELD_OUT, ENOUGH_OF_A_CLASS = 500, 50
N_FOLDS = 5
MOST_ROWS, FEWEST_ROWS = 20_000, 2_000
MOST_CELLS = 2_000_000
MOST_GROUPS = 256
ROWS_PER_GROUP, ROWS_PER_VALUE = 4, 8


@dataclass(frozen=True, eq=False)
class Trial:
    """Rows to measure columns on, and what is known of their targets.

    Attributes:
        rows: Positions in the table, a sample of a large one.
        y: Their targets: class ids, or ranks between 0 and 1 for regression.
        n_classes: 0 for regression.
        fold: Which fold holds each row out; -1 for rows that always train.
    """

    rows: Rows
    y: NDArray[Any]
    n_classes: int
    fold: NDArray[np.intp]

    def parts(self) -> Iterator[tuple[Groups, Groups]]:
        """Give the rows that train and those held out, once for each fold."""
        for k in range(int(self.fold.max()) + 1):
            yield np.flatnonzero(self.fold != k), np.flatnonzero(self.fold == k)


@dataclass(frozen=True)
class Alone:
    """How well one column alone tells the target.

    Attributes:
        measure: `rank correlation` for regression, `AUC` for two classes,
            `accuracy` for more.
        score: The measure on rows held out.
        guess: What guessing without the column has.
        n: Rows held out.
        skill: 0 for guessing, 1 where every row is told.
        is_leak: Whether that is almost perfect, and not by luck.
    """

    measure: Literal["rank correlation", "AUC", "accuracy"]
    score: float
    guess: float
    n: int
    skill: float
    is_leak: bool


def trial_of(
    y: NDArray[Any], n_classes: int, train: Rows, valid: Rows, n_columns: int
) -> Trial | None:
    """Choose the rows that columns are measured on.

    Rows held out by the split are used where there are enough of them, and of the
    second of two classes. Else every row is held out once, in five folds.

    Args:
        y: The encoded target of each row of the table.
        n_classes: 0 for regression.
        train: Positions of the training rows.
        valid: Positions of the rows held out, maybe none.
        n_columns: Many columns are measured on fewer rows.

    Returns:
        The trial, or None when there are too few rows or one class only.

    Example:
        >>> trial = trial_of(np.arange(30.0), 0, np.arange(30), np.arange(0), 1)
        >>> len(list(trial.parts()))
        5
    """
    most = int(np.clip(MOST_CELLS // max(n_columns, 1), FEWEST_ROWS, MOST_ROWS))
    rarest = int((y[valid] == 1).sum()) if n_classes == 2 else len(valid)
    if len(valid) >= ENOUGH_HELD_OUT and rarest >= ENOUGH_OF_A_CLASS:
        parts = (
            _thin(train, most - most // 5, y, n_classes),
            _thin(valid, most // 5, y, n_classes),
        )
        rows = np.concatenate(parts)
        fold = np.repeat([-1, 0], [len(part) for part in parts])
    else:
        rows = _thin(np.concatenate([train, valid]), most, y, n_classes)
        fold = np.argsort(_draw(len(rows)), kind="stable") % N_FOLDS
    known = y[rows]
    if len(rows) < LEAST_ROWS or (known == known[0]).all():
        return None
    return Trial(
        rows, known if n_classes else _ranks(known) / len(rows), n_classes, fold
    )


def _draw(n: int) -> NDArray[np.uint64]:
    return np.asarray(np.random.Philox(key=0).random_raw(n))


def _thin(rows: Rows, most: int, y: NDArray[Any], n_classes: int) -> Rows:
    """Take some rows; of two classes as many each as there are.

    A class of one row in a thousand would not be seen in a sample by chance.
    """
    if len(rows) <= most:
        return rows
    if n_classes != 2:
        return rows[split(len(rows), most / len(rows), seed=0)[1]]
    shuffled = rows[np.argsort(_draw(len(rows)), kind="stable")]
    is_one = y[shuffled] == 1
    turn = np.where(is_one, np.cumsum(is_one), np.cumsum(~is_one))
    return np.sort(shuffled[np.argsort(turn, kind="stable")[:most]])


def alone(cells: pl.Series, reading: Reading, trial: Trial) -> Alone | None:
    """Measure how well a column alone tells the target.

    Args:
        cells: The column's cells in the rows of the trial.
        reading: What the column was read as.
        trial: Rows and targets.

    Returns:
        The measure, or None where the rows held out show one class only.

    Example:
        >>> y = np.arange(40.0)
        >>> trial = trial_of(y, 0, np.arange(40), np.arange(0), 1)
        >>> found = alone(pl.Series(np.exp(y)), Reading("x", "number", ""), trial)
        >>> found.is_leak
        True
    """
    if reading.kind in ("number", "date", "duration"):
        groups = _in_order(cell_numbers(cells, reading))
        return _measured([groups] * N_FOLDS, trial, is_ordered=True)
    if reading.kind == "text" and trial.n_classes:
        trains = [train for train, _ in trial.parts()]
        by_word = telling_words(as_text(cells), trial.y, trial.n_classes, trains)
        return _measured(by_word, trial)
    return _measured([_by_value(plain_category(cells, reading.rule))] * N_FOLDS, trial)


def missing_alone(cells: pl.Series, reading: Reading, trial: Trial) -> Alone | None:
    """Measure what the target owes to a cell being there or not.

    Example:
        >>> trial = trial_of(np.arange(40) % 2, 2, np.arange(40), np.arange(0), 1)
        >>> cells = pl.Series([None, "x"] * 20)
        >>> missing_alone(cells, Reading("a", "category", ""), trial).score
        1.0
    """
    if reading.kind in ("number", "date", "duration"):
        groups = np.isnan(cell_numbers(cells, reading)).astype(np.intp)
    else:
        words = plain_category(cells, reading.rule)
        groups = words.is_null().to_numpy().astype(np.intp)
    return _measured([groups] * N_FOLDS, trial)


def cell_numbers(cells: pl.Series, reading: Reading) -> NDArray[np.float64]:
    """Return a number for each cell of a column that has an order, nan where missing.

    Example:
        >>> cell_numbers(pl.Series(["1.5", None]), Reading("x", "number", ""))
        array([1.5, nan])
    """
    encoding: Literal["date", "number"] = "date" if reading.kind == "date" else "number"
    column = Column(reading.name, reading.kind, reading.why, encoding, reading.rule)
    numbers = column_numbers(cells, column)[0]
    return numbers if numbers.ndim == 1 else numbers[:, 0]


def _in_order(numbers: NDArray[np.float64]) -> Groups:
    """Group cells that follow each other; a frequent value is a group of its own."""
    groups = np.zeros(len(numbers), np.intp)  # 0: missing
    there = ~np.isnan(numbers)
    values, ids, sizes = np.unique(
        numbers[there], return_inverse=True, return_counts=True
    )
    n_groups = min(MOST_GROUPS, max(2, len(ids) // ROWS_PER_GROUP))
    middle = (np.cumsum(sizes) - sizes / 2) / max(len(ids), 1)
    part = (middle * n_groups).astype(np.intp)
    is_frequent = sizes >= ROWS_PER_VALUE
    begins = np.ones(len(values), bool)
    begins[1:] = (np.diff(part) > 0) | is_frequent[1:] | is_frequent[:-1]
    groups[there] = np.cumsum(begins)[ids]
    return groups


def _by_value(words: pl.Series) -> Groups:
    ids = words.rank("dense").fill_null(0)
    return ids.cast(pl.Int64).to_numpy().astype(np.intp)


def _measured(
    groups_of_folds: list[Groups], trial: Trial, is_ordered: bool = False
) -> Alone | None:
    """Learn each group's target in training rows, and compare in those held out."""
    held_out: list[Groups] = []
    told: list[NDArray[Any]] = []
    for groups, (train, held) in zip(groups_of_folds, trial.parts(), strict=False):
        n_groups = int(groups.max()) + 1
        y = trial.y[train]
        tells: NDArray[Any]
        if trial.n_classes <= 2:
            tells = _means(groups[train], y, n_groups, 0 if is_ordered else 1)
        else:
            tells = _best_classes(groups[train], y, n_groups, trial.n_classes)
        if is_ordered:
            tells = _filled(tells, groups[train])
        told.append(tells[groups[held]])
        held_out.append(trial.y[held])
    y, predicted = np.concatenate(held_out), np.concatenate(told)
    if trial.n_classes == 0:
        return _of_numbers(y, predicted)
    if (y == y[0]).all():
        return None
    if trial.n_classes > 2:
        return _of_classes(y, predicted)
    return _of_two(y, predicted, list(zip(held_out, told, strict=True)))


def _means(
    groups: Groups, y: NDArray[Any], n_groups: int, added: int
) -> NDArray[np.float64]:
    """Each group's mean target above the mean of all, some rows of which are added."""
    sums = np.bincount(groups, y - y.mean(), n_groups)
    sizes = np.bincount(groups, minlength=n_groups) + added
    return np.asarray(sums / np.maximum(sizes, 1))


def _best_classes(
    groups: Groups, y: NDArray[Any], n_groups: int, n_classes: int
) -> Groups:
    """Each group's class: the one that the group holds more of than others do."""
    sizes = np.bincount(y, minlength=n_classes)
    best = np.full(n_groups, sizes.argmax())
    pairs, n = np.unique(groups * n_classes + y, return_counts=True)
    group, label = np.divmod(pairs, n_classes)
    by_share = np.argsort(n / sizes[label], kind="stable")
    best[group[by_share]] = label[by_share]  # the last one written stays
    return best


def _filled(tells: NDArray[Any], groups: Groups) -> NDArray[Any]:
    """Let a group without training rows tell what the next one with some does."""
    known = np.unique(groups[groups > 0])
    if not len(known):
        return tells
    following = np.searchsorted(known, np.arange(1, len(tells)))
    filled = tells[known[np.minimum(following, len(known) - 1)]]
    return np.concatenate([tells[:1], filled])


def _of_numbers(y: NDArray[Any], predicted: NDArray[Any]) -> Alone:
    # Means of ranks are compared as they are: ranking them again would part rows
    # that share a target.
    spread = y.std() * predicted.std()
    centered = (y - y.mean()) * (predicted - predicted.mean())
    score = float(centered.mean() / spread) if spread else 0.0
    is_leak = score >= LEAK_CORRELATION
    return Alone("rank correlation", score, 0.0, len(y), max(score, 0.0), is_leak)


def _of_two(
    y: NDArray[Any],
    predicted: NDArray[Any],
    folds: list[tuple[NDArray[Any], NDArray[Any]]],
) -> Alone:
    # Means differ a little from fold to fold, so rows of two folds do not compare.
    areas = [_area(*fold) for fold in folds if 0 < fold[0].sum() < len(fold[0])]
    auc = float(np.mean(areas)) if areas else 0.5
    is_leak = _sureness(y, (predicted > 0).astype(np.intp)) >= LEAK_SURENESS
    return Alone("AUC", auc, 0.5, len(y), max(2 * auc - 1, 0.0), is_leak)


def _area(y: NDArray[Any], predicted: NDArray[Any]) -> float:
    """The share of pairs, one row of each class, that stand in the right order."""
    n_yes = int(y.sum())
    below = _ranks(predicted)[y == 1].sum() - n_yes * n_yes / 2
    return float(below / (n_yes * (len(y) - n_yes)))


def _of_classes(y: NDArray[Any], predicted: NDArray[Any]) -> Alone:
    sureness = _sureness(y, predicted)
    accuracy = float((y == predicted).mean())
    majority = float(np.bincount(y).max() / len(y))
    is_leak = sureness >= LEAK_SURENESS
    return Alone("accuracy", accuracy, majority, len(y), max(sureness, 0.0), is_leak)


def _sureness(y: NDArray[Any], predicted: NDArray[Any]) -> float:
    """The share of a guesser's errors that is avoided, every class counting alike.

    One error more is counted than there was, so that a few rows prove nothing;
    rows of large classes count less, and so prove less.
    """
    sizes = np.bincount(y)
    n_classes = int((sizes > 0).sum())
    weight = 1 / (n_classes * sizes[y])
    n = 1 / (weight**2).sum()
    error = (weight[y != predicted].sum() * n + 1) / (n + 2)
    return float(1 - error / (1 - 1 / n_classes))


def _ranks(values: NDArray[Any]) -> NDArray[np.float64]:
    """Ranks between 0 and n; equal values share the middle of theirs."""
    _, ids, sizes = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(sizes) - sizes / 2)[ids])
