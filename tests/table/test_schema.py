"""A schema is learned from training rows, applied by name, and travels as JSON."""

import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwise.errors import BundleError, ColumnError, ParameterError, SchemaError
from layerwise.plain import from_plain, to_plain
from layerwise.table.hashing import hashed_texts
from layerwise.table.overrides import Override
from layerwise.table.read import Table, read
from layerwise.table.schema import Schema, learn, look

TABLE = read(
    {
        "age": ["31", "45", "?", "28"],
        "job": ["cook", "clerk", "cook", ""],
        "hired": ["13/01/2020", "", "02/05/2021", "03/05/2021"],
        "loan": ["yes", "no", "no", "yes"],
        "note": ["a b", "c d", "e f", "g h"],
        "code": ["C-1", "C-2", "C-3", "C-4"],
        "town": ["Rome", "Rome", "Oslo", "Bern"],
    }
)
SCHEMA = learn(TABLE, look(TABLE))


def test_units_are_numbers_then_flags_then_categories_then_texts():
    parts = "days since 1970-01-01, year, month sin, month cos, day sin, day cos, "
    parts += "weekday sin, weekday cos"
    hired = tuple(f"hired {part}" for part in parts.split(", "))
    assert SCHEMA.number_names == ("age", *hired, "loan")
    assert SCHEMA.flag_numbers == (0, 1)
    assert [column.name for column in SCHEMA.texts] == ["note"]
    assert SCHEMA.unit_names[10:] == (
        *("age is missing", "hired is missing"),
        *("job=cook", "job=clerk", "job is missing", "job=other"),
        *("town=Rome", "town=Bern", "town=Oslo", "town=other"),
        *(f"note[text {i}]" for i in range(32)),
    )
    assert SCHEMA.n_units == len(SCHEMA.unit_names) == 52
    by_column = [unit for column in SCHEMA.columns for unit in column.units]
    assert sorted(by_column) == sorted(SCHEMA.unit_names)


def test_a_table_becomes_arrays():
    encoded = SCHEMA.encode(TABLE)
    assert encoded.numbers.dtype == np.float64
    assert encoded.numbers.flags.c_contiguous
    assert encoded.categories.dtype == np.int32
    np.testing.assert_array_equal(encoded.numbers[:, 0], [31, 45, np.nan, 28])
    np.testing.assert_array_equal(encoded.numbers[:, -1], [1, 0, 0, 1])
    np.testing.assert_array_equal(encoded.categories, [[1, 1], [2, 1], [1, 3], [3, 2]])
    assert encoded.texts.dtype == np.float32
    np.testing.assert_array_equal(encoded.texts, hashed_texts(TABLE.frame["note"]))
    assert encoded.notes == ()


def test_columns_are_matched_by_name_in_any_order():
    shuffled = Table(TABLE.frame.select(reversed(TABLE.columns)))
    one, other = SCHEMA.encode(TABLE), SCHEMA.encode(shuffled)
    np.testing.assert_array_equal(one.numbers, other.numbers)
    np.testing.assert_array_equal(one.categories, other.categories)
    np.testing.assert_array_equal(one.texts, other.texts)


def test_rows_are_encoded_alike_alone_and_together():
    whole = SCHEMA.encode(TABLE)
    for i in range(TABLE.n_rows):
        alone = SCHEMA.encode(TABLE.rows(np.array([i])))
        np.testing.assert_array_equal(alone.numbers[0], whole.numbers[i])
        np.testing.assert_array_equal(alone.categories[0], whole.categories[i])
        np.testing.assert_array_equal(alone.texts[0], whole.texts[i])


def test_validation_rows_teach_nothing():
    train = np.array([0, 1])
    changed = TABLE.frame.with_row_index().with_columns(
        pl.when(pl.col("index") < 2).then(pl.col(name)).otherwise(pl.lit("4"))
        for name in ("age", "job", "town", "note")
    )
    readings = look(TABLE)
    learned = learn(TABLE, readings, train)
    assert learned == learn(Table(changed.drop("index")), readings, train)
    assert learned.categories[0].vocabulary == ("clerk", "cook")
    assert not learned.columns[0].has_missing


def test_rows_of_weight_zero_teach_nothing():
    weights = np.array([1.0, 2.0, 0.0, 0.0])
    assert learn(TABLE, look(TABLE), weights=weights) == learn(
        TABLE, look(TABLE), np.array([0, 1])
    )
    rows = np.array([0, 1, 2])
    assert learn(TABLE, look(TABLE), rows, weights) == learn(
        TABLE, look(TABLE), np.array([0, 1])
    )


def test_left_out_columns_may_lack_or_hold_anything():
    frame = TABLE.frame.drop("code")
    assert SCHEMA.encode(Table(frame)).notes == ()
    assert SCHEMA.encode(Table(frame.with_columns(code=1.5))).notes == ()


def test_extra_columns_and_unknown_values_are_noted():
    frame = TABLE.frame.with_columns(
        extra=1, y=2, town=pl.Series(["Rome", "Paris", "Lima", "Lima"])
    )
    assert SCHEMA.encode(Table(frame), known=["y"]).notes == (
        "1 column that the model does not use: 'extra'.",
        "Column 'town': 3 cells with 2 values that training did not know, such as "
        "'Paris'.",
    )


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"age": [1], "income": [2], "post_code": [3]},
            "The table lacks 1 column that the model was trained on: 'postcode'. It "
            "has 'age', 'income', 'post_code'. Did you mean 'post_code'?",
        ),
        (
            {"x": [1]},
            "The table lacks 2 columns that the model was trained on: 'age', "
            "'postcode'. It has 'x'.",
        ),
        (
            {"Postcode": [1], "x": [2], "Age": [3]},
            "The table lacks 2 columns that the model was trained on: 'age', "
            "'postcode'. It has 'Postcode', 'x', 'Age'. Did you mean 'Age' for 'age', "
            "'Postcode' for 'postcode'?",
        ),
    ],
)
def test_missing_columns_are_named_with_the_nearest_name(columns, message):
    table = read({"age": [1, 2], "postcode": [3, 4]})
    with pytest.raises(SchemaError) as caught:
        learn(table, look(table)).encode(read(columns))
    assert str(caught.value) == message


def test_a_column_that_the_model_uses_is_no_other_one_renamed():
    table = read({"petal length (cm)": [1, 2], "sepal length (cm)": [3, 4]})
    schema = learn(table, look(table))
    with pytest.raises(SchemaError) as caught:
        schema.encode(read({"sepal length (cm)": [1]}))
    assert str(caught.value) == (
        "The table lacks 1 column that the model was trained on: 'petal length (cm)'. "
        "It has 'sepal length (cm)'."
    )
    with pytest.raises(SchemaError, match=r"Did you mean 'petal_length \(cm\)'\?$"):
        schema.encode(read({"sepal length (cm)": [1], "petal_length (cm)": [2]}))


@pytest.mark.parametrize("cells", [[1.0, np.inf], ["1", "inf"]])
def test_infinite_numbers_are_refused_with_column_and_row(cells):
    table = read({"x": cells})
    with pytest.raises(ColumnError) as caught:
        learn(table, look(table)).encode(table)
    assert str(caught.value) == (
        "Column 'x' holds inf in row 1, and a network takes finite numbers only. "
        "Correct the cell, or empty it."
    )


def test_features_and_drop_choose_columns():
    assert [r.name for r in look(TABLE, features=["loan", "age"])] == ["age", "loan"]
    assert [r.name for r in look(TABLE, ["loan", "age"], drop=["age"])] == ["loan"]
    with pytest.raises(ColumnError) as caught:
        look(TABLE, features=["aged"])
    assert str(caught.value) == (
        "The table has no column 'aged'. It has 'age', 'job', 'hired', 'loan', 'note' "
        "and 2 more. Did you mean 'age'?"
    )


def test_an_unknown_order_of_dates_is_refused():
    with pytest.raises(ParameterError) as caught:
        look(TABLE, dates="dmy")
    assert str(caught.value) == (
        "The 'dates' parameter must be one of 'day-first', 'month-first'. Got 'dmy' "
        "instead."
    )


def test_through_json_and_back_is_the_identity():
    assert from_plain(Schema, json.loads(json.dumps(to_plain(SCHEMA)))) == SCHEMA


def _paths(data, path=()):
    yield path
    if isinstance(data, dict | list):
        keys = data if isinstance(data, dict) else range(len(data))
        for key in keys:
            yield from _paths(data[key], (*path, key))


JUNK = [None, True, -1, 10**30, 1.5, "", "x", "\ud800", "$(", "day-first", [], {}, [[]]]


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_mutated_schema_is_refused_or_encodes(data):
    manifest = to_plain(SCHEMA)
    path = data.draw(st.sampled_from([p for p in _paths(manifest) if p]))
    parent = manifest
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = data.draw(st.sampled_from(JUNK))
    try:
        schema = from_plain(Schema, manifest)
        schema.encode(TABLE)
    except (BundleError, SchemaError):
        return
    assert schema.n_units == len(schema.unit_names)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "schema: expected an object, found None."),
        ({}, "schema: it lacks keys: 'columns'."),
        ({"columns": {}}, "schema/columns: expected a list, found an object."),
        ({"columns": [1]}, "schema/columns/0: expected an object, found 1."),
        (
            {"columns": [to_plain(SCHEMA.columns[0])] * 2},
            "schema: A table has up to 100,000 columns, each with a name of its own. "
            "Got 2 columns, or a name twice.",
        ),
    ],
)
def test_foreign_schemas_are_refused(data, message):
    with pytest.raises(BundleError) as caught:
        from_plain(Schema, data, "schema")
    assert str(caught.value) == message


def test_a_matrix_gives_what_its_frame_gives():
    matrix = np.array([[1.0, 5.0, 2.0], [np.nan, 5.0, 3.0], [4.0, 5.0, 9.0]])
    table = read(matrix)
    schema = learn(table, look(table))
    direct, framed = schema.encode_matrix(matrix), schema.encode(table)
    np.testing.assert_array_equal(direct.numbers, framed.numbers)
    assert direct.categories.shape == framed.categories.shape == (3, 0)
    assert direct.texts.shape == framed.texts.shape == (3, 0)
    infinite = matrix.copy()
    infinite[1, 2] = np.inf
    assert schema.encode_matrix(infinite) is None
    with pytest.raises(ColumnError, match="Column 'x2' holds inf in row 1"):
        schema.encode(read(infinite))


def test_a_matrix_of_anything_but_the_numbers_of_training_is_left_to_encode():
    table = read({"x0": [1.0, 2.0, 2.0], "x1": ["a", "b", "a"]})
    schema = learn(table, look(table))
    assert schema.encode_matrix(np.zeros((2, 2))) is None
    numbers = read(np.array([[1.0, 2.0], [3.0, 5.0]]))
    schema = learn(numbers, look(numbers))
    assert schema.encode_matrix(np.zeros((2, 3))) is None
    assert schema.encode_matrix(np.zeros((2, 2), int)) is None


def test_units_are_told_apart_by_name():
    columns = {"a": [1.0, None, 2.0], "a is missing": [1.0, 2.0, 3.0]}
    table = read(columns)
    assert learn(table, look(table)).unit_names == (
        "a",
        "a is missing",
        "a is missing (2)",
    )


@pytest.mark.parametrize("names", ["ab", [1]])
def test_names_of_columns_are_a_list_of_texts(names):
    with pytest.raises(ParameterError, match="must be a list of column names"):
        look(read({"a": [1], "b": [2]}), names)


def test_a_matrix_of_yes_and_no_is_read_as_its_frame_is():
    table = read({"x0": ["yes", "no", "no"], "x1": [1.5, 2.5, 3.5]})
    schema = learn(table, look(table))
    matrix = np.array([[1.0, 2.0], [7.0, 3.0]])
    assert schema.encode_matrix(matrix) is None
    assert np.isnan(schema.encode(read(matrix)).numbers[1, 0])


def test_a_matrix_with_numbers_that_mean_nothing_is_read_as_its_frame_is():
    table = read({"x0": [1.0, -999.0, 3.0]})
    readings = look(table, overrides={"x0": Override(missing=("-999",))})
    schema = learn(table, readings)
    matrix = np.array([[-999.0], [2.0]])
    assert schema.encode_matrix(matrix) is None
    assert np.isnan(schema.encode(read(matrix)).numbers[0, 0])
