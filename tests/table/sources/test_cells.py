"""Python values become one column, whatever they are."""

import datetime
import decimal

import polars as pl
import pytest

from layerwise.errors import ReadError
from layerwise.table.sources.cells import from_cells


@pytest.mark.parametrize(
    ("cells", "dtype", "expected"),
    [
        ([1, None, 2], pl.Int64, [1, None, 2]),
        ([1, 2.5, float("nan")], pl.Float64, [1.0, 2.5, None]),
        ([True, None], pl.Boolean, [True, None]),
        ([1, "x"], pl.String, ["1", "x"]),
        ([True, 2], pl.String, ["True", "2"]),
        ([2**130, 1], pl.String, [str(2**130), "1"]),
        ([decimal.Decimal("1.5"), 1], pl.String, ["1.5", "1"]),
        (
            [datetime.date(2024, 1, 2), None],
            pl.Date,
            [datetime.date(2024, 1, 2), None],
        ),
        ([None, None], pl.Null, [None, None]),
    ],
)
def test_mixed_values_become_text_and_others_keep_their_type(cells, dtype, expected):
    series = from_cells("a", cells)
    assert (series.name, series.dtype, series.to_list()) == ("a", dtype, expected)


def test_half_characters_are_refused():
    with pytest.raises(ReadError) as caught:
        from_cells("a", ["x", "\ud800"])
    assert str(caught.value) == (
        "Column 'a' holds half of a two-part character, which is no text."
    )


@pytest.mark.parametrize("cells", [[1, True], [True, 1], [1.5, True], [True, 1.5]])
def test_truth_beside_numbers_is_no_number_in_any_order(cells):
    assert from_cells("a", cells).to_list() == [str(cell) for cell in cells]
