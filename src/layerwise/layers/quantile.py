"""Quantiles of training rows, and numbers scaled by them to a standard normal.

    share   of the training rows below x, equal ones counted half
    s       Phi^-1(share): the place that x would have in a normal distribution

Whatever shape a column has, s has the same: most numbers between -2 and 2, and
none beyond 5.2. Far numbers come near, near ones are drawn apart; only the order
and the crowding of the training rows are kept.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from layerwise.errors import ParameterError, listed
from layerwise.layers.scaling import MOST_CONSTANTS, weighted_quantiles

__all__ = ["check_quantiles", "normal_quantiles", "quantiles", "to_normal"]

MOST_QUANTILES = 1000
LEAST_QUANTILES = 10
ROWS_PER_QUANTILE = 30
# The outermost shares, as in scikit-learn: 5.2 standard deviations from 0.
OUTERMOST = 1e-7


def quantiles(
    x: NDArray[np.float64],
    weights: NDArray[np.float64] | None,
    levels: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the numbers below which given shares of the rows lie.

    The averaged inverted distribution, see ``weighted_quantiles``. No number at all
    has no quantiles.

    Args:
        x: Numbers without missing ones.
        weights: How many rows each stands for, above 0; one each when None.
        levels: Shares from 0 to 1.

    Shape:
        x: (n,), levels: (m,) -> (m,), or (0,) for n = 0

    Example:
        >>> levels = np.array([0.0, 0.5, 1.0])
        >>> quantiles(np.array([4.0, 1.0, 2.0]), None, levels).tolist()
        [1.0, 2.0, 4.0]
    """
    if not len(x):
        return np.empty(0)
    return weighted_quantiles(x, weights, levels)


def normal_quantiles(
    numbers: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> tuple[tuple[float, ...], ...]:
    """Measure what ``to_normal`` needs of each column: quantiles at equal levels.

    One for every 30 rows, but 10 to 1000, and fewer where columns are so many that
    a model file would not hold them all.

    Args:
        numbers: One column per number, nan where a cell is missing.
        weights: How many rows each row stands for; one each when None.

    Shape:
        numbers: (n, p) -> p tuples of one length

    Source:
        Gorishniy et al., "TabM", 2024, in its code; scikit-learn's
        QuantileTransformer. NOTE[DIFF] no noise is added to the rows.
        NOTE[DIFF] quantiles are numbers of the rows, as in ``robust_scaling``.

    Example:
        >>> len(normal_quantiles(np.arange(600.0)[:, None])[0])
        20
    """
    n, p = numbers.shape
    count = max(min(n // ROWS_PER_QUANTILE, MOST_QUANTILES), LEAST_QUANTILES)
    levels = np.linspace(0, 1, max(min(count, MOST_CONSTANTS // max(p, 1)), 2))
    measured = []
    for j in range(p):
        here = ~np.isnan(numbers[:, j])
        if weights is not None:
            here &= weights > 0
        w = None if weights is None else weights[here]
        found = quantiles(numbers[:, j][here], w, levels)
        measured.append(
            tuple((found if len(found) else np.zeros_like(levels)).tolist())
        )
    return tuple(measured)


def to_normal(
    numbers: NDArray[np.float64], references: tuple[tuple[float, ...], ...]
) -> NDArray[np.float64]:
    """Return the place of each number in a normal distribution, nan where missing.

    s = Phi^-1(share of training rows below x, equal ones counted half)

    Shares lie on straight lines between the quantiles, and are at least 1e-7 and
    at most 1 - 1e-7.

    Args:
        numbers: One column per number.
        references: What ``normal_quantiles`` measured.

    Shape:
        numbers: (n, p) -> (n, p)

    Source:
        scikit-learn, QuantileTransformer(output_distribution="normal").
        NOTE[DIFF] many equal numbers at an end of the column stay in the middle
        of their share. There they all become 5.2 or -5.2, unless noise is added.

    Example:
        >>> s = to_normal(np.array([[1.0], [2.0], [9.0]]), ((1.0, 2.0, 3.0),))
        >>> s.round(1).tolist()
        [[-5.2], [0.0], [5.2]]
    """
    s = np.empty_like(numbers)
    for j, constants in enumerate(references):
        # NOTE[NUMERICS] halved: the difference of two floats may be infinite
        x, reference = numbers[:, j] / 2, np.asarray(constants) / 2
        levels = np.linspace(0, 1, len(reference))
        share = np.interp(x, reference, levels)
        if (reference[1:] == reference[:-1]).any():
            # that was the share up to x: at equal quantiles the share below is less
            below = -np.interp(-x, -reference[::-1], -levels[::-1])
            share = (share + below) / 2
        s[:, j] = ndtri(np.clip(share, OUTERMOST, 1 - OUTERMOST))
    return s


def check_quantiles(references: tuple[tuple[float, ...], ...], p: int) -> None:
    """Refuse quantiles that p numbers cannot have been measured to have.

    Raises:
        ParameterError: When there are some, but not as many for each number, or they
            are not in order.
    """
    if not references:
        return
    sizes = sorted({len(one) for one in references})
    if (
        len(references) != p
        or len(sizes) > 1
        or not 2 <= sizes[0] <= MOST_QUANTILES
        or p * sizes[0] > MOST_CONSTANTS
    ):
        raise ParameterError(
            f"An input layer has 2 to {MOST_QUANTILES:,} quantiles for each of its "
            f"numbers, as many for each, and up to {MOST_CONSTANTS:,} in all. Got "
            f"{listed(sizes)} for {len(references)} of {p} numbers."
        )
    for j, reference in enumerate(map(np.asarray, references)):
        if (reference[1:] < reference[:-1]).any():
            raise ParameterError(f"The quantiles of number {j} are not in order.")
