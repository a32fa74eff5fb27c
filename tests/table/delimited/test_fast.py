"""Polars reads what it provably reads whole, and nothing else."""

import polars as pl
import pytest

from layerwise.table.delimited.dialect import LARGEST_CELL, Dialect
from layerwise.table.delimited.fast import read_fast

COMMA = Dialect()


@pytest.mark.parametrize(
    ("raw", "rows"),
    [
        (b"a,b\n1,2\n", [("a", "b"), ("1", "2")]),
        (b"a,b\r\n1,\r\n", [("a", "b"), ("1", None)]),
        (b'a,b\n"x,\ny",""\n', [("a", "b"), ("x,\ny", None)]),
        (b'a,b\n"say ""hi""",\n', [("a", "b"), ('say "hi"', None)]),
    ],
)
def test_whole_rows_are_read(raw, rows):
    frame = read_fast(raw, COMMA, 2)
    assert frame is not None
    assert frame.rows() == rows


@pytest.mark.parametrize(
    "raw",
    [
        b"a,b\n1\n",
        b"a,b\n1,2,3\n",
        b"a,b\n\n1,2\n",
        b"a,b\r1,2\r",
        b'a,b\n"x"\n',
        b'a,b\n"x","y","z"\n',
        b'a,b\n"x"y,2\n',
        b'a,b\n5" x,2\n6" x,2\n',
        b'a,b\n1,"2\n',
        b"a,b\n" + b"x" * (LARGEST_CELL + 1) + b",2\n",
    ],
)
def test_what_may_not_be_whole_is_left_to_the_careful_way(raw):
    assert read_fast(raw, COMMA, 2) is None


def test_comments_are_left_to_the_careful_way():
    raw = b"a,b\n1,2\n#c,d\n"
    assert read_fast(raw, Dialect(comment="#"), 2) is None
    frame = read_fast(raw, Dialect(), 2)
    assert frame is not None
    assert frame.height == 3


def test_a_failure_of_polars_is_none(monkeypatch):
    def panic(*_args, **_kwargs):
        raise pl.exceptions.PanicException("index out of bounds")

    monkeypatch.setattr(pl, "read_csv", panic)
    assert read_fast(b"a,b\n1,2\n", COMMA, 2) is None


def test_letters_that_stand_for_escapes_get_their_meaning():
    frame = read_fast("a,b\n\ue000x,2\n".encode(), COMMA, 2, {"\ue000": '"'})
    assert frame is not None
    assert frame.row(1) == ('"x', "2")


def test_a_few_bytes_do_not_become_very_many_cells():
    """Polars would fill each short row before anything could be proven."""
    raw = b'"",' * 60_000 + b'""\n' + b'"x"\n' * 60_000
    assert read_fast(raw, COMMA, 60_001) is None
