"""One column alone against the target, measured on rows held out."""

import numpy as np
import polars as pl
import pytest

from layerwise.table.category import WordRule
from layerwise.table.dates import DateRule
from layerwise.table.doubts.leaks import alone, cell_numbers, missing_alone, trial_of
from layerwise.table.numbers import NumberRule
from layerwise.table.reading import Reading

NUMBER = Reading("x", "number", "")
WORDS = Reading("x", "category", "")


def random(seed):
    return np.random.Generator(np.random.Philox(key=seed))


def trial(y, n_classes=0, valid=0):
    rows = random(5).permutation(len(y))
    return trial_of(np.asarray(y), n_classes, rows[valid:], rows[:valid], 5)


def measured(cells, y, n_classes=0, reading=NUMBER, valid=0):
    tried = trial(y, n_classes, valid)
    return alone(pl.Series(cells)[tried.rows], reading, tried)


def test_held_out_rows_of_the_split_are_used_where_there_are_enough():
    tried = trial(np.arange(3_000.0), valid=600)
    ((train, held),) = tried.parts()
    assert (len(train), len(held)) == (2_400, 600)


def test_else_every_row_is_held_out_once():
    tried = trial(np.arange(203.0), valid=40)
    held = np.concatenate([held for _, held in tried.parts()])
    assert sorted(held) == list(range(203))
    for train, held in tried.parts():
        assert not set(train) & set(held)
        assert len(held) in (40, 41)


def test_a_rare_class_asks_for_every_row():
    y = np.arange(3_000) % 100 == 0
    tried = trial(y.astype(int), 2, valid=600)
    assert sum(len(held) for _, held in tried.parts()) == 3_000


def test_a_large_table_is_sampled_and_keeps_its_rare_class():
    y = (np.arange(100_000) % 1_000 == 0).astype(int)
    tried = trial(y, 2, valid=20_000)
    assert len(tried.rows) == len(set(tried.rows)) == 20_000
    assert tried.y.sum() == 100
    again = trial(y, 2, valid=20_000)
    np.testing.assert_array_equal(tried.rows, again.rows)
    assert len(trial(np.arange(100_000.0)).rows) == 20_000


def test_many_columns_are_measured_on_fewer_rows():
    y, rows = np.arange(50_000.0), np.arange(50_000)
    assert len(trial_of(y, 0, rows, rows[:0], 400).rows) == 5_000
    assert len(trial_of(y, 0, rows, rows[:0], 90_000).rows) == 2_000


def test_nothing_can_be_measured_on_few_rows_or_one_class():
    rows = np.arange(40)
    assert trial_of(np.arange(19.0), 0, rows[:19], rows[:0], 1) is None
    assert trial_of(np.zeros(40, int), 2, rows, rows[:0], 1) is None


@pytest.mark.parametrize(
    "function",
    [np.exp, np.negative, np.arctan, lambda y: np.round(y, 1), lambda y: 3 * y + 1],
)
def test_every_rising_or_falling_function_of_a_number_is_a_leak(function):
    y = random(1).normal(0, 1, 2_000)
    found = measured(function(y), y)
    assert found.measure == "rank correlation"
    assert found.n == 2_000
    assert found.score > 0.995
    assert found.is_leak


def test_noise_alone_tells_nothing():
    y = random(2).normal(0, 1, 2_000)
    found = measured(random(3).normal(0, 1, 2_000), y)
    assert abs(found.score) < 0.1
    assert not found.is_leak


def test_strong_is_not_perfect():
    y = random(4).normal(0, 1, 5_000)
    found = measured(y + random(5).normal(0, 0.25, 5_000), y)
    assert 0.95 < found.score < 0.98
    assert not found.is_leak


def test_what_does_not_rise_is_found_as_well():
    x = random(6).uniform(-1, 1, 2_000)
    assert measured(x, x**2).is_leak


def test_values_of_a_category_are_looked_up():
    r = random(7)
    y = r.integers(0, 3, 600)
    words = np.array(["b", "c", "a"])[y]
    found = measured(words, y, 3, WORDS)
    assert (found.measure, found.score, found.skill > 0.99) == ("accuracy", 1.0, True)
    assert found.guess == pytest.approx(np.bincount(y).max() / 600)
    assert found.is_leak
    never_twice = [f"w{i}" for i in range(600)]
    assert not measured(never_twice, y, 3, WORDS).is_leak


def test_area_under_the_curve_is_that_of_its_definition():
    r = random(8)
    y = r.integers(0, 2, 400)
    x = np.where(r.random(400) < 0.3, y, r.integers(0, 2, 400))
    found = measured(x, y, 2)
    yes, no = x[y == 1], x[y == 0]
    pairs = yes[:, None] - no[None, :]
    auc = ((pairs > 0) + (pairs == 0) / 2).mean()
    # The mean of five folds: each has fewer pairs, the means have about as many.
    assert found.score == pytest.approx(auc, abs=0.01)
    assert found.skill == pytest.approx(2 * found.score - 1)
    assert not found.is_leak


def test_the_flag_of_a_missing_cell_is_asked_for_itself():
    y = np.arange(400) % 2
    x = np.where(y == 1, np.nan, random(9).normal(0, 1, 400))
    tried = trial(y, 2)
    cells = pl.Series(x)[tried.rows]
    assert missing_alone(cells, NUMBER, tried).is_leak
    there = pl.Series(y.astype(float))[tried.rows]
    assert alone(there, NUMBER, tried).is_leak
    assert not missing_alone(there, NUMBER, tried).is_leak


def test_a_few_rows_prove_nothing():
    y = np.arange(24) % 2
    assert measured(y, y, 2).score == 1.0
    assert not measured(y, y, 2).is_leak
    y = np.arange(80) % 2
    assert measured(y, y, 2).is_leak


def test_one_class_held_out_gives_no_measure():
    tried = trial(np.repeat([0, 1], [1_990, 10]), 2)
    tried.fold[:] = np.where(tried.y == 1, -1, 0)
    assert alone(pl.Series(tried.y), NUMBER, tried) is None


def test_a_column_without_cells_tells_nothing():
    y = np.arange(100.0)
    found = measured(np.full(100, np.nan), y)
    assert abs(found.score) < 0.5
    assert not found.is_leak


def test_cells_become_numbers_as_they_were_read():
    price = Reading("price", "number", "", rule=NumberRule(before="$"))
    assert cell_numbers(pl.Series(["$2.50"]), price).tolist() == [2.5]
    day = Reading("day", "date", "", rule=DateRule("year-first"))
    assert cell_numbers(pl.Series(["1970-01-03"]), day).tolist() == [2.0]


def test_a_word_for_no_value_leaks_as_a_missing_cell_does():
    y = np.arange(40) % 2
    trial = trial_of(y, 2, np.arange(40), np.arange(0), 1)
    reading = Reading("a", "category", "", rule=WordRule(("refused",)))
    cells = pl.Series(["refused", "x"] * 20)
    found = missing_alone(cells, reading, trial)
    assert found is not None
    assert found.score == 1.0
