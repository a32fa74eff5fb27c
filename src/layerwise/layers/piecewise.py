"""Piecewise-linear encoding: each number as the bins that it has filled.

    edges   b_0 < b_1 < ... < b_T, learned from training rows
    place   u = t + (s - b_t) / (b_t+1 - b_t), where bin t holds s
    code    e_t = clip(u - t, 0, 1):  1 for a full bin, 0 for an empty one

A line through such codes is a curve of straight pieces that meet at the edges:
each column gets its own, and boosted trees' jumps can be followed closely. The
place is worked out before the device is reached, in float64, so that the
compiled formula holds no edges and tables of one shape share one program.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from layerwise.errors import ParameterError, ShapeError
from layerwise.layers.activation import activation_named
from layerwise.layers.encoding import Encoding, uniform
from layerwise.layers.layer import Params
from layerwise.layers.quantile import quantiles
from layerwise.layers.scaling import LARGEST_UNIT, MOST_CONSTANTS

__all__ = ["MOST_BINS", "Piecewise", "mixed_bins", "quantile_bins"]

MOST_BINS = 1024
NEAR = 1e-9
"""Values that are nearer to each other than this share of their range are one."""
WIDEST = 256


@dataclass(frozen=True)
class Piecewise(Encoding):
    """Each number as codes of its bins, or as a few sums of them.

    width 0:      units e_0 ... e_T-1
    width d > 0:  d units, activation(w s + c + e @ V)

    The first code has no lower bound and the last no upper one, so that a number
    beyond the edges goes on along the line of the last bin. Where a number is
    missing all codes are 0, and s is 0.

    V starts at zero: at first there is a line, and bends are learned.

    Args:
        bins: The edges of each number's bins, in units of s as the input layer
            bends it.
        width: Units of each number; 0 for the codes themselves.
        activation: What the sums lead into.

    Shape:
        s: (n, p), places: (n, p), nan where missing -> (n, p * width), or
        (n, number of bins) for width 0

    Source:
        Gorishniy et al., "On Embeddings for Numerical Features", 2022, section
        3.2; with a width: "version B" of rtdl-num-embeddings 0.0.12.

    Example:
        >>> code = Piecewise(((0.0, 1.0, 3.0),), width=0)
        >>> u = code.places(np.array([[0.5], [2.0], [5.0]]))
        >>> u.tolist()
        [[0.5], [1.5], [3.0]]
        >>> code.forward({}, jnp.zeros((3, 1)), jnp.asarray(u)).tolist()
        [[0.5, 0.0], [1.0, 0.5], [1.0, 2.0]]
    """

    bins: tuple[tuple[float, ...], ...]
    width: int
    activation: str = "identity"

    def __post_init__(self) -> None:
        """Refuse edges that are not in order, and sizes that no encoding has."""
        counts = self.counts
        if not all(1 <= count <= MOST_BINS for count in counts) or (
            len(counts) * max(counts, default=0) > MOST_CONSTANTS
        ):
            raise ParameterError(
                f"A piecewise encoding has 1 to {MOST_BINS} bins for each number, and "
                f"{MOST_CONSTANTS:,} for all of them if each had as many as the one "
                f"with most. Got {len(counts)} numbers of up to "
                f"{max(counts, default=0)} bins."
            )
        for j, edges in enumerate(self.bins):
            here = np.asarray(edges)
            if not (np.diff(here) > 0).all() or np.abs(here).max() > 2 * LARGEST_UNIT:
                raise ParameterError(
                    f"The edges of bins grow from one to the next, within "
                    f"{2 * LARGEST_UNIT:,.0f} of 0. Those of number {j} do not."
                )
        if not 0 <= self.width <= WIDEST:
            raise ParameterError(
                f"A piecewise encoding has up to {WIDEST} units for each number. Got "
                f"{self.width!r}."
            )
        activation_named(self.activation)
        if self.activation == "softmax" or not (
            self.width or self.activation == "identity"
        ):
            raise ParameterError(
                f"A piecewise encoding of width {self.width} leads into no "
                f"{self.activation}."
            )

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """Return how many bins each number has."""
        return tuple(len(edges) - 1 for edges in self.bins)

    def without_constants(self) -> "Piecewise":
        """Return the same formula with as many bins, each from t to t + 1."""
        edges = {count: tuple(map(float, range(count + 1))) for count in self.counts}
        return replace(self, bins=tuple(edges[count] for count in self.counts))

    def places(self, s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where each number stands among its bins, nan where it is missing.

        u = t + (s - b_t) / (b_t+1 - b_t), below 0 and above T outside of the bins

        Shape:
            s: (n, p) -> (n, p)

        Raises:
            ShapeError: When there are not as many numbers as in training.
        """
        if s.ndim != 2 or s.shape[1] != len(self.bins):
            raise ShapeError(
                f"The piecewise encoding takes {len(self.bins)} numbers, but the array "
                f"has shape {s.shape}."
            )
        u = np.empty_like(s)
        with np.errstate(over="ignore"):  # what becomes infinite is clipped
            for j, edges in enumerate(map(np.asarray, self.bins)):
                column, last = s[:, j], len(edges) - 2
                t = np.searchsorted(edges[1:-1], column, side="right")
                t = np.minimum(t, last)  # nan is sorted beyond all edges
                u[:, j] = t + (column - edges[t]) / (edges[t + 1] - edges[t])
        return np.clip(u, -LARGEST_UNIT, LARGEST_UNIT, out=u)

    def units(self, p: int) -> tuple[int, ...]:
        """Return the width, or the number of bins, of each number."""
        return (self.width,) * p if self.width else self.counts

    def shapes(self, p: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes of w, c and V, which has a row for each bin."""
        if not self.width:
            return {}
        d = self.width
        return {"w": (p, d), "c": (p, d), "V": (sum(self.counts), d)}

    def init(self, key: Array, p: int) -> Params:
        """Draw w and c ~ U(-1/sqrt(width), 1/sqrt(width)); V starts at zero."""
        if not self.width:
            return {}
        shapes, bound = self.shapes(p), self.width**-0.5
        first, second = jax.random.split(key)
        return {
            "w": uniform(first, shapes["w"], bound),
            "c": uniform(second, shapes["c"], bound),
            "V": jnp.zeros(shapes["V"], jnp.float32),
        }

    def forward(self, params: Params, s: Array, places: Array | None) -> Array:
        """Return the codes, or activation(w s + c + e @ V) number by number."""
        if places is None:
            raise ShapeError("The piecewise encoding takes places, but there are none.")
        missing = jnp.isnan(places)
        u = jnp.where(missing, jnp.zeros_like(places), places)
        if not self.width:
            return self._codes(u, missing)
        w, c, V = params["w"], params["c"], params["V"]
        z = w * s[..., None] + c + self._coded(u, V)  # (n, p, width)
        a = activation_named(self.activation)(z)
        return a.reshape(*s.shape[:-1], s.shape[-1] * self.width)

    def _codes(self, u: Array, missing: Array) -> Array:
        """Return e, bin by bin and number by number."""
        column = np.repeat(np.arange(len(self.counts)), self.counts)
        t = np.concatenate([np.arange(count) for count in self.counts])
        is_last = t == np.repeat(self.counts, self.counts) - 1
        low: NDArray[Any] = np.where(t == 0, -np.inf, 0).astype(u.dtype)
        high: NDArray[Any] = np.where(is_last, np.inf, 1).astype(u.dtype)
        e = jnp.clip(u[..., column] - t.astype(u.dtype), low, high)
        return jnp.where(missing[..., column], jnp.zeros_like(e), e)

    def _coded(self, u: Array, V: Array) -> Array:
        """Return e @ V for each number.

        In bin t the bins before it are full: the sum of their rows, and as much of
        row t as bin t is full. NOTE[XLA] two rows looked up instead of a product
        with T codes: on two cores twice as fast for 48 bins, and up to twelve times
        for 192 with several members, the gradient included.

        Shape:
            u: (n, p), V: (number of bins, width) -> (n, p, width)
        """
        counts, p = np.asarray(self.counts, np.int32), len(self.counts)
        most, first = int(counts.max()), np.cumsum(counts, dtype=np.int32) - counts
        # (p, most): numbers with fewer bins repeat their last row, which none reads
        bin_of = np.minimum(np.arange(most, dtype=np.int32), counts[:, None] - 1)
        rows = V[first[:, None] + bin_of]
        before = (jnp.cumsum(rows, axis=1) - rows).reshape(p * most, self.width)
        last = (counts - 1).astype(u.dtype)
        t = jnp.clip(jnp.floor(u), jnp.zeros_like(last), last)
        at, start = t.astype(jnp.int32), np.arange(p, dtype=np.int32) * np.int32(most)
        full = before.at[start + at].get(mode="promise_in_bounds")  # (n, p, width)
        own = jnp.asarray(V).at[first + at].get(mode="promise_in_bounds")
        return full + (u - t)[..., None] * own

    def about(self) -> str:
        """Say what becomes of a number."""
        if not self.width:
            return "one unit for each of its bins, which fills as the number passes it"
        return (
            f"{self.width} units, each a line of straight pieces that bends where bins "
            "meet"
        )

    def rate(self, name: str) -> float:
        """Return 1."""
        return 1.0

    def decays(self, name: str) -> bool:
        """Return whether it is V: the line that it starts from keeps its size."""
        return name == "V"


def quantile_bins(
    s: NDArray[np.float64], weights: NDArray[np.float64] | None, n_bins: int
) -> tuple[float, ...]:
    """Return the edges of bins with about as many training rows in each.

    Edges are the quantiles at 0, 1/n_bins, ..., 1, each once: there are fewer bins
    where many rows are equal. A column with one value gets one bin around it.

    Args:
        s: One column, nan where missing.
        weights: How many rows each row stands for; one each when None.
        n_bins: Bins at most.

    Example:
        >>> quantile_bins(np.array([0.0, 1.0, 2.0, 3.0, 4.0, 9.0]), None, 2)
        (0.0, 2.5, 9.0)
    """
    here, w = _known(s, weights)
    return _edges([quantiles(here, w, np.linspace(0, 1, n_bins + 1))])


def mixed_bins(
    s: NDArray[np.float64], weights: NDArray[np.float64] | None, n_bins: int
) -> tuple[float, ...]:
    """Return edges of which half are quantiles of the rows, half of distinct values.

    Where nearly all rows hold one number, quantiles of the rows see nothing of the
    others: of the capital gains in a census 92 in 100 are 0. Each distinct value
    counts once in the second half.

    Args:
        s: One column, nan where missing.
        weights: How many rows each row stands for; one each when None.
        n_bins: Bins at most; at least 2.

    Example:
        >>> mixed_bins(np.array([0.0] * 98 + [1.0, 9.0]), None, 4)
        (0.0, 1.0, 9.0)
        >>> quantile_bins(np.array([0.0] * 98 + [1.0, 9.0]), None, 4)
        (0.0, 9.0)
    """
    here, w = _known(s, weights)
    half = n_bins // 2
    of_rows = quantiles(here, w, np.linspace(0, 1, half + 1))
    distinct = _apart(np.unique(here))
    of_values = quantiles(distinct, None, np.linspace(0, 1, n_bins - half + 1))
    return _edges([of_rows, of_values])


def _known(
    s: NDArray[np.float64], weights: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    here = ~np.isnan(s)
    if weights is None:
        return s[here], None
    here &= weights > 0
    return s[here], weights[here]


def _edges(found: list[NDArray[np.float64]]) -> tuple[float, ...]:
    edges = np.unique(np.concatenate(found))
    if len(edges) < 2:
        value = float(edges[0]) if len(edges) else 0.0
        return (value - 0.5, value + 0.5)
    return tuple(_apart(edges).tolist())


def _apart(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sorted values, those that are nearly equal once.

    NOTE[NUMERICS] the same weekday of two dates may differ by a rounding error.
    """
    if not len(values):
        return values
    least, most = values[0], values[-1]
    kept = values[np.append(np.diff(values) > NEAR * (most - least), True)]
    return np.append(least, kept[1:])
