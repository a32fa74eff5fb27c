"""A run: when it stops, what it keeps, what it notes, how it recovers."""

import importlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from layerwise.errors import DivergedError
from layerwise.layers import Task
from layerwise.training import BEST_BY, Progress, Regime, Rows, Trained, run
from layerwise.training.cost import Penalties, measure, side_by_side
from layerwise.training.epoch import (
    Knobs,
    Program,
    epoch_batches,
    first_state,
    iteration,
)
from layerwise.training.run import MEASURED_ROWS, watched_rows

Problem = Callable[..., Any]
Regimes = Callable[..., Regime]

measured = jax.jit(measure, static_argnums=0)
step = jax.jit(iteration, static_argnames="program")
cut = jax.jit(epoch_batches, static_argnames="program")
FREE = Penalties(np.float32(0), np.float32(0))

# the module; the package has a function of that name
room = importlib.import_module("layerwise.training.run")

# Fast steps and much noise: the validation cost soon rises again.
OVERFIT: dict[str, Any] = {"learning_rate": 0.3, "epochs": 60}


def same(one: Trained, two: Trained) -> bool:
    """Return whether two runs left the same bits."""
    alike = jax.tree.map(np.array_equal, (one.params, one.last), (two.params, two.last))
    return bool(all(jax.tree.leaves(alike))) and one.history == two.history


def cost_of(one: Any, params: Any, rows: Rows) -> float:
    """Return the cost without penalty: the loss."""
    return float(measured(one.network, params, side_by_side([rows]), FREE)["cost"][0])


# The arithmetic of training.


@pytest.mark.parametrize(("n", "iterations"), [(200, 50), (203, 60)])
def test_iterations_are_epochs_times_batches(
    problem: Problem, regime: Regimes, n: int, iterations: int
) -> None:
    one = problem(n=n)
    asked = regime(batch_size=40, epochs=10)
    history = run(one.network, asked, one.train, None, seed=0).history
    assert history.iterations == iterations
    assert history["loss"].shape == history["iteration"].shape == (iterations,)
    assert history["train_loss"].shape == (10,)


def test_at_rest_the_losses_of_an_epoch_add_up_to_the_loss_of_all_rows(
    problem: Problem, regime: Regimes
) -> None:
    """203 rows in batches of 40: five of 40 and one of 3."""
    one = problem(n=203)
    asked = regime(batch_size=40, epochs=10, learning_rate=0.0)
    history = run(one.network, asked, one.train, None, seed=0).history
    each = history["loss"].reshape(10, 6) @ [40, 40, 40, 40, 40, 3] / 203
    np.testing.assert_allclose(each, history["train_loss"], rtol=1e-6)


# Weights.


def test_a_row_of_weight_2_is_the_row_twice_in_full_batches(
    problem: Problem, regime: Regimes
) -> None:
    one = problem(n=24)
    repeats = np.tile([1, 2, 3], 8)
    weight = (repeats / repeats.mean()).astype(np.float32)
    weighted = one.train._replace(weight=weight)
    repeated = jax.tree.map(lambda a: np.repeat(a, repeats, axis=0), one.train)
    left, right = (
        run(one.network, regime(batch_size=len(rows.y)), rows, None, seed=0)
        for rows in (weighted, repeated)
    )
    # sums of 24 and of 48 float32 numbers round differently
    jax.tree.map(
        lambda p, q: np.testing.assert_allclose(p, q, rtol=1e-5, atol=1e-6),
        left.params,
        right.params,
    )
    losses = left.history["train_loss"], right.history["train_loss"]
    np.testing.assert_allclose(*losses, rtol=1e-5)


def test_a_row_of_weight_0_is_not_there(problem: Problem, regime: Regimes) -> None:
    one = problem(n=24)
    weight = np.where(np.arange(24) < 12, 2, 0).astype(np.float32)
    wild = one.train._replace(weight=weight)
    wild.y[12:] = 1e6
    half = jax.tree.map(lambda a: a[:12], one.train)
    left = run(one.network, regime(batch_size=24), wild, None, seed=0)
    right = run(one.network, regime(batch_size=12), half, None, seed=0)
    jax.tree.map(
        lambda p, q: np.testing.assert_allclose(p, q, rtol=1e-5, atol=1e-6),
        left.params,
        right.params,
    )


# When it stops and what it keeps.


def test_early_stopping_keeps_the_best_epoch(problem: Problem, regime: Regimes) -> None:
    one = problem(hidden="8 tanh")
    trained = run(
        one.network, regime(**OVERFIT, patience=4), one.train, one.valid, seed=0
    )
    history = trained.history
    assert history.best_epoch == 1 + np.argmin(history["valid_cost"])
    assert len(history.epochs) == history.best_epoch + 4 < OVERFIT["epochs"]
    assert history.stopped == "the validation cost had not improved for 4 epochs"
    found = cost_of(one, trained.params, one.valid)
    assert found == pytest.approx(min(history["valid_cost"]), rel=1e-6)


def test_patience_0_trains_all_epochs_and_keeps_the_best_and_the_last(
    problem: Problem, regime: Regimes
) -> None:
    one = problem(hidden="8 tanh")
    trained = run(one.network, regime(**OVERFIT), one.train, one.valid, seed=0)
    history = trained.history
    assert len(history.epochs) == 60
    assert history.stopped == "all epochs were run"
    assert history.best_epoch == 1 + np.argmin(history["valid_cost"]) < 60
    costs = [cost_of(one, p, one.valid) for p in (trained.params, trained.last)]
    best_and_last = [min(history["valid_cost"]), history["valid_cost"][-1]]
    np.testing.assert_allclose(costs, best_and_last, rtol=1e-6)
    assert costs[0] < costs[1]


def test_without_validation_rows_all_epochs_are_run_and_the_last_is_kept(
    problem: Problem, regime: Regimes
) -> None:
    one = problem(hidden="8 tanh")
    trained = run(one.network, regime(patience=1), one.train, None, seed=0)
    assert (len(trained.history.epochs), trained.history.best_epoch) == (5, 5)
    assert "valid_cost" not in trained.history.columns
    jax.tree.map(np.testing.assert_array_equal, trained.params, trained.last)


def best_of(history: Any, column: str, largest: bool) -> tuple[int, int]:
    """Return the first and the last epoch, counted from 1, that is best."""
    values = history[column] if largest else -history[column]
    best = np.flatnonzero(values == values.max())
    return int(best[0]) + 1, int(best[-1]) + 1


BEST = [
    ("binary", "cost", False),
    ("binary", "loss", False),
    ("binary", "accuracy", True),
    ("binary", "auc", True),
    ("multiclass", "accuracy", True),
    ("regression", "rmse", False),
    ("regression", "mae", False),
]


def test_every_measure_that_may_choose_is_under_test() -> None:
    assert {name for _, name, _ in BEST} == set(BEST_BY)
    assert all(task in BEST_BY[name] for task, name, _ in BEST)


@pytest.mark.parametrize(("task", "name", "largest"), BEST)
def test_the_best_epoch_is_best_by_the_measure_asked_for(
    problem: Problem, regime: Regimes, task: Task, name: str, largest: bool
) -> None:
    """With prices that grow with the weights, so that cost and loss do not agree."""
    one = problem(task, "8 tanh")
    asked = regime(**OVERFIT, best_by=name, l2=0.2)
    trained = run(one.network, asked, one.train, one.valid, seed=0)
    history = trained.history
    first, last = best_of(history, f"valid_{name}", largest)
    assert history.best_epoch == first < 60
    assert ("valid_auc" in history.columns) == (name == "auc")
    line = history.epochs[first - 1]
    assert cost_of(one, trained.params, one.valid) == pytest.approx(
        line["valid_loss"], rel=1e-6
    )
    if task == "binary":
        by_cost = best_of(history, "valid_cost", largest=False)
        assert (name == "cost") == (first == by_cost[0])
    latest = run(
        one.network,
        replace(asked, takes_latest=True),
        one.train,
        one.valid,
        seed=0,
    )
    assert latest.history.epochs == history.epochs
    assert latest.history.best_epoch == last
    if name == "accuracy":  # 16 rows: many epochs have as many right
        assert first < last


def test_patience_waits_for_the_measure_asked_for(
    problem: Problem, regime: Regimes
) -> None:
    one = problem("binary", "8 tanh")
    asked = regime(**OVERFIT, best_by="auc", patience=4)
    history = run(one.network, asked, one.train, one.valid, seed=0).history
    assert len(history.epochs) == history.best_epoch + 4 < OVERFIT["epochs"]
    assert history.stopped == "the validation auc had not improved for 4 epochs"


# A rate that settles.


SETTLE: dict[str, Any] = OVERFIT | {"schedule": "linear", "settle": 0.5, "patience": 4}


def program_of(one: Any, asked: Regime) -> Program:
    network = one.network.without_constants()
    return Program(network, asked.optimizer, asked.schedule, asked.batch_size)


def by_hand(one: Any, asked: Regime, n: int, state: Any, keys: Any, start: int) -> Any:
    """Run n epochs from a state on, iteration by iteration: states and losses.

    Args:
        start: The iteration at which the schedule starts, to end with the n epochs;
            below 0 it does not start.
    """
    program = program_of(one, asked)
    span = np.inf if start < 0 else n * 3
    rate_and_more = np.float32([asked.learning_rate, span, np.inf])
    knobs = Knobs(*rate_and_more, FREE, start=np.float32(max(start, 0)))
    states, losses = [state], []
    for _ in range(n):
        epoch = state.iteration // 3
        batches = cut(program, keys.order, epoch, one.train)
        for i in range(3):
            batch = jax.tree.map(lambda a, i=i: a[i], batches)
            state, loss = step(program, knobs, keys.noise, state, batch)
            losses.append(float(loss))
        states.append(state)
    return states, losses


def test_the_rate_is_constant_then_falls_from_the_best_epoch_on(
    problem: Problem, regime: Regimes
) -> None:
    """48 rows in 3 batches: a plateau, and half as many epochs as led to its best."""
    one, asked = problem(hidden="8 tanh"), regime(**SETTLE)
    trained = run(one.network, asked, one.train, one.valid, seed=0)
    history = trained.history
    costs = history["valid_cost"]
    best = int(np.argmin(costs[: np.argmax(waits(costs) == 4) + 1])) + 1
    flat, fall = best + 4, round(0.5 * best)
    assert best >= 2
    assert len(history.epochs) == flat + fall
    assert history.stopped == "the learning rate had fallen to its end"
    program = program_of(one, asked)
    first, keys = first_state(program, np.uint32(0))
    states, losses = by_hand(one, asked, flat, first, keys, start=-1)
    back = states[best]
    assert int(back.iteration) == 3 * best
    ends, more = by_hand(one, asked, fall, back, keys, start=3 * best)
    # one program for an epoch or one for each iteration: sums in another order
    np.testing.assert_allclose(history["loss"], losses + more, rtol=1e-4, atol=1e-6)
    jax.tree.map(
        lambda p, q: np.testing.assert_allclose(p, q, rtol=1e-3, atol=1e-4),
        trained.last,
        ends[-1].params,
    )
    # orders of rows and dropout are those of the epochs that are done again
    assert history.iterations == 3 * (flat + fall)
    assert history.best_epoch == 1 + np.argmin(costs)


def waits(costs: Any) -> Any:
    """Return how many epochs ago the best of each moment was."""
    best = [int(np.argmin(costs[: i + 1])) for i in range(len(costs))]
    return np.arange(len(costs)) - best


def test_a_plateau_without_patience_leaves_the_schedule_its_share(
    problem: Problem, regime: Regimes
) -> None:
    """30 epochs, settle 0.5: the rate stays for 20, and falls for half of the best."""
    one = problem(hidden="8 tanh")
    asked = regime(**SETTLE | {"patience": 0, "epochs": 30})
    history = run(one.network, asked, one.train, one.valid, seed=0).history
    best = int(np.argmin(history["valid_cost"][:20])) + 1
    assert len(history.epochs) == 20 + max(round(0.5 * best), 1) < 30


@pytest.mark.parametrize("settle", [0.01, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("epochs", [1, 2, 3, 7])
def test_there_are_never_more_epochs_than_asked_for(
    problem: Problem, regime: Regimes, settle: float, epochs: int
) -> None:
    """A rate this small: each epoch is better than the one before."""
    one = problem(hidden="8 tanh")
    asked = {"epochs": epochs, "settle": settle, "learning_rate": 1e-4}
    history = run(
        one.network, regime(**SETTLE | asked), one.train, one.valid, seed=0
    ).history
    assert 1 <= len(history.epochs) <= epochs
    if epochs > 1:
        assert history.stopped == "the learning rate had fallen to its end"


@pytest.mark.parametrize("has_valid", [False, True])
def test_where_nothing_can_settle_the_schedule_is_run_as_always(
    problem: Problem, regime: Regimes, has_valid: bool
) -> None:
    """Without validation rows no epoch is best; in one epoch there is no plateau."""
    one = problem(hidden="8 tanh")
    valid = one.valid if has_valid else None
    asked = regime(**SETTLE | {"epochs": 1 if has_valid else 6})
    settling, plain = (
        run(one.network, how, one.train, valid, seed=0)
        for how in (asked, replace(asked, settle=0.0))
    )
    assert same(settling, plain)
    assert settling.history.stopped == "all epochs were run"


def test_the_epoch_that_fails_is_told_as_it_was_run(
    problem: Problem, regime: Regimes
) -> None:
    """Held at 0 the rate does no harm; back at epoch 1 it rises to far too much.

    Its rows are in the order of epoch 2, though it is the fourth that is run.
    """
    one = steep(problem)
    asked = regime(
        **{"batch_size": 1, "learning_rate": 1e6, "epochs": 40, "patience": 2},
        **{"schedule": "warmup-cosine", "settle": 3.0},
    )
    with pytest.raises(DivergedError) as caught:
        run(one.network, asked, one.train, one.valid, seed=0)
    program = program_of(one, asked)
    state, keys = first_state(program, np.uint32(0))
    state = state._replace(iteration=jnp.int32(96))
    knobs = Knobs(*np.float32([1e6 / 8, 3 * 96, np.inf]), FREE, start=np.float32(96))
    batches = cut(program, keys.order, np.int32(1), one.train)
    for i in range(96):
        batch = jax.tree.map(lambda a, i=i: a[i], batches)
        before = max(abs(leaf).max() for leaf in jax.tree.leaves(state.params))
        state, loss = step(program, knobs, keys.noise, state, batch)
        if not np.isfinite(loss):
            break
    assert 0 < i < 95
    assert f"in epoch 4, iteration {3 * 96 + i + 1}, in" in str(caught.value)
    assert f"largest parameter before it was {before:.2g}" in str(caught.value)


def interrupt(progress: Progress) -> bool:
    if progress.epoch == 3:
        raise KeyboardInterrupt
    return False


@pytest.mark.parametrize("stop", [lambda progress: progress.epoch == 3, interrupt])
def test_stopped_by_the_user_keeps_the_best_so_far(
    problem: Problem, regime: Regimes, stop: Callable[[Progress], bool]
) -> None:
    one = problem(hidden="8 tanh")
    asked = regime(**OVERFIT, patience=4)
    stopped = run(one.network, asked, one.train, one.valid, seed=0, watch=stop)
    whole = run(one.network, asked, one.train, one.valid, seed=0)
    assert stopped.history.stopped == "it was stopped by the user"
    assert stopped.history.epochs == whole.history.epochs[:3]
    assert stopped.history.loss == whole.history.loss[:9]
    found = cost_of(one, stopped.params, one.valid)
    assert found == pytest.approx(min(stopped.history["valid_cost"]), rel=1e-6)


def test_interrupted_before_the_first_epoch_there_is_nothing_to_keep(
    problem: Problem, regime: Regimes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*arguments: Any) -> None:
        raise KeyboardInterrupt

    one = problem(hidden="8 tanh")
    monkeypatch.setattr(room, "run_epoch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(one.network, regime(), one.train, one.valid, seed=0)


def test_whoever_watches_is_told_after_each_epoch(
    problem: Problem, regime: Regimes
) -> None:
    one, seen = problem(hidden="8 tanh"), []

    def watch(progress: Progress) -> None:
        seen.append((progress.epoch, progress.iteration, progress.epochs))
        assert progress.lines[-1]["valid_cost"] > 0
        assert 1 <= progress.best_epoch <= progress.epoch
        assert progress.loss > 0

    run(one.network, regime(), one.train, one.valid, seed=0, watch=watch)
    assert seen == [(epoch, 3 * epoch, 5) for epoch in range(1, 6)]


# Same seed, same run.


SETTLING: dict[str, Any] = {"schedule": "flat-cosine", "settle": 0.5, "patience": 2}
RUNS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "layers": ({"hidden": "8 tanh, dropout 0.2"}, {}),
    "ensemble": ({"plan": "ensemble", "bins": 4}, {"own_batches": True} | SETTLING),
    "fitted": ({"plan": "fitted"}, {"weight_decay": 0.02, "fade": "linear"}),
}


@pytest.mark.parametrize("kind", RUNS)
def test_the_seed_decides_everything(
    problem: Problem, regime: Regimes, kind: str
) -> None:
    made, how = RUNS[kind]
    one = problem("binary", **made)
    first, again, other = (
        run(one.network, regime(**how), one.train, one.valid, seed=seed)
        for seed in (1, 1, 2)
    )
    assert same(first, again)
    assert not same(first, other)


# First parameters that look at rows.


def test_first_parameters_look_at_evenly_chosen_training_rows_alone(
    problem: Problem, regime: Regimes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most 16 of 48 rows: each third. Not at targets, weights, rows held out."""
    monkeypatch.setattr(room, "FITTED_ROWS", 16)
    asked = regime(learning_rate=0.0, epochs=1)  # the first parameters stay
    one = problem(plan="fitted")

    def first(train: Rows, valid: Rows | None) -> Any:
        return run(one.network, asked, train, valid, seed=0).last

    def moved(row: int) -> Rows:
        x = {name: column.copy() for name, column in one.train.x.items()}
        x["numbers"][row] += 1
        return one.train._replace(x=x)

    expected = jax.tree.leaves(first(one.train, one.valid))
    weight = np.linspace(0, 2, 48, dtype=np.float32)
    for train, valid, stays in (
        (one.train._replace(y=one.train.y[::-1] * 3, weight=weight), one.valid, True),
        (one.train, one.train, True),
        (one.train, None, True),
        (moved(1), one.valid, True),
        (moved(2), one.valid, True),
        (moved(0), one.valid, False),
        (moved(45), one.valid, False),
    ):
        found = jax.tree.leaves(first(train, valid))
        alike = [np.array_equal(p, q) for p, q in zip(expected, found, strict=True)]
        assert all(alike) == stays


# A cost that becomes nan or infinite.


def steep(problem: Problem) -> Any:
    """Rows one by one: an update is too long where learning_rate * 2(1 + |x|^2) > 2."""
    one = problem(n=96)
    numbers = np.random.default_rng(0).uniform(1, 2, one.train.x["numbers"].shape)
    one.train.x["numbers"][:] = numbers
    return one


def test_it_recovers_with_a_smaller_learning_rate(
    problem: Problem, regime: Regimes
) -> None:
    """0.8 to 0.2 overflow in the first epoch: the run is that of 0.1."""
    one = steep(problem)
    left, right = (
        run(
            one.network,
            regime(batch_size=1, learning_rate=learning_rate),
            one.train,
            one.valid,
            seed=0,
        )
        for learning_rate in (0.8, 0.1)
    )
    assert same(left, right)
    assert left.history["train_loss"][-1] < 100


def test_it_gives_up_after_three_halvings(problem: Problem, regime: Regimes) -> None:
    one = steep(problem)
    asked = regime(batch_size=1, learning_rate=1e6)
    with pytest.raises(DivergedError) as caught:
        run(one.network, asked, one.train, one.valid, seed=0)
    assert str(caught.value) == (
        "The cost became infinite in epoch 1, iteration 4, in layers/1/W. The largest "
        "parameter before it was 7.1e+18, in layers/1/W. 3 tries with half the "
        "learning rate each did not help. Lower learning_rate (now 1e+06) or set "
        "clip_norm=1.0."
    )


def test_it_steps_back_to_the_last_good_epoch(
    problem: Problem, regime: Regimes
) -> None:
    """The rate rises over two epochs: the first ends well, the second overflows."""
    one, epochs = steep(problem), []

    def watched(watch: Callable[[Progress], bool | None]) -> Trained:
        asked = regime(
            batch_size=1, learning_rate=0.4, epochs=20, schedule="warmup-cosine"
        )
        return run(one.network, asked, one.train, one.valid, seed=0, watch=watch)

    first = watched(lambda progress: True).history
    whole = watched(lambda progress: epochs.append(progress.epoch)).history
    assert epochs == list(range(1, 21))
    assert whole.epochs[0] == first.epochs[0]
    assert whole.loss[:96] == first.loss
    assert whole.iterations == 20 * 96
    assert whole["train_loss"][-1] < whole["train_loss"][0]


@pytest.mark.parametrize("poison", [np.nan, np.inf])
def test_a_poisoned_row_is_told_with_its_iteration(
    problem: Problem, regime: Regimes, poison: float
) -> None:
    one = problem(hidden="8 tanh")
    one.train.y[7] = poison
    with pytest.raises(
        DivergedError, match=r"in epoch 1, iteration [123], in layers/1/W"
    ):
        run(one.network, regime(), one.train, one.valid, seed=0)


def test_a_poisoned_validation_row_is_told(problem: Problem, regime: Regimes) -> None:
    one = problem(hidden="8 tanh")
    one.valid.y[3] = np.inf
    with pytest.raises(
        DivergedError, match=r"infinite at the end of epoch 1, iteration 3"
    ):
        run(one.network, regime(), one.train, one.valid, seed=0)


# History: every number can be recomputed.


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
def test_history_is_what_the_parameters_give(
    problem: Problem, regime: Regimes, task: Task
) -> None:
    """In NumPy and float64, from the last epoch's parameters and the rows."""
    one = problem(task)
    trained = run(one.network, regime(l1=0.01, l2=0.1), one.train, one.valid, seed=0)
    W, b = (np.asarray(trained.last["layers"][1][name], float) for name in "Wb")
    price = 0.01 * np.abs(W).sum() + 0.1 / 2 * (W**2).sum()
    line = trained.history.epochs[-1]
    for group, rows in (("train", one.train), ("valid", one.valid)):
        z = rows.x["numbers"].astype(float) @ W + b
        y = rows.y.astype(float)
        if task == "multiclass":
            loss = np.logaddexp.reduce(z, axis=1) - z[np.arange(len(y)), rows.y]
            expected = {"accuracy": (z.argmax(axis=1) == y).mean()}
        elif task == "binary":
            loss = np.logaddexp(0, z[:, 0]) - y * z[:, 0]
            expected = {"accuracy": ((z[:, 0] >= 0) == y).mean()}
        else:
            loss = (z[:, 0] - y) ** 2
            mae = np.abs(z[:, 0] - y).mean()
            expected = {"rmse": loss.mean() ** 0.5, "mae": mae}
        expected |= {"loss": loss.mean(), "cost": loss.mean() + price}
        for name, value in expected.items():
            assert line[f"{group}_{name}"] == pytest.approx(value, rel=2e-6), name
    names = expected.keys()
    columns = [f"{group}_{name}" for group in ("train", "valid") for name in names]
    assert set(trained.history.columns) == {"iteration", "loss", *columns}


def test_a_long_run_keeps_every_second_loss(problem: Problem, regime: Regimes) -> None:
    one = problem(n=96, n_valid=1)
    asked = regime(batch_size=1, epochs=250, learning_rate=1e-3)
    history = run(one.network, asked, one.train, None, seed=0).history
    assert (history.iterations, history.every) == (24_000, 2)
    assert history["loss"].shape == (12_000,)
    assert history["iteration"][[0, 1, -1]].tolist() == [1, 3, 23_999]
    assert history["train_loss"].shape == (250,)


def test_the_train_curve_is_measured_on_some_rows_of_a_large_table(
    problem: Problem,
) -> None:
    one = problem(n=5000)
    one.train.y[:] = np.arange(5000)
    watched = watched_rows(one.train, one.valid, seed=3)
    is_train = watched.weight[:, 0] > 0
    assert is_train.sum() == MEASURED_ROWS
    chosen = watched.y[is_train]
    assert np.array_equal(chosen, np.unique(chosen))  # no row twice, in table order
    assert np.array_equal(watched.y[~is_train], one.valid.y)
    again = watched_rows(one.train, one.valid, seed=3)
    other = watched_rows(one.train, one.valid, seed=4)
    assert np.array_equal(again.y, watched.y)
    assert not np.array_equal(other.y, watched.y)
