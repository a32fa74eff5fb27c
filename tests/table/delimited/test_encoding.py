"""Bytes become letters: as marked, as UTF-8, or as Windows-1252."""

import pytest

from layerwise.errors import ReadError
from layerwise.table.delimited.encoding import CHUNK_BYTES, to_utf8


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("plain", "utf-8"),
        ("Zürich", "utf-8"),
        ("Zürich", "utf-8-sig"),
        ("Zürich", "cp1252"),
        ("a,ü\n", "utf-16"),
        ("a,b\n", "utf-16-le"),
        ("a,b\n", "utf-16-be"),
        ("a,ü\n", "utf-32"),
        ("", "utf-8"),
    ],
)
def test_encoding_is_found(text, encoding):
    raw = text.encode(encoding)
    assert to_utf8(raw) == (text.encode(), encoding, 0)


def test_a_few_broken_letters_do_not_change_the_others():
    raw = "Ü,ä,ö,é,ß\n".encode() + b"\xff,\xed\xa0\x80,1\n"
    text, encoding, n_broken = to_utf8(raw)
    assert (encoding, n_broken) == ("utf-8", 4)
    assert text.decode() == "Ü,ä,ö,é,ß\n�,���,1\n"


def test_letters_without_a_place_in_windows_1252_are_latin_1():
    assert to_utf8(b"\x81\xe9")[0].decode() == "\x81é"


def test_a_letter_across_two_pieces_is_whole():
    raw = b"a" * (CHUNK_BYTES - 1) + "ü".encode()
    assert to_utf8(raw) == (raw, "utf-8", 0)


@pytest.mark.parametrize(
    ("raw", "kind"), [(b"\xff\xfe\0", "UTF-16"), (b"\xff\xfe\0\0\1", "UTF-32")]
)
def test_a_text_that_is_not_what_it_says_is_refused(raw, kind):
    with pytest.raises(ReadError) as caught:
        to_utf8(raw)
    assert str(caught.value) == (
        f"it begins like {kind}, but cannot be read as such. Save it as UTF-8."
    )
