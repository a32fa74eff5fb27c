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
    gradient = jax.jit(jax.grad(batch_cost, 1, has_aux=True), static_argnums=0)
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


# Compiled once.


def test_any_number_of_epochs_compiles_once_and_a_second_training_nothing(
    problem: Callable[..., Any], regime: Callable[..., Regime], compiled: list[str]
) -> None:
    one = problem("binary", "11 relu, dropout 0.1", n=50)  # a shape of its own
    run(one.network, regime(epochs=3), one.train, one.valid, seed=0)
    assert sum("run_epoch" in name for name in compiled) == 1
    compiled.clear()
    run(one.network, regime(epochs=40), one.train, one.valid, seed=0)
    other = problem("binary", "11 relu, dropout 0.1", n=50, seed=1)
    run(
        other.network,
        regime(epochs=2, learning_rate=0.5, l1=0.1, l2=0.1, patience=1),
        other.train,
        other.valid,
        seed=9,
    )
    assert compiled == []
