"""The same value gives the same code, as text or typed."""

import datetime

import numpy as np
import polars as pl
import pytest

from layerwise.table.column import Column
from layerwise.table.dates import DateRule
from layerwise.table.durations import DurationRule
from layerwise.table.encode import (
    Encoded,
    TypedNumbers,
    category_ids,
    column_numbers,
    column_values,
)
from layerwise.table.hashing import hashed_texts
from layerwise.table.numbers import NumberRule

PRICE = Column("price", "number", "", "number", NumberRule(before="$", thousands=","))
LOAN = Column("loan", "yes/no", "", "number")
DUE = Column("due", "date", "", "date", DateRule("day-first"))
CLASS = Column("class", "category", "", "one-hot", None, ("3", "1", "true"), True)


@pytest.mark.parametrize(
    "cells",
    [
        pl.Series(["$1,500", "7.5", "?"]),
        pl.Series([1500.0, 7.5, None]),
        pl.Series([1500, 7.5, float("nan")], dtype=pl.Float32),
        pl.Series(["1500", "$7.50", None], dtype=pl.Categorical),
        pl.Series([1500.0, 7.5, None]).cast(pl.Decimal(10, 2)),
    ],
)
def test_numbers_are_the_same_whatever_their_type(cells):
    values, problems = column_numbers(cells, PRICE)
    np.testing.assert_array_equal(values, [1500, 7.5, np.nan])
    assert problems == ()


@pytest.mark.parametrize(
    "cells",
    [
        pl.Series(["Yes", "no", ""]),
        pl.Series(["T", "f", "NA"]),
        pl.Series(["1", "0.0", None]),
        pl.Series([True, False, None]),
        pl.Series([1, 0, None]),
        pl.Series([1.0, 0.0, float("nan")]),
    ],
)
def test_yes_is_one_whatever_its_word(cells):
    values, problems = column_numbers(cells, LOAN)
    np.testing.assert_array_equal(values, [1, 0, np.nan])
    assert problems == ()


@pytest.mark.parametrize(
    "cells",
    [
        pl.Series(["02/01/1970", None]),
        pl.Series(["1970-01-02", "NA"]),
        pl.Series([datetime.date(1970, 1, 2), None]),
        pl.Series([datetime.datetime(1970, 1, 2), None]),
        pl.Series([datetime.datetime(1970, 1, 2), None], dtype=pl.Datetime("ns")),
    ],
)
def test_dates_are_the_same_whatever_their_type(cells):
    numbers, problems = column_numbers(cells, DUE)
    np.testing.assert_array_equal(numbers[:, 0], [1, np.nan])
    assert problems == ()


@pytest.mark.parametrize(
    "cells",
    [
        pl.Series(["3", " 1 ", "True", "?", "9"]),
        pl.Series(["3.0", "1.00", "true", None, "9"]),
        pl.Series(["3", "1", "TRUE", "", "9"], dtype=pl.Categorical),
    ],
)
def test_ids_are_the_same_whatever_the_type(cells):
    ids, (problem,) = category_ids(cells, CLASS)
    assert ids.dtype == np.int32
    assert ids.tolist() == [1, 2, 3, 4, 0]
    assert (problem.kind, problem.column) == ("unseen", "class")
    assert problem.rows.tolist() == [4]
    assert problem.detail == "not among the 3 values of the vocabulary"
    assert problem.sentence == (
        "Column 'class': 1 cell with 1 value that training did not know, such as '9'."
    )


@pytest.mark.parametrize(
    "cells", [pl.Series([3, 1, None]), pl.Series([3.0, 1.0, None])]
)
def test_ids_of_numbers(cells):
    assert category_ids(cells, CLASS)[0].tolist() == [1, 2, 4]


@pytest.mark.parametrize(
    ("column", "cell", "what"),
    [
        (PRICE, "on request", "numbers"),
        (LOAN, "maybe", "yes or no"),
        (DUE, "x", "dates"),
    ],
)
def test_what_cannot_be_read_becomes_missing_and_is_counted(column, cell, what):
    numbers, (problem,) = column_numbers(pl.Series([None, cell, cell]), column)
    assert np.isnan(numbers).all()
    assert (problem.kind, problem.column) == ("unreadable", column.name)
    assert problem.rows.tolist() == [1, 2]
    assert problem.detail == f"cannot be read as {what}"
    assert problem.sentence == (
        f"Column {column.name!r}: 2 cells cannot be read as {what} and became missing; "
        f"row 1 holds {cell!r}."
    )


def test_infinite_numbers_stay_infinite():
    assert column_numbers(pl.Series(["1e309", "-inf"]), PRICE)[0].tolist() == [
        *(np.inf, -np.inf),
    ]


@pytest.mark.parametrize(
    "cells",
    [
        pl.Series(["A  note", "3", " true", "?"]),
        pl.Series(["A  note", "3.0", "True", None]),
        pl.Series(["a  NOTE", "3", "TRUE", ""], dtype=pl.Categorical),
    ],
)
def test_texts_are_the_same_whatever_the_type(cells):
    column = Column("note", "text", "", "hashed")
    units, problems = column_values(cells, column)
    expected = hashed_texts(pl.Series(["a  note", "3", "true", None]))
    np.testing.assert_array_equal(units, expected)
    assert problems == ()


def test_rows_of_an_encoded_table_bring_no_notes():
    encoded = Encoded(np.eye(3), np.eye(3, 2, dtype=int), np.eye(3, 4), ("note",))
    part = encoded.rows(np.array([2, 0]))
    np.testing.assert_array_equal(part.numbers, np.eye(3)[[2, 0]])
    np.testing.assert_array_equal(part.categories, np.eye(3, 2)[[2, 0]])
    np.testing.assert_array_equal(part.texts, np.eye(3, 4)[[2, 0]])
    assert part.notes == ()


@pytest.mark.parametrize("has_time", [False, True])
def test_typed_days_give_what_their_texts_give(has_time):
    rule = DateRule("year-first", has_time)
    column = Column("due", "date", "", "date", rule)
    texts = ["2024-02-28", "2024-03-01", None, "2024-02-29", "2024-02-28"]
    days = pl.Series(texts).str.to_date()
    for n in (1, 100):  # fewer rows than days, and more
        typed, problems = column_values(pl.concat([days] * n), column)
        written, _ = column_values(pl.Series(texts * n), column)
        np.testing.assert_array_equal(typed, written)
        assert problems == ()
    missing = pl.Series([None, None], dtype=pl.Date)
    assert np.isnan(column_values(missing, column)[0]).all()


def test_typed_numbers_know_their_ends():
    assert TypedNumbers(pl.Series([3, 1, None])).ends() == (1.0, 3.0, True)
    assert TypedNumbers(pl.Series([2.0, np.nan])).ends() == (2.0, 2.0, True)
    assert TypedNumbers(pl.Series([2.0, 1.0])).ends() == (1.0, 2.0, False)
    for empty in ([None], [np.nan]):
        least, most, lacks = TypedNumbers(pl.Series(empty, dtype=pl.Float64)).ends()
        assert np.isnan(least)
        assert np.isnan(most)
        assert lacks


def test_bare_numbers_are_durations_only_where_the_user_said_so():
    clock = Column("t", "duration", "", "number", DurationRule())
    seconds = Column("t", "duration", "", "number", DurationRule("seconds"))
    for cells in (pl.Series([5400]), pl.Series([5400.0]), pl.Series(["5400"])):
        numbers, problems = column_numbers(cells, clock)
        assert np.isnan(numbers).all()
        assert [problem.kind for problem in problems] == ["unreadable"]
        assert column_numbers(cells, seconds)[0].tolist() == [5400.0]
