"""The catalog: every ready network can be assembled for every task."""

from typing import get_args

import jax
import numpy as np
import pytest

from layerwise.errors import ParameterError
from layerwise.layers import (
    CategoryUnits,
    Dropout,
    Input,
    Linear,
    LinearLayer,
    MemberHeads,
    MemberLinear,
    Members,
    NTPLinear,
    Output,
    Scale,
    Task,
)
from layerwise.losses import loss_for
from layerwise.network import CATALOG, assemble, layers_from_text, plan_of

INPUTS = Input((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), categories=(CategoryUnits(4),))


@pytest.mark.parametrize("name", CATALOG)
@pytest.mark.parametrize("task", get_args(Task))
def test_every_network_is_assembled_for_every_task(name: str, task: Task) -> None:
    output = Output(task, loss_for(task))
    network = assemble(INPUTS, plan_of(name, task), output, 4)
    last = network.layers[-2]
    assert isinstance(last, LinearLayer)
    ends = {"regression": (1, "identity"), "binary": (1, "sigmoid")}
    assert (last.width, last.activation) == ends.get(task, (4, "softmax"))
    x = {
        "numbers": np.zeros((6, 3), np.float32),
        "categories": np.zeros((6, 1), np.int32),
        "texts": np.zeros((6, 0), np.float32),
    }
    params = jax.jit(network.init)(jax.random.key(0), x)
    p = jax.jit(network.predict)(params, x)
    assert p.shape == (6, {"regression": 1, "binary": 2}.get(task, 4))


def test_the_names_mean_what_they_say() -> None:
    assert plan_of("linear", "binary").hidden == ()
    assert plan_of(" MLP ", "binary").hidden == layers_from_text("128 relu, 128 relu")
    assert plan_of("3 tanh", "binary").hidden == (Linear(3, "tanh"),)


@pytest.mark.parametrize(
    ("task", "activation"), [("regression", "mish"), ("multiclass", "selu")]
)
def test_realmlp_is_the_paper_s(task: Task, activation: str) -> None:
    network = assemble(INPUTS, plan_of("realmlp", task), Output(task, ""), 5)
    block = [NTPLinear(256, activation, parametric=True), Dropout(0.15)]
    assert list(network.layers[1:-2]) == [Scale(), *block, *block, *block]
    assert isinstance(network.layers[-2], NTPLinear)


def test_tabm_is_the_paper_s() -> None:
    network = assemble(INPUTS, plan_of("tabm", "binary"), Output("binary", ""), 2)
    first, *rest = network.layers[1:-2]
    assert first == Members(32, (1, 1, 1, 4), "signs")
    linear = [layer for layer in rest if isinstance(layer, MemberLinear)]
    assert [(one.width, one.has_r, one.has_s) for one in linear] == [
        (512, False, True),
        (512, True, True),
        (512, True, True),
    ]
    assert network.layers[-2] == MemberHeads(1, "sigmoid", 32)
    assert network.output.members == 32


def test_tabm_mini_shares_all_but_the_ends() -> None:
    network = assemble(INPUTS, plan_of("tabm-mini", "binary"), Output("binary", ""), 2)
    first, *rest, last = network.layers[1:-1]
    assert first == Members(32, (1, 1, 1, 4), "normal")
    assert rest == [Linear(512), Dropout(0.1)] * 2
    assert last == MemberHeads(1, "sigmoid", 32)


@pytest.mark.parametrize(
    ("name", "hint"), [("liner", " Did you mean 'linear'?"), ("big", "")]
)
def test_an_unknown_network_is_told(name: str, hint: str) -> None:
    with pytest.raises(ParameterError) as caught:
        plan_of(name, "binary")
    assert str(caught.value) == (
        f"The catalog has no network {name!r}.{hint} It has {', '.join(CATALOG)}. Or "
        "write the layers: '64 relu, 32 relu'."
    )


def test_a_word_in_a_text_is_the_text_s_error() -> None:
    with pytest.raises(ParameterError, match=r"^The layers text has dropout without"):
        plan_of("dropout", "binary")
    with pytest.raises(ParameterError, match=r"^The layers text is empty"):
        plan_of("", "binary")
