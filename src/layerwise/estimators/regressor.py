"""NetworkRegressor: a network that predicts a number."""

from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_is_fitted

from layerwise.estimators.columns import encoded_of
from layerwise.estimators.estimator import NetworkEstimator, target_name
from layerwise.model import Model
from layerwise.table import Target

__all__ = ["NetworkRegressor"]


class NetworkRegressor(RegressorMixin, NetworkEstimator):  # type: ignore[misc]
    """A network that predicts a number, as a scikit-learn estimator.

    X may be an array, or a data frame of pandas, Polars or another library,
    with numbers, words, yes and no, dates and missing cells: each column is
    read as ``layerwise look`` would show it.

    As scikit-learn has it, ``predict`` wants the columns of ``fit`` in their
    order; ``model_``, by itself, finds them by name and leaves others alone.

    Args:
        layers: A catalog name ("linear", "strong") or layers as text, such as
            "64 relu, 32 relu"; by default what ``effort`` says. "linear" is
            linear regression.
        loss: "squared", "absolute" or "huber".
        l1: Price of sum|W|: cost = mean loss + l1 * sum|W| + l2/2 * sum W^2.
        l2: Price of sum W^2 / 2.
        optimizer: "sgd", "momentum", "adam", "adamw" or "lbfgs". By default
            "lbfgs" without hidden layers, else "adam".
        learning_rate: Length of an update. scikit-learn's own networks call the
            schedule so.
        schedule: How the learning rate changes until the last epoch: "cosine",
            "linear" or "constant".
        batch_size: Rows of one batch; by default it follows the number of rows.
        epochs: The most epochs.
        patience: Stop after this many epochs without a better validation cost;
            0 for never.
        valid_fraction: Share of rows held out; 0 for none.
        clip_norm: Largest length of a gradient.
        best_by: What chooses the best epoch on the rows held out: "cost", "loss" or
            "rmse" or "mae".
        folds: How many networks are trained, each with other rows held out; their
            mean predicts. By default as the ready network has it.
        refits: How many networks are trained anew on all rows in the end, for as long
            as was best on the rows held out; their mean predicts. 0 for none.
        effort: "quick" for a small network, "normal", the default, for the strong one
            of the catalog, or "thorough" for several kinds of networks.
        seconds: How long training may take; by default as long as it needs.
        random_state: Where every random number comes from. An int gives the
            same network each time, the one of ``train(seed=...)``.

    Attributes:
        n_features_in_: How many columns fit saw.
        feature_names_in_: Their names, where X was a data frame with names.
        n_iter_: How many epochs were run.
        n_parameters_: How many parameters were learned.
        history_: What was measured on the way: ``history_["valid_cost"]``.
        model_: The trained ``Model``: layers, schema, ``save``.

    Example:
        >>> X = [[0.0], [1.0], [2.0], [3.0]]
        >>> line = NetworkRegressor("linear", valid_fraction=0)
        >>> line.fit(X, [3.0, 5.0, 7.0, 9.0]).predict([[10.0]]).round(6)
        array([23.])
        >>> line.n_parameters_
        2
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train a network on rows whose number is known.

        Args:
            X: An array, or a data frame.
            y: A number for each row.
            sample_weight: How many rows each row stands for, at least 0. A row
                of weight 0 is as if it were not there.

        Returns:
            The estimator itself.

        Raises:
            ValueError: When X, y or a parameter is not as it must be.
            TrainingError: When training cannot go on.
        """
        table, numbers, weight = self._rows(X, y, sample_weight, dtype=np.float64)
        target = Target(target_name(y, table.columns), "regression")
        self._train(table, target, numbers, weight, self._settings())
        return self

    def predict(self, X: Any) -> NDArray[np.float64]:
        """Predict the number of each row.

        Args:
            X: The columns of fit, in their order.

        Returns:
            (n,): numbers in the units of y.
        """
        check_is_fitted(self)
        model = cast(Model, self.model_)
        return np.asarray(model.decide(model.forward(encoded_of(self, X, model))))
