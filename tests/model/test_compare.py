"""The ladder: every rung on the same folds, and whether the step up pays."""

from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import log_loss
from sklearn.model_selection import cross_val_score

import layerwise as lw
from layerwise.errors import ParameterError, TableError
from layerwise.model.compare import LADDER, Comparison, compare
from layerwise.model.rungs import OTHERS
from layerwise.table import folds, read, split

N = 400


def table(kind: str = "bend", seed: int = 0) -> dict[str, Any]:
    """Make a table whose target is a line, a bend, or nothing but chance."""
    rng = np.random.default_rng(seed)
    x, noise = rng.normal(size=N), rng.normal(size=N) / 4
    y = {"line": 3 * x, "bend": np.abs(x) * 3, "chance": np.zeros(N)}[kind] + noise
    return {"x": x, "other": rng.normal(size=N), "y": y}


def by_name(found: Comparison) -> dict[str, Any]:
    return {rung.name: rung for rung in found.rungs}


def test_a_line_is_enough_where_there_is_a_line() -> None:
    found = compare(table("line"), "y", rungs=["mean", "linear", "8 relu"])
    rungs = by_name(found)
    assert (found.score_name, found.n_folds) == ("rmse", 5)
    assert [rung.pays for rung in found.rungs] == [None, True, False]
    assert found.best is rungs["linear"]
    assert rungs["mean"].score.mean == pytest.approx(3, abs=0.3)
    assert rungs["linear"].score.mean == pytest.approx(0.25, abs=0.03)
    assert [rung.n_parameters for rung in found.rungs] == [1, 3, 2 * 8 + 8 + 8 + 1]


def test_a_bend_takes_a_hidden_layer_or_trees() -> None:
    found = compare(
        table(), "y", rungs=["mean", "one split", "linear", "8 relu", "boosted trees"]
    )
    rungs = by_name(found)
    assert not rungs["linear"].pays
    assert rungs["8 relu"].pays
    assert rungs["boosted trees"].score.mean < rungs["linear"].score.mean
    assert rungs["one split"].counts == "leaves"
    assert rungs["one split"].n_parameters == 2


def test_nothing_pays_where_there_is_nothing_to_learn() -> None:
    rungs = ["mean", "one split", "linear", "4 relu", "random forest"]
    found = compare(table("chance"), "y", rungs=rungs)
    assert found.best.name == "mean"
    assert [rung.pays for rung in found.rungs] == [None, False, False, False, False]


@pytest.mark.parametrize("classes", [0, 2, 3])
def test_the_numbers_are_those_of_the_single_commands(classes: int) -> None:
    rows = table()
    if classes:
        edges = np.quantile(rows["y"], np.arange(1, classes) / classes)
        rows["y"] = [f"class {k}" for k in np.digitize(rows["y"], edges)]
    found = compare(rows, "y", folds=4, rungs=["linear", "6 tanh"], seed=3)
    whole = read(rows)
    y = np.asarray(rows["y"])
    labels = np.unique(y, return_inverse=True)[1] if classes else None
    splits = folds(*split(N, 1 / 4, 3, labels), 4, 3, labels)
    assert sorted(np.concatenate([held for _, held in splits]).tolist()) == list(
        range(N)
    )
    for rung in found.rungs:
        for (train, held_out), score in zip(splits, rung.scores, strict=True):
            model = lw.train(whole.rows(train), "y", layers=rung.name, seed=3)
            measured = model.evaluate(whole.rows(held_out))
            assert measured[found.score_name] == pytest.approx(score, rel=1e-6)
            assert rung is not found.rungs[0] or model.n_parameters == rung.n_parameters


def test_trees_are_those_of_scikit_learn() -> None:
    rows = table()
    found = by_name(compare(rows, "y", rungs=["boosted trees"]))["boosted trees"]
    X = np.stack([rows["x"], rows["other"]], axis=1)
    splits = folds(*split(N, 1 / 5, 0, None), 5, 0, None)
    scores = -cross_val_score(
        HistGradientBoostingRegressor(random_state=0),
        X,
        rows["y"],
        cv=splits,
        scoring="neg_root_mean_squared_error",
    )
    assert list(found.scores) == pytest.approx(scores.tolist())


def test_the_mean_of_classes_is_their_shares() -> None:
    labels = ["a"] * 300 + ["b"] * 100
    found = compare({"x": np.arange(N), "y": labels}, "y", rungs=["mean"])
    p = np.tile([0.75, 0.25], (N, 1))
    assert found.rungs[0].score.mean == pytest.approx(log_loss(labels, p), abs=1e-3)
    assert found.rungs[0].n_parameters == 1


def test_the_interval_is_students() -> None:
    (rung,) = compare(table(), "y", rungs=["mean"]).rungs
    scores = np.asarray(rung.scores)
    half = 2.776445 * scores.std(ddof=1) / 5**0.5  # t of 4 degrees, 0.975
    assert rung.score.low == pytest.approx(scores.mean() - half, rel=1e-5)
    assert rung.score.high == pytest.approx(scores.mean() + half, rel=1e-5)


@pytest.mark.parametrize("name", OTHERS)
def test_every_rung_takes_gaps_categories_and_texts(name: str) -> None:
    rng = np.random.default_rng(1)
    n = 120
    rows = {
        "size": [
            None if i % 7 == 3 else float(v) for i, v in enumerate(rng.normal(size=n))
        ],
        "town": rng.choice([f"town {i}" for i in range(25)], n),
        "note": [f"a {w} of {i}" for i, w in enumerate(rng.choice(["cat", "dog"], n))],
        "y": rng.choice(["yes", "no", "perhaps"], n),
    }
    (rung,) = compare(rows, "y", folds=3, rungs=[name]).rungs
    assert np.isfinite(rung.scores).all()
    assert rung.n_parameters >= 1


def test_who_stops_keeps_the_rungs_that_are_done() -> None:
    def stop(name: str, fold: int, progress: Any) -> bool:
        return name == "8 relu" and progress is not None and progress.epoch == 2

    found = compare(table(), "y", rungs=["mean", "linear", "8 relu"], watch=stop)
    assert [rung.name for rung in found.rungs] == ["mean", "linear"]


def test_columns_are_chosen() -> None:
    def score(**options: Any) -> float:
        return (
            compare(table("line"), "y", rungs=["linear"], **options).rungs[0].score.mean
        )

    assert score(drop=["other"]) == pytest.approx(score(features=["x"]))
    assert score(features=["other"]) > 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"folds": 1}, r"'folds' parameter of compare must be .* Got 1 instead"),
        ({"rungs": []}, "names no rung"),
        ({"rungs": ["linaer"]}, "no rung 'linaer'. Did you mean 'linear'?"),
        ({"rungs": ["8 rely"]}, "rely"),
        ({"drop": ["z"]}, "no column 'z'"),
    ],
)
def test_what_is_wrong_is_told(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ParameterError, match=told):
        compare(table(), "y", **options)
    with pytest.raises(TableError):
        compare(table(), "z", rungs=["mean"])


def test_the_ladder_names_rungs_that_there_are() -> None:
    assert set(LADDER) & set(OTHERS) == set(OTHERS)
