"""Which of two words is yes, in many languages, and what else counts as it."""

import polars as pl
import pytest

from layerwise.errors import ParameterError
from layerwise.table.yes_no import NO, PAIRS, YES, YesNoRule, known_pair


def test_no_word_is_yes_here_and_no_there():
    no = {pair[0] for pair in PAIRS} | {*NO}
    yes = {pair[1] for pair in PAIRS} | {*YES}
    assert no & yes == set()
    assert len(set(PAIRS)) == len(PAIRS)


@pytest.mark.parametrize(("no", "yes"), PAIRS[:-1])
def test_each_pair_is_known(no, yes):
    rule = known_pair({no, yes})
    assert (rule.no, rule.yes) == (no, yes)
    read = rule.read(pl.Series([no, f" {yes} ", None]))
    assert read.values.to_list() == [0.0, 1.0, None]


@pytest.mark.parametrize(
    "words",
    [
        {"male", "female"},
        {"yes"},
        {"0", "1"},
        {"yes", "no", "maybe"},
        set(),
        {"a", "y"},
    ],
)
def test_other_words_are_the_users_to_tell(words):
    assert known_pair(words) is None


def test_several_spellings_are_one_pair():
    assert known_pair({"yes", "y", "no", "n"}) == YesNoRule("no", "yes")
    assert known_pair({"y", "n", "false", "1"}) == YesNoRule("n", "y")
    assert known_pair({"yes", "f", "0"}) == YesNoRule("no", "yes")


@pytest.mark.parametrize(
    ("rule", "cells", "values", "n_unread"),
    [
        (YesNoRule(), ["Yes", "f", "perhaps", "-"], [1, 0, None, None], 1),
        (YesNoRule("nein", "ja"), ["JA", "false", "1", "0.0"], [1, 0, 1, 0], 0),
        (YesNoRule("male", "female"), ["female", "yes"], [1, None], 1),
        (YesNoRule("yes", "no"), ["yes", "no", "true"], [0, 1, None], 1),
        (YesNoRule("no", "yes", ("refused",)), ["refused", "yes"], [None, 1], 0),
    ],
)
def test_a_rule_reads_its_own_words_and_the_usual_ones_of_its_pair(
    rule, cells, values, n_unread
):
    read = rule.read(pl.Series(cells))
    assert read.values.to_list() == values
    assert read.unreadable.sum() == n_unread


@pytest.mark.parametrize(
    ("no", "yes"), [("yes", "yes"), ("", "yes"), ("no", "y" * 201)]
)
def test_words_that_cannot_be_told_apart_are_refused(no, yes):
    with pytest.raises(ParameterError) as caught:
        YesNoRule(no, yes)
    assert str(caught.value) == (
        "No and yes are two different words, each of up to 200 characters. Got "
        f"{no[:20]!r} and {yes[:20]!r}."
    )
