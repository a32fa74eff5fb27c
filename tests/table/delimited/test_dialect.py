"""Lines are cut into cells, by the letter or as a person would."""

import pytest

from layerwise.table.delimited.dialect import Dialect, loose_rows


def _loose(text: str) -> list[list[str]]:
    return [row for row, *_ in loose_rows(text, Dialect())]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,\n", [["a", "b"], ["1", ""]]),
        ("a,b\r\n1,2\r3,4", [["a", "b"], ["1", "2"], ["3", "4"]]),
        ('"a, ""b""",c\n', [['a, "b"', "c"]]),
        ('"a\r\nb",c\n', [["a\r\nb", "c"]]),
        ('a, "b, c" ,d\n', [["a", "b, c", "d"]]),
        ('"say "hi" now",2\n', [['say "hi" now', "2"]]),
        ('"a" b,"c"\n', [['"a" b', "c"]]),
        ('5" x,"y"\n', [['5" x', "y"]]),
        ('"open,2\n3,4\n', [['"open', "2"], ["3", "4"]]),
        ('a\n\n""\n', [["a"], [], [""]]),
        ('a\n""', [["a"], [""]]),
        ("a,", [["a", ""]]),
        ("", []),
    ],
)
def test_odd_quotes_are_read_as_a_person_would(text, rows):
    assert _loose(text) == rows


def test_places_lines_and_odd_quotes_are_counted():
    rows = loose_rows('"a\nb",1\n"c" d,"e "f" g"\n', Dialect())
    assert [counts for _, *counts in rows] == [[0, 2, 0], [8, 1, 2]]


@pytest.mark.parametrize("part", ['"a,', ',"""', '"a" ', '" ,', '"a" "', '"', " "])
def test_odd_quotes_take_time_in_proportion(part):
    """Each of these once took a time that grows with its square."""
    assert sum(1 for _ in loose_rows(part * 200_000, Dialect())) == 1


def test_a_cell_may_be_long():
    (row,) = Dialect().reader(["x" * 2**20 + ",1"])
    assert len(row[0]) == 2**20


def test_without_a_quote_quotes_are_letters():
    assert list(Dialect("|", "").reader(['"a|b"'])) == [['"a', 'b"']]


def test_comment_lines_begin_with_their_mark():
    dialect = Dialect(comment="//")
    assert dialect.is_comment("  // x")
    assert not dialect.is_comment("/ x")
    assert not Dialect().is_comment("# x")
