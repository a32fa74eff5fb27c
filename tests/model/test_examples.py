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
        ({"valid_by": 3}, ParameterError, "must be the name of a column"),
        ({"task": "clustering"}, ParameterError, "The task must be one of"),
    ],
)
def test_what_does_not_fit_is_refused(asked, error, message):
    with pytest.raises(error, match=message):
        examples(**asked)


def days_of(n, missing=()):
    return [
        None if i in missing else f"2024-{1 + i // 28:02d}-{1 + i % 28:02d}"
        for i in range(n)
    ]


def held_out(columns, by):
    given = (None, None, None, None, by)
    return examples_of(read({"y": COLUMNS["y"], **columns}), "y", Settings(), *given)


def test_rows_without_a_date_train_and_are_told():
    split = held_out({"day": days_of(N, missing=range(5))}, "day")
    assert split.valid.tolist() == list(range(32, 40))
    assert split.notes == ("Column 'day' misses 5 cells: a row without one trains.",)


@pytest.mark.parametrize("name", ["id", "x"])
@pytest.mark.parametrize("cells", [np.arange(N), [str(2**53 + i) for i in range(N)]])
def test_last_numbers_are_held_out_whatever_they_are_called(name, cells):
    cells = [int(cell) for cell in cells]
    assert held_out({name: cells}, name).valid.tolist() == list(range(32, 40))


def test_undecided_dates_give_no_order():
    columns = {"d": [f"{1 + i % 9:02d}/{1 + i % 7:02d}/2024" for i in range(N)]}
    with pytest.raises(ColumnError, match="Say which with --dates"):
        held_out(columns, "d")
