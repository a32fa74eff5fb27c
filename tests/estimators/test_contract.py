"""scikit-learn's contract, by scikit-learn's own checks.

With full batches, where everything must hold, and with a network that learns in
batches. Since the estimators take categories, the checks round their tables to
small integers; so the checks run a third time with estimators that deny it, and
then feed real numbers. All of these tables are tiny, which layerwise rightly
warns about.

Ready networks go through the checks that a network can break: see ``READY``.
"""

from functools import partial

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.utils import Tags, estimator_checks
from sklearn.utils.estimator_checks import parametrize_with_checks

from layerwise.estimators import NetworkClassifier, NetworkRegressor

pytestmark = pytest.mark.filterwarnings("ignore::layerwise.errors.LayerwiseWarning")


class NumbersOnly:
    """Denies that X may hold anything but numbers."""

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = tags.input_tags.categorical = False
        return tags


class NumbersClassifier(NumbersOnly, NetworkClassifier):
    pass


class NumbersRegressor(NumbersOnly, NetworkRegressor):
    pass


# one lowest cost, found to the last digits: nothing depends on batches
EXACT = {"layers": "linear", "l2": 1e-3, "valid_fraction": 0}
FULL_BATCH = [NetworkClassifier(**EXACT), NetworkRegressor(**EXACT)]
ON_NUMBERS = [NumbersClassifier(**EXACT), NumbersRegressor(**EXACT)]
IN_BATCHES = [NetworkClassifier("mlp"), NetworkRegressor("mlp")]
NOT_IN_BATCHES = {
    "check_sample_weight_equivalence_on_dense_data": (
        "A row of weight 2 is in one batch, two equal rows may be in two; and which "
        "rows are held out depends on how many there are."
    )
}
# One of each kind of layers, the default, and a mixture of several. A network of many
# layers compiles for 5 to 9 seconds for each shape of table, and all checks have more
# than 100 shapes: so only what depends on the network is asked of them. That X, y and
# parameters are checked, that nothing is changed or shared, is the same code for all.
READY = [
    NetworkRegressor("realmlp", epochs=2),
    NetworkClassifier("tabm-mini", epochs=2),
    NetworkClassifier(epochs=2),
    NetworkRegressor(effort="thorough", epochs=1, folds=1, refits=0),
]
OF_NETWORKS = [
    estimator_checks.check_fit_idempotent,
    estimator_checks.check_estimators_pickle,
    estimator_checks.check_methods_subset_invariance,
    estimator_checks.check_n_features_in_after_fitting,
    estimator_checks.check_fit2d_1sample,
]
NOT_YIELDED = [
    estimator_checks.check_param_validation,
    estimator_checks.check_dataframe_column_names_consistency,
    estimator_checks.check_inplace_ensure_writeable,
]


@parametrize_with_checks(FULL_BATCH, xfail_strict=True)
def test_full_batch(estimator: BaseEstimator, check: partial) -> None:
    check(estimator)


@parametrize_with_checks(ON_NUMBERS, xfail_strict=True)
def test_full_batch_on_numbers(estimator: BaseEstimator, check: partial) -> None:
    check(estimator)


@parametrize_with_checks(
    IN_BATCHES, expected_failed_checks=lambda _: NOT_IN_BATCHES, xfail_strict=True
)
def test_in_batches(estimator: BaseEstimator, check: partial) -> None:
    check(estimator)


@pytest.mark.parametrize("check", NOT_YIELDED, ids=lambda check: check.__name__)
@pytest.mark.parametrize("estimator", [*FULL_BATCH, *IN_BATCHES], ids=repr)
def test_checks_that_are_not_yielded(estimator, check) -> None:
    check(type(estimator).__name__, estimator)


@pytest.mark.parametrize("check", OF_NETWORKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("estimator", READY, ids=repr)
def test_ready_networks(estimator, check) -> None:
    check(type(estimator).__name__, clone(estimator))


CLASSIFIERS = [one for one in READY if isinstance(one, NetworkClassifier)]


@pytest.mark.parametrize("estimator", CLASSIFIERS, ids=repr)
def test_one_class_is_answered_without_training(estimator) -> None:
    check = estimator_checks.check_classifiers_one_label
    check(type(estimator).__name__, clone(estimator))


@pytest.mark.parametrize("estimator", READY, ids=repr)
def test_a_row_of_weight_0_is_not_there(estimator) -> None:
    """Neither in the bins, nor in first parameters, nor in a batch."""
    draw = np.random.default_rng(0)
    X, y = draw.normal(size=(60, 2)), np.arange(60) % 2
    wild, weight = np.vstack([X, 1e6 * X[:9]]), np.append(np.ones(60), np.zeros(9))
    labels = np.append(y, np.full(9, 1))
    expected = clone(estimator).set_params(random_state=0).fit(X, y)
    found = clone(estimator).set_params(random_state=0)
    found.fit(wild, labels, sample_weight=weight)
    np.testing.assert_array_equal(found.predict(X), expected.predict(X))
