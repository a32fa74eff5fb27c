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

    Id 0 stands for every other category: those that training did not show, and
    the rare ones that it pooled. In an embedding it has a row, which starts at
    zero; in one-hot a unit of its own, the last, where ``has_other``, and else
    all units are zero. ``Input.other_rate`` sees to it that it is trained.

    Args:
        size: Categories in the vocabulary, ids 1 to size.
        width: Numbers learned for each category; 0 for one-hot.
        has_other: Whether one-hot has a unit for id 0.

    Shape:
        ids: (n,) -> (n, size), or (n, size + 1) with a unit for the others;
        (n, width) for an embedding

    Source:
        Guo and Berkhahn, "Entity Embeddings of Categorical Variables", 2016.

    Example:
        >>> CategoryUnits(3).n_units, CategoryUnits(100, 8).n_units
        (3, 8)
    """

    size: int
    width: int = 0
    has_other: bool = False

    def __post_init__(self) -> None:
        """Refuse sizes that no table has."""
        if not (0 <= self.size <= MOST_CATEGORIES and 0 <= self.width <= WIDEST):
            raise ParameterError(
                f"A category column has up to {MOST_CATEGORIES:,} categories and "
                f"an embedding of up to {WIDEST} numbers. Got size {self.size!r} and "
                f"width {self.width!r}."
            )
        if self.width and self.has_other:
            raise ParameterError(
                "An embedding has a row for other categories, so no unit for them. "
                f"Got width {self.width} and has_other True."
            )

    @property
    def n_units(self) -> int:
        """Return the number of units that come out."""
        return self.width or self.size + self.has_other

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
        at = jnp.where(ids == 0, self.size, ids - 1)
        # NOTE[XLA] one_hot of what is no unit, such as size, is a row of zeros
        return jax.nn.one_hot(at, self.n_units, dtype=dtype)
