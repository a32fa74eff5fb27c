"""A missing word among numbers may be a category among words."""

import polars as pl

from layerwise.table.missing import AMONG_VALUES, AMONG_WORDS, stripped, without


def test_blank_cells_become_null():
    assert stripped(pl.Series(["a ", "\t", "", None])).to_list() == [
        *("a", None, None, None),
    ]


def test_words_of_absence_depend_on_what_stands_around_them():
    cells = pl.Series(["NA", "n/a", "?", "None", "-", "Nantes", None])
    assert without(cells, AMONG_WORDS).to_list() == [
        *(None, None, None, "None", "-", "Nantes", None),
    ]
    assert without(cells, AMONG_VALUES).to_list() == [*[None] * 5, "Nantes", None]
