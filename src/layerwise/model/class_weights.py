"""Class weights: how much the rows of each class count while training."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.errors import ParameterError, listed
from layerwise.model.examples import Examples
from layerwise.table.category import plain_category

__all__ = ["class_weights"]


def class_weights(
    examples: Examples,
    weight: NDArray[np.float64],
    class_weight: str | Mapping[Any, float] | None,
) -> NDArray[np.float64]:
    """Return the weight of each row's class.

    balanced: (rows / classes) / rows of the class, all weighted

    Raises:
        ParameterError: When the target has no classes, or a class is unknown.
    """
    target, y = examples.target, examples.y
    if class_weight is None:
        return np.ones(len(y))
    classes = target.classes
    if target.task == "regression":
        raise ParameterError(
            "The 'class_weight' parameter weighs classes, but the target "
            f"{target.name!r} is a number. Leave it out."
        )
    if class_weight == "balanced":
        train = examples.train
        ids, w = y[train].astype(np.int64), weight[train]
        counts = np.bincount(ids, weights=w, minlength=len(classes))
        by_class = counts.sum() / len(classes) / np.maximum(counts, 1e-12)
        return np.asarray(by_class[y.astype(np.int64)])
    by_class = _weight_of_each(class_weight, classes)
    weights = np.asarray(by_class[y.astype(np.int64)])
    for rows, whose, so in (
        (examples.train, "training row", "there is nothing to learn"),
        (examples.valid, "row held out", "nothing is measured"),
    ):
        if len(rows) and not weights[rows].any():
            raise ParameterError(
                f"The 'class_weight' parameter gives every {whose} the weight 0, so "
                f"{so}. Got {class_weight!r}."
            )
    return weights


def _weight_of_each(class_weight: Any, classes: Sequence[str]) -> NDArray[np.float64]:
    """Return the weight that the user gave to each class, 1 where none was given."""
    if not isinstance(class_weight, Mapping):
        raise ParameterError(
            "The 'class_weight' parameter of train must be 'balanced', a weight for "
            f"each class, or None. Got {class_weight!r} instead."
        )
    given = {_class_named(label, classes): w for label, w in class_weight.items()}
    unknown = [label for label in given if label not in classes]
    if unknown or not all(_is_weight(value) for value in given.values()):
        raise ParameterError(
            f"The 'class_weight' parameter must give weights of at least 0 to the "
            f"classes {listed(classes)}. Got {dict(class_weight)!r} instead."
        )
    return np.asarray([float(given.get(label, 1.0)) for label in classes])


def _class_named(label: Any, classes: Sequence[str]) -> str:
    """Write a label as a class is written: True as true, 1.0 as 1."""
    as_it_is = str(label)
    if as_it_is in classes or not isinstance(label, bool | float | np.bool_):
        return as_it_is
    return str(plain_category(pl.Series([label]))[0])


def _is_weight(value: Any) -> bool:
    is_number = isinstance(value, int | float | np.number)
    return is_number and bool(0 <= value < np.inf)
