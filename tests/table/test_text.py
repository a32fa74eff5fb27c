"""Text files: what is found out about them, and what is repaired aloud."""

import pytest

from layerwise.errors import ReadError
from layerwise.table.text import parse_text, unique_names


def _cells(raw: bytes) -> dict[str, list[str | None]]:
    return parse_text(raw)[0].to_dict(as_series=False)


def _notes(raw: bytes) -> tuple[str, ...]:
    return parse_text(raw)[1]


@pytest.mark.parametrize(
    ("raw", "cells"),
    [
        (b"a,b\r1,2\r3,4", {"a": ["1", "3"], "b": ["2", "4"]}),
        (b"a,b\r\n1,2\r\n3,4\r\n", {"a": ["1", "3"], "b": ["2", "4"]}),
        (b"a,b\n1,2\r\n3,4", {"a": ["1", "3"], "b": ["2", "4"]}),
        (b"\n\na,b\n1,2\n\n\n", {"a": ["1"], "b": ["2"]}),
        (b"a;b\n1,5;2,5\n3,5;4,5\n", {"a": ["1,5", "3,5"], "b": ["2,5", "4,5"]}),
        (b"a\tb\nx\ty z\n", {"a": ["x"], "b": ["y z"]}),
        (b"a|b\nx|y\n", {"a": ["x"], "b": ["y"]}),
        (b"name\nhello, you\nfoo\nx, y\n", {"name": ["hello, you", "foo", "x, y"]}),
        (b"x\n1,5\n2,5\n", {"x": ["1,5", "2,5"]}),
        (b"one\n1\n2\n", {"one": ["1", "2"]}),
        (b'a\n1\n\n2\n""\n', {"a": ["1", None, "2", None]}),
        (b'a,b\n"x\ny",2\n,\n', {"a": ["x\ny", None], "b": ["2", None]}),
        (b'a,b\n"say ""hi""",2\n', {"a": ['say "hi"'], "b": ["2"]}),
        (b"a,b\n'x,y','z'\n'u,v','w'\n", {"a": ["x,y", "u,v"], "b": ["z", "w"]}),
        (b'a,b\n1,5" x\n3,4" y\n', {"a": ["1", "3"], "b": ['5" x', '4" y']}),
        (b'a,b\n1,5" x\n3,4\n', {"a": ["1", "3"], "b": ['5" x', "4"]}),
        (b"\xef\xbb\xbfa,b\n1,2\n", {"a": ["1"], "b": ["2"]}),
        (b"zip,n\n00501,1\n", {"zip": ["00501"], "n": ["1"]}),
        (b"a,b\n  x ,2\n", {"a": ["  x "], "b": ["2"]}),
        (b"country,2019,2020\nUS,1,2\nUK,3,4\n",
         {"country": ["US", "UK"], "2019": ["1", "3"], "2020": ["2", "4"]}),
    ],
)  # fmt: skip
def test_cells_are_read_as_they_stand(raw, cells):
    assert _cells(raw) == cells
    assert _notes(raw) == ()


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        (
            "a,b\nx,ü\n".encode("cp1252"),
            "The text is not UTF-8; it was read as Windows-1252.",
        ),
        ("a,b\nx,ü\n".encode("utf-16"), "The text is UTF-16."),
        ("a,b\nx,ü\n".encode("utf-16-le"), "The text is UTF-16."),
        (
            b"31,clerk\n45,cook\n",
            "The file has no header; its columns are called x0 to x1.",
        ),
        (b"31\n45\n", "The file has no header; its column is called x0."),
        (b"a,b\n1\n3,4\n", "1 row was short; its missing cells are empty."),
        (b"a,b\n1\n3\n5,6\n", "2 rows were short; their missing cells are empty."),
        (b"a,b\n1,2\n\n3,4\n", "1 blank line was skipped."),
        (
            b"a,b\n1,2,\n3,4,\n",
            "2 rows ended in empty cells beyond the last column; they were left out.",
        ),
        (
            b"a,a,\n1,2,3\n",
            "2 column names were empty or repeated, and became 'a_2', 'unnamed'.",
        ),
    ],
)
def test_what_was_found_or_repaired_is_said(raw, note):
    assert _notes(raw) == (note,)


def test_latin_text_keeps_its_letters():
    assert _cells("a,b\nx,ü\n".encode("cp1252")) == {"a": ["x"], "b": ["ü"]}
    assert _cells("a,b\nx,ü\n".encode("utf-16")) == {"a": ["x"], "b": ["ü"]}


def test_quoted_short_rows_are_counted():
    raw = b'a,b\n"x,y"\n"u,v",w\n'
    assert _cells(raw) == {"a": ["x,y", "u,v"], "b": [None, "w"]}
    assert _notes(raw) == ("1 row was short; its missing cells are empty.",)


def test_long_row_without_header_is_told_against_row_0():
    with pytest.raises(ReadError) as caught:
        parse_text(b"1,2\n3,4\n5,6,7\n")
    assert str(caught.value) == (
        "row 2 has 3 cells, but row 0 has 2. Look for an unquoted comma in row 2 "
        "(line 3 of the file)."
    )


def test_many_rows_read_alike_on_both_ways():
    rows = "".join(f"{i},{i * i}\n" for i in range(120_000))
    fast, _ = parse_text(f"a,b\n{rows}".encode())
    slow, notes = parse_text(f"a,b\n{rows}7\n".encode())
    assert slow[:-1].equals(fast)
    assert slow.row(-1) == ("7", None)
    assert notes == ("1 row was short; its missing cells are empty.",)


def test_names_become_unique_without_taking_each_others_place():
    names, notes = unique_names(["a", "a", "a_2", "", " "])
    assert names == ["a", "a_3", "a_2", "unnamed", "unnamed_2"]
    assert notes == (
        "3 column names were empty or repeated, and became 'a_3', 'unnamed', "
        "'unnamed_2'.",
    )
