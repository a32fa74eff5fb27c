"""Rungs of the ladder that are no networks: a mean, and trees.

Each learns the same rows as the networks beside it, in the form that trees take:
numbers with their gaps, ids of categories, hashed texts. A split of a number or of an
id is a question with two answers; the answers at the ends are leaves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from layerwise.model.metrics import Metrics, classification_metrics, regression_metrics
from layerwise.table import Schema, Table, Target, learn, look

__all__ = ["OTHERS", "Other", "other_scores"]


@dataclass(frozen=True)
class Other:
    """A rung that is no network.

    Args:
        name: What it is called.
        make: Makes it for a target with or without classes, and a seed.
        fills: Whether it takes no gaps: they become -1, which no number of units is.
    """

    name: str
    make: Callable[[bool, int], Any]
    fills: bool = False


class Always:
    """Predicts the mean, or the shares of the classes, of the training rows."""

    def fit(self, X: Any, y: NDArray[Any]) -> "Always":
        """Learn the mean, or the shares."""
        self.y = y
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the mean for every row."""
        return np.full(len(X), self.y.mean())

    def predict_proba(self, X: Any) -> NDArray[Any]:
        """Return the shares for every row."""
        shares = np.bincount(self.y) / len(self.y)
        return np.tile(shares, (len(X), 1))


def _tree(has_classes: bool, seed: int, **options: Any) -> Any:
    tree = DecisionTreeClassifier if has_classes else DecisionTreeRegressor
    return tree(random_state=seed, **options)


def _forest(has_classes: bool, seed: int) -> Any:
    forest = RandomForestClassifier if has_classes else RandomForestRegressor
    return forest(random_state=seed, n_jobs=-1, min_samples_leaf=2)


def _boosted(has_classes: bool, seed: int) -> Any:
    boosted = (
        HistGradientBoostingClassifier if has_classes else HistGradientBoostingRegressor
    )
    return boosted(random_state=seed)


OTHERS = {
    "mean": Other("mean", lambda *_: Always()),
    "one split": Other("one split", lambda c, s: _tree(c, s, max_depth=1), fills=True),
    "decision tree": Other(
        "decision tree",
        lambda c, s: _tree(c, s, max_depth=8, min_samples_leaf=10),
        True,
    ),
    "random forest": Other("random forest", _forest, fills=True),
    "boosted trees": Other("boosted trees", _boosted),
}


def columns_of(schema: Schema, table: Table, target: str, fills: bool) -> NDArray[Any]:
    """Return numbers, ids and hashed texts side by side.

    Shape:
        -> (n, number columns + categories + 32 a text)
    """
    encoded = schema.encode(table, known=(target,), tells_range=False)
    ids = encoded.categories.astype(np.float64)
    X = np.concatenate([encoded.numbers, ids, encoded.texts], axis=1)
    return np.where(np.isnan(X), -1.0, X) if fills else X


def other_scores(
    other: Other, train: Table, held_out: Table, target: Target, seed: int
) -> tuple[Metrics, int]:
    """Learn some rows, measure others; return the metrics and the number of leaves.

    Args:
        other: What learns.
        train: The rows to learn.
        held_out: The rows to measure.
        target: What is predicted.
        seed: Where random numbers come from.
    """
    has_classes = target.task != "regression"
    readings = look(train, None, [target.name])
    schema = learn(train, readings, np.arange(train.n_rows), None)
    X, X_new = (
        columns_of(schema, rows, target.name, other.fills) for rows in (train, held_out)
    )
    y, y_new = (target.encode(rows.frame[target.name]) for rows in (train, held_out))
    made = other.make(has_classes, seed).fit(X, y)
    if not has_classes:
        return regression_metrics(y_new, made.predict(X_new)), n_leaves(made)
    p = np.zeros((len(X_new), len(target.classes)))
    known = getattr(made, "classes_", np.arange(len(target.classes)))
    p[:, np.asarray(known, np.int64)] = made.predict_proba(X_new)
    decided = p.argmax(axis=1)
    return classification_metrics(y_new, p, decided), n_leaves(made)


def n_leaves(made: Any) -> int:
    """Count the numbers that trees answer with; the shares of classes add up to 1."""
    if isinstance(made, Always):
        is_class = np.issubdtype(made.y.dtype, np.integer)
        return int(made.y.max()) if is_class else 1
    if hasattr(made, "get_n_leaves"):
        return int(made.get_n_leaves())
    if hasattr(made, "estimators_"):
        return sum(int(tree.get_n_leaves()) for tree in made.estimators_)
    return sum(tree.get_n_leaf_nodes() for trees in made._predictors for tree in trees)
