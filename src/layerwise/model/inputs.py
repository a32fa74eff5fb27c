"""The input layer that a schema makes: constants from training rows.

                numbers                                unknown categories
LINE_FORM       mean and standard deviation            those that training pooled
ROBUST_FORM     median and interquartile range, bent   a share of the training cells

Without hidden layers nothing is bent or drawn at random: a line is a line, and its
best weights are found exactly. Networks with hidden layers may also ask for numbers
scaled to a normal distribution, and for several units of each (``InputForm``).
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from layerwise.layers import (
    MOST_CONSTANTS,
    CategoryUnits,
    Input,
    Pbld,
    Piecewise,
    Plr,
    TextUnits,
    mixed_bins,
    normal_quantiles,
    quantile_bins,
    robust_scaling,
    standardization,
)
from layerwise.table import Schema
from layerwise.table.column import EMBEDDING_WIDTH
from layerwise.table.hashing import HASHED_UNITS

__all__ = [
    "LINE_FORM",
    "ROBUST_FORM",
    "InputForm",
    "category_units",
    "input_layer",
    "text_units",
]


@dataclass(frozen=True)
class InputForm:
    """What an input layer makes of numbers and of unknown categories.

    Args:
        scaling: "standard" for mean and standard deviation, "robust" for median and
            interquartile range, "quantile" for the place in a normal distribution.
        smooth_clip: Bound of the scaled numbers; 0 for none.
        other_rate: Share of category cells read as unknown while training.
        encoding: "piecewise" for sums of the codes of bins, "piecewise-codes" for
            the codes themselves, "pbld" and "plr" for waves, "none" for one unit.
        n_bins: Bins of each number at most, where they are piecewise.
        bins: Where their edges are: quantiles of the "rows", or "mixed" for half of
            them at quantiles of the distinct values.
        width: Units of each number; 16 is TabM's, 4 RealMLP's (pbld), 24 PLR's.
    """

    scaling: Literal["standard", "robust", "quantile"] = "standard"
    smooth_clip: float = 0.0
    other_rate: float = 0.0
    encoding: Literal["none", "piecewise", "piecewise-codes", "pbld", "plr"] = "none"
    n_bins: int = 48
    bins: Literal["rows", "mixed"] = "rows"
    width: int = 16


LINE_FORM = InputForm()
"""Of networks without hidden layers."""

ROBUST_FORM = InputForm("robust", smooth_clip=3.0, other_rate=0.02)
"""Of networks with hidden layers. 3 is RealMLP's bound for numbers in units of their
interquartile range. Of 50 category cells one is read as unknown while training:
enough to learn what an unknown one means on average, too few to hide what the known
ones do."""


def input_layer(
    schema: Schema,
    numbers: NDArray[np.float64],
    weight: NDArray[np.float64] | None,
    form: InputForm,
) -> Input:
    """Learn the input layer's constants.

    Args:
        schema: What each column becomes.
        numbers: Those of the training rows, nan where missing.
        weight: How many rows each of them stands for; one each when None.
        form: What is made of them.

    Shape:
        numbers: (n, p)

    Example:
        >>> from layerwise.table import Column
        >>> schema = Schema((Column("age", "number", "", "number"),))
        >>> ages = np.array([[20.0], [30.0], [70.0]])
        >>> inputs = input_layer(schema, ages, None, ROBUST_FORM)
        >>> inputs.center, inputs.scale, inputs.smooth_clip
        ((30.0,), (50.0,), 3.0)
    """
    center, scale = _center_and_scale(numbers, weight, form)
    is_quantile = form.scaling == "quantile"
    inputs = Input(
        tuple(center.tolist()),
        tuple(scale.tolist()),
        schema.flag_numbers,
        category_units(schema),
        text_units(schema),
        smooth_clip=form.smooth_clip,
        other_rate=form.other_rate if schema.categories else 0.0,
        quantiles=normal_quantiles(numbers, weight) if is_quantile else (),
    )
    if form.encoding == "none" or not inputs.n_numbers:
        return inputs
    return replace(inputs, encoding=_encoding(inputs, numbers, weight, form))


def _center_and_scale(
    numbers: NDArray[np.float64], weight: NDArray[np.float64] | None, form: InputForm
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if form.scaling == "quantile":
        p = numbers.shape[1]
        return np.zeros(p), np.ones(p)
    measured = robust_scaling if form.scaling == "robust" else standardization
    return measured(numbers, weight)


def _encoding(
    inputs: Input,
    numbers: NDArray[np.float64],
    weight: NDArray[np.float64] | None,
    form: InputForm,
) -> Piecewise | Pbld | Plr:
    """Learn where bins are, in units of the numbers scaled and bent."""
    if form.encoding == "pbld":
        return Pbld(width=form.width)
    if form.encoding == "plr":
        return Plr(width=form.width)
    s = inputs.bent(inputs.scaled(numbers))
    edges_of = mixed_bins if form.bins == "mixed" else quantile_bins
    # in a table of very many numbers each gets fewer bins: a file must hold them all
    n_bins = max(min(form.n_bins, MOST_CONSTANTS // s.shape[1] - 1), 2)
    bins = tuple(edges_of(column, weight, n_bins) for column in s.T)
    return Piecewise(bins, 0 if form.encoding == "piecewise-codes" else form.width)


def category_units(schema: Schema) -> tuple[CategoryUnits, ...]:
    """Return the units of each category column."""
    return tuple(
        CategoryUnits(
            column.n_ids,
            EMBEDDING_WIDTH if column.encoding == "embedding" else 0,
            column.has_other,
        )
        for column in schema.categories
    )


def text_units(schema: Schema) -> tuple[TextUnits, ...]:
    """Return the units of each text column."""
    return tuple(TextUnits(HASHED_UNITS, c.has_missing) for c in schema.texts)
