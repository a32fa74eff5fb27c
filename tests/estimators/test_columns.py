"""What scikit-learn calls X: arrays, lists and data frames, good and bad."""

import re
from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from numpy.testing import assert_array_equal
from scipy.sparse import csr_array

from layerwise.errors import ColumnError, LayerwiseWarning, ReadError
from layerwise.estimators import NetworkClassifier, NetworkRegressor

N = 40
random = np.random.default_rng(0)
NUMBERS = random.normal(size=(N, 3))
Y = NUMBERS @ [1.0, -2.0, 0.5] + 3

MIXED = {
    "size": [None if i % 9 == 4 else 10.0 * (i % 8) for i in range(N)],
    "rooms": [1 + i % 5 for i in range(N)],
    "town": [["Bern", "Basel", "Chur", None][i % 4] for i in range(N)],
    "lift": [i % 3 == 0 for i in range(N)],
    "built": [date(1990 + i % 20, 1 + i % 12, 1 + i % 28) for i in range(N)],
    "price": [f"${1000 + 37 * i:,}.50" for i in range(N)],
}


def line() -> NetworkRegressor:
    return NetworkRegressor("linear", l2=1e-3, valid_fraction=0)


def frames(columns: dict) -> dict[str, object]:
    """Make the same table in every library."""
    table = pl.DataFrame(columns)
    pandas = pd.DataFrame(columns).astype({"town": "category"})
    pandas["built"] = pd.to_datetime(pandas["built"])
    return {"polars": table, "pandas": pandas, "pyarrow": table.to_arrow()}


# What holds the same numbers gives the same predictions


@pytest.mark.parametrize(
    "same",
    [
        NUMBERS.tolist(),
        np.asfortranarray(NUMBERS),
        NUMBERS.astype(object),
        NUMBERS.astype(str),
        NUMBERS.astype("S"),
        pd.DataFrame(NUMBERS),
        pl.DataFrame(NUMBERS),
        pa.table({"a": NUMBERS[:, 0], "b": NUMBERS[:, 1], "c": NUMBERS[:, 2]}),
    ],
    ids=[
        "lists",
        "fortran",
        "objects",
        "texts",
        "bytes",
        "pandas",
        "polars",
        "pyarrow",
    ],
)
def test_the_same_numbers_in_any_dress_give_the_same_predictions(same):
    expected = line().fit(NUMBERS, Y).predict(NUMBERS)
    assert_array_equal(line().fit(same, Y).predict(same), expected)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.int8, np.uint64, bool])
def test_every_dtype_of_numbers_is_the_numbers_it_holds(dtype):
    X = (5 * np.maximum(NUMBERS, 0)).astype(dtype)
    assert_array_equal(
        line().fit(X, Y).predict(X), line().fit(X.astype(float), Y).predict(X)
    )


def test_numbers_of_an_array_are_never_identifiers_or_categories():
    X = np.column_stack([np.arange(N), 2**53 + np.arange(N), NUMBERS[:, 0]])
    model = line().fit(X, Y).model_
    assert [column.kind for column in model.schema.columns] == ["number"] * 3


def test_a_read_only_array_on_disk_is_left_as_it_is(tmp_path):
    np.save(tmp_path / "X.npy", NUMBERS)
    X = np.load(tmp_path / "X.npy", mmap_mode="r")
    assert_array_equal(
        line().fit(X, Y).predict(X), line().fit(NUMBERS, Y).predict(NUMBERS)
    )
    assert_array_equal(X, NUMBERS)


# Mixed tables


def test_a_mixed_table_gives_the_same_predictions_from_every_library():
    predictions = {
        name: line().fit(X, Y).predict(X) for name, X in frames(MIXED).items()
    }
    assert_array_equal(predictions["pandas"], predictions["polars"])
    assert_array_equal(predictions["pyarrow"], predictions["polars"])


def test_each_column_of_a_mixed_table_is_read_as_its_cells_ask():
    model = line().fit(pl.DataFrame(MIXED), Y).model_
    kinds = {column.name: column.kind for column in model.schema.columns}
    assert kinds == {
        "size": "number",
        "rooms": "number",
        "town": "category",
        "lift": "yes/no",
        "built": "date",
        "price": "number",
    }
    assert "size is missing" in model.schema.unit_names


def test_an_array_of_objects_is_read_column_by_column():
    X = np.empty((N, 2), dtype=object)
    X[:, 0], X[:, 1] = MIXED["rooms"], ["yes" if i % 3 else "no" for i in range(N)]
    model = line().fit(X, Y).model_
    kinds = [column.kind for column in model.schema.columns]
    assert kinds == ["number", "yes/no"]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_an_unseen_category_is_said_and_predicted(library):
    X = frames(MIXED)[library]
    new = frames(MIXED | {"town": ["Zug"] + ["Bern"] * (N - 1)})[library]
    regressor = line().fit(X, Y)
    with pytest.warns(LayerwiseWarning, match=r"1 cell .* not know, such as 'Zug'"):
        predicted = regressor.predict(new)
    assert np.isfinite(predicted).all()


def test_missing_cells_tell_something():
    X = np.where(np.arange(N) % 2 == 0, np.nan, 1.0)[:, None]
    y = np.where(np.isnan(X[:, 0]), 5.0, 2.0)
    predicted = NetworkRegressor("linear", valid_fraction=0).fit(X, y).predict(X)
    np.testing.assert_allclose(predicted, y, atol=1e-6)


def test_a_cell_that_is_missing_only_later_counts_as_the_mean():
    regressor = line().fit(NUMBERS, Y)
    hole, mean = NUMBERS[:1].copy(), NUMBERS[:1].copy()
    hole[0, 1], mean[0, 1] = np.nan, NUMBERS[:, 1].mean()
    np.testing.assert_allclose(regressor.predict(hole), regressor.predict(mean))


# Columns that tell nothing


def test_constant_and_empty_columns_are_left_out_and_said():
    X = np.column_stack([NUMBERS[:, 0], np.ones(N), np.full(N, np.nan)])
    with pytest.warns(
        LayerwiseWarning, match="2 columns are left out: constant 'x1'; empty 'x2'."
    ):
        regressor = line().fit(X, Y)
    assert regressor.n_parameters_ == 2
    words = X.astype(object)
    words[:, 1] = "anything"
    assert_array_equal(regressor.predict(words), regressor.predict(X))


def test_all_columns_left_out_is_an_error_that_says_why():
    with pytest.raises(
        ColumnError,
        match=re.escape(
            "No column is left to learn from: 'x0' is constant (every cell is the "
            "same)."
        ),
    ):
        line().fit(np.ones((N, 1)), Y)


def test_equal_and_dependent_columns_work():
    X = np.column_stack([NUMBERS, NUMBERS, NUMBERS @ random.normal(size=(3, 2))])
    for layers in ("linear", "8 relu"):
        regressor = NetworkRegressor(layers, random_state=0, epochs=20).fit(X, Y)
        assert np.isfinite(regressor.history_["train_cost"]).all()


def test_numbers_of_any_size_are_learned():
    X = NUMBERS * [1e300, 1e-300, 1.0]
    regressor = NetworkRegressor("linear", valid_fraction=0).fit(X, Y)
    assert regressor.score(X, Y) > 0.9999


# Bad input


@pytest.mark.parametrize("bad", [np.inf, -np.inf])
def test_an_infinite_cell_is_named_by_column_and_row(bad):
    X = NUMBERS.copy()
    X[7, 1] = bad
    message = re.escape(
        f"Column 'x1' of X holds {bad} in row 7, and a network takes finite numbers "
        "only. Correct the cell, or make it nan, which counts as missing."
    )
    with pytest.raises(ColumnError, match=message):
        line().fit(X, Y)
    regressor = line().fit(NUMBERS, Y)
    with pytest.raises(ColumnError, match=message):
        regressor.predict(X)
    named = pd.DataFrame(X, columns=["a", "b", "c"])
    with pytest.raises(ColumnError, match="Column 'b' of X holds -?inf in row 7"):
        line().fit(named, Y, sample_weight=np.arange(N) > 3)


def test_the_row_of_an_infinite_cell_is_the_users_even_where_rows_weigh_nothing():
    X = NUMBERS.copy()
    X[7, 1] = np.inf
    with pytest.raises(ColumnError, match="in row 7"):
        line().fit(X, Y, sample_weight=np.arange(N) >= 5)


def test_sparse_matrices_are_refused_in_scikit_learns_words():
    with pytest.raises(TypeError, match="Sparse data was passed for X, but dense"):
        line().fit(csr_array(NUMBERS), Y)


def test_a_cell_that_holds_a_container_is_refused():
    X = NUMBERS.astype(object)
    X[3, 1] = {"a": 1}
    with pytest.raises(TypeError, match=r"X holds \{'a': 1\} in row 3, column 1\."):
        line().fit(X, Y)


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame])
def test_an_empty_data_frame_is_refused_in_scikit_learns_words(make):
    with pytest.raises(ValueError, match=r"0 sample\(s\) \(shape=\(0, 1\)\)"):
        line().fit(make({"a": []}), [])
    with pytest.raises(ValueError, match=r"0 feature\(s\) \(shape=\(0, 0\)\)"):
        line().fit(make({}), [])


def test_one_row_is_refused_with_the_least_number():
    with pytest.raises(
        ValueError, match=r"1 sample\(s\) .* a minimum of 2 is required"
    ):
        line().fit(NUMBERS[:1], Y[:1])
    with pytest.raises(
        ValueError, match=r"1 sample\(s\) .* a minimum of 2 is required"
    ):
        line().fit(pd.DataFrame({"a": [1.0]}), Y[:1])


def test_columns_of_one_name_are_refused():
    X = pd.DataFrame(NUMBERS, columns=["a", "b", "a"])
    with pytest.raises(ReadError, match="two columns of one name"):
        line().fit(X, Y)


# Names


def test_names_follow_scikit_learn_and_the_model_finds_them_by_itself():
    X = pd.DataFrame(NUMBERS, columns=["a", "b", "c"])
    regressor = line().fit(X, Y)
    assert regressor.feature_names_in_.tolist() == ["a", "b", "c"]
    with pytest.raises(ValueError, match="must be in the same order"):
        regressor.predict(X[["c", "b", "a"]])
    assert_array_equal(
        regressor.model_.predict(X[["c", "b", "a"]]), regressor.predict(X)
    )


def test_an_array_in_place_of_a_data_frame_goes_by_position():
    regressor = line().fit(pl.DataFrame(NUMBERS, schema=["a", "b", "c"]), Y)
    with pytest.warns(UserWarning, match="X does not have valid feature names"):
        predicted = regressor.predict(NUMBERS)
    assert_array_equal(predicted, line().fit(NUMBERS, Y).predict(NUMBERS))


def test_an_array_has_no_names_to_remember():
    regressor = line().fit(pd.DataFrame(NUMBERS, columns=["a", "b", "c"]), Y)
    regressor.fit(NUMBERS, Y)
    assert not hasattr(regressor, "feature_names_in_")
    assert regressor.model_.input_columns == ("x0", "x1", "x2")


def test_a_classifier_reads_the_same_way():
    X, y = pl.DataFrame(MIXED), np.where(Y > 3, "dear", "cheap")
    classifier = NetworkClassifier("linear", l2=1e-2, valid_fraction=0).fit(X, y)
    assert classifier.score(X, y) > 0.5
