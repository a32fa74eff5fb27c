"""The metrics are scikit-learn's, number for number."""

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from layerwise.model.metrics import (
    baseline_metrics,
    classification_metrics,
    regression_metrics,
)

RNG = np.random.default_rng(0)
WEIGHTS = [None, RNG.integers(0, 4, 200).astype(float)]


@pytest.mark.parametrize("weight", WEIGHTS)
def test_regression_metrics_agree_with_scikit_learn(weight):
    y = RNG.normal(size=200)
    predicted = y + RNG.normal(size=200)
    found = regression_metrics(y, predicted, weight)
    for name, expected in (
        ("rmse", sklearn_metrics.root_mean_squared_error),
        ("mae", sklearn_metrics.mean_absolute_error),
        ("r2", sklearn_metrics.r2_score),
    ):
        assert found[name] == pytest.approx(
            expected(y, predicted, sample_weight=weight)
        )


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("n_classes", [2, 3])
def test_classification_metrics_agree_with_scikit_learn(weight, n_classes):
    ids = RNG.integers(0, n_classes, 200)
    # rounded, so that some rows have equal p
    p = RNG.integers(1, 9, size=(200, n_classes)).astype(float)
    p /= p.sum(axis=1, keepdims=True)
    decided = p.argmax(axis=1)
    found = classification_metrics(ids, p, decided, weight)
    score = p[:, 1] if n_classes == 2 else p
    auc = sklearn_metrics.roc_auc_score(
        ids, score, multi_class="ovr", sample_weight=weight
    )
    assert found == {
        "log_loss": pytest.approx(
            sklearn_metrics.log_loss(ids, p, sample_weight=weight)
        ),
        "accuracy": pytest.approx(
            sklearn_metrics.accuracy_score(ids, decided, sample_weight=weight)
        ),
        "auc": pytest.approx(auc),
    }


def test_what_cannot_be_measured_is_none():
    one_class = classification_metrics(
        np.zeros(3, int), np.full((3, 2), 0.5), np.zeros(3, int)
    )
    assert one_class["auc"] is None
    assert regression_metrics(np.ones(3), np.zeros(3))["r2"] is None
    assert regression_metrics(np.ones(1), np.zeros(1))["r2"] is None


def test_a_probability_of_zero_costs_36_and_not_infinity():
    found = classification_metrics(np.array([0]), np.array([[0.0, 1.0]]), np.array([1]))
    assert found["log_loss"] == pytest.approx(36.04, abs=0.01)  # -log(2.2e-16)


def test_the_baseline_is_the_mean_or_the_shares_of_classes():
    y = np.array([1.0, 3.0])
    assert baseline_metrics("regression", 0, (y, None), (y, None))["rmse"] == 1.0
    ids = np.array([0, 0, 0, 1])
    found = baseline_metrics("binary", 2, (ids, None), (ids, None))
    assert found["accuracy"] == 0.75
    assert found["auc"] == 0.5
    # -(3/4 log 3/4 + 1/4 log 1/4)
    assert found["log_loss"] == pytest.approx(0.5623351446188083)


@pytest.mark.parametrize("size", [1e-300, 1e-200, 1e200, 1e300])
def test_errors_of_any_size_are_measured(size):
    y = np.array([1.0, 2.0, 3.0])
    found = regression_metrics(size * y, size * (y + [1, -1, 1]))
    assert found == pytest.approx({"rmse": size, "mae": size, "r2": -0.5})


def test_errors_beyond_the_range_of_numbers_are_none():
    y = np.array([1e-300, 2e-300])
    found = regression_metrics(y, np.array([1e300, 1e300]))
    assert found == {"rmse": 1e300, "mae": 1e300, "r2": None}
    found = regression_metrics(np.array([1e308, 0]), np.array([-1e308, 0]))
    assert found == {"rmse": None, "mae": None, "r2": None}


@pytest.mark.parametrize("task", ["regression", "binary"])
def test_baseline_counts_a_weight_as_that_many_rows(task):
    y, weight = np.array([0.0, 1.0, 1.0, 0.0]), np.array([3.0, 1.0, 2.0, 1.0])
    repeated = np.repeat(y, weight.astype(int))
    by_weight = baseline_metrics(task, 2, (y, weight), (y, weight))
    by_rows = baseline_metrics(task, 2, (repeated, None), (repeated, None))
    assert by_weight == pytest.approx(by_rows)
