"""What every encoding of numbers is: some units made of each number column.

    Piecewise   straight pieces that meet at learned places: ``piecewise``
    Pbld, Plr   waves of learned frequencies: ``periodic``

A network of straight lines and smooth bends needs many neurons for a function
that turns often in one column. An encoding gives each column units of its own
that turn for it, so that what follows is nearly a sum. An encoding belongs to
the input layer, which hands it the scaled numbers and its parameters.
"""

from abc import ABC, abstractmethod

import jax
import jax.numpy as jnp
from jax import Array

from layerwise.layers.layer import Params

__all__ = ["Encoding", "uniform"]


class Encoding(ABC):
    """One formula that makes units of each number column, with its parameters."""

    @abstractmethod
    def units(self, p: int) -> tuple[int, ...]:
        """Return how many units each of p numbers makes."""

    @abstractmethod
    def shapes(self, p: int) -> dict[str, tuple[int, ...]]:
        """Return the shape of each parameter for p numbers."""

    @abstractmethod
    def init(self, key: Array, p: int) -> Params:
        """Draw the first parameters."""

    @abstractmethod
    def forward(self, params: Params, s: Array, places: Array | None) -> Array:
        """Return the units of each number, column by column.

        Shape:
            s: (..., p), 0 where missing -> (..., sum of units)
        """

    @abstractmethod
    def about(self) -> str:
        """Say what becomes of a number, in words that a newcomer understands."""

    @abstractmethod
    def rate(self, name: str) -> float:
        """Return the factor of the learning rate with which a parameter learns."""

    @abstractmethod
    def decays(self, name: str) -> bool:
        """Return whether weight decay makes a parameter smaller."""


def uniform(key: Array, shape: tuple[int, ...], bound: float) -> Array:
    """Draw from U(-bound, bound)."""
    return jax.random.uniform(
        key, shape, jnp.float32, -jnp.float32(bound), jnp.float32(bound)
    )
