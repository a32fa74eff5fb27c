"""Optimizers: their formulas in NumPy, and valleys they must get through."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy.typing import NDArray

from layerwise.errors import ParameterError
from layerwise.layers import CategoryUnits, Input, Linear, Output
from layerwise.network import Network
from layerwise.training import OPTIMIZERS, optimizer_named
from layerwise.training.optimizers import clipped, updated

Vector = NDArray[np.float64]
Directions = Callable[[list[Vector], Vector], list[Vector]]


# Each optimizer's directions for a sequence of gradients, in NumPy and float64.


def sgd(grads: list[Vector], W: Vector) -> list[Vector]:
    return grads


def momentum(grads: list[Vector], W: Vector) -> list[Vector]:
    directions, v = [], np.zeros_like(W)
    for g in grads:
        v = 0.9 * v + g
        directions.append(v)
    return directions


def adam(grads: list[Vector], W: Vector) -> list[Vector]:
    directions, m, v = [], np.zeros_like(W), np.zeros_like(W)
    for t, g in enumerate(grads, start=1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        directions.append(m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8))
    return directions


@dataclass(frozen=True)
class Case:
    """The formula, and learning rate and iterations that do in the valleys."""

    formula: Directions
    parabola: tuple[float, int]
    rosenbrock: tuple[float, int]


OPTIMIZERS_UNDER_TEST: dict[str, Case] = {
    "sgd": Case(sgd, (0.05, 500), (1e-3, 40_000)),
    "momentum": Case(momentum, (0.01, 500), (2e-4, 40_000)),
    "adam": Case(adam, (0.05, 1_000), (0.01, 10_000)),
    "adamw": Case(adam, (0.05, 1_000), (0.01, 10_000)),
}

every_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)


def test_every_optimizer_is_under_test() -> None:
    assert list(OPTIMIZERS_UNDER_TEST) == list(OPTIMIZERS)


@every_optimizer
def test_the_code_is_the_formula(name: str) -> None:
    draw = np.random.default_rng(0)
    W = draw.normal(size=(3, 2))
    grads = list(draw.normal(size=(5, 3, 2)))
    direction = optimizer_named(name).direction(0.999)
    params = {"W": jnp.float32(W)}
    state, found = direction.init(params), []
    with jax.numpy_dtype_promotion("standard"):  # optax: a float to an int power
        for g in grads:
            updates, state = direction.update({"W": jnp.float32(g)}, state, params)
            found.append(updates["W"])
    expected = OPTIMIZERS_UNDER_TEST[name].formula(grads, W)
    # float32 sums of five terms, divided by a root of 1 - 0.999^t
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def lowest_point(name: str, cost: Callable[[Any], Any], start: Any, steps: Any) -> Any:
    """Walk from the start: ``steps`` is the learning rate and the iterations."""
    learning_rate, iterations = steps
    direction = optimizer_named(name).direction(0.999)

    def step(carry: Any, _: None) -> Any:
        place, state = carry
        updates, state = direction.update(jax.grad(cost)(place), state, place)
        moved = jax.tree.map(lambda p, d: p - learning_rate * d, place, updates)
        return (moved, state), None

    @jax.jit
    def walk(place: Any) -> Any:
        return jax.lax.scan(step, (place, direction.init(place)), None, iterations)[0]

    with jax.numpy_dtype_promotion("standard"):
        return walk(start)[0]


@every_optimizer
def test_the_bottom_of_a_parabola_is_found(name: str) -> None:
    bottom = jnp.float32([3.0, -2.0])
    found = lowest_point(
        name,
        lambda place: (jnp.float32([1.0, 4.0]) * jnp.square(place["b"] - bottom)).sum(),
        {"b": jnp.zeros(2, jnp.float32)},
        OPTIMIZERS_UNDER_TEST[name].parabola,
    )
    np.testing.assert_allclose(found["b"], bottom, atol=1e-3)


@every_optimizer
def test_the_rosenbrock_valley_is_walked_to_its_end(name: str) -> None:
    """(1 - x)^2 + 100 (y - x^2)^2 from (-1.2, 1), the classical start, to (1, 1)."""

    def cost(place: Any) -> Any:
        x, y = place["b"]
        return jnp.square(1 - x) + 100 * jnp.square(y - jnp.square(x))

    start = {"b": jnp.float32([-1.2, 1.0])}
    steps = OPTIMIZERS_UNDER_TEST[name].rosenbrock
    found = lowest_point(name, cost, start, steps)
    np.testing.assert_allclose(found["b"], [1.0, 1.0], atol=0.02)


def test_an_update_is_its_formula() -> None:
    """By hand: 2 (1 - 0.1 x 3 x 0.5) - 0.1 x 3 x 4 = 0.5, without decay 0.8."""
    params = {"W": jnp.float32([2.0]), "b": jnp.float32([2.0])}
    directions = {"W": jnp.float32([4.0]), "b": jnp.float32([4.0])}
    rates, decays = {"W": 3.0, "b": 3.0}, {"W": True, "b": False}
    rate, decay = jnp.float32(0.1), jnp.float32(0.5)
    found = updated(params, directions, rates, decays, rate, decay)
    np.testing.assert_allclose(found["W"], [0.5], rtol=1e-6)
    np.testing.assert_allclose(found["b"], [0.8], rtol=1e-6)
    plain = updated(params, directions, rates, decays, rate, None)
    np.testing.assert_allclose(plain["W"], [0.8], rtol=1e-6)


def test_weight_decay_leaves_biases_and_embeddings_alone() -> None:
    network = Network(
        (
            Input(categories=(CategoryUnits(9, 2),)),
            Linear(1, "identity"),
            Output("regression", "squared"),
        )
    )
    decays = network.decays()["layers"]
    assert decays == [{"E0": False}, {"W": True, "b": False}, {}]


GRADS = {"W": np.float32([[3.0, 0.0]]), "b": np.float32([-4.0])}
"""Of length 5."""


@pytest.mark.parametrize(("clip_norm", "factor"), [(2.5, 0.5), (5.0, 1.0), (99.0, 1.0)])
def test_a_gradient_longer_than_clip_norm_is_shortened(
    clip_norm: float, factor: float
) -> None:
    shorter = clipped(GRADS, jnp.float32(clip_norm))
    for name, g in GRADS.items():
        np.testing.assert_allclose(shorter[name], factor * g, rtol=1e-6)
        assert shorter[name].dtype == g.dtype


def test_a_gradient_of_length_0_stays() -> None:
    none = jax.tree.map(np.zeros_like, GRADS)
    for g in jax.tree.leaves(clipped(none, jnp.float32(1.0))):
        assert not np.asarray(g).any()


def test_an_unknown_optimizer_is_told() -> None:
    with pytest.raises(ParameterError) as caught:
        optimizer_named("adaam")
    assert str(caught.value) == (
        "There is no optimizer 'adaam'. Did you mean 'adam'? There are sgd, momentum, "
        "adam, adamw, lbfgs."
    )
