"""Quotes are counted, and escapes taken out, without going line by line."""

import pytest

from layerwise.errors import ReadError
from layerwise.table.delimited.dialect import Dialect
from layerwise.table.delimited.quotes import CHUNK_BYTES, count_quotes, without_escapes


@pytest.mark.parametrize(
    ("raw", "counts"),
    [
        (b"a,b\n1,2\n", (0, 0, 0, 2, 2)),
        (b'"a","b"\n', (2, 0, 0, 1, 1)),
        (b'"a,\n""b""",c\r\n', (1, 0, 3, 1, 1)),
        (b'"","" \n', (2, 1, 2, 1, 1)),
        (b'5" x,6" y\n', (0, 2, 0, 1, 0)),
        (b'a,"b\n', (1, 1, 0, 0, 1)),
        (b'"', (1, 1, 0, 0, 0)),
    ],
)
def test_quotes_and_what_is_outside_of_them_are_counted(raw, counts):
    assert count_quotes(raw, Dialect()) == counts


def test_a_quote_at_the_edge_of_a_piece_counts_once():
    for shift in range(3):
        raw = b"x" * (CHUNK_BYTES - 3 - shift) + b',"a,\nb",1\n'
        assert count_quotes(raw, Dialect()) == (1, 0, 0, 1, 2)
    raw = b"x" * (CHUNK_BYTES - 2) + b',""\n'
    assert count_quotes(raw, Dialect()) == (1, 0, 1, 1, 1)
    raw = b'"' + b"," * CHUNK_BYTES + b'",1\n'
    assert count_quotes(raw, Dialect()) == (1, 0, 0, 1, 1)


def _read(text: bytes, dialect: Dialect) -> str:
    raw, meaning = without_escapes(text, dialect)
    return "".join(f"<{meaning[x]}>" if x in meaning else x for x in raw.decode())


def test_only_what_needs_an_escape_is_one():
    dialect = Dialect(escape="\\")
    assert _read(rb"a\"b", dialect) == 'a<">b'
    assert _read(rb"a\\\"b", dialect) == 'a<\\><">b'
    assert _read(rb"a\\,b\,c", dialect) == "a<\\>,b<,>c"
    assert _read(rb"\N,\n", dialect) == r"\N,\n"
    assert _read(b"a\\\r\nb\\\nc", dialect) == "a<\r\n>b<\n>c"
    assert _read(rb"a\"b", Dialect()) == r"a\"b"


def test_letters_of_the_text_are_not_taken():
    raw, meaning = without_escapes('\ue000\\"'.encode(), Dialect(escape="\\"))
    assert raw.decode() == "\ue000\ue001"
    assert meaning == {"\ue001": '"'}


def test_a_text_of_every_private_letter_is_refused():
    letters = "".join(map(chr, range(0xE000, 0xF900)))
    with pytest.raises(ReadError) as caught:
        without_escapes(f'{letters}\\"'.encode(), Dialect(escape="\\"))
    assert str(caught.value) == (
        "it holds every letter for private use, so it is no table."
    )
