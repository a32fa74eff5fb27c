"""Rows that repeat others are counted, those that chance repeats are not."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from layerwise.table import Target
from layerwise.table.doubts.repeats import Repeats, find_repeats, repeat_doubts

NOTHING = np.arange(0)


def counted(columns, y, train=None, valid=NOTHING):
    frame = pl.DataFrame(columns)
    train = np.arange(frame.height) if train is None else train
    return find_repeats(frame, np.asarray(y), train, valid)


def test_repeats_are_counted_within_and_across():
    columns = {"a": [1.5, 2.5, 1.5, 1.5, 9.5], "b": ["x", "y", "x", "x", None]}
    found = counted(columns, [0, 0, 0, 1, 0], np.array([0, 1]), np.array([2, 3, 4]))
    assert found == Repeats(n_repeated=1, n_seen=2, n_contradicting=3)


def test_missing_cells_are_equal_to_each_other():
    columns = {"a": [None, None, 3.5, 4.5], "b": ["x", "x", "x", "y"]}
    assert counted(columns, [7.0, 7.0, 7.0, 8.0]).n_repeated == 1


def test_rows_of_one_column_or_none_may_repeat():
    assert counted({"a": [1, 1, 1]}, [0, 0, 0]) == Repeats()
    assert counted({}, [0, 0, 0], np.arange(3)) == Repeats()


def test_answers_of_few_questions_repeat_by_chance():
    r = np.random.Generator(np.random.Philox(key=1))
    columns = {name: r.integers(0, 2, 500) for name in "abcde"}
    assert counted(columns, np.zeros(500)) == Repeats()


def test_columns_of_any_type_are_compared():
    columns = {
        "o": pl.Series([{1}, {1}, {2}], dtype=pl.Object),
        "l": [[1, 2], [1, 2], [3]],
        "b": [b"x", b"x", b"y"],
    }
    assert counted(columns, [1, 1, 1]).n_repeated == 1


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from("ab"), st.integers(0, 1)),
        min_size=2,
        max_size=30,
    ),
    st.data(),
)
def test_counts_are_those_of_a_slow_count(rows, data):
    a, b, y = (list(cells) for cells in zip(*rows, strict=True))
    n = len(rows)
    n_valid = data.draw(st.integers(0, n - 1))
    train, valid = np.arange(n - n_valid), np.arange(n - n_valid, n)
    found = counted({"a": a, "b": b}, y, train, valid)
    if found == Repeats():  # chance explains them, or there are none
        return
    inputs = list(zip(a, b, strict=True))
    known = set(inputs[: n - n_valid])
    assert found == Repeats(
        n - len(set(rows)),
        sum(one in known for one in inputs[n - n_valid :]),
        sum(
            len({y for *other, y in rows if tuple(other) == one}) > 1 for one in inputs
        ),
    )


def test_sentences():
    frame = pl.DataFrame({"a": np.arange(30) % 20 + 0.5, "b": np.arange(30) % 20})
    y = np.r_[0:20, 0:10] % 2
    y[25:] = 1 - y[25:]
    target = Target("left", "binary", ("no", "yes"))
    found = repeat_doubts(frame, target, y, np.arange(20), np.arange(20, 30))
    assert [doubt.sentence for doubt in found] == [
        "10 of 10 rows held out have the inputs of a training row, so their score also "
        "tells what was remembered. Take repeated rows out of the table, or hold out "
        "whole groups with --valid-by COLUMN.",
        "5 of 30 rows repeat an earlier row, target included. Keep one of each, unless "
        "they are different cases that look the same.",
        "10 of 30 rows have the inputs of another row and another 'left', so no "
        "network is right about all of them. Add a column that tells them apart.",
    ]


def test_one_row_in_a_hundred_is_not_worth_a_sentence():
    n = 400
    frame = pl.DataFrame({"a": np.arange(n) * 1.5, "b": np.arange(n)})
    twice = frame[[*range(n), 0, 1, 2, 3]]
    y, rows = np.zeros(n + 4), np.arange(n + 4)
    target = Target("y", "regression")
    assert list(repeat_doubts(twice, target, y, rows, NOTHING)) == []
    twice = frame[[*range(n), *range(5)]]
    y, rows = np.zeros(n + 5), np.arange(n + 5)
    (doubt,) = repeat_doubts(twice, target, y, rows, NOTHING)
    assert doubt.evidence == (("repeated", 5), ("rows", 405))
