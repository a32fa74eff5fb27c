"""The input layer: the typed columns of a table as units.

Two things happen here. Numbers are brought to a common size with constants
learned from training rows (``rows``, in float64, because a float32 holds
neither 1e300 nor the seconds of a date; ``scaling`` and ``quantile`` measure
them). Then the units are laid side by side (``forward``), and what is learnable
among them is learned like any other layer:

    [ numbers, each encoded | missing flags | categories | texts, column by column ]
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
from layerwise.layers.periodic import Pbld, Plr
from layerwise.layers.piecewise import Piecewise
from layerwise.layers.quantile import check_quantiles, to_normal
from layerwise.layers.scaling import LARGEST_UNIT
from layerwise.layers.text import TextUnits

__all__ = ["Input"]


@dataclass(frozen=True)
class Input(Layer):
    """Typed columns in, units out.

    number:    s = (x - center) / scale, 0 where missing;
               or its place in a normal distribution, see ``to_normal``
               s <- s / sqrt(1 + (s / smooth_clip)^2), where there is a bound
               unit = s, or the units of its encoding: ``Piecewise``, ``Pbld``, ``Plr``
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
        smooth_clip: Bound of the scaled numbers; 0 for none.
        other_rate: Share of category ids that become 0 while training.
        encoding: What makes several units of each number; None for one.
        quantiles: Those of each number in training, from which its place in a
            normal distribution follows; empty where center and scale count.

    Shape:
        numbers: (n, p), categories: (n, q), texts: (n, t), places of a piecewise
        encoding: (n, p) -> (n, n_units); (n, members, ...) -> (n, members, n_units)

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
    encoding: Piecewise | Pbld | Plr | None = None
    quantiles: tuple[tuple[float, ...], ...] = ()

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

        self._check_encoding()

    def _check_encoding(self) -> None:
        p, encoding = self.n_numbers, self.encoding
        if encoding is not None and p == 0:
            raise ParameterError("An input layer without numbers encodes none.")
        if isinstance(encoding, Piecewise) and len(encoding.bins) != p:
            raise ParameterError(
                f"An input layer has bins for each of its {p} numbers. Got bins for "
                f"{len(encoding.bins)}."
            )
        check_quantiles(self.quantiles, p)

    @property
    def is_random(self) -> bool:
        """Return whether categories are ever read as unknown while training."""
        return self.other_rate > 0 and bool(self.categories)

    @property
    def n_numbers(self) -> int:
        """Return the number of number columns that go in."""
        return len(self.center)

    def groups(self) -> tuple[int, ...]:
        """Return how many units each feature makes, in the order of the units.

        One entry for each number, each missing flag, each category and each text.

        Example:
            >>> Input((0.0,), (1.0,), flags=(0,), encoding=Pbld()).groups()
            (4, 1)
        """
        p = self.n_numbers
        return (
            *(self.encoding.units(p) if self.encoding else (1,) * p),
            *(1 for _ in self.flags),
            *(category.n_units for category in self.categories),
            *(text.n_units for text in self.texts),
        )

    @property
    def n_units(self) -> int:
        """Return the number of units that come out."""
        return sum(self.groups())

    def without_constants(self) -> "Input":
        """Return the same layer for compiling: its formula does not hold constants."""
        p, encoding = self.n_numbers, self.encoding
        if isinstance(encoding, Piecewise):
            encoding = encoding.without_constants()
        return replace(
            self,
            center=(0.0,) * p,
            scale=(1.0,) * p,
            encoding=encoding,
            quantiles=(),
        )

    def scaled(self, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return s: (x - center) / scale, clipped, or the place in a normal.

        Raises:
            ShapeError: When there are not as many columns as in training.
        """
        if numbers.ndim != 2 or numbers.shape[1] != self.n_numbers:
            raise ShapeError(
                f"The input layer takes {self.n_numbers} number columns, but the "
                f"array has shape {numbers.shape}."
            )
        if self.quantiles:
            return to_normal(numbers, self.quantiles)
        with np.errstate(over="ignore"):  # what becomes infinite is clipped
            s: NDArray[np.float64] = numbers - np.asarray(self.center)
            s /= np.asarray(self.scale)
        return np.clip(s, -LARGEST_UNIT, LARGEST_UNIT, out=s)

    def bent(self, s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return s / sqrt(1 + (s / smooth_clip)^2), as ``forward`` does on the device.

        The edges of bins are in its units.
        """
        if not self.smooth_clip:
            return s
        # NOTE[NUMERICS] by hypot: the ratio to a very small bound is no number
        c = self.smooth_clip
        return np.asarray(c * (s / np.hypot(c, s)))

    def rows(
        self,
        numbers: NDArray[np.float64],
        categories: NDArray[Any],
        texts: NDArray[Any],
        dtype: Any = np.float32,
    ) -> dict[str, NDArray[Any]]:
        """Return what ``forward`` takes: all that is done with constants is done.

        Args:
            numbers: In the table's units, nan where missing.
            categories: Ids.
            texts: Counted pieces, nan where missing.
            dtype: What is computed in.

        Shape:
            numbers: (n, p), categories: (n, q), texts: (n, t) -> the same, and
            places: (n, p) for a piecewise encoding

        Example:
            >>> layer = Input((10.0,), (2.0,), encoding=Piecewise(((0.0, 4.0),), 0))
            >>> nothing = np.zeros((1, 0))
            >>> x = layer.rows(np.array([[14.0]]), nothing, nothing)
            >>> x["numbers"].tolist(), x["places"].tolist()
            ([[2.0]], [[0.5]])
        """
        s = self.scaled(numbers)
        x = {
            "numbers": s.astype(dtype),
            "categories": categories,
            "texts": texts.astype(dtype, copy=False),
        }
        if isinstance(self.encoding, Piecewise):
            x["places"] = self.encoding.places(self.bent(s)).astype(dtype)
        return x

    def shapes(self, d_in: int = 0) -> dict[str, tuple[int, ...]]:
        """Return the shapes of the encoding's parameters and of each embedding."""
        return self._encoding_shapes() | {
            f"{name}{j}": shape
            for j, category in enumerate(self.categories)
            for name, shape in category.shapes().items()
        }

    def _encoding_shapes(self) -> dict[str, tuple[int, ...]]:
        return self.encoding.shapes(self.n_numbers) if self.encoding else {}

    def d_out(self, d_in: int = 0) -> int:
        """Return the number of units."""
        return self.n_units

    def init_from(self, key: Array, x: dict[str, Array]) -> Params:
        """Draw the first parameters, whatever the rows."""
        return self.init(key)

    def init(self, key: Array, d_in: int = 0) -> Params:
        """Draw the encoding's parameters and the embeddings."""
        own: Params = {}
        if self.encoding:
            # no category column has this number, so neither reseeds the other
            own_key = jax.random.fold_in(key, 2**32 - 1)
            own = self.encoding.init(own_key, self.n_numbers)
        return own | {
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
        s = self._clipped(jnp.where(missing, jnp.zeros_like(numbers), numbers))
        if self.encoding:
            s = self.encoding.forward(params, s, x.get("places"))
        units = [s]  # (n, p), or (n, p * width) where encoded
        if self.flags:
            flags = missing[..., jnp.asarray(self.flags)]
            units.append(flags.astype(numbers.dtype))
        if key is not None and self.is_random:
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

    def rate(self, name: str) -> float:
        """Return the encoding's factor for its parameters, 1 for embeddings."""
        if self.encoding and name in self._encoding_shapes():
            return self.encoding.rate(name)
        return 1.0

    def decays(self, name: str) -> bool:
        """Return what the encoding says of its parameters; embeddings do not decay."""
        if self.encoding and name in self._encoding_shapes():
            return self.encoding.decays(name)
        return False

    def about(self) -> str:
        """Say what the layer is for."""
        each = f"; each number becomes {self.encoding.about()}" if self.encoding else ""
        return f"turns the cells of a row into numbers, the units{each}"

    def arithmetic(self, d_in: int = 0) -> str:
        """Write the sizes of the encoding's parameters and the embeddings, summed."""
        sizes = [" x ".join(map(str, shape)) for shape in self.shapes().values()]
        return f"{' + '.join(sizes)} = {self.n_parameters(0):,}" if sizes else "0"
