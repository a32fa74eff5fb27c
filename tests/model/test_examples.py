"""Rows with known targets, split into those that train and those that check."""

import numpy as np
import pytest

from layerwise.errors import ColumnError, ParameterError, TargetError
from layerwise.model import Settings
from layerwise.model.examples import examples_of
from layerwise.table import read

N = 40
COLUMNS = {
    "day": [f"2024-{1 + i // 28:02d}-{1 + i % 28:02d}" for i in range(N)],
    "shop": [f"shop {i % 5}" for i in range(N)],
    "x": np.arange(N) / 3,
    "y": np.where(np.arange(N) % 4 == 0, "yes", "no"),
}


def examples(target="y", settings=None, **asked):
    options = ("features", "drop", "dates", "task", "valid_by")
    given = [asked.get(option) for option in options]
    return examples_of(read(COLUMNS), target, settings or Settings(), *given)


def test_every_row_is_in_one_part():
    split = examples()
    assert sorted([*split.train, *split.valid]) == list(range(N))
    assert len(split.valid) == 8


def test_classes_are_held_out_in_proportion():
    assert examples().y[examples().valid].sum() == 2


def test_target_is_no_feature():
    assert [reading.name for reading in examples().readings] == ["day", "shop", "x"]


def test_features_and_drop_together():
    split = examples(features=["x", "shop"], drop=["shop"])
    assert [reading.name for reading in split.readings] == ["x"]


def test_last_days_are_held_out():
    assert examples(valid_by="day").valid.tolist() == list(range(32, 40))


def test_whole_groups_are_held_out():
    split = examples(valid_by="shop")
    shops = np.array(COLUMNS["shop"])
    assert not set(shops[split.train]) & set(shops[split.valid])


def test_task_may_be_asked_for():
    split = examples_of(
        read({"x": [1.0, 2.0, 4.0], "y": [0, 1, 0]}),
        "y",
        Settings(valid_fraction=0),
        *(None, None, None, "regression", None),
    )
    assert split.target.task == "regression"
    assert split.y.tolist() == [0.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"target": "z"}, TargetError, "no column 'z' to predict"),
        ({"drop": ["z"]}, ColumnError, "no column 'z'"),
        ({"features": ["y"]}, ColumnError, "'y' is the target"),
        ({"drop": ["y"]}, ColumnError, "'y' is the target"),
        ({"task": "clustering"}, ParameterError, "The task must be one of"),
    ],
)
def test_what_does_not_fit_is_refused(asked, error, message):
    with pytest.raises(error, match=message):
        examples(**asked)
