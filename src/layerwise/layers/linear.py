"""The linear layer: weights, a bias, and the activation that they lead into."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
from jax import Array

from layerwise.errors import ParameterError, ShapeError
from layerwise.layers.activation import activation_named
from layerwise.layers.layer import Layer, Params

__all__ = ["LARGEST_WIDTH", "Linear"]

LARGEST_WIDTH = 65_536


@dataclass(frozen=True)
class Linear(Layer):
    """A linear function that leads into an activation function.

    z = x @ W + b,  a = activation(z)

    A neuron is one column of W, one entry of b, and one number per row.

    Args:
        width: Neurons in this layer.
        activation: A name of ``ACTIVATIONS``.

    Shape:
        x: (n, d_in) -> (n, width)

    Raises:
        ParameterError: When the width is out of range or the activation unknown.

    Example:
        >>> Linear(64).arithmetic(3)
        '3 x 64 + 64 = 256'
    """

    kind: ClassVar[str] = "linear"

    width: int
    activation: str = "relu"

    def __post_init__(self) -> None:
        """Refuse a layer that cannot be."""
        activation_named(self.activation)
        if not 1 <= self.width <= LARGEST_WIDTH:
            raise ParameterError(
                f"A linear layer has 1 to {LARGEST_WIDTH} neurons. Got {self.width!r}."
            )

    def shapes(self, d_in: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes of W and b."""
        return {"W": (d_in, self.width), "b": (self.width,)}

    def d_out(self, d_in: int) -> int:
        """Return the number of neurons."""
        return self.width

    def init(self, key: Array, d_in: int) -> Params:
        """Draw W so that the activation keeps the size of x; b starts at zero."""
        variance = activation_named(self.activation).variance(d_in, self.width)
        W = jax.random.normal(key, (d_in, self.width), jnp.float32)
        return {
            "W": W * jnp.float32(variance**0.5),
            "b": jnp.zeros(self.width, jnp.float32),
        }

    def z(self, params: Params, x: Array) -> Array:
        """Return x @ W + b, one column per neuron.

        Raises:
            ShapeError: When x does not have d_in features.
        """
        W, b = params["W"], params["b"]
        if x.shape[-1:] != W.shape[:1]:
            raise ShapeError(
                f"The layer Linear({W.shape[0]} -> {self.width}) takes rows of "
                f"{W.shape[0]} features, but x has shape {x.shape}."
            )
        return x @ W + b  # (n, width)

    def forward(self, params: Params, x: Array, key: Array | None = None) -> Array:
        """Return activation(x @ W + b)."""
        return activation_named(self.activation)(self.z(params, x))

    def arithmetic(self, d_in: int) -> str:
        """Write d_in x width + width = n."""
        return f"{d_in} x {self.width} + {self.width} = {self.n_parameters(d_in):,}"
