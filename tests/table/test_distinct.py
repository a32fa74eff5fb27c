"""Texts kept once each mean what they mean written out."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwise.table import Table, distinct, learn, look
from layerwise.table.distinct import (
    Spread,
    counts_of,
    counts_once,
    dictionary,
    is_repeated,
    kept_once,
    occurrences,
    spread_once,
    texts_once,
    with_repeats_kept_once,
)
from layerwise.table.distribution import distribution

COLUMNS = [
    ["$9,300.52", "$6,250.65", "$9,300.52", "", None, "$1.00"],
    ["yes", "no", "no", "?", "yes", "yes"],
    ["2024-01-02", "2024-03-04", "2024-01-02", "never", None, "2024-03-04"],
    ["01/02/2024", "03/04/2024", "01/02/2024", "05/06/2024", "01/02/2024", "1/1/24"],
    ["red", " red", "blue", "NA", None, "green"],
    ["1:30:00", "0:45:30", "1:30:00", "0:00:01", "?", "1:30:00"],
    ["far too loud", "we will come again", "fine", "fine", "so so", "no"],
    ["007", "008", "007", "009", "007", "010"],
    ["1", "2", "1", "3", "2", "1"],
    ["", None, "", "?", "NA", ""],
    ["same", "same", "same", "same", "same", "same"],
    ["Male", "male", "Female", "Male", "female", "x"],
]


def both(cells):
    written = pl.Series("x", cells, dtype=pl.String)
    return written, kept_once(written)


def agree(cells):
    results = []
    for series in both(cells):
        table = Table(pl.DataFrame({"x": series, "y": range(len(cells))}))
        readings = look(table)
        schema = learn(table, readings)
        encoded = schema.encode(table)
        results.append((readings, schema, encoded, schema.ledger(table)))
        results[-1] += (distribution(series, readings[0]),)
    written, kept = results
    assert written[0] == kept[0]
    assert written[1] == kept[1]
    for part in ("numbers", "categories", "texts"):
        one, other = (getattr(result[2], part) for result in results)
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    assert written[2].notes == kept[2].notes
    assert written[3].equals(kept[3])
    assert written[4] == kept[4]


@pytest.mark.parametrize("cells", COLUMNS)
def test_a_column_reads_the_same_whether_its_texts_are_kept_once_or_not(cells):
    agree(cells)
    agree(cells * 10)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(sorted({c or "" for column in COLUMNS for c in column})),
        min_size=1,
        max_size=12,
    )
)
def test_any_column_does(cells):
    agree(cells)


def test_a_few_rows_take_their_own_texts_only():
    cells = kept_once(pl.Series([f"text {i}" for i in range(1_000)]))
    texts, places = dictionary(cells.gather([7, 3, 7]))
    assert sorted(texts) == ["text 3", "text 7"]
    assert texts.gather(places).to_list() == ["text 7", "text 3", "text 7"]


def test_texts_of_rows_left_out_are_not_counted():
    cells = kept_once(pl.Series(["a", "b", "c", None]))[1:]
    assert counts_of(cells, lambda texts: texts).rows() == [("b", 1), ("c", 1)]


def test_what_a_data_frame_calls_categorical_is_something_else():
    assert not is_repeated(pl.Series(["a"], dtype=pl.Categorical))
    assert not is_repeated(pl.Series(["a"], dtype=pl.Categorical(pl.Categories("b"))))
    assert not is_repeated(pl.Series(["a"], dtype=pl.Enum(["a"])))


def test_only_texts_that_repeat_are_kept_once(monkeypatch):
    monkeypatch.setattr(distinct, "MANY_ROWS", 100)
    monkeypatch.setattr(distinct, "N_FIRST", 50)
    n = 1_000
    frame = pl.DataFrame(
        {
            "word": ["red", "blue", None, "red"] * (n // 4),
            "name": [f"name {i}" for i in range(n)],
            "late": ["same"] * 100 + [f"name {i}" for i in range(n - 100)],
            "number": range(n),
        }
    )
    found = with_repeats_kept_once(frame)
    assert [is_repeated(cells) for cells in found] == [True, False, False, False]
    assert found.cast({"word": pl.String}).equals(frame)


def test_ends_of_a_spread_leave_missing_ones_out():
    spread = Spread(np.array([1.0, np.nan, 5.0, 9.0]), np.array([0, 1, 2]))
    assert spread.ends() == (1.0, 9.0, True)
    assert spread.used().ends() == (1.0, 5.0, True)
    assert Spread(np.array([[1.0, 2.0]])).of_first().rows().tolist() == [1.0]
    assert np.isnan(Spread(np.empty(0)).ends()[0])


def test_places_are_counted_piece_by_piece(monkeypatch):
    monkeypatch.setattr(distinct, "PIECE", 3)
    places = np.array([0, 2, 2, 1, 0, 2, 2], np.uint32)
    assert occurrences(places, 4).tolist() == [2, 1, 4, 0]


def test_counts_tell_where_each_text_went():
    cells = kept_once(pl.Series(["b ", "a", None, "?", "b", "a"]))[1:]

    def read(texts):
        bare = texts.str.strip_chars()
        return bare.set(bare == "?", None)

    counts, lines = counts_once(cells, read)
    assert counts.rows() == [("a", 2), ("b", 1)]
    texts, _ = dictionary(cells)
    went = dict(zip(texts, lines, strict=True))
    assert (went["a"], went["b"], went["?"]) == (0, 1, None)


def test_texts_that_reading_changes_are_laid_out():
    cells = kept_once(pl.Series(["a", None, "B", "a"]))
    assert texts_once(lambda texts: texts, cells) is cells
    lower = texts_once(lambda texts: texts.str.to_lowercase(), cells)
    assert lower.to_list() == ["a", None, "b", "a"]
    plain = pl.Series(["A"])
    assert texts_once(lambda texts: texts.str.to_lowercase(), plain).to_list() == ["a"]


@pytest.mark.parametrize("alike", [False, True])
def test_counts_stand_in_the_order_of_their_texts_whatever_their_hashes(
    alike, monkeypatch
):
    draw = np.random.default_rng(0)
    cells = [f"{draw.choice(['é', 'a', 'Z', '', ' '])}{n}" for n in range(500)] * 2
    if alike:
        zeros = pl.Series.new_from_index
        monkeypatch.setattr(
            pl.Series, "hash", lambda self: zeros(pl.Series([0]), 0, len(self))
        )
    counts = counts_of(kept_once(pl.Series(draw.permutation(cells))), lambda t: t)
    assert counts["text"].to_list() == sorted(set(cells))
    assert counts["n"].to_list() == [2] * 500


def test_many_texts_are_read_once_in_one_way(monkeypatch):
    monkeypatch.setattr(distinct, "MANY_TEXTS", 3)
    n_read = 0

    def sizes(texts):
        nonlocal n_read
        n_read += len(texts)
        return (texts.str.len_bytes().fill_null(9).to_numpy(),)

    cells = kept_once(pl.Series(["a", "bb", "ccc", "a"]))
    for _ in range(2):
        assert spread_once(sizes, cells, "size")[0].rows().tolist() == [1, 2, 3, 1]
    assert n_read == 3
    # Another way to read, none that is named, few texts, and null are read anew.
    assert spread_once(lambda t: (np.ones(3),), cells, "one")[0].rows().sum() == 4
    assert spread_once(sizes, cells)[0].rows().sum() == 7
    assert spread_once(sizes, cells[:2], "size")[0].rows().tolist() == [1, 2]
    lacking = cells.set(pl.Series([False, True, False, False]), None)
    assert spread_once(sizes, lacking, "size")[0].rows().tolist() == [1, 9, 3, 1]
    assert spread_once(sizes, cells[2:3], "size")[0].rows().tolist() == [3]
    assert n_read == 3 + 3 + 2 + 4 + 1


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from(["$1,005", " $20 ", "NA", "-", "tbd", "soon", "€", "$7", None]),
        max_size=8,
    )
)
def test_what_a_look_read_is_what_the_next_steps_would_read(more):
    # Enough of one word to mean "no value", and of numbers to lose a few cells.
    cells = [*(f"${i}.50" for i in range(300)), *["tbd"] * 30, *more]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distinct, "MANY_TEXTS", 2)
        agree(cells)
