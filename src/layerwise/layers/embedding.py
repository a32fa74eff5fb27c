"""Category columns as units: one unit per category, or a few learned numbers."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array

from layerwise.errors import ParameterError
from layerwise.layers.layer import Params

__all__ = ["CategoryUnits"]

MOST_CATEGORIES = 1_000_000
WIDEST = 1024


@dataclass(frozen=True)
class CategoryUnits:
    """The units that one category column makes.

    one-hot (width 0):  unit j is 1 where the category id is j + 1, else 0
    embedding (width > 0):  the row E[id] of a learned table

    Id 0 stands for every category that training did not show: all zeros in
    one-hot, and in an embedding the row that starts at zero and that rare
    training categories teach.

    Args:
        size: Categories in the vocabulary, ids 1 to size.
        width: Numbers learned for each category; 0 for one-hot.

    Shape:
        ids: (n,) -> (n, size) one-hot, (n, width) embedding

    Source:
        Guo and Berkhahn, "Entity Embeddings of Categorical Variables", 2016.

    Example:
        >>> CategoryUnits(3).n_units, CategoryUnits(100, 8).n_units
        (3, 8)
    """

    size: int
    width: int = 0

    def __post_init__(self) -> None:
        """Refuse sizes that no table has."""
        if not (0 <= self.size <= MOST_CATEGORIES and 0 <= self.width <= WIDEST):
            raise ParameterError(
                f"A category column has up to {MOST_CATEGORIES:,} categories and "
                f"an embedding of up to {WIDEST} numbers. Got size {self.size!r} and "
                f"width {self.width!r}."
            )

    @property
    def n_units(self) -> int:
        """Return the number of units that come out."""
        return self.width or self.size

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of E, or nothing for one-hot."""
        return {"E": (self.size + 1, self.width)} if self.width else {}

    def init(self, key: Array) -> Params:
        """Draw E with variance 1/width, so that a category has length about 1."""
        if not self.width:
            return {}
        E = jax.random.normal(key, (self.size + 1, self.width), jnp.float32)
        E = E * jnp.float32(self.width**-0.5)
        return {"E": E.at[0].set(0)}

    def forward(self, params: Params, ids: Array, dtype: jnp.dtype) -> Array:
        """Return the units of each row's category."""
        if self.width:
            return params["E"][ids]
        # NOTE[XLA] one_hot of -1 is a row of zeros: the unseen category
        return jax.nn.one_hot(ids - 1, self.size, dtype=dtype)
