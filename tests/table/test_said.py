"""What the user says of columns, put together: flags are stronger than the file."""

import re

import pytest

from layerwise.errors import ColumnError, ParameterError, ReadError
from layerwise.table import look, read
from layerwise.table.overrides import Override
from layerwise.table.said import refuse_unknown, said_of, target_notes


def test_nothing_is_said():
    assert said_of() == (None, {})
    assert said_of({}, "day-first", {}) == ("day-first", {})


def test_mapping_of_kinds_and_more():
    order, said = said_of({"zip": "category", "a": {"use": False}})
    assert order is None
    assert said == {"zip": Override("category"), "a": Override(is_used=False)}


def test_flags_are_stronger_than_the_file(tmp_path):
    path = tmp_path / "r.yaml"
    path.write_text(
        "a:\n  kind: number\n  thousands: ','\n  missing: [none]\n"
        "b:\n  kind: date\n  order: day-first\n"
        "c:\n  use: false\n"
        "d:\n  kind: number\n  decimal: ','\n  use: false\n"
    )
    kinds = {"a": "category", "c": "text", "d": "number"}
    order, said = said_of(path, {"b": "month-first", "e": "day-first"}, kinds)
    assert order is None
    assert said == {
        "a": Override("category", missing=("none",)),
        "b": Override("date", order="month-first"),
        "c": Override("text"),
        "d": Override("number", decimal=","),
        "e": Override("date", order="day-first"),
    }
    assert said_of(str(path))[1] == said_of(path)[1]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            (["a"],),
            "The 'reading' parameter must be the path of a reading file, or a mapping "
            "from columns to kinds. Got ['a'] instead.",
        ),
        (
            ({"a": {"kind": "dat"}},),
            "The reading of 'a': The 'kind' of a column must be one of 'number', "
            "'yes/no', 'category', 'ordered', 'date', 'duration', 'text', 'constant', "
            "'id', 'empty'. Got 'dat' instead. Did you mean 'date'?",
        ),
        (
            (None, None, {"a": "Number"}),
            "The kind of 'a' must be one of 'number', 'yes/no', 'category', 'ordered', "
            "'date', 'duration', 'text', 'constant', 'id', 'empty'. Got 'Number' "
            "instead. Did you mean 'number'?",
        ),
        (
            (None, "day first"),
            "The 'dates' parameter must be one of 'day-first', 'month-first'. Got "
            "'day first' instead.",
        ),
        (
            (None, ["day-first"]),
            "The 'dates' parameter must be one of 'day-first', 'month-first'. Got "
            "['day-first'] instead.",
        ),
        (
            (None, {"when": "first"}),
            "The 'dates' parameter of 'when' must be one of 'day-first', "
            "'month-first'. Got 'first' instead.",
        ),
    ],
)
def test_what_has_no_meaning_is_refused(args, message):
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
        said_of(*args)


def test_file_that_is_wrong(tmp_path):
    with pytest.raises(
        ReadError, match=r"^Could not read 'no.yaml': there is no such file"
    ):
        said_of(tmp_path / "no.yaml")


def test_unknown_columns_are_named_together():
    said = {"prise": Override("number"), "a": Override(), "b": Override("date")}
    message = (
        "The table has no columns 'prise', 'b', though a reading is given for them. It "
        "has 'price', 'a'. Did you mean 'price'?"
    )
    with pytest.raises(ColumnError, match=f"^{re.escape(message)}$"):
        refuse_unknown(said, ["price", "a"])
    with pytest.raises(ColumnError, match="no column 'prise', though"):
        look(read({"price": ["1", "2"]}), overrides={"prise": Override("number")})


def test_reading_of_the_target_is_told_where_it_would_differ():
    table = read({"y": ["1", "2", "3"], "x": ["1", "2", "3"]})
    assert target_notes(table, "y", None, {"y": Override("number")}) == ()
    assert target_notes(table, "y", None, {"x": Override("category")}) == ()
    assert target_notes(table, "y", None, {"y": Override("category")}) == (
        "The reading given for 'y' has no effect: it is the target, and what is "
        "learned follows from its values.",
    )
