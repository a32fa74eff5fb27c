"""Metrics: how good predictions are, by the names of the JSON contract.

    regression      rmse = sqrt(mean (y - predicted)^2)
                    mae  = mean |y - predicted|
                    r2   = 1 - sum (y - predicted)^2 / sum (y - mean y)^2
    classification  log_loss = mean -log(p of the own class)
                    accuracy = share of rows decided right
                    auc  = chance that a row of the class gets a larger p than
                           one of another; the mean over classes when K > 2

They are written out here, not imported: scikit-learn's metrics give the same
numbers (a test compares them) but take longer to import than a small table
takes to train.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Metrics",
    "baseline_metrics",
    "classification_metrics",
    "error_of",
    "regression_metrics",
]

Metrics = dict[str, float | None]

Numbers = NDArray[Any]


def regression_metrics(
    y: Numbers, predicted: Numbers, weight: Numbers | None = None
) -> Metrics:
    """Return rmse and mae in the target's units, and r2.

    r2 is None for fewer than two rows or a target without spread, and each of
    them where it is beyond the range of numbers.

    Example:
        >>> regression_metrics(np.array([1.0, 3.0]), np.array([1.0, 1.0]))
        {'rmse': 1.4142135623730951, 'mae': 1.0, 'r2': -1.0}
    """
    w = _shares(y, weight)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        residual, centered = y - predicted, y - w @ y
        unit = _unit(residual, centered)
        squares, spread = w @ (residual / unit) ** 2, w @ (centered / unit) ** 2
        is_spread = len(y) > 1 and bool(np.ptp(y) > 0)
        return {
            "rmse": _known(unit * np.sqrt(squares)),
            "mae": _known(w @ np.abs(residual)),
            "r2": _known(1 - squares / spread) if is_spread else None,
        }


def _unit(*numbers: Numbers) -> np.float64:
    """Return a power of two about as large as the largest of the numbers.

    NOTE[NUMERICS] the square of 1e200 is infinite and that of 1e-200 is 0; in
    such a unit they are not, and dividing by it loses no digit.
    """
    largest = max(np.abs(one).max(initial=0) for one in numbers)
    return np.float64(np.ldexp(1.0, np.frexp(largest)[1] - 1))


def _known(value: Any) -> float | None:
    """Return a number, or None where it is beyond the range of numbers."""
    return float(value) if np.isfinite(value) else None


def classification_metrics(
    ids: Numbers, p: Numbers, decided: Numbers, weight: Numbers | None = None
) -> Metrics:
    """Return log_loss, accuracy and auc.

    auc is None where the rows do not show every class.

    Shape:
        ids: (n,), p: (n, n_classes), decided: (n,)
    """
    w = _shares(ids, weight)
    ids = ids.astype(np.int64)
    p = p.astype(np.float64)
    return {
        "log_loss": float(-(w @ np.log(_own(ids, p)))),
        "accuracy": float(w[ids == decided].sum() / w.sum()),  # 1 is exactly 1
        "auc": _mean_auc(ids, p, w),
    }


def baseline_metrics(
    task: str,
    n_classes: int,
    train: tuple[Numbers, Numbers | None],
    measured: tuple[Numbers, Numbers | None],
) -> Metrics:
    """Return the same metrics for the mean of training, or its shares of classes.

    Decided is the majority class. What a network must beat to have learned.

    Args:
        task: What is learned.
        n_classes: The number of classes.
        train: The targets of the training rows, and their weights.
        measured: The same of the rows that the model is measured on.
    """
    y, weight = measured
    shares = _shares(*train)
    if task == "regression":
        return regression_metrics(y, np.full(len(y), shares @ train[0]), weight)
    ids = train[0].astype(np.int64)
    of_class = np.bincount(ids, weights=shares, minlength=n_classes)
    p = np.tile(of_class, (len(y), 1))
    return classification_metrics(y, p, np.full(len(y), of_class.argmax()), weight)


def error_of(
    task: str, y: Numbers, weight: Numbers | None
) -> Callable[[Numbers], float]:
    """Return what measures how wrong answers to some rows are.

    Regression: mean (y - a)^2, both standardized; classes: mean -log(p of the own).

    Shape:
        y: (n,) -> a function of (n, 1), or (n, n_classes)
    """
    w = _shares(y, weight)
    if task == "regression":
        return lambda a: float(w @ (y - a[:, 0]) ** 2)
    ids = y.astype(np.int64)
    return lambda a: float(-(w @ np.log(_own(ids, a))))


def _own(ids: Numbers, p: Numbers) -> Numbers:
    """Return the probability of each row's own class, as shares of all."""
    p = p.astype(np.float64)
    own = np.take_along_axis(p, ids[:, None], axis=1)[:, 0] / p.sum(axis=1)
    least = np.finfo(np.float64).eps  # a p of 0 costs 36, not infinity
    return np.asarray(np.maximum(own, least))


def _shares(y: Numbers, weight: Numbers | None) -> Numbers:
    w = np.ones(len(y)) if weight is None else weight.astype(np.float64)
    return np.asarray(w / w.sum())


def _mean_auc(ids: Numbers, p: Numbers, w: Numbers) -> float | None:
    n_classes = p.shape[1]
    if len(np.unique(ids[w > 0])) < n_classes or n_classes < 2:
        return None
    ones = [1] if n_classes == 2 else range(n_classes)
    return float(np.mean([auc(ids == k, p[:, k], w) for k in ones]))


def auc(is_class: Numbers, p: Numbers, w: Numbers) -> float:
    """Return the chance that a row of the class has a larger p than another row.

    Rows of equal p count half.

    Example:
        >>> auc(np.array([False, True, True]), np.array([0.1, 0.1, 0.7]), np.ones(3))
        0.75
    """
    order = np.argsort(p, kind="stable")
    p, inside = p[order], is_class[order]
    last = np.append(p[1:] != p[:-1], True)  # where a run of equal p ends
    hits = np.cumsum(w[order] * inside)[last]
    misses = np.cumsum(w[order] * ~inside)[last]
    hits_here = np.diff(hits, prepend=0.0)
    below = np.append(0.0, misses[:-1])
    share = hits_here @ (below + misses) / 2 / (hits[-1] * misses[-1])
    return float(min(share, 1.0))  # sums of weights may round past it
