"""The linear layer by hand."""

import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from layerwise.errors import ParameterError, ShapeError
from layerwise.layers import LARGEST_WIDTH, Linear

HAND = {
    "W": np.array([[1.0, -2.0], [0.5, 4.0]], np.float32),
    "b": np.array([0.25, -1.0], np.float32),
}
X = np.array([[2.0, 1.0], [-1.0, 0.0]], np.float32)


def test_z_is_x_times_w_plus_b() -> None:
    # 2*1 + 1*0.5 + 0.25 = 2.75;  2*-2 + 1*4 - 1 = -1;  -1*1 + 0.25;  -1*-2 - 1
    assert Linear(2).z(HAND, X).tolist() == [[2.75, -1.0], [-0.75, 1.0]]


def test_a_is_the_activation_of_z() -> None:
    assert Linear(2, "relu").forward(HAND, X).tolist() == [[2.75, 0.0], [0.0, 1.0]]
    tanh = Linear(2, "tanh").forward(HAND, X)
    np.testing.assert_allclose(tanh, np.tanh([[2.75, -1], [-0.75, 1]]), rtol=1e-6)


def test_leading_axes_are_rows() -> None:
    x = jnp.stack([X, 2 * X])
    a = Linear(2).forward(HAND, x)
    assert a.shape == (2, 2, 2)
    assert jnp.array_equal(a[0], Linear(2).forward(HAND, X))


def test_the_arithmetic_is_written_out() -> None:
    assert Linear(1000).arithmetic(3000) == "3000 x 1000 + 1000 = 3,001,000"


def test_a_layer_without_units_before_it_is_its_bias() -> None:
    params = Linear(2, "identity").init(jax.random.key(0), 0)
    a = Linear(2, "identity").forward(params, np.zeros((3, 0), np.float32))
    assert a.tolist() == [[0.0, 0.0]] * 3


def test_a_wrong_number_of_features_is_told() -> None:
    with pytest.raises(ShapeError) as caught:
        Linear(2).forward(HAND, np.zeros((4, 3), np.float32))
    assert str(caught.value) == (
        "The layer Linear(2 -> 2) takes rows of 2 features, but x has shape (4, 3)."
    )


@pytest.mark.parametrize("width", [0, -1, LARGEST_WIDTH + 1])
def test_a_width_out_of_range_is_refused(width: int) -> None:
    message = f"A linear layer has 1 to 65536 neurons. Got {width}."
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
        Linear(width)


def test_an_unknown_activation_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"no activation 'sigmod'.*'sigmoid'\?"):
        Linear(2, "sigmod")
