"""Rules through JSON and back, and foreign rules refused."""

import json

import pytest

from layerwise.errors import BundleError
from layerwise.table.dates import DateRule
from layerwise.table.numbers import NumberRule
from layerwise.table.rules import rule_from_json, rule_to_json


@pytest.mark.parametrize(
    "rule",
    [
        None,
        NumberRule(),
        NumberRule(",", ".", "€", "%", True, ("Varies", "none of these")),
        DateRule("day-first", True),
        DateRule("undecided"),
    ],
)
def test_through_json_and_back_is_the_identity(rule):
    assert rule_from_json(json.loads(json.dumps(rule_to_json(rule))), "r") == rule


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"decimal": ";"}, "r/decimal must be one of '.', ','. Got ';'."),
        ({"thousands": "x"},
         "r/thousands must be one of '', ',', '.', ' ', \"'\". Got 'x'."),
        ({"thousands": "."}, "r uses '.' as both marks."),
        ({"before": "$" * 17}, "r/before is longer than 16 characters."),
        ({"scaled": "yes"}, "r/scaled must be true or false. Got 'yes'."),
        ({"missing": ["a"] * 9}, "r/missing has 9 items. At most 3 are allowed."),
        ({"reads": "code"}, "r/reads must be one of 'numbers', 'dates'. Got 'code'."),
    ],
)  # fmt: skip
def test_foreign_number_rules_are_refused(changes, message):
    with pytest.raises(BundleError) as caught:
        rule_from_json(rule_to_json(NumberRule()) | changes, "r")
    assert str(caught.value) == message


@pytest.mark.parametrize("data", [3, "x", [], {}, {"reads": "dates"}])
def test_what_is_no_rule_is_refused(data):
    with pytest.raises(BundleError, match="^r "):
        rule_from_json(data, "r")
