"""What the terminal shows of plain data."""

import json

import pytest

from layerwise.cli.render import number, print_json, visible


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
