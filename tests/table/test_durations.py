"""Durations in seconds, however they are written."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwise.errors import ParameterError
from layerwise.table.durations import (
    DAY,
    YEAR,
    DurationRule,
    infer_duration_rule,
    may_be_durations,
)


def _found(cells: list[str]):
    counts = (
        pl.DataFrame({"text": pl.Series(cells, dtype=pl.String)})
        .group_by("text")
        .len("n")
        .sort("text")
    )
    return infer_duration_rule(counts)


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("1:30:00", 5400),
        ("123:59:59", 446399),
        ("0:00:01.25", 1.25),
        ("-1:00:00", -3600),
        ("12:34", 45240),
        ("1:01.112", 61.112),
        ("2:30 PM", 52200),
        ("12:00 a.m.", 0),
        ("2 PM", 50400),
        ("14:30 Uhr", 52200),
        ("1 day, 2:03:04", 93784),
        ("10 days 12:15:30", 908130),
        ("1.02:00:00", 93600),
        ("2h 30m", 9000),
        ("2h30m15s", 9015),
        ("1 hour and 5 minutes", 3900),
        ("90 min", 5400),
        ("1,5 Stunden", 5400),
        ("3 Tage", 3 * DAY),
        ("2 weeks", 14 * DAY),
        ("36 months", 3 * YEAR),
        ("10+ years", 10 * YEAR),
        ("< 1 year", YEAR),
        ("350 ms", 0.35),
        ("PT1H30M", 5400),
        ("P1DT12H", 1.5 * DAY),
        ("-PT0.5S", -0.5),
        ("P2W", 14 * DAY),
    ],
)
def test_a_duration_is_read_in_seconds(cell, seconds):
    assert DurationRule().read(pl.Series([cell])).values[0] == pytest.approx(seconds)


@pytest.mark.parametrize(
    "cell",
    ["14:75", "1:30:60", "13:00 PM", "16:9", "P", "PT", "5'11\"", "5 kg", "90", "1:2:3",
     "soon", "10-20", "٣ min", "12:34:56:78"],
)  # fmt: skip
def test_what_is_no_duration_is_unreadable(cell):
    read = DurationRule().read(pl.Series([cell, None]))
    assert read.values.to_list() == [None, None]
    assert read.unreadable.to_list() == [True, False]


def test_a_clock_says_what_stands_first():
    cells = pl.Series(["12:34", "1:02:03"])
    assert DurationRule("minutes").read(cells).values.to_list() == [754, 3723]
    assert DurationRule("seconds").read(
        pl.Series(["12.5", "1 h"])
    ).values.to_list() == [
        *(12.5, 3600),
    ]


@pytest.mark.parametrize(
    ("cells", "clock", "how"),
    [
        (["12:34", "09:05"], "hours", "times of day, in seconds since midnight"),
        (["2:30 PM", "9:05 AM"], "hours", "times of day, in seconds since midnight"),
        (["1:30:00", "0:45:10"], "hours", "durations"),
        (["42:15", "9:05"], "minutes",
         "durations, with minutes and seconds in cells such as '42:15'"),
        (["1:02:33", "45:10"], "minutes",
         "durations, with minutes and seconds in cells such as '45:10'"),
    ],
)  # fmt: skip
def test_the_column_decides_what_stands_first(cells, clock, how):
    found = _found(cells)
    assert (found.rule.clock, found.how) == (clock, how)


@pytest.mark.parametrize(
    "cells", [["5 m", "7 m"], ["2D", "3D"], ["5 kg"], ["14:75"], []]
)
def test_meters_and_films_are_no_durations(cells):
    assert _found(cells) is None


def test_one_unit_and_bounds_are_told():
    found = _found(["10+ years", "< 1 year", "2 years"])
    assert found.unit == "years"
    assert found.bounded == ("10+ years", "< 1 year")
    assert _found(["2 h", "30 min"]).unit == ""


def test_quick_looks_never_miss_a_duration():
    cells = pl.Series(["1:30", "90 min", "PT1H", "< 1 year", "10+ years", "2h"])
    assert may_be_durations(cells).all()


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=9))
def test_written_with_colons_then_read_is_the_identity(seconds):
    cells = [f"{s // 3600}:{s // 60 % 60:02}:{s % 60:02}" for s in seconds]
    assert DurationRule().read(pl.Series(cells)).values.to_list() == seconds


def test_a_clock_that_there_is_not_is_refused():
    with pytest.raises(ParameterError) as caught:
        DurationRule("days")
    assert str(caught.value) == (
        "A duration begins with 'hours', 'minutes' or 'seconds'. Got 'days'."
    )
