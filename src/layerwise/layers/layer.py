"""What every layer is: plain settings, first parameters, a forward pass.

A layer is a frozen dataclass of plain settings. Its learnable parameters are
a dict of arrays, made by ``init`` and used by ``forward``; they live outside
the layer, so many sets of parameters can share one network. The last axis of
every array holds units or neurons, the axes before it are rows; in networks of
several members the one before the last is members.
"""

import math
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from jax import Array

__all__ = ["Layer", "Params", "Rows", "Strength"]

Params = dict[str, Array]
"""The learnable parameters of one layer, by name."""

Rows = Any
"""What a layer takes: an array (n, d_in), or the typed columns of the input."""

Strength = float | Array
"""From 0 to 1: how much of its own rate a random layer acts with."""


class Layer(ABC):
    """One formula with its learnable parameters."""

    kind: ClassVar[str]
    """The layer's word in files, texts and pages."""

    @property
    def is_random(self) -> bool:
        """Return whether what the layer makes of x is random while training."""
        return False

    @abstractmethod
    def shapes(self, d_in: int) -> dict[str, tuple[int, ...]]:
        """Return the shape of each parameter, without making any."""

    @abstractmethod
    def d_out(self, d_in: int) -> int:
        """Return the number of units or neurons that come out."""

    @abstractmethod
    def init(self, key: Array, d_in: int) -> Params:
        """Draw the first parameters."""

    @abstractmethod
    def forward(
        self,
        params: Params,
        x: Rows,
        key: Array | None = None,
        strength: Strength = 1.0,
    ) -> Array:
        """Return what the layer makes of x; random only if it is given a key.

        A schedule may take randomness back as training goes on: ``strength`` is
        the share of its own rate with which a random layer acts.
        """

    def init_from(self, key: Array, x: Rows) -> Params:
        """Draw the first parameters by what the first training rows bring in.

        Most layers look at nothing but the number of units.
        """
        return self.init(key, x.shape[-1])

    def rate(self, name: str) -> float:
        """Return the factor of the learning rate with which a parameter learns."""
        return 1.0

    def decays(self, name: str) -> bool:
        """Return whether weight decay makes a parameter smaller."""
        return name == "W"

    @abstractmethod
    def about(self) -> str:
        """Say what the layer is for, as a clause that a newcomer understands."""

    def arithmetic(self, d_in: int) -> str:
        """Write the sum behind the parameter count, such as ``3 x 64 + 64 = 256``."""
        return "0"

    def n_parameters(self, d_in: int) -> int:
        """Count the learnable parameters."""
        return sum(math.prod(shape) for shape in self.shapes(d_in).values())
