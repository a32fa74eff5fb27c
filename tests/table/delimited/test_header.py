"""A header is told from data by what stands below it."""

import pytest

from layerwise.table.delimited.header import has_header, is_value, names_columns


@pytest.mark.parametrize(
    ("rows", "is_header"),
    [
        (["age,job", "31,clerk"], True),
        (["31,clerk", "45,cook"], False),
        (["31,NA", "45,3", "46,4"], False),
        (["2024-01-01,red", "2024-01-02,blue"], False),
        (["day,color", "2024-01-01,red"], True),
        (["10:30,red", "11:30,blue"], False),
        (["red,small", "blue,large"], True),
        (["red,small", "red,small", "blue,large"], False),
        (["0,1,2", "0.5,0.1,0.3"], True),
        (["7,0,0", "3,0,1"], False),
        (["country,2019,2020", "US,1,2"], True),
        ([",a", "0,x"], True),
        (["a,b"], True),
        (["31,clerk"], False),
        (["2019,2020,2021"], True),
    ],
)
def test_header_is_told_from_data(rows, is_header):
    assert has_header([row.split(",") for row in rows]) is is_header


def test_words_alone_are_no_evidence():
    assert names_columns([["name"], ["Ann"]]) is None
    assert names_columns([["n"], ["1"]]) is True
    assert names_columns([["2"], ["1"]]) is False


def test_a_long_odd_cell_is_no_number_and_takes_no_time():
    """The pattern of a number would look at each blank again and again."""
    assert not is_value("1" + " " * 200_000 + "x")


def test_the_first_columns_of_a_very_wide_table_tell():
    assert has_header([["a"] * 50_000, ["1"] * 50_000])
