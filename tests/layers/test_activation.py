"""Activations: their formulas, their first weights, and the documented table."""

import re
from collections.abc import Callable

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest

from layerwise.errors import ParameterError
from layerwise.layers import ACTIVATIONS, Linear, activation, activation_named

Number = mpmath.mpf

SELU_ALPHA = mpmath.mpf("1.6732632423543772848170429916717")
SELU_SCALE = mpmath.mpf("1.0507009873554804934193349852946")
"""Klambauer et al., 2017, equation (14) and the appendix's 32 digits."""


def sigmoid(z: Number) -> Number:
    return 1 / (1 + mpmath.exp(-z))


FORMULAS: dict[str, Callable[[Number], Number]] = {
    "identity": lambda z: z,
    "sigmoid": sigmoid,
    "tanh": mpmath.tanh,
    "softmax": lambda z: mpmath.exp(z) / (mpmath.exp(z) + 1),  # beside a second z of 0
    "relu": lambda z: max(z, mpmath.mpf(0)),
    "gelu": lambda z: z * mpmath.ncdf(z),
    "silu": lambda z: z * sigmoid(z),
    "mish": lambda z: z * mpmath.tanh(mpmath.log1p(mpmath.exp(z))),
    "selu": lambda z: SELU_SCALE * (z if z > 0 else SELU_ALPHA * mpmath.expm1(z)),
}

every_activation = pytest.mark.parametrize("name", ACTIVATIONS)


def acting(name: str) -> Callable[[jax.Array], jax.Array]:
    """Return the activation as a function of each z alone."""
    if name != "softmax":
        return ACTIVATIONS[name]
    return lambda z: ACTIVATIONS[name](jnp.stack([z, jnp.zeros_like(z)], -1))[..., 0]


def test_every_activation_is_under_test() -> None:
    assert list(FORMULAS) == list(ACTIVATIONS)


@every_activation
def test_the_code_is_the_formula(name: str) -> None:
    """Against mpmath at 50 digits, to some units in the last place of float64."""
    points = np.linspace(-6, 6, 49)
    with mpmath.workdps(50), jax.enable_x64(True):
        true = [float(FORMULAS[name](mpmath.mpf(z))) for z in points]
        a = jax.jit(acting(name))(points)
    np.testing.assert_allclose(a, true, rtol=2e-14, atol=1e-16)


@every_activation
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_value_and_gradient_are_finite_at_any_z(name: str, dtype: str) -> None:
    sizes = np.array([0, 37, 88, 104, 1e3, 1e20, 1e30])
    with jax.enable_x64(dtype == "float64"):
        z = np.concatenate([sizes, -sizes]).astype(dtype)
        a, slope = jax.jit(jax.vmap(jax.value_and_grad(acting(name))))(z)
    assert np.isfinite(a).all()
    assert np.isfinite(slope).all()


def test_the_documented_table_is_the_code() -> None:
    """Each line of the module's table names the activation and its first weights."""
    rule = "He|Glorot|LeCun"
    lines = re.findall(rf"^    (\w+) .*? ({rule}) ", activation.__doc__ or "", re.M)
    documented = {name: init.lower() for name, init in lines}
    assert documented == {name: one.init for name, one in ACTIVATIONS.items()}


VARIANCES = {"glorot": 2 / (300 + 100), "he": 2 / 300, "lecun": 1 / 300}
"""As documented, for d_in = 300 and d_out = 100."""


@every_activation
def test_first_weights_have_the_documented_variance(name: str) -> None:
    layer = Linear(100, name)
    params = layer.init(jax.random.key(0), 300)
    W = np.asarray(params["W"], np.float64)
    variance = VARIANCES[ACTIVATIONS[name].init]
    assert ACTIVATIONS[name].variance(300, 100) == pytest.approx(variance, rel=1e-12)
    # 30,000 normal numbers: the mean square has a standard error of 0.8 %
    assert np.mean(W**2) == pytest.approx(variance, rel=0.04)
    assert abs(W.mean()) < 5 * (variance / W.size) ** 0.5
    assert not params["b"].any()


@pytest.mark.parametrize("name", ["relu", "selu"])
def test_signals_keep_their_size_through_ten_layers(name: str) -> None:
    """The promise behind the variances: E[a^2] stays near 1, exactly so for these."""
    layer = Linear(512, name)
    a = jnp.asarray(np.random.default_rng(0).normal(size=(256, 512)), jnp.float32)
    forward = jax.jit(lambda key, a: layer.forward(layer.init(key, 512), a))
    for l in range(10):
        a = forward(jax.random.key(l), a)
    # each layer's factor has a standard error of about 0.06 from its 512 neurons
    assert 0.5 < float(jnp.mean(jnp.square(a))) < 2


def test_an_unknown_activation_is_told() -> None:
    with pytest.raises(ParameterError) as caught:
        activation_named("rleu")
    assert str(caught.value) == (
        "There is no activation 'rleu'. Did you mean 'relu'? There are identity, "
        "sigmoid, tanh, softmax, relu, gelu, silu, mish, selu."
    )
