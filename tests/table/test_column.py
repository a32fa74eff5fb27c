"""A column knows its units, and is read strictly from foreign data."""

import json
from dataclasses import replace

import pytest

from layerwise.errors import BundleError, ColumnError
from layerwise.plain import from_plain, to_plain
from layerwise.table.column import Column
from layerwise.table.dates import DateRule
from layerwise.table.numbers import NumberRule
from layerwise.table.ordered import OrderedRule

AGE = Column("age", "number", "why", "number", NumberRule(), (), True)
DUE = Column("due", "date", "why", "date", DateRule("day-first", True), (), True)
JOB = Column("job", "category", "why", "one-hot", None, ("cook", "clerk"), True)
TOWN = Column(
    "town", "category", "why", "embedding", None, tuple("abcdefghijklmnopqrst")
)
NAME = Column("name", "text", "why", "left out")
NOTE = Column("note", "text", "why", "hashed", has_missing=True)
PAID = Column("paid", "yes/no", "why", "number")
LOW_HIGH = OrderedRule(("low", "medium", "high"))
SIZE = Column("size", "ordered", "why", "number", LOW_HIGH, least=0.0, most=2.0)
WAIT = Column("wait", "duration", "why", "number", least=1.5, most=60.0)
BOSS = Column("boss", "category", "why", "one-hot", vocabulary=("ann",), has_other=True)
COLUMNS = [AGE, DUE, JOB, TOWN, NAME, NOTE, PAID, SIZE, WAIT, BOSS]


@pytest.mark.parametrize(
    ("column", "units"),
    [
        (AGE, ("age", "age is missing")),
        (JOB, ("job=cook", "job=clerk", "job is missing")),
        (TOWN, tuple(f"town[{i}]" for i in range(8))),
        (NAME, ()),
        (NOTE, (*(f"note[text {i}]" for i in range(32)), "note is missing")),
        (PAID, ("paid",)),
        (SIZE, ("size",)),
        (WAIT, ("wait",)),
        (BOSS, ("boss=ann", "boss=other")),
        (
            DUE,
            ("due days since 1970-01-01", "due year", "due month sin", "due month cos",
             "due day sin", "due day cos", "due weekday sin", "due weekday cos",
             "due time sin", "due time cos",
             "due is missing"),
        ),
    ],
)  # fmt: skip
def test_units_are_named(column, units):
    assert column.units == units


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("time", ("time days since 1970-01-01", "time sin", "time cos")),
        ("Order_Time", ("Order_Time days since 1970-01-01", "Order_Time sin")),
        ("lifetime", ("lifetime time sin",)),
        ("Model Year", ("Model Year", "Model Year month sin")),
        ("day", ("day sin", "day year", "day days since 1970-01-01")),
        ("Month", ("Month sin", "Month weekday sin", "Month time sin")),
    ],
)
def test_units_of_a_date_do_not_stutter(name, units):
    column = Column(name, "date", "", "date", DateRule("year-first", has_time=True))
    assert set(units) <= set(column.units)
    assert len(set(column.units)) == 10


def test_ids_count_missing_cells_last():
    assert [column.n_ids for column in COLUMNS] == [0, 0, 3, 20, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("column", COLUMNS)
def test_through_json_and_back_is_the_identity(column):
    plain = json.loads(json.dumps(to_plain(column)))
    assert from_plain(Column, plain, "c") == column


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"encoding": "number"},
         "The column 'job' is of the kind 'category', which cannot be 'number'."),
        ({"kind": "text"},
         "The column 'job' is of the kind 'text', which cannot be 'one-hot'."),
        ({"vocabulary": ("a", "a")},
         "The column 'job' has 2 values, more than 10,000 or some twice."),
        ({"vocabulary": ()}, "The column 'job' is 'one-hot', and has no vocabulary."),
        ({"vocabulary": tuple(map(str, range(10_001)))},
         "The column 'job' has 10,001 values, more than 10,000 or some twice."),
        ({"rule": DUE.rule},
         "The column 'job' has a rule that does not fit the kind 'category'."),
        ({"kind": "date", "encoding": "date", "vocabulary": ()},
         "The column 'job' does not say how its dates are written."),
        ({"kind": "date", "encoding": "date", "vocabulary": (),
          "rule": DateRule("undecided")},
         "The column 'job' does not say how its dates are written."),
        ({"kind": "number", "encoding": "number"},
         "The column 'job' is 'number', and has a vocabulary."),
        ({"encoding": "embedding", "has_other": True},
         "The column 'job' is 'embedding', and has a unit for other values."),
        ({"least": 0.0, "most": 1.0},
         "The column 'job' is 'one-hot', and has a range of numbers."),
    ],
)  # fmt: skip
def test_parts_that_do_not_fit_together_are_refused(changes, message):
    with pytest.raises(ColumnError) as caught:
        replace(JOB, **changes)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("least", "most"), [(None, 1.0), (1.0, None), (2.0, 1.0), (float("nan"), 1.0)]
)
def test_a_range_has_two_ends_in_order(least, most):
    with pytest.raises(ColumnError) as caught:
        replace(AGE, least=least, most=most)
    assert str(caught.value) == (
        f"The column 'age' has a range of numbers from {least} to {most}."
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"run": 1}, "c: it has unknown keys: 'run'."),
        ({"kind": "code"},
         "c/kind: expected one of 'number', 'yes/no', 'category', 'ordered', 'date', "
         "'duration', 'text', 'constant', 'id', 'empty', found 'code'."),
        ({"name": "\ud800"}, "c/name: the text holds half a character."),
        ({"has_missing": 1}, "c/has_missing: expected true or false, found 1."),
        ({"vocabulary": ["a", 1]}, "c/vocabulary/1: expected a text, found 1."),
        ({"vocabulary": []},
         "c: The column 'job' is 'one-hot', and has no vocabulary."),
        ({"rule": {"order": "x", "has_time": True, "missing": []}},
         "c/rule: Dates are written in one of the orders 'year-first', 'named', "
         "'day-first', 'month-first', 'undecided'. Got 'x'."),
    ],
)  # fmt: skip
def test_foreign_columns_are_refused_with_their_place(changes, message):
    with pytest.raises(BundleError) as caught:
        from_plain(Column, to_plain(JOB) | changes, "c")
    assert str(caught.value) == message
