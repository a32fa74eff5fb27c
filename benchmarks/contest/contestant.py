"""What a contestant is: something that learns from one file and predicts another."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from contest.sheets import Sheet

THREADS = 2


@dataclass(frozen=True)
class Predicted:
    """What a contestant says of the test rows.

    Args:
        values: Numbers, or the probability of each class.
        classes: The labels of these probabilities; none for numbers.

    Shape:
        values: (n,), or (n, n_classes)
    """

    values: NDArray[Any]
    classes: list[str]


class Contestant(Protocol):
    """Someone who takes part. It is made before the clock runs, imports and all."""

    def fit(self, sheet: Sheet) -> None:
        """Learn from the train file."""

    def predict(self, sheet: Sheet) -> Predicted:
        """Predict the target of the test file."""

    @property
    def n_parameters(self) -> int | None:
        """Count the learnable parameters; None where the word makes no sense."""


class Estimator:
    """A library's estimator, between pandas' tables and class ids.

    Args:
        estimator: Anything with fit and predict, or predict_proba for classes.
    """

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator
        self.classes: list[str] = []

    def fit(self, sheet: Sheet) -> None:
        """Read the train file, number the classes, learn."""
        X, y = self.columns_of(sheet, sheet.train)
        if sheet.has_classes:
            labels, y = np.unique(y.astype(str), return_inverse=True)
            self.classes = labels.tolist()
        self.learn(self.prepare(X, is_train=True), y)

    def predict(self, sheet: Sheet) -> Predicted:
        """Read the test file, predict."""
        X, _ = self.columns_of(sheet, sheet.test)
        X = self.prepare(X, is_train=False)
        if sheet.has_classes:
            return Predicted(self.estimator.predict_proba(X), self.classes)
        return Predicted(self.estimator.predict(X), [])

    def columns_of(self, sheet: Sheet, path: Path) -> tuple[Any, NDArray[Any]]:
        """Return the columns of a file, as pandas reads them, and its target."""
        return sheet.read(path)

    def prepare(self, X: Any, is_train: bool) -> Any:
        """Return the columns as the estimator wants them; as they are, by default."""
        return X

    def learn(self, X: Any, y: NDArray[Any]) -> None:
        """Fit the estimator."""
        self.estimator.fit(X, y)

    @property
    def n_parameters(self) -> int | None:
        """Count nothing: trees have no parameters that are learned by gradients."""
        return None
