"""Much work over many rows: column beside column, or block of rows beside block.

    side_by_side     one function for many things, in several threads
    room             an array that is yet to be filled
    fill             the arrays of an encoded table, from the values of its columns

An array of an encoded table holds the numbers of a row side by side. Writing
one column after the other would fetch every row from memory once a column, so
all columns of a block of rows are written while it is in the processor's cache.
"""

import math
import mmap
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["Source", "fill", "room", "side_by_side"]

One = TypeVar("One")
Result = TypeVar("Result")
# Fewer rows are done before a thread has started.
MANY_ROWS = 2**18
# Rows of some twenty numbers fit the cache of a processor.
BLOCK_ROWS = 2**13
MANY_BYTES = 2**26


class Source(Protocol):
    """What gives the values of some rows."""

    def rows(self, start: int = 0, stop: int | None = None) -> NDArray[Any]:
        """Return the values of the rows, one or several a row."""


def side_by_side(
    function: Callable[[One], Result], each: Iterable[One], n_rows: int
) -> list[Result]:
    """Call a function for each of many things, in threads where it is worth it.

    Args:
        function: What is done; NumPy and Polars let other threads run.
        each: What it is done to.
        n_rows: How many rows it goes through.

    Returns:
        What it gave, in order.

    Example:
        >>> side_by_side(abs, [-1, 2], n_rows=2)
        [1, 2]
    """
    n_threads = min(os.cpu_count() or 1, 4)
    if n_rows < MANY_ROWS or n_threads == 1:
        return [function(one) for one in each]
    with ThreadPoolExecutor(n_threads) as threads:
        return list(threads.map(function, each))


def room(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Make an array that is yet to be filled.

    Where a host lends a virtual machine its memory page by page, the huge pages
    that NumPy asks for took 3 s to clear 1.4 GB, in one thread; small ones took
    0.8 s, side by side. So a large array comes from the system itself.

    Example:
        >>> room((2, 3), np.int32).shape
        (2, 3)
    """
    n_bytes = math.prod(shape) * np.dtype(dtype).itemsize
    if n_bytes < MANY_BYTES or not hasattr(mmap, "MAP_PRIVATE"):
        return np.empty(shape, dtype)
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    memory = mmap.mmap(-1, n_bytes, flags=flags)
    return np.frombuffer(memory, dtype).reshape(shape)


def fill(parts: Sequence[tuple[NDArray[Any], Source]], n_rows: int) -> None:
    """Write values into the columns of arrays.

    Args:
        parts: Columns of arrays, (n_rows, k), and what gives their values, (n,)
            or (n, k).
        n_rows: How many rows there are.

    Example:
        >>> from layerwise.table.distinct import Spread
        >>> array = np.zeros((2, 2))
        >>> fill([(array[:, 1:], Spread(np.array([5.0, 7.0])))], 2)
        >>> array
        array([[0., 5.],
               [0., 7.]])
    """

    def fill_block(start: int) -> None:
        stop = start + BLOCK_ROWS
        for array, source in parts:
            values = source.rows(start, stop)
            array[start:stop] = values if values.ndim == 2 else values[:, None]

    side_by_side(fill_block, range(0, n_rows, BLOCK_ROWS), n_rows)
