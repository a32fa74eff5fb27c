"""A reading shows cells beside what they were read as."""

import polars as pl

from layerwise.table.dates import DateRule
from layerwise.table.reading import (
    Reading,
    cells_of,
    count,
    left_out,
    told_together,
    used,
)


def test_the_first_ten_cells_that_are_there_are_shown():
    cells = pl.Series(["", *(f"${i}" for i in range(20))])
    read = pl.Series([None, *map(float, range(20))])
    reading = used("x", "number", "why", cells, read)
    assert reading.examples == tuple(range(10))
    assert reading.cells == tuple(f"${i}" for i in range(10))
    assert reading.n_missing == 1


def test_whole_numbers_are_shown_without_a_fraction():
    read = pl.Series([1.0, 2.5, float("inf")])
    assert used("x", "number", "", read, read).examples == (1, 2.5, float("inf"))


def test_a_left_out_column_says_so():
    reading = left_out("x", "id", "it is long", pl.Series(["a"]), pl.Series(["a"]))
    assert reading.warnings == ("Column 'x' is left out: it is long.",)
    assert not reading.is_used


def test_dates_of_undecided_order_are_not_used():
    assert not Reading("d", "date", "", rule=DateRule("undecided")).is_used
    assert Reading("d", "date", "", rule=DateRule("day-first")).is_used


def test_counts_in_words():
    assert cells_of(2, 2) == "all 2 cells"
    assert cells_of(1_000, 2_000) == "1,000 of 2,000 cells"
    assert count(1, "row") == "1 row"


def test_many_warnings_of_one_sort_share_a_sentence():
    def told(names):
        return told_together(
            Reading(
                name,
                "number",
                "",
                warnings=(f"Column {name!r}: {90 + i} of 99 cells hold 0.",),
            )
            for i, name in enumerate(names)
        )

    assert told("ab") == [
        "Column 'a': 90 of 99 cells hold 0.",
        "Column 'b': 91 of 99 cells hold 0.",
    ]
    assert told("abcd") == [
        "Column 'a': 90 of 99 cells hold 0. The like holds of 3 more columns: 'b', "
        "'c', 'd'."
    ]
    other = Reading("x", "date", "", warnings=("Column 'x' is left out.",))
    assert told_together([other]) == ["Column 'x' is left out."]
