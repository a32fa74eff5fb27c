"""Every column has a name of its own, and whatever changed is said."""

import polars as pl
import pytest

from layerwise.errors import ReadError
from layerwise.table.delimited import headings
from layerwise.table.delimited.headings import unique_names


def _cells(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    return pl.DataFrame(
        {f"{j}": list(column) for j, column in enumerate(zip(*rows, strict=True))},
        schema={f"{j}": pl.String for j in range(len(rows[0]))},
    )


def named(cells, headed, lacks_name=False):
    header, rows = (cells.row(0), cells[1:]) if headed else (None, cells)
    return headings.named(header, rows, lacks_name)


def test_names_become_unique_without_taking_each_others_place():
    names, notes = unique_names(["a", "a", "a_2", "", " "])
    assert names == ["a", "a_3", "a_2", "unnamed", "unnamed_2"]
    assert notes == (
        "3 column names were empty or repeated, and became 'a_3', 'unnamed', "
        "'unnamed_2'.",
    )


def test_very_many_equal_names_take_no_long_time():
    names, _ = unique_names(["a"] * 100_000)
    assert names[-1] == "a_100000"
    assert len(set(names)) == 100_000


def test_rows_that_repeat_the_header_are_counted():
    cells = _cells(("a", "b"), ("a", "2"), ("a", "b"), (None, None), ("a", "b"))
    frame, notes, n_headers = named(cells, headed=True)
    assert frame.rows() == [("a", "2"), (None, None)]
    assert (notes, n_headers) == ((), 2)


def test_in_one_column_the_name_may_be_a_value():
    frame, _, n_headers = named(_cells(("a",), ("a",)), headed=True)
    assert (frame.rows(), n_headers) == ([("a",)], 0)


def test_rows_without_cells_repeat_no_header_without_names():
    cells = _cells((None, None), (None, None), (None, "1"))
    assert named(cells, headed=True)[0].height == 2


def test_a_delimiter_at_the_end_of_each_line_makes_no_column():
    frame, notes, _ = named(_cells(("a", None), ("1", None)), headed=True)
    assert frame.columns == ["a"]
    assert notes == ("Each line ends in a delimiter; no column is behind it.",)


def test_a_header_that_lacks_a_name_is_said():
    cells = _cells((None, "x"), ("r1", "1"))
    frame, notes, _ = named(cells, headed=True, lacks_name=True)
    assert frame.columns == ["unnamed", "x"]
    assert notes == (
        "The header has no name for the first column; it is called 'unnamed'.",
    )


def test_a_header_alone_is_refused():
    for cells in (_cells(("a", "b")), _cells(("a", "b"), ("a", "b"))):
        with pytest.raises(ReadError) as caught:
            named(cells, headed=True)
        assert str(caught.value) == "it has a header but no rows."
