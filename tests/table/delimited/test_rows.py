"""The slow reader: exact, and never silent."""

import pytest

from layerwise.errors import ReadError
from layerwise.table.delimited.dialect import Dialect
from layerwise.table.delimited.report import Repairs
from layerwise.table.delimited.rows import read_rows


def _read(raw: bytes, dialect: Dialect | None = None, headed: bool = True):
    repairs = Repairs()
    frame = read_rows(raw, dialect or Dialect(), headed, repairs)
    return frame.rows(), repairs


def test_every_repair_is_counted():
    rows, repairs = _read(b"a,b\n1\n\n2,3,\n4,5\n")
    assert rows == [("a", "b"), ("1", None), ("2", "3"), ("4", "5")]
    assert repairs == Repairs(n_short=1, n_long=1, n_blank=1)


def test_a_few_long_rows_are_cut_and_named():
    rows, repairs = _read(b"a,b\n" + b"1,2\n" * 30 + b"3,4,5,,6\n" + b"7,8,9\n")
    assert rows[-2:] == [("3", "4"), ("7", "8")]
    assert repairs == Repairs(n_cut=2, n_dropped=3, cut=(32, 33))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            b"a;b\n1;2\n3;4;5\n",
            "row 1 has 3 cells, but the header has 2 columns. Look for an unquoted "
            "semicolon in row 1 (line 3 of the file).",
        ),
        (
            b'a;b\n"x\ny";2\n3;4;5\n',
            "row 1 has 3 cells, but the header has 2 columns. Look for an unquoted "
            "semicolon in row 1 (line 4 of the file).",
        ),
        (
            b"a;b;c\n1;2;3\n\nd;e\n1;2\n",
            "a second table begins in line 4, with 2 columns instead of 3. Put each "
            "table in a file of its own.",
        ),
        (
            b"a;b\n1;2\n\nd;e;f\n1;2;3\n",
            "a second table begins in line 4, with 3 columns instead of 2. Put each "
            "table in a file of its own.",
        ),
        (
            b'a;b\n1;2\n3;"4\n5;6\n',
            'a " opens in line 3 and is never closed. Close it, or double it if it '
            "is part of the cell.",
        ),
        (
            b"a;b\n1;" + b"x" * (2**24 + 1) + b"\n",
            "the row in line 2 holds more than 16 MiB in a cell. Look for a quote or a "
            "line end that is missing.",
        ),
        (
            b";" * 50_000 + b"\n" + b"1\n" * 10_000,
            "it has 50,001 columns, but most of its rows are far shorter. Look "
            "whether its first line belongs to the table.",
        ),
    ],
)
def test_what_is_no_table_is_refused(raw, message):
    with pytest.raises(ReadError) as caught:
        _read(raw, Dialect(";"))
    assert str(caught.value) == message


def test_loose_quotes_are_kept_and_counted():
    rows, repairs = _read(b'a,b\n"x" y,1\n"say "hi" now",2\n\n3\n')
    assert rows[1:] == [('"x" y', "1"), ('say "hi" now', "2"), ("3", None)]
    assert repairs == Repairs(n_quotes=2, n_blank=1, n_short=1)


def test_quotes_behind_a_blank_are_quotes():
    rows, repairs = _read(b'a, "b"\n1, "x, y"\n')
    assert rows == [("a", "b"), ("1", "x, y")]
    assert repairs == Repairs()


def test_comments_are_no_rows_but_quoted_ones_are():
    raw = b'a,b\n#x\n"#y",1\n"z\n#z",2\n  # end\n'
    rows, repairs = _read(raw, Dialect(comment="#"))
    assert rows == [("a", "b"), ("#y", "1"), ("z\n#z", "2")]
    assert repairs == Repairs(n_comments=2)


def test_lines_are_counted_from_where_the_table_begins():
    with pytest.raises(ReadError, match=r"row 0 .* \(line 11 of the file\)\.$"):
        read_rows(b"a,b\n1,2,3\n", Dialect(), True, Repairs(), line=10)


def test_wide_rows_are_read_in_pieces():
    raw = (b"1," * 30_000 + b"2\n") * 100
    rows, _ = _read(raw, headed=False)
    assert len(rows) == 100
    assert {row[-1] for row in rows} == {"2"}
