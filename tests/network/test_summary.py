"""The summary: the arithmetic of every parameter count."""

import jax
import pytest

from layerwise.layers import CategoryUnits, Input, Linear, Output
from layerwise.network import LayerSummary, Plan, assemble, plan_of, summarize

INPUTS = {
    "numbers": Input((0.0,) * 3, (1.0,) * 3),
    "flags": Input((0.0,) * 3, (1.0,) * 3, (0, 2)),
    "categories": Input((0.0,), (1.0,), (), (CategoryUnits(3), CategoryUnits(20, 8))),
}


@pytest.mark.parametrize("inputs", INPUTS.values(), ids=INPUTS)
@pytest.mark.parametrize("layers", ["linear", "mlp", "2 selu, dropout 0.5, 1"])
def test_the_summary_counts_the_real_parameters(inputs: Input, layers: str) -> None:
    output = Output("multiclass", "categorical-cross-entropy")
    network = assemble(inputs, plan_of(layers, output.task), output, 5)
    params = jax.eval_shape(network.init, jax.random.key(0))  # shapes, no numbers
    for line, own in zip(summarize(network), params["layers"], strict=True):
        real = sum(leaf.size for leaf in own.values())
        assert line.n_parameters == real
        assert line.arithmetic.rpartition("= ")[2] == f"{real:,}"
    real = sum(leaf.size for leaf in jax.tree.leaves(params))
    assert network.n_parameters == real
    assert sum(line.n_parameters for line in summarize(network)) == real


def test_a_line_has_two_parameters() -> None:
    line = assemble(Input((0.0,), (1.0,)), Plan(()), Output("regression", "squared"), 1)
    assert summarize(line) == (
        LayerSummary(
            "input",
            (1,),
            (1,),
            None,
            0,
            "0",
            "turns the cells of a row into numbers, the units",
        ),
        LayerSummary(
            "linear 1",
            (1,),
            (1,),
            "identity",
            2,
            "1 x 1 + 1 = 2",
            "each neuron weighs all that comes in and adds it up",
        ),
        LayerSummary(
            "output",
            (1,),
            (1,),
            None,
            0,
            "0",
            "brings the answer to the target's units; while training, the loss says "
            "how wrong it is",
        ),
    )


def test_the_members_of_an_ensemble_are_in_the_shapes() -> None:
    output = Output("binary", "binary-cross-entropy")
    inputs = Input((0.0,) * 3, (1.0,) * 3)
    network = assemble(inputs, Plan((Linear(8),), members=4), output, 2)
    shapes = [(line.shape_in, line.shape_out) for line in summarize(network)]
    assert shapes == [
        ((3,), (3,)),
        ((3,), (4, 3)),
        ((4, 3), (4, 8)),
        ((4, 8), (4, 1)),
        ((4, 1), (1,)),
    ]


def test_columns_go_in_and_units_come_out() -> None:
    """Two columns of the table: a number with a flag, and a category of three."""
    inputs = Input((0.0,), (1.0,), (0,), (CategoryUnits(3),))
    network = assemble(
        inputs, plan_of("64", "regression"), Output("regression", "squared"), 1
    )
    shapes = [(line.shape_in, line.shape_out) for line in summarize(network)]
    assert shapes == [((2,), (5,)), ((5,), (64,)), ((64,), (1,)), ((1,), (1,))]


def test_columns_may_be_fewer_than_numbers() -> None:
    """One date is five numbers."""
    date = Input((0.0,) * 5, (1.0,) * 5)
    line = assemble(date, Plan(()), Output("regression", "squared"), 1)
    first, second, _ = summarize(line, n_columns=1)
    assert (first.shape_in, first.shape_out) == ((1,), (5,))
    assert second.arithmetic == "5 x 1 + 1 = 6"


def test_the_textbook_s_sum() -> None:
    three = Input((0.0,) * 3, (1.0,) * 3)
    network = assemble(
        three, plan_of("64", "regression"), Output("regression", "squared"), 1
    )
    assert summarize(network)[1].arithmetic == "3 x 64 + 64 = 256"
