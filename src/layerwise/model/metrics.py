"""Metrics: how good predictions are, by the names of the JSON contract.

regression      rmse  mae  r2
classification  log_loss  accuracy  auc (one against the rest when K > 2)
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    accuracy_score,
    log_loss,
    mean_absolute_error,
    r2_score,
    roc_auc_score,
    root_mean_squared_error,
)

__all__ = ["baseline_metrics", "classification_metrics", "regression_metrics"]

Metrics = dict[str, float | None]


def regression_metrics(
    y: NDArray[Any], predicted: NDArray[Any], weight: NDArray[Any] | None = None
) -> Metrics:
    """Return rmse and mae in the target's units, and r2.

    r2 is None for fewer than two rows or a target without spread.
    """
    spread = len(y) > 1 and bool(np.ptp(y) > 0)
    return {
        "rmse": float(root_mean_squared_error(y, predicted, sample_weight=weight)),
        "mae": float(mean_absolute_error(y, predicted, sample_weight=weight)),
        "r2": float(r2_score(y, predicted, sample_weight=weight)) if spread else None,
    }


def classification_metrics(
    ids: NDArray[Any],
    p: NDArray[Any],
    decided: NDArray[Any],
    weight: NDArray[Any] | None = None,
) -> Metrics:
    """Return log_loss, accuracy and auc.

    auc is None where the rows do not show every class.

    Shape:
        ids: (n,), p: (n, n_classes), decided: (n,)
    """
    classes = np.arange(p.shape[1])
    p = p.astype(np.float64)
    p = p / p.sum(axis=1, keepdims=True)
    return {
        "log_loss": float(log_loss(ids, p, labels=classes, sample_weight=weight)),
        "accuracy": float(accuracy_score(ids, decided, sample_weight=weight)),
        "auc": _auc(ids, p, weight),
    }


def _auc(
    ids: NDArray[Any], p: NDArray[Any], weight: NDArray[Any] | None
) -> float | None:
    if len(np.unique(ids)) < p.shape[1]:
        return None
    if p.shape[1] == 2:
        return float(roc_auc_score(ids, p[:, 1], sample_weight=weight))
    return float(roc_auc_score(ids, p, multi_class="ovr", sample_weight=weight))


def baseline_metrics(
    task: str, y_train: NDArray[Any], y: NDArray[Any], n_classes: int
) -> Metrics:
    """Return the same metrics for the mean of training, or its shares of classes.

    Decided is the majority class. What a network must beat to have learned.
    """
    if task == "regression":
        return regression_metrics(y, np.full(len(y), y_train.mean()))
    shares = np.bincount(y_train.astype(np.int64), minlength=n_classes) / len(y_train)
    p = np.tile(shares, (len(y), 1))
    return classification_metrics(y, p, np.full(len(y), shares.argmax()))
