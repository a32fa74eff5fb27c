"""Words with an order that everybody knows, and words that have none."""

import polars as pl
import pytest

from layerwise.errors import ParameterError
from layerwise.table.ordered import OrderedRule, known_order


@pytest.mark.parametrize(
    "levels",
    [
        ("low", "medium", "high"),
        ("small", "medium", "large"),
        ("xs", "s", "m", "l", "xl", "xxl"),
        ("never", "rarely", "sometimes", "often", "always"),
        ("strongly disagree", "disagree", "neutral", "agree", "strongly agree"),
        ("very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"),
        ("poor", "fair", "good", "excellent"),
        ("po", "fa", "ta", "gd", "ex"),
        ("primary", "secondary", "tertiary"),
        ("high school", "bachelor", "master", "phd"),
        ("hs-grad", "some-college", "bachelors", "masters", "doctorate"),
        ("jan", "feb", "mar", "may", "sep", "dec"),
        ("monday", "tuesday", "sunday"),
        ("mo", "di", "mi", "so"),
        ("bronze", "silver", "gold"),
        ("niedrig", "mittel", "hoch"),
        ("1st", "2nd", "3rd", "10th"),
        ("q1", "q2", "q3", "q4"),
        ("grade 1", "grade 2", "grade 10"),
        ("0-9", "10-19", "65+"),
        ("<18", "18 - 34", "35 to 64", ">64"),
        ("less than $20k", "$20k - $40k", "$40k - $120k", "$120k and over"),
        ("$0 - $9,999", "$10,000 - $19,999", "over $20,000"),
        ("<=50k", ">50k"),
        ("i", "ii", "iv", "ix"),
        ("d", "c-", "c", "c+", "b", "a"),
    ],
)
def test_known_orders_are_found_in_any_order_of_words(levels):
    for words in (sorted(levels), sorted(levels, reverse=True)):
        assert known_order([word.upper() for word in words]).levels == levels


@pytest.mark.parametrize(
    "words",
    [
        ["north", "south", "east"],
        ["low"],
        ["low", "red"],
        ["med", "medium"],
        ["3-2", "1-0", "0-0"],
        ["10", "20", "30"],
        ["a1", "b2"],
        ["1st", "first"],
        [],
        [f"level {i}" for i in range(101)],
        ["low", "h" * 201],
    ],
)
def test_words_without_a_known_order_have_none(words):
    assert known_order(words) is None


def test_a_rule_reads_the_place_of_each_word():
    read = OrderedRule(("low", "high"), ("never",)).read(
        pl.Series([" Low", "HIGH", "huge", "never", "?", None])
    )
    assert read.values.to_list() == [0, 1, None, None, None, None]
    assert read.unreadable.to_list() == [False, False, True, False, False, False]


@pytest.mark.parametrize(
    ("levels", "n"),
    [
        (("a",), 1),
        (("a", "a"), 2),
        (tuple(map(str, range(101))), 101),
        (("a" * 201, "b"), 2),
    ],
)
def test_levels_that_are_none_are_refused(levels, n):
    with pytest.raises(ParameterError) as caught:
        OrderedRule(levels)
    assert str(caught.value) == (
        "An order has 2 to 100 different levels, each of up to 200 characters. "
        f"Got {n}."
    )
