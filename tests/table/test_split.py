"""A split keeps every row once, and the same seed gives the same split."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwise.errors import ParameterError
from layerwise.table.split import folds, split


@given(
    n=st.integers(1, 60),
    fraction=st.floats(0, 0.95),
    seed=st.integers(0, 2**64),
    way=st.sampled_from(["row", "labels", "groups", "order"]),
    data=st.data(),
)
def test_split_keeps_every_row_once(n, fraction, seed, way, data):
    ways = {}
    if way != "row":
        cells = st.lists(st.integers(0, 3), min_size=n, max_size=n)
        ways[way] = np.array(data.draw(cells))
        if way != "labels" and len(np.unique(ways[way])) < 2:
            ways = {}
    train, valid = split(n, fraction, seed, **ways)
    np.testing.assert_array_equal(np.sort(np.concatenate([train, valid])), np.arange(n))
    again = split(n, fraction, seed, **ways)
    np.testing.assert_array_equal(train, again[0])
    np.testing.assert_array_equal(valid, again[1])
    assert train.dtype == valid.dtype == np.int64
    assert (np.diff(train) > 0).all()
    assert (np.diff(valid) > 0).all()
    assert len(train) >= 1
    if way == "labels" and ways:
        assert set(ways[way][train]) == set(ways[way])
    elif fraction > 0 and n >= 2:
        assert len(valid) >= 1
    if way == "groups" and ways:
        assert not set(ways[way][train]) & set(ways[way][valid])
    if way == "order" and ways and len(valid):
        assert ways[way][train].max() < ways[way][valid].min()


def test_the_draw_is_fixed_for_all_machines():
    # The output of Philox is fixed by its definition: these rows may never change.
    assert split(10, 0.3, seed=0)[1].tolist() == [0, 2, 9]


def test_seeds_differ():
    splits = {tuple(split(100, 0.2, seed)[1]) for seed in range(20)}
    assert len(splits) == 20


def test_shares_of_classes_are_kept():
    labels = np.repeat([0, 1, 2], [700, 200, 100])
    train, valid = split(1000, 0.2, 0, labels=labels)
    assert np.bincount(labels[valid]).tolist() == [140, 40, 20]
    assert len(train) == 800


def test_a_class_with_one_member_trains():
    labels = np.array([0] * 20 + [1])
    for seed in range(20):
        assert 20 in split(21, 0.5, seed, labels=labels)[0]


def test_text_labels_and_groups_work():
    words = np.array(["a", "b"] * 5)
    assert len(split(10, 0.2, 0, labels=words)[1]) == 2
    train, valid = split(10, 0.5, 0, groups=words)
    assert {len(train), len(valid)} == {5}


def test_the_last_by_order_validate_with_their_ties():
    order = np.array([1, 3, 2, 3, 1, 3])
    assert split(6, 0.2, 0, order=order)[1].tolist() == [1, 3, 5]
    assert split(6, 0.9, 0, order=order)[0].tolist() == [0, 4]


def test_fraction_zero_leaves_nothing_to_validate():
    train, valid = split(5, 0, 0)
    assert train.tolist() == [0, 1, 2, 3, 4]
    assert valid.tolist() == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"fraction": 1.0},
            "The 'valid_fraction' parameter must be a float in the range [0.0, 1.0). "
            "Got 1.0 instead.",
        ),
        (
            {"seed": -1},
            "The 'seed' parameter must be an int in the range [0, 2**128). Got -1 "
            "instead.",
        ),
        (
            {"labels": np.zeros(3)},
            "The 'labels' parameter must hold one value for each of the 4 rows. Got "
            "shape (3,) instead.",
        ),
        (
            {"groups": np.arange(4), "order": np.arange(4)},
            "Rows are split by groups or by an order, not by both.",
        ),
        (
            {"groups": np.zeros(4)},
            "The rows cannot be split by groups: there is one group only.",
        ),
        (
            {"order": np.zeros(4)},
            "The rows cannot be split by an order in which all of them are equal.",
        ),
    ],
)
def test_what_cannot_be_split_is_refused(arguments, message):
    with pytest.raises(ParameterError) as caught:
        split(**{"n": 4, "fraction": 0.5, "seed": 0} | arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize("n_folds", [2, 3, 5, 10])
@pytest.mark.parametrize("has_labels", [False, True])
def test_folds_hold_each_row_out_once_and_train_on_all(n_folds, has_labels):
    for n in range(2 * n_folds, 130):
        labels = np.arange(n) % 7 // 3 if has_labels else None
        train, valid = split(n, 1 / n_folds, n, labels)
        found = folds(train, valid, n_folds, n, labels)
        assert np.array_equal(found[0][0], train)
        assert np.array_equal(found[0][1], valid)
        for own, held_out in found:
            assert not np.isin(own, held_out).any()
            assert np.array_equal(own, np.unique(own))
        out = np.concatenate([held_out for _, held_out in found])
        assert len(np.unique(out)) == len(out)
        if labels is None:
            assert n - len(out) <= n_folds / 2
        # none but the fold that holds it out, and at most one other, is without a row
        seen = np.bincount(np.concatenate([own for own, _ in found]), minlength=n)
        if len(found) == n_folds:
            assert seen.min() >= max(n_folds - 2, 1)
        if n_folds > 2 and labels is None:
            assert len({len(own) for own, _ in found}) == 1


def test_a_rare_class_trains_in_every_fold():
    for n in (102, 103, 104, 105, 106):
        labels = np.zeros(n, np.int64)
        labels[-1] = 1  # the very last row
        labels[[3, 50, 51]] = 2
        train, valid = split(n, 0.2, 0, labels)
        for own, _ in folds(train, valid, 5, 0, labels):
            assert set(labels[own]) == {0, 1, 2}


def test_more_folds_than_rows_are_refused():
    with pytest.raises(ParameterError, match="at most 4 for 3 training rows. Got 5"):
        folds(np.arange(3), np.arange(3, 4), 5, 0, None)
