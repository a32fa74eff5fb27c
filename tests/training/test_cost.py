"""The cost: every row counts by its weight, padding never."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from layerwise.layers import Task
from layerwise.losses import penalty
from layerwise.network import Network
from layerwise.training import Rows
from layerwise.training.cost import (
    TILE,
    Penalties,
    auc,
    batch_cost,
    measure,
    padded,
    side_by_side,
)

FREE = Penalties(np.float32(0), np.float32(0))
PRICES = Penalties(np.float32(0.5), np.float32(0.25))

# compiled whole: one program instead of one for each step
first_params = jax.jit(
    lambda network: network.init(jax.random.key(0)), static_argnums=0
)
member_logits = jax.jit(Network.member_logits, static_argnums=0)
logits = jax.jit(Network.logits, static_argnums=0)
measured_by = jax.jit(measure, static_argnums=0, static_argnames="ranks")
area = jax.jit(auc)
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


# Members: they learn each from its own loss, and answer together.


TASKS = pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])


def losses_of(z: Any, y: Any, task: Task) -> Any:
    """Return each row's loss in NumPy and float64, from the z of one network."""
    z, y = np.asarray(z, float), np.asarray(y)
    if task == "multiclass":
        own = np.take_along_axis(z, y[:, None], axis=1)[:, 0]
        return np.logaddexp.reduce(z, axis=1) - own
    return (z - y) ** 2 if task == "regression" else np.logaddexp(0, z) - y * z


@TASKS
def test_an_iteration_s_loss_is_the_mean_of_the_members_losses(
    problem: Callable[..., Any], task: Task
) -> None:
    one = problem(task, n=7, plan="ensemble")
    rows, params = weighted(one.train), first_params(one.network)
    z = np.asarray(member_logits(one.network, params, rows.x))
    (cost, loss), _ = slope(one.network, params, rows, np.full(7, True), PRICES)
    each = [rows.weight @ losses_of(z[:, i], rows.y, task) / 7 for i in range(3)]
    assert len({round(value, 4) for value in each}) == 3  # they differ
    assert float(loss) == pytest.approx(np.mean(each), rel=1e-6)
    price = float(penalty(params, *PRICES))
    assert float(cost - loss) == pytest.approx(price, rel=1e-5)


def test_a_member_with_rows_of_its_own_is_asked_about_them(
    problem: Callable[..., Any],
) -> None:
    """Each has its own order of 7 rows, of which the first 5 are real."""
    one = problem("binary", n=7, plan="ensemble")
    rows, params = weighted(one.train), first_params(one.network)
    orders = np.stack([np.arange(7), np.arange(7)[::-1], np.roll(np.arange(7), 3)], 1)
    own = jax.tree.map(lambda a: a[orders], rows)
    real = np.broadcast_to(np.arange(7)[:, None] < 5, (7, 3))
    (_, loss), _ = slope(one.network, params, own, real, FREE)
    z = np.asarray(member_logits(one.network, params, rows.x))
    each = [
        (rows.weight * losses_of(z[:, i], rows.y, "binary"))[orders[:5, i]].mean()
        for i in range(3)
    ]
    assert float(loss) == pytest.approx(np.mean(each), rel=1e-6)


@TASKS
def test_the_measured_loss_is_that_of_the_mean_answer(
    problem: Callable[..., Any], task: Task
) -> None:
    """Of mean probabilities: below the mean of the members' losses."""
    one = problem(task, n=60, plan="ensemble")
    rows, params = weighted(one.train), first_params(one.network)
    found = measured_by(one.network, params, side_by_side([rows]), FREE)
    z = np.asarray(member_logits(one.network, params, rows.x), float)
    if task == "regression":
        each = losses_of(z.mean(axis=1), rows.y, task)
    elif task == "binary":
        p = (1 / (1 + np.exp(-z))).mean(axis=1)
        each = -np.log(np.where(rows.y == 1, p, 1 - p))
    else:
        p = np.exp(z - np.logaddexp.reduce(z, axis=2, keepdims=True)).mean(axis=1)
        each = -np.log(p[np.arange(60), rows.y])
        right = rows.weight @ (p.argmax(axis=1) == rows.y) / rows.weight.sum()
        assert float(found["accuracy"][0]) == pytest.approx(right, rel=1e-6)
    loss = rows.weight @ each / rows.weight.sum()
    assert float(found["loss"][0]) == pytest.approx(loss, rel=3e-6)
    (_, members), _ = slope(one.network, params, rows, np.full(60, True), FREE)
    assert loss < float(members) / rows.weight.mean() - 0.01


# The area under the curve.


def test_the_auc_counts_pairs_by_hand() -> None:
    """Of 2 x 3 pairs two are right and one is even."""
    z = np.float32([0.1, 0.4, 0.4, 0.2, 0.9])
    y = np.float32([0, 0, 1, 1, 0])
    one, two = np.ones(5, np.float32), np.float32([3, 1, 2, 1, 1])
    assert float(area(z, y, one)) == pytest.approx(2.5 / 6)
    # 2 x (3 + 1/2) and 1 x 3, of 3 x 5 pairs
    assert float(area(z, y, two)) == pytest.approx(10 / 15)


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_without_both_classes_the_auc_is_one_half(y: float) -> None:
    z = np.float32([0.1, 0.4, 0.2])
    assert float(area(z, np.full(3, y, np.float32), np.ones(3, np.float32))) == 0.5
    weight = np.float32([1, 1, 0])  # a row of weight 0 is in no pair
    other = np.float32([y, y, 1 - y])
    assert float(area(z, other, weight)) == 0.5


@pytest.mark.parametrize("n", [50, 100_000])
@pytest.mark.parametrize("digits", [1, 3, 7])
def test_the_auc_is_scikit_learn_s(n: int, digits: int) -> None:
    """With many equal z, and weights of which a tenth is 0."""
    draw = np.random.default_rng(digits)
    y = (draw.random(n) < 0.1).astype(np.float32)
    z = (y + draw.normal(size=n)).round(digits).astype(np.float32)
    weight = (draw.uniform(0, 2, n) * (draw.random(n) > 0.1)).astype(np.float32)
    expected = roc_auc_score(y, z, sample_weight=weight.astype(float))
    # sums of 100,000 float32 weights
    assert float(area(z, y, weight)) == pytest.approx(expected, abs=2e-6)


@pytest.mark.parametrize("plan", [None, "ensemble"])
def test_the_auc_is_measured_where_it_is_asked_for(
    problem: Callable[..., Any], plan: str | None
) -> None:
    """Over several tiles, for each group by its own weights."""
    one = problem("binary", n=2500, n_valid=300, plan=plan)
    train, valid = weighted(one.train), weighted(one.valid, 2)
    params = first_params(one.network)
    watched = side_by_side([train, valid])
    plain = measured_by(one.network, params, watched, FREE)
    found = measured_by(one.network, params, watched, FREE, ranks=True)
    assert set(found) - set(plain) == {"auc"}
    for g, rows in enumerate((train, valid)):
        z = np.asarray(logits(one.network, params, rows.x))
        expected = roc_auc_score(rows.y, z, sample_weight=rows.weight)
        # a compiled z may differ in its last bit, and so change places with another
        assert float(found["auc"][g]) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(("n", "size"), [(1, 32), (33, 64), (200, 224), (5000, 5000)])
def test_rows_are_padded_to_few_sizes(n: int, size: int) -> None:
    rows = Rows({"numbers": np.ones((n, 2))}, np.ones(n), np.ones(n))
    more = padded(rows)
    assert more.x["numbers"].shape == (size, 2)
    assert len(more.y) == size
    assert more.weight.sum() == n
