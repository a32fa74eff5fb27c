"""What a user should hear about their table."""

import warnings

import numpy as np
import pytest

from layerwise.errors import LayerwiseWarning
from layerwise.model.notes import class_notes, column_notes, warn
from layerwise.table import Target, learn, look, read


def notes_of(columns, train=None):
    table = read(columns)
    readings = look(table)
    return column_notes(readings, learn(table, readings, train))


def test_nothing_to_say():
    assert notes_of({"a": [1, 2, 3]}) == ()


def test_columns_left_out_share_a_sentence_by_kind():
    columns = {
        "x": [1, 2, 3],
        "k": [5, 5, 5],
        "e": ["", "", ""],
        "l": ["gb", "gb", "gb"],
    }
    assert notes_of(columns) == (
        "3 columns are left out: constant 'k', 'l'; empty 'e'.",
    )


def test_column_that_only_the_training_rows_hold_constant():
    columns = {"x": [1, 2, 3], "y": [7, 7, 8]}
    assert notes_of(columns, np.array([0, 1])) == (
        "1 column is left out: constant 'y'.",
    )


def test_undecided_date_has_a_sentence_of_its_own():
    (sentence,) = notes_of({"x": [1, 2], "d": ["01/02/2024", "03/04/2024"]})
    assert sentence.startswith("Column 'd' is left out: its dates can be read with ")


def test_classes_that_rows_do_not_show():
    target = Target("y", "multiclass", ("a", "b", "c"))
    y = np.array([0, 0, 1, 1, 2])
    train, valid = np.array([0, 2, 3]), np.array([1, 4])
    assert class_notes(target, y, train, valid) == (
        "The training rows lack the class 'c', so it cannot be learned.",
        "The rows held out lack the class 'b', so nothing measures how well it is "
        "learned.",
    )
    assert class_notes(target, y, np.arange(5), np.array([], int)) == ()


def test_warning_is_one_with_all_sentences():
    with pytest.warns(LayerwiseWarning, match=r"^A\. B\.$") as caught:
        warn(("A.", "B."))
    assert [one.message.sentences for one in caught] == [("A.", "B.")]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn(())
