"""The input layer: constants from training rows, units side by side."""

import re
from typing import Any

import jax
import numpy as np
import pytest

from layerwise.errors import ParameterError, ShapeError
from layerwise.layers import LARGEST_UNIT, CategoryUnits, Input, standardization

NAN = np.nan


def test_units_stand_in_their_documented_order() -> None:
    layer = Input((0.0, 0.0), (1.0, 1.0), (1,), (CategoryUnits(2), CategoryUnits(1, 2)))
    x = {
        "numbers": np.array([[1.5, NAN], [NAN, -2.0]], np.float32),
        "categories": np.array([[2, 1], [0, 0]], np.int32),
    }
    params = {"E1": np.array([[7, 8], [5, 6]], np.float32)}
    assert layer.forward(params, x).tolist() == [
        # numbers | flag of the second | one-hot of two | embedding
        [1.5, 0.0, 1.0, 0.0, 1.0, 5.0, 6.0],
        [0.0, -2.0, 0.0, 0.0, 0.0, 7.0, 8.0],
    ]
    assert layer.arithmetic() == "2 x 2 = 4"
    assert layer.n_units == 7


def test_the_compiled_formula_holds_no_constants() -> None:
    layer = Input((3.0, 1e300), (2.0, 1e-300), (0,))
    plain = layer.without_constants()
    x = {
        "numbers": np.array([[1.5, NAN]], np.float32),
        "categories": np.zeros((1, 0), np.int32),
    }
    assert np.array_equal(layer.forward({}, x), plain.forward({}, x))
    other = Input((5.0, 6.0), (7.0, 8.0), (0,)).without_constants()
    assert (plain, hash(plain)) == (other, hash(other))


# standardization: each expectation follows from the formula by hand
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


def test_standardized_training_rows_have_mean_0_and_spread_1() -> None:
    numbers = np.random.default_rng(0).lognormal(0, 3, (500, 3)) * [1e-9, 1, 1e9]
    center, scale = standardization(numbers)
    units = Input(tuple(center.tolist()), tuple(scale.tolist())).standardize(numbers)
    assert units.dtype == np.float32
    # 500 float32 numbers of size 1 with rounding errors of 6e-8 each
    np.testing.assert_allclose(units.mean(axis=0, dtype=float), 0, atol=1e-6)
    np.testing.assert_allclose(units.std(axis=0, dtype=float), 1, rtol=1e-6)


def test_numbers_far_from_training_are_clipped_and_missing_ones_stay() -> None:
    layer = Input((0.0,), (1e-300,))
    units = layer.standardize(np.array([[1.0], [-1.0], [NAN], [0.0]]))
    expected = [LARGEST_UNIT, -LARGEST_UNIT, NAN, 0.0]
    np.testing.assert_array_equal(units[:, 0], np.array(expected, np.float32))


def test_a_wrong_number_of_columns_is_told() -> None:
    with pytest.raises(ShapeError) as caught:
        Input((0.0,), (1.0,)).standardize(np.zeros((3, 2)))
    assert str(caught.value) == (
        "The input layer takes 1 number columns, but the array has shape (3, 2)."
    )


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "scale 0": (
        {"center": (0.0,), "scale": (0.0,)},
        "An input layer has one scale above 0 for each center. Got 1 centers and the "
        "scales 0.0.",
    ),
    "too few scales": (
        {"center": (0.0, 1.0), "scale": (1.0,)},
        "An input layer has one scale above 0 for each center. Got 2 centers and the "
        "scales 1.0.",
    ),
    "flag of no number": (
        {"center": (0.0,), "scale": (1.0,), "flags": (1,)},
        "The missing flags of an input layer are positions of its 1 numbers, in order. "
        "Got 1.",
    ),
    "flags out of order": (
        {"center": (0.0, 0.0), "scale": (1.0, 1.0), "flags": (1, 0)},
        "The missing flags of an input layer are positions of its 2 numbers, in order. "
        "Got 1, 0.",
    ),
}


@pytest.mark.parametrize(("settings", "message"), WRONG.values(), ids=WRONG)
def test_constants_that_do_not_fit_are_refused(
    settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
        Input(**settings)


def test_each_embedding_has_a_key_of_its_own() -> None:
    """Changing the first category column does not reseed the second."""
    one = Input(categories=(CategoryUnits(4, 2), CategoryUnits(4, 2)))
    two = Input(categories=(CategoryUnits(9, 3), CategoryUnits(4, 2)))
    first, second = (layer.init(jax.random.key(0)) for layer in (one, two))
    assert np.array_equal(first["E1"], second["E1"])
    assert not np.array_equal(first["E0"], first["E1"])
