"""The price of large weights: W alone is paid for."""

import jax
import numpy as np
import pytest

from layerwise.layers import CategoryUnits, Input, Output
from layerwise.losses import penalty, weights_of
from layerwise.network import Network, Plan, assemble, layers_from_text


@pytest.fixture
def network() -> Network:
    """A network with every kind of parameter: W, b and an embedding's E."""
    return assemble(
        Input((0.0,), (1.0,), (), (CategoryUnits(20, 4),)),
        Plan(layers_from_text("3 tanh, dropout 0.1, 2 relu")),
        Output("binary", "binary-cross-entropy"),
        2,
    )


def test_the_price_by_hand() -> None:
    params = {"layers": [{"W": np.float32([[1, -2], [0, 3]]), "b": np.float32([9, 9])}]}
    assert float(penalty(params, 0.5, 0.0)) == 0.5 * (1 + 2 + 3)
    assert float(penalty(params, 0.0, 0.5)) == 0.25 * (1 + 4 + 9)
    assert float(penalty(params, 1.0, 2.0)) == 6 + 14


def test_neither_biases_nor_embeddings_cost(network: Network) -> None:
    params = jax.jit(network.init)(jax.random.key(0))
    assert len(weights_of(params)) == 3
    slopes = jax.jit(jax.grad(lambda params: penalty(params, 0.1, 0.2)))(params)
    for layer in slopes["layers"]:
        for name, slope in layer.items():
            assert bool(np.asarray(slope).any()) == (name == "W"), name


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_gradient_is_l1_sign_plus_l2_w(dtype: str) -> None:
    W = np.array([[1.5, -2.0], [0.0, 3.0]], dtype)
    with jax.enable_x64(dtype == "float64"):
        slope = jax.grad(lambda W: penalty({"W": W}, 0.5, 0.25))(W)
        assert slope.dtype == dtype
    assert np.array_equal(slope, 0.5 * np.sign(W) + 0.25 * W)


def test_no_weights_cost_nothing() -> None:
    assert float(penalty({"b": np.float32([3.0])}, 1.0, 1.0)) == 0.0
