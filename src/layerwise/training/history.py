"""History: what was measured while training, as columns.

``history["valid_cost"]`` reads like the question: one number per epoch.
``history["loss"]`` is one number per iteration, ``history["iteration"]`` says
which iterations they belong to (all, up to 20,000; evenly thinned beyond).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwise.errors import ParameterError, did_you_mean
from layerwise.layers import Output

__all__ = ["MOST_POINTS", "History", "epoch_line", "thinned"]

MOST_POINTS = 20_000
SMALLEST, LARGEST = float(np.finfo(np.float32).tiny), float(np.finfo(np.float32).max)


def thinned(losses: Sequence[float]) -> tuple[int, tuple[float, ...]]:
    """Keep every k-th iteration's loss, so that at most 20,000 are left.

    Returns:
        k, and the losses of iterations 1, 1 + k, 1 + 2k, ...

    Example:
        >>> thinned([0.7, 0.6])
        (1, (0.7, 0.6))
    """
    every = -(-len(losses) // MOST_POINTS) or 1
    return every, tuple(map(shortest, losses[::every]))


def shortest(value: float) -> float:
    """Return the shortest decimals of a float32: they say as much and read better.

    A number beyond the range of float32, such as an error in a target's own
    units, stays as it is.

    Example:
        >>> shortest(0.30000001192092896), shortest(1e-300)
        (0.3, 1e-300)
    """
    if not SMALLEST <= abs(value) <= LARGEST:
        return float(value)
    return float(str(np.float32(value)))


def epoch_line(measures: Mapping[str, Any], output: Output) -> dict[str, float]:
    """Name the measures of one epoch, errors in the target's own units.

    Args:
        measures: One number for training rows, and maybe one for validation rows.
        output: Knows the target's scale.

    Returns:
        train_loss, train_cost, train_accuracy and maybe train_auc, or train_rmse and
        train_mae; the same for valid.
    """
    line: dict[str, float] = {}
    plain = {name: np.asarray(value, np.float64) for name, value in measures.items()}
    for g, prefix in enumerate(("train", "valid")[: len(plain["loss"])]):
        line[f"{prefix}_loss"] = plain["loss"][g]
        line[f"{prefix}_cost"] = plain["cost"][g]
        if "accuracy" in plain:
            for name in ("accuracy", "auc"):
                if name in plain:
                    line[f"{prefix}_{name}"] = plain[name][g]
        else:
            rmse = plain["squared_error"][g] ** 0.5
            line[f"{prefix}_rmse"] = rmse * output.scale
            line[f"{prefix}_mae"] = plain["absolute_error"][g] * output.scale
    return {name: shortest(value) for name, value in line.items()}


@dataclass(frozen=True)
class History:
    """The record of one training.

    Args:
        every: The loss of iterations 1, 1 + every, 1 + 2 every, ... is kept.
        loss: Mean loss of each of them over its batch, without penalty.
        epochs: One dict per epoch: train_loss, train_cost, valid_cost, ...
        best_epoch: The epoch, counted from 1, whose parameters are the model.
        iterations: How many iterations were run.
        stopped: Why the training ended, as a clause.
    """

    every: int
    loss: tuple[float, ...]
    epochs: tuple[dict[str, float], ...]
    best_epoch: int
    iterations: int
    stopped: str

    def __post_init__(self) -> None:
        """Refuse a record that is not one of columns."""
        if self.every < 1 or not 0 <= self.best_epoch <= len(self.epochs):
            raise ParameterError(
                "A history keeps every first, second, ... iteration, and its best "
                f"epoch is one of its {len(self.epochs)}. Got every {self.every} and "
                f"the best epoch {self.best_epoch}."
            )
        if any(epoch.keys() != self.epochs[0].keys() for epoch in self.epochs):
            raise ParameterError(
                "The epochs of a history do not all measure the same things."
            )
        if not all(word.isprintable() for word in (self.stopped, *self.columns)):
            raise ParameterError("A history has words that cannot be printed.")

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return ("iteration", "loss", *(self.epochs[0] if self.epochs else ()))

    def __getitem__(self, column: str) -> NDArray[np.float64]:
        """Return one column as numbers.

        Raises:
            ParameterError: When there is no such column.
        """
        if column == "loss":
            return np.asarray(self.loss, dtype=np.float64)
        if column == "iteration":
            return 1 + self.every * np.arange(len(self.loss), dtype=np.float64)
        if column not in self.columns:
            raise ParameterError(
                f"The history has no column {column!r}."
                f"{did_you_mean(column, self.columns)} It has "
                f"{', '.join(self.columns)}."
            )
        return np.asarray([epoch[column] for epoch in self.epochs])
