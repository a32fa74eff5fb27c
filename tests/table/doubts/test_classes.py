"""Classes with too few rows."""

import numpy as np

from layerwise.table import Target
from layerwise.table.doubts.classes import class_doubts, lacking_classes

CUTLERY = Target("kind", "multiclass", ("fork", "knife", "sieve", "spoon"))


def sentences(y, n_valid=0, target=CUTLERY):
    y = np.asarray(y)
    train, valid = np.arange(len(y) - n_valid), np.arange(len(y) - n_valid, len(y))
    return [doubt.sentence for doubt in class_doubts(target, y, train, valid)]


def test_a_class_of_few_rows_is_told_once():
    assert sentences(np.repeat([0, 1, 2, 3], [60, 60, 1, 60])) == [
        "The class 'sieve' of 'kind' has 1 training row, too few to learn well. Add "
        "rows of it, or leave it out."
    ]
    assert sentences(np.repeat([0, 1, 2, 3], [60, 9, 5, 60])) == [
        "The classes 'knife', 'sieve' of 'kind' have at most 9 training rows, too few "
        "to learn well. Add rows of them, or leave them out."
    ]
    assert sentences(np.repeat([0, 1, 2, 3], [60, 10, 10, 60])) == []


def test_a_class_that_is_not_held_out_is_told_so_only():
    y = np.concatenate([np.repeat([0, 1, 2, 3], [60, 60, 3, 60]), [0, 1, 3]])
    assert sentences(y, n_valid=3) == [
        "The rows held out lack the class 'sieve', so nothing measures how well it is "
        "learned."
    ]


def test_a_class_that_no_row_trains():
    y = np.concatenate([np.repeat([0, 1, 3], 60), [0, 1, 2, 3]])
    assert sentences(y, n_valid=4) == [
        "The training rows lack the class 'sieve', so it cannot be learned."
    ]


def test_small_tables_and_numbers_are_silent():
    assert sentences([0, 1, 2, 3, 0, 1]) == []
    y, rows = np.array([-2.5, 1e9]), np.arange(2)
    target = Target("price", "regression")
    assert class_doubts(target, y, rows, rows[:0]) == ()
    assert lacking_classes(target, y, rows, rows[:0]) == ()
