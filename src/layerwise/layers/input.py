"""The input layer: the typed columns of a table as units.

Two things happen here. Numbers are brought to a common size with constants
learned from training rows (``standardize``, in float64, because a float32
holds neither 1e300 nor the seconds of a date). Then the units are laid side
by side (``forward``), and what is learnable among them is learned like any
other layer:

    [ numbers | missing flags | categories, column by column ]
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
from layerwise.layers.layer import Layer, Params

__all__ = ["LARGEST_UNIT", "Input", "standardization"]

LARGEST_UNIT = 1e6
"""Standardized numbers are clipped here. No training row reaches it: among n
rows of equal weight the largest is below sqrt(n)."""


def standardization(
    numbers: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Measure the center and the scale of each column.

    center = sum(w x) / sum(w),  scale = sqrt(sum(w (x - center)^2) / sum(w))

    Missing cells are left out. A weight is worth that many equal rows, so a
    row of weight 0 moves nothing. A column without spread gets scale 1.

    Args:
        numbers: One column per number, nan where a cell is missing.
        weights: How many rows each row stands for; all 1 by default.

    Shape:
        numbers: (n, p) -> (p,), (p,)

    Example:
        >>> center, scale = standardization(np.array([[1.0], [3.0]]))
        >>> float(center[0]), float(scale[0])
        (2.0, 1.0)
    """
    n, p = numbers.shape
    center, scale = np.zeros(p), np.ones(p)
    w = np.ones(n) if weights is None else weights
    for j in range(p):  # column by column: a copy of one column, not of the table
        here = ~np.isnan(numbers[:, j]) & (w > 0)
        x, weight = numbers[:, j][here], w[here]
        size = np.abs(x).max(initial=0.0)
        if size == 0:
            continue
        # NOTE[NUMERICS] measured in units of the largest value: 1e300 squared is inf
        x = x / size
        total = weight.sum()
        # summed by NumPy, not by BLAS: the same bits with any number of threads
        mean = (weight * x).sum() / total
        spread = np.sqrt((weight * (x - mean) ** 2).sum() / total)
        center[j] = mean * size
        # NOTE[NUMERICS] a spread below rounding error is no spread
        scale[j] = spread * size if spread > 1e-14 else 1.0
    return center, scale


@dataclass(frozen=True)
class Input(Layer):
    """Typed columns in, units out.

    number:    unit = (x - center) / scale, 0 where missing
    flag:      unit = 1 where the number is missing, else 0
    category:  one-hot or embedding, see ``CategoryUnits``

    Args:
        center: What is subtracted from each number.
        scale: What each number is then divided by.
        flags: Positions of the numbers that have a missing flag.
        categories: One entry per category column.

    Shape:
        numbers: (n, p), categories: (n, q) -> (n, n_units)

    Example:
        >>> Input(center=(10.0,), scale=(2.0,), flags=(0,)).n_units
        2
    """

    kind: ClassVar[str] = "input"

    center: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()
    flags: tuple[int, ...] = ()
    categories: tuple[CategoryUnits, ...] = ()

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

    @property
    def n_numbers(self) -> int:
        """Return the number of number columns that go in."""
        return len(self.center)

    @property
    def n_units(self) -> int:
        """Return the number of units that come out."""
        of_categories = sum(category.n_units for category in self.categories)
        return self.n_numbers + len(self.flags) + of_categories

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

    def init(self, key: Array, d_in: int = 0) -> Params:
        """Draw the embeddings."""
        return {
            f"{name}{j}": value
            for j, category in enumerate(self.categories)
            for name, value in category.init(jax.random.fold_in(key, j)).items()
        }

    def forward(
        self, params: Params, x: dict[str, Array], key: Array | None = None
    ) -> Array:
        """Lay the units side by side."""
        numbers, ids = x["numbers"], x["categories"]
        missing = jnp.isnan(numbers)
        units = [jnp.where(missing, jnp.zeros_like(numbers), numbers)]  # (n, p)
        if self.flags:
            flags = missing[..., jnp.asarray(self.flags)]
            units.append(flags.astype(numbers.dtype))
        for j, category in enumerate(self.categories):
            own = {"E": params[f"E{j}"]} if category.width else {}
            units.append(category.forward(own, ids[..., j], numbers.dtype))
        return jnp.concatenate(units, axis=-1)  # (n, n_units)

    def arithmetic(self, d_in: int = 0) -> str:
        """Write the sizes of the embeddings, summed."""
        sizes = [f"{c.size + 1} x {c.width}" for c in self.categories if c.width]
        return f"{' + '.join(sizes)} = {self.n_parameters(0):,}" if sizes else "0"
