"""How values are spread: every row that has a value is counted once."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwise.table import infer
from layerwise.table.category import WordRule
from layerwise.table.distribution import Bins, Shares, distribution
from layerwise.table.reading import Reading

NUMBER = Reading("x", "number", "")


def spread_of(cells):
    series = pl.Series(cells)
    return distribution(series, infer("x", series))


def test_numbers_are_counted_in_equal_steps():
    assert spread_of([0.5 * i for i in range(25)]) == Bins(0, 12, (2,) * 11 + (3,))
    assert spread_of(["$1,000.50", "$2,000.50", "$1,000.50"]) == (
        Bins(1000.5, 2000.5, (2, *[0] * 10, 1))
    )


def test_whole_numbers_are_counted_in_whole_steps():
    assert spread_of([1, 2, 2, 4]) == Bins(1, 4, (1, 2, 0, 1))
    # steps of 13 / 12 would hold two whole numbers once, and one in the others
    assert spread_of(list(range(14))) == Bins(0, 13, (2,) * 7)
    assert spread_of(list(range(31))) == Bins(0, 30, (3,) * 10 + (1,))


def test_few_values_and_none():
    assert distribution(pl.Series([5.0, None, 5.0]), NUMBER) == Bins(5, 5, (2,))
    assert distribution(pl.Series([2.5, 2.5]), NUMBER) == Bins(2.5, 2.5, (2,))
    nothing = pl.Series([None, None], dtype=pl.Float64)
    assert distribution(nothing, NUMBER) is None
    assert spread_of(["same", "same"]) is None
    assert spread_of(["01/02/2024", "03/04/2024"]) is None  # nobody says the order


def test_dates_are_counted_by_days():
    spread = spread_of(["2024-01-01", "2024-01-02 23:59", "2024-01-02", "?"])
    assert spread == Bins("2024-01-01", "2024-01-02", (1, 2))


def test_categories_are_counted_by_value():
    words = [f"word {i}" for i in range(20) for _ in range(20 - i)]
    spread = spread_of([*words, None, "?"])
    assert spread.values[:2] == ("word 0", "word 1")
    assert (len(spread.values), spread.counts[:2]) == (8, (20, 19))
    assert (spread.n_values, spread.n_present) == (20, 210)


def test_yes_and_no_are_counted():
    spread = spread_of(["f", "t", "t", "", "t"])
    assert (sorted(spread.counts), spread.n_present) == ([1, 3], 4)
    assert isinstance(spread, Shares)


FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.one_of(FLOATS, st.integers(-(2**60), 2**60), st.none())))
def test_every_number_is_counted_once(values):
    series = pl.Series(values, dtype=pl.Float64, strict=False)
    spread = distribution(series, NUMBER)
    present = series.drop_nulls()
    if not len(present):
        assert spread is None
        return
    assert sum(spread.counts) == len(present)
    assert 1 <= len(spread.counts) <= 12
    assert (spread.low, spread.high) == (present.min(), present.max())
    assert spread.counts[0] > 0 < spread.counts[-1]


@pytest.mark.parametrize("seed", [0, 1])
def test_steps_are_those_of_numpy(seed):
    values = np.random.default_rng(seed).normal(size=500)
    counts, _ = np.histogram(values, 12)
    assert distribution(pl.Series(values), NUMBER).counts == tuple(counts)


def test_years_that_no_calendar_holds():
    series = pl.Series([2**55, 2**56]).cast(pl.Datetime("us"))
    reading = infer("x", series)
    assert distribution(series, reading).low.startswith(("3", "day "))


def test_words_that_the_user_calls_missing_are_no_values():
    reading = Reading("x", "category", "", rule=WordRule(("refused",)))
    found = distribution(pl.Series(["a", "refused", "a", "b"]), reading)
    assert found == Shares(("a", "b"), (2, 1), 2, 3)
