"""More than 250 columns are read as a careful analyst expects, or the doubt is said."""

import re
from typing import get_args

import polars as pl
import pytest
from columns import SECTIONS
from expected import Also, Expected, column
from verdict import Read, agree, by_layerwise, read_column, verdict

from layerwise.table import Kind, Reading, Table

COLUMNS = [
    pytest.param(column, id=f"{section}: {column.title}")
    for section, columns in SECTIONS.items()
    for column in columns
]


def table_of(column: Expected) -> Table:
    """Make a table of one column."""
    return Table(pl.Series(column.name, column.cells, pl.String).to_frame())


def offers(reading: Reading, also: Also) -> bool:
    """Whether a kind is what the column was read as, or a named alternative."""
    if reading.kind == also.kind and also.kind != "date":
        return True
    return any(
        other.kind == also.kind
        and also.n_lost in (None, other.n_lost)
        and (also.cell is None or {*also.cell.split("|")} & {*other.cells})
        for other in reading.alternatives
    )


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_is_read_as_expected(column: Expected) -> None:
    reading, values = read_column(column, table_of(column))
    assert reading.kind in column.kinds, (reading.why, reading.warnings)
    said = by_layerwise(column, table_of(column)).said
    for words in (*column.doubt, *column.said):
        assert re.search(words, said, re.IGNORECASE), said
    for also in column.also:
        assert offers(reading, also), reading.alternatives
    if reading.kind != column.kind:
        return
    assert reading.n_lost == column.n_lost, reading.lost
    if column.n_missing is not None:
        assert reading.n_missing == column.n_missing
    pairs = list(zip(values, column.values, strict=True))
    assert all(agree(*pair) for pair in pairs), pairs


def test_no_column_is_wrong_without_a_word() -> None:
    silent = [
        param.id
        for param in COLUMNS
        for column in param.values
        if verdict(column, by_layerwise(column, table_of(column)), is_own=True)
        == "wrong without a word"
    ]
    assert silent == []


YES = column("yes/no", "", "yes|no|yes|no", 1, 0, 1, 0)
ORDER = column("date", "", "01/02/2024|03/04/2024", doubt="day.*first")
ZIP = column("category", "", "00501|10001|00501", "00501", "10001", "00501")


@pytest.mark.parametrize(
    ("expected", "read", "found"),
    [
        (YES, Read("yes/no", [1, 0, 1, 0]), "right"),
        (YES, Read("words", ["yes", "no", "yes", "no"]), "right"),
        (YES, Read("words", ["yes", "no", "Yes", "no"]), "wrong without a word"),
        (YES, Read("yes/no", [0, 1, 0, 1]), "wrong without a word"),
        (YES, Read("category", [], offers=(("yes/no", ""),)), "wrong"),
        (ORDER, Read("date", []), "wrong without a word"),
        (ORDER, Read("date", [], ("the day may come first",)), "right"),
        (ORDER, Read("date", [], ("something else",)), "wrong without a word"),
        (ORDER, Read("words", ["01/02/2024", "03/04/2024"]), "wrong without a word"),
        (ORDER, Read("error", [], ("no date",)), "wrong"),
        (ZIP, Read("number", [501, 10001, 501]), "wrong without a word"),
        (ZIP, Read("words", ["00501", "10001", "00501"]), "right"),
    ],
)
def test_a_verdict_is_told_from_kind_values_and_words(
    expected: Expected, read: Read, found: str
) -> None:
    assert verdict(expected, read, is_own=True) == found


def test_there_are_columns_enough_of_every_kind() -> None:
    kinds = {param.values[0].kind for param in COLUMNS}
    assert kinds == set(get_args(Kind))
    assert len(COLUMNS) >= 250
    assert min(len(param.values[0].cells) for param in COLUMNS) >= 6
    assert len({param.id for param in COLUMNS}) == len(COLUMNS)
