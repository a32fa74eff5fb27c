"""Numbers that may stand for nothing, and columns of almost one number."""

import polars as pl
import pytest

from layerwise.table.sentinels import near_constant, sentinels

SAME = "199 of 200 cells hold the same number, 0"
TEMPERATURES = [21.5, 19.2, 22.8, 20.1]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([*TEMPERATURES, -999.0, -999.0], ["-999 occurs 2 times"]),
        (
            [*TEMPERATURES, 9999.0, 9999.0, -999.0, -999.0],
            ["9999 occurs 2 times", "-999 occurs 2 times"],
        ),
        ([*TEMPERATURES, -1.0, -1.0], ["-1 occurs 2 times"]),
        ([*TEMPERATURES, 99999.0, 99999.0], ["99999 occurs 2 times"]),
        ([*TEMPERATURES, -999.0], []),
        ([*TEMPERATURES, -998.0, -998.0], []),
        ([0.0, 50.0, -1.0, -1.0], []),
        ([-1.0, -1.0, *map(float, range(18, 81, 3))], ["-1 occurs 2 times"]),
        ([-1.0, -1.0, *map(float, range(1, 81))], []),
        ([*map(float, range(990, 999)), 999.0, 999.0], []),
        ([-1.0, -1.0, *(x / 2 for x in range(2, 81))], ["-1 occurs 2 times"]),
        ([-999.0, -999.0], []),
        ([5.0, 5.0, 9999.0, 9999.0], ["9999 occurs 2 times"]),
        ([], []),
    ],
)
def test_a_sentinel_stands_far_from_the_rest_and_repeats(numbers, said):
    found = sentinels(pl.Series(numbers, dtype=pl.Float64))
    assert found == [
        f"{sentence}, far from all other numbers: if it means no value, name it under "
        "'missing' in a reading file"
        for sentence in said
    ]


@pytest.mark.parametrize("cell", ["inf", "-inf"])
def test_infinite_numbers_are_said(cell):
    assert sentinels(pl.Series([1.5, float(cell)])) == ["1 cell is infinitely large"]
    assert sentinels(pl.Series([1.5, float(cell), float(cell)])) == [
        "2 cells are infinitely large"
    ]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([0.0] * 199 + [7.0], [SAME]),
        ([7.0] + [0.5] * 199, ["199 of 200 cells hold the same number, 0.5"]),
        ([7.0, 8.0] + [0.0] * 198, []),
        ([0.0] * 198 + [7.0], []),
        ([*[None] * 300, 7.0, *[0.0] * 199], [SAME]),
        ([None] * 300, []),
    ],
)  # fmt: skip
def test_almost_one_number_is_said_of_many_rows(numbers, said):
    for order in (numbers, numbers[::-1]):
        assert near_constant(pl.Series(order, dtype=pl.Float64)) == said
