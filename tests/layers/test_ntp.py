"""Linear layers that start from the data, against plain NumPy."""

import jax
import numpy as np
import pytest

from layerwise.errors import ShapeError
from layerwise.layers import NTPLinear


def rows(n: int, d: int) -> np.ndarray:
    draw = np.random.default_rng(0)
    return (draw.normal(size=(n, d)) * [1.0, 5.0, 0.1] + [0.0, 2.0, 7.0]).astype("f4")


def test_the_formula() -> None:
    draw = np.random.default_rng(1)
    W, b, alpha = draw.normal(size=(3, 2)), draw.normal(size=2), np.array([0.0, 0.5])
    x = rows(4, 3).astype("f8")
    with jax.enable_x64(True):
        params = {"W": W, "b": b, "alpha": alpha}
        a = NTPLinear(2, "tanh", parametric=True).forward(params, x)
    z = x @ W / np.sqrt(3) + b
    np.testing.assert_allclose(a, z + alpha * (np.tanh(z) - z), rtol=1e-12)


def test_first_parameters_fit_the_rows() -> None:
    x, layer = rows(2000, 3), NTPLinear(400, "selu")
    params = layer.init_from(jax.random.key(0), x)
    z = np.asarray(layer.z(params, x))
    np.testing.assert_allclose(z.std(axis=0), 1, rtol=1e-3)
    # z is 0 at a weighted mean of five rows: inside the data, each neuron elsewhere
    assert (z.min(axis=0) < 0).all()
    assert (z.max(axis=0) > 0).all()
    kink = z.mean(axis=0)
    assert abs(kink.mean()) < 0.1
    # the variance of five Dirichlet(1) shares sums to 2 / (5 + 1)
    assert kink.var() == pytest.approx(1 / 3, rel=0.2)


def test_a_neuron_that_sees_no_spread_keeps_its_weights() -> None:
    layer = NTPLinear(5)
    params = layer.init_from(jax.random.key(0), np.ones((10, 3), "f4"))
    assert all(np.isfinite(leaf).all() for leaf in params.values())
    np.testing.assert_allclose(layer.z(params, np.ones((1, 3), "f4")), 0, atol=1e-6)


def test_only_weights_learn_at_the_full_rate() -> None:
    layer = NTPLinear(2, parametric=True)
    rates = {name: layer.rate(name) for name in layer.shapes(3)}
    assert rates == {"W": 1.0, "b": 0.1, "alpha": 0.1}


def test_rows_of_another_width_are_refused() -> None:
    layer = NTPLinear(2)
    params = layer.init(jax.random.key(0), 3)
    with pytest.raises(ShapeError, match=r"^The layer NTPLinear\(3 -> 2\) takes rows"):
        layer.forward(params, np.zeros((4, 5), "f4"))
