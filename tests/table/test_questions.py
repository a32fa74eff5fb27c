"""One question after the other; a refusal may carry a reason."""

import polars as pl
import pytest

from layerwise.table.questions import RefusedColumn, as_date, as_number, as_yes_no


@pytest.mark.parametrize("question", [as_yes_no, as_number, as_date])
def test_words_are_refused_by_all_but_the_last_question(question):
    cells = pl.Series(["red", "green", "blue"])
    with pytest.raises(RefusedColumn, match="^$"):
        question("color", cells, cells)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["$5", "£4"], "its cells mix the currencies '$' and '£'"),
        (["00501"], "cells such as '00501' begin with a zero, as codes do"),
    ],
)
def test_a_refusal_tells_its_reason(cells, reason):
    cells = pl.Series(cells)
    with pytest.raises(RefusedColumn) as caught:
        as_number("x", cells, cells)
    assert caught.value.args == (reason,)


def test_one_percent_of_the_cells_may_be_unreadable():
    cells = pl.Series([str(i) for i in range(99)] + ["shifted"])
    reading = as_number("x", cells, cells)
    assert reading.n_missing == 1
    assert reading.warnings == (
        "Column 'x': 1 of 100 cells is not a number and counts as missing, such as "
        "'shifted'.",
    )
    cells = pl.Series([str(i) for i in range(98)] + ["shifted", "twice"])
    with pytest.raises(RefusedColumn):
        as_number("x", cells, cells)


def test_a_word_again_and_again_among_numbers_is_absence():
    cells = pl.Series([f"{i}M" for i in range(20)] + ["Varies with device"] * 10)
    reading = as_number("Size", cells, cells)
    assert reading.n_missing == 10
    assert reading.rule.missing == ("Varies with device",)
    assert reading.warnings == (
        "Column 'Size': 'Varies with device' counts as missing.",
    )


def test_unreadable_dates_are_counted():
    cells = pl.Series(["2024-01-01", "2024-01-02"] * 60 + ["soon"])
    reading = as_date("due", cells, cells)
    assert reading.warnings == (
        "Column 'due': 1 of 121 cells is not a date and counts as missing, such as "
        "'soon'.",
    )
    cells = pl.Series(["2024-01-01", "2024-01-02"] * 120 + ["soon", "later"])
    assert as_date("due", cells, cells).warnings == (
        "Column 'due': 2 of 242 cells are not dates and count as missing, such as "
        "'soon', 'later'.",
    )
