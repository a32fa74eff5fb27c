"""Each repair is said in a sentence, singular and plural."""

from dataclasses import fields

import pytest

from layerwise.table.delimited.report import Repairs


@pytest.mark.parametrize(
    ("repairs", "sentence"),
    [
        (Repairs(n_letters=1), "1 letter was no UTF-8 and became �."),
        (Repairs(n_letters=2), "2 letters were no UTF-8 and became �."),
        (
            Repairs(n_above=1, above="Sales"),
            "1 line above the table was skipped: 'Sales'.",
        ),
        (
            Repairs(n_below=1200, below="Source: us"),
            "1,200 lines below the table were skipped, first 'Source: us'.",
        ),
        (Repairs(n_headers=1), "1 line repeated the header and was skipped."),
        (Repairs(n_comments=2), "2 comment lines were skipped."),
        (Repairs(n_blank=1), "1 blank line was skipped."),
        (Repairs(n_short=2), "2 rows were short; their missing cells are empty."),
        (
            Repairs(n_long=1),
            "1 row ended in an empty cell beyond the last column; it was left out.",
        ),
        (
            Repairs(n_cut=1, n_dropped=2, cut=(7,)),
            "1 row had more cells than there are columns; those beyond the last "
            "column were left out (line 7).",
        ),
        (
            Repairs(n_cut=5, n_dropped=5, cut=(7, 9, 1200)),
            "5 rows had more cells than there are columns; those beyond the last "
            "column were left out (lines 7, 9, 1,200 and 2 more).",
        ),
        (
            Repairs(n_quotes=1),
            "1 cell held a quote that was not doubled; it was kept as it stands.",
        ),
    ],
)
def test_each_repair_is_said(repairs, sentence):
    assert repairs.sentences() == (sentence,)


def test_no_repair_is_silent():
    for field in fields(Repairs):
        if field.name.startswith("n_") and field.name not in (
            "n_dropped",  # said with n_cut
            "n_letter_cells",  # said with n_letters
        ):
            assert len(Repairs(**{field.name: 1}).sentences()) == 1, field.name


def test_lines_that_are_no_rows_are_summed():
    assert Repairs(1, "", 2, "", 4, 8, 16).n_lines == 31
