"""NetworkClassifier: a network that tells classes apart."""

from collections.abc import Mapping
from numbers import Real
from typing import Any, ClassVar, Self

import numpy as np
import polars as pl
from numpy.random import RandomState
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.preprocessing import LabelEncoder
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from layerwise.estimators.columns import encoded_of
from layerwise.estimators.estimator import NetworkEstimator, target_name
from layerwise.model import Model
from layerwise.model.notes import warn
from layerwise.table import NumberRule, Target
from layerwise.table.category import as_text
from layerwise.training import History

__all__ = ["NetworkClassifier"]


class NetworkClassifier(ClassifierMixin, NetworkEstimator):  # type: ignore[misc]
    """A network that tells classes apart, as a scikit-learn estimator.

    X may be an array, or a data frame of pandas, Polars or another library,
    with numbers, words, yes and no, dates and missing cells: each column is
    read as ``layerwise look`` would show it. y holds labels of any kind.

    As scikit-learn has it, ``predict`` wants the columns of ``fit`` in their
    order; ``model_``, by itself, finds them by name and leaves others alone.

    Args:
        layers: A catalog name ("linear", "strong") or layers as text, such as
            "64 relu, 32 relu"; by default what ``effort`` says. "linear" is
            logistic or softmax regression.
        loss: "cross-entropy", which is also the default.
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
        valid_fraction: Share of rows held out, of each class; 0 for none.
        class_weight: "balanced", or a weight for each label.
        label_smoothing: Share of each label spread over all classes.
        clip_norm: Largest length of a gradient.
        best_by: What chooses the best epoch on the rows held out: "cost", "loss" or
            "accuracy", for two classes also "auc".
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
        classes_: The labels, sorted.
        n_features_in_: How many columns fit saw.
        feature_names_in_: Their names, where X was a data frame with names.
        n_iter_: How many epochs were run.
        n_parameters_: How many parameters were learned.
        history_: What was measured on the way: ``history_["valid_cost"]``.
        model_: The trained ``Model``: layers, schema, ``save``. None where fit
            saw one class only, so that there was nothing to learn.

    Example:
        >>> X = [[0.0], [1.0], [2.0], [3.0]]
        >>> clf = NetworkClassifier("linear", l2=0.01, valid_fraction=0)
        >>> clf.fit(X, ["low", "low", "high", "high"]).predict([[0.2], [2.9]])
        array(['low', 'high'], dtype='<U4')
        >>> clf.n_parameters_
        2
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **NetworkEstimator._parameter_constraints,
        "class_weight": [dict, StrOptions({"balanced"}), None],
        "label_smoothing": [Interval(Real, 0, 1, closed="left"), None],
    }

    def __init__(
        self,
        layers: str | None = None,
        *,
        loss: str | None = None,
        l1: float = 0.0,
        l2: float = 0.0,
        optimizer: str | None = None,
        learning_rate: float | None = None,
        schedule: str | None = None,
        batch_size: int | None = None,
        epochs: int | None = None,
        patience: int | None = None,
        valid_fraction: float = 0.2,
        class_weight: str | Mapping[Any, float] | None = None,
        label_smoothing: float | None = None,
        clip_norm: float | None = None,
        best_by: str | None = None,
        folds: int | None = None,
        refits: int | None = None,
        effort: str | None = None,
        seconds: float | None = None,
        random_state: int | RandomState | None = None,
    ) -> None:
        super().__init__(
            layers,
            loss=loss,
            l1=l1,
            l2=l2,
            optimizer=optimizer,
            learning_rate=learning_rate,
            schedule=schedule,
            batch_size=batch_size,
            epochs=epochs,
            patience=patience,
            valid_fraction=valid_fraction,
            clip_norm=clip_norm,
            best_by=best_by,
            folds=folds,
            refits=refits,
            effort=effort,
            seconds=seconds,
            random_state=random_state,
        )
        self.class_weight = class_weight
        self.label_smoothing = label_smoothing

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train a network on labeled rows.

        Args:
            X: An array, or a data frame.
            y: A label for each row.
            sample_weight: How many rows each row stands for, at least 0. A row
                of weight 0 is as if it were not there.

        Returns:
            The estimator itself.

        Raises:
            ValueError: When X, y or a parameter is not as it must be.
            TrainingError: When training cannot go on.
        """
        table, labels, weight = self._rows(X, y, sample_weight, dtype=None)
        check_classification_targets(labels)
        encoder = LabelEncoder().fit(labels)
        classes = encoder.classes_
        if len(classes) == 1:
            label = classes.tolist()[0]
            warn([f"y holds one class only, {label!r}: nothing else is predicted."])
            self._keep(None, History(1, (), (), 0, 0, "there is one class only"))
        else:
            target = _target(target_name(y, table.columns), classes)
            weights = self._class_weights(classes, target.classes)
            ids = np.asarray(encoder.transform(labels), np.int32)
            self._train(
                table, target, ids, weight, self._settings(class_weight=weights)
            )
        self.classes_ = classes
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """Predict the label of each row.

        Args:
            X: The columns of fit, in their order.

        Returns:
            (n,): labels, as they were in y.
        """
        check_is_fitted(self)
        model: Model | None = self.model_
        if model is None:
            return np.repeat(self.classes_, self._n_rows(X))
        decided = model.decide(model.forward(encoded_of(self, X, model)))
        return np.asarray(self.classes_[decided])

    def predict_proba(self, X: Any) -> NDArray[Any]:
        """Predict the probability of each class.

        Args:
            X: The columns of fit, in their order.

        Returns:
            (n, n_classes): one column for each of ``classes_``.
        """
        check_is_fitted(self)
        model: Model | None = self.model_
        if model is None:
            return np.ones((self._n_rows(X), 1))
        return model.forward(encoded_of(self, X, model))

    def _class_weights(
        self, classes: NDArray[Any], names: tuple[str, ...]
    ) -> str | Mapping[str, float] | None:
        """Return class_weight as a model takes it: by the names of the classes."""
        if self.class_weight is None or isinstance(self.class_weight, str):
            return self.class_weight
        weights = compute_class_weight(self.class_weight, classes=classes, y=classes)
        return dict(zip(names, weights.tolist(), strict=True))


def _target(name: str, labels: NDArray[Any]) -> Target:
    """Describe the labels as the target of a model, which knows classes by name.

    They are named as a table would name them, so that the model by itself can
    be evaluated on a table that holds y.
    """
    is_number = labels.dtype.kind in "iuf"
    if is_number or labels.dtype.kind == "b":
        names = tuple(as_text(pl.Series(labels)))
    else:
        names = tuple(str(label) for label in labels)
    return Target(
        name,
        "binary" if len(labels) == 2 else "multiclass",
        names,
        NumberRule() if is_number else None,
    )
