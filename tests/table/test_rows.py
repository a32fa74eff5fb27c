"""The slow reader: exact, and never silent."""

import pytest

from layerwise.errors import ReadError
from layerwise.table.dialect import Dialect
from layerwise.table.rows import read_rows


def test_every_repair_is_counted():
    frame, notes = read_rows(b"a,b\n1\n\n2,3,\n4,5\n", Dialect(), headed=True)
    assert frame.rows() == [("a", "b"), ("1", None), ("2", "3"), ("4", "5")]
    assert notes == (
        "1 row was short; its missing cells are empty.",
        "1 row ended in an empty cell beyond the last column; it was left out.",
        "1 blank line was skipped.",
    )


def test_line_numbers_count_lines_inside_cells():
    with pytest.raises(ReadError, match=r"row 1 .* \(line 4 of the file\)\.$"):
        read_rows(b'a,b\n"x\ny",2\n3,4,5\n', Dialect(), headed=True)


def test_a_cell_beyond_every_measure_is_refused():
    raw = b"a,b\n1," + b"x" * (2**24 + 1) + b"\n"
    with pytest.raises(ReadError, match=r"^the row in line 2 cannot be read: field"):
        read_rows(raw, Dialect(), headed=True)
