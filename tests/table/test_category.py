"""One way of writing a category, and how many are too many."""

import polars as pl
import pytest

from layerwise.table.category import (
    WordRule,
    are_categories,
    are_identifiers,
    as_text,
    names_rows,
    plain_category,
)


@pytest.mark.parametrize(
    "cells",
    [
        pl.Series([3, 10, None]),
        pl.Series([3.0, 10.0, None]),
        pl.Series([3.0, 10.0, float("nan")], dtype=pl.Float32),
        pl.Series(["3", "10", ""]),
        pl.Series([" 3.0", "10.00 ", "NA"]),
        pl.Series(["3", "10", None], dtype=pl.Categorical),
    ],
)
def test_a_category_is_the_same_whatever_its_type(cells):
    assert plain_category(cells).to_list() == ["3", "10", None]


def test_truth_is_the_same_whatever_its_type():
    assert plain_category(pl.Series([True, False])).to_list() == ["true", "false"]
    assert plain_category(pl.Series(["True", "FALSE"])).to_list() == ["true", "false"]


def test_codes_and_fractions_stay_as_they_are():
    cells = ["00501", "00501.0", "1.50", "v2.0", "-3.0"]
    assert plain_category(pl.Series(cells)).to_list() == [
        *("00501", "00501.0", "1.50", "v2.0", "-3"),
    ]


def test_cells_of_any_type_become_texts():
    assert as_text(pl.Series([[1], [2, 3], None])).to_list() == ["...", "...", None]
    assert as_text(pl.Series([{}, b""], dtype=pl.Object)).to_list() == ["{}", "b''"]
    assert as_text(pl.Series([1e300, 0.5])).to_list() == ["1e+300", "0.5"]


@pytest.mark.parametrize(
    ("n_distinct", "n_cells", "are"),
    [
        (3, 4, True),
        (3, 3, False),
        (16, 17, True),
        (17, 34, False),
        (17, 68, True),
        (569, 712, False),
        (2_932, 10_000, False),
        (443, 9_228, True),
        (1_279, 3_054, False),
    ],
)
def test_values_that_repeat_are_categories(n_distinct, n_cells, are):
    assert are_categories(n_distinct, n_cells) is are


@pytest.mark.parametrize(
    ("texts", "are"),
    [
        (["C-17", "C-4"], True),
        (["a1b2-33", "77aa-b1"], True),
        (["Ann", "Bo"], False),
        (["12 Main Street", "9 High Street"], False),
        (["A1", "BB-22-x"], False),
    ],
)
def test_identifiers_share_a_shape(texts, are):
    assert are_identifiers(pl.Series(texts)) is are


@pytest.mark.parametrize(
    "name",
    ["id", "ID", "user_id", "CustomerId", "customerID", "row number", "RowNumber",
     "index", "uuid", "", "unnamed", "Unnamed: 0", "id_customer", "order-id"],
)  # fmt: skip
def test_names_of_identifiers(name):
    assert names_rows(name)


@pytest.mark.parametrize(
    "name",
    ["x", "paid", "valid", "grid", "number", "Covid", "idle", "index_fund", "AID"],
)
def test_names_that_only_look_like_identifiers(name):
    assert not names_rows(name)


def test_what_is_called_missing_is_missing_in_each_way_of_writing_it():
    cells = (["-999", "-999.0", "1"], [-999.0, 1.0, None], [-999, 1])
    for own in ("-999", "-999.0"):
        written = [plain_category(pl.Series(c), WordRule((own,))) for c in cells]
        assert [one.to_list() for one in written] == [
            [None, None, "1"],
            [None, "1", None],
            [None, "1"],
        ]
