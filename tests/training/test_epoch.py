"""One epoch: each row once with the right weight, one update after the other."""

from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from layerwise.training import OPTIMIZERS, SCHEDULES, Regime, run
from layerwise.training.cost import Penalties, batch_cost
from layerwise.training.epoch import (
    Knobs,
    Program,
    State,
    epoch_batches,
    first_state,
    iteration,
)

step = jax.jit(iteration, static_argnames="program")
cut = jax.jit(epoch_batches, static_argnames="program")
gradient = jax.jit(jax.grad(batch_cost, 1, has_aux=True), static_argnums=0)


def knobs(**asked: float) -> Knobs:
    plain = {"learning_rate": 1.0, "iterations": 100.0, "clip_norm": np.inf}
    prices = Penalties(np.float32(asked.pop("l1", 0)), np.float32(asked.pop("l2", 0)))
    numbers = {name: np.float32(value) for name, value in (plain | asked).items()}
    return Knobs(**numbers, prices=prices)


def program_of(one: Any, **asked: Any) -> Program:
    plain = {"optimizer": "sgd", "schedule": "constant", "batch_size": 40}
    return Program(one.network.without_constants(), **(plain | asked))


def each_batch(program: Program, keys: Any, epoch: int, train: Any) -> Iterator[Any]:
    batches = cut(program, keys.order, np.int32(epoch), train)
    for i in range(len(batches[1])):
        yield jax.tree.map(lambda a, i=i: a[i], batches)


def test_each_row_counts_exactly_once_an_epoch(problem: Callable[..., Any]) -> None:
    """The gradients of 6 batches, each by its rows, add up to all 203 rows'."""
    one = problem(n=203)
    program = program_of(one)
    state, keys = first_state(program, np.uint32(0))
    total, n = jax.tree.map(np.zeros_like, state.params), 0
    for batch in each_batch(program, keys, 0, one.train):
        moved, _ = step(program, knobs(), keys.noise, state, batch)
        n_real = int(batch[1].sum())
        total = jax.tree.map(
            lambda sum, p, q, n_real=n_real: sum + n_real * np.asarray(p - q),
            total,
            state.params,
            moved.params,
        )
        n += n_real
    assert n == 203
    whole, _ = gradient(
        one.network, state.params, one.train, np.full(203, True), knobs().prices
    )
    jax.tree.map(
        # float32: differences of parameters of size 1, times 40 rows
        lambda sum, g: np.testing.assert_allclose(sum, 203 * g, rtol=1e-5, atol=1e-3),
        total,
        whole,
    )


@pytest.mark.parametrize(("n", "sizes"), [(200, [40] * 5), (203, [40] * 5 + [3])])
def test_an_epoch_is_the_rows_in_a_new_order(
    problem: Callable[..., Any], n: int, sizes: list[int]
) -> None:
    one = problem(n=n)
    train = one.train._replace(y=np.arange(n, dtype=np.float32))
    program = program_of(one)
    _, keys = first_state(program, np.uint32(0))
    orders = []
    for epoch in range(3):
        batches = list(each_batch(program, keys, epoch, train))
        assert [int(real.sum()) for _, real in batches] == sizes
        order = np.concatenate([rows.y[real] for rows, real in batches])
        assert np.array_equal(np.sort(order), np.arange(n))
        orders.append(order)
    assert not np.array_equal(orders[0], orders[1])
    assert not np.array_equal(orders[1], orders[2])


def test_a_run_is_its_iterations_one_after_the_other(
    problem: Callable[..., Any], regime: Callable[..., Regime]
) -> None:
    one = problem(n=203)
    asked = regime(batch_size=40, epochs=2)
    trained = run(one.network, asked, one.train, None, seed=0)
    program, losses = program_of(one), []
    state, keys = first_state(program, np.uint32(0))
    settings = knobs(learning_rate=asked.learning_rate, iterations=12)
    for epoch in range(2):
        for batch in each_batch(program, keys, epoch, one.train):
            state, loss = step(program, settings, keys.noise, state, batch)
            losses.append(float(loss))
    # one program or twelve: float32 sums may be added in another order
    np.testing.assert_allclose(trained.history["loss"], losses, rtol=1e-5)
    jax.tree.map(
        lambda p, q: np.testing.assert_allclose(p, q, rtol=1e-5, atol=1e-6),
        trained.params,
        state.params,
    )


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_schedule_scales_an_update(problem: Callable[..., Any], name: str) -> None:
    one = problem(n=40)
    program, plain = program_of(one, schedule=name), program_of(one)
    state, keys = first_state(plain, np.uint32(0))
    (batch,) = each_batch(plain, keys, 0, one.train)
    later = state._replace(iteration=jnp.int32(5))
    moved, _ = step(program, knobs(), keys.noise, later, batch)
    whole, _ = step(plain, knobs(), keys.noise, later, batch)
    share = SCHEDULES[name](jnp.float32(0.05))
    jax.tree.map(
        lambda p, q, r: np.testing.assert_allclose(q - p, share * (r - p), atol=1e-5),
        state.params,
        moved.params,
        whole.params,
    )
    assert int(moved.iteration) == 6


def test_an_update_is_the_gradient_of_loss_and_penalty(
    problem: Callable[..., Any],
) -> None:
    """By hand: mean of 2 r x, plus l1 sign(W) + l2 W; nothing on b."""
    one = problem(n=40)
    program = program_of(one)
    state, keys = first_state(program, np.uint32(0))
    (batch,) = each_batch(program, keys, 0, one.train)
    prices = knobs(l1=0.5, l2=0.25, learning_rate=0.125)
    moved, _ = step(program, prices, keys.noise, state, batch)
    W, b = (np.asarray(state.params["layers"][1][name], float) for name in "Wb")
    x = one.train.x["numbers"].astype(float)
    r = x @ W + b - one.train.y.astype(float)[:, None]
    slope = 2 * x.T @ r / 40 + 0.5 * np.sign(W) + 0.25 * W
    new = moved.params["layers"][1]
    np.testing.assert_allclose(new["W"], W - 0.125 * slope, rtol=1e-5)
    np.testing.assert_allclose(new["b"], b - 0.125 * 2 * r.mean(axis=0), rtol=1e-5)


def test_a_long_gradient_is_shortened(problem: Callable[..., Any]) -> None:
    one = problem(n=40)
    program = program_of(one, clips=True)
    state, keys = first_state(program, np.uint32(0))
    (batch,) = each_batch(program, keys, 0, one.train)
    moved, _ = step(program, knobs(clip_norm=0.01), keys.noise, state, batch)
    updates = jax.tree.map(lambda p, q: np.asarray(q - p), state.params, moved.params)
    length = np.sqrt(sum(float((u**2).sum()) for u in jax.tree.leaves(updates)))
    assert length == pytest.approx(0.01, rel=1e-4)


def test_dropout_silences_others_in_each_iteration(problem: Callable[..., Any]) -> None:
    one = problem(hidden="dropout 0.5", n=40)
    program = program_of(one)
    state, keys = first_state(program, np.uint32(0))
    (batch,) = each_batch(program, keys, 0, one.train)
    losses = [
        float(step(program, knobs(), keys.noise, at, batch)[1])
        for at in (state, state, state._replace(iteration=jnp.int32(1)))
    ]
    assert losses[0] == losses[1]
    assert losses[0] != losses[2]


def test_the_seed_means_the_same_whatever_generator_jax_prefers(
    problem: Callable[..., Any],
) -> None:
    program = program_of(problem(n=40))
    usual, _ = first_state(program, np.uint32(7))
    with jax.default_prng_impl("rbg"):
        other, _ = first_state(program, np.uint32(7))
    jax.tree.map(np.testing.assert_array_equal, usual.params, other.params)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_flat_updates_are_the_layer_by_layer_ones(
    problem: Callable[..., Any], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few parameters are updated as one array: the same numbers, fewer operations."""
    one = problem(n=40)
    program = program_of(one, optimizer=name)
    state, keys = first_state(program, np.uint32(0))
    (batch,) = each_batch(program, keys, 0, one.train)
    flat, _ = step(program, knobs(), keys.noise, state, batch)
    monkeypatch.setattr("layerwise.training.epoch.SMALL", 0)
    layered = State(state.params, program.direction.init(state.params), state.iteration)
    again, _ = jax.jit(iteration, static_argnums=0)(
        program, knobs(), keys.noise, layered, batch
    )
    jax.tree.map(
        lambda p, q: np.testing.assert_allclose(p, q, rtol=1e-6),
        flat.params,
        again.params,
    )


# Layers whose parameters have factors of their own, and what changes on the way.


def flat(params: Any) -> dict[str, Any]:
    """Name the parameters by their paths, as float64."""
    paths, _ = jax.tree_util.tree_flatten_with_path(params)
    return {
        jax.tree_util.keystr(path, simple=True, separator="/"): np.asarray(leaf, float)
        for path, leaf in paths
    }


FACTORS = {
    "layers/1/s": (6.0, True),
    "layers/2/W": (1.0, True),
    "layers/2/b": (0.1, False),
    "layers/2/alpha": (0.1, False),
    "layers/4/W": (1.0, True),
    "layers/4/b": (0.1, False),
}
"""Of RealMLP's layers: the factor of the learning rate, and whether it decays."""


def test_an_iteration_moves_each_parameter_by_its_factor_and_shrinks_those_that_decay(
    problem: Callable[..., Any],
) -> None:
    """Two thirds of the way: the rate at 1/4, weight decay and dropout at 3/4.

    p (1 - rate x factor x decay) - rate x factor x gradient
    """
    one = problem(n=40, plan="fitted")
    program = program_of(one, schedule="cosine", fade="flat-cosine", decays=True)
    state, keys = first_state(program, np.uint32(0), one.train.x)
    (batch,) = each_batch(program, keys, 0, one.train)
    later = state._replace(iteration=jnp.int32(200))
    asked = knobs(learning_rate=0.5, iterations=300, weight_decay=0.08)
    moved, _ = step(program, asked, keys.noise, later, batch)
    noise = jax.random.fold_in(keys.noise, 200)
    slopes, _ = gradient(
        one.network, state.params, *batch, asked.prices, noise, np.float32(0.75)
    )
    old, new, slope = (flat(tree) for tree in (state.params, moved.params, slopes))
    assert set(old) == set(FACTORS)
    for path, (factor, shrinks) in FACTORS.items():
        rate = 0.5 * 0.25 * factor
        kept = 1 - rate * 0.08 * 0.75 if shrinks else 1.0
        expected = old[path] * kept - rate * slope[path]
        np.testing.assert_allclose(new[path], expected, rtol=2e-5, atol=2e-6)
        assert not np.allclose(old[path], expected, rtol=1e-3), path


def test_without_weight_decay_nothing_shrinks(problem: Callable[..., Any]) -> None:
    """A program that does not decay takes no notice of the knob."""
    one = problem(n=40)
    program, decaying = program_of(one), program_of(one, decays=True)
    state, keys = first_state(program, np.uint32(0))
    (batch,) = each_batch(program, keys, 0, one.train)
    asked = knobs(weight_decay=0.5, learning_rate=0.125)
    plain, _ = step(program, knobs(learning_rate=0.125), keys.noise, state, batch)
    still, _ = step(program, asked, keys.noise, state, batch)
    shrunk, _ = step(decaying, asked, keys.noise, state, batch)
    old, plain, still, shrunk = (
        flat(one.params) for one in (state, plain, still, shrunk)
    )
    for path, value in still.items():
        np.testing.assert_array_equal(value, plain[path])
    W, b = "layers/1/W", "layers/1/b"
    np.testing.assert_allclose(shrunk[W], plain[W] - old[W] / 16, atol=1e-6)
    np.testing.assert_array_equal(shrunk[b], plain[b])


def test_beta2_is_adam_s(problem: Callable[..., Any]) -> None:
    """By hand, for the second of two batches: the means of two gradients."""
    one = problem(n=80)
    steps = {}
    for beta2 in (0.999, 0.5):
        program = program_of(one, optimizer="adam", beta2=beta2)
        state, keys = first_state(program, np.uint32(0))
        slopes, seen = [], [state]
        for batch in each_batch(program, keys, 0, one.train):
            slope, _ = gradient(one.network, seen[-1].params, *batch, knobs().prices)
            slopes.append(flat(slope))
            asked = knobs(learning_rate=0.01)
            seen.append(step(program, asked, keys.noise, seen[-1], batch)[0])
        for path in slopes[0]:
            g1, g2 = (slope[path] for slope in slopes)
            m = (0.9 * 0.1 * g1 + 0.1 * g2) / (1 - 0.9**2)
            v = (beta2 * (1 - beta2) * g1**2 + (1 - beta2) * g2**2) / (1 - beta2**2)
            moved = flat(seen[2].params)[path] - flat(seen[1].params)[path]
            expected = -0.01 * m / (np.sqrt(v) + 1e-8)
            np.testing.assert_allclose(moved, expected, rtol=1e-3, atol=1e-6)
        steps[beta2] = flat(seen[2].params)["layers/1/W"]
    assert not np.allclose(steps[0.999], steps[0.5], atol=1e-4)


def test_dropout_fades(problem: Callable[..., Any]) -> None:
    """At full rate, at half of it, and at none as training ends: linear in between."""
    one, gentle, none = (
        problem(hidden=f"64 tanh, dropout {rate}", n=40) for rate in (0.5, 0.25, 0)
    )
    program = program_of(one, fade="linear")
    state, keys = first_state(program, np.uint32(0))
    (batch,) = each_batch(program, keys, 0, one.train)
    for done, network in ((0, one), (50, gentle), (100, none)):
        at = state._replace(iteration=jnp.int32(done))
        _, faded = step(program, knobs(), keys.noise, at, batch)
        _, plain = step(program_of(network), knobs(), keys.noise, at, batch)
        assert float(faded) == pytest.approx(float(plain), rel=1e-6)


def test_a_schedule_may_start_later(problem: Callable[..., Any]) -> None:
    """From iteration 30 over 40: at 50 it is half through. Held at inf it stays."""
    one = problem(n=40)
    program, plain = program_of(one, schedule="linear"), program_of(one)
    state, keys = first_state(plain, np.uint32(0))
    (batch,) = each_batch(plain, keys, 0, one.train)
    later = state._replace(iteration=jnp.int32(50))
    whole, _ = step(plain, knobs(), keys.noise, later, batch)
    for asked, share in (
        (knobs(iterations=40, start=30), 0.5),
        (knobs(iterations=np.inf), 1.0),
    ):
        moved, _ = step(program, asked, keys.noise, later, batch)
        jax.tree.map(
            lambda p, q, r, share=share: np.testing.assert_allclose(
                q - p, share * (r - p), atol=1e-5
            ),
            state.params,
            moved.params,
            whole.params,
        )


# Members with batches of their own.


def test_each_member_sees_every_row_once_an_epoch_in_an_order_of_its_own(
    problem: Callable[..., Any],
) -> None:
    one = problem(n=203, plan="ensemble", bins=4)
    train = one.train._replace(y=np.arange(203, dtype=np.float32))
    program = program_of(one, own_batches=True)
    _, keys = first_state(program, np.uint32(0))
    orders = []
    for epoch in range(2):
        batches, real = cut(program, keys.order, np.int32(epoch), train)
        assert batches.y.shape == real.shape == (6, 40, 3)
        y, is_real = np.asarray(batches.y), np.asarray(real)
        ids = y.astype(int)  # rows stay whole: what comes in goes with what comes out
        assert set(batches.x) == {"numbers", "categories", "texts", "places"}
        for name, column in batches.x.items():
            np.testing.assert_array_equal(column, train.x[name][ids], name)
        np.testing.assert_array_equal(batches.weight, train.weight[ids])
        for member in range(3):
            order = y[..., member][is_real[..., member]]
            assert np.array_equal(np.sort(order), np.arange(203))
            orders.append(tuple(order))
    assert len(set(orders)) == 6  # 3 members, 2 epochs


def test_members_that_share_batches_see_the_rows_together(
    problem: Callable[..., Any],
) -> None:
    one = problem(n=203, plan="ensemble")
    program = program_of(one)
    _, keys = first_state(program, np.uint32(0))
    batches, real = cut(program, keys.order, np.int32(0), one.train)
    assert batches.y.shape == real.shape == (6, 40)


def test_a_member_learns_from_its_own_batch_alone(problem: Callable[..., Any]) -> None:
    """What the others see moves the weights that all share, but no head of its own."""
    one = problem(n=40, plan="ensemble")
    program = program_of(one, own_batches=True)
    state, keys = first_state(program, np.uint32(0))
    (batch,) = each_batch(program, keys, 0, one.train)
    rows, real = jax.tree.map(np.array, batch)
    other = rows._replace(y=rows.y + np.float32([0, 1, 0]))
    moved, _ = step(program, knobs(), keys.noise, state, (rows, real))
    changed, _ = step(program, knobs(), keys.noise, state, (other, real))
    left, right = flat(moved.params), flat(changed.params)
    for path in ("layers/1/r", "layers/4/W", "layers/4/b"):
        same = [np.array_equal(left[path][i], right[path][i]) for i in range(3)]
        assert same == [True, False, True], path
    assert not np.array_equal(left["layers/2/W"], right["layers/2/W"])


# First parameters that look at rows.


def test_first_parameters_look_at_what_comes_in_and_at_nothing_else(
    problem: Callable[..., Any],
) -> None:
    one = problem(n=40, plan="fitted")
    other = problem(n=40, plan="fitted", seed=1)
    program = program_of(one)
    first, again, changed, unseen = (
        flat(first_state(program, np.uint32(0), x)[0].params)
        for x in (one.train.x, dict(one.train.x), other.train.x, None)
    )
    for path, value in first.items():
        np.testing.assert_array_equal(value, again[path])
        is_fitted = path.rsplit("/", 1)[1] in ("W", "b")
        assert np.array_equal(value, changed[path]) != is_fitted, path
        assert np.array_equal(value, unseen[path]) != is_fitted, path
    plain = problem(hidden="8 tanh", n=40)
    drawn = [
        flat(first_state(program_of(plain), np.uint32(0), x)[0].params)
        for x in (None, one.train.x, other.train.x)
    ]
    for path, value in drawn[0].items():
        assert all(np.array_equal(value, found[path]) for found in drawn[1:]), path


# Compiled once.


KINDS = {
    "layers": {"task": "binary", "hidden": "11 relu, dropout 0.1"},
    "ensemble": {"task": "multiclass", "plan": "ensemble", "bins": 5},
    "fitted": {"task": "regression", "plan": "fitted"},
}
HOW = {
    "layers": {},
    "ensemble": {"own_batches": True, "optimizer": "adam", "clip_norm": 1.0},
    "fitted": {"weight_decay": 0.02, "fade": "flat-cosine", "schedule": "log-cosine"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_any_number_of_epochs_compiles_once_and_a_second_training_nothing(
    problem: Callable[..., Any],
    regime: Callable[..., Regime],
    compiled: list[str],
    kind: str,
) -> None:
    """Bins at other places, other prices and rates, a rate that settles."""
    one = problem(**KINDS[kind], n=50)  # a shape of its own
    run(one.network, regime(epochs=3, **HOW[kind]), one.train, one.valid, seed=0)
    assert sum("run_epoch" in name for name in compiled) == 1
    compiled.clear()
    run(one.network, regime(epochs=40, **HOW[kind]), one.train, one.valid, seed=0)
    other = problem(**KINDS[kind], n=50, seed=1)
    asked = {"epochs": 4, "learning_rate": 0.5, "l1": 0.1, "l2": 0.1, "patience": 1}
    asked |= HOW[kind] | {"settle": 0.5}
    run(other.network, regime(**asked), other.train, other.valid, seed=9)
    assert compiled == []
