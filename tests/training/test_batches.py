"""Batches: every row once, in an order that favors none."""

from itertools import combinations

import jax
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2

from layerwise.training.batches import (
    default_batch_size,
    in_batches,
    n_batches,
    shuffled,
)

SURELY = 1e-6
"""A law of chance fails by chance once in a million seeds; the seeds are fixed."""


def orders(n: int, k: int) -> NDArray[np.int32]:
    """Draw k orders of n rows, (k, n)."""
    keys = jax.random.split(jax.random.key(3), k)
    return np.asarray(jax.jit(jax.vmap(lambda key: shuffled(key, n)))(keys))


def likelihood(counts: NDArray[np.int64], expected: float, freedom: int) -> float:
    """Return how likely chance alone strays so far from equal counts."""
    return float(chi2.sf(((counts - expected) ** 2 / expected).sum(), freedom))


def test_the_arithmetic_of_the_textbook() -> None:
    assert n_batches(200, 40) == 5
    assert n_batches(203, 40) == 6
    assert n_batches(1, 40) == 1
    assert [default_batch_size(n) for n in (1, 32, 33, 500, 20_000, 10**9)] == [
        *(1, 32, 32),
        *(32, 256, 1024),
    ]


@pytest.mark.parametrize("n", [1, 2, 3, 64, 65, 1023, 1024, 1025, 70_000])
def test_an_order_has_every_row_once(n: int) -> None:
    found = orders(n, 4)
    assert found.dtype == np.int32
    assert np.array_equal(np.sort(found, axis=1), np.tile(np.arange(n), (4, 1)))


def test_each_key_has_its_own_order() -> None:
    found = orders(203, 500)
    assert len(np.unique(found, axis=0)) == 500
    again = orders(203, 500)
    assert np.array_equal(found, again)


@pytest.mark.parametrize(
    ("n", "n_orders"), [(2, 2), (3, 6), (4, 24), (5, 120), (6, 720)]
)
def test_all_orders_of_few_rows_come_equally_often(n: int, n_orders: int) -> None:
    k = 40_000
    codes, counts = np.unique(orders(n, k) @ n ** np.arange(n), return_counts=True)
    assert len(codes) == n_orders
    assert likelihood(counts, k / n_orders, n_orders - 1) > SURELY


@pytest.mark.parametrize("n", [7, 10, 64, 100])
def test_every_row_comes_to_every_place_equally_often(n: int) -> None:
    k = 8_000
    places = np.argsort(orders(n, k), axis=1)
    counts = np.stack([np.bincount(places[:, i], minlength=n) for i in range(n)])
    assert likelihood(counts, k / n, (n - 1) ** 2) > SURELY


def test_no_two_rows_keep_together() -> None:
    """For each pair of 10 rows every pair of places comes equally often."""
    n, k = 10, 20_000
    places = np.argsort(orders(n, k), axis=1)
    for one, two in combinations(range(n), 2):
        counts = np.bincount(places[:, one] * n + places[:, two], minlength=n * n)
        apart = counts[counts > 0]
        assert len(apart) == n * (n - 1)
        assert likelihood(apart, k / len(apart), len(apart) - 1) > SURELY / 45


@pytest.mark.parametrize("n", [128, 1000])
def test_neighbors_in_the_table_are_none_in_the_order(n: int) -> None:
    """The step from one row to the next takes every size equally often."""
    found = orders(n, 2_000)
    steps = (found[:, 1:] - found[:, :-1]) % n
    counts = np.bincount(steps.ravel(), minlength=n)[1:]
    assert likelihood(counts, steps.size / (n - 1), n - 2) > SURELY


def test_one_order_says_nothing_about_the_next() -> None:
    """Rank correlation of consecutive keys: 0, with a standard error of 0.0015."""
    places = np.argsort(orders(203, 2_000), axis=1)
    correlation = np.corrcoef(places[:-1].ravel(), places[1:].ravel())[0, 1]
    assert abs(correlation) < 0.01


@pytest.mark.parametrize(("n", "batch_size"), [(200, 40), (203, 40), (1, 1), (3, 5)])
def test_each_row_is_in_one_batch_and_the_padding_in_none(
    n: int, batch_size: int
) -> None:
    rows = {"id": np.arange(n), "x": np.arange(2.0 * n, dtype=np.float32).reshape(n, 2)}
    cut = jax.jit(in_batches, static_argnames="batch_size")
    batches, real = cut(rows, orders(n, 1)[0], batch_size=batch_size)
    assert batches["x"].shape == (n_batches(n, batch_size), batch_size, 2)
    ids, is_real = np.asarray(batches["id"]), np.asarray(real)
    assert sorted(ids[is_real]) == list(range(n))
    assert is_real.ravel().tolist() == [True] * n + [False] * (is_real.size - n)
    assert np.array_equal(batches["x"][..., 0], 2.0 * ids)  # rows stay whole
