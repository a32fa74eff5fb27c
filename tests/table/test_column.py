"""A column knows its units, and is read strictly from foreign data."""

import pytest

from layerwise.errors import BundleError
from layerwise.table.column import Column
from layerwise.table.dates import DateRule
from layerwise.table.numbers import NumberRule

AGE = Column("age", "number", "why", "number", NumberRule(), (), True)
DUE = Column("due", "date", "why", "date", DateRule("day-first", True), (), True)
JOB = Column("job", "category", "why", "one-hot", None, ("cook", "clerk"), True)
TOWN = Column(
    "town", "category", "why", "embedding", None, tuple("abcdefghijklmnopqrst")
)
NAME = Column("name", "text", "why", "left out")
COLUMNS = [AGE, DUE, JOB, TOWN, NAME]


@pytest.mark.parametrize(
    ("column", "units"),
    [
        (AGE, ("age", "age is missing")),
        (JOB, ("job=cook", "job=clerk", "job is missing")),
        (TOWN, tuple(f"town[{i}]" for i in range(8))),
        (NAME, ()),
        (
            DUE,
            ("due days", "due month sin", "due month cos", "due weekday sin",
             "due weekday cos", "due time sin", "due time cos", "due is missing"),
        ),
    ],
)  # fmt: skip
def test_units_are_named(column, units):
    assert column.units == units


def test_ids_count_missing_cells_last():
    assert [column.n_ids for column in COLUMNS] == [0, 0, 3, 20, 0]


@pytest.mark.parametrize("column", COLUMNS)
def test_through_json_and_back_is_the_identity(column):
    assert Column.from_json(column.to_json(), "c") == column


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"run": 1}, "c has keys that do not belong there: 'run'."),
        ({"kind": "code"},
         "c/kind must be one of 'number', 'yes/no', 'category', 'date', 'text', "
         "'constant', 'id', 'empty'. Got 'code'."),
        ({"kind": ["x"]},
         "c/kind must be one of 'number', 'yes/no', 'category', 'date', 'text', "
         "'constant', 'id', 'empty'. Got a list."),
        ({"encoding": "number"},
         "c/encoding must be one of 'one-hot', 'embedding', 'left out'. Got 'number'."),
        ({"name": 5}, "c/name must be a text. Got 5."),
        ({"name": "\ud800"}, "c/name holds half a character."),
        ({"why": "x" * 1_000_001}, "c/why is longer than 1,000,000 characters."),
        ({"has_missing": 1}, "c/has_missing must be true or false. Got 1."),
        ({"vocabulary": "ab"}, "c/vocabulary must be a list. Got 'ab'."),
        ({"vocabulary": ["a", 1]}, "c/vocabulary/1 must be a text. Got 1."),
        ({"vocabulary": ["a", "a"]}, "c/vocabulary holds the same text twice."),
        ({"vocabulary": []}, "c/vocabulary must not be empty for 'one-hot'."),
        ({"vocabulary": [str(i) for i in range(10_001)]},
         "c/vocabulary has 10,001 items. At most 10,000 are allowed."),
        ({"rule": DUE.to_json()["rule"]}, "c/rule does not fit the kind 'category'."),
        ({"kind": "date", "encoding": "date", "vocabulary": []},
         "c/rule must say how the dates are written."),
        ({"kind": "number", "encoding": "number"},
         "c/vocabulary must be empty for 'number'."),
        ({"kind": "text", "encoding": "one-hot"},
         "c/encoding must be one of 'left out'. Got 'one-hot'."),
    ],
)  # fmt: skip
def test_foreign_columns_are_refused(changes, message):
    with pytest.raises(BundleError) as caught:
        Column.from_json(JOB.to_json() | changes, "c")
    assert str(caught.value) == message


def test_a_column_without_a_field_is_refused():
    data = JOB.to_json()
    del data["why"]
    with pytest.raises(BundleError, match=r"^c lacks 'why'\.$"):
        Column.from_json(data, "c")
