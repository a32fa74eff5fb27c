"""How a column dresses its numbers, found from all its distinct texts."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwise.table import dress
from layerwise.table.dress import FoundNumbers, infer_number_rule, open_mark
from layerwise.table.numbers import NumberRule


def _infer(cells: list[str]) -> FoundNumbers:
    counts = pl.DataFrame({"text": cells}).group_by("text").len("n").sort("text")
    return infer_number_rule(counts)


def _values(cells: list[str]) -> list[float | None]:
    return _infer(cells).rule.read(pl.Series(cells)).values.to_list()


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
    ("cells", "said"),
    [
        (
            ["1,234", "2,345"],
            "',' was read as standing between thousands, but every cell also fits "
            "before the fraction",
        ),
        (
            ["1.234 €", "2.345 €"],
            "'.' was read as standing between thousands, but every cell also fits "
            "before the fraction",
        ),
        (
            ["$1.234", "$2.345"],
            "'.' was read as standing before the fraction, but every cell also fits "
            "between thousands",
        ),
        (["500 g", "750 g", "1.5 kg"], "'kg' was read as 1,000 'g'"),
        (["5 kg", "6 kg", "5 cm"], "its cells mix the measures 'cm' and 'kg'"),
        (
            ["~5", "~7"],
            "2 cells give bounds and were read as the number itself, such as '~5'",
        ),
        (["5 €", "6 €", "5 $"], "its cells mix the currencies '$' and '€'"),
        (
            ["<5", "7", "9"],
            "1 cell gives a bound and was read as the number itself, such as '<5'",
        ),
        (
            ["45%", "12%", "0.12", "0.3", "0"],
            "2 cells lack the '%' of the others and were read as they are, such as "
            "'0.12', '0.3'",
        ),
        (
            ["45%", "12%", "7"],
            "1 cell lacks the '%' of the others and was read as it is, such as '7'",
        ),
        (["$5", "£4"], "its cells mix the currencies '$' and '£'"),
    ],
)
def test_what_a_column_leaves_open_is_said(cells, said):
    assert _infer(cells).said == (said,)


@pytest.mark.parametrize(
    "cells", [["$1,234"], ["1,234", "1,234,567"], ["1.5", "2.125"]]
)
def test_what_a_column_decides_needs_no_words(cells):
    assert _infer(cells).said == ()


def test_a_unit_belongs_to_every_cell_but_a_currency_may_lack():
    assert _values(["12 kg", "3 kg", "5"]) == [12, 3, None]
    assert _values(["$12", "5"]) == [12, 5]


def test_a_rule_tells_its_dress_in_words():
    rule = _infer(["€1.234,56"]).rule
    assert rule.dress == (
        "'€' before them and '.' between thousands and ',' before the fraction"
    )
    assert rule.has_currency
    assert NumberRule(scaled=True).dress == "K, M or B as a multiplier"


@given(
    st.lists(st.floats(-1e12, 1e12).map(lambda x: round(x, 2)), min_size=1, max_size=20)
)
def test_written_with_commas_and_a_currency_then_read_is_the_identity(numbers):
    cells = [f"-${-x:,.2f}" if x < 0 else f"${x:,.2f}" for x in numbers]
    assert _values(cells) == numbers


def test_a_bare_fraction_of_three_digits_may_be_thousands():
    assert open_mark(pl.Series(["1.234", "-12.345"]))
    for cells in (["1.234", "0.345"], ["1.5", "2.5"], ["1.234", "12"], []):
        assert not open_mark(pl.Series(cells, dtype=pl.String))


@settings(max_examples=30)
@given(st.lists(st.text("0012345.,-$€é x\n\0", max_size=9), unique=True))
def test_many_texts_joined_are_read_as_each_alone(cells):
    cells = [*cells, "$1,005.00", "$20"]
    joined = _infer(cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dress, "N_JOINED", 2)
        assert _infer(cells) == joined
        patch.setattr(dress, "LONGEST_JOINED", 0)
        assert _infer(cells) == joined


def test_digits_behind_others_make_no_form_of_their_own():
    cells = [f"${i // 100}.{i % 100:02}" for i in range(1, 2000)]
    counts = pl.DataFrame({"text": cells, "n": [1] * len(cells)})
    forms = dress._by_form(counts)
    assert forms["n"].sum() == len(cells)
    # One, or ten and more; with tenths, or with a first zero behind the point.
    assert forms.rows() == [
        *(("$0.01", 9), ("$0.10", 90)),
        *(("$1.00", 90), ("$1.10", 810)),
        *(("$10.00", 100), ("$10.10", 900)),
    ]
