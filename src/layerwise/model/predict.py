"""Prediction in tiles of one shape.

How a matrix product adds up may depend on how many rows it is given, so a row
predicted alone could differ in its last bits from the same row among others.
Every pass here has exactly ``TILE`` rows, the rest zeros: a row's prediction
never depends on its neighbours, and no number of rows compiles anew.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from layerwise.errors import DivergedError
from layerwise.network import Network, NetworkParams
from layerwise.training import precision, prepare

__all__ = ["TILE", "Columns", "finite", "forward_rows", "params_dtype"]

TILE = 256
MOST_TILES = 64
CHUNK_NUMBERS = 2**20
"""A chunk of tiles is handed to the device at once; a wide table gets fewer."""
LEAST_SHARE = 8 * TILE
"""Fewer rows than these are not worth sharing between cores."""

Columns = dict[str, NDArray[Any]]
"""{"numbers": (n, p) in the table's units, "categories": (n, q), "texts": (n, t)}."""


@partial(jax.jit, static_argnames="network")
def _forward_tiles(
    network: Network, params: NetworkParams, x: dict[str, Array], tiles: Array
) -> Array:
    """Return what the network predicts for the first tiles of a chunk."""

    def one(i: Array, out: Array) -> Array:
        rows = jax.tree.map(
            lambda a: jax.lax.dynamic_slice_in_dim(a, i * TILE, TILE), x
        )
        a = network.predict(params, rows)
        return jax.lax.dynamic_update_slice_in_dim(out, a, i * TILE, 0)

    n, dtype = x["numbers"].shape[0], x["numbers"].dtype
    start = jnp.zeros((n, _width(network)), dtype)
    out: Array = jax.lax.fori_loop(0, tiles, one, start)
    return out


def params_dtype(params: NetworkParams) -> np.dtype[Any]:
    """Return what the parameters are kept in, and so what is computed in."""
    leaves = jax.tree.leaves(params)
    return np.dtype(leaves[0].dtype) if leaves else np.dtype(np.float32)


def _padded(network: Network, x: Columns, rows: slice, n: int, dtype: Any) -> Columns:
    """Make some rows ready for the device, then zeros up to n rows."""
    chunk = network.input.rows(
        x["numbers"][rows], x["categories"][rows], x["texts"][rows], dtype
    )
    for name, column in chunk.items():
        if len(column) < n:
            whole = np.zeros((n, *column.shape[1:]), column.dtype)
            whole[: len(column)] = column
            chunk[name] = whole
    return chunk


def forward_rows(
    network: Network, networks: Sequence[NetworkParams], x: Columns
) -> NDArray[Any]:
    """Return what networks of the same layers predict, on average, for any rows.

    Args:
        network: The layers.
        networks: The parameters of each; their dtype is what is computed in.
        x: {"numbers": (n, p) in the table's units, "categories": (n, q), "texts":
            (n, t)}.

    Shape:
        n rows -> (n, 1), or (n, n_classes) for two or more classes

    Raises:
        DivergedError: When anything that comes out is nan or infinite.
    """
    prepare()
    plain, dtype = network.without_constants(), params_dtype(networks[0])
    n, width = len(x["numbers"]), max(network.widths[1], 1)
    chunk = TILE * min(max(CHUNK_NUMBERS // (TILE * width), 1), MOST_TILES)
    out = np.empty((n, _width(network)), dtype)
    with precision(dtype):
        on_device = jax.device_put(list(networks))

    cores = _n_cores()
    share = TILE * -(-n // (TILE * cores))  # of a core, where all get as much to do
    step = min(chunk, max(share, LEAST_SHARE))

    def one(start: int) -> None:
        rows = slice(start, min(start + step, n))
        with precision(dtype):  # said again: it holds for one thread
            part = _padded(network, x, rows, chunk, dtype)
            tiles = np.int32(-(-(rows.stop - rows.start) // TILE))
            answers = [_forward_tiles(plain, own, part, tiles) for own in on_device]
        with np.errstate(over="ignore", invalid="ignore"):  # told below
            a = sum(map(np.asarray, answers[1:]), np.asarray(answers[0]))
        out[rows] = a[: rows.stop - rows.start] / dtype.type(len(answers))

    # a tile keeps one core busy, so chunks go side by side
    # and one thread more than cores: while they compute, it scales the next chunk
    with ThreadPoolExecutor(cores + 1) as threads:
        list(threads.map(one, range(0, n, step)))
    return finite(out)


def finite(numbers: NDArray[Any]) -> NDArray[Any]:
    """Return what was computed for each row, or say that it overflowed.

    Raises:
        DivergedError: When anything is nan or infinite.
    """
    is_finite = np.isfinite(numbers)
    if not is_finite.all():
        row = int(np.argwhere(~is_finite)[0, 0])
        raise DivergedError(
            f"What the network computes for row {row} is beyond the range of numbers: "
            "its weights are too large for that row. Check the row's values, or train "
            "again with l2 or a lower learning_rate."
        )
    return numbers


def _width(network: Network) -> int:
    return 2 if network.output.task == "binary" else network.widths[-1]


def _n_cores() -> int:
    """Return how many cores this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1
