"""Thirteen real tables are read column by column as a person would read them.

What is expected of each column was worked out by looking at the tables, and is
kept in benchmarks/readings/TABLE.json: its kind, and how many units it makes;
null units are the fixed width of hashed text. The target has a task instead.
"""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layerwise.table import (
    Reading,
    Table,
    infer_target,
    learn,
    look,
    read,
    target_column,
)
from layerwise.table.hashing import HASHED_UNITS

ROOT = Path(__file__).resolve().parent.parent.parent
EXPECTED: Mapping[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "benchmarks" / "readings").glob("*.json"))
}


def units(expected: dict[str, Any], reading: Reading) -> int:
    """How many units a column makes; text one more where cells were missing."""
    if expected["units"] is None:
        return HASHED_UNITS + (reading.n_missing > 0)
    return int(expected["units"])


@pytest.fixture(params=EXPECTED)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def train(shared: Path, name: str) -> Table:
    return read(shared / "tables" / f"{name}.train.csv.gz")


def test_there_are_thirteen_tables() -> None:
    assert len(EXPECTED) == 13
    for columns in EXPECTED.values():
        assert sum("target" in column for column in columns.values()) == 1


def test_every_column_is_read_as_a_person_would(name: str, train: Table) -> None:
    assert train.notes == ()
    expected = EXPECTED[name]
    kinds = {reading.name: reading.kind for reading in look(train)}
    assert kinds == {column: one["kind"] for column, one in expected.items()}
    (target,) = (column for column, one in expected.items() if "target" in one)
    found = infer_target(target, target_column(train, target))
    assert found.task == expected[target]["target"]


def test_every_column_makes_the_units_it_should(
    shared: Path, name: str, train: Table
) -> None:
    expected = EXPECTED[name]
    (target,) = (column for column, one in expected.items() if "target" in one)
    readings = look(train, drop=[target])
    schema = learn(train, readings)
    assert {column.name: len(column.units) for column in schema.columns} == {
        reading.name: units(expected[reading.name], reading) for reading in readings
    }
    test = read(shared / "tables" / f"{name}.test.csv.gz")
    described = json.loads((shared / "tables" / "tables.json").read_text())[name]
    assert train.n_rows + test.n_rows == described["rows"]
    encoded = schema.encode(test, known=[target])
    assert encoded.numbers.shape == (test.n_rows, len(schema.number_names))
    assert not np.isinf(encoded.numbers).any()


CELLS = {  # of a column of googleplaystore, as shown and as read
    "Size": ("11M", 11e6),
    "Installs": ("500,000+", 500_000),
    "Price": ("$4.99", 4.99),
    "Last Updated": ("August 4, 2018", "2018-08-04"),
}


def test_cells_of_the_shop_are_read_as_they_are_meant(shared: Path) -> None:
    table = read(shared / "tables" / "googleplaystore.train.csv.gz")
    readings = {reading.name: reading for reading in look(table, features=[*CELLS])}
    for column, (cell, value) in CELLS.items():
        rule = readings[column].rule
        rows = (table.frame[column] == cell).arg_true()
        assert len(rows), column
        read_again = rule.read(table.frame[column][rows[:1]])
        found = getattr(read_again, "moments", None)
        if found is None:
            assert read_again.values[0] == value
        else:
            assert found.dt.to_string("%Y-%m-%d")[0] == value
    said = " ".join(readings["Size"].warnings)
    assert "'Varies with device'" in said
    assert "missing" in said


# A cell is left out after the name, as in one row of the published table: the
# others stand one too far left, and most are no longer what their columns hold.
SHIFTED = 'Ours,1.9,19,3.0M,"1,000+",Free,0,Everyone,,"May 1, 2018",1.0.19,4.0 and up'
LOST = {"Installs": "Free", "Price": "Everyone", "Last Updated": "1.0.19"}


def test_a_shifted_row_is_reported(shared: Path, tmp_path: Path) -> None:
    path = shared / "tables" / "googleplaystore.train.csv.gz"
    shifted = tmp_path / "shifted.csv"
    shifted.write_bytes(gzip.decompress(path.read_bytes()) + f"{SHIFTED}\n".encode())
    table = read(shifted)
    assert any("1 row" in note and "short" in note for note in table.notes), table.notes
    readings = {reading.name: reading for reading in look(table, features=[*LOST])}
    assert {column: reading.lost for column, reading in readings.items()} == {
        column: (cell,) for column, cell in LOST.items()
    }
    for column, cell in LOST.items():
        assert any(cell in warning for warning in readings[column].warnings), column
