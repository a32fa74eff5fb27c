"""Every data frame becomes the same Polars columns."""

import datetime

import numpy as np
import pandas as pd
import polars as pl
import pytest

from layerwise.errors import ReadError
from layerwise.table.sources.frames import from_array, from_columns, from_frame


def test_pandas_columns_keep_their_types():
    frame = from_frame(
        pd.DataFrame(
            {
                "float": [1.5, np.nan],
                "int": [1, 2],
                "nullable": pd.array([1, None], dtype="Int64"),
                "bool": [True, False],
                "maybe": pd.array([True, None], dtype="boolean"),
                "text": ["a", None],
                "category": pd.Categorical(["a", None]),
                "moment": pd.to_datetime(["2024-01-01", None]),
                "span": pd.to_timedelta([1, 2], unit="h"),
                "mixed": [1, "a"],
                "period": pd.period_range("2020", periods=2, freq="M"),
                7: [1, 2],
            }
        )
    )
    assert frame.columns[-1] == "7"
    assert frame.select(pl.exclude("float")).row(1) == (
        *(2, None, False, None, None, None, None),
        *(datetime.timedelta(hours=2), "a", "2020-02", 2),
    )
    assert [dtype.is_numeric() for dtype in frame.dtypes[:3]] == [True] * 3
    assert frame["float"].is_nan().to_list() == [False, True]
    assert frame["category"].dtype == pl.Categorical
    assert frame["mixed"].to_list() == ["1", "a"]


def test_polars_and_arrow_come_through_unchanged():
    frame = pl.DataFrame({"a": [1, None], "b": ["x", "y"]})
    assert from_frame(frame).equals(frame)
    assert from_frame(frame.lazy()).equals(frame)
    assert from_frame(frame.to_arrow()).equals(frame)


def test_what_is_no_frame_is_none():
    assert from_frame([1, 2]) is None


def test_arrays_name_their_columns_by_position():
    frame = from_array(np.array([[1.0, 2.0], [3.0, 4.0]], order="F"))
    assert frame.rows() == [(1.0, 2.0), (3.0, 4.0)]
    assert frame.columns == ["x0", "x1"]
    assert from_columns({"x": [1, 2.5, None]})["x"].to_list() == [1.0, 2.5, None]
    mixed = from_array(np.array([[1, "a"], [2, None]], dtype=object))
    assert mixed.rows() == [(1, "a"), (2, None)]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: from_array(np.zeros(3)),
            "An array must have 2 dimensions, rows and columns. This one has shape "
            "(3,).",
        ),
        (
            lambda: from_array(np.zeros((1, 1), complex)),
            "An array of complex numbers is no table.",
        ),
        (
            lambda: from_columns({"a": [1, 2], "b": [1]}),
            "The columns differ in their numbers of rows: 'a' has 2, 'b' has 1.",
        ),
        (
            lambda: from_frame(pd.DataFrame([[1, 2]], columns=["a", "a"])),
            "The data frame has two columns of one name.",
        ),
        (
            lambda: from_frame(pd.DataFrame({1: [1], "1": [2]})),
            "The data frame has two columns of one name, such as 1 and '1'.",
        ),
    ],
)
def test_what_is_no_table_is_refused(make, message):
    with pytest.raises(ReadError) as caught:
        make()
    assert str(caught.value) == message


def test_numbers_of_numpy_in_a_list_are_values():
    cells = [np.float64(1.5), None, np.float64("nan"), np.int64(2)]
    assert from_columns({"a": cells})["a"].to_list() == [1.5, None, None, 2.0]


@pytest.mark.parametrize("unit", ["D", "h", "s", "ms", "us", "ns"])
def test_moments_in_any_unit_are_moments(unit):
    cells = np.array(["2024-03-01", "2024-03-02"], f"M8[{unit}]")
    days = from_columns({"day": cells})["day"].cast(pl.Date)
    assert [day.isoformat() for day in days] == ["2024-03-01", "2024-03-02"]
