"""Center and scale of numbers: by their formulas, by weight, in any order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwise.layers import robust_scaling, standardization
from layerwise.layers.scaling import weighted_quantiles

NAN = np.nan

# each expectation follows from the formula by hand
COLUMNS: dict[str, tuple[list[float], float, float]] = {
    "two values": ([1.0, 3.0], 2.0, 1.0),
    "a missing cell": ([1.0, NAN, 3.0], 2.0, 1.0),
    "one value": ([5.0], 5.0, 1.0),
    "constant": ([0.1] * 7, 0.1, 1.0),
    "all missing": ([NAN, NAN], 0.0, 1.0),
    "zeros": ([0.0, 0.0], 0.0, 1.0),
    "huge": ([1e300, 3e300], 2e300, 1e300),
    "tiny": ([1e-300, 3e-300], 2e-300, 1e-300),
    "the seconds of a date": ([1.7e9, 1.7e9 + 2], 1.7e9 + 1, 1.0),
}


@pytest.mark.parametrize(("column", "center", "scale"), COLUMNS.values(), ids=COLUMNS)
def test_center_and_scale(column: list[float], center: float, scale: float) -> None:
    found = standardization(np.array(column)[:, None])
    np.testing.assert_allclose(np.ravel(found), [center, scale], rtol=1e-6)


def test_a_weight_is_worth_that_many_equal_rows() -> None:
    draw = np.random.default_rng(0)
    numbers = draw.normal(5, 3, (30, 2))
    numbers[::7, 1] = NAN
    repeats = draw.integers(0, 4, 30)
    weighted = standardization(numbers, repeats.astype(float))
    repeated = standardization(np.repeat(numbers, repeats, axis=0))
    np.testing.assert_allclose(weighted, repeated, rtol=1e-13)


def test_no_rows_have_center_0_and_scale_1() -> None:
    assert np.ravel(standardization(np.zeros((0, 1)))).tolist() == [0.0, 1.0]


# each expectation follows from the formula by hand
ROBUST: dict[str, tuple[list[float], float, float]] = {
    "four": ([4.0, 1.0, 3.0, 2.0], 2.5, 2.0),  # (3 + 4)/2 - (1 + 2)/2
    "five": ([5.0, 1.0, 2.0, 4.0, 3.0], 3.0, 2.0),  # 4 - 2
    "a missing cell": ([1.0, NAN, 3.0], 2.0, 2.0),
    "one value": ([5.0], 5.0, 1.0),
    "constant": ([0.1] * 7, 0.1, 1.0),
    "all missing": ([NAN, NAN], 0.0, 1.0),
    "no quartiles apart": ([0.0] * 9 + [8.0], 0.0, 4.0),
    "rounding errors apart": ([0.3] * 3 + [0.1 + 0.2] * 3, 0.3, 1.0),
    "an outlier": ([1.0, 2.0, 3.0, 4.0, 1e300], 3.0, 2.0),
    "huge": ([-1.7e308, -1.7e308, 1.7e308, 1.7e308], 0.0, np.finfo(float).max),
    "the seconds of a date": ([1.7e9, 1.7e9 + 2], 1.7e9 + 1, 2.0),
}


@pytest.mark.parametrize(("column", "center", "scale"), ROBUST.values(), ids=ROBUST)
@pytest.mark.parametrize("is_weighted", [False, True])
def test_median_and_interquartile_range(
    column: list[float], center: float, scale: float, is_weighted: bool
) -> None:
    numbers = np.array(column)[:, None]
    weights = np.full(len(column), 0.1) if is_weighted else None
    found = robust_scaling(numbers, weights)
    np.testing.assert_allclose(np.ravel(found), [center, scale], rtol=1e-15)


@given(
    st.lists(st.tuples(st.integers(-4, 4), st.integers(0, 3)), min_size=1, max_size=30),
    st.sampled_from([1.0, 0.1, 1 / 3, 1e-9]),
    st.randoms(use_true_random=False),
)
def test_quartiles_know_rows_by_weight_alone(rows, unit, shuffler) -> None:
    """Repeated rows, weights in any unit, rows in any order: the same bits."""
    x, repeats = np.array(rows, float).T
    repeated = robust_scaling(np.repeat(x, repeats.astype(int))[:, None])
    weighted = robust_scaling(x[:, None], repeats * unit)
    shuffler.shuffle(rows)
    x, repeats = np.array(rows, float).T
    shuffled = robust_scaling(x[:, None], repeats * unit)
    assert np.ravel(repeated).tolist() == np.ravel(weighted).tolist()
    assert np.ravel(repeated).tolist() == np.ravel(shuffled).tolist()


def test_quartiles_are_those_of_numpy() -> None:
    numbers = np.random.default_rng(0).lognormal(0, 3, (501, 1))
    low, middle, high = np.quantile(
        numbers, [0.25, 0.5, 0.75], method="averaged_inverted_cdf"
    )
    assert np.ravel(robust_scaling(numbers)).tolist() == [middle, high - low]


def test_no_rows_have_no_quartiles() -> None:
    assert np.ravel(robust_scaling(np.zeros((0, 1)))).tolist() == [0.0, 1.0]


def test_the_ends_are_the_numbers_themselves_however_small() -> None:
    x = np.array([-5e-324, 5e-324, 1.0])
    assert weighted_quantiles(x, None, np.array([0.0, 0.5, 1.0])).tolist() == x.tolist()
