"""Dates, durations, and the cells that decide between two orders."""

import polars as pl
import pytest

from layerwise.table.date_question import as_date, as_duration
from layerwise.table.questions import RefusedColumn, Texts
from layerwise.table.reading import Alternative


def test_unreadable_dates_are_counted():
    cells = pl.Series(["2024-01-01", "2024-01-02"] * 60 + ["soon"])
    reading = as_date(Texts("due", cells))
    assert (reading.n_missing, reading.n_lost, reading.lost) == (1, 1, ("soon",))
    assert reading.warnings == (
        "Column 'due': 1 of 121 cells is not a date and counts as missing, such as "
        "'soon'.",
    )
    cells = pl.Series(["2024-01-01", "2024-01-02"] * 120 + ["soon", "later"])
    assert as_date(Texts("due", cells)).warnings == (
        "Column 'due': 2 of 242 cells are not dates and count as missing, such as "
        "'later', 'soon'.",
    )


def test_the_other_order_is_told_with_the_cells_against_it():
    cells = pl.Series(["13/01/2024", "02/01/2024", "31/01/2024"])
    reading = as_date(Texts("due", cells))
    assert reading.examples == ("2024-01-13", "2024-01-02", "2024-01-31")
    cells = ("13/01/2024", "31/01/2024")
    assert reading.alternatives == (Alternative("date", "month first", 2, cells),)


def test_both_orders_in_one_column_are_said():
    with pytest.raises(RefusedColumn) as caught:
        as_date(Texts("d", pl.Series(["13/01/2024", "14/01/2024", "01/15/2024"])))
    assert caught.value.args == (
        "it mixes dates with the day first, such as '13/01/2024', and with the month "
        "first, such as '01/15/2024'",
    )
    other = Alternative("date", "day first", 1, ("01/15/2024",))
    assert caught.value.alternative == other


def test_a_date_of_no_time_is_said():
    cells = pl.Series(["2024-03-01", "9999-12-31", "9999-12-31"])
    assert as_date(Texts("end", cells)).warnings == (
        "Column 'end': 2 cells lie before 1600 or after 2200, such as '9999-12-31': "
        "if they mean no date, say so.",
    )


def test_zeros_for_no_date_count_as_missing():
    cells = pl.Series(["2024-03-01", "0000-00-00", "2024-03-02"])
    reading = as_date(Texts("end", cells))
    assert (reading.n_missing, reading.n_lost) == (1, 0)
    assert reading.rule.missing == ("0000-00-00",)
    assert reading.warnings == ("Column 'end': '0000-00-00' counts as missing.",)


@pytest.mark.parametrize(
    ("cells", "why", "alternatives"),
    [
        (["1h", "30m"], "all 2 cells are durations, in seconds", ()),
        (
            ["90 min", "5 min"],
            "all 2 cells are durations, in seconds",
            (Alternative("number", "'min' after them"),),
        ),
        (
            ["14:30", "09:05"],
            "all 2 cells are times of day, in seconds since midnight",
            (Alternative("duration", "minutes and seconds"),),
        ),
        (
            ["42:15", "09:05"],
            "all 2 cells are durations, with minutes and seconds in cells such as "
            "'09:05'",
            (Alternative("duration", "hours and minutes"),),
        ),
    ],
)
def test_durations_say_what_they_are(cells, why, alternatives):
    reading = as_duration(Texts("t", pl.Series(cells)))
    assert (reading.why, reading.alternatives) == (why, alternatives)


def test_bounds_of_durations_are_said():
    reading = as_duration(Texts("job", pl.Series(["< 1 year", "2 years", "10+ years"])))
    assert reading.warnings == (
        "Column 'job': cells that give a bound, such as '10+ years', '< 1 year', were "
        "read as the number.",
    )


def test_a_slip_among_durations_is_lost_and_said():
    cells = pl.Series([f"{i} min" for i in range(150)] + ["noon", "unknown"])
    reading = as_duration(Texts("t", cells))
    assert (reading.n_missing, reading.lost) == (2, ("noon",))
    assert reading.warnings == (
        "Column 't': 'unknown' counts as missing.",
        "Column 't': 1 of 151 cells is not a duration and counts as missing, such as "
        "'noon'.",
    )
