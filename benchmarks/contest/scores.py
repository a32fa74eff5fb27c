"""Scores: how wrong predictions are, lower is better."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

PRIMARY = {"binary": "1 - AUC", "multiclass": "log-loss", "regression": "RMSE"}
SMALLEST = float(np.finfo(np.float64).eps)
"""A probability of 0 counts as this, as in scikit-learn's log_loss."""


def scores(
    task: str, y: NDArray[Any], predicted: NDArray[Any], classes: list[str]
) -> dict[str, float]:
    """Score predictions; the task's primary score comes first.

    Args:
        task: "binary", "multiclass" or "regression".
        y: The truth: numbers, or labels.
        predicted: Numbers, or the probability of each class.
        classes: The labels of these probabilities.

    Shape:
        y: (n,); predicted: (n,), or (n, n_classes)

    Raises:
        ValueError: When a prediction is not a finite number.

    Example:
        >>> scores("regression", np.array([1.0, 2.0]), np.array([1.0, 4.0]), [])
        {'RMSE': 1.4142135623730951}
    """
    predicted = np.asarray(predicted, np.float64)
    if len(predicted) != len(y) or not np.isfinite(predicted).all():
        raise ValueError("not every row has a finite prediction")
    if task == "regression":
        return {"RMSE": float(np.sqrt(np.mean((y - predicted) ** 2)))}
    found = {
        "log-loss": log_loss(y, predicted, classes),
        "accuracy": accuracy(y, predicted, classes),
    }
    if task == "binary":
        area = roc_auc_score(y == classes[1], predicted[:, 1])
        return {"1 - AUC": 1 - float(area)} | found
    return found


def log_loss(y: NDArray[Any], p: NDArray[Any], classes: list[str]) -> float:
    """Return the mean of -log p of the true class.

    A class that training never saw has the probability 0.

    Example:
        >>> p = np.array([[0.5, 0.5], [1.0, 0.0]])
        >>> round(log_loss(np.array(["a", "b"]), p, ["a", "b"]), 4)
        18.3684
        >>> round(log_loss(np.array(["a", "new"]), p, ["a", "b"]), 4)
        18.3684
    """
    p = p / p.sum(axis=1, keepdims=True)
    column_of = {label: k for k, label in enumerate(classes)}
    right = [
        p[i, column_of[label]] if label in column_of else 0 for i, label in enumerate(y)
    ]
    return float(-np.mean(np.log(np.maximum(right, SMALLEST))))


def accuracy(y: NDArray[Any], p: NDArray[Any], classes: list[str]) -> float:
    """Return the share of rows whose most probable class is the true one.

    Example:
        >>> accuracy(np.array(["a", "new"]), np.array([[0.9, 0.1]] * 2), ["a", "b"])
        0.5
    """
    return float(np.mean(np.array(classes, dtype=object)[p.argmax(axis=1)] == y))
