"""The input layer that a schema makes: constants from training rows.

                numbers                                unknown categories
linear          mean and standard deviation            those that training pooled
hidden layers   median and interquartile range, bent   a share of the training cells

Without hidden layers nothing is bent or drawn at random: a line is a line, and its
best weights are found exactly.
"""

import numpy as np
from numpy.typing import NDArray

from layerwise.layers import (
    CategoryUnits,
    Input,
    TextUnits,
    robust_scaling,
    standardization,
)
from layerwise.table import Schema
from layerwise.table.column import EMBEDDING_WIDTH
from layerwise.table.hashing import HASHED_UNITS

__all__ = ["OTHER_RATE", "SMOOTH_CLIP", "category_units", "input_layer", "text_units"]

SMOOTH_CLIP = 3.0
"""RealMLP's bound for numbers in units of their interquartile range."""

OTHER_RATE = 0.02
"""Of 50 category cells one is read as unknown while training: enough to learn what an
unknown one means on average, too few to hide what the known ones do."""


def input_layer(
    schema: Schema,
    numbers: NDArray[np.float64],
    weight: NDArray[np.float64] | None,
    depth: int,
) -> Input:
    """Learn the input layer's constants.

    Args:
        schema: What each column becomes.
        numbers: Those of the training rows, nan where missing.
        weight: How many rows each of them stands for; one each when None.
        depth: Hidden layers of the network.

    Shape:
        numbers: (n, p)

    Example:
        >>> from layerwise.table import Column
        >>> schema = Schema((Column("age", "number", "", "number"),))
        >>> inputs = input_layer(schema, np.array([[20.0], [30.0], [70.0]]), None, 2)
        >>> inputs.center, inputs.scale, inputs.smooth_clip
        ((30.0,), (50.0,), 3.0)
    """
    measured = robust_scaling if depth else standardization
    center, scale = measured(numbers, weight)
    return Input(
        tuple(center.tolist()),
        tuple(scale.tolist()),
        schema.flag_numbers,
        category_units(schema),
        text_units(schema),
        smooth_clip=SMOOTH_CLIP if depth else 0.0,
        other_rate=OTHER_RATE if depth and schema.categories else 0.0,
    )


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
