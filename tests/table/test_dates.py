"""Dates in every form; an order is taken only where the column decides it."""

from datetime import datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwise.errors import ParameterError
from layerwise.table.dates import DateRule, date_numbers, infer_date_rule


def _rule(cells: list[str], dates: str | None = None) -> DateRule | None:
    counts = pl.DataFrame({"text": cells}).group_by("text").len("n").sort("text")
    found = infer_date_rule(counts, dates)
    return found.rule if found and found.is_enough else None


def _moments(cells: list[str]) -> list[datetime | None]:
    return _rule(cells).read(pl.Series(cells)).moments.to_list()


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2024-03-01", datetime(2024, 3, 1)),
        ("2024/3/1", datetime(2024, 3, 1)),
        ("2024-03-01T10:20:30", datetime(2024, 3, 1, 10, 20, 30)),
        ("2024-03-01 10:20", datetime(2024, 3, 1, 10, 20)),
        ("2024-03-01T10:20:30.25Z", datetime(2024, 3, 1, 10, 20, 30, 250_000)),
        ("2024-03-01T10:00:00+02:00", datetime(2024, 3, 1, 8)),
        ("August 4, 2018", datetime(2018, 8, 4)),
        ("Aug 4 2018", datetime(2018, 8, 4)),
        ("04-Aug-2018", datetime(2018, 8, 4)),
        ("4th August 2018", datetime(2018, 8, 4)),
        ("Sat, 4 Aug 2018 12:00:00 UTC", datetime(2018, 8, 4, 12)),
        ("31.12.2024", datetime(2024, 12, 31)),
        ("12/31/2024 5:00 PM", datetime(2024, 12, 31, 17)),
        ("12/31/2024 12:00 AM", datetime(2024, 12, 31)),
        ("31/12/24", datetime(2024, 12, 31)),
        ("31/12/69", datetime(1969, 12, 31)),
    ],
)
def test_a_date_is_read_in_its_form(cell, moment):
    assert _moments([cell]) == [moment]


@pytest.mark.parametrize(
    "cell",
    [
        "31/02/2024",
        "2024-13-01",
        "13/13/2024",
        "2024-01-01 25:00",
        "1.2.10",
        "soon",
        "٣١/١٢/٢٠٢٤",
    ],
)
def test_impossible_dates_are_none(cell):
    assert _rule([cell]) is None


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["2024-03-01"], "year-first"),
        (["March 1, 2024"], "named"),
        (["13/01/2024", "02/01/2024"], "day-first"),
        (["01/13/2024", "02/01/2024"], "month-first"),
        (["01/02/2024", "03/04/2024"], "undecided"),
    ],
)
def test_the_column_decides_the_order(cells, order):
    assert _rule(cells).order == order


def test_the_user_settles_what_the_column_leaves_open_and_nothing_else():
    assert _rule(["01/02/2024"], "day-first").order == "day-first"
    assert _rule(["01/13/2024"], "day-first").order == "month-first"


def test_contradicting_orders_are_no_dates():
    assert _rule(["13/01/2024", "01/13/2024"]) is None


def test_undecided_dates_are_unreadable():
    read = DateRule("undecided").read(pl.Series(["01/02/2024", None]))
    assert read.moments.to_list() == [None, None]
    assert read.unreadable.to_list() == [True, False]


def test_a_date_becomes_days_and_circles():
    rule = DateRule("year-first", has_time=True)
    moments = rule.read(pl.Series(["1970-04-02 06:00", None])).moments
    numbers = date_numbers(moments, rule)
    thursday = 2 * np.pi * 3 / 7
    # April is a quarter of the year's circle on, six o'clock one of the day's.
    second = 2 * np.pi / 30  # of 30 days in April
    expected = [
        *(91.25, 1970, 1, 0, np.sin(second), np.cos(second)),
        *(np.sin(thursday), np.cos(thursday), 1, 0),
    ]
    np.testing.assert_allclose(numbers[0], expected, atol=1e-12)
    assert np.isnan(numbers[1]).all()
    assert len(rule.parts) == numbers.shape[1]
    assert date_numbers(moments, DateRule("year-first")).shape == (2, 8)


def test_every_last_day_of_a_month_stands_right_before_a_first():
    """The gap between two neighbors on the circle is that of the month's length."""
    rule = DateRule("year-first")
    last, first = pl.Series(["2024-02-29", "2024-02-01"]).str.to_datetime()
    numbers = date_numbers(pl.Series([last, first]), rule)
    sin, cos = (numbers[:, rule.parts.index(f"day {f}")] for f in ("sin", "cos"))
    turn = np.arctan2(sin[1], cos[1]) - np.arctan2(sin[0], cos[0])
    assert turn == pytest.approx(2 * np.pi / 29, rel=1e-12)


@given(st.lists(st.datetimes(datetime(1970, 1, 1), datetime(2068, 1, 1)), min_size=1))
def test_iso_texts_give_back_their_moments(moments):
    assert _moments([moment.isoformat() for moment in moments]) == moments


def test_an_order_that_there_is_not_is_refused():
    with pytest.raises(ParameterError, match="in one of the orders 'year-.* Got 'dmy'"):
        DateRule("dmy")


def test_one_odd_cell_leaves_the_order_decided():
    texts = [f"{1 + i % 28:02d}/{1 + i % 12:02d}/2024" for i in range(200)]
    assert _rule([*texts, "01/13/2024"]).order == "day-first"
