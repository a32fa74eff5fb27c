"""Every form of a date, in seven languages, and what only looks like one."""

from datetime import datetime

import polars as pl
import pytest

from layerwise.table.date_forms import hopeless, read_forms


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("20240301", datetime(2024, 3, 1)),
        ("20240301T143015", datetime(2024, 3, 1, 14, 30, 15)),
        ("20240301 1430", datetime(2024, 3, 1, 14, 30)),
        ("2024-03", datetime(2024, 3, 1)),
        ("03/2024", datetime(2024, 3, 1)),
        ("Mar 2024", datetime(2024, 3, 1)),
        ("March, 2024", datetime(2024, 3, 1)),
        ("Mar-24", datetime(2024, 3, 1)),
        ("2024Q1", datetime(2024, 1, 1)),
        ("2024-Q4", datetime(2024, 10, 1)),
        ("Q3 2024", datetime(2024, 7, 1)),
        ("07JAN2018", datetime(2018, 1, 7)),
        ("7. Januar 2018", datetime(2018, 1, 7)),
        ("Montag, 5. März 2018", datetime(2018, 3, 5)),
        ("1er janvier 2018", datetime(2018, 1, 1)),
        ("lundi 5 févr. 2018", datetime(2018, 2, 5)),
        ("7 de enero de 2018", datetime(2018, 1, 7)),
        ("15 septiembre 2018", datetime(2018, 9, 15)),
        ("3 luglio 2018", datetime(2018, 7, 3)),
        ("25 de março de 2018", datetime(2018, 3, 25)),
        ("5 mei 2018", datetime(2018, 5, 5)),
        ("Sat, 4 Aug 2018 06:05:00 +0200", datetime(2018, 8, 4, 4, 5)),
        ("Fri Mar 1 10:20:30 UTC 2024", datetime(2024, 3, 1, 10, 20, 30)),
        ("Wed Aug 27 13:08:45 +0000 2008", datetime(2008, 8, 27, 13, 8, 45)),
        ("04/Aug/2018:12:00:00 +0000", datetime(2018, 8, 4, 12)),
        ("2024-03-01 2:30 p.m.", datetime(2024, 3, 1, 14, 30)),
        ("2024-03-01T10:20:30,25+01", datetime(2024, 3, 1, 9, 20, 30, 250_000)),
        ("2024-03-01 10:20:00 GMT", datetime(2024, 3, 1, 10, 20)),
    ],
)
def test_a_form_leaves_nothing_open(cell, moment):
    forms = read_forms(pl.Series([cell]))
    assert forms["certain"].to_list() == [moment]
    assert not hopeless(pl.Series([cell])).any()


@pytest.mark.parametrize(
    ("cell", "day", "month"),
    [
        ("01/02/2024", datetime(2024, 2, 1), datetime(2024, 1, 2)),
        ("1.2.2024", datetime(2024, 2, 1), datetime(2024, 1, 2)),
        ("13-02-24", datetime(2024, 2, 13), None),
        ("02.13.24", None, datetime(2024, 2, 13)),
        ("1/2/24 14:30", datetime(2024, 2, 1, 14, 30), datetime(2024, 1, 2, 14, 30)),
    ],
)
def test_a_form_leaves_the_order_open(cell, day, month):
    forms = read_forms(pl.Series([cell]))
    assert forms["certain"].to_list() == [None]
    assert forms["day-first"].to_list() == [day]
    assert forms["month-first"].to_list() == [month]


@pytest.mark.parametrize(
    "cell",
    ["2024-13-01", "13/2024", "2024Q5", "1.2.10", "Jui 5, 2018", "Foo 2024", "May",
     "99999999", "20241399", "2024-03-01 25:00", "12:30", "5 May", "2024"],
)  # fmt: skip
def test_what_only_looks_like_a_date_is_none(cell):
    forms = read_forms(pl.Series([cell]))
    assert forms.select("certain", "day-first", "month-first").row(0) == (None,) * 3


def test_words_and_long_texts_are_hopeless():
    cells = pl.Series(["red", "May", "1 " + "x" * 60, "", "2001: A Space Odyssey"])
    assert hopeless(cells).to_list() == [True, True, True, True, True]
