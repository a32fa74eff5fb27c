"""Linear layers that start from the data: the neural tangent parametrization.

Weights are drawn with variance 1 whatever the width, and the formula divides
by sqrt(d_in), so that one learning rate serves networks of all widths. The
first parameters are fitted to training rows: every z has variance 1, and every
activation bends somewhere inside the data.
"""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
from jax import Array

from layerwise.layers.activation import activation_named
from layerwise.layers.layer import Params, Strength
from layerwise.layers.linear import LinearLayer

__all__ = ["NTPLinear"]

BENDING_ROWS = 5
"""A neuron bends at a random mean of this many training rows."""

SLOW = 0.1
"""Biases and the parameters of activations learn at a tenth of the rate."""


@dataclass(frozen=True)
class NTPLinear(LinearLayer):
    """A linear function divided by sqrt(d_in), fitted to the data before training.

    z = x @ W / sqrt(d_in) + b
    a = activation(z), or with ``parametric`` z + alpha * (activation(z) - z)

    A parametric activation has one more parameter for each neuron, how much of
    it there is: alpha is 1 at the start, and a neuron with 0 has become linear.

    First parameters, from training rows: the columns of W are divided by the
    standard deviation of x @ W / sqrt(d_in), and b = -(mean of z over 5 random
    rows with random shares), one draw for each neuron.

    Args:
        width: Neurons in this layer.
        activation: A name of ``ACTIVATIONS``.
        parametric: Whether each neuron learns how much of the activation it has.

    Shape:
        x: (n, d_in) -> (n, width)

    Raises:
        ParameterError: When the width is out of range or the activation unknown.

    Example:
        >>> NTPLinear(64, "mish", parametric=True).arithmetic(3)
        '3 x 64 + 2 x 64 = 320'

    Source:
        Holzmüller et al., "Better by Default" (RealMLP), 2024, appendix A: NTP,
        "he+5" biases, parametric activations, learning-rate factors.
    """

    kind: ClassVar[str] = "ntp linear"

    width: int
    activation: str = "selu"
    parametric: bool = False

    def __post_init__(self) -> None:
        """Refuse a layer that cannot be."""
        self.refuse_wrong_width()

    def shapes(self, d_in: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes of W, b and alpha."""
        shapes: dict[str, tuple[int, ...]] = {
            "W": (d_in, self.width),
            "b": (self.width,),
        }
        return shapes | ({"alpha": (self.width,)} if self.parametric else {})

    def init(self, key: Array, d_in: int) -> Params:
        """Draw W with variance 1; b is zero until rows are there."""
        params = {
            "W": jax.random.normal(key, (d_in, self.width), jnp.float32),
            "b": jnp.zeros(self.width, jnp.float32),
        }
        if self.parametric:
            params["alpha"] = jnp.ones(self.width, jnp.float32)
        return params

    def init_from(self, key: Array, x: Array) -> Params:
        """Draw W and b so that z has variance 1 and bends inside the data.

        Source:
            pytabkit's "he+5": b = -sum_k share_k z(row_k), shares Dirichlet(1).
        """
        n, d_in = x.shape
        params = self.init(jax.random.fold_in(key, 0), d_in)
        z = self.z(params, x)
        spread = z.std(axis=0)
        # NOTE[NUMERICS] a neuron that sees no spread keeps its weights
        spread = jnp.where(spread > 1e-6, spread, jnp.ones_like(spread))
        shape = (BENDING_ROWS, self.width)
        row = jax.random.randint(jax.random.fold_in(key, 1), shape, 0, n)
        share = jax.random.exponential(jax.random.fold_in(key, 2), shape, jnp.float32)
        share = share / share.sum(axis=0)
        neuron = jnp.arange(self.width)
        b = -(share * (z / spread)[row, neuron]).sum(axis=0)
        return params | {"W": params["W"] / spread, "b": b}

    def z(self, params: Params, x: Array) -> Array:
        """Return x @ W / sqrt(d_in) + b.

        Raises:
            ShapeError: When x does not have d_in features.
        """
        W, b = params["W"], params["b"]
        self.refuse_wrong_rows(W.shape[0], x)
        # NOTE[XLA] W is divided: fewer numbers than x has, and the same product
        return x @ self.weights(params) + b

    def weights(self, params: Params) -> Array:
        """Return W / sqrt(d_in)."""
        W = params["W"]
        return W / jnp.sqrt(jnp.asarray(max(W.shape[0], 1), W.dtype))

    def forward(
        self,
        params: Params,
        x: Array,
        key: Array | None = None,
        strength: Strength = 1.0,
    ) -> Array:
        """Return z + alpha * (activation(z) - z)."""
        z = self.z(params, x)
        a = activation_named(self.activation)(z)
        return z + params["alpha"] * (a - z) if self.parametric else a

    def rate(self, name: str) -> float:
        """Return 1 for W, and 0.1 for b and alpha."""
        return 1.0 if name == "W" else SLOW

    def about(self) -> str:
        """Say what the layer is for."""
        own = ", as much as it learns to" if self.parametric else ""
        bends = self.activation not in ("identity", "sigmoid", "softmax")
        then = f" and bends the sum with {self.activation}{own}" if bends else ""
        return (
            f"each neuron weighs all that comes in{then}; before training its weights "
            "are fitted to the rows, so that it bends where the data is"
        )

    def arithmetic(self, d_in: int) -> str:
        """Write d_in x width + width = n, or + 2 x width with alpha."""
        twice = "2 x " if self.parametric else ""
        n = self.n_parameters(d_in)
        return f"{d_in} x {self.width} + {twice}{self.width} = {n:,}"
