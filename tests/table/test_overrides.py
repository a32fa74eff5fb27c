"""What the user says of columns: refused where it has no meaning, else kept."""

import re

import pytest

from layerwise.errors import ParameterError
from layerwise.table.dates import DateRule
from layerwise.table.numbers import NumberRule
from layerwise.table.overrides import Override, agrees, as_override, override_of
from layerwise.table.reading import Reading

KINDS = (
    "'number', 'yes/no', 'category', 'ordered', 'date', 'duration', 'text', "
    "'constant', 'id', 'empty'"
)
KEYS = "'kind', 'use', 'order', 'decimal', 'thousands', 'yes', 'levels', 'missing'"


def test_what_is_said_in_three_ways_is_the_same():
    expected = Override("date", order="day-first")
    assert override_of(expected) is expected
    assert override_of({"kind": "date", "order": "day-first"}) == expected
    assert override_of("date") == Override("date")
    assert override_of({}) == Override()


def test_all_keys():
    assert override_of({"kind": "number", "decimal": ",", "thousands": "."}) == (
        Override("number", decimal=",", thousands=".")
    )
    assert override_of({"kind": "yes/no", "yes": "ja"}).yes == "ja"
    levels = ["low", "medium", "high"]
    assert override_of({"levels": levels}).levels == tuple(levels)
    assert override_of({"missing": ["none given"]}).missing == ("none given",)
    assert not override_of({"use": False}).is_used
    assert override_of({"use": None, "kind": None, "levels": None}) == Override()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            "numbr",
            f"The 'kind' of a column must be one of {KINDS}. Got 'numbr' instead. Did "
            "you mean 'number'?",
        ),
        (
            {"order": "dayfirst"},
            "The 'order' of a column must be one of 'day-first', 'month-first'. Got "
            "'dayfirst' instead. Did you mean 'day-first'?",
        ),
        (
            {"decimal": ";"},
            "The 'decimal' of a column must be one of '.', ','. Got ';' instead.",
        ),
        (
            {"decimal": ",", "thousands": ","},
            "The 'decimal' and the 'thousands' of a column must differ. Got ',' for "
            "both.",
        ),
        (
            {"kind": "category", "thousands": ","},
            "The 'thousands' of a column is for the kind 'number', but its kind is "
            "'category'. Leave out 'thousands', or change the kind.",
        ),
        (
            {"kinds": "date"},
            f"There is no key 'kinds' for a column. The keys are {KEYS}. Did you mean "
            "'kind'?",
        ),
        (
            {"use": "no"},
            "The 'use' of a column must be true or false. Got 'no' instead.",
        ),
        (
            {"kind": 3},
            "The 'kind' of a column must be a text. Got 3 instead.",
        ),
        (
            {"levels": "low, high"},
            "The 'levels' of a column must be a list of texts. Got 'low, high' "
            "instead.",
        ),
        (
            {"levels": ["low"]},
            "The 'levels' of a column must be 2 to 100 texts. Got 1.",
        ),
        (
            {"missing": ["a", "a"]},
            "The 'missing' of a column must be different texts. Got 'a', 'a'.",
        ),
        (
            {"kind": "id", "use": True},
            "A column of the kind 'id' cannot be used: there is nothing to learn from "
            "it. Give it another kind, such as 'category'.",
        ),
        (
            7,
            "What is said of a column must be a kind or a mapping with keys from "
            f"{KEYS}. Got 7 instead.",
        ),
    ],
)
def test_what_has_no_meaning_is_refused(said, message):
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
        override_of(said)


READINGS = [
    Reading("x", "number", ""),
    Reading("x", "number", "", rule=NumberRule(thousands=",", before="$")),
    Reading("x", "number", "", rule=NumberRule(decimal=",", missing=("keine",))),
    Reading("x", "category", ""),
    Reading("x", "id", ""),
    Reading("x", "date", "", rule=DateRule("undecided")),
    Reading("x", "date", "", rule=DateRule("day-first")),
    Reading("x", "date", "", rule=DateRule("year-first", has_time=True)),
]


@pytest.mark.parametrize("reading", READINGS, ids=repr)
def test_a_reading_in_the_words_of_the_user_is_itself(reading):
    assert agrees(as_override(reading), reading)


@pytest.mark.parametrize(
    ("said", "reading", "is_same"),
    [
        ({}, READINGS[1], True),
        ("number", READINGS[1], True),
        ({"thousands": ","}, READINGS[1], True),
        ({"thousands": ""}, READINGS[1], False),
        ({"missing": ["keine"]}, READINGS[2], True),
        ({"missing": ["leer"]}, READINGS[2], False),
        ("text", READINGS[3], False),
        ({"use": False}, READINGS[3], False),
        ({"use": False}, READINGS[4], True),
        ("category", READINGS[4], False),
        ({"order": "day-first"}, READINGS[5], False),
        ({"use": False}, READINGS[5], False),
        ({"order": "day-first"}, READINGS[6], True),
        ({"order": "month-first"}, READINGS[6], False),
    ],
)
def test_only_what_differs_changes_anything(said, reading, is_same):
    assert agrees(override_of(said), reading) is is_same
