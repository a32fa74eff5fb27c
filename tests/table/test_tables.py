"""Thirteen real tables are read as a person would read them."""

import json

import numpy as np
import pytest

from layerwise.table import infer_target, learn, look, read, target_column

NAMES = [
    *("titanic", "california_housing", "adult", "churn_modelling", "diamonds"),
    *("bank_marketing", "house_16h", "letter", "employee_salaries"),
    *("googleplaystore", "airbnb_seattle", "mnist_5k", "otto"),
]
# Columns whose kind is not obvious; the others are in the counts below.
KINDS = {
    "titanic": {"name": "text", "ticket": "text", "cabin": "text", "age": "number"},
    "churn_modelling": {
        "Surname": "text",
        "Geography": "category",
        "Balance": "number",
    },
    "bank_marketing": {"default": "yes/no", "month": "category", "pdays": "number"},
    "employee_salaries": {
        "employee_position_title": "category",
        "division": "category",
        "date_first_hired": "date",
        "year_first_hired": "number",
    },
    "googleplaystore": {
        "App": "text",
        "Installs": "number",
        "Price": "number",
        "Size": "number",
        "Last Updated": "date",
        "Genres": "category",
        "Current Ver": "text",
    },
    "airbnb_seattle": {
        "host_since": "date",
        "host_response_rate": "number",
        "host_is_superhost": "yes/no",
        "cleaning_fee": "number",
        "amenities": "text",
        "street": "text",
        "zipcode": "number",
        "market": "constant",
        "latitude": "number",
        "host_neighbourhood": "category",
    },
}
# The numbers of used columns, worked out by looking at the tables.
N_USED = {
    "titanic": 7,
    "california_housing": 9,
    "adult": 14,
    "churn_modelling": 10,
    "diamonds": 9,
    "bank_marketing": 15,
    "house_16h": 16,
    "letter": 16,
    "employee_salaries": 8,
    "googleplaystore": 10,
    "airbnb_seattle": 57,
    "mnist_5k": 652,
    "otto": 93,
}


@pytest.mark.parametrize("name", NAMES)
def test_a_real_table_is_read_as_a_person_would(shared, name):
    described = json.loads((shared / "tables" / "tables.json").read_text())[name]
    table = read(shared / "tables" / f"{name}.train.csv.gz")
    assert table.notes == ()
    target = infer_target(
        described["target"], target_column(table, described["target"])
    )
    assert target.task == described["task"]
    readings = look(table, drop=[target.name])
    kinds = {reading.name: reading.kind for reading in readings}
    for column, kind in KINDS.get(name, {}).items():
        assert kinds[column] == kind, column
    schema = learn(table, readings)
    assert len(schema.used) == N_USED[name]

    test = read(shared / "tables" / f"{name}.test.csv.gz")
    assert table.n_rows + test.n_rows == described["rows"]
    encoded = schema.encode(test, known=[target.name])
    assert encoded.numbers.shape == (test.n_rows, len(schema.number_names))
    assert np.isfinite(encoded.numbers[~np.isnan(encoded.numbers)]).all()
    y = target.encode(target_column(test, target.name))
    assert len(y) == test.n_rows
