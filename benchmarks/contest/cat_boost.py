"""CatBoost with its own categories."""

from typing import Any

import pandas as pd
from numpy.typing import NDArray

from contest.behind_skrub import PATIENCE, split
from contest.contestant import THREADS, Estimator

MISSING = "missing"

# meta-tuned defaults of "Better by Default" (RealMLP), 2024, as in pytabkit 1.7.2
CATBOOST_TD: dict[bool, dict[str, Any]] = {
    True: {
        "n_estimators": 1000,
        "learning_rate": 0.08,
        "l2_leaf_reg": 1e-5,
        "boosting_type": "Plain",
        "bootstrap_type": "Bernoulli",
        "subsample": 0.9,
        "max_depth": 7,
        "random_strength": 0.8,
        "one_hot_max_size": 15,
        "leaf_estimation_iterations": 1,
        "max_bin": 254,
    },
    False: {
        "n_estimators": 1000,
        "learning_rate": 0.09,
        "l2_leaf_reg": 1e-5,
        "boosting_type": "Plain",
        "bootstrap_type": "Bernoulli",
        "subsample": 0.9,
        "max_depth": 9,
        "random_strength": 0.0,
        "one_hot_max_size": 20,
        "leaf_estimation_iterations": 20,
        "max_bin": 254,
    },
}


class CatBoost(Estimator):
    """CatBoost: every column that is not of numbers is one of its categories.

    Dates and free text are categories too, and a missing one is a word.

    Args:
        has_classes: Whether the target is a class.
        seed: Where its random numbers come from.
        settings: What differs from its defaults.
    """

    def __init__(self, has_classes: bool, seed: int, **settings: Any) -> None:
        from catboost import CatBoostClassifier, CatBoostRegressor

        trees = CatBoostClassifier if has_classes else CatBoostRegressor
        super().__init__(
            trees(
                thread_count=THREADS,
                random_seed=seed,
                verbose=False,
                allow_writing_files=False,
                **settings,
            )
        )
        self.words: list[str] = []

    def prepare(self, X: Any, is_train: bool) -> Any:
        """Return words where the train file has words, else numbers."""
        if is_train:
            self.words = words_of(X)
        columns = {
            name: column.astype(object).where(column.notna(), MISSING).astype(str)
            if name in self.words
            else pd.to_numeric(column, errors="coerce")
            for name, column in X.items()
        }
        return pd.DataFrame(columns)

    def learn(self, X: Any, y: NDArray[Any]) -> None:
        """Fit on all rows."""
        self.estimator.fit(X, y, cat_features=self.words)


class StoppedCatBoost(CatBoost):
    """CatBoost with the meta-tuned defaults: stops early, the best trees predict."""

    def __init__(self, has_classes: bool, seed: int) -> None:
        super().__init__(has_classes, seed, **CATBOOST_TD[has_classes])
        self.seed = seed

    def learn(self, X: Any, y: NDArray[Any]) -> None:
        """Fit on four fifths, watch the fifth."""
        X, X_valid, y, y_valid = split(X, y, bool(self.classes), self.seed)
        self.estimator.fit(
            X,
            y,
            cat_features=self.words,
            eval_set=(X_valid, y_valid),
            early_stopping_rounds=PATIENCE,
            use_best_model=True,
        )


def words_of(X: Any) -> list[str]:
    """Return the columns that are not of numbers."""
    is_number = pd.api.types.is_numeric_dtype
    is_yes_no = pd.api.types.is_bool_dtype
    return [name for name, c in X.items() if not is_number(c) or is_yes_no(c)]
