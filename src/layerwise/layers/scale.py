"""The scaling layer: how much each unit counts."""

from dataclasses import dataclass
from typing import ClassVar

import jax.numpy as jnp
from jax import Array

from layerwise.layers.layer import Layer, Params, Strength

__all__ = ["Scale"]


@dataclass(frozen=True)
class Scale(Layer):
    """One factor for each unit, learned fast: a soft choice of features.

    a = x * s

    It learns with six times the learning rate, so that a network finds early
    which units count.

    Shape:
        x: (n, d) -> (n, d)

    Example:
        >>> Scale().arithmetic(12)
        '12 = 12'

    Source:
        Holzmüller et al., "Better by Default" (RealMLP), 2024, section 3.
    """

    kind: ClassVar[str] = "scale"

    def shapes(self, d_in: int) -> dict[str, tuple[int, ...]]:
        """Return the shape of s."""
        return {"s": (d_in,)}

    def d_out(self, d_in: int) -> int:
        """Return d_in."""
        return d_in

    def init(self, key: Array, d_in: int) -> Params:
        """Every unit counts 1 at the start."""
        return {"s": jnp.ones(d_in, jnp.float32)}

    def forward(
        self,
        params: Params,
        x: Array,
        key: Array | None = None,
        strength: Strength = 1.0,
    ) -> Array:
        """Return x * s."""
        return x * params["s"]

    def rate(self, name: str) -> float:
        """Return 6."""
        return 6.0

    def decays(self, name: str) -> bool:
        """Return True: a unit that helps nobody fades."""
        return True

    def about(self) -> str:
        """Say what the layer is for."""
        return "one factor for each unit: how much it counts"

    def arithmetic(self, d_in: int) -> str:
        """Write d_in = n."""
        return f"{d_in} = {self.n_parameters(d_in):,}"
