"""Opponents behind skrub's tabular_pipeline: scikit-learn, LightGBM, XGBoost."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from contest.contestant import THREADS, Estimator


def linear(has_classes: bool, seed: int) -> Any:
    """Return logistic or ridge regression."""
    from sklearn.linear_model import LogisticRegression, Ridge

    if has_classes:  # the default of 100 iterations ends before the optimum
        return LogisticRegression(max_iter=1000, random_state=seed)
    return Ridge(random_state=seed)


def random_forest(has_classes: bool, seed: int) -> Any:
    """Return a random forest."""
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    forest = RandomForestClassifier if has_classes else RandomForestRegressor
    return forest(n_jobs=THREADS, random_state=seed)


def hist_gradient(has_classes: bool, seed: int) -> Any:
    """Return scikit-learn's boosted trees on histograms."""
    from sklearn.ensemble import (
        HistGradientBoostingClassifier,
        HistGradientBoostingRegressor,
    )

    if has_classes:
        return HistGradientBoostingClassifier(random_state=seed)
    return HistGradientBoostingRegressor(random_state=seed)


def mlp(has_classes: bool, seed: int) -> Any:
    """Return scikit-learn's network."""
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    network = MLPClassifier if has_classes else MLPRegressor
    return network(random_state=seed)


def mlp_scaled(has_classes: bool, seed: int) -> Any:
    """Return scikit-learn's network with a target of mean 0 and deviation 1."""
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.preprocessing import StandardScaler

    return TransformedTargetRegressor(mlp(False, seed), transformer=StandardScaler())


def lightgbm(has_classes: bool, seed: int, **settings: Any) -> Any:
    """Return LightGBM's boosted trees."""
    from lightgbm import LGBMClassifier, LGBMRegressor

    trees = LGBMClassifier if has_classes else LGBMRegressor
    return trees(n_jobs=THREADS, random_state=seed, verbosity=-1, **settings)


def xgboost(has_classes: bool, seed: int, **settings: Any) -> Any:
    """Return XGBoost's boosted trees."""
    from xgboost import XGBClassifier, XGBRegressor

    trees = XGBClassifier if has_classes else XGBRegressor
    return trees(n_jobs=THREADS, random_state=seed, **settings)


class Piped(Estimator):
    """An estimator behind skrub's tabular_pipeline, which is made for it."""

    def __init__(self, estimator: Any, seed: int) -> None:
        from skrub import tabular_pipeline

        pipeline = tabular_pipeline(estimator)
        pipeline.set_params(tablevectorizer__high_cardinality__random_state=seed)
        super().__init__(pipeline)

    @property
    def n_parameters(self) -> int | None:
        """Count weights and biases, where there are some."""
        last = self.estimator[-1]
        last = getattr(last, "regressor_", last)
        if hasattr(last, "coefs_"):
            return sum(a.size for a in (*last.coefs_, *last.intercepts_))
        if hasattr(last, "coef_"):
            return int(np.size(last.coef_) + np.size(last.intercept_))
        return None


class Stopped(Piped):
    """Boosted trees that stop early, behind the columns of tabular_pipeline.

    The last 300 trees must have made nothing better on a fifth of the train rows;
    the best number of trees predicts.
    """

    def __init__(self, estimator: Any, seed: int) -> None:
        super().__init__(estimator, seed)
        self.seed = seed

    def learn(self, X: Any, y: NDArray[Any]) -> None:
        """Fit the columns and the trees on four fifths, watch the fifth."""
        X, X_valid, y, y_valid = split(X, y, bool(self.classes), self.seed)
        columns, trees = self.estimator[:-1], self.estimator[-1]
        X = columns.fit_transform(X, y)
        X_valid = columns.transform(X_valid)
        watched: dict[str, Any] = {"eval_set": [(X_valid, y_valid)]}
        if type(trees).__name__.startswith("LGBM"):
            from lightgbm import early_stopping

            watched["callbacks"] = [early_stopping(PATIENCE, verbose=False)]
        else:
            watched["verbose"] = False
            trees.set_params(early_stopping_rounds=PATIENCE)
        trees.fit(X, y, **watched)


PATIENCE = 300


def split(X: Any, y: NDArray[Any], has_classes: bool, seed: int) -> list[Any]:
    """Hold out a fifth of the rows, by class where each class has two or more."""
    from sklearn.model_selection import train_test_split

    is_rare = has_classes and np.bincount(y).min() < 2
    stratify = y if has_classes and not is_rare else None
    return train_test_split(X, y, test_size=0.2, random_state=seed, stratify=stratify)


# meta-tuned defaults of "Better by Default" (RealMLP), 2024, as in pytabkit 1.7.2
LIGHTGBM_TD = {
    True: {
        "n_estimators": 1000,
        "learning_rate": 0.04,
        "subsample": 0.75,
        "subsample_freq": 1,
        "num_leaves": 50,
        "min_child_samples": 40,
        "min_child_weight": 1e-7,
    },
    False: {
        "n_estimators": 1000,
        "learning_rate": 0.05,
        "subsample": 0.7,
        "subsample_freq": 1,
        "num_leaves": 100,
        "min_child_samples": 3,
        "min_child_weight": 1e-7,
    },
}
XGBOOST_TD = {
    True: {
        "n_estimators": 1000,
        "learning_rate": 0.08,
        "min_child_weight": 5e-6,
        "reg_lambda": 0.0,
        "max_depth": 6,
        "colsample_bylevel": 0.9,
        "subsample": 0.65,
        "tree_method": "hist",
        "max_bin": 256,
    },
    False: {
        "n_estimators": 1000,
        "learning_rate": 0.05,
        "min_child_weight": 2.0,
        "reg_lambda": 0.0,
        "max_depth": 9,
        "subsample": 0.7,
        "tree_method": "hist",
        "max_bin": 256,
    },
}
