"""The options of training: Python's own numbers, and what goes together."""

import json
from typing import Any

import numpy as np
import pytest

import layerwise as lw
from layerwise.errors import ParameterError
from layerwise.model import Settings
from layerwise.model.settings import EFFORTS
from layerwise.network import CATALOG
from layerwise.plain import to_plain

ROWS = {"x": np.arange(20.0), "y": ["a", "b"] * 10}


@pytest.mark.parametrize("number", [int, float, np.int64, np.float32])
def test_numbers_of_any_library_can_be_saved(tmp_path: Any, number: Any) -> None:
    settings = Settings(epochs=number(3), batch_size=number(8), seed=number(1))
    assert settings == Settings(epochs=3, batch_size=8, seed=1)
    plain = to_plain(settings.regime(20, 1, "squared", random=False))
    assert json.loads(json.dumps(plain)) == plain
    model = lw.train(ROWS, "y", layers="2 relu", epochs=number(2), l2=number(1))
    model.save(tmp_path / "m.safetensors")
    assert lw.load(tmp_path / "m.safetensors").facts == model.facts


@pytest.mark.parametrize("value", ["3", True, 2.5, float("nan"), float("inf")])
def test_what_is_no_whole_number_is_refused(value: Any) -> None:
    with pytest.raises(ParameterError, match="The 'epochs' parameter of train must be"):
        Settings(epochs=value).check()


@pytest.mark.parametrize("name", ["batch_size", "learning_rate", "clip_norm"])
def test_lbfgs_has_no_batches(name: str) -> None:
    asked = Settings(layers="linear", optimizer="lbfgs", **{name: 1})
    with pytest.raises(ParameterError, match=f"Leave out {name}, or use"):
        asked.regime(20, 0, "squared", random=False)
    left_open = Settings(layers="linear", **{name: 1})
    assert left_open.regime(20, 0, "squared", random=False).optimizer == "adam"


def test_class_weights_that_leave_nothing_to_measure_are_refused() -> None:
    rows = {"x": np.arange(12.0), "y": ["a"] * 10 + ["b"] * 2}
    with (
        pytest.warns(lw.LayerwiseWarning, match="The rows held out lack the class 'b'"),
        pytest.raises(ParameterError, match="every row held out the weight 0"),
    ):
        lw.train(rows, "y", layers="mlp", valid_fraction=0.09, class_weight={"a": 0})


@pytest.mark.parametrize("weight", ["x", None, -1, float("inf")])
def test_class_weights_are_numbers(weight: Any) -> None:
    with pytest.raises(ParameterError, match="must give weights of at least 0"):
        lw.train(ROWS, "y", layers="mlp", class_weight={"a": weight})


@pytest.mark.parametrize(
    ("labels", "label"), [([True, False], True), ([0.0, 1.0], 1.0), ([0, 1], 1)]
)
def test_classes_are_weighed_under_their_own_labels(labels: Any, label: Any) -> None:
    rows = {"x": np.arange(20.0), "y": labels * 10}
    model = lw.train(rows, "y", layers="linear", class_weight={label: 1e3})
    assert set(model.predict(rows)) == {model.target.classes[1]}


def test_the_last_epoch_may_be_the_best() -> None:
    model = lw.train(ROWS, "y", layers="linear", valid_fraction=0)
    assert model.last is model


def refused(**options: Any) -> str:
    """Return why training is refused."""
    with pytest.raises(ParameterError) as caught:
        lw.train(ROWS, "y", **options)
    return str(caught.value)


# The dial.


@pytest.mark.parametrize("effort", EFFORTS)
def test_the_effort_is_of_networks_of_the_catalog(effort: str) -> None:
    settings = Settings(effort=effort.upper())
    settings.check()
    assert settings.networks == EFFORTS[effort]
    assert set(settings.networks) <= set(CATALOG)


def test_the_effort_is_normal_where_nothing_is_said() -> None:
    assert Settings().networks == Settings(effort="normal").networks == ("strong",)
    assert Settings(effort="quick").networks == ("quick",)
    assert Settings(layers="8 relu").networks == ("8 relu",)


def test_the_effort_is_what_is_trained() -> None:
    one = lw.train(ROWS, "y", effort="quick", epochs=1)
    same = lw.train(ROWS, "y", layers="quick", epochs=1)
    assert one.facts == same.facts
    assert one.predict_proba(ROWS).tobytes() == same.predict_proba(ROWS).tobytes()


def test_an_effort_beside_layers_is_refused() -> None:
    assert refused(effort="quick", layers="mlp") == (
        "The 'effort' parameter of train chooses the layers. Got effort='quick' and "
        "layers='mlp': leave one of them out."
    )


@pytest.mark.parametrize(
    ("effort", "hint"), [("quik", " Did you mean 'quick'?"), ("", ""), (3, "")]
)
def test_an_unknown_effort_is_told(effort: Any, hint: str) -> None:
    assert refused(effort=effort) == (
        f"The 'effort' parameter of train must be one of {', '.join(EFFORTS)}. Got "
        f"{effort!r} instead.{hint}"
    )


# What chooses the best epoch.


@pytest.mark.parametrize(
    ("best_by", "hint"), [("acuracy", " Did you mean 'accuracy'?"), ("f1", "")]
)
def test_an_unknown_measure_is_told(best_by: str, hint: str) -> None:
    assert refused(best_by=best_by) == (
        "The 'best_by' parameter of train must be one of cost, loss, accuracy, auc, "
        f"rmse, mae. Got {best_by!r} instead.{hint}"
    )


NUMBERS, THREE = list(range(20)), ["a", "b", "c", "a"] * 5


@pytest.mark.parametrize(
    ("y", "best_by", "target", "fitting"),
    [
        (NUMBERS, "accuracy", "a number", "cost, loss, rmse, mae"),
        (NUMBERS, "auc", "a number", "cost, loss, rmse, mae"),
        (ROWS["y"], "rmse", "one of two classes", "cost, loss, accuracy, auc"),
        (THREE, "auc", "one of several classes", "cost, loss, accuracy"),
    ],
)
def test_a_measure_of_another_task_is_refused(
    y: Any, best_by: str, target: str, fitting: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        lw.train(ROWS | {"y": y}, "y", layers="2 relu", best_by=best_by)
    assert str(caught.value) == (
        f"The 'best_by' parameter is {best_by!r}, but the target is {target}. Use one "
        f"of {fitting}."
    )


def test_the_measure_asked_for_is_in_the_model_and_chose_its_epoch() -> None:
    draw = np.random.default_rng(0)
    x = draw.normal(size=200)
    y = np.where(x + draw.normal(size=200) > 0, "a", "b")
    rows = {"x": x, "other": draw.normal(size=200), "y": y}
    asked = {"layers": "8 relu", "epochs": 30, "patience": 0, "learning_rate": 0.03}
    models = {
        name: lw.train(rows, "y", best_by=name.upper(), **asked)
        for name in ("cost", "auc")
    }
    by_auc = models["auc"]
    assert by_auc.facts.regime.best_by == "auc"
    assert by_auc.facts.valid["auc"] == pytest.approx(
        max(by_auc.history["valid_auc"]), abs=1e-6
    )
    assert by_auc.facts.valid["auc"] > models["cost"].facts.valid["auc"]
    assert "valid_auc" not in models["cost"].history.columns


@pytest.mark.parametrize(
    ("options", "refits"),
    [({}, None), ({"patience": 0}, 0), ({"patience": 0, "refits": 2}, 2)],
)
def test_training_beyond_the_best_epoch_asks_for_no_refits(
    options: dict[str, Any], refits: int | None
) -> None:
    assert Settings(**options).asked_refits == refits
