"""What the user says of a column is done, and what it loses is said."""

import datetime

import numpy as np
import polars as pl
import pytest

from layerwise.errors import ColumnError
from layerwise.table import Table, learn, look
from layerwise.table.column import Column
from layerwise.table.encode import column_numbers
from layerwise.table.kinds import infer
from layerwise.table.overrides import Override


def _numbers(cells: pl.Series, override: Override, later: pl.Series) -> list[float]:
    """Read a column as the user says, and a later table as the model remembers."""
    reading = infer("x", cells, override=override)
    column = Column("x", reading.kind, reading.why, "left out", reading.rule)
    values = column_numbers(later, column)[0]
    return [None if np.isnan(x) else x for x in values.reshape(len(later), -1)[:, 0]]


TEXTS = pl.Series(["1,234", "2,500", "soon"])
DAYS = pl.Series(["01/02/1970", "03/04/1970", "never"])
WORDS = pl.Series(["male", "female", "female", "?"])
LEVELS = ("low", "medium", "high")
SIZES = pl.Series(["low", "High", "medium", "huge"])


@pytest.mark.parametrize(
    ("cells", "override", "later", "values"),
    [
        (TEXTS, Override("number"), ["9,999", "x"], [9999, None]),
        (TEXTS, Override(decimal=","), ["9,999"], [9.999]),
        (TEXTS, Override(thousands=","), ["9,999.5"], [9999.5]),
        (pl.Series(["1.234", "2.5"]), Override(decimal=",", thousands="."), ["1.234"],
         [1234]),
        (pl.Series(["007", "012"]), Override("number"), ["005"], [5]),
        (pl.Series(["5", "-999"]), Override(missing=("-999",)), ["-999", "-999.0", "7"],
         [None, None, 7]),
        (pl.Series([5, -999, 6]), Override(missing=("-999",)), [-999, 7], [None, 7]),
        (DAYS, Override(order="day-first"), ["02/01/1970"], [1]),
        (DAYS, Override("date", order="month-first"), ["02/01/1970"], [31]),
        (pl.Series([19700102, 19700103]), Override("date"), [19700102], [1]),
        (WORDS, Override("yes/no"), ["MALE", "female", "yes"], [1, 0, None]),
        (WORDS, Override(yes="Female"), ["male", " female"], [0, 1]),
        (pl.Series([0, 1, 1]), Override("yes/no"), ["1", "no"], [1, 0]),
        (pl.Series(["yes", "no"]), Override(yes="no"), ["yes", "no"], [0, 1]),
        (pl.Series(["yes", "no", "unknown"]), Override("yes/no"), ["true"], [1]),
        (SIZES, Override(levels=LEVELS), ["HIGH", "huge"], [2, None]),
        (pl.Series(["low", "high"]), Override("ordered"), ["high", "low"], [1, 0]),
        (pl.Series(["b", "a"], dtype=pl.Enum(["b", "a"])), Override("ordered"), ["a"],
         [1]),
        (pl.Series(["90 min", "x"]), Override("duration"), ["1 h"], [3600]),
        (pl.Series(["3", "14"]), Override("duration"), ["15"], [15]),
        (pl.Series([3, 14]), Override("duration"), ["15"], [15]),
        (pl.Series([datetime.timedelta(0, 3)]), Override("duration"), ["15"], [15]),
    ],
)  # fmt: skip
def test_what_the_user_says_is_read_and_remembered(cells, override, later, values):
    assert _numbers(cells, override, pl.Series(later)) == values


@pytest.mark.parametrize(
    ("cells", "override", "lost", "warning"),
    [
        (TEXTS, Override("number"), ("soon",),
         "Column 'x': 1 of 3 cells is not a number and counts as missing, such as "
         "'soon'."),
        (DAYS, Override(order="day-first"), ("never",),
         "Column 'x': 1 of 3 cells is not a date and counts as missing, such as "
         "'never'."),
        (SIZES, Override(levels=("low", "high")), ("huge", "medium"),
         "Column 'x': 2 of 4 cells are not levels and count as missing, such as "
         "'huge', 'medium'."),
    ],
)  # fmt: skip
def test_what_the_users_way_loses_is_counted_and_said(cells, override, lost, warning):
    reading = infer("x", cells, override=override)
    assert (reading.n_lost, reading.lost) == (len(lost), lost)
    assert reading.n_missing == len(lost)
    assert reading.warnings == (warning,)


@pytest.mark.parametrize(
    ("cells", "override", "kind"),
    [
        (pl.Series([1, 2, 3]), Override("category"), "category"),
        (pl.Series(["1", "2", "3"]), Override("text"), "text"),
        (pl.Series(["1", "2", "3"]), Override("id"), "id"),
        (pl.Series(["yes", "no"]), Override("category"), "category"),
        (pl.Series(["1", "2"]), Override(), "number"),
        (pl.Series(["", "?"]), Override("number"), "number"),
        (pl.Series([None, None]), Override("number"), "empty"),
        (pl.Series([datetime.date(2024, 1, 1)]), Override("date"), "constant"),
    ],
)
def test_the_users_kind_is_taken(cells, override, kind):
    assert infer("x", cells, override=override).kind == kind


def test_a_column_is_left_out_because_the_user_says_so():
    reading = infer("x", pl.Series(["1", "2"]), override=Override(is_used=False))
    assert (reading.kind, reading.is_used) == ("number", False)
    assert reading.why == "left out because you said so; all 2 cells are numbers"


def test_dates_whose_order_stays_open_are_left_out_as_before():
    cells = pl.Series(["01/02/2024", "03/04/2024"])
    reading = infer("x", cells, override=Override("date"))
    assert (reading.rule.order, reading.is_used) == ("undecided", False)


def test_missing_words_of_a_category_are_remembered():
    cells = pl.Series("x", ["red", "white", "blue", "red"])
    table = Table(cells.to_frame())
    readings = look(table, overrides={"x": Override(missing=("white",))})
    schema = learn(table, readings)
    assert schema.columns[0].vocabulary == ("red", "blue")
    assert schema.encode(table).categories[:, 0].tolist() == [1, 3, 2, 1]


@pytest.mark.parametrize(
    ("cells", "override", "message"),
    [
        (["red", "blue"], Override("number"),
         "Column 'x' cannot be read as 'number', as you asked: it holds 2 cells, such "
         "as 'blue', 'red', and none of them is a number. Name another kind, or leave "
         "it to the cells."),
        (["red", "blue"], Override("date"),
         "Column 'x' cannot be read as 'date', as you asked: it holds 2 cells, such as "
         "'blue', 'red', and none of them is a date. Name another kind, or leave it to "
         "the cells."),
        (["red", "blue"], Override("ordered"),
         "Column 'x' cannot be read as 'ordered': the order of 'blue', 'red' is not "
         "known. Give its levels, from the lowest to the highest."),
        (["red", "blue"], Override(yes="rad"),
         "Column 'x' has no word 'rad' beside others to be yes. It has 'blue', 'red'. "
         "Did you mean 'red'?"),
        (["a", "b", "c"], Override("yes/no"),
         "Column 'x' cannot be read as 'yes/no', as you asked: it holds 3 cells, such "
         "as 'a', 'b', 'c', and none of them is a yes/no word. Name another kind, or "
         "leave it to the cells."),
    ],
)  # fmt: skip
def test_a_way_that_reads_no_cell_is_refused(cells, override, message):
    with pytest.raises(ColumnError) as caught:
        infer("x", pl.Series(cells), override=override)
    assert str(caught.value) == message


def test_no_mark_between_thousands_is_something_said():
    cells = pl.Series(["1,234", "5,678"])
    assert infer("x", cells).examples == (1234, 5678)
    assert infer("x", cells, None, Override(thousands="")).examples == (1.234, 5.678)


def test_what_cannot_be_said_of_a_column_names_it():
    cells = pl.Series(["low", "high"])
    with pytest.raises(ColumnError) as caught:
        infer("x", cells, None, Override(levels=("Low", "low")))
    assert str(caught.value) == (
        "Column 'x': An order has 2 to 100 different levels, each of up to 200 "
        "characters. Got 2."
    )
