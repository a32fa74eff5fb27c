"""The cost: every row counts by its weight, padding never."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from layerwise.layers import Task
from layerwise.losses import penalty
from layerwise.training import Rows
from layerwise.training.cost import (
    TILE,
    Penalties,
    batch_cost,
    measure,
    side_by_side,
)

FREE = Penalties(np.float32(0), np.float32(0))
PRICES = Penalties(np.float32(0.5), np.float32(0.25))

slope = jax.jit(
    jax.value_and_grad(batch_cost, argnums=1, has_aux=True), static_argnums=0
)


def weighted(rows: Rows, seed: int = 1) -> Rows:
    draw = np.random.default_rng(seed)
    weight = draw.uniform(0, 2, len(rows.y)).astype(rows.weight.dtype)
    return rows._replace(weight=weight)


def measured(params: Any, rows: Rows, task: Task) -> dict[str, float]:
    """Measure a network without hidden layers in NumPy and float64."""
    W, b = (np.asarray(params["layers"][1][name], float) for name in ("W", "b"))
    z = rows.x["numbers"].astype(float) @ W + b
    y, w = rows.y.astype(float), rows.weight.astype(float)
    if task == "multiclass":
        own_z = z[np.arange(len(y)), rows.y]
        each = {
            "loss": np.logaddexp.reduce(z, axis=1) - own_z,
            "accuracy": z.argmax(axis=1) == rows.y,
        }
    elif task == "binary":
        z = z[:, 0]
        each = {"loss": np.logaddexp(0, z) - y * z, "accuracy": (z >= 0) == (y == 1)}
    else:
        r = z[:, 0] - y
        each = {"loss": r**2, "squared_error": r**2, "absolute_error": abs(r)}
    return {name: float(w @ values / w.sum()) for name, values in each.items()}


@pytest.mark.parametrize(
    ("task", "n"),
    [
        *(("regression", n) for n in (1, TILE, TILE + 1, 2500)),
        ("binary", 2500),
        ("multiclass", 2500),
    ],
)
def test_measures_are_weighted_means_over_all_rows(
    problem: Callable[..., Any], task: Task, n: int
) -> None:
    """Whole tiles, a last tile of one row, and fewer rows than a tile."""
    one = problem(task, n=n)
    train, valid = weighted(one.train), weighted(one.valid, 2)
    params = one.network.init(jax.random.key(0))
    watched = side_by_side([train, valid])
    found = jax.jit(measure, static_argnums=0)(one.network, params, watched, PRICES)
    price = float(penalty(params, *PRICES))
    for g, rows in enumerate((train, valid)):
        expected = measured(params, rows, task)
        expected["cost"] = expected["loss"] + price
        assert set(found) == set(expected)
        for name, value in expected.items():
            # float32 rounding of each row and of a sum of up to 2500 rows
            assert float(found[name][g]) == pytest.approx(value, rel=3e-6), name


def test_groups_are_put_below_each_other(problem: Callable[..., Any]) -> None:
    one = problem(n=5, n_valid=2)
    both = side_by_side([one.train, one.valid])
    assert both.weight.tolist() == [[1, 0]] * 5 + [[0, 1]] * 2
    assert np.array_equal(both.y[5:], one.valid.y)
    assert np.array_equal(side_by_side([one.train]).weight[:, 0], one.train.weight)


def test_the_cost_of_a_batch_is_mean_loss_plus_penalty(
    problem: Callable[..., Any],
) -> None:
    one = problem("binary", n=7)
    rows, params = weighted(one.train), one.network.init(jax.random.key(0))
    (cost, loss), _ = slope(one.network, params, rows, np.full(7, True), PRICES)
    expected = measured(params, rows, "binary")["loss"] * rows.weight.mean()
    assert float(loss) == pytest.approx(expected, rel=1e-6)
    assert float(cost - loss) == pytest.approx(
        float(penalty(params, *PRICES)), rel=1e-5
    )


@pytest.mark.parametrize("y", [0.0, 1e30])
def test_padding_never_changes_a_cost_or_a_gradient(
    problem: Callable[..., Any], y: float
) -> None:
    """Not even where its loss overflows: (1e30)^2 is inf in float32."""
    one = problem(n=7)
    params = one.network.init(jax.random.key(0))
    padded = jax.tree.map(lambda a: np.concatenate([a, a[:3]]), one.train)
    padded.y[7:] = y
    plain = slope(one.network, params, one.train, np.full(7, True), FREE)
    found = slope(one.network, params, padded, np.arange(10) < 7, FREE)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-6), plain, found)


def test_a_row_of_weight_2_is_two_rows(problem: Callable[..., Any]) -> None:
    one = problem(n=6)
    params = one.network.init(jax.random.key(0))
    repeats = np.array([1, 2, 1, 1, 3, 1])
    weights = jnp.float32(repeats / repeats.mean())
    twice = jax.tree.map(lambda a: np.repeat(a, repeats, axis=0), one.train)
    found = slope(
        one.network, params, one.train._replace(weight=weights), np.full(6, True), FREE
    )
    expected = slope(one.network, params, twice, np.full(9, True), FREE)
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6),
        found,
        expected,
    )
