"""Blocks side by side give what one thread gives."""

import numpy as np
import polars as pl
import pytest

from layerwise.table import Table, blocks, learn, look
from layerwise.table.blocks import fill, room, side_by_side
from layerwise.table.distinct import Spread, kept_once
from layerwise.table.encode import TypedNumbers


@pytest.mark.parametrize("many", [1, 10**9])
def test_every_row_is_filled_whatever_the_blocks(many, monkeypatch):
    monkeypatch.setattr(blocks, "MANY_ROWS", many)
    monkeypatch.setattr(blocks, "BLOCK_ROWS", 7)
    values = np.arange(100.0)
    places = np.arange(100) % 3
    array = np.zeros((100, 4))
    parts = [
        (array[:, :1], Spread(values)),
        (array[:, 1:3], Spread(np.array([[0, 1], [2, 3], [4, 5]]), places)),
        (array[:, 3:], TypedNumbers(pl.Series([*range(99), None]))),
    ]
    fill(parts, 100)
    np.testing.assert_array_equal(array[:, 0], values)
    np.testing.assert_array_equal(array[:, 1], 2 * places)
    np.testing.assert_array_equal(array[:, 2], 2 * places + 1)
    np.testing.assert_array_equal(array[:, 3], [*range(99), np.nan])


@pytest.mark.parametrize("many", [1, 10**9])
def test_results_stand_in_order_and_the_first_error_is_raised(many, monkeypatch):
    monkeypatch.setattr(blocks, "MANY_ROWS", many)
    assert side_by_side(abs, range(-9, 0), n_rows=100) == list(range(9, 0, -1))
    with pytest.raises(ValueError, match="'b'"):
        side_by_side(int, ["1", "b", "2", "c"], n_rows=100)


def test_large_room_is_an_array_like_any_other(monkeypatch):
    monkeypatch.setattr(blocks, "MANY_BYTES", 1)
    array = room((1_000, 3), np.float64)
    assert array.shape == (1_000, 3)
    assert array.flags.writeable
    assert array.flags.c_contiguous
    array[:] = 2.0
    assert array.sum() == 6_000


@pytest.mark.parametrize(
    "cells",
    [
        pl.Series([1, None, 3] * 50),
        pl.Series([1.5, np.nan, None] * 50),
        pl.Series([2**60, 5, 2] * 50),
        pl.Series([1.5, 2.0, 2.0] * 50, dtype=pl.Float32),
        kept_once(pl.Series(["$1.50", None, "$3"] * 50)),
        kept_once(pl.Series(["2024-01-02", "2023-05-06", None] * 50)),
        kept_once(pl.Series(["red", "blue", "red"] * 50)),
        pl.Series(["good", "bad, very bad", "fine"] * 50),
    ],
)
def test_a_large_table_is_read_as_a_small_one_is(cells, monkeypatch):
    table = Table(pl.DataFrame({"x": cells, "y": range(len(cells))}))
    results = []
    for many in (10**9, 1):
        monkeypatch.setattr(blocks, "MANY_ROWS", many)
        monkeypatch.setattr(blocks, "BLOCK_ROWS", many)
        readings = look(table)
        schema = learn(table, readings)
        encoded = schema.encode(table)
        results.append((readings, schema, encoded))
    one, other = results
    assert one[:2] == other[:2]
    np.testing.assert_array_equal(one[2].numbers, other[2].numbers)
    np.testing.assert_array_equal(one[2].categories, other[2].categories)
    np.testing.assert_array_equal(one[2].texts, other[2].texts)
