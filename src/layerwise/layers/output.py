"""The output layer: the loss at training time, the decision rule afterwards.

It has no learnable parameters. The linear layer before it has one neuron for
a number (identity) or for two classes (sigmoid), K neurons for K classes
(softmax).

    task        activation  loss, unless asked      decision rule
    regression  identity    squared                 y = center + scale * a
    binary      sigmoid     binary-cross-entropy    1 if p >= threshold else 0
    multiclass  softmax     categorical-...         the class with the largest p
"""

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from layerwise.errors import ParameterError
from layerwise.layers.layer import Layer, Params, Strength

__all__ = ["LAST_ACTIVATION", "MOST_MEMBERS", "Output", "Task"]

Task = Literal["regression", "binary", "multiclass"]

MOST_MEMBERS = 1024

LAST_ACTIVATION: dict[str, str] = {
    "regression": "identity",
    "binary": "sigmoid",
    "multiclass": "softmax",
}


@dataclass(frozen=True)
class Output(Layer):
    """Loss while training, decision rule when predicting.

    Args:
        task: "regression", "binary" or "multiclass".
        loss: The name of the loss, see ``layerwise.losses``.
        label_smoothing: Share of each label spread over all classes.
        center: Mean of the target in training; the network learns (y - center) / scale.
        scale: Standard deviation of the target in training.
        threshold: Binary only: the least p that is decided as class 1.
        members: How many networks in one answer, each for itself; 0 for a
            network that is not an ensemble.
        low: Regression: no prediction is below it; None for no bound.
        high: Regression: no prediction is above it; None for no bound.

    Shape:
        a: (n, d) -> (n, d), or with members (n, members, d) -> (n, d)

    Example:
        >>> rule = Output("binary", "binary-cross-entropy", threshold=0.3)
        >>> rule.decide(np.array([[0.8, 0.2], [0.7, 0.3]])).tolist()
        [0, 1]
    """

    kind: ClassVar[str] = "output"

    task: Task
    loss: str
    label_smoothing: float = 0.0
    center: float = 0.0
    scale: float = 1.0
    threshold: float = 0.5
    members: int = 0
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        """Refuse constants that make no sense."""
        if not self.scale > 0:
            raise ParameterError(f"The output scale is above 0. Got {self.scale!r}.")
        for name in ("threshold", "label_smoothing"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ParameterError(
                    f"The {name!r} of the output layer is from 0 to 1. Got {value!r}."
                )
        if not 0 <= self.members <= MOST_MEMBERS:
            raise ParameterError(
                f"An ensemble has up to {MOST_MEMBERS} members. Got {self.members!r}."
            )
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        if not low <= high:
            raise ParameterError(
                "The bounds of the output layer are the least and the largest target. "
                f"Got {self.low!r} and {self.high!r}."
            )

    def without_constants(self) -> "Output":
        """Return the same layer for compiling: its formula does not hold constants."""
        return replace(self, center=0.0, scale=1.0, threshold=0.5, low=None, high=None)

    def shapes(self, d_in: int) -> dict[str, tuple[int, ...]]:
        """Return nothing: the output layer has no parameters."""
        return {}

    def d_out(self, d_in: int) -> int:
        """Return d_in."""
        return d_in

    def about(self) -> str:
        """Say what the layer is for."""
        what = {
            "regression": "brings the answer to the target's units",
            "binary": "decides for one of the two classes",
            "multiclass": "decides for the class with the largest share",
        }[self.task]
        of_all = "takes the mean of the members' answers and " if self.members else ""
        return f"{of_all}{what}; while training, the loss says how wrong it is"

    def init(self, key: Array, d_in: int) -> Params:
        """Return no parameters."""
        return {}

    def forward(
        self,
        params: Params,
        x: Array,
        key: Array | None = None,
        strength: Strength = 1.0,
    ) -> Array:
        """Return a, or the mean of the members' a."""
        return x.mean(axis=-2) if self.members else x

    def joint(self, z: Array) -> Array:
        """Return the z whose a is the mean of the members' a.

        regression: mean(z);  binary: log(mean p / mean (1 - p));
        multiclass: log(mean p), p each member's probabilities

        From logarithms, so that no probability is rounded to 0 on the way.

        Shape:
            z: (n, members) -> (n,), for several classes (n, members, K) -> (n, K)
        """
        if not self.members:
            return z
        if self.task == "regression":
            return z.mean(axis=-1)
        if self.task == "multiclass":
            return _log_mean(jax.nn.log_softmax(z, axis=-1), axis=-2)
        yes, no = jax.nn.log_sigmoid(z), jax.nn.log_sigmoid(-z)
        return _log_mean(yes, axis=-1) - _log_mean(no, axis=-1)

    def standardize(self, y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (y - center) / scale: what a regression network learns."""
        return (y - self.center) / self.scale

    def restore(self, a: NDArray[Any]) -> NDArray[np.float64]:
        """Return center + scale * a: a prediction in the target's own units.

        Where there are bounds, no prediction leaves them.
        """
        with np.errstate(over="ignore"):  # whoever asked looks at the numbers
            y = np.asarray(self.center + self.scale * a.astype(np.float64))
        if self.low is None and self.high is None:
            return y
        return np.asarray(np.clip(y, self.low, self.high))

    def decide(self, p: NDArray[Any]) -> NDArray[np.int64]:
        """Return the class id of each row.

        Binary: 1 if p >= threshold else 0. Multiclass: the largest p, the
        first of equals.

        Shape:
            p: (n, n_classes) -> (n,)
        """
        if self.task == "binary":
            return np.asarray(p[:, 1] >= self.threshold, np.int64)
        return np.asarray(p.argmax(axis=1), np.int64)


def _log_mean(logs: Array, axis: int) -> Array:
    """Return log(mean(exp(logs)))."""
    size = jnp.asarray(logs.shape[axis], logs.dtype)
    return jax.nn.logsumexp(logs, axis=axis) - jnp.log(size)
