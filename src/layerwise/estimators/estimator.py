"""What the classifier and the regressor share: from X and y to a model.

X, y, sample_weight -> rows of weight 0 left out -> table -> model.fit
"""

from dataclasses import fields
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import Tags, check_array, check_consistent_length, check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import (
    _check_sample_weight,
    column_or_1d,
)

from layerwise.estimators.columns import table_of
from layerwise.model import Examples, Model, Settings, fit
from layerwise.model.notes import class_notes, column_notes, warn
from layerwise.model.settings import EFFORTS, MOST_FOLDS, MOST_REFITS
from layerwise.table import Table, Target, look, split
from layerwise.table.sources.cells import is_missing
from layerwise.training import BEST_BY, OPTIMIZERS, SCHEDULES, History

__all__ = ["NetworkEstimator", "target_name"]


class NetworkEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """A network as scikit-learn wants it. Not for use by itself."""

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        "layers": [str, None],
        "loss": [str, None],
        "l1": [Interval(Real, 0, None, closed="left")],
        "l2": [Interval(Real, 0, None, closed="left")],
        "optimizer": [StrOptions({*OPTIMIZERS, "lbfgs"}), None],
        "learning_rate": [Interval(Real, 0, None, closed="neither"), None],
        "schedule": [StrOptions(set(SCHEDULES)), None],
        "batch_size": [Interval(Integral, 1, None, closed="left"), None],
        "epochs": [Interval(Integral, 1, None, closed="left"), None],
        "patience": [Interval(Integral, 0, None, closed="left"), None],
        "valid_fraction": [Interval(Real, 0, 1, closed="left")],
        "clip_norm": [Interval(Real, 0, None, closed="neither"), None],
        "best_by": [StrOptions(set(BEST_BY)), None],
        "folds": [Interval(Integral, 1, MOST_FOLDS, closed="both"), None],
        "refits": [Interval(Integral, 0, MOST_REFITS, closed="both"), None],
        "effort": [StrOptions(set(EFFORTS)), None],
        "seconds": [Interval(Real, 0, None, closed="neither"), None],
        "random_state": ["random_state"],
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
        clip_norm: float | None = None,
        best_by: str | None = None,
        folds: int | None = None,
        refits: int | None = None,
        effort: str | None = None,
        seconds: float | None = None,
        random_state: int | RandomState | None = None,
    ) -> None:
        self.layers = layers
        self.loss = loss
        self.l1 = l1
        self.l2 = l2
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.schedule = schedule
        self.batch_size = batch_size
        self.epochs = epochs
        self.patience = patience
        self.valid_fraction = valid_fraction
        self.clip_norm = clip_norm
        self.best_by = best_by
        self.folds = folds
        self.refits = refits
        self.effort = effort
        self.seconds = seconds
        self.random_state = random_state

    def __sklearn_tags__(self) -> Tags:
        """Say what the estimator takes."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags

    def _rows(
        self, X: Any, y: Any, sample_weight: Any, dtype: Any
    ) -> tuple[Table, NDArray[Any], NDArray[np.float64] | None]:
        """Check what fit was given, and leave out the rows that weigh nothing.

        Returns:
            The table, the target of each row, and the weights or None.
        """
        self._validate_params()
        table = table_of(self, X, fresh=True, least=2)
        if y is None:
            raise ValueError(
                f"This {type(self).__name__} estimator requires y to be passed, but "
                "the target y is None."
            )
        y = column_or_1d(y, warn=True)
        _refuse_no_label(y)
        y = check_array(y, ensure_2d=False, dtype=dtype, input_name="y", estimator=self)
        check_consistent_length(table.frame, y)
        if sample_weight is None:
            return table, y, None
        weight = _check_sample_weight(
            sample_weight, y, dtype=np.float64, ensure_non_negative=True
        )
        weighs = np.flatnonzero(weight > 0)
        if len(weighs) < len(weight):
            table, y, weight = table.rows(weighs), y[weighs], weight[weighs]
        return table, y, weight

    def _settings(self, **changed: Any) -> Settings:
        """Return the parameters as the options of a training."""
        named = {**self.get_params(deep=False), "seed": self._seed(), **changed}
        own = {field.name for field in fields(Settings)}
        settings = Settings(**{name: named[name] for name in own & set(named)})
        settings.check(type(self).__name__)
        return settings

    def _seed(self) -> int:
        """Return random_state as a seed; one that is no int gives a new one."""
        if isinstance(self.random_state, Integral):
            return int(self.random_state)
        state = check_random_state(self.random_state)
        return int(state.randint(2**32, dtype=np.uint32))

    def _train(
        self,
        table: Table,
        target: Target,
        y: NDArray[Any],
        weight: NDArray[np.float64] | None,
        settings: Settings,
    ) -> None:
        """Train a model, and keep it with what it learned on the way."""
        labels = None if target.task == "regression" else y
        train, valid = split(len(y), settings.held_out, settings.seed, labels)
        readings = look(table)
        model = fit(
            Examples(table, readings, target, y, train, valid, weight), settings
        )
        warn(
            (
                *column_notes(readings, model.schema),
                *class_notes(target, y, train, valid),
            ),
            stacklevel=4,
        )
        self._keep(model, model.history)

    def _keep(self, model: Model | None, history: History) -> None:
        self.model_ = model
        self.history_ = history
        self.n_iter_ = len(history.epochs)
        self.n_parameters_ = 0 if model is None else model.n_parameters

    def _n_rows(self, X: Any) -> int:
        """Count the rows of a table with the columns of fit."""
        return table_of(self, X, fresh=False).n_rows


def _refuse_no_label(y: NDArray[Any]) -> None:
    """Refuse None, which scikit-learn would take for a class of its own."""
    if y.dtype != object:
        return
    for row, label in enumerate(y):
        if is_missing(label):
            raise ValueError(f"y has no label in row {row}. Leave such rows out.")


def target_name(y: Any, taken: tuple[str, ...]) -> str:
    """Return the name that a Series brings, else "y"; never that of a column of X."""
    name = getattr(y, "name", None)
    name = name if isinstance(name, str) and name else "y"
    while name in taken:
        name += "_"
    return name
