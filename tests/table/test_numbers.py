"""Numbers in every dress, and what is no number."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwise.errors import ParameterError
from layerwise.table.numbers import NumberRule, code_like, infer_number_rule


def _infer(cells: list[str]) -> tuple[NumberRule, tuple[str, ...]]:
    counts = pl.DataFrame({"text": cells}).group_by("text").len("n").sort("text")
    return infer_number_rule(counts)


def _values(cells: list[str]) -> list[float | None]:
    return _infer(cells)[0].read(pl.Series(cells)).values.to_list()


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "-2", "+3", "−4", "1.5e3", ".5", "5."], [1, -2, 3, -4, 1500, 0.5, 5]),
        (["$9,300.52", "-$5", "$-5", "$ 7"], [9300.52, -5, -5, 7]),
        (["£4,270.45", "0"], [4270.45, 0]),
        (["€1.234,56", "€2"], [1234.56, 2]),
        (["1.234,56 €", "2 €"], [1234.56, 2]),
        (["1 234,56", "5"], [1234.56, 5]),
        (["1\u202f234,5", "1\u00a0234"], [1234.5, 1234]),
        (["1'234.5", "1’000"], [1234.5, 1000]),
        (["95%", "7.5 %", "3"], [95, 7.5, 3]),
        (["(1,234)", "2,000,000"], [-1234, 2_000_000]),
        (["($1,234.50)"], [-1234.5]),
        (["19M", "8.7k", "2B", "5"], [19e6, 8700, 2e9, 5]),
        (["$1.5M", "$900K"], [1.5e6, 9e5]),
        (["12 kg", "3kg"], [12, 3]),
        (["10,000+", "5+", "1,000,000+"], [10_000, 5, 1_000_000]),
        (["USD 5", "7"], [5, 7]),
        (["3,5", "1,234"], [3.5, 1.234]),
        (["0,250", "1,234"], [0.25, 1.234]),
        (["1,234,567", "1,234"], [1_234_567, 1234]),
        (["1.234.567", "1.234"], [1_234_567, 1234]),
        (["inf", "$5"], [float("inf"), 5]),
        ([" 5 ", "NA", "-", "$6"], [5, None, None, 6]),
    ],
)
def test_dressed_numbers_have_their_values(cells, values):
    assert _values(cells) == values


@pytest.mark.parametrize(
    "cell",
    [
        "1,2,3",
        "12,34",
        "1,23,456",
        "(5",
        "5)",
        "5-",
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
    ("cells", "said"),
    [
        (
            ["1,234", "2,345"],
            "',' was read as standing between thousands, but every cell also fits "
            "before the fraction",
        ),
        (
            ["1.234 €", "2.345 €"],
            "'.' was read as standing before the fraction, but every cell also fits "
            "between thousands",
        ),
        (["$5", "£4"], "its cells mix the currencies '$' and '£'"),
    ],
)
def test_what_a_column_leaves_open_is_said(cells, said):
    assert _infer(cells)[1] == (said,)


@pytest.mark.parametrize(
    "cells", [["$1,234"], ["1,234", "1,234,567"], ["1.5", "2.125"]]
)
def test_what_a_column_decides_needs_no_words(cells):
    assert _infer(cells)[1] == ()


def test_a_unit_belongs_to_every_cell_but_a_currency_may_lack():
    assert _values(["12 kg", "3 kg", "5"]) == [12, 3, None]
    assert _values(["$12", "5"]) == [12, 5]


def test_a_rule_tells_its_dress_in_words():
    rule = _infer(["€1.234,56"])[0]
    assert rule.dress == (
        "'€' before them and '.' between thousands and ',' before the fraction"
    )
    assert rule.has_currency
    assert NumberRule(after="%").is_percent
    assert NumberRule(scaled=True).dress == "K, M or B as a multiplier"


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


@given(
    st.lists(st.floats(-1e12, 1e12).map(lambda x: round(x, 2)), min_size=1, max_size=20)
)
def test_written_with_commas_and_a_currency_then_read_is_the_identity(numbers):
    cells = [f"-${-x:,.2f}" if x < 0 else f"${x:,.2f}" for x in numbers]
    assert _values(cells) == numbers


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"decimal": ";"}, "thousands. Got ';' and ''."),
        ({"decimal": ""}, "thousands. Got '' and ''."),
        ({"thousands": "x"}, "thousands. Got '.' and 'x'."),
        ({"thousands": "."}, "thousands. Got '.' and '.'."),
        ({"before": "$" * 17}, "has up to 16 characters. Got 17 and 0."),
        ({"missing": ("a", "a")}, "that mean no value. Got 'a', 'a'."),
        ({"missing": tuple("abcd")}, "that mean no value. Got 'a', 'b', 'c', 'd'."),
    ],
)
def test_a_rule_that_no_number_follows_is_refused(changes, message):
    with pytest.raises(ParameterError) as caught:
        NumberRule(**changes)
    assert str(caught.value).endswith(message)
