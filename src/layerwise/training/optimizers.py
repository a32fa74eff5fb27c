"""Optimizers: how a gradient becomes an update.

params = params - learning_rate * factor * direction(gradient)

A layer may give a parameter a factor of its own. The directions are optax's;
the learning rate stays outside, so that a schedule, and a training that was
stepped back, can change it without compiling anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jax import Array

from layerwise.errors import ParameterError, did_you_mean

__all__ = ["OPTIMIZERS", "Optimizer", "clipped", "optimizer_named", "updated"]


@dataclass(frozen=True)
class Optimizer:
    """One way from gradients to updates.

    Args:
        direction: Makes optax's transformation of gradients, given beta2.
        learning_rate: The learning rate unless the user asks for another.
        source: Where it comes from.
        weight_decay: How much weights shrink unless the user asks for another.
    """

    direction: Callable[[float], optax.GradientTransformation]
    learning_rate: float
    source: str
    weight_decay: float = 0.0


def adam(beta2: float) -> optax.GradientTransformation:
    """Return m / (sqrt(v) + 1e-8), running means of the gradient and its square."""
    return optax.scale_by_adam(b1=0.9, b2=beta2, eps=1e-8)


OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer(lambda _: optax.identity(), 0.05, "Robbins and Monro, 1951"),
    "momentum": Optimizer(
        lambda _: optax.trace(decay=0.9), 0.01, "Polyak, 1964, decay 0.9"
    ),
    "adam": Optimizer(adam, 0.001, "Kingma and Ba, 2015, algorithm 1"),
    "adamw": Optimizer(
        adam,
        0.001,
        "Loshchilov and Hutter, 2019, algorithm 2, weight decay 0.01",
        weight_decay=0.01,
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


def updated(
    params: Any, directions: Any, rates: Any, decays: Any, rate: Array, decay: Any
) -> Any:
    """Return the parameters after one update.

    p = p * (1 - rate * factor * decay) - rate * factor * direction

    Weight decay stands beside the gradient, not in it, and only for the
    parameters that decay.

    Args:
        params: The parameters.
        directions: One for each, from the optimizer.
        rates: The factor of the learning rate of each.
        decays: Whether each decays.
        rate: The learning rate now.
        decay: Weight decay now; None for none.

    Source:
        Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019.
    """

    def one(p: Array, direction: Array, factor: float, shrinks: bool) -> Array:
        own = (rate * factor).astype(p.dtype)
        if decay is not None and shrinks:
            p = p * (1 - own * decay.astype(p.dtype))
        return p - own * direction

    return jax.tree.map(one, params, directions, rates, decays)
