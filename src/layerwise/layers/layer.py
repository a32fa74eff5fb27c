"""What every layer is: plain settings, first parameters, a forward pass.

A layer is a frozen dataclass of plain settings. Its learnable parameters are
a dict of arrays, made by ``init`` and used by ``forward``; they live outside
the layer, so many sets of parameters can share one network. The last axis of
every array holds units or neurons, the axes before it are rows.
"""

import math
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from jax import Array

__all__ = ["Layer", "Params", "Rows"]

Params = dict[str, Array]
"""The learnable parameters of one layer, by name."""

Rows = Any
"""What a layer takes: an array (n, d_in), or the typed columns of the input."""


class Layer(ABC):
    """One formula with its learnable parameters."""

    kind: ClassVar[str]
    """The layer's word in files, texts and pages."""

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
    def forward(self, params: Params, x: Rows, key: Array | None = None) -> Array:
        """Return what the layer makes of x; random only if it is given a key."""

    def arithmetic(self, d_in: int) -> str:
        """Write the sum behind the parameter count, such as ``3 x 64 + 64 = 256``."""
        return "0"

    def n_parameters(self, d_in: int) -> int:
        """Count the learnable parameters."""
        return sum(math.prod(shape) for shape in self.shapes(d_in).values())
