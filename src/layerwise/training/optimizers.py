"""Optimizers: how a gradient becomes an update.

params = params - learning_rate * direction(gradient)

The directions are optax's; the learning rate stays outside, so that a
schedule, and a training that was stepped back, can change it without
compiling anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jax import Array

from layerwise.errors import ParameterError, did_you_mean

__all__ = ["OPTIMIZERS", "Optimizer", "clipped", "optimizer_named"]


def only_weights(params: Any) -> Any:
    """Mark every W: weight decay leaves biases and embeddings alone."""
    return jax.tree_util.tree_map_with_path(
        lambda path, _: jax.tree_util.keystr(path[-1:], simple=True) == "W", params
    )


@dataclass(frozen=True)
class Optimizer:
    """One way from gradients to updates.

    Args:
        direction: Makes optax's transformation of gradients.
        learning_rate: The learning rate unless the user asks for another.
        source: Where it comes from.
    """

    direction: Callable[[], optax.GradientTransformation]
    learning_rate: float
    source: str


OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer(optax.identity, 0.05, "Robbins and Monro, 1951"),
    "momentum": Optimizer(
        lambda: optax.trace(decay=0.9), 0.01, "Polyak, 1964, decay 0.9"
    ),
    "adam": Optimizer(
        lambda: optax.scale_by_adam(b1=0.9, b2=0.999, eps=1e-8),
        0.001,
        "Kingma and Ba, 2015, algorithm 1",
    ),
    "adamw": Optimizer(
        lambda: optax.chain(
            optax.scale_by_adam(b1=0.9, b2=0.999, eps=1e-8),
            optax.add_decayed_weights(0.01, mask=only_weights),
        ),
        0.001,
        "Loshchilov and Hutter, 2019, algorithm 2, weight decay 0.01",
    ),
}
"""In order of increasing complexity. L-BFGS stands apart: see training/lbfgs.py."""


def optimizer_named(name: str) -> Optimizer:
    """Look an optimizer up by its name.

    Raises:
        ParameterError: When there is none of that name.
    """
    if name not in OPTIMIZERS:
        known = [*OPTIMIZERS, "lbfgs"]
        raise ParameterError(
            f"There is no optimizer {name!r}.{did_you_mean(name, known)} "
            f"There are {', '.join(known)}."
        )
    return OPTIMIZERS[name]


def clipped(grads: Any, clip_norm: Array) -> Any:
    """Shorten the gradient to length clip_norm where it is longer.

    grads * min(1, clip_norm / |grads|), over all parameters together

    Source:
        Pascanu, Mikolov and Bengio, 2013, algorithm 1.
    """
    norm = jnp.sqrt(sum(jnp.square(g).sum() for g in jax.tree.leaves(grads)))
    factor = jnp.minimum(1, clip_norm / jnp.maximum(norm, 1e-30))
    return jax.tree.map(lambda g: g * factor.astype(g.dtype), grads)
