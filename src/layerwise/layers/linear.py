"""The linear layer: weights, a bias, and the activation that they lead into."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
from jax import Array

from layerwise.errors import ParameterError, ShapeError
from layerwise.layers.activation import activation_named
from layerwise.layers.layer import Layer, Params, Strength

__all__ = ["LARGEST_WIDTH", "Linear", "LinearLayer"]

LARGEST_WIDTH = 65_536


class LinearLayer(Layer):
    """What every linear layer is: a linear function that leads into an activation.

    z = linear(x),  a = activation(z)
    """

    width: int
    activation: str

    @abstractmethod
    def z(self, params: Params, x: Array) -> Array:
        """Return the linear function of x, one column per neuron."""

    @abstractmethod
    def weights(self, params: Params) -> Array:
        """Return what each unit is multiplied by: z = x @ weights + b.

        Shape:
            (d_in, width); with members (members, d_in, width)
        """

    def forward(
        self,
        params: Params,
        x: Array,
        key: Array | None = None,
        strength: Strength = 1.0,
    ) -> Array:
        """Return activation(z)."""
        return activation_named(self.activation)(self.z(params, x))

    def d_out(self, d_in: int) -> int:
        """Return the number of neurons."""
        return self.width

    def refuse_wrong_width(self) -> None:
        """Refuse a layer that cannot be.

        Raises:
            ParameterError: When the width is out of range or the activation unknown.
        """
        activation_named(self.activation)
        if not 1 <= self.width <= LARGEST_WIDTH:
            raise ParameterError(
                f"A linear layer has 1 to {LARGEST_WIDTH} neurons. Got {self.width!r}."
            )

    def refuse_wrong_rows(self, d_in: int, x: Array) -> None:
        """Refuse rows that do not have d_in features.

        Raises:
            ShapeError: When they do not.
        """
        if x.shape[-1:] != (d_in,):
            name = type(self).__name__
            raise ShapeError(
                f"The layer {name}({d_in} -> {self.width}) takes rows of {d_in} "
                f"features, but x has shape {x.shape}."
            )


@dataclass(frozen=True)
class Linear(LinearLayer):
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
        self.refuse_wrong_width()

    def shapes(self, d_in: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes of W and b."""
        return {"W": (d_in, self.width), "b": (self.width,)}

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
        self.refuse_wrong_rows(W.shape[0], x)
        return x @ W + b  # (n, width)

    def weights(self, params: Params) -> Array:
        """Return W."""
        return params["W"]

    def about(self) -> str:
        """Say what the layer is for."""
        bends = self.activation not in ("identity", "sigmoid", "softmax")
        then = f", and bends the sum with {self.activation}" if bends else ""
        return f"each neuron weighs all that comes in and adds it up{then}"

    def arithmetic(self, d_in: int) -> str:
        """Write d_in x width + width = n."""
        return f"{d_in} x {self.width} + {self.width} = {self.n_parameters(d_in):,}"
