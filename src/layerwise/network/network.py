"""A network: layers in order, and one pass that shows everything."""

import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, cast

import jax
import jax.numpy as jnp
from jax import Array

from layerwise.errors import ShapeError
from layerwise.layers import (
    ACTIVATIONS,
    Input,
    Layer,
    LinearLayer,
    MemberHeads,
    MemberLinear,
    Members,
    Output,
)
from layerwise.layers.layer import Params, Strength

__all__ = ["LayerTrace", "Network", "NetworkParams", "folded"]

NetworkParams = dict[str, list[dict[str, Array]]]
"""{"layers": [{...}, {"W": ..., "b": ...}, ...]}: paths read layers/1/W."""


@dataclass(frozen=True)
class LayerTrace:
    """What one layer made of some rows.

    Args:
        name: The layer's name in the network, such as "linear 1".
        z: x @ W + b of a linear layer, None for the others.
        a: What the layer hands on.
    """

    name: str
    z: Array | None
    a: Array


jax.tree_util.register_dataclass(LayerTrace, ["z", "a"], ["name"])


@dataclass(frozen=True)
class Network:
    """Layers in order: an input layer, hidden layers, a last linear layer, an output.

    Args:
        layers: The first is an ``Input``, the last an ``Output``, and the one
            before it the ``Linear`` whose z is compared with the target.

    Example:
        >>> from layerwise.layers import Input, Linear, Output
        >>> line = Network((Input((0.0,), (1.0,)), Linear(1, "identity"),
        ...                 Output("regression", "squared")))
        >>> line.n_parameters
        2
    """

    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        """Refuse layers that are not a network."""
        if len(self.layers) < 3 or not (
            isinstance(self.layers[0], Input)
            and isinstance(self.layers[-2], LinearLayer)
            and isinstance(self.layers[-1], Output)
            and not any(isinstance(one, Input | Output) for one in self.layers[1:-1])
        ):
            raise ShapeError(
                "A network is an input layer, then its layers, then a linear layer "
                "and an output layer. Found: "
                f"{', '.join(layer.kind for layer in self.layers) or 'no layers'}."
            )
        self._refuse_mixed_members()

    def _refuse_mixed_members(self) -> None:
        """Refuse an ensemble whose layers do not agree on its members."""
        members = self.output.members
        counts = [(type(one), getattr(one, "members", 0)) for one in self.layers[1:-1]]
        own = [(kind, count) for kind, count in counts if count]
        fits = (
            own[0][0] is Members
            and own[-1][0] is MemberHeads
            and isinstance(self.layers[-2], MemberHeads)
            and all(kind is MemberLinear for kind, _ in own[1:-1])
            and {count for _, count in own} == {members}
            if own
            else members == 0
        )
        if not fits:
            found = ", ".join(f"{kind.kind} of {count}" for kind, count in own)
            raise ShapeError(
                "An ensemble is a members layer, then its layers, then member heads "
                "and an output layer, all of the same number of members. Found: "
                f"{found or 'no members'}; output of {members}."
            )
        for layer, d_in in zip(self.layers, self.widths, strict=False):
            if isinstance(layer, Members) and sum(layer.groups) != d_in:
                raise ShapeError(
                    f"The members look at {sum(layer.groups)} units, but {d_in} come "
                    "in."
                )

    @property
    def input(self) -> Input:
        """Return the input layer."""
        return cast(Input, self.layers[0])

    @property
    def output(self) -> Output:
        """Return the output layer."""
        return cast(Output, self.layers[-1])

    @property
    def depth(self) -> int:
        """Return the number of hidden layers."""
        return sum(isinstance(layer, LinearLayer) for layer in self.layers) - 1

    @property
    def is_random(self) -> bool:
        """Return whether any layer is random while training."""
        return any(layer.is_random for layer in self.layers)

    @property
    def looks_at_rows(self) -> bool:
        """Return whether first parameters are drawn by what training rows hold."""
        return any(
            type(layer).init_from is not Layer.init_from for layer in self.layers[1:]
        )

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """Return what enters each layer, and what leaves the last."""
        widths = [0]
        for layer in self.layers:
            widths.append(layer.d_out(widths[-1]))
        return tuple(widths)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name the layers: input, linear 1, dropout 2, linear 3, output."""
        last = len(self.layers) - 1
        return tuple(
            layer.kind if position in (0, last) else f"{layer.kind} {position}"
            for position, layer in enumerate(self.layers)
        )

    @property
    def n_parameters(self) -> int:
        """Count the learnable parameters of all layers."""
        return sum(
            layer.n_parameters(d_in)
            for layer, d_in in zip(self.layers, self.widths, strict=False)
        )

    @property
    def n_arrays(self) -> int:
        """Count the arrays that hold the parameters."""
        return sum(len(shapes) for shapes in self.shapes())

    def without_constants(self) -> "Network":
        """Return the network to compile: tables of one shape share one program."""
        return Network(
            (
                self.input.without_constants(),
                *self.layers[1:-1],
                self.output.without_constants(),
            )
        )

    @property
    def multiplications(self) -> int:
        """Return how many products with a weight the linear layers take for a row."""
        members = max(self.output.members, 1)
        return sum(
            math.prod(shapes["W"]) * (1 if isinstance(layer, MemberHeads) else members)
            for layer, shapes in zip(self.layers, self.shapes(), strict=True)
            if isinstance(layer, LinearLayer)
        )

    def shapes(self) -> list[dict[str, tuple[int, ...]]]:
        """Return the shape of each parameter of each layer, without making any."""
        return [
            layer.shapes(d_in)
            for layer, d_in in zip(self.layers, self.widths, strict=False)
        ]

    def init(self, key: Array, x: Any = None) -> NetworkParams:
        """Draw the first parameters of every layer.

        A layer's key is made from its path, so that changing one layer does
        not reseed another.

        Args:
            key: Where the numbers come from.
            x: Training rows, for layers that are fitted to what comes in; each
                layer sees what the layers before it, dropout included, make of them.
        """
        layers: list[Params] = []
        paths = [f"layers/{l}" for l in range(len(self.layers))]
        keys = folded(key, [zlib.crc32(path.encode()) for path in paths])
        for layer, d_in, own_key in zip(self.layers, self.widths, keys, strict=False):
            if x is None:
                layers.append(layer.init(own_key, d_in))
                continue
            layers.append(layer.init_from(own_key, x))
            x = layer.forward(layers[-1], x, jax.random.fold_in(own_key, 1))
        return {"layers": layers}

    def rates(self) -> NetworkParams:
        """Return the factor of the learning rate of each parameter."""
        return self._of_each(lambda layer, name: layer.rate(name))

    def decays(self) -> NetworkParams:
        """Return whether weight decay shrinks each parameter."""
        return self._of_each(lambda layer, name: layer.decays(name))

    def _of_each(self, what: Callable[[Layer, str], Any]) -> dict[str, Any]:
        return {
            "layers": [
                {name: what(layer, name) for name in shapes}
                for layer, shapes in zip(self.layers, self.shapes(), strict=True)
            ]
        }

    def trace(
        self,
        params: NetworkParams,
        x: Any,
        key: Array | None = None,
        strength: Strength = 1.0,
    ) -> tuple[LayerTrace, ...]:
        """Return every z and a of one pass.

        Args:
            params: The learnable parameters, as ``init`` makes them.
            x: {"numbers": (n, p), "categories": (n, q), "texts": (n, t)}, numbers
                scaled.
            key: Makes dropout and the input layer random; without it nothing is.
            strength: The share of their rates with which they are.

        Shape:
            x: n rows -> one LayerTrace per layer, each of n rows
        """
        traces = []
        a = x
        for l, (layer, name) in enumerate(zip(self.layers, self.names, strict=True)):
            own = params["layers"][l]
            own_key = None
            if key is not None and layer.is_random:
                own_key = jax.random.fold_in(key, l)
            z = layer.z(own, a) if isinstance(layer, LinearLayer) else None
            # compiled, the z inside forward and this one are the same
            a = layer.forward(own, a, own_key, strength)
            traces.append(LayerTrace(name, z, a))
        return tuple(traces)

    def forward(self, params: NetworkParams, x: Any, key: Array | None = None) -> Array:
        """Return the last a: probabilities, or the standardized prediction.

        Shape:
            x: n rows -> (n, 1), or (n, n_classes) for several classes
        """
        return self.trace(params, x, key)[-1].a

    def logits(self, params: NetworkParams, x: Any) -> Array:
        """Return the z that the answer follows from, of all members together.

        Shape:
            x: n rows -> (n,), or (n, n_classes) for several classes
        """
        return self.output.joint(self.member_logits(params, x))

    def member_logits(
        self,
        params: NetworkParams,
        x: Any,
        key: Array | None = None,
        strength: Strength = 1.0,
    ) -> Array:
        """Return the z of the last linear layer: what a loss compares.

        Shape:
            x: n rows -> (n,), or (n, n_classes) for several classes; with members
            (n, members) or (n, members, n_classes)
        """
        last = self.trace(params, x, key, strength)[-2]
        z = cast(Array, last.z)  # that layer is linear
        return z if self.output.task == "multiclass" else z[..., 0]

    def predict(self, params: NetworkParams, x: Any) -> Array:
        """Return the probability of each class, or the standardized prediction.

        Two classes: [sigmoid(-z), sigmoid(z)]. (1 - sigmoid(z) is the same number,
        without the digits of a small one.)

        Shape:
            x: n rows -> (n, 1), or (n, n_classes) for two or more classes
        """
        if self.output.task != "binary":
            return self.forward(params, x)
        z = self.logits(params, x)
        return ACTIVATIONS["sigmoid"](jnp.stack([-z, z], axis=-1))


def folded(key: Array, numbers: Sequence[int]) -> Array:
    """Return a key of its own for each number, as ``fold_in`` makes it.

    NOTE[XLA] a program with one hash of all numbers loads faster than with a hash
    for each.

    Shape:
        key of no axes -> (len(numbers),)
    """
    return jax.vmap(partial(jax.random.fold_in, key))(jnp.asarray(numbers, jnp.uint32))
