"""The table is found between titles, comments and notes."""

import pytest

from layerwise.errors import ReadError
from layerwise.table.delimited.dialect import Dialect
from layerwise.table.delimited.layout import Layout, count_below, find_layout
from layerwise.table.delimited.report import Repairs


@pytest.mark.parametrize(
    ("sample", "layout", "repairs"),
    [
        ("a,b\n1,2\n", Layout(0, 1, 2, True), Repairs()),
        ("1,2\n3,4\n", Layout(0, 1, 2, False), Repairs()),
        ("\n\na,b\n1,2\n", Layout(2, 3, 2, True), Repairs()),
        (
            "Größen\n# by us\n\na,b\n1,2\n",
            Layout(18, 4, 2, True),
            Repairs(n_above=1, above="Größen", n_comments=1, n_blank=1),
        ),
        ("# x,y\n1,2\n3,4\n# end\n", Layout(2, 1, 2, True), Repairs()),
        ('"t\nu"\na,b\n1,2\n', Layout(6, 3, 2, True), Repairs(n_above=1, above="t\nu")),
        ("x,y\nr,1,2\ns,1,2\n", Layout(0, 1, 3, True, True), Repairs()),
    ],
)
def test_the_table_is_found_and_what_is_above_counted(sample, layout, repairs):
    found = Repairs()
    assert find_layout(sample, Dialect(comment="#"), found) == layout
    assert found == repairs


def test_comments_alone_are_no_table():
    with pytest.raises(ReadError) as caught:
        find_layout("# a\n# b\n", Dialect(comment="#"), Repairs())
    assert str(caught.value) == "it holds comments only."


def test_too_many_columns_are_refused():
    with pytest.raises(ReadError) as caught:
        find_layout("," * 100_000, Dialect(), Repairs())
    assert str(caught.value) == "it has 100,001 columns; at most 100,000 can be read."


@pytest.mark.parametrize(
    ("below", "n_lines", "first"),
    [
        ("", 0, ""),
        ("3\n", 0, ""),
        ("Berlin\n", 0, ""),
        ("\nBerlin\n", 2, "Berlin"),
        ("\n5\n", 0, ""),
        ("Source: us\n", 1, "Source: us"),
        ("Notes:\nmade by hand\nin March", 3, "Notes:"),
        ("Source: us,\n", 1, "Source: us"),
        ("(2 rows)\n", 1, "(2 rows)"),
        ("Total,7\n", 0, ""),
        ('"x\n\nSource: y",1\n', 0, ""),
        ("a\x85Source: b,1\n", 0, ""),
    ],
)
def test_notes_below_are_told_from_short_rows(below, n_lines, first):
    raw = f"a,b\n1,2\n3,4\n{below}".encode()
    n_bytes = len(below.encode()) if n_lines else 0
    assert count_below(raw, Dialect(), 2) == (n_bytes, n_lines, first)


def test_one_column_has_no_notes():
    assert count_below(b"a\n1\n\nSource: us\n", Dialect(), 1) == (0, 0, "")
