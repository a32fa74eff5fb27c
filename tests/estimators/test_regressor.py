"""Numbers: targets good and bad, weights, ridge regression."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.preprocessing import StandardScaler

import layerwise as lw
from layerwise.estimators import NetworkRegressor

N = 40
random = np.random.default_rng(0)
X = random.normal(size=(N, 3))
Y = X @ [1.0, -2.0, 0.5] + 3 + 0.1 * random.normal(size=N)


def line(**params) -> NetworkRegressor:
    return NetworkRegressor("linear", valid_fraction=0, **params)


def test_without_a_penalty_a_linear_network_is_least_squares():
    regressor = line().fit(X, Y)
    assert_allclose(
        regressor.predict(X), LinearRegression().fit(X, Y).predict(X), rtol=1e-9
    )


@pytest.mark.parametrize("l2", [1e-3, 1e-1, 10.0])
def test_an_l2_penalty_is_ridge_regression(l2):
    columns, y = load_diabetes(return_X_y=True)
    regressor = line(l2=l2).fit(columns, y)
    x = StandardScaler().fit_transform(columns)
    # mean (z - y)^2 + l2/2 W^2, times n: ridge with alpha = n l2 / 2
    expected = Ridge(alpha=len(y) * l2 / 2, tol=1e-12).fit(x, y)
    own = regressor.model_.params["layers"][1]
    scale = regressor.model_.network.output.scale
    center = regressor.model_.network.output.center
    assert_allclose(own["W"][:, 0] * scale, expected.coef_, atol=1e-4)
    assert_allclose(own["b"][0] * scale + center, expected.intercept_, atol=1e-4)
    assert_allclose(regressor.predict(columns), expected.predict(x), atol=1e-4)


@pytest.mark.parametrize(
    "y",
    [pd.Series(Y), pl.Series(Y), Y.tolist(), Y.astype(object), Y[:, None]],
    ids=["pandas", "polars", "list", "objects", "column"],
)
@pytest.mark.filterwarnings("ignore:A column-vector y was passed")
def test_a_target_may_come_in_any_dress(y):
    assert_array_equal(line().fit(X, y).predict(X), line().fit(X, Y).predict(X))


def test_a_target_of_integers_is_a_number_too():
    y = np.round(Y).astype(np.int16)
    predicted = line().fit(X, y).predict(X)
    assert predicted.dtype == np.float64
    assert_allclose(predicted, LinearRegression().fit(X, y).predict(X))


def test_a_constant_target_is_predicted():
    assert_allclose(line().fit(X, np.full(N, 7.5)).predict(X), 7.5)


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_a_target_of_any_size_is_learned(size):
    regressor = line().fit(X, Y * size)
    assert_allclose(regressor.predict(X), line().fit(X, Y).predict(X) * size)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.where(X[:, 0] > 0, np.nan, Y), "Input y contains NaN"),
        (np.where(X[:, 0] > 0, np.inf, Y), "Input y contains infinity"),
        (np.column_stack([Y, Y]), "y should be a 1d array"),
        (np.full(N, "a"), "could not convert string to float"),
        (Y[:-1], "inconsistent numbers of samples"),
        (None, "requires y to be passed, but the target y is None"),
    ],
    ids=["nan", "inf", "two", "words", "short", "nothing"],
)
def test_a_target_that_is_no_number_is_refused(y, message):
    with pytest.raises(ValueError, match=message):
        line().fit(X, y)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"loss": "cross-entropy"}, "The loss 'cross-entropy' compares two classes"),
        ({"loss": "squarred"}, "There is no loss 'squarred'. Did you mean 'squared'?"),
        (
            {"epochs": 0},
            r"The 'epochs' parameter of NetworkRegressor must be an int in the range "
            r"\[1, inf\) or None. Got 0 instead.",
        ),
    ],
    ids=["misfit", "misspelled", "range"],
)
def test_a_parameter_that_does_not_fit_is_named(params, message):
    with pytest.raises(ValueError, match=message):
        line(**params).fit(X, Y)


def test_absolute_and_huber_losses_care_less_for_wild_rows():
    wild = Y.copy()
    wild[0] += 1000
    quiet = {
        loss: line(loss=loss, epochs=300, learning_rate=0.05, random_state=0)
        .fit(X, wild)
        .predict(X)[1:]
        for loss in ("squared", "absolute")
    }
    error = {loss: np.abs(p - Y[1:]).mean() for loss, p in quiet.items()}
    assert error["absolute"] < error["squared"] / 5


def test_the_model_is_the_one_that_train_makes_with_the_same_seed():
    frame = pl.DataFrame(X, schema=["a", "b", "c"])
    regressor = NetworkRegressor("8 relu", epochs=5, random_state=3).fit(frame, Y)
    model = lw.train(frame.with_columns(y=Y), "y", layers="8 relu", epochs=5, seed=3)
    assert_array_equal(regressor.predict(frame), model.predict(frame))
    assert regressor.history_ == model.history
