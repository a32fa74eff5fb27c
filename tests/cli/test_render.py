"""What the terminal shows of plain data."""

import io
import json
import sys

import pytest

from layerwise.cli.render import (
    console,
    drawing,
    number,
    print_json,
    visible,
    visible_lines,
)


@pytest.mark.parametrize(
    ("encoding", "cell"), [("utf-8", "$1 → 1 · R²…"), ("ascii", "$1 = 1 | R2~")]
)
def test_drawing_is_neat_in_any_encoding(monkeypatch, encoding, cell):
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    monkeypatch.setattr(sys, "stdout", out)
    table = drawing()
    for header in ("a", "b"):
        table.add_column(header, width=20)
    table.add_row("$1 → 1 · R²…", "x")
    console().print(table)
    out.flush()
    lines = out.buffer.getvalue().decode(encoding).splitlines()
    assert lines == [f"a{'b':>22}", f"{cell:<22}x"]


def test_what_is_not_finite_becomes_null(capsys):
    print_json({"a": [float("nan"), float("inf"), 1.5], "b": {"c": (None, "£")}})
    out = capsys.readouterr().out
    assert json.loads(out) == {"a": [None, None, 1.5], "b": {"c": [None, "£"]}}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (0.0, "0.000"),
        (0.838, "0.8380"),
        (-0.5, "-0.5000"),
        (12.3456, "12.35"),
        (999.96, "1,000.0"),
        (123456.7, "123,457"),
        (0.00001234, "1.234e-05"),
        (1e300, "1.000e+300"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
    ],
)
def test_numbers_are_readable(value, text):
    assert number(value) == text


def test_letters_stay_and_control_characters_show():
    assert visible("naïve 東京 1\u202f234") == "naïve 東京 1\u202f234"
    assert visible("a\tb\x9bc\u202e") == "a\\tb\\x9bc\\u202e"


def test_lines_stay_apart():
    assert visible_lines("a\x1b[2J\n\tb\u2028c\r\n") == "a\\x1b[2J\n\\tb\\u2028c\\r\n"


def test_json_holds_what_steers_a_terminal_as_escapes(capsys):
    data = {"\x9b2J\x7f": ["\x1b]0;a\x07", "\u202ea\u2066", "naïve 東京"]}
    print_json(data)
    out = capsys.readouterr().out
    assert out.removesuffix("\n").isprintable()
    assert "naïve 東京" in out
    assert json.loads(out) == data
