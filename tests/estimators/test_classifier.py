"""Classes: labels of any kind, one class, class weights, logistic regression."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_breast_cancer, load_iris, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

import layerwise as lw
from layerwise.errors import LayerwiseWarning, ParameterError
from layerwise.estimators import NetworkClassifier

N = 40
random = np.random.default_rng(0)
X = random.normal(size=(N, 3))
IDS = (X[:, 0] + 0.5 * random.normal(size=N) > 0).astype(int)


def logistic(**params) -> NetworkClassifier:
    return NetworkClassifier("linear", valid_fraction=0, **{"l2": 1e-2, **params})


# Labels


@pytest.mark.parametrize(
    "labels",
    [
        np.array([0, 1]),
        np.array([-1, 1], np.int8),
        np.array([2.0, 10.0]),
        np.array([False, True]),
        np.array(["no", "yes"]),
        np.array(["a ", "a"])[::-1],
        np.array(["b", "c"], object),
        np.array(["2", "10"])[::-1],
    ],
    ids=lambda labels: f"{labels.dtype}-{labels[0]}",
)
def test_labels_come_back_as_they_were_given(labels):
    classifier = logistic().fit(X, labels[IDS])
    predicted = classifier.predict(X)
    assert_array_equal(classifier.classes_, labels)
    assert predicted.dtype == labels.dtype
    assert_array_equal(predicted, labels[classifier.predict_proba(X).argmax(axis=1)])
    assert classifier.score(X, labels[IDS]) > 0.8


@pytest.mark.parametrize(
    "y",
    [
        pd.Series(np.array(["no", "yes"])[IDS]),
        pd.Series(np.array(["no", "yes"])[IDS], dtype="category"),
        pl.Series(np.array(["no", "yes"])[IDS]),
        np.array(["no", "yes"])[IDS].tolist(),
    ],
    ids=["pandas", "categorical", "polars", "list"],
)
def test_labels_may_come_in_a_series_or_a_list(y):
    classifier = logistic().fit(X, y)
    assert classifier.classes_.tolist() == ["no", "yes"]
    assert set(classifier.predict(X)) == {"no", "yes"}


def test_three_classes_have_a_column_of_probabilities_each():
    y = np.array(["c", "a", "b"])[np.arange(N) % 3]
    p = logistic().fit(X, y).predict_proba(X)
    assert p.shape == (N, 3)
    assert_allclose(p.sum(axis=1), 1)


@pytest.mark.parametrize(
    ("labels", "column"),
    [([3, 7], [3, 7]), (["no", "yes"], ["No", "YES"]), ([False, True], [False, True])],
    ids=["numbers", "yes-no", "bools"],
)
def test_the_model_by_itself_evaluates_a_table_that_holds_y(labels, column):
    frame = pl.DataFrame(X, schema=["a", "b", "c"])
    y = pl.Series("answer", np.array(labels)[IDS])
    classifier = logistic().fit(frame, pd.Series(y.to_list(), name="answer"))
    table = frame.with_columns(answer=pl.Series([column[k] for k in IDS]))
    metrics = classifier.model_.evaluate(table)
    assert metrics["accuracy"] == pytest.approx(classifier.score(frame, y.to_numpy()))


def test_the_model_can_be_saved_and_predicts_the_same(tmp_path):
    frame = pl.DataFrame(X, schema=["a", "b", "c"])
    classifier = logistic().fit(frame, np.array(["no", "yes"])[IDS])
    classifier.model_.save(tmp_path / "model.safetensors")
    model = lw.load(tmp_path / "model.safetensors")
    assert_array_equal(model.predict(frame), classifier.predict(frame))
    assert_array_equal(model.predict_proba(frame), classifier.predict_proba(frame))


# Few classes, few rows


def test_one_class_is_all_that_is_predicted():
    with pytest.warns(LayerwiseWarning, match="y holds one class only, 'yes'"):
        classifier = logistic().fit(X, ["yes"] * N)
    assert_array_equal(classifier.predict(X[:3]), ["yes"] * 3)
    assert_array_equal(classifier.predict_proba(X[:3]), np.ones((3, 1)))
    assert classifier.model_ is None
    assert (classifier.n_parameters_, classifier.n_iter_) == (0, 0)
    with pytest.raises(ValueError, match="X has 2 features"):
        classifier.predict(X[:, :2])


def test_rows_of_weight_0_bring_no_class():
    with pytest.warns(LayerwiseWarning, match="y holds one class only, 1"):
        classifier = logistic().fit(X, IDS, sample_weight=IDS)
    assert classifier.classes_.tolist() == [1]


def test_a_class_with_one_row_trains_and_is_said():
    y = np.where(np.arange(N) == 5, "rare", np.array(["a", "b"])[IDS])
    classifier = NetworkClassifier("linear", l2=0.01, random_state=0)
    with pytest.warns(
        LayerwiseWarning, match="The rows held out lack the class 'rare'"
    ):
        classifier.fit(X, y)
    assert classifier.predict_proba(X).shape == (N, 3)


# Bad targets


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (X[:, 0], "Unknown label type: continuous"),
        (np.where(IDS, np.nan, 1.0), "Input y contains NaN"),
        (np.array(["a", None], object)[IDS], "y has no label in row 0"),
        (pd.Series(["a", pd.NA] * (N // 2), dtype="string"), "no label in row 1"),
        (np.column_stack([IDS, IDS]), "y should be a 1d array"),
        (IDS[:-1], "inconsistent numbers of samples"),
        (None, "requires y to be passed, but the target y is None"),
    ],
    ids=["numbers", "nan", "none", "NA", "two", "short", "nothing"],
)
def test_a_target_without_classes_is_refused(y, message):
    with pytest.raises(ValueError, match=message):
        logistic().fit(X, y)


def test_labels_of_two_kinds_are_refused():
    y = np.array(["a", 1], object)[IDS]
    both = (TypeError, ValueError)  # scikit-learn's answer depends on the first label
    with pytest.raises(both, match="uniformly strings or numbers|Unknown label type"):
        logistic().fit(X, y)


# Parameters


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"label_smoothing": 1.5},
            r"The 'label_smoothing' parameter of NetworkClassifier must be a float in "
            r"the range \[0\.0, 1\.0\) or None\. Got 1\.5 instead\.",
        ),
        ({"layers": "linaer"}, "Did you mean 'linear'?"),
        ({"layers": "8 rellu", "optimizer": "adam"}, "rellu"),
        ({"loss": "mse"}, "The loss 'mse' compares numbers, but the target is one of"),
        ({"l2": np.inf}, "The 'l2' parameter of NetworkClassifier must be"),
        ({"class_weight": {0: -1.0, 1: 1.0}}, "must give weights of at least 0"),
        ({"class_weight": {1: 2.0, 7: 3.0}}, r"The classes, \[0\], are not in"),
        ({"optimizer": "lbfgs", "layers": "8 relu"}, "without hidden layers"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_a_parameter_that_does_not_fit_is_named(params, message):
    with pytest.raises(ValueError, match=message):
        logistic().set_params(**params).fit(X, IDS)


def test_our_errors_are_also_layerwise_errors():
    with pytest.raises(ParameterError):
        logistic(loss="mse").fit(X, IDS)


# Class weights


def test_a_class_weight_is_worth_that_many_rows():
    by_class = logistic(class_weight={0: 3.0, 1: 0.5}).fit(X, IDS)
    standardized = StandardScaler().fit_transform(X)
    expected = LogisticRegression(
        C=1 / (1e-2 * np.array([3.0, 0.5])[IDS].sum()),
        class_weight={0: 3.0, 1: 0.5},
        tol=1e-10,
    ).fit(standardized, IDS)
    assert_allclose(
        by_class.predict_proba(X), expected.predict_proba(standardized), atol=1e-6
    )


def test_a_class_without_a_weight_of_its_own_weighs_1():
    y = np.array(["b", "c"])[IDS]
    assert_array_equal(
        logistic(class_weight={"c": 2.0}).fit(X, y).predict_proba(X),
        logistic(class_weight={"c": 2.0, "b": 1.0}).fit(X, y).predict_proba(X),
    )


@pytest.mark.parametrize("labels", [[0, 1], ["b", "c"], [False, True]])
def test_balanced_gives_every_class_the_same_weight(labels):
    y = np.array(labels)[(X[:, 0] > 1).astype(int)]
    balanced = logistic(class_weight="balanced").fit(X, y)
    n, rare = N, int((X[:, 0] > 1).sum())
    by_hand = logistic(
        class_weight={labels[0]: n / 2 / (n - rare), labels[1]: n / 2 / rare}
    )
    assert_allclose(
        by_hand.fit(X, y).predict_proba(X), balanced.predict_proba(X), rtol=1e-9
    )
    assert (balanced.predict(X) == labels[1]).sum() >= rare


# Logistic and softmax regression


def test_two_classes_agree_with_logistic_regression():
    columns, y = load_breast_cancer(return_X_y=True)
    l2, n = 1e-2, len(y)
    classifier = logistic(l2=l2).fit(columns, y)
    x = StandardScaler().fit_transform(columns)
    expected = LogisticRegression(C=1 / (l2 * n), tol=1e-10, max_iter=10_000).fit(x, y)
    own = classifier.model_.params["layers"][1]
    assert_allclose(own["W"][:, 0], expected.coef_[0], atol=1e-4)
    assert_allclose(own["b"], expected.intercept_, atol=1e-4)
    assert_allclose(
        classifier.predict_proba(columns), expected.predict_proba(x), atol=1e-4
    )


@pytest.mark.parametrize("load", [load_iris, load_wine])
def test_three_classes_agree_with_softmax_regression(load):
    columns, y = load(return_X_y=True)
    l2, n = 1e-2, len(y)
    classifier = logistic(l2=l2).fit(columns, y)
    x = StandardScaler().fit_transform(columns)
    expected = LogisticRegression(C=1 / (l2 * n), tol=1e-10, max_iter=10_000).fit(x, y)
    own = classifier.model_.params["layers"][1]
    assert_allclose(own["W"], expected.coef_.T, atol=1e-4)
    assert_allclose(own["b"], expected.intercept_, atol=1e-4)
    assert_allclose(
        classifier.predict_proba(columns), expected.predict_proba(x), atol=1e-4
    )


def test_label_smoothing_keeps_probabilities_from_the_ends():
    y = (X[:, 0] > 0).astype(int)
    sharp = logistic(l2=1e-4).fit(X, y).predict_proba(X)
    smooth = logistic(l2=1e-4, label_smoothing=0.2).fit(X, y).predict_proba(X)
    assert sharp.max(axis=1).mean() > 0.98
    assert smooth.max(axis=1).mean() < 0.95
