"""Titles are told from the table below them."""

import pytest

from layerwise.table.delimited.start import Start, find_start, usual_width


@pytest.mark.parametrize(
    ("rows", "start"),
    [
        (["a,b", "1,2"], Start(0)),
        (["My sales", "day,n", "1,2", "2,2"], Start(1)),
        (["Title: x", "2024,made by us", "a,b,c", "1,2,3", "1,2,3"], Start(2)),
        (["my report", "name,job,town", "bob,clerk,Rome"], Start(1)),
        (["Sales,,", ",,", "day,region,n", "1,north,5"], Start(2)),
        (["Sales, of, all, shops", "day,n", "1,2", "2,2"], Start(1)),
        # a header wider than the rows, and one narrower
        (["one,two,three,four", "1,a,alice", "2,b,bob"], Start(0)),
        (["x,y", "r1,1,2", "r2,3,4"], Start(0, lacks_name=True)),
        # a delimiter at the end of each row is no column
        (["x,y", "1,2,", "3,4,"], Start(0)),
        (["x,y", "1,2,3"], Start(0)),
        # a header with one name is one
        (["a,,,", "123,x,,1"], Start(0)),
        # two tables
        (["a,b,c", "1,2,3", "4,5,6", "a,b,c,d", "1,2,3,4", "1,2,3,4"], Start(0)),
        # one column of prose
        (["name", "hello, you", "foo", "x, y"], Start(0)),
    ],
)
def test_the_first_row_of_the_table_is_found(rows, start):
    assert find_start([row.split(",") for row in rows]) == start


def test_most_rows_decide_the_width():
    assert usual_width([["a"], ["a", "b"], ["1", "2"], ["1", "2", "3"]]) == 2
    assert usual_width([["a"]]) == 1
