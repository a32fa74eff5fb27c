"""A candidate: the layers for one table, and how they are to be trained.

    plan + recipe + schema -> input layer, output layer -> network, regime

Its constants come from the training rows; nothing is trained yet.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwise.errors import ParameterError, TargetError
from layerwise.layers import Output, standardization
from layerwise.losses import loss_for
from layerwise.model.class_weights import class_weights
from layerwise.model.examples import Examples
from layerwise.model.inputs import input_layer
from layerwise.model.recipes import Recipe, recipe_of
from layerwise.model.settings import Settings
from layerwise.network import Network, assemble, plan_of
from layerwise.table import Encoded, Schema, Task
from layerwise.training import BEST_BY, Regime, Rows

__all__ = ["Candidate", "candidate_of", "regime_of"]

LARGEST_TARGET = 1e150
"""Errors are squared, and a float64 ends at 1e308."""


@dataclass(frozen=True)
class Candidate:
    """What might predict a target.

    Args:
        name: A name of the catalog, or the layers as text.
        network: The layers.
        regime: How long and how to train.
        recipe: What else belongs to the network.
        rows_of: Makes the rows of some numbers ready.
    """

    name: str
    network: Network
    regime: Regime
    recipe: Recipe
    rows_of: Callable[[NDArray[np.int64]], Rows]

    @property
    def dtype(self) -> Any:
        """Return what is computed in: an exact optimum takes all digits."""
        return _dtype(self.regime)

    def refits(self, folds: int) -> int:
        """Return how many refits are its own, after so many folds."""
        return self.recipe.refits if folds == 1 else 0


def regime_of(name: str, task: Task, n_train: int, settings: Settings) -> Regime:
    """Return how a network is trained; this asks nothing of the columns.

    Raises:
        ParameterError: When an option does not fit the target, or the network.
    """
    plan, recipe = plan_of(name, task, n_train), recipe_of(name, task, n_train)
    loss = loss_for(task, settings.loss)
    _refuse_other_measure(settings.best_by, task)
    return settings.regime(n_train, plan.depth, loss, plan.is_random, recipe.regime)


def candidate_of(
    name: str,
    regime: Regime,
    examples: Examples,
    settings: Settings,
    schema: Schema,
    encoded: Encoded,
) -> Candidate:
    """Make a network for a table.

    Args:
        name: A name of the catalog, or the layers as text.
        regime: How it is trained, see ``regime_of``.
        examples: Rows with known targets, split in two.
        settings: The options, checked.
        schema: What each column becomes.
        encoded: The typed columns of all rows.

    Raises:
        ParameterError: When an option does not fit the target.
        TargetError: When the target's numbers are too large.
    """
    task, train = examples.target.task, examples.train
    plan = plan_of(name, task, len(train))
    recipe = recipe_of(name, task, len(train))
    loss = loss_for(task, settings.loss)
    weight = None if examples.weight is None else examples.weight[train]
    inputs = input_layer(schema, encoded.numbers[train], weight, recipe.form)
    output = _output_layer(examples, loss, settings.label_smoothing, recipe)
    network = assemble(inputs, plan, output, len(examples.target.classes))
    rows_of = _rows(examples, network, encoded, settings.class_weight, _dtype(regime))
    return Candidate(name, network, regime, recipe, rows_of)


def _dtype(regime: Regime) -> Any:
    return np.float64 if regime.optimizer == "lbfgs" else np.float32


def _refuse_other_measure(best_by: str | None, task: str) -> None:
    """Refuse to choose the best epoch by what the target does not have."""
    if best_by is None or task in BEST_BY[best_by]:
        return
    fitting = [name for name, tasks in BEST_BY.items() if task in tasks]
    kinds = {"regression": "a number", "binary": "one of two classes"}
    raise ParameterError(
        f"The 'best_by' parameter is {best_by!r}, but the target is "
        f"{kinds.get(task, 'one of several classes')}. Use one of "
        f"{', '.join(fitting)}."
    )


def _output_layer(
    examples: Examples, loss: str, label_smoothing: float | None, recipe: Recipe
) -> Output:
    """Learn the output layer's constants from training rows."""
    task = examples.target.task
    if task != "regression":
        smoothing = (
            recipe.label_smoothing if label_smoothing is None else label_smoothing
        )
        return Output(task, loss, smoothing)
    if label_smoothing:
        raise ParameterError(
            "The 'label_smoothing' parameter spreads labels over classes, but the "
            "target is a number. Leave it at 0."
        )
    largest = float(np.abs(examples.y).max())
    if largest > LARGEST_TARGET:
        raise TargetError(
            f"The target {examples.target.name!r} holds numbers up to {largest:.2g}, "
            "and the square of an error that large is no number any more. Divide the "
            "column by a power of ten first."
        )
    y = examples.y[examples.train].astype(np.float64)
    weight = None if examples.weight is None else examples.weight[examples.train]
    center, scale = standardization(y[:, None], weight)
    output = Output(task, loss, 0.0, float(center[0]), float(scale[0]))
    if not recipe.is_clamped:
        return output
    return replace(output, low=float(y.min()), high=float(y.max()))


def _rows(
    examples: Examples,
    network: Network,
    encoded: Encoded,
    class_weight: str | Mapping[Any, float] | None,
    dtype: Any,
) -> Callable[[NDArray[np.int64]], Rows]:
    """Return what makes rows ready: scaled, weighted."""
    target, y = examples.target, examples.y
    weight = np.ones(len(y)) if examples.weight is None else examples.weight
    weight = weight * class_weights(examples, weight, class_weight)
    if target.task == "regression":
        y = network.output.standardize(y)
    y = y.astype(np.int32 if target.task == "multiclass" else dtype)

    def rows(which: NDArray[np.int64]) -> Rows:
        x = network.input.rows(
            encoded.numbers[which],
            encoded.categories[which],
            encoded.texts[which],
            dtype,
        )
        mean = weight[which].mean() or 1.0
        return Rows(x, y[which], (weight[which] / mean).astype(dtype))

    return rows
