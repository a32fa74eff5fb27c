"""The output layer: the loss at training time, the decision rule afterwards.

It has no learnable parameters. The linear layer before it has one neuron for
a number (identity) or for two classes (sigmoid), K neurons for K classes
(softmax).

    task        activation  loss, unless asked      decision rule
    regression  identity    squared                 y = center + scale * a
    binary      sigmoid     binary-cross-entropy    1 if p >= threshold else 0
    multiclass  softmax     categorical-...         the class with the largest p
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np
from jax import Array
from numpy.typing import NDArray

from layerwise.errors import ParameterError
from layerwise.layers.layer import Layer, Params

__all__ = ["LAST_ACTIVATION", "Output", "Task"]

Task = Literal["regression", "binary", "multiclass"]

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

    Shape:
        a: (n, d) -> (n, d)

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

    def without_constants(self) -> "Output":
        """Return the same layer for compiling: its formula does not hold constants."""
        return replace(self, center=0.0, scale=1.0, threshold=0.5)

    def shapes(self, d_in: int) -> dict[str, tuple[int, ...]]:
        """Return nothing: the output layer has no parameters."""
        return {}

    def d_out(self, d_in: int) -> int:
        """Return d_in."""
        return d_in

    def init(self, key: Array, d_in: int) -> Params:
        """Return no parameters."""
        return {}

    def forward(self, params: Params, x: Array, key: Array | None = None) -> Array:
        """Return a as it is: what it means is decided outside the compiled pass."""
        return x

    def standardize(self, y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (y - center) / scale: what a regression network learns."""
        return (y - self.center) / self.scale

    def restore(self, a: NDArray[Any]) -> NDArray[np.float64]:
        """Return center + scale * a: a prediction in the target's own units."""
        with np.errstate(over="ignore"):  # whoever asked looks at the numbers
            return np.asarray(self.center + self.scale * a.astype(np.float64))

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
