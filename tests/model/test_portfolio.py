"""The portfolio: several kinds of networks, and the mixture of them that answers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest

import layerwise as lw
from layerwise.errors import DivergedError, LayerwiseWarning, ParameterError
from layerwise.model.job import Job
from layerwise.model.portfolio import greedy_weights
from layerwise.model.settings import EFFORTS
from layerwise.training import Progress

KINDS = ("4 tanh", "6 relu", "3 selu")


def table(n: int = 300) -> dict[str, Any]:
    rng = np.random.default_rng(2)
    x = rng.normal(size=n)
    return {"x": x, "y": np.sin(2 * x) + rng.normal(size=n) / 4}


@pytest.fixture(autouse=True)
def small() -> Iterator[None]:
    with mock.patch.dict(EFFORTS, thorough=KINDS):
        yield


def trained(**options: Any) -> lw.Model:
    usual = {"effort": "thorough", "epochs": 6, "learning_rate": 0.02}
    return lw.train(table(), "y", **usual | options)


def error_in(y: np.ndarray) -> Any:
    return lambda a: float(np.mean((a - y) ** 2))


def test_the_mixture_is_less_wrong_than_each_alone() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=500)
    answers = [y + rng.normal(size=500) * size for size in (0.5, 0.6, 0.7, 3.0)]
    weights = greedy_weights(answers, error_in(y))
    assert weights.sum() == pytest.approx(1)
    assert weights[0] > weights[1] > weights[2] > weights[3]
    mixed = sum(w * a for w, a in zip(weights, answers, strict=True))
    alone = [error_in(y)(a) for a in answers]
    assert error_in(y)(mixed) < 0.6 * min(alone)
    # what is least wrong: weights as 1 / variance, for errors of their own
    best = 1 / np.array([0.25, 0.36, 0.49, 9.0])
    assert np.abs(weights - best / best.sum()).max() < 0.06


def test_an_answer_that_no_other_helps_is_alone() -> None:
    y = np.arange(10.0)
    assert greedy_weights([y, y + 1], error_in(y)).tolist() == [1, 0]
    assert greedy_weights([y + 5], error_in(y)).tolist() == [1]


@pytest.mark.parametrize("options", [{"folds": 2}, {"refits": 2}, {"refits": 0}])
def test_the_parts_answer_with_their_weights(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    model = trained(**options)
    assert {part.name for part in model.parts} <= set(KINDS)
    weights = [part.weight for part in model.parts]
    assert sum(weights) == pytest.approx(1)
    assert weights == sorted(weights, reverse=True)
    assert {len(p.networks) for p in model.parts} == {max(*options.values(), 1)}
    each = [replace(model, parts=(replace(p, weight=1.0),)) for p in model.parts]
    answers = [one.forward(one.encode(table())) for one in each]
    mixed = sum(w * a for w, a in zip(weights, answers, strict=True))
    a = model.forward(model.encode(table()))
    np.testing.assert_allclose(a, mixed, rtol=1e-5, atol=1e-6)
    assert model.n_parameters == sum(one.n_parameters for one in each)
    model.save(tmp_path / "y.safetensors")
    again = lw.load(tmp_path / "y.safetensors")
    assert np.array_equal(again.forward(again.encode(table())), a)
    again.save(tmp_path / "again.safetensors")
    files = [tmp_path / name for name in ("y.safetensors", "again.safetensors")]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_each_kind_is_trained_as_it_is_alone() -> None:
    model = trained(folds=2)
    for part in model.parts:
        alone = lw.train(
            table(), "y", layers=part.name, epochs=6, learning_rate=0.02, folds=2
        )
        (own,) = alone.parts
        for ours, theirs in zip(part.networks, own.networks, strict=True):
            W = [params["layers"][1]["W"] for params in (ours, theirs)]
            assert np.array_equal(*W)
    most = lw.train(
        table(),
        "y",
        layers=model.parts[0].name,
        epochs=6,
        learning_rate=0.02,
        valid_fraction=0.5,
    )
    assert model.history.epochs == most.history.epochs
    assert model.facts.tried == KINDS


def test_the_measures_are_those_of_the_mixture_on_rows_unseen() -> None:
    model = trained(folds=3)
    alone = [
        lw.train(table(), "y", layers=k, epochs=6, learning_rate=0.02, folds=3)
        for k in KINDS
    ]
    rmse = [float(one.facts.valid["rmse"] or np.inf) for one in alone]
    assert float(model.facts.valid["rmse"] or np.inf) <= min(rmse) * (1 + 1e-6)


def test_a_threshold_holds_for_all_parts(tmp_path: Path) -> None:
    rows = table()
    rows["y"] = np.where(rows["y"] > 0, "up", "down")
    model = lw.train(rows, "y", effort="thorough", epochs=3).with_threshold(0.9)
    model.save(tmp_path / "y.safetensors")
    p = model.predict_proba(rows)[:, 1]
    found = lw.load(tmp_path / "y.safetensors").predict(rows)
    assert np.array_equal(found == "up", p >= 0.9)


def test_a_stop_keeps_the_kinds_that_are_done() -> None:
    seen: list[Progress] = []

    def stop(progress: Progress) -> bool:
        seen.append(progress)
        return (progress.part, progress.epoch) == (2, 3)

    model = trained(watch=stop, refits=0)
    assert [part.name for part in model.parts] == [KINDS[0]]
    assert (seen[-1].part, seen[-1].parts, seen[-1].kind) == (2, 3, KINDS[1])
    in_refit = trained(watch=lambda p: bool(p.refit and p.part == 1), refits=2)
    assert [part.name for part in in_refit.parts] == [KINDS[0]]


@pytest.mark.parametrize("ends", ["a wish", "an interrupt"])
@pytest.mark.parametrize(("part", "fold"), [(1, 2), (2, 1), (2, 2), (3, 3)])
def test_a_stop_in_any_fold_leaves_what_is_whole(
    tmp_path: Path, ends: str, part: int, fold: int
) -> None:
    def stop(progress: Progress) -> bool:
        is_here = (progress.part, progress.fold) == (part, fold)
        if is_here and ends == "an interrupt":
            raise KeyboardInterrupt
        return is_here

    model = trained(watch=stop, folds=3)
    assert model.facts.tried == KINDS[: max(part - 1, 1)]
    assert model.facts.folds == (3 if part > 1 else fold - 1)
    assert model.facts.n_measured == (300 if part > 1 else 100 * (fold - 1))
    model.save(tmp_path / "y.safetensors")
    assert np.isfinite(lw.load(tmp_path / "y.safetensors").predict(table())).all()


def test_a_kind_that_does_not_converge_is_left_out_and_told() -> None:
    kinds = ("4 tanh", "6 relu")
    diverged = DivergedError("The cost became nan.")
    real = Job.run

    def run(job: Job, *args: Any) -> Any:
        if job.network.widths[2] == 6:
            raise diverged
        return real(job, *args)

    with (
        mock.patch.dict(EFFORTS, thorough=kinds),
        mock.patch.object(Job, "run", run),
        pytest.warns(LayerwiseWarning, match="'6 relu' is left out. The cost became"),
    ):
        model = trained()
    assert model.facts.tried == ("4 tanh",)


def test_kinds_for_which_no_time_is_left_are_not_begun() -> None:
    model = trained(seconds=1e-6, folds=3)
    assert model.facts.tried == KINDS[:1]
    assert model.n_networks == 1


def test_the_seconds_are_shared() -> None:
    model = trained(seconds=0.6, epochs=10_000_000, patience=0)
    assert {part.name for part in model.parts} <= set(KINDS)


def test_networks_are_weighed_by_rows_held_out() -> None:
    with pytest.raises(ParameterError, match=r"'effort' .*weighs.*valid_fraction=0"):
        trained(valid_fraction=0)
