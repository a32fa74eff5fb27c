"""The walk: one row through every layer, with the numbers.

    units -> z = x @ weights + b, a = activation(z) -> ... -> answer

A neuron's z is a sum, and the sum can be written out: what each unit brings, by which
weight it is multiplied, and the bias.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from layerwise.errors import ParameterError
from layerwise.layers import LinearLayer
from layerwise.network import LayerTrace, Network, NetworkParams

__all__ = ["Step", "Sum", "steps_of", "sum_of"]


@dataclass(frozen=True, eq=False)
class Step:
    """What one layer made of a row.

    Args:
        name: The layer's name in the network, such as "linear 1".
        z: The sums of a linear layer, None for the others.
        a: What the layer hands on.

    Shape:
        z, a: (width,), or (members, width)
    """

    name: str
    z: NDArray[Any] | None
    a: NDArray[Any]


@dataclass(frozen=True, eq=False)
class Sum:
    """The sum behind one neuron: z = x_1 w_1 + x_2 w_2 + ... + b.

    Args:
        x: What comes in.
        w: What each is multiplied by.
        products: x w.
        b: The bias.
        z: The sum, as the network has it.
        a: What the activation makes of it.

    Shape:
        x, w, products: (d_in,)
    """

    x: NDArray[np.float64]
    w: NDArray[np.float64]
    products: NDArray[np.float64]
    b: float
    z: float
    a: float


def steps_of(
    network: Network, params: NetworkParams, x: dict[str, NDArray[Any]]
) -> tuple[Step, ...]:
    """Walk one row through a network.

    Args:
        network: The layers.
        params: Their parameters.
        x: What ``Input.rows`` makes of the row.

    Shape:
        x: 1 row -> one Step per layer
    """
    traces = _traced(network.without_constants(), params, x)
    return tuple(
        Step(
            trace.name,
            None if trace.z is None else np.asarray(trace.z[0]),
            np.asarray(trace.a[0]),
        )
        for trace in traces
    )


@partial(jax.jit, static_argnames="network")
def _traced(
    network: Network, params: NetworkParams, x: dict[str, Any]
) -> tuple[LayerTrace, ...]:
    return network.trace(params, x)


def sum_of(
    network: Network,
    params: NetworkParams,
    steps: Sequence[Step],
    layer: int,
    neuron: int,
    member: int | None = None,
) -> Sum:
    """Write out the sum behind one neuron.

    Args:
        network: The layers.
        params: Their parameters.
        steps: The walk of a row.
        layer: The layer's number, as in its name.
        neuron: Which of its neurons, from 0 on.
        member: Whose, in an ensemble.

    Raises:
        ParameterError: When there is no such neuron.
    """
    one = network.layers[layer] if 0 <= layer < len(network.layers) else None
    if not isinstance(one, LinearLayer):
        named = [
            name
            for name, each in zip(network.names, network.layers, strict=True)
            if isinstance(each, LinearLayer)
        ]
        raise ParameterError(
            f"Layer {layer} has no neurons. Those with neurons are {', '.join(named)}."
        )
    own, step = params["layers"][layer], steps[layer]
    x, z, a = (np.asarray(v, np.float64) for v in (steps[layer - 1].a, step.z, step.a))
    w, b = (np.asarray(v, np.float64) for v in (one.weights(own), own["b"]))
    if z.ndim == 2:
        i = _checked(member, len(z), "member", network.names[layer])
        x, z, a = x[i], z[i], a[i]
        # members may share both
        w, b = w[i] if w.ndim == 3 else w, b[i] if b.ndim == 2 else b
    elif member is not None:
        raise ParameterError(
            f"{network.names[layer]} has no members. Name a neuron as {layer}:{neuron}."
        )
    neuron = _checked(neuron, one.width, "neuron", network.names[layer])
    w = w[:, neuron]
    return Sum(x, w, x * w, float(b[neuron]), float(z[neuron]), float(a[neuron]))


def _checked(which: int | None, n: int, what: str, layer: str) -> int:
    if which is None:
        raise ParameterError(
            f"{layer} belongs to {n} {what}s. Name one of them, from 0 to {n - 1}, "
            "between the layer and the neuron."
        )
    if not 0 <= which < n:
        raise ParameterError(
            f"{layer} has the {what}s 0 to {n - 1}. There is no {what} {which}."
        )
    return which
