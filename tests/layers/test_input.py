"""The input layer: constants from training rows, units side by side."""

import re
from typing import Any

import jax
import numpy as np
import pytest

from layerwise.errors import ParameterError, ShapeError
from layerwise.layers import (
    LARGEST_UNIT,
    CategoryUnits,
    Input,
    Pbld,
    Piecewise,
    Plr,
    TextUnits,
    standardization,
)

NAN = np.nan


def no_words(n: int) -> tuple[Any, Any]:
    """Return the categories and texts of a table that has none."""
    return np.zeros((n, 0), np.int32), np.zeros((n, 0))


def test_units_stand_in_their_documented_order() -> None:
    layer = Input(
        (0.0, 0.0),
        (1.0, 1.0),
        (1,),
        (CategoryUnits(2), CategoryUnits(1, 2)),
        (TextUnits(2, has_flag=True), TextUnits(1)),
    )
    x = {
        "numbers": np.array([[1.5, NAN], [NAN, -2.0]], np.float32),
        "categories": np.array([[2, 1], [0, 0]], np.int32),
        "texts": np.array([[0.5, -0.5, 1.0], [NAN, NAN, NAN]], np.float32),
    }
    params = {"E1": np.array([[7, 8], [5, 6]], np.float32)}
    assert layer.forward(params, x).tolist() == [
        # numbers | flag of the second | one-hot of two | embedding | texts with flag
        [1.5, 0.0, 1.0, 0.0, 1.0, 5.0, 6.0, 0.5, -0.5, 0.0, 1.0],
        [0.0, -2.0, 0.0, 0.0, 0.0, 7.0, 8.0, 0.0, 0.0, 1.0, 0.0],
    ]
    assert layer.arithmetic() == "2 x 2 = 4"
    assert layer.n_units == 11


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


def test_standardized_training_rows_have_mean_0_and_spread_1() -> None:
    numbers = np.random.default_rng(0).lognormal(0, 3, (500, 3)) * [1e-9, 1, 1e9]
    center, scale = standardization(numbers)
    layer = Input(tuple(center.tolist()), tuple(scale.tolist()))
    units = layer.rows(numbers, *no_words(500))["numbers"]
    assert units.dtype == np.float32
    # 500 float32 numbers of size 1 with rounding errors of 6e-8 each
    np.testing.assert_allclose(units.mean(axis=0, dtype=float), 0, atol=1e-6)
    np.testing.assert_allclose(units.std(axis=0, dtype=float), 1, rtol=1e-6)


def test_the_smooth_clip_is_its_formula_and_holds_every_number() -> None:
    layer = Input((0.0,), (1.0,), smooth_clip=3.0)
    s = np.array([[0.0], [0.1], [-1.0], [4.0], [1e6], [NAN]], np.float32)
    x = {"numbers": s, "categories": np.zeros((6, 0), np.int32)}
    units = np.asarray(layer.forward({}, x))[:, 0]
    # by hand: 4 / sqrt(1 + 16/9) = 4 / (5/3) = 2.4
    by_hand = [0.0, 0.1 / np.sqrt(1 + 0.01 / 9), -1 / np.sqrt(10 / 9), 2.4, 3.0, 0.0]
    np.testing.assert_allclose(units, by_hand, rtol=1e-6)


def test_with_a_key_the_asked_share_of_categories_becomes_other() -> None:
    categories = (CategoryUnits(3, has_other=True), CategoryUnits(20, 2))
    layer = Input(categories=categories, other_rate=0.1)
    n = 50_000
    x = {"numbers": np.zeros((n, 0), np.float32), "categories": np.ones((n, 2), int)}
    params = {"E1": np.arange(42, dtype=np.float32).reshape(21, 2)}
    units = np.asarray(jax.jit(layer.forward)(params, x, jax.random.key(0)))
    one_hot, embedded = units[:, 3] == 1, units[:, 4] == 0
    for other in (one_hot, embedded):
        # 50,000 draws: the share has a standard error of 0.0013
        assert other.mean() == pytest.approx(0.1, abs=0.007)
    # each column draws for itself
    assert (one_hot & embedded).mean() == pytest.approx(0.01, abs=0.003)
    assert not (units[:, :3][one_hot]).any()
    assert set(map(tuple, units[:, 4:].tolist())) == {(0.0, 1.0), (2.0, 3.0)}
    plain = np.asarray(layer.forward(params, x))
    assert (plain == [1, 0, 0, 0, 2, 3]).all()


def test_numbers_far_from_training_are_clipped_and_missing_ones_stay() -> None:
    layer = Input((0.0,), (1e-300,))
    s = layer.scaled(np.array([[1.0], [-1.0], [NAN], [0.0]]))
    np.testing.assert_array_equal(s[:, 0], [LARGEST_UNIT, -LARGEST_UNIT, NAN, 0.0])


def test_a_wrong_number_of_columns_is_told() -> None:
    with pytest.raises(ShapeError) as caught:
        Input((0.0,), (1.0,)).scaled(np.zeros((3, 2)))
    assert str(caught.value) == (
        "The input layer takes 1 number columns, but the array has shape (3, 2)."
    )


def test_numbers_are_bent_before_they_are_encoded() -> None:
    """Here and on the device alike; where they are missing they count as 0."""
    layer = Input(
        (1.0,), (2.0,), (0,), smooth_clip=3.0, encoding=Piecewise(((0.0, 2.4),), 0)
    )
    x = layer.rows(np.array([[1.0], [9.0], [NAN]]), *no_words(3))
    # by hand: (9 - 1) / 2 = 4, and 4 / sqrt(1 + 16/9) = 2.4
    np.testing.assert_array_equal(x["numbers"][:, 0], np.float32([0, 4, NAN]))
    np.testing.assert_allclose(x["places"][:, 0], [0, 1, NAN], rtol=1e-7)
    units = np.asarray(layer.forward({}, x))
    np.testing.assert_allclose(units, [[0, 0], [1, 0], [0, 1]], rtol=1e-7)


def test_encoded_units_stand_first_and_number_by_number() -> None:
    layer = Input(
        (0.0, 0.0),
        (1.0, 1.0),
        (1,),
        (CategoryUnits(2), CategoryUnits(4, 3)),
        (TextUnits(2, has_flag=True),),
        encoding=Pbld(frequencies=1, width=2),
    )
    assert layer.groups() == (2, 2, 1, 2, 3, 3)
    assert layer.n_units == 13
    assert list(layer.shapes()) == ["w1", "b1", "W2", "b2", "E1"]
    assert layer.arithmetic() == "2 x 1 + 2 x 1 + 2 x 1 x 1 + 2 x 1 + 5 x 3 = 23"
    params = {
        "w1": np.float32([[0.25], [0.5]]),
        "b1": np.float32([[0.0], [0.0]]),
        "W2": np.float32([[[3.0]], [[5.0]]]),
        "b2": np.float32([[10.0], [20.0]]),
        "E1": np.zeros((5, 3), np.float32),
    }
    x = layer.rows(np.array([[1.0, 2.0]]), np.zeros((1, 2), np.int32), np.ones((1, 2)))
    units = np.asarray(layer.forward(params, x))[0]
    # 10 + 3 cos(pi / 2) = 10, 20 + 5 cos(2 pi) = 25
    np.testing.assert_allclose(units[:5], [1, 10, 2, 25, 0], rtol=1e-6)


def test_the_compiled_formula_keeps_the_number_of_bins_only() -> None:
    one, two = (
        Input(
            (0.0, 0.0),
            (1.0, 1.0),
            encoding=Piecewise(bins, 4),
            quantiles=quantiles,
        ).without_constants()
        for bins, quantiles in (
            (((0.0, 1.0), (0.0, 3.0, 7.0)), ((0.0, 9.0), (1.0, 2.0))),
            (((5.0, 6.0), (2.0, 4.0, 9.0)), ((0.0, 0.0), (0.0, 2.0))),
        )
    )
    assert (one, hash(one)) == (two, hash(two))
    assert one.shapes() == {"w": (2, 4), "c": (2, 4), "V": (3, 4)}


def test_which_parameters_decay_and_how_fast_they_learn() -> None:
    """As their sources say; embeddings keep their size, as before."""
    said = {}
    for encoding in (Piecewise(((0.0, 1.0),), 4), Pbld(), Plr(), None):
        layer = Input((0.0,), (1.0,), (), (CategoryUnits(4, 2),), encoding=encoding)
        said[type(encoding).__name__] = {
            name: (layer.rate(name), layer.decays(name)) for name in layer.shapes()
        }
    assert said == {
        "Piecewise": {
            "w": (1, False),
            "c": (1, False),
            "V": (1, True),
            "E0": (1, False),
        },
        "Pbld": dict.fromkeys(("w1", "b1", "W2", "b2"), (0.1, True))
        | {"E0": (1, False)},
        "Plr": {"w": (1, False), "W": (1, True), "b": (1, False), "E0": (1, False)},
        "NoneType": {"E0": (1, False)},
    }


def test_a_schedule_takes_the_other_rate_back() -> None:
    layer = Input(categories=(CategoryUnits(3, has_other=True),), other_rate=0.5)
    x = {
        "numbers": np.zeros((10_000, 0), np.float32),
        "categories": np.ones((10_000, 1), int),
    }
    forward = jax.jit(layer.forward)
    for strength in (0.0, 0.2, 1.0):
        units = forward({}, x, jax.random.key(0), np.float32(strength))
        share = np.asarray(units)[:, 3].mean()
        # 10,000 draws: a standard error of at most 0.005
        assert share == pytest.approx(0.5 * strength, abs=0.02)


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
    "a bound below 0": (
        {"smooth_clip": -1.0},
        "The 'smooth_clip' of an input layer is 0 for none, or a bound of up to "
        "1,000,000. Got -1.0.",
    ),
    "bins of another number": (
        {
            "center": (0.0,),
            "scale": (1.0,),
            "encoding": Piecewise(((0.0, 1.0),) * 2, 0),
        },
        "An input layer has bins for each of its 1 numbers. Got bins for 2.",
    ),
    "an encoding of nothing": (
        {"encoding": Plr()},
        "An input layer without numbers encodes none.",
    ),
    "quantiles of another number": (
        {"center": (0.0,), "scale": (1.0,), "quantiles": ((0.0, 1.0),) * 2},
        "An input layer has 2 to 1,000 quantiles for each of its numbers, as many for "
        "each, and up to 262,144 in all. Got 2 for 2 of 1 numbers.",
    ),
    "every category other": (
        {"other_rate": 1.0},
        "The 'other_rate' of an input layer must be at least 0 and below 1. Got 1.0.",
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


def test_a_very_small_bound_bends_without_a_warning() -> None:
    layer = Input((0.0,), (1.0,), smooth_clip=1e-310)
    bent = layer.bent(np.array([[1e6], [0.0], [-2.0]]))
    np.testing.assert_array_equal(bent[:, 0], [1e-310, 0.0, -1e-310])
