"""The catalog: every ready network can be assembled for every task."""

from typing import get_args

import pytest

from layerwise.errors import ParameterError
from layerwise.layers import Input, Linear, Output, Task
from layerwise.losses import loss_for
from layerwise.network import CATALOG, assemble, hidden_layers, layers_from_text

INPUTS = Input((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


@pytest.mark.parametrize("name", CATALOG)
@pytest.mark.parametrize("task", get_args(Task))
def test_every_network_is_assembled_for_every_task(name: str, task: Task) -> None:
    output = Output(task, loss_for(task))
    network = assemble(INPUTS, hidden_layers(name), output, 4)
    last = network.layers[-2]
    assert isinstance(last, Linear)
    ends = {"regression": (1, "identity"), "binary": (1, "sigmoid")}
    assert (last.width, last.activation) == ends.get(task, (4, "softmax"))


def test_the_names_mean_what_they_say() -> None:
    assert hidden_layers("linear") == ()
    assert hidden_layers(" MLP ") == layers_from_text("128 relu, 128 relu")
    assert hidden_layers("3 tanh") == (Linear(3, "tanh"),)


@pytest.mark.parametrize(
    ("name", "hint"), [("liner", " Did you mean 'linear'?"), ("big", "")]
)
def test_an_unknown_network_is_told(name: str, hint: str) -> None:
    with pytest.raises(ParameterError) as caught:
        hidden_layers(name)
    assert str(caught.value) == (
        f"The catalog has no network {name!r}.{hint} It has linear, mlp. Or write the "
        "layers: '64 relu, 32 relu'."
    )


def test_a_word_in_a_text_is_the_text_s_error() -> None:
    with pytest.raises(ParameterError, match=r"^The layers text has dropout without"):
        hidden_layers("dropout")
    with pytest.raises(ParameterError, match=r"^The layers text is empty"):
        hidden_layers("")
