"""Batches: rows in a new order each epoch, cut into pieces of one size.

    n_batches = ceil(n / batch_size)
    iterations = epochs * n_batches

The last batch is short unless batch_size divides n. It is padded with rows of
weight 0, so that every batch has one shape and every row counts exactly once.
"""

import math
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

__all__ = ["default_batch_size", "in_batches", "n_batches", "shuffled"]

ROUNDS = 8


def n_batches(n: int, batch_size: int) -> int:
    """Count the batches of one epoch: ceil(n / batch_size).

    Example:
        >>> n_batches(200, 40), n_batches(203, 40)
        (5, 6)
    """
    return math.ceil(n / batch_size)


def default_batch_size(n: int) -> int:
    """Choose a batch size for n rows: about n / 64, a power of two from 32 to 1024.

    Example:
        >>> default_batch_size(500), default_batch_size(20_000)
        (32, 256)
    """
    if n <= 32:
        return n
    return 1 << min(max(round(math.log2(n / 64)), 5), 10)


def shuffled(key: Array, n: int) -> Array:
    """Return the numbers 0 to n - 1 in a random order.

    A keyed bijection of the numbers below a power of two (a Feistel network:
    each round mixes one half of the bits into the other), of which those below
    n are kept in place. No sorting, which is what makes it fast.

    Args:
        key: Each key gives one order.
        n: How many rows; at least 1.

    Shape:
        -> (n,) of int32

    Source:
        Mitchell et al., "Bandwidth-Optimal Random Shuffling for GPUs", 2021.
        NOTE[DIFF] eight rounds of a multiply-xorshift mix instead of Philox.
    """
    # in fewer than 64 numbers some orders would come more often than others
    bits = max((n - 1).bit_length(), 6)
    left_bits, right_bits = bits // 2, bits - bits // 2
    numbers = jnp.arange(1 << bits, dtype=jnp.uint32)
    left = numbers >> right_bits
    right = numbers & jnp.uint32((1 << right_bits) - 1)
    first, second = jax.random.key_data(key)
    for r in range(ROUNDS):
        round_key = _mix(first + jnp.uint32(r)) ^ second
        mixed = (left ^ _mix(right ^ round_key)) & jnp.uint32((1 << left_bits) - 1)
        left, right = right, mixed
        left_bits, right_bits = right_bits, left_bits
    order = ((left << right_bits) | right).astype(jnp.int32)
    kept = order < n
    place = jnp.where(kept, jnp.cumsum(kept, dtype=jnp.int32) - 1, n)
    return jnp.zeros(n, jnp.int32).at[place].set(order, mode="drop")


def _mix(x: Array) -> Array:
    x = x * jnp.uint32(0x9E3779B1)  # 2^32 / golden ratio
    x = (x ^ (x >> 15)) * jnp.uint32(0x85EBCA6B)  # a murmur3 finalizer constant
    return x ^ (x >> 13)


def in_batches(rows: Any, order: Array, batch_size: int) -> tuple[Any, Array]:
    """Cut rows into batches, in the given order.

    Args:
        rows: Arrays whose first axis is rows.
        order: (n,): the position of each row, once; or (n, members), where each
            member of an ensemble has an order of its own.
        batch_size: Rows of one batch.

    Returns:
        The arrays as (n_batches, batch_size, ...), and which of these rows are
        real: the padding at the end repeats row 0 and is not.
    """
    n = order.shape[0]
    batches = n_batches(n, batch_size)
    shape = (batches * batch_size, *order.shape[1:])
    padded = jnp.zeros(shape, order.dtype).at[:n].set(order)
    real = jnp.arange(batches * batch_size, dtype=order.dtype) < n

    def cut(a: Array) -> Array:
        # NOTE[XLA] the bounds are known to hold: several times faster than checked
        a = a.at[padded].get(mode="promise_in_bounds")
        return a.reshape(batches, batch_size, *a.shape[1:])  # a: (rows, ...)

    return jax.tree.map(cut, rows), real.reshape(batches, batch_size)
