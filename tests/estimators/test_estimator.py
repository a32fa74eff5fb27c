"""What both estimators share: weights, randomness, copies, and being composed."""

import copy
import pickle

import joblib
import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.exceptions import NotFittedError, UnsetMetadataPassedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import get_tags

from layerwise.estimators import NetworkClassifier, NetworkRegressor

N = 40
random = np.random.default_rng(0)
X = random.normal(size=(N, 3))
Y = X @ [1.0, -2.0, 0.5] + 3 + 0.1 * random.normal(size=N)
LABELS = np.where(Y > 3, "high", "low")
FRAME = pl.DataFrame(X, schema=["a", "b", "c"]).with_columns(
    town=pl.Series(["Bern", "Basel", "Chur", "Bern"] * (N // 4))
)


def pairs(layers: str = "linear", **params) -> list:
    """Pair both estimators with their targets."""
    return [
        pytest.param(NetworkClassifier(layers, **params), LABELS, id="classifier"),
        pytest.param(NetworkRegressor(layers, **params), Y, id="regressor"),
    ]


def outputs(estimator, table) -> np.ndarray:
    """Return all numbers that an estimator predicts."""
    if isinstance(estimator, NetworkClassifier):
        return estimator.predict_proba(table)
    return estimator.predict(table)


EXACT = {"l2": 1e-3, "valid_fraction": 0}


# Weights


@pytest.mark.parametrize(("estimator", "y"), pairs(**EXACT))
def test_a_weight_is_worth_that_many_rows(estimator, y):
    weight = random.integers(0, 4, N)
    weight[:3] = [0, 1, 3]
    holes = X.copy()
    holes[1::7, 1] = np.nan
    table = pl.DataFrame(holes, schema=["a", "b", "c"]).with_columns(FRAME["town"])
    table = table.with_columns(
        b=table["b"].fill_nan(None),
        # seen only in a row of weight 0, so no category and no unit of its own
        town=pl.Series(["Zug", *FRAME["town"][1:]]),
    )
    rows = np.repeat(np.arange(N), weight)
    weighted = clone(estimator).fit(table, y, sample_weight=weight)
    repeated = clone(estimator).fit(table[rows], y[rows])
    assert weighted.model_.schema.unit_names == repeated.model_.schema.unit_names
    used = table[1:]
    assert_allclose(outputs(weighted, used), outputs(repeated, used), rtol=1e-7)


@pytest.mark.parametrize(("estimator", "y"), pairs(**EXACT))
def test_equal_weights_change_nothing(estimator, y):
    plain = outputs(clone(estimator).fit(X, y), X)
    for weight in (2.5, np.full(N, 1e-9), np.full(N, 1e9)):
        assert_allclose(
            outputs(clone(estimator).fit(X, y, sample_weight=weight), X),
            plain,
            rtol=1e-7,
        )


@pytest.mark.parametrize(("estimator", "y"), pairs("8 relu", random_state=0, epochs=3))
def test_rows_of_weight_0_are_as_if_they_were_not_there(estimator, y):
    weight = np.ones(N)
    weight[[3, 17]] = 0
    without = np.flatnonzero(weight)
    assert_array_equal(
        outputs(clone(estimator).fit(X, y, sample_weight=weight), X),
        outputs(clone(estimator).fit(X[without], y[without]), X),
    )


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (np.full(N, -1.0), "Negative values in data passed to `sample_weight`"),
        (np.zeros(N), "Sample weights must contain at least one non-zero number"),
        (np.full(N, np.nan), "Input sample_weight contains NaN"),
        (np.ones(N - 1), "sample_weight.shape"),
    ],
    ids=["negative", "zeros", "nan", "short"],
)
def test_bad_weights_are_refused(weight, message):
    with pytest.raises(ValueError, match=message):
        NetworkRegressor("linear").fit(X, Y, sample_weight=weight)


# Randomness


@pytest.mark.parametrize(("estimator", "y"), pairs("8 relu", epochs=3))
def test_the_same_int_gives_the_same_network(estimator, y):
    def trained(random_state):
        return outputs(
            clone(estimator).set_params(random_state=random_state).fit(X, y), X
        )

    assert_array_equal(trained(5), trained(5))
    assert_array_equal(
        trained(np.random.RandomState(5)), trained(np.random.RandomState(5))
    )
    assert (trained(5) != trained(6)).any()


def test_a_random_state_gives_a_new_network_each_time():
    regressor = NetworkRegressor(
        "8 relu", epochs=3, random_state=np.random.RandomState(0)
    )
    first = regressor.fit(X, Y).predict(X)
    assert (regressor.fit(X, Y).predict(X) != first).any()


# Copies


@pytest.mark.parametrize(
    ("estimator", "y"), [*pairs("8 relu", epochs=3), *pairs(**EXACT)]
)
def test_copies_predict_the_same_bit_for_bit(estimator, y, tmp_path):
    estimator = clone(estimator).set_params(random_state=1).fit(FRAME, y)
    expected = outputs(estimator, FRAME)
    joblib.dump(estimator, tmp_path / "estimator.joblib")
    copies = {
        "pickle": pickle.loads(pickle.dumps(estimator)),
        "deepcopy": copy.deepcopy(estimator),
        "joblib": joblib.load(tmp_path / "estimator.joblib"),
        "mapped": joblib.load(tmp_path / "estimator.joblib", mmap_mode="r"),
        "clone": clone(estimator).fit(FRAME, y),
    }
    for name, one in copies.items():
        assert_array_equal(outputs(one, FRAME), expected, err_msg=name)


def test_two_workers_fit_and_predict_the_same_bit_for_bit():
    regressor = NetworkRegressor("8 relu", epochs=3, random_state=1)
    expected = clone(regressor).fit(X, Y)
    halves = np.array_split(X, 2)
    work = joblib.Parallel(n_jobs=2)
    predicted = work(joblib.delayed(expected.predict)(half) for half in halves)
    assert_array_equal(np.concatenate(predicted), expected.predict(X))
    fitted = work(joblib.delayed(clone(regressor).fit)(X, Y) for _ in range(2))
    for one in fitted:
        assert_array_equal(one.predict(X), expected.predict(X))


# Attributes


@pytest.mark.parametrize(("estimator", "y"), pairs("8 relu", epochs=7, patience=0))
def test_what_was_learned_is_there_to_see(estimator, y):
    estimator = clone(estimator).fit(FRAME, y)
    assert estimator.n_features_in_ == 4
    assert estimator.feature_names_in_.tolist() == ["a", "b", "c", "town"]
    assert estimator.n_iter_ == 7
    assert len(estimator.history_["valid_cost"]) == 7
    # 3 numbers, 3 towns and other towns to 8 neurons, then to one
    assert estimator.n_parameters_ == (7 * 8 + 8) + (8 * 1 + 1)


@pytest.mark.parametrize(
    ("y", "name"),
    [(Y, "y"), (pl.Series("price", Y), "price"), (pl.Series("town", Y), "town_")],
    ids=["array", "named", "taken"],
)
def test_the_target_is_called_as_y_is(y, name):
    model = NetworkRegressor("linear", **EXACT).fit(FRAME, y).model_
    assert model.target.name == name


@pytest.mark.parametrize(("estimator", "y"), pairs())
def test_before_fit_nothing_is_predicted(estimator, y):
    with pytest.raises(NotFittedError):
        estimator.predict(X)


@pytest.mark.parametrize(("estimator", "y"), pairs())
def test_tags_say_what_is_taken(estimator, y):
    tags = get_tags(estimator)
    assert tags.input_tags.allow_nan
    assert tags.input_tags.string
    assert tags.input_tags.categorical
    assert not tags.input_tags.sparse
    assert not tags.target_tags.multi_output
    assert not hasattr(estimator, "partial_fit")


# Composition


def test_a_pipeline_hands_on_frames_of_any_library():
    expected = NetworkRegressor("linear", **EXACT).fit(X, Y).predict(X)
    for transform in ("default", "pandas", "polars"):
        scaler = StandardScaler().set_output(transform=transform)
        pipeline = make_pipeline(scaler, NetworkRegressor("linear", **EXACT))
        predicted = pipeline.fit(FRAME[:, :3], Y).predict(FRAME[:, :3])
        assert_allclose(predicted, expected, rtol=1e-9)
        names = getattr(pipeline[-1], "feature_names_in_", None)
        assert (names is None) == (transform == "default")


def test_a_column_transformer_hands_on_a_mixed_frame():
    transformer = make_column_transformer(
        (StandardScaler(), ["a", "b"]), remainder="passthrough"
    ).set_output(transform="polars")
    pipeline = make_pipeline(transformer, NetworkClassifier("linear", **EXACT))
    assert pipeline.fit(FRAME, LABELS).score(FRAME, LABELS) > 0.8


def test_a_grid_search_finds_the_better_parameters():
    search = GridSearchCV(
        NetworkRegressor("linear", valid_fraction=0), {"l2": [1e-3, 100.0]}, cv=2
    )
    assert search.fit(FRAME, Y).best_params_ == {"l2": 1e-3}
    assert search.score(FRAME, Y) > 0.9


def test_cross_validation_takes_frames_and_labels():
    scores = cross_val_score(NetworkClassifier("linear", **EXACT), FRAME, LABELS, cv=2)
    assert scores.min() > 0.7


# Metadata routing


@pytest.mark.parametrize(("estimator", "y"), pairs(**EXACT))
def test_weights_are_routed_only_where_they_are_asked_for(estimator, y):
    weight = random.uniform(0.1, 2.0, N)
    weighted = outputs(clone(estimator).fit(X, y, sample_weight=weight), X)
    plain = outputs(clone(estimator).fit(X, y), X)
    with config_context(enable_metadata_routing=True):
        requests = estimator.get_metadata_routing()
        assert requests.fit.requests == {"sample_weight": None}
        assert requests.score.requests == {"sample_weight": None}
        with pytest.raises(UnsetMetadataPassedError, match="sample_weight"):
            make_pipeline(clone(estimator)).fit(X, y, sample_weight=weight)
        for asked, expected in ((True, weighted), (False, plain)):
            request = clone(estimator).set_fit_request(sample_weight=asked)
            pipeline = make_pipeline(request)
            if asked:
                pipeline.fit(X, y, sample_weight=weight)
            else:
                pipeline.fit(X, y)
            assert_array_equal(outputs(pipeline[-1], X), expected)


def test_a_search_routes_weights_to_fit_and_score():
    regressor = NetworkRegressor("linear", **EXACT)
    with config_context(enable_metadata_routing=True):
        regressor.set_fit_request(sample_weight=True)
        regressor.set_score_request(sample_weight=True)
        search = GridSearchCV(regressor, {"l1": [0.0]}, cv=2)
        # half of the rows are wrong, and weigh next to nothing
        wrong = np.where(np.arange(N) % 2, Y, -Y)
        weight = np.where(np.arange(N) % 2, 1.0, 1e-6)
        search.fit(X, wrong, sample_weight=weight)
    assert search.best_score_ > 0.9
