"""Networks: one pass that shows everything, parameters with paths, keys from names."""

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from layerwise.errors import ShapeError
from layerwise.layers import (
    CategoryUnits,
    Dropout,
    Input,
    Layer,
    Linear,
    MemberHeads,
    MemberLinear,
    Members,
    NTPLinear,
    Output,
    Scale,
)
from layerwise.network import (
    LayerTrace,
    Network,
    Plan,
    assemble,
    folded,
    layers_from_text,
)

INPUTS = Input((0.0, 0.0), (1.0, 1.0), (1,), (CategoryUnits(20, 4),))
BINARY = Output("binary", "binary-cross-entropy")
REGRESSION = Output("regression", "squared")
MULTICLASS = Output("multiclass", "categorical-cross-entropy")


def network(
    text: str = "3 tanh, dropout 0.5, 2 relu", output: Output = BINARY
) -> Network:
    return assemble(INPUTS, Plan(layers_from_text(text)), output, 3)


def rows(n: int) -> dict[str, Any]:
    draw = np.random.default_rng(0)
    return {
        "numbers": draw.normal(size=(n, 2)).astype(np.float32),
        "categories": draw.integers(0, 21, (n, 1)).astype(np.int32),
    }


def first_params(net: Network, seed: int = 0) -> Any:
    return jax.jit(net.init)(jax.random.key(seed))


def test_layers_are_named_in_order() -> None:
    net = network()
    assert net.names == (
        "input",
        "linear 1",
        "dropout 2",
        "linear 3",
        "linear 4",
        "output",
    )
    assert net.depth == 2
    assert net.widths == (0, 7, 3, 3, 2, 1, 1)


def test_parameters_have_paths() -> None:
    params = first_params(network())
    paths = {
        jax.tree_util.keystr(path, simple=True, separator="/"): leaf.shape
        for path, leaf in jax.tree_util.tree_leaves_with_path(params)
    }
    assert paths == {
        "layers/0/E0": (21, 4),
        "layers/1/W": (7, 3),
        "layers/1/b": (3,),
        "layers/3/W": (3, 2),
        "layers/3/b": (2,),
        "layers/4/W": (2, 1),
        "layers/4/b": (1,),
    }
    shapes = [{name: leaf.shape for name, leaf in p.items()} for p in params["layers"]]
    assert shapes == network().shapes()


def test_changing_one_layer_does_not_reseed_another() -> None:
    one = first_params(network("3 tanh, dropout 0.5, 2 relu"))["layers"]
    two = first_params(network("3 selu, dropout 0.1, 4 gelu"))["layers"]
    assert np.array_equal(one[0]["E0"], two[0]["E0"])
    # the same draws, scaled by another activation's rule: tanh 2/(7+3), selu 1/7
    scaled = np.asarray(one[1]["W"]) * (1 / 7 / (2 / 10)) ** 0.5
    np.testing.assert_allclose(two[1]["W"], scaled, rtol=1e-6)


def test_layers_of_one_shape_start_differently() -> None:
    params = first_params(network("5, 5, 5"))["layers"]
    assert not np.array_equal(params[2]["W"], params[3]["W"])


def test_the_trace_shows_every_z_and_a() -> None:
    net, x = network(), rows(6)
    params = first_params(net)
    trace = net.trace(params, x)
    assert tuple(step.name for step in trace) == net.names
    a: Any = x
    for step, layer, own in zip(trace, net.layers, params["layers"], strict=True):
        if isinstance(layer, Linear):
            z = a @ own["W"] + own["b"]
            np.testing.assert_allclose(step.z, z, rtol=1e-5, atol=1e-6)
        else:
            assert step.z is None
        a = layer.forward(own, a)
        assert np.array_equal(step.a, a)


@pytest.mark.parametrize("output", [REGRESSION, BINARY, MULTICLASS])
def test_prediction_is_the_last_entry_of_the_trace(output: Output) -> None:
    net, x = network(output=output), rows(6)
    params = first_params(net)
    trace = net.trace(params, x)
    assert np.array_equal(net.forward(params, x), trace[-1].a)
    logits = net.logits(params, x)
    z = np.asarray(trace[-2].z)
    assert logits.shape == ((6, 3) if output is MULTICLASS else (6,))
    assert np.array_equal(np.reshape(logits, z.shape), z)


def test_only_a_key_makes_a_pass_random() -> None:
    net, x = network(), rows(50)
    params = first_params(net)
    forward = jax.jit(net.forward)
    plain = forward(params, x)
    assert np.array_equal(
        plain,
        network("3 tanh, 2 relu").forward(
            {"layers": [params["layers"][l] for l in (0, 1, 3, 4, 5)]}, x
        ),
    )
    random = [forward(params, x, jax.random.key(seed)) for seed in (1, 1, 2)]
    assert np.array_equal(random[0], random[1])
    assert not np.array_equal(random[0], random[2])
    assert not np.array_equal(random[0], plain)


def test_a_network_is_random_where_a_layer_is() -> None:
    assert network().is_random
    assert not network("3 tanh, dropout 0, 2 relu").is_random
    shy = assemble(replace(INPUTS, other_rate=0.1), Plan(()), BINARY, 2)
    assert shy.is_random
    assert not replace(INPUTS, other_rate=0.1, categories=()).is_random


def test_folded_keys_are_those_of_fold_in() -> None:
    key, numbers = jax.random.key(3), [0, 7, 2**32 - 1]
    alone = [jax.random.fold_in(key, np.uint32(number)) for number in numbers]
    assert (folded(key, numbers) == jnp.stack(alone)).all()


def test_two_dropouts_of_one_pass_silence_different_neurons() -> None:
    net = assemble(
        Input((0.0,) * 40, (1.0,) * 40),
        Plan((Dropout(0.5), Linear(40, "identity"), Dropout(0.5))),
        REGRESSION,
        1,
    )
    params = first_params(net)
    params["layers"][2]["W"] = np.eye(40, dtype=np.float32)
    x = {
        "numbers": np.ones((1, 40), np.float32),
        "categories": np.zeros((1, 0), np.int32),
    }
    first, _, second = (step.a for step in net.trace(params, x, jax.random.key(0))[1:4])
    assert not np.array_equal(first == 0, second == 0)


def test_a_trace_can_be_compiled() -> None:
    net, x = network(), rows(6)
    params = first_params(net)
    compiled = jax.jit(net.trace)(params, x)
    assert all(isinstance(step, LayerTrace) for step in compiled)
    np.testing.assert_allclose(
        compiled[-1].a, net.trace(params, x)[-1].a, rtol=1e-6, atol=1e-7
    )


def test_tables_of_one_shape_share_one_program() -> None:
    one = assemble(
        Input((1.0,), (2.0,)), Plan(()), Output("regression", "squared", 0, 3, 4), 1
    )
    two = assemble(
        Input((5.0,), (6.0,)), Plan(()), Output("regression", "squared", 0, 7, 8), 1
    )
    assert one != two
    assert one.without_constants() == two.without_constants()
    assert hash(one.without_constants()) == hash(two.without_constants())


NO_NETWORKS: dict[str, tuple[Layer, ...]] = {
    "no layers": (),
    "input, output": (INPUTS, BINARY),
    "linear, linear, output": (Linear(3), Linear(1), BINARY),
    "input, dropout, output": (INPUTS, Dropout(0.1), BINARY),
    "input, linear, linear": (INPUTS, Linear(1), Linear(1)),
    "input, input, linear, output": (INPUTS, INPUTS, Linear(1), BINARY),
}


@pytest.mark.parametrize(("found", "layers"), NO_NETWORKS.items())
def test_layers_that_are_no_network_are_told(
    found: str, layers: tuple[Layer, ...]
) -> None:
    with pytest.raises(ShapeError) as caught:
        Network(layers)
    assert str(caught.value) == (
        "A network is an input layer, then its layers, then a linear layer and an "
        f"output layer. Found: {found}."
    )


def test_a_small_probability_of_the_first_class_keeps_its_digits() -> None:
    """1 - sigmoid(17.5) has one digit left in float32; sigmoid(-17.5) has all."""
    net = assemble(Input((0.0,), (1.0,)), Plan(()), BINARY, 2)
    params = {"layers": [{}, {"W": np.ones((1, 1)), "b": np.zeros(1)}, {}]}
    x = {
        "numbers": np.array([[17.5], [-17.5]], np.float32),
        "categories": np.empty((2, 0), np.int32),
    }
    p = np.asarray(net.predict(params, x))
    assert p[:, ::-1].tolist()[1] == p.tolist()[0]
    assert p[0, 0] == pytest.approx(1 / (1 + np.exp(17.5)), rel=1e-6)


def ensemble(members: int = 3, output: Output = BINARY) -> Network:
    plan = Plan((MemberLinear(5, "tanh", members), Linear(4), Dropout(0.5)), members)
    return assemble(INPUTS, plan, output, 3)


@pytest.mark.parametrize("output", [REGRESSION, BINARY, MULTICLASS])
def test_the_answer_of_an_ensemble_is_the_mean_of_its_members(output: Output) -> None:
    net, x = ensemble(output=output), rows(6)
    params = first_params(net)
    trace = net.trace(params, x)
    each = np.asarray(trace[-2].a)
    assert each.shape == (6, 3, net.widths[-1])
    np.testing.assert_allclose(trace[-1].a, each.mean(axis=1), rtol=1e-6)
    p = np.asarray(net.predict(params, x))
    answer = p[:, 1:] if output is BINARY else p
    np.testing.assert_allclose(answer, trace[-1].a, rtol=1e-5)
    members = net.member_logits(params, x)
    assert members.shape == ((6, 3, 3) if output is MULTICLASS else (6, 3))


def test_members_may_have_rows_of_their_own() -> None:
    net, x = ensemble(), rows(6)
    params = first_params(net)
    own = jax.tree.map(lambda a: np.stack([a, a[::-1], a], axis=1), x)
    z, shared = net.member_logits(params, own), net.member_logits(params, x)
    np.testing.assert_allclose(z[:, 0], shared[:, 0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(z[:, 1], shared[::-1, 1], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("layers", "found"),
    [
        ((Linear(1, "sigmoid"),), "no members; output of 3"),
        ((Members(3, (7,)), Linear(1, "sigmoid")), "members of 3; output of 3"),
        (
            (Members(2, (7,)), MemberHeads(1, "sigmoid", 3)),
            "members of 2, member heads of 3; output of 3",
        ),
        (
            (MemberLinear(2, "relu", 3), MemberHeads(1, "sigmoid", 3)),
            "member linear of 3, member heads of 3; output of 3",
        ),
    ],
)
def test_layers_that_do_not_agree_on_members_are_refused(
    layers: tuple[Layer, ...], found: str
) -> None:
    output = Output("binary", "binary-cross-entropy", members=3)
    message = (
        "An ensemble is a members layer, then its layers, then member heads and an "
        f"output layer, all of the same number of members. Found: {found}."
    )
    with pytest.raises(ShapeError) as caught:
        Network((INPUTS, *layers, output))
    assert str(caught.value) == message


def test_members_that_look_at_other_units_are_refused() -> None:
    output = Output("binary", "binary-cross-entropy", members=3)
    layers = Members(3, (5, 1)), MemberHeads(1, "sigmoid", 3)
    with pytest.raises(ShapeError, match=r"^The members look at 6 units, but 7 come"):
        Network((INPUTS, *layers, output))


def test_first_parameters_that_look_at_rows_see_what_comes_before() -> None:
    plan = Plan((Scale(), NTPLinear(50, "tanh"), NTPLinear(40, "mish")), is_ntp=True)
    net = assemble(INPUTS, plan, REGRESSION, 1)
    assert net.looks_at_rows
    assert not network().looks_at_rows
    x = rows(500)
    params = jax.jit(net.init)(jax.random.key(0), x)
    for step in net.trace(params, x):
        if step.z is not None:
            np.testing.assert_allclose(np.std(step.z, axis=0), 1, rtol=1e-3)


def test_each_parameter_has_its_factor_of_the_learning_rate() -> None:
    plan = Plan((Scale(), NTPLinear(5, "tanh", parametric=True)))
    net = assemble(INPUTS, plan, REGRESSION, 1)
    assert net.rates()["layers"] == [
        {"E0": 1.0},
        {"s": 6.0},
        {"W": 1.0, "b": 0.1, "alpha": 0.1},
        {"W": 1.0, "b": 1.0},
        {},
    ]
    assert net.decays()["layers"][1:3] == [
        {"s": True},
        {"W": True, "b": False, "alpha": False},
    ]
