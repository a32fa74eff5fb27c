"""The laws that every layer keeps. A new layer is one new row of the table."""

import json
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from layerwise.layers import (
    ACTIVATIONS,
    LAYERS,
    CategoryUnits,
    Dropout,
    Input,
    Layer,
    Linear,
    LinearLayer,
    MemberHeads,
    MemberLinear,
    Members,
    NTPLinear,
    Output,
    Pbld,
    Piecewise,
    Plr,
    Scale,
    TextUnits,
)
from layerwise.plain import from_plain, to_plain

LAYERS_UNDER_TEST: dict[str, Layer] = {
    "input, numbers": Input((1.0, -2.0), (3.0, 0.5)),
    "input, flags": Input((1.0, -2.0), (3.0, 0.5), flags=(1,)),
    "input, one-hot": Input(categories=(CategoryUnits(3),)),
    "input, embeddings": Input(categories=(CategoryUnits(9, 2), CategoryUnits(4, 3))),
    "input, other": Input(categories=(CategoryUnits(3, 0, True),), other_rate=0.2),
    "input, texts": Input(texts=(TextUnits(3, True), TextUnits(2))),
    "input, clipped": Input((1.0, -2.0), (3.0, 0.5), (0,), smooth_clip=3.0),
    "input, all": Input(
        (0.0,),
        (1.0,),
        (0,),
        (CategoryUnits(2), CategoryUnits(5, 2)),
        (TextUnits(4, True),),
        smooth_clip=2.0,
        other_rate=0.1,
    ),
    "input, codes": Input(
        (0.0,) * 3,
        (1.0,) * 3,
        encoding=Piecewise(((-1.0, 0.0, 0.5, 1.0), (-1.0, 1.0), (0.0, 0.1, 0.2)), 0),
    ),
    "input, piecewise": Input(
        (0.0,) * 2,
        (1.0,) * 2,
        (1,),
        smooth_clip=3.0,
        encoding=Piecewise(((-1.0, 0.0, 0.5, 1.0), (-0.3, 0.3)), 5, "tanh"),
    ),
    "input, quantiles": Input(
        (0.0,),
        (1.0,),
        (0,),
        (CategoryUnits(5, 2),),
        encoding=Piecewise(((-2.0, 0.0, 1.0),), 3),
        quantiles=((-1.0, 0.0, 0.0, 2.0),),
    ),
    "input, pbld": Input((0.0,) * 2, (1.0,) * 2, smooth_clip=3.0, encoding=Pbld(5, 3)),
    "input, plr": Input((0.0,) * 2, (1.0,) * 2, (0,), encoding=Plr(5, 3, 0.1)),
    **{f"linear, {name}": Linear(3, name) for name in ACTIVATIONS},
    "ntp linear": NTPLinear(3, "selu"),
    "ntp linear, parametric": NTPLinear(3, "mish", parametric=True),
    "members": Members(2, (1, 3)),
    "members, signs": Members(2, (4,), "signs"),
    "member linear": MemberLinear(3, "tanh", 2),
    "member linear, plain": MemberLinear(3, "gelu", 2, has_r=False, has_s=False),
    "member heads": MemberHeads(3, "softmax", 2),
    "member heads, one neuron": MemberHeads(1, "sigmoid", 2),
    "scale": Scale(),
    "dropout": Dropout(0.4),
    "dropout, none": Dropout(0.0),
    "output, regression": Output("regression", "huber", center=3.0, scale=2.0),
    "output, binary": Output("binary", "binary-cross-entropy", threshold=0.3),
    "output, multiclass": Output("multiclass", "categorical-cross-entropy", 0.1),
    "output, bounds": Output("regression", "squared", low=-1.0, high=2.0),
    "output, members": Output("multiclass", "categorical-cross-entropy", members=2),
}

LINEAR_LAYERS = {
    name: layer
    for name, layer in LAYERS_UNDER_TEST.items()
    if isinstance(layer, LinearLayer)
}

D_IN = 4
ROUNDING = {"float32": 1e-6, "float64": 1e-14}
"""Some units in the last place: a compiled sum may add in another order."""

every_layer = pytest.mark.parametrize(
    "layer", LAYERS_UNDER_TEST.values(), ids=LAYERS_UNDER_TEST
)


def rows(layer: Layer, n: int, dtype: str = "float32", seed: int = 0) -> Any:
    """Draw what the layer takes, a fifth of the numbers missing."""
    draw = np.random.default_rng(seed)
    if not isinstance(layer, Input):
        return draw.normal(size=(n, *members_in(layer), D_IN)).astype(dtype)
    numbers = draw.normal(size=(n, layer.n_numbers))
    numbers[draw.random(numbers.shape) < 0.2] = np.nan
    ids = [draw.integers(0, units.size + 1, n) for units in layer.categories]
    categories = np.stack(ids, 1) if ids else np.zeros((n, 0))
    texts = draw.normal(size=(n, sum(text.width for text in layer.texts)))
    if texts.size:
        texts[draw.random(n) < 0.2] = np.nan
    return layer.rows(numbers, categories.astype(np.int32), texts, dtype)


def members_in(layer: Layer) -> tuple[int, ...]:
    """Return (members,) where rows come in for each member, else nothing."""
    members = getattr(layer, "members", 0)
    return (members,) if members and not isinstance(layer, Members) else ()


def members_out(layer: Layer) -> tuple[int, ...]:
    """Return (members,) where rows go out for each member, else nothing."""
    members = getattr(layer, "members", 0)
    return (members,) if members and not isinstance(layer, Output) else ()


def first_params(layer: Layer, dtype: str = "float32", seed: int = 0) -> Any:
    params = layer.init(jax.random.key(seed), D_IN)
    return jax.tree.map(lambda leaf: np.asarray(leaf, dtype), params)


def row_by_row(x: Any) -> list[Any]:
    n = len(jax.tree.leaves(x)[0])
    return [jax.tree.map(lambda a, i=i: a[i : i + 1], x) for i in range(n)]


def test_every_layer_and_activation_is_under_test() -> None:
    layers = LAYERS_UNDER_TEST.values()
    assert {layer.kind for layer in layers} == set(LAYERS)
    linear = [layer for layer in layers if type(layer) is Linear]
    assert [layer.activation for layer in linear] == list(ACTIVATIONS)


@pytest.mark.parametrize("layer", LINEAR_LAYERS.values(), ids=LINEAR_LAYERS)
def test_z_is_the_sum_of_what_comes_in_times_the_weights(layer: LinearLayer) -> None:
    params = first_params(layer, "float64", seed=3)
    params = {name: leaf + 0.25 for name, leaf in params.items()}
    with jax.enable_x64(True):
        x = rows(layer, 6, "float64")
        z, w = np.asarray(layer.z(params, x)), np.asarray(layer.weights(params))
    for i in np.ndindex(*members_in(layer)):
        own = x[(slice(None), *i)] @ w[i] + params["b"][i]
        np.testing.assert_allclose(own, z[(slice(None), *i)], rtol=1e-12)


@every_layer
def test_shapes_are_as_declared(layer: Layer) -> None:
    params = first_params(layer)
    assert {name: leaf.shape for name, leaf in params.items()} == layer.shapes(D_IN)
    a = layer.forward(params, rows(layer, 5))
    assert a.shape == (5, *members_out(layer), layer.d_out(D_IN))


@every_layer
def test_the_arithmetic_counts_the_real_parameters(layer: Layer) -> None:
    real = sum(leaf.size for leaf in first_params(layer).values())
    assert layer.n_parameters(D_IN) == real
    left, _, right = layer.arithmetic(D_IN).replace(",", "").rpartition(" = ")
    assert int(right) == real
    assert eval(left.replace("x", "*") or "0") == real


@every_layer
def test_settings_survive_json(layer: Layer) -> None:
    text = json.dumps(to_plain(layer), allow_nan=False)
    assert from_plain(LAYERS[layer.kind], json.loads(text)) == layer


@every_layer
def test_compiled_equals_eager(layer: Layer) -> None:
    params, x = first_params(layer), rows(layer, 5)
    eager = layer.forward(params, x)
    compiled = jax.jit(layer.forward)(params, x)
    np.testing.assert_allclose(compiled, eager, ROUNDING["float32"], 1e-7)


@every_layer
def test_a_batch_equals_its_rows_one_by_one(layer: Layer) -> None:
    params, x = first_params(layer), rows(layer, 5)
    forward = jax.jit(layer.forward)
    one_by_one = [forward(params, row) for row in row_by_row(x)]
    whole = forward(params, x)
    np.testing.assert_allclose(
        np.concatenate(one_by_one), whole, ROUNDING["float32"], 1e-7
    )


@every_layer
def test_members_may_have_rows_of_their_own(layer: Layer) -> None:
    """(n, members, units): each member's rows are as if they stood alone."""
    if getattr(layer, "members", 0):
        pytest.skip("has members by itself; tests/layers/test_ensemble.py")
    params, x = first_params(layer), rows(layer, 6)
    forward = jax.jit(layer.forward)
    of_members = jax.tree.map(lambda a: a.reshape(2, 3, *a.shape[1:]), x)
    np.testing.assert_allclose(
        forward(params, of_members).reshape(6, -1),
        forward(params, x),
        ROUNDING["float32"],
        1e-7,
    )


@every_layer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n", [0, 1])
def test_dtype_is_kept_with_no_row_and_with_one(
    layer: Layer, dtype: str, n: int
) -> None:
    with jax.enable_x64(dtype == "float64"):
        a = jax.jit(layer.forward)(first_params(layer, dtype), rows(layer, n, dtype))
        assert a.dtype == dtype
        assert a.shape == (n, *members_out(layer), layer.d_out(D_IN))
        assert np.isfinite(a).all()


@every_layer
def test_gradients_agree_with_finite_differences(layer: Layer) -> None:
    """At five random points at once, first and second order, float64.

    Central differences over 1e-4 err by about 1e-8 times the third derivative:
    below a relative 1e-5, and 1e-8 where the derivative itself is near 0.
    Reverse mode only: JAX makes it from forward mode.
    """
    key = jax.random.key(7)

    @jax.vmap
    def forward(params: Any, floats: Any, x: Any) -> Any:
        x = x | {"numbers": floats} if isinstance(layer, Input) else floats
        return layer.forward(params, x, key)

    with jax.enable_x64(True):
        points = [
            (first_params(layer, "float64", seed), rows(layer, 2, "float64", seed))
            for seed in range(5)
        ]
        params, x = jax.tree.map(lambda *leaves: np.stack(leaves), *points)
        check_grads(
            lambda params, floats: forward(params, floats, x),
            (params, x["numbers"] if isinstance(layer, Input) else x),
            order=2,
            modes=["rev"],
            atol=1e-8,
            rtol=1e-5,
        )


@every_layer
def test_same_key_same_numbers(layer: Layer) -> None:
    first, again, other = (first_params(layer, seed=seed) for seed in (1, 1, 2))
    for name, leaf in first.items():
        assert np.array_equal(leaf, again[name])
        starts_equal = name in ("r", "s", "alpha", "V", "b") and (
            name == "s" or len(np.unique(leaf)) == 1
        )
        assert starts_equal or not np.array_equal(leaf, other[name])
    x = rows(layer, 5)
    one, two = (layer.forward(first, x, jax.random.key(3)) for _ in range(2))
    assert np.array_equal(one, two)


@every_layer
def test_without_a_key_nothing_is_random(layer: Layer) -> None:
    program = str(jax.make_jaxpr(layer.forward)(first_params(layer), rows(layer, 5)))
    assert "random" not in program
    assert "threefry" not in program


def test_the_law_of_randomness_would_notice_dropout() -> None:
    x, key = rows(Dropout(0.4), 5), jax.random.key(3)
    program = str(jax.make_jaxpr(Dropout(0.4).forward)({}, x, key))
    assert "random" in program
    assert not jnp.array_equal(Dropout(0.4).forward({}, x, key), x)
