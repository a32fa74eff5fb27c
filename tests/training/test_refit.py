"""The refit: the course that was best, once more over all rows."""

import importlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

import layerwise as lw
from layerwise.errors import ParameterError
from layerwise.training import Progress, Regime, refit, run
from layerwise.training.run import Course

Problem = Callable[..., Any]
Regimes = Callable[..., Regime]


def alike(one: Any, two: Any) -> bool:
    """Return whether two sets of parameters have the same bits."""
    return bool(all(jax.tree.leaves(jax.tree.map(np.array_equal, one, two))))


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_a_run_without_a_fall_is_gone_again_to_its_best_epoch(
    problem: Problem, regime: Regimes, schedule: str
) -> None:
    one = problem(n=60, n_valid=40)
    asked = regime(schedule=schedule, learning_rate=0.3, epochs=20, patience=0)
    trained = run(one.network, asked, one.train, one.valid, seed=3)
    assert trained.course == Course(0, trained.history.best_epoch, 20)
    assert 1 <= trained.course.epochs < 20
    again = refit(one.network, asked, one.train, 3, trained.course)
    assert len(again) == 1
    assert alike(again[0], trained.params)


@pytest.mark.parametrize("settle", [0.5, 1.0])
def test_a_rate_that_settles_settles_again(
    problem: Problem, regime: Regimes, settle: float
) -> None:
    one = problem(n=60, n_valid=40)
    asked = regime(schedule="cosine", learning_rate=0.05, epochs=60, patience=4)
    asked = replace(asked, settle=settle)
    trained = run(one.network, asked, one.train, one.valid, seed=3)
    course = trained.course
    assert course.held > 0
    assert course.span == max(round(settle * course.held), 1)
    again = refit(one.network, asked, one.train, 3, course)
    assert alike(again, [trained.params])


def test_more_rows_are_presented_as_often(problem: Problem, regime: Regimes) -> None:
    one = problem(n=100)
    seen: list[Progress] = []
    course, asked = Course(2, 1, 3), regime(batch_size=20)
    refit(one.network, asked, one.train, 0, course, 2, seen.append)
    assert [p.epoch for p in seen] == [1, 2, 3] * 2
    assert {p.epochs for p in seen} == {3}
    assert seen[-1].iteration == 15
    assert [p.refit for p in seen] == [1, 1, 1, 2, 2, 2]
    assert {p.refits for p in seen} == {2}


def test_each_refit_has_a_seed_of_its_own(problem: Problem, regime: Regimes) -> None:
    one, course = problem(n=60), Course(0, 2, 2)
    first, second = refit(one.network, regime(), one.train, 0, course, 2)
    assert not alike(first, second)
    (alone,) = refit(one.network, regime(), one.train, 0, course, 1)
    assert alike(first, alone)
    other = refit(one.network, regime(), one.train, 1, course, 2)
    assert not alike(other[0], second)


def test_a_stop_keeps_the_refits_that_are_done(
    problem: Problem, regime: Regimes
) -> None:
    one, course = problem(n=60), Course(0, 2, 2)
    given = one.network, regime(), one.train, 0, course
    done = refit(*given, 3, lambda p: p.refit == 2)
    assert len(done) == 1
    assert alike(done, refit(*given))


def test_what_is_stopped_leaves_nothing(problem: Problem, regime: Regimes) -> None:
    one, course = problem(n=60), Course(0, 5, 5)
    assert not refit(one.network, regime(), one.train, 0, course, 2, lambda p: True)
    brief = regime(seconds=1e-9)
    assert not refit(one.network, brief, one.train, 0, course)
    wild = regime(learning_rate=1e30, optimizer="sgd")
    assert not refit(one.network, wild, one.train, 0, course)


def table(n: int = 300) -> dict[str, list[float]]:
    draw = np.random.default_rng(0)
    x = draw.normal(size=n)
    return {"x": x.tolist(), "y": (3 + 2 * x + draw.normal(size=n)).tolist()}


def test_the_model_predicts_with_the_refit_and_tells_the_measures_before_it() -> None:
    held_out, again = (
        lw.train(table(), "y", layers="8 relu", epochs=5, refits=wanted)
        for wanted in (0, 1)
    )
    assert (held_out.facts.refit_epochs, held_out.history) == (0, again.history)
    assert again.facts.refit_epochs == again.history.best_epoch
    assert again.facts.valid == held_out.facts.valid
    assert not alike(again.params, held_out.params)
    assert again.last_params is None


def test_the_line_of_all_rows_is_the_line_without_rows_held_out() -> None:
    again = lw.train(table(), "y", layers="linear", refits=1)
    whole = lw.train(table(), "y", layers="linear", valid_fraction=0)
    np.testing.assert_allclose(
        again.predict(table()), whole.predict(table()), rtol=1e-6, atol=1e-6
    )


def test_ctrl_c_in_the_refit_keeps_the_network_before_it() -> None:
    plain = lw.train(table(), "y", layers="8 relu", epochs=5)
    stopped = lw.train(
        table(), "y", layers="8 relu", epochs=5, refits=1, watch=lambda p: bool(p.refit)
    )
    assert stopped.facts == plain.facts
    assert alike(stopped.params, plain.params)


def test_without_rows_held_out_there_is_nothing_to_add() -> None:
    with pytest.raises(ParameterError, match="'refits' .* valid_fraction=0"):
        lw.train(table(), "y", refits=1, valid_fraction=0)
    model = lw.train(table(), "y", layers="strong", epochs=1, valid_fraction=0)
    assert model.facts.refit_epochs == 0


@pytest.mark.parametrize("classes", [0, 2, 3])
def test_the_mean_of_all_networks_predicts_and_is_saved_whole(
    tmp_path: Path, classes: int
) -> None:
    rows: dict[str, Any] = table()
    if classes:
        edges = np.quantile(rows["y"], np.arange(1, classes) / classes)
        rows["y"] = [f"class {k}" for k in np.digitize(rows["y"], edges)]
    model = lw.train(rows, "y", layers="8 relu", epochs=5, refits=3)
    assert model.n_networks == 3
    assert model.n_parameters == 3 * model.network.n_parameters
    (part,) = model.parts
    each = [
        replace(model, parts=(replace(part, networks=(params,)),))
        for params in part.networks
    ]
    answers = [one.forward(one.encode(rows)) for one in each]
    assert not np.array_equal(answers[0], answers[1])
    a = model.forward(model.encode(rows))
    np.testing.assert_allclose(a, np.mean(answers, axis=0), rtol=1e-6)
    if classes:
        np.testing.assert_allclose(a.sum(axis=1), 1, rtol=1e-6)
    path = tmp_path / "y.safetensors"
    model.save(path)
    again = lw.load(path)
    assert np.array_equal(again.forward(again.encode(rows)), a)
    assert again.facts == model.facts
    again.save(path.with_name("again.safetensors"))
    assert path.read_bytes() == path.with_name("again.safetensors").read_bytes()


def test_a_ready_network_has_fewer_refits_where_they_take_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options: Any = {"layers": "strong", "epochs": 2, "folds": 1}
    assert lw.train(table(), "y", **options).n_networks == 3
    room = importlib.import_module("layerwise.model.job")
    monkeypatch.setattr(room, "MOST_WORK", 1)
    assert lw.train(table(), "y", **options).n_networks == 1
    assert lw.train(table(), "y", **options, refits=2).n_networks == 2


def test_several_lines_are_no_one_equation() -> None:
    model = lw.train(table(), "y", layers="linear", epochs=3, refits=2)
    assert not model.is_equation
