"""Numbers, and what else a column of digits may be."""

import polars as pl
import pytest

from layerwise.table.number_question import are_days, as_number, number_reading
from layerwise.table.questions import RefusedColumn, Texts
from layerwise.table.reading import Alternative


def test_one_percent_of_the_cells_may_be_unreadable():
    cells = pl.Series([str(i) for i in range(99)] + ["shifted"])
    reading = as_number(Texts("x", cells))
    assert (reading.n_missing, reading.n_lost, reading.lost) == (1, 1, ("shifted",))
    assert reading.warnings == (
        "Column 'x': 1 of 100 cells is not a number and counts as missing, such as "
        "'shifted'.",
    )
    cells = pl.Series([str(i) for i in range(98)] + ["shifted", "twice"])
    with pytest.raises(RefusedColumn) as caught:
        as_number(Texts("x", cells))
    other = Alternative("number", "", 2, ("shifted", "twice"))
    assert caught.value.alternative == other


def test_a_word_again_and_again_among_numbers_is_absence():
    cells = pl.Series([f"{i}M" for i in range(20)] + ["Varies with device"] * 10)
    reading = as_number(Texts("Size", cells))
    assert (reading.n_missing, reading.n_lost) == (10, 0)
    assert reading.rule.missing == ("Varies with device",)
    assert reading.warnings == (
        "Column 'Size': 'Varies with device' counts as missing.",
    )


def test_a_point_that_may_stand_between_thousands_is_said():
    reading = as_number(Texts("x", pl.Series(["1.234", "2.500"])))
    assert reading.examples == (1.234, 2.5)
    assert reading.alternatives == (Alternative("number", "'.' between thousands"),)
    assert reading.warnings == (
        "Column 'x': '.' was read as standing before the fraction, but every cell "
        "also fits between thousands.",
    )


@pytest.mark.parametrize(
    ("numbers", "alternatives"),
    [
        ([0, 1, 1, 0], (Alternative("yes/no"), Alternative("category"))),
        ([1, 2, 1, 2], (Alternative("yes/no", "2 as yes"), Alternative("category"))),
        ([1, 2, 3, 1], (Alternative("category"),)),
        ([1, 2, 3, 4], ()),
        ([0.5, 1.5, 0.5], ()),
        ([0, 5000, 5000], ()),
        (list(range(17)) * 9, ()),
    ],
)
def test_integers_of_few_values_may_be_codes(numbers, alternatives):
    values = pl.Series(numbers, dtype=pl.Float64)
    assert number_reading("x", values, values).alternatives == alternatives


@pytest.mark.parametrize(
    ("name", "cells", "reason"),
    [
        ("x", ["612 345 678", "612 345 679", "700 111 222"],
         "all cells have as many digits as '612 345 678', in groups"),
        ("phone", ["5 551 234", "5 551 235"],
         "its name says that its cells are numbers to call, which are no amounts"),
        ("zip", ["98122", "98101", "-"],
         "its name says that its cells are postal codes, which are no amounts"),
    ],
)  # fmt: skip
def test_telephones_and_postal_codes_are_no_amounts(name, cells, reason):
    with pytest.raises(RefusedColumn) as caught:
        as_number(Texts(name, pl.Series(cells)))
    assert caught.value.args == (reason,)
    assert caught.value.alternative.kind == "number"


def test_amounts_in_groups_stay_numbers():
    cells = pl.Series(["612 345 678", "1 345 679", "700 111"])
    assert as_number(Texts("x", cells)).examples == (612345678, 1345679, 700111)


def test_degrees_on_the_map_stay_numbers():
    values = pl.Series([47.6, -33.9])
    assert number_reading("lat", values, values).why == (
        "all 2 cells are numbers, degrees of latitude"
    )


@pytest.mark.parametrize(
    ("days", "are"),
    [
        ([20240301.0, 19990105.0], True),
        ([20240301143015.0, 20240302000000.0], True),
        ([20240301143015.0, 20240301250000.0], False),
        ([20240301143015.0, 20240301.0], False),
        ([20240301.0, 20240301.0], False),
        ([20240301.0, 20241399.0], False),
        ([20240301.0, 18991231.0], False),
        ([20240301.0, 21010101.0], False),
        ([20240301.0, 20240301.5], False),
        ([], False),
    ],
)
def test_days_of_eight_digits_are_all_valid_and_of_our_time(days, are):
    numbers = pl.Series(days, dtype=pl.Float64)
    assert are_days(numbers, numbers) == are
