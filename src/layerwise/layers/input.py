"""The input layer: the typed columns of a table as units.

Two things happen here. Numbers are brought to a common size with constants
learned from training rows (``standardize``, in float64, because a float32
holds neither 1e300 nor the seconds of a date; ``scaling`` measures them). Then
the units are laid side by side (``forward``), and what is learnable among them
is learned like any other layer:

    [ numbers | missing flags | categories | texts, column by column ]
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from layerwise.errors import ParameterError, ShapeError, listed
from layerwise.layers.embedding import CategoryUnits
from layerwise.layers.layer import Layer, Params, Strength
from layerwise.layers.text import TextUnits

__all__ = ["LARGEST_UNIT", "Input"]

LARGEST_UNIT = 1e6
"""Scaled numbers are clipped here. No training row reaches it where the scale is
the standard deviation: among n rows of equal weight the largest is below
sqrt(n). Where it is not, ``smooth_clip`` has long flattened it out."""


@dataclass(frozen=True)
class Input(Layer):
    """Typed columns in, units out.

    number:    s = (x - center) / scale, 0 where missing
               unit = s, or s / sqrt(1 + (s / smooth_clip)^2)
    flag:      unit = 1 where the number is missing, else 0
    category:  one-hot or embedding, see ``CategoryUnits``
    text:      hashed pieces, see ``TextUnits``

    The smooth clip keeps numbers of common size nearly as they are and bends
    the others, so that none leaves (-smooth_clip, smooth_clip).

    With a key a share of the category ids becomes 0, drawn anew each time, so
    that what an unknown category enters as is trained even where training has
    no rare ones. Without a key none does.

    Args:
        center: What is subtracted from each number.
        scale: What each number is then divided by.
        flags: Positions of the numbers that have a missing flag.
        categories: One entry per category column.
        texts: One entry per text column.
        smooth_clip: Bound of the numbers' units; 0 for none.
        other_rate: Share of category ids that become 0 while training.

    Shape:
        numbers: (n, p), categories: (n, q), texts: (n, t) -> (n, n_units)

    Source:
        smooth_clip: Holzmüller et al., "Better by Default" (RealMLP), 2024,
        section 3, there 3.

    Example:
        >>> Input(center=(10.0,), scale=(2.0,), flags=(0,)).n_units
        2
    """

    kind: ClassVar[str] = "input"

    center: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()
    flags: tuple[int, ...] = ()
    categories: tuple[CategoryUnits, ...] = ()
    texts: tuple[TextUnits, ...] = ()
    smooth_clip: float = 0.0
    other_rate: float = 0.0

    def __post_init__(self) -> None:
        """Refuse constants that do not fit together."""
        p = len(self.center)
        if len(self.scale) != p or not all(scale > 0 for scale in self.scale):
            raise ParameterError(
                f"An input layer has one scale above 0 for each center. Got {p} "
                f"centers and the scales {listed(self.scale)}."
            )
        if list(self.flags) != sorted(set(self.flags) & set(range(p))):
            raise ParameterError(
                f"The missing flags of an input layer are positions of its {p} "
                f"numbers, in order. Got {listed(self.flags)}."
            )
        if not 0 <= self.smooth_clip <= LARGEST_UNIT:
            raise ParameterError(
                f"The 'smooth_clip' of an input layer is 0 for none, or a bound of up "
                f"to {LARGEST_UNIT:,.0f}. Got {self.smooth_clip!r}."
            )
        if not 0 <= self.other_rate < 1:
            raise ParameterError(
                "The 'other_rate' of an input layer must be at least 0 and below 1. "
                f"Got {self.other_rate!r}."
            )

    @property
    def n_numbers(self) -> int:
        """Return the number of number columns that go in."""
        return len(self.center)

    @property
    def n_units(self) -> int:
        """Return the number of units that come out."""
        of_categories = sum(category.n_units for category in self.categories)
        of_texts = sum(text.n_units for text in self.texts)
        return self.n_numbers + len(self.flags) + of_categories + of_texts

    def without_constants(self) -> "Input":
        """Return the same layer for compiling: its formula does not hold constants."""
        p = self.n_numbers
        return replace(self, center=(0.0,) * p, scale=(1.0,) * p)

    def standardize(
        self, numbers: NDArray[np.float64], dtype: Any = np.float32
    ) -> NDArray[Any]:
        """Return (x - center) / scale in float64, clipped, then as dtype.

        Raises:
            ShapeError: When there are not as many columns as in training.
        """
        if numbers.ndim != 2 or numbers.shape[1] != self.n_numbers:
            raise ShapeError(
                f"The input layer takes {self.n_numbers} number columns, but the "
                f"array has shape {numbers.shape}."
            )
        with np.errstate(over="ignore"):  # what becomes infinite is clipped
            units = numbers - np.asarray(self.center)
            units /= np.asarray(self.scale)
            units = np.asarray(units, dtype)
        return np.clip(units, -LARGEST_UNIT, LARGEST_UNIT, out=units)

    def shapes(self, d_in: int = 0) -> dict[str, tuple[int, ...]]:
        """Return the shape of each embedding, by category column."""
        return {
            f"{name}{j}": shape
            for j, category in enumerate(self.categories)
            for name, shape in category.shapes().items()
        }

    def d_out(self, d_in: int = 0) -> int:
        """Return the number of units."""
        return self.n_units

    def init_from(self, key: Array, x: dict[str, Array]) -> Params:
        """Draw the embeddings, whatever the rows."""
        return self.init(key)

    def init(self, key: Array, d_in: int = 0) -> Params:
        """Draw the embeddings."""
        return {
            f"{name}{j}": value
            for j, category in enumerate(self.categories)
            for name, value in category.init(jax.random.fold_in(key, j)).items()
        }

    def forward(
        self,
        params: Params,
        x: dict[str, Array],
        key: Array | None = None,
        strength: Strength = 1.0,
    ) -> Array:
        """Lay the units side by side."""
        numbers, ids = x["numbers"], x["categories"]
        missing = jnp.isnan(numbers)
        s = jnp.where(missing, jnp.zeros_like(numbers), numbers)  # (n, p)
        units = [self._clipped(s)]
        if self.flags:
            flags = missing[..., jnp.asarray(self.flags)]
            units.append(flags.astype(numbers.dtype))
        if key is not None and self.other_rate and self.categories:
            rate = jnp.float32(self.other_rate) * jnp.float32(strength)
            other = jax.random.bernoulli(key, rate, ids.shape)
            ids = jnp.where(other, jnp.zeros_like(ids), ids)
        for j, category in enumerate(self.categories):
            own = {"E": params[f"E{j}"]} if category.width else {}
            units.append(category.forward(own, ids[..., j], numbers.dtype))
        start = 0
        for text in self.texts:
            cells = x["texts"][..., start : start + text.width]
            units.append(text.forward(cells))
            start += text.width
        return jnp.concatenate(units, axis=-1)  # (n, n_units)

    def _clipped(self, s: Array) -> Array:
        """Return s / sqrt(1 + (s / smooth_clip)^2)."""
        if not self.smooth_clip:
            return s
        ratio = s / jnp.asarray(self.smooth_clip, s.dtype)
        return s / jnp.sqrt(1 + jnp.square(ratio))

    def arithmetic(self, d_in: int = 0) -> str:
        """Write the sizes of the embeddings, summed."""
        sizes = [f"{c.size + 1} x {c.width}" for c in self.categories if c.width]
        return f"{' + '.join(sizes)} = {self.n_parameters(0):,}" if sizes else "0"
