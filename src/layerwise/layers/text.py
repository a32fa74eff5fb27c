"""Text columns as units: the hashed pieces of a text, as they come."""

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array

from layerwise.errors import ParameterError

__all__ = ["TextUnits"]

WIDEST = 1024


@dataclass(frozen=True)
class TextUnits:
    """The units that one text column makes.

    text:  unit j = v[j] / ||v||, 0 where missing
    flag:  unit = 1 where the text is missing, else 0

    v counts the pieces of the text, hashed into ``width`` places; the table's
    reading makes it, because a device holds numbers, not texts. Nothing is
    learned here: the layer that follows learns what each unit means.

    Args:
        width: Units of the text.
        has_flag: Whether one more unit says that the text is missing.

    Shape:
        cells: (n, width), nan where missing -> (n, n_units)

    Example:
        >>> TextUnits(32).n_units, TextUnits(32, has_flag=True).n_units
        (32, 33)
    """

    width: int
    has_flag: bool = False

    def __post_init__(self) -> None:
        """Refuse widths that no text has."""
        if not 1 <= self.width <= WIDEST:
            raise ParameterError(
                f"A text column makes 1 to {WIDEST} units. Got {self.width!r}."
            )

    @property
    def n_units(self) -> int:
        """Return the number of units that come out."""
        return self.width + self.has_flag

    def forward(self, cells: Array) -> Array:
        """Return the units of each row's text."""
        missing = jnp.isnan(cells)
        units = jnp.where(missing, jnp.zeros_like(cells), cells)
        if not self.has_flag:
            return units
        flag = missing[..., :1].astype(cells.dtype)
        return jnp.concatenate([units, flag], axis=-1)
