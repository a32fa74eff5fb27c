"""The refit: the course that was best, once more over all rows."""

from collections.abc import Callable
from dataclasses import replace
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
    assert alike(again, trained.params)


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
    assert alike(again, trained.params)


def test_more_rows_are_presented_as_often(problem: Problem, regime: Regimes) -> None:
    one = problem(n=100)
    seen: list[Progress] = []
    refit(
        one.network, regime(batch_size=20), one.train, 0, Course(2, 1, 3), seen.append
    )
    assert [p.epoch for p in seen] == [1, 2, 3]
    assert {p.epochs for p in seen} == {3}
    assert seen[-1].iteration == 15
    assert all(p.is_refit for p in seen)


def test_what_is_stopped_leaves_nothing(problem: Problem, regime: Regimes) -> None:
    one, course = problem(n=60), Course(0, 5, 5)
    assert refit(one.network, regime(), one.train, 0, course, lambda p: True) is None
    brief = regime(seconds=1e-9)
    assert refit(one.network, brief, one.train, 0, course) is None
    wild = regime(learning_rate=1e30, optimizer="sgd")
    assert refit(one.network, wild, one.train, 0, course) is None


def table(n: int = 300) -> dict[str, list[float]]:
    draw = np.random.default_rng(0)
    x = draw.normal(size=n)
    return {"x": x.tolist(), "y": (3 + 2 * x + draw.normal(size=n)).tolist()}


def test_the_model_predicts_with_the_refit_and_tells_the_measures_before_it() -> None:
    held_out, again = (
        lw.train(table(), "y", layers="8 relu", epochs=5, refit=wanted)
        for wanted in (False, True)
    )
    assert (held_out.facts.refit_epochs, held_out.history) == (0, again.history)
    assert again.facts.refit_epochs == again.history.best_epoch
    assert again.facts.valid == held_out.facts.valid
    assert not alike(again.params, held_out.params)
    assert again.last_params is None


def test_the_line_of_all_rows_is_the_line_without_rows_held_out() -> None:
    again = lw.train(table(), "y", layers="linear", refit=True)
    whole = lw.train(table(), "y", layers="linear", valid_fraction=0)
    np.testing.assert_allclose(
        again.predict(table()), whole.predict(table()), rtol=1e-6, atol=1e-6
    )


def test_ctrl_c_in_the_refit_keeps_the_network_before_it() -> None:
    plain = lw.train(table(), "y", layers="8 relu", epochs=5)
    stopped = lw.train(
        table(), "y", layers="8 relu", epochs=5, refit=True, watch=lambda p: p.is_refit
    )
    assert stopped.facts == plain.facts
    assert alike(stopped.params, plain.params)


def test_without_rows_held_out_there_is_nothing_to_add() -> None:
    with pytest.raises(ParameterError, match="'refit' .* valid_fraction=0"):
        lw.train(table(), "y", refit=True, valid_fraction=0)
    model = lw.train(table(), "y", layers="quick", epochs=1, valid_fraction=0)
    assert model.facts.refit_epochs == 0
