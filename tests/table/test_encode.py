"""The same value gives the same code, as text or typed."""

import datetime

import numpy as np
import polars as pl
import pytest

from layerwise.table.column import Column
from layerwise.table.dates import DateRule
from layerwise.table.encode import category_ids, column_numbers
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
    values, notes = column_numbers(cells, PRICE)
    np.testing.assert_array_equal(values, [1500, 7.5, np.nan])
    assert notes == ()


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
    values, notes = column_numbers(cells, LOAN)
    np.testing.assert_array_equal(values, [1, 0, np.nan])
    assert notes == ()


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
    numbers, notes = column_numbers(cells, DUE)
    np.testing.assert_array_equal(numbers[:, 0], [1, np.nan])
    assert notes == ()


@pytest.mark.parametrize(
    "cells",
    [
        pl.Series(["3", " 1 ", "True", "?", "9"]),
        pl.Series(["3.0", "1.00", "true", None, "9"]),
        pl.Series(["3", "1", "TRUE", "", "9"], dtype=pl.Categorical),
    ],
)
def test_ids_are_the_same_whatever_the_type(cells):
    ids, notes = category_ids(cells, CLASS)
    assert ids.dtype == np.int32
    assert ids.tolist() == [1, 2, 3, 4, 0]
    assert notes == (
        "Column 'class': 1 cell with 1 value that training did not know, such as '9'.",
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
    numbers, notes = column_numbers(pl.Series([None, cell, cell]), column)
    assert np.isnan(numbers).all()
    assert notes == (
        f"Column {column.name!r}: 2 cells cannot be read as {what} and became missing; "
        f"row 1 holds {cell!r}.",
    )


def test_infinite_numbers_stay_infinite():
    assert column_numbers(pl.Series(["1e309", "-inf"]), PRICE)[0].tolist() == [
        *(np.inf, -np.inf),
    ]
