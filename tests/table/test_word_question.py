"""Categories, texts and identifiers, and what else words could be."""

import polars as pl
import pytest

from layerwise.table.questions import Texts
from layerwise.table.reading import Alternative
from layerwise.table.word_question import as_words, as_yes_no, category_alternatives


def _read(cells: list[str], name: str = "x"):
    series = pl.Series(cells, dtype=pl.String)
    return as_words(name, series)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (["ja", "Nein", "ja"], "all 3 cells are 'nein' or 'ja'"),
        (["yes", "y", "N", "-"], "3 of 4 cells are 'n' or 'y' or 'yes'"),
    ],
)
def test_yes_and_no_are_told_in_the_words_of_the_column(cells, why):
    reading = as_yes_no(Texts("x", pl.Series(cells)))
    assert (reading.kind, reading.why) == ("yes/no", why)
    assert reading.alternatives == (Alternative("category"),)


@pytest.mark.parametrize(
    ("counts", "alternatives"),
    [
        ({"red": 2, "green": 2, "blue": 1}, ()),
        ({"male": 3, "Female": 2},
         (Alternative("yes/no", "'male' as yes, or 'female'"),)),
        ({"yes": 3, "no": 2, "maybe": 1},
         (Alternative("yes/no", "", 1, ("maybe",)),)),
        ({"yes": 1, "no": 1, "maybe": 9}, ()),
        ({"low": 3, "High": 2, "medium": 2},
         (Alternative("ordered", "low < medium < high"),)),
        (dict.fromkeys(map(str, range(101)), 5), (Alternative("text"),)),
    ],
)  # fmt: skip
def test_what_a_category_could_be_instead(counts, alternatives):
    frame = pl.DataFrame({"word": list(counts), "n": list(counts.values())})
    assert category_alternatives(frame, sum(counts.values())) == alternatives


@pytest.mark.parametrize(
    ("cells", "warnings"),
    [
        (["US"] * 299 + ["CA"],
         ("Column 'x': 299 of 300 cells hold the same value, 'US'.",)),
        (["Paris", "paris", "PARIS", "Rome", "rome", "Oslo"] * 2,
         ("Column 'x': 'PARIS', 'Paris', 'paris' differ only in case or blanks, and "
          "so do 1 more.",)),
        (["New York", "New  York", "Rome"] * 2,
         ("Column 'x': 'New  York', 'New York' differ only in case or blanks.",)),
        (["EU", "AS", "EU", "NA", "NA"],
         ("Column 'x': 'NA' counts as missing in 2 cells, beside codes of two "
          "letters.",)),
        (["red", "blue", "red", "NA"], ()),
    ],
)  # fmt: skip
def test_what_the_user_should_know_of_a_category(cells, warnings):
    assert _read(cells).warnings == warnings


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("x", ["ann@x.org", "bo@y.example"], "id"),
        ("x", ["https://a.example/1", "http://b.example"], "id"),
        ("zip", ["98122", "98101"], "text"),
        ("x", ["98122", "98101"], "id"),
        ("x", ["Far too loud", "No hot water"], "text"),
        ("x", ["X", None], "category"),
        ("x", ["X", "X"], "constant"),
    ],
)
def test_words_that_do_not_repeat_are_texts_or_name_rows(name, cells, kind):
    assert _read(cells, name).kind == kind


def test_texts_are_no_longer_warned_of():
    reading = _read(
        ["Far too loud", "No hot water", "No hot water", *"abcdefghijklmnop"]
    )
    assert (reading.kind, reading.warnings) == ("text", ())
    assert reading.alternatives == (Alternative("category"),)
