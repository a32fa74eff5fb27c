"""The summary: each layer with its shapes and the arithmetic of its parameters."""

from dataclasses import dataclass

from layerwise.layers import LinearLayer, Members
from layerwise.network.network import Network

__all__ = ["LayerSummary", "summarize"]


@dataclass(frozen=True)
class LayerSummary:
    """One line of the summary.

    Args:
        name: The layer's name, such as "linear 1".
        shape_in: What one row brings in: columns to the input layer, else units;
            for the members of an ensemble (members, units).
        shape_out: What one row takes on.
        activation: Of a linear layer, else None.
        n_parameters: Learnable parameters.
        arithmetic: The sum behind them, such as "3 x 64 + 64 = 256".
        about: What the layer is for, as a clause.
    """

    name: str
    shape_in: tuple[int, ...]
    shape_out: tuple[int, ...]
    activation: str | None
    n_parameters: int
    arithmetic: str
    about: str


def summarize(
    network: Network, n_columns: int | None = None
) -> tuple[LayerSummary, ...]:
    """Summarize a network, layer by layer.

    Args:
        network: The layers in order.
        n_columns: Columns of the table that the input layer reads; by default one
            for each number, each category and each text. A date is one column and
            several numbers, which only a schema knows.

    Example:
        >>> from layerwise.layers import Input, Linear, Output
        >>> line = Network((Input((0.0,), (1.0,)), Linear(1, "identity"),
        ...                 Output("regression", "squared")))
        >>> [layer.arithmetic for layer in summarize(line)]
        ['0', '1 x 1 + 1 = 2', '0']
    """
    if n_columns is None:
        inputs = network.input
        n_columns = inputs.n_numbers + len(inputs.categories) + len(inputs.texts)
    shapes = _shapes(network, n_columns)
    return tuple(
        LayerSummary(
            name=network.names[l],
            shape_in=shapes[l],
            shape_out=shapes[l + 1],
            activation=layer.activation if isinstance(layer, LinearLayer) else None,
            n_parameters=layer.n_parameters(network.widths[l]),
            arithmetic=layer.arithmetic(network.widths[l]),
            about=layer.about(),
        )
        for l, layer in enumerate(network.layers)
    )


def _shapes(network: Network, n_columns: int) -> list[tuple[int, ...]]:
    """Return what enters each layer, and what leaves the last."""
    members = network.output.members
    shapes: list[tuple[int, ...]] = [(n_columns,)]
    is_split = False
    for layer, width in zip(network.layers, network.widths[1:], strict=True):
        is_split = isinstance(layer, Members) or (is_split and layer != network.output)
        shapes.append((members, width) if is_split else (width,))
    return shapes
