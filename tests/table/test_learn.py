"""Training rows alone teach vocabularies and missing cells."""

import numpy as np
import polars as pl
import pytest

from layerwise.table.kinds import infer
from layerwise.table.learn import learn_column


def _learn(cells: list, one_hot_only: bool = False):
    series = pl.Series(cells)
    return learn_column(infer("x", series), series, one_hot_only)


def test_vocabulary_is_by_frequency_then_by_name():
    assert _learn(["b", "c", "a", "c", "a", "b", "c"]).vocabulary == ("c", "a", "b")


def test_many_values_get_an_embedding_unless_the_network_is_linear():
    cells = [f"v{i:02}" for i in range(17)] * 4
    assert _learn(cells).encoding == "embedding"
    assert _learn(cells, one_hot_only=True).encoding == "one-hot"
    assert _learn(cells[:16] * 4).encoding == "one-hot"


def test_the_entry_for_missing_cells_counts_too():
    cells = [f"v{i:02}" for i in range(16)] * 4 + [None]
    assert _learn(cells).encoding == "embedding"


def test_of_many_values_those_seen_once_are_others():
    cells = [f"v{i:02}" for i in range(20)] * 5 + ["rare"]
    assert len(_learn(cells).vocabulary) == 20
    assert "rare" in _learn(["a", "a", "b", "rare"]).vocabulary


def test_the_vocabulary_is_capped():
    cells = [f"town {i}" for i in range(10_050)] * 4
    assert len(_learn(cells).vocabulary) == 10_000


def test_one_value_in_training_leaves_a_column_out():
    for cells in (["a", "b", "a"], [1.0, 2.0, 1.0], ["2024-01-01", "2024-01-02"] * 2):
        series = pl.Series(cells)
        column = learn_column(infer("x", series), series[[0, 2]], False)
        assert (column.kind, column.encoding) == ("constant", "left out")
        assert column.why == "the training rows hold one value only"


def test_one_value_beside_missing_cells_is_learned():
    assert _learn(["X", None, None]).units == ("x=X", "x is missing", "x=other")
    assert _learn([1.0, None, 1.0]).units == ("x", "x is missing")


def test_a_weight_is_worth_that_many_cells():
    """Ten values twice by repetition or by weight: the same vocabulary."""
    often = [f"v{i:02}" for i in range(10)] * 10
    rare = [f"w{i:02}" for i in range(10)]
    repeated = pl.Series(often + rare + rare)
    weighted = pl.Series(often + rare)
    weights = np.array([1.0] * len(often) + [2.0] * len(rare))
    reading = infer("x", repeated)
    by_weight = learn_column(reading, weighted, False, weights)
    assert by_weight == learn_column(reading, repeated, False)
    assert len(by_weight.vocabulary) == 20


def test_one_hot_has_a_unit_for_others_where_training_can_train_it():
    few, many = ["a", "a", "b"], [f"v{i:02}" for i in range(20)] * 5
    assert _learn(few).has_other
    assert not _learn(few, one_hot_only=True).has_other
    # An embedding has a row for them instead.
    assert not _learn(many).has_other
    assert not _learn(many, one_hot_only=True).has_other
    assert _learn([*many, "rare"], one_hot_only=True).has_other


def test_numbers_and_dates_know_their_range():
    def range_of(cells):
        column = _learn(cells)
        return column.least, column.most

    assert range_of([3.0, None, -1.5]) == (-1.5, 3.0)
    assert range_of(["$2", "$1,000"]) == (2, 1000)
    assert range_of(["1970-01-02", "1970-01-05"]) == (1, 4)
    for cells in (["yes", "no"], ["a", "b", "a"], ["a b", "c d", "e f"]):
        assert range_of(cells) == (None, None)


def test_texts_are_hashed_unless_one_is_all_there_is():
    texts = [f"flat {i} by the lake" for i in range(40)]
    assert _learn(texts).encoding == "hashed"
    assert len(_learn(texts).units) == 32
    assert _learn([*texts, None]).units[-1] == "x is missing"
    series = pl.Series(texts)
    column = learn_column(infer("x", series), series[[0, 0]], False)
    assert (column.kind, column.encoding) == ("constant", "left out")


def test_lists_are_no_texts():
    cells = pl.Series([[1], [2, 3], None])
    assert learn_column(infer("x", cells), cells, False).encoding == "left out"


@pytest.mark.parametrize("seed", range(5))
def test_words_of_equal_weight_stand_in_the_order_of_their_names(seed):
    weights = np.random.default_rng(seed).random(100_000)
    cells = pl.Series(["b"] * len(weights) + ["a"] * len(weights))
    reading = infer("x", cells)
    column = learn_column(reading, cells, False, np.tile(weights, 2))
    assert column.vocabulary == ("a", "b")


def test_a_missing_cell_has_a_weight_too():
    cells = pl.Series(["a", None, "b", "a"])
    column = learn_column(infer("x", cells), cells, False, np.array([1.0, 2.0, 5.0, 1]))
    assert (column.vocabulary, column.has_missing) == (("b", "a"), True)
