"""Encoding, delimiter, quote and header are found without being told."""

import pytest

from layerwise.table.dialect import Dialect, find_dialect, find_encoding, has_header


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (b"plain", "utf-8"),
        ("Zürich".encode(), "utf-8"),
        ("Zürich".encode("utf-8-sig"), "utf-8-sig"),
        ("Zürich".encode("cp1252"), "cp1252"),
        ("a,b\n".encode("utf-16"), "utf-16"),
        ("a,b\n".encode("utf-16-be"), "utf-16-be"),
        (b"", "utf-8"),
    ],
)
def test_encoding_is_found(raw, encoding):
    assert find_encoding(raw) == encoding


@pytest.mark.parametrize(
    ("sample", "dialect"),
    [
        ("a,b\n1,2\n", Dialect(",")),
        ("a;b\n1;2\n", Dialect(";")),
        ("a\tb\n1\t2\n", Dialect("\t")),
        ("a;b\n1,5;2,5\n3,5;4,5\n", Dialect(";")),
        ('a,b\n"x;y;z","u"\n"v;w;w",3\n', Dialect(",")),
        ("a\n1\n", Dialect(is_single=True)),
        ("t\n10:30\n11:30\n", Dialect(is_single=True)),
        ("a,b\n'x,y',1\n'z,z',2\n", Dialect(",", "'")),
        ("a,b\nx\u2028y,1\n", Dialect(",")),
        ("it's,b\ndon't,1\n", Dialect(",")),
    ],
)
def test_dialect_is_found(sample, dialect):
    assert find_dialect(sample) == dialect


@pytest.mark.parametrize(
    ("rows", "is_header"),
    [
        (["age,job", "31,clerk"], True),
        (["31,clerk", "45,cook"], False),
        (["red,small", "blue,large"], True),
        (["red,small", "red,small", "blue,large"], False),
        (["0,1,2", "0.5,0.1,0.3"], True),
        (["7,0,0", "3,0,1"], False),
        (["country,2019,2020", "US,1,2"], True),
        ([",a", "0,x"], True),
        (["a,b"], True),
    ],
)
def test_header_is_told_from_data(rows, is_header):
    assert has_header([f"{row}\n" for row in rows], Dialect()) is is_header


def test_a_long_odd_cell_is_no_number_and_takes_no_time():
    """The pattern of a number would look at each blank again and again."""
    lines = ["a,b\n", "1" + " " * 200_000 + "x,2\n", "3,4\n"]
    assert has_header(lines, Dialect())
