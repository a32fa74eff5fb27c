"""Center and scale of each number column, measured on training rows.

    standardization   mean and standard deviation      networks without hidden layers
    robust_scaling    median and interquartile range   networks with hidden layers

A line is the same line in any scale, so its numbers keep the constants that
everyone knows. A hidden layer is not: one cell of a million would press all
others together around 0. The median and the quartiles do not move for it, and
the input layer bends what lies far outside (``smooth_clip``).

A weight is worth that many equal rows, the order of rows never matters, and
sums are NumPy's, not those of BLAS: the same bits with any number of threads.
"""

import math
import sys

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "LARGEST_UNIT",
    "MOST_CONSTANTS",
    "robust_scaling",
    "standardization",
    "weighted_quantiles",
]

LARGEST_UNIT = 1e6
"""Scaled numbers are clipped here. No training row reaches it where the scale is
the standard deviation: among n rows of equal weight the largest is below
sqrt(n). Where it is not, ``smooth_clip`` has long flattened it out."""

MOST_CONSTANTS = 2**18
"""How many quantiles, and how many edges of bins, an input layer may have in all:
so many of both fit into the description that a model file may carry."""

QUARTERS = (0.25, 0.5, 0.75)
# Weights are summed with rounding errors below this share of their sum.
ROUNDING = 1e-12


def standardization(
    numbers: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Measure the mean and the spread of each column.

    center = sum(w x) / sum(w),  scale = sqrt(sum(w (x - center)^2) / sum(w))

    Missing cells are left out. A weight is worth that many equal rows, so a
    row of weight 0 moves nothing. A column without spread gets scale 1.

    Args:
        numbers: One column per number, nan where a cell is missing.
        weights: How many rows each row stands for; all 1 by default.

    Shape:
        numbers: (n, p) -> (p,), (p,)

    Example:
        >>> center, scale = standardization(np.array([[1.0], [3.0]]))
        >>> float(center[0]), float(scale[0])
        (2.0, 1.0)
    """
    n, p = numbers.shape
    center, scale = np.zeros(p), np.ones(p)
    w = np.ones(n) if weights is None else weights
    for j in range(p):  # column by column: a copy of one column, not of the table
        here = ~np.isnan(numbers[:, j]) & (w > 0)
        x, weight = numbers[:, j][here], w[here]
        size = np.abs(x).max(initial=0.0)
        if size == 0:
            continue
        # NOTE[NUMERICS] measured in units of the largest value: 1e300 squared is inf
        x = x / size
        total = weight.sum()
        # summed by NumPy, not by BLAS: the same bits with any number of threads
        mean = (weight * x).sum() / total
        spread = np.sqrt((weight * (x - mean) ** 2).sum() / total)
        center[j] = mean * size
        # NOTE[NUMERICS] a spread below rounding error is no spread
        scale[j] = spread * size if spread > 1e-14 else 1.0
    return center, scale


def robust_scaling(
    numbers: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Measure the median and the interquartile range of each column.

    center = q(1/2),  scale = q(3/4) - q(1/4)

    A column of which half the cells are equal has no such range: then the scale
    is (most - least) / 2, and 1 for a column without spread. Missing cells and
    rows of weight 0 are left out.

    Args:
        numbers: One column per number, nan where a cell is missing.
        weights: How many rows each row stands for; all 1 by default.

    Shape:
        numbers: (n, p) -> (p,), (p,)

    Example:
        >>> center, scale = robust_scaling(np.array([[1.0], [2.0], [4.0], [1e9]]))
        >>> float(center[0]), float(scale[0])
        (3.0, 500000000.5)

    Source:
        Holzmüller et al., "Better by Default" (RealMLP), 2024, section 3.
        NOTE[DIFF] no row order or interpolation enters the quantiles; a number
        without spread is 0 by its center, not by a scale of 0.
    """
    p = numbers.shape[1]
    center, scale = np.zeros(p), np.ones(p)
    for j in range(p):
        here = ~np.isnan(numbers[:, j])
        if weights is not None:
            here &= weights > 0
        x = numbers[:, j][here]
        if not len(x):
            continue
        low, center[j], high = (
            _unweighted(x)
            if weights is None
            else weighted_quantiles(x, weights[here], np.asarray(QUARTERS)).tolist()
        )
        scale[j] = _scale(low, high, float(x.min()), float(x.max()))
    return center, scale


def _scale(low: float, high: float, least: float, most: float) -> float:
    """Return high - low, else (most - least) / 2, else 1."""
    # NOTE[NUMERICS] halved first: the difference of two floats may be infinite
    for half, size in (
        (high / 2 - low / 2, max(abs(low), abs(high))),
        (most / 4 - least / 4, max(abs(least), abs(most))),
    ):
        # NOTE[NUMERICS] a spread below rounding error is no spread
        if half > 1e-14 * size:
            return min(2 * half, sys.float_info.max)
    return 1.0


def _unweighted(x: NDArray[np.float64]) -> list[float]:
    """Return the quartiles of equal rows, without sorting them all."""
    n = len(x)
    last = n - 1
    places = [
        (min(math.ceil(q * n) - 1, last), min(math.floor(q * n), last))
        for q in QUARTERS
    ]
    parted = np.partition(x, sorted({place for pair in places for place in pair}))
    return [float(parted[i] / 2 + parted[k] / 2) for i, k in places]


def weighted_quantiles(
    x: NDArray[np.float64],
    weights: NDArray[np.float64] | None,
    levels: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return quantiles of weighted rows: the averaged inverted distribution.

    q: the x at which the sum of the weights up to it passes q times their sum;
    the mean of that x and the next where it is met exactly.

    Args:
        x: Numbers without missing ones, at least one.
        weights: How many rows each stands for, above 0; one each when None.
        levels: Shares from 0 to 1.

    Shape:
        x: (n,), levels: (m,) -> (m,)

    Example:
        >>> weighted_quantiles(
        ...     np.array([5.0, 1.0]), np.array([1.0, 3.0]), np.array([0.5, 0.75, 1.0])
        ... ).tolist()
        [1.0, 3.0, 5.0]

    Source:
        Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996,
        definition 2: the one that agrees with repeated rows.
    """
    if weights is None:
        x, sums = np.sort(x), np.arange(1.0, len(x) + 1)
    else:
        order = np.lexsort((weights, x))  # equal numbers by weight: no row order left
        x, sums = x[order], np.cumsum(weights[order])
    met, near = levels * sums[-1], ROUNDING * sums[-1]
    last = len(x) - 1
    i = np.minimum(np.searchsorted(sums, met - near), last)
    k = np.minimum(np.searchsorted(sums, met + near), last)
    # NOTE[NUMERICS] halves of the smallest numbers are 0, so one number is not halved
    return np.asarray(np.where(i == k, x[i], x[i] / 2 + x[k] / 2))
