"""A typed column means what its texts mean."""

import datetime

import polars as pl
import pytest

from layerwise.table.category import as_text
from layerwise.table.kinds import infer
from layerwise.table.reading import Alternative
from layerwise.table.typed import means_as_text, read_typed


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("x", pl.Series([1, 2, 2, None])),
        ("x", pl.Series([1.5, 2.5, None])),
        ("x", pl.Series([0, 1, 1])),
        ("id", pl.Series([1, 2, 3])),
        ("zip", pl.Series([98122, 98101, 98122])),
        ("zip", pl.Series([98122.0, None, 98122.0])),
        ("isbn", pl.Series([9780306406157, 9783161484100])),
        ("x", pl.Series([20240301, 20231231])),
        ("x", pl.Series([20240301.0, 20231231.0, None])),
        ("x", pl.Series([2**60, 2**60 + 1, 2**60])),
        ("x", pl.Series([True, False, None])),
        ("x", pl.Series([True, None])),
        ("x", pl.Series([True, True])),
        ("x", pl.Series([7, 7])),
        ("x", pl.Series([7.0, None])),
        ("x", pl.Series([datetime.date(2024, 3, 1), datetime.date(2024, 3, 2)])),
        ("x", pl.Series([datetime.datetime(2024, 3, 1, 10), None])),
        ("x", pl.Series([datetime.time(14, 30), datetime.time(9, 5)])),
        ("x", pl.Series([None, None], dtype=pl.Float64)),
    ],
)
def test_the_same_cells_have_one_kind_typed_or_as_text(name, cells):
    typed, text = infer(name, cells), infer(name, as_text(cells))
    assert (typed.kind, typed.n_missing) == (text.kind, text.n_missing)
    assert typed.examples[:2] == text.examples[:2]
    assert typed.alternatives == text.alternatives


def test_durations_are_seconds():
    reading = read_typed("t", pl.Series([datetime.timedelta(1), None]))
    assert (reading.kind, reading.examples) == ("duration", (86400,))


def test_an_order_that_the_data_frame_knows_is_offered():
    cells = pl.Series(["b", "a", "b"], dtype=pl.Enum(["b", "a", "c"]))
    other = Alternative("ordered", "in the data frame's order 'b', 'a'")
    assert read_typed("x", cells).alternatives == (other,)


def test_most_typed_columns_are_taken_at_their_word():
    assert not means_as_text("price", pl.Series([98122, 98101]))
    assert not means_as_text("x", pl.Series([20240301.5, 20231231]))
    assert not means_as_text("zip", pl.Series([True, False]))
