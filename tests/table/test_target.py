"""What a target asks for, and which cells it refuses."""

import json

import numpy as np
import polars as pl
import pytest

from layerwise.errors import BundleError, ParameterError, TargetError
from layerwise.plain import from_plain, to_plain
from layerwise.table.read import read
from layerwise.table.target import Target, infer_target, target_column


@pytest.mark.parametrize(
    ("cells", "task", "classes"),
    [
        (["no", "yes", "no"], "binary", ("no", "yes")),
        (["Yes", "No", "no", "no"], "binary", ("no", "Yes")),
        (["True", "False"], "binary", ("False", "True")),
        (["t", "f", "f"], "binary", ("f", "t")),
        ([True, False], "binary", ("false", "true")),
        (["0", "1", "1"], "binary", ("0", "1")),
        ([0.0, 1.0], "binary", ("0", "1")),
        ([10, 9], "binary", ("9", "10")),
        (["b", "a", "a", "b"], "binary", ("a", "b")),
        (["b", "a", "c"] * 2, "multiclass", ("a", "b", "c")),
        ([10, 9, 11] * 5, "multiclass", ("9", "10", "11")),
        (["1.0", "2.0", "3.0"] * 5, "multiclass", ("1", "2", "3")),
        ([10, 9, 11] * 4, "regression", ()),
        (list(range(31)) * 9, "regression", ()),
        ([0.5, 1.5, 0.5], "regression", ()),
        (["$1.50", "$2"], "regression", ()),
        ([f"{i}%" for i in range(50)], "regression", ()),
        (["00501", "10001"] * 2, "binary", ("00501", "10001")),
    ],
)
def test_the_task_follows_the_cells(cells, task, classes):
    target = infer_target("y", pl.Series(cells))
    assert (target.task, target.classes) == (task, classes)
    encoded = target.encode(pl.Series(cells))
    assert encoded.dtype == (np.float64 if task == "regression" else np.int32)
    assert len(encoded) == len(cells)
    if classes:
        assert set(encoded.tolist()) == set(range(len(classes)))


def test_the_user_may_know_better():
    assert infer_target("y", pl.Series([0, 1]), "regression").task == "regression"
    assert infer_target("y", pl.Series([0, 1]), "multiclass").classes == ("0", "1")
    assert infer_target("y", pl.Series([0.5, 1.5, 2.0]), "multiclass").classes == (
        *("0.5", "1.5", "2"),
    )
    assert infer_target("y", pl.Series([5.0, 5.0]), "regression").task == "regression"
    assert infer_target("y", pl.Series(list("abc")), "multiclass").task == "multiclass"


def test_dressed_numbers_are_read():
    target = infer_target("price", pl.Series(["$1,250.50", "$2"]))
    assert target.encode(pl.Series(["$1,250.50", "$2"])).tolist() == [1250.5, 2]
    assert target.encode(pl.Series([1250.5, 2.0])).tolist() == [1250.5, 2]


@pytest.mark.parametrize(
    "cells", [["no", "YES"], ["f", "t"], ["0", "1"], [False, True], [0, 1], [0.0, 1.0]]
)
def test_yes_is_one_whatever_its_word(cells):
    target = infer_target("y", pl.Series(["no", "yes"]))
    assert target.encode(pl.Series(cells)).tolist() == [0, 1]


@pytest.mark.parametrize("cells", [["3", "1"], [3, 1], [3.0, 1.0], ["3.0", "1"]])
def test_classes_are_the_same_whatever_their_type(cells):
    target = infer_target("y", pl.Series([1, 2, 3] * 5))
    assert target.encode(pl.Series(cells)).tolist() == [2, 0]


@pytest.mark.parametrize(
    ("cells", "task", "message"),
    [
        ([None, ""], None, "The target 'y' is missing in every row."),
        (
            ["2024-01-01", "2024-01-02"],
            None,
            "The target 'y' holds dates, which layerwise cannot predict. Turn them "
            "into a number first, such as the days until then.",
        ),
        (
            ["1h 30m", "2h 15m", "45m", "3h"],
            None,
            "The target 'y' holds durations such as '1h 30m', which layerwise cannot "
            "predict. Turn them into a number first, such as minutes.",
        ),
        (
            ["a", "a"],
            None,
            "The target 'y' has one class only, 'a': there is nothing to tell apart.",
        ),
        (
            ["5", "5"],
            None,
            "The target 'y' has one class only, '5': there is nothing to tell apart.",
        ),
        (
            ["yes", "yes"],
            "binary",
            "The target 'y' has one class only, 'yes': there is nothing to tell apart.",
        ),
        (
            list("abcdef"),
            None,
            "The target 'y' holds text: 6 different values in 6 rows are too many to "
            "be classes. Name another target.",
        ),
        (
            ["a", "b"],
            "regression",
            "The target 'y' holds words such as 'a', and a regression needs numbers. "
            "Leave the task open, or name another target.",
        ),
        (
            ["a", "b", "c"],
            "binary",
            "The target 'y' has 3 classes, 'a', 'b', 'c', and the task 'binary' needs "
            "two. Use the task 'multiclass'.",
        ),
    ],
)
def test_targets_that_cannot_be_learned_are_refused(cells, task, message):
    with pytest.raises(TargetError) as caught:
        infer_target("y", pl.Series(cells, dtype=pl.String), task)
    assert str(caught.value) == message


def test_an_unknown_task_is_refused():
    with pytest.raises(ParameterError) as caught:
        infer_target("y", pl.Series([1, 2]), "ranking")
    assert str(caught.value) == (
        "The task must be one of 'regression', 'binary', 'multiclass'. Got 'ranking' "
        "instead."
    )


@pytest.mark.parametrize(
    ("target", "cells", "message"),
    [
        (
            Target("y", "regression"),
            ["1", "", None],
            "The target 'y' is missing in 2 of 3 rows; the first is row 1. Fill these "
            "cells, or leave the rows out.",
        ),
        (
            Target("y", "regression"),
            ["1", "on request"],
            "The target 'y' holds 'on request' in row 1, which is no number. Correct "
            "the cell, or leave the row out.",
        ),
        (
            Target("y", "regression"),
            ["1", "inf", "-inf"],
            "The target 'y' holds 'inf' in row 1 (and 1 more), which is not finite. "
            "Correct the cell, or leave the row out.",
        ),
        (
            Target("y", "binary", ("a", "b")),
            ["a", None],
            "The target 'y' is missing in 1 of 2 rows; the first is row 1. Fill these "
            "cells, or leave the rows out.",
        ),
        (
            Target("y", "binary", ("a", "b")),
            ["c", "a"],
            "The target 'y' holds 'c' in row 0, which is none of the classes 'a', 'b'. "
            "Correct the cell, or leave the row out.",
        ),
        (
            Target("y", "binary", ("no", "yes")),
            ["perhaps"],
            "The target 'y' holds 'perhaps' in row 0, which is neither yes nor no. "
            "Correct the cell, or leave the row out.",
        ),
    ],
)
def test_cells_that_cannot_be_encoded_are_refused(target, cells, message):
    with pytest.raises(TargetError) as caught:
        target.encode(pl.Series(cells, dtype=pl.String))
    assert str(caught.value) == message


def test_a_misspelled_target_is_refused():
    with pytest.raises(TargetError) as caught:
        target_column(read({"price": [1], "size": [2]}), "prize")
    assert str(caught.value) == (
        "The table has no column 'prize' to predict. It has 'price', 'size'. Did you "
        "mean 'price'?"
    )


@pytest.mark.parametrize(
    "cells", [[1.5, 2.5], ["$1", "$2.5"], ["a", "b"], ["x", "y", "z"] * 2]
)
def test_through_json_and_back_is_the_identity(cells):
    target = infer_target("y", pl.Series(cells))
    assert from_plain(Target, json.loads(json.dumps(to_plain(target)))) == target


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"task": "rank"},
         "t/task: expected one of 'regression', 'binary', 'multiclass', found 'rank'."),
        ({"classes": []},
         "t: The target 'y' is 'binary', which takes 2 different classes. Got none."),
        ({"classes": ["a", "a"]},
         "t: The target 'y' is 'binary', which takes 2 different classes. Got 'a', "
         "'a'."),
        ({"task": "regression"},
         "t: The target 'y' is 'regression', which takes 0 different classes. Got 'a', "
         "'b'."),
        ({"task": "multiclass", "classes": ["a"]},
         "t: The target 'y' is 'multiclass', which takes 2 to 10,000 different "
         "classes. Got 'a'."),
        ({"rule": {"order": "named", "has_time": False}},
         "t/rule: it has unknown keys: 'has_time', 'order'."),
    ],
)  # fmt: skip
def test_foreign_targets_are_refused(changes, message):
    data = to_plain(Target("y", "binary", ("a", "b"))) | changes
    with pytest.raises(BundleError) as caught:
        from_plain(Target, data, "t")
    assert str(caught.value) == message


def test_two_classes_are_read_in_all_their_spellings():
    cells = pl.Series(["N", "N", "no", "yes", "yes", "Y"])
    target = infer_target("y", cells)
    assert target.classes == ("N", "yes")
    assert target.encode(cells).tolist() == [0, 0, 0, 1, 1, 1]
