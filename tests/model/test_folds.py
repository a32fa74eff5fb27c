"""Folds: every row is held out once, and the networks of all folds answer."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import layerwise as lw
from layerwise.errors import LayerwiseWarning, ParameterError
from layerwise.model import Examples, Settings, fit
from layerwise.model.examples import examples_of
from layerwise.model.recipes import MOST_BAGGED, recipe_of
from layerwise.table import read
from layerwise.training import Progress


def table(n: int = 200, classes: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(5)
    x = rng.normal(size=n)
    y = np.sin(2 * x) + rng.normal(size=n) / 4
    if classes:
        edges = np.quantile(y, np.arange(1, classes) / classes)
        return {"x": x, "y": [f"class {k}" for k in np.digitize(y, edges)]}
    return {"x": x, "y": y}


def examples(rows: dict[str, Any], **options: Any) -> Examples:
    settings = Settings(**options)
    return examples_of(read(rows), "y", settings, None, None, None, None, None)


@pytest.mark.parametrize("classes", [0, 2, 3])
def test_each_row_is_predicted_by_the_network_that_never_saw_it(classes: int) -> None:
    rows = table(classes=classes)
    options: Any = {"layers": "8 relu", "epochs": 8, "folds": 4, "seed": 3}
    model = lw.train(rows, "y", **options)
    (part,) = model.parts
    assert (model.n_networks, model.facts.folds, model.facts.refit_epochs) == (4, 4, 0)
    given = examples(rows, **options)
    answers, known = [], []
    for params, (_, held_out) in zip(part.networks, given.folds(4, 3), strict=True):
        one = replace(model, parts=(replace(part, networks=(params,)),))
        unseen = given.table.rows(held_out)
        answers.append(one.forward(one.encode(unseen)))
        known.append(given.y[held_out])
    found = model.metrics_of_answers(np.concatenate(answers), np.concatenate(known))
    assert model.facts.valid == pytest.approx(found, rel=1e-5)
    each = [
        replace(model, parts=(replace(part, networks=(own,)),)) for own in part.networks
    ]
    mean = np.mean([one.forward(one.encode(rows)) for one in each], axis=0)
    np.testing.assert_allclose(model.forward(model.encode(rows)), mean, rtol=1e-5)


def test_the_first_fold_is_the_training_without_folds() -> None:
    options: Any = {"layers": "8 relu", "epochs": 5}
    alone = lw.train(table(), "y", **options, valid_fraction=1 / 3)
    folds = lw.train(table(), "y", **options, folds=3)
    assert folds.history.epochs == alone.history.epochs
    first = folds.params["layers"][1]["W"]
    assert np.array_equal(first, alone.params["layers"][1]["W"])
    second = folds.parts[0].networks[1]["layers"][1]["W"]
    assert not np.array_equal(first, second)


def test_the_folds_of_a_line_are_exact() -> None:
    model = lw.train(table(), "y", layers="linear", folds=5)
    x = np.asarray(table()["x"])
    slopes = []
    for train, _ in examples(table(), layers="linear").folds(5, 0):
        y = np.asarray(table()["y"])[train]
        slopes.append(np.polyfit(x[train], y, 1))
    expected = np.polyval(np.mean(slopes, axis=0), x)
    np.testing.assert_allclose(model.predict(table()), expected, rtol=1e-6)
    assert not model.is_equation


def test_refits_join_the_folds_and_last_as_long_as_the_middle_one() -> None:
    model = lw.train(table(), "y", layers="8 relu", epochs=9, folds=3, refits=2)
    assert model.n_networks == 5
    assert 1 <= model.facts.refit_epochs <= 9


def test_a_small_table_is_learned_in_folds_and_a_large_one_is_not() -> None:
    assert recipe_of("strong", "binary", 49).folds == 1
    assert recipe_of("strong", "binary", 50).folds == 5
    assert recipe_of("strong", "binary", MOST_BAGGED).folds == 1
    short: Any = {"layers": "strong", "epochs": 1}
    assert lw.train(table(63), "y", **short).n_networks == 5
    assert lw.train(table(61), "y", **short).facts.folds == 1


@pytest.mark.parametrize("refits", [0, 1])
def test_who_asks_for_refits_gets_no_folds_unasked(refits: int) -> None:
    model = lw.train(table(), "y", layers="strong", epochs=1, refits=refits)
    assert (model.facts.folds, model.n_networks) == (1, 1)


def test_rows_held_out_by_a_column_take_no_turns() -> None:
    rows = table() | {"day": np.arange(200)}
    model = lw.train(rows, "y", layers="strong", epochs=1, valid_by="day")
    assert model.facts.folds == 1
    with pytest.raises(ParameterError, match=r"'folds' parameter is 3.*valid_by out"):
        lw.train(rows, "y", layers="8 relu", folds=3, valid_by="day")
    with pytest.raises(ParameterError, match=r"'folds'.*valid_fraction=0 holds none"):
        lw.train(rows, "y", layers="8 relu", folds=3, valid_fraction=0)


def test_more_folds_than_rows_are_refused() -> None:
    with pytest.raises(ParameterError, match="at most 10 for 9 training rows. Got 12"):
        lw.train(table(10), "y", layers="2 relu", folds=12)


def test_a_class_of_few_rows_trains_in_every_fold() -> None:
    rows = table(classes=2)
    rows["y"] = ["rare" if i in (3, 90) else label for i, label in enumerate(rows["y"])]
    given = examples(rows)
    folds = given.folds(5, 0)
    rare = given.target.classes.index("rare")
    assert len(folds) == 5
    for train, _ in folds:
        assert (given.y[train] == rare).any()
    with pytest.warns(LayerwiseWarning, match="lack the class 'rare'"):
        model = lw.train(rows, "y", layers="4 relu", epochs=2, folds=5)
    assert model.facts.folds == 5


def test_a_stop_keeps_the_folds_that_are_done() -> None:
    seen: list[Progress] = []

    def stop(progress: Progress) -> bool:
        seen.append(progress)
        return (progress.fold, progress.epoch) == (3, 2)

    model = lw.train(table(), "y", layers="8 relu", epochs=4, folds=5, watch=stop)
    assert (model.n_networks, model.facts.folds) == (2, 2)
    assert [(p.fold, p.epoch) for p in seen[-2:]] == [(3, 1), (3, 2)]
    assert {p.folds for p in seen} == {5}
    first = lw.train(
        table(), "y", layers="8 relu", epochs=4, folds=5, watch=lambda p: p.epoch == 2
    )
    assert (first.n_networks, len(first.history.epochs)) == (1, 2)


def test_ctrl_c_in_a_later_fold_keeps_those_before_it() -> None:
    def interrupt(progress: Progress) -> None:
        if progress.fold == 2:
            raise KeyboardInterrupt

    model = lw.train(table(), "y", layers="8 relu", epochs=3, folds=3, watch=interrupt)
    assert model.n_networks == 1


def test_weights_hold_in_every_fold() -> None:
    rows = table(120)
    whole = examples(rows, layers="linear", folds=3)
    weight = np.random.default_rng(0).uniform(0.5, 2, 120)
    settings = Settings(layers="linear", folds=3)
    even = fit(replace(whole, weight=np.ones(120)), settings)
    uneven = fit(replace(whole, weight=weight), settings)
    assert even.predict(rows).tolist() != uneven.predict(rows).tolist()
    assert even.facts.valid == pytest.approx(fit(whole, settings).facts.valid)


def test_who_trains_beyond_the_best_epoch_gets_one_network_and_its_last_epoch() -> None:
    model = lw.train(table(), "y", layers="strong", epochs=12, patience=0)
    assert (model.n_networks, model.facts.folds, model.facts.refit_epochs) == (1, 1, 0)
    if model.history.best_epoch < len(model.history.epochs):
        assert model.last.n_networks == 1


def test_the_parts_are_as_many_as_the_folds() -> None:
    for n_folds in (2, 3, 4):
        folds = examples(table(120), folds=n_folds).folds(n_folds, 0)
        assert [len(held_out) for _, held_out in folds] == [120 // n_folds] * n_folds
    with pytest.raises(ParameterError, match=r"folds=3 and valid_fraction=0.4: leave"):
        lw.train(table(), "y", layers="2 relu", folds=3, valid_fraction=0.4)


def test_fewer_folds_than_asked_are_told() -> None:
    rows = {"x": np.arange(60.0), "y": [f"class {i % 20}" for i in range(60)]}
    with pytest.warns(LayerwiseWarning) as caught:
        model = lw.train(rows, "y", layers="4 relu", epochs=1, folds=5)
    said = " ".join(str(one.message) for one in caught)
    assert "No class has rows enough for 5 folds, so there is one." in said
    assert model.facts.folds == 1


def test_the_measured_rows_are_counted() -> None:
    model = lw.train(table(), "y", layers="4 relu", epochs=2, folds=5)
    assert model.facts.n_measured == 200
    assert lw.train(table(), "y", layers="4 relu", epochs=2).facts.n_measured == 40
    whole = lw.train(table(), "y", layers="4 relu", epochs=2, valid_fraction=0)
    assert whole.facts.n_measured == 200


def test_a_stopped_refit_of_a_line_leaves_the_network_before_it() -> None:
    rows = table(classes=2)
    plain = lw.train(rows, "y", layers="linear")

    seen: list[Progress] = []

    def stop(progress: Progress) -> bool:
        seen.append(progress)
        return len(seen) == len(plain.history.epochs) + 1

    stopped = lw.train(rows, "y", layers="linear", refits=1, watch=stop)
    assert stopped.facts == plain.facts
    W = [model.params["layers"][1]["W"] for model in (stopped, plain)]
    assert np.array_equal(*W)
