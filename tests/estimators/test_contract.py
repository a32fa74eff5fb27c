"""scikit-learn's contract, by scikit-learn's own checks.

With full batches, where everything must hold, and as the estimators are by
default. Since they take categories, the checks round their tables to small
integers; so the checks run a third time with estimators that deny it, and
then feed real numbers. All of these tables are tiny, which layerwise rightly
warns about.
"""

from functools import partial

import pytest
from sklearn.base import BaseEstimator
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
BY_DEFAULT = [NetworkClassifier(), NetworkRegressor()]
NOT_BY_DEFAULT = {
    "check_sample_weight_equivalence_on_dense_data": (
        "A row of weight 2 is in one batch, two equal rows may be in two; and which "
        "rows are held out depends on how many there are."
    )
}
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
    BY_DEFAULT, expected_failed_checks=lambda _: NOT_BY_DEFAULT, xfail_strict=True
)
def test_by_default(estimator: BaseEstimator, check: partial) -> None:
    check(estimator)


@pytest.mark.parametrize("check", NOT_YIELDED, ids=lambda check: check.__name__)
@pytest.mark.parametrize("estimator", [*FULL_BATCH, *BY_DEFAULT], ids=repr)
def test_checks_that_are_not_yielded(estimator, check) -> None:
    check(type(estimator).__name__, estimator)
