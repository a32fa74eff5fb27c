"""Numbers in every dress, and what is no number."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwise.errors import ParameterError
from layerwise.table.numbers import NumberRule, code_like


@pytest.mark.parametrize(
    "cell",
    [
        "1,2,3",
        "12,34",
        "1,23,456",
        "(5",
        "5)",
        "-5-",
        "1.2.3",
        "1-2",
        "--5",
        "0x1",
        "٣",
        "$٣",
    ],
)
def test_malformed_numbers_are_refused(cell):
    rule = NumberRule(thousands=",")
    read = rule.read(pl.Series([cell, "1,000"]))
    assert read.values.to_list() == [None, 1000]
    assert read.unreadable.to_list() == [True, False]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["00501", "10001"], "cells such as '00501' begin with a zero, as codes do"),
        (
            ["9007199254740993"],
            "integers such as '9007199254740993' reach 2**53, where numbers can "
            "no longer be told apart",
        ),
        (["0", "0.5", "-0", "1e3", "9007199254740991"], None),
    ],
)
def test_codes_are_no_numbers(cells, reason):
    assert code_like(pl.Series(cells)) == reason


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"decimal": ";"}, "thousands. Got ';' and ''."),
        ({"decimal": ""}, "thousands. Got '' and ''."),
        ({"thousands": "x"}, "thousands. Got '.' and 'x'."),
        ({"thousands": "."}, "thousands. Got '.' and '.'."),
        ({"before": "$" * 21}, "has up to 20 characters. Got 21."),
        ({"missing": ("a", "a")}, "each of up to 100 characters. Got 'a', 'a'."),
        ({"measures": (("kg", 0.0),)}, "each with a size above zero. Got 1."),
        ({"measures": (("kg", 1.0),), "after": "g"}, "a size above zero. Got 1."),
        ({"bounds": "!"}, "The marks of bounds are '<>≤≥~≈+'. Got '!'."),
    ],
)
def test_a_rule_that_no_number_follows_is_refused(changes, message):
    with pytest.raises(ParameterError) as caught:
        NumberRule(**changes)
    assert str(caught.value).endswith(message)


AFFIXES = st.sampled_from(
    ["", "$", "US$", "Rs.", "%", "kg", "m2", "e", "1", "-", "a–b"]
)
PARTS_OF_CELLS = st.sampled_from(
    [*"0123456789", *".,'-+() $%", "1.234", "1,234", "12,34,567", "kg", "US$", "Rs."]
    + ["m2", "e", "E5", "K", "−", "a–b", "٣", "nan", "inf", "\u00a0"]
)


@settings(deadline=None)
@given(
    decimal=st.sampled_from([".", ","]),
    thousands=st.sampled_from(["", " ", "'", "_", ",", "."]),
    before=AFFIXES,
    after=AFFIXES,
    in_pairs=st.booleans(),
    bounds=st.sampled_from(["", "<", "+"]),
    cells=st.lists(st.lists(PARTS_OF_CELLS, max_size=5).map("".join), min_size=20),
)
def test_quick_reading_gives_what_the_long_one_gives(
    decimal, thousands, before, after, in_pairs, bounds, cells
):
    if decimal == thousands:
        thousands = ""
    rule = NumberRule(
        decimal, thousands, before, after, bounds=bounds, in_pairs=in_pairs
    )
    dressed = [before + cell + after for cell in cells] + [before + c for c in cells]
    series = pl.Series([*cells, *dressed], dtype=pl.String).str.strip_chars()
    quick, long = rule._undressed(series), rule._dressed(series)
    assert quick.fill_null(long).equals(long)
    assert rule.values(series).equals(long)


def test_most_cells_are_read_quickly():
    cells = pl.Series(["$1,234.50", "$7", "12", "$-3", "free"])
    quick = NumberRule(thousands=",", before="$")._undressed(cells)
    assert quick.to_list() == [1234.5, 7.0, 12.0, None, None]
