"""Every cell that training did not prepare for is listed, and a few words say so."""

import datetime

import numpy as np
import polars as pl
import pytest

from layerwise.errors import SchemaError
from layerwise.table.column import Column
from layerwise.table.ledger import MOST_SENTENCES
from layerwise.table.overrides import Override
from layerwise.table.read import Table, read
from layerwise.table.schema import Schema, learn, look

TRAINED = read(
    {
        "age": ["18", "95", "31", "45"],
        "pay": ["$1,000", "$2,500", "", "$1,800.50"],
        "job": ["cook", "clerk", "cook", ""],
        "hired": ["2020-01-13", "2021-05-02", "2021-05-03", "2021-05-03"],
        "loan": ["yes", "no", "no", "yes"],
        "note": ["a b", "c d", "e f", "g h"],
    }
)
SCHEMA = learn(TRAINED, look(TRAINED))
NEW = read(
    {
        "age": ["old", "120", "17.5", None],
        "pay": ["$999.99", "?", "on request", "$2,500"],
        "job": ["nun", "cook", "NA", "monk"],
        "hired": ["2019-12-31", "2021-05-04", "soon", ""],
        "loan": ["yes", "perhaps", "", "no"],
        "note": ["a new text", "", "another", "a b"],
        "more": ["x", "y", "z", "?"],
    }
)


def test_every_problem_of_every_kind_is_a_line_by_row_then_column():
    ledger = SCHEMA.ledger(NEW)
    pay, days = "trained on 1000 to 2500", "trained on 2020-01-13 to 2021-05-03"
    none, some = "training had no missing cells", "training had missing cells"
    values = "not among the 2 values of the vocabulary"
    assert ledger.columns == ["row", "column", "problem", "cell", "detail"]
    assert ledger.rows() == [
        (0, "age", "unreadable", "old", "cannot be read as numbers"),
        (0, "hired", "out of range", "2019-12-31", days),
        (0, "job", "unseen", "nun", values),
        (0, "pay", "out of range", "$999.99", pay),
        (1, "age", "out of range", "120", "trained on 18 to 95"),
        (1, "hired", "out of range", "2021-05-04", days),
        (1, "loan", "unreadable", "perhaps", "cannot be read as yes or no"),
        (1, "note", "missing", "", none),
        (1, "pay", "missing", "?", some),
        (2, "age", "out of range", "17.5", "trained on 18 to 95"),
        (2, "hired", "unreadable", "soon", "cannot be read as dates"),
        (2, "job", "missing", "NA", some),
        (2, "loan", "missing", "", none),
        (2, "pay", "unreadable", "on request", "cannot be read as numbers"),
        (3, "age", "missing", None, none),
        (3, "hired", "missing", "", none),
        (3, "job", "unseen", "monk", values),
    ]


def test_what_training_knew_makes_no_line():
    """Missing cells aside: they say nothing, though training had such."""
    assert SCHEMA.ledger(TRAINED).rows() == [
        (2, "pay", "missing", "", "training had missing cells"),
        (3, "job", "missing", "", "training had missing cells"),
    ]
    assert SCHEMA.encode(TRAINED).notes == ()
    empty = SCHEMA.ledger(TRAINED.rows(np.array([0, 1])))
    assert empty.height == 0
    assert empty.schema == SCHEMA.ledger(NEW).schema


def test_typed_cells_make_the_same_lines():
    table = read(
        pl.DataFrame(
            {
                "age": [20, 120],
                "pay": [1000.0, float("nan")],
                "job": pl.Series(["cook", "nun"], dtype=pl.Categorical),
                "hired": [datetime.date(2021, 5, 3), datetime.date(2022, 1, 1)],
                "loan": [True, None],
                "note": ["a b", None],
            }
        )
    )
    assert SCHEMA.ledger(table).select("row", "column", "problem", "cell").rows() == [
        (1, "age", "out of range", "120"),
        (1, "hired", "out of range", "2022-01-01"),
        (1, "job", "unseen", "nun"),
        (1, "loan", "missing", None),
        (1, "note", "missing", None),
        (1, "pay", "missing", None),
    ]


def test_the_notes_count_what_the_ledger_lists_the_worst_first():
    """Missing cells are news where training had none, and no news elsewhere."""
    encoded = SCHEMA.encode(NEW)
    assert encoded.numbers.shape[0] == 4
    assert encoded.notes == (
        "1 column that the model does not use: 'more'.",
        "Column 'age': 2 cells are out of the range of training, 18 to 95; row 1 "
        "holds '120'.",
        "Column 'job': 2 cells with 2 values that training did not know, such as "
        "'nun'.",
        "Column 'hired': 2 cells are out of the range of training, 2020-01-13 to "
        "2021-05-03; row 0 holds '2019-12-31'.",
        "Column 'age': 1 cell cannot be read as numbers and became missing; row 0 "
        "holds 'old'.",
        "Column 'age': 1 cell is missing, and training had none; the first is in row "
        "3.",
        "7 more cells of 4 columns had such problems. The ledger lists every one: "
        "layerwise predict --ledger FILE.",
    )
    silent = SCHEMA.encode(NEW, known=["more"], tells_range=False).notes
    assert len(silent) == MOST_SENTENCES + 1
    assert not any("range" in note for note in silent)


def test_numbers_beyond_any_range_are_listed_and_no_date_is_too_far():
    schema = Schema(
        (
            Column("x", "number", "", "number", least=0.1, most=1 / 3),
            Column(
                "d", "date", "", "date", SCHEMA.columns[3].rule, least=-1e9, most=0.0
            ),
        )
    )
    table = read({"x": ["1e309", "-inf", "0.2"], "d": ["1970-01-02", "", "1969-01-01"]})
    days = "trained on -1000000000 days since 1970-01-01 to 1970-01-01"
    assert schema.ledger(table).rows() == [
        (0, "d", "out of range", "1970-01-02", days),
        (0, "x", "out of range", "1e309", "trained on 0.1 to 0.333333333333333"),
        (1, "d", "missing", "", "training had no missing cells"),
        (1, "x", "out of range", "-inf", "trained on 0.1 to 0.333333333333333"),
    ]


def test_a_table_without_rows_has_no_problem():
    empty = Table(TRAINED.frame.clear())
    assert SCHEMA.encode(empty).notes == ()
    assert SCHEMA.ledger(empty).height == 0


def test_a_ledger_needs_the_columns_of_training():
    with pytest.raises(SchemaError) as caught:
        SCHEMA.ledger(Table(NEW.frame.drop("note", "more")))
    assert str(caught.value) == (
        "The table lacks 1 column that the model was trained on: 'note'. It has "
        "'age', 'pay', 'job', 'hired', 'loan'."
    )


def test_levels_and_durations_say_their_range_in_their_words():
    table = read(
        {
            "size": ["small", "medium", "small", "medium"],
            "lap": ["00:01:00", "01:00:00", "00:10:00", "00:20:30"],
        }
    )
    overrides = {"size": Override("ordered", levels=("small", "medium", "large"))}
    schema = learn(table, look(table, overrides=overrides))
    new = read({"size": ["large", "huge"], "lap": ["00:00:30", "01:00:00"]})
    assert schema.ledger(new).rows() == [
        (0, "lap", "out of range", "00:00:30", "trained on 60 seconds to 3600 seconds"),
        (0, "size", "out of range", "large", "trained on 'small' to 'medium'"),
        (1, "size", "unreadable", "huge", "cannot be read as known levels"),
    ]
