"""The options of training: Python's own numbers, and what goes together."""

import json
from typing import Any

import numpy as np
import pytest

import layerwise as lw
from layerwise.errors import ParameterError
from layerwise.model import Settings
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
        lw.train(rows, "y", valid_fraction=0.09, class_weight={"a": 0})


@pytest.mark.parametrize("weight", ["x", None, -1, float("inf")])
def test_class_weights_are_numbers(weight: Any) -> None:
    with pytest.raises(ParameterError, match="must give weights of at least 0"):
        lw.train(ROWS, "y", class_weight={"a": weight})


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
