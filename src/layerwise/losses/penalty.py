"""The price of large weights."""

from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

__all__ = ["penalty", "weights_of"]


def weights_of(params: Any) -> list[Array]:
    """Return every W among the parameters: biases and embeddings are not penalized."""
    leaves = jax.tree_util.tree_leaves_with_path(params)
    return [leaf for path, leaf in leaves if _name(path) == "W"]


def _name(path: tuple[Any, ...]) -> str:
    return jax.tree_util.keystr(path, simple=True, separator="/").rpartition("/")[2]


def penalty(params: Any, l1: Array | float, l2: Array | float) -> Array:
    """Return l1 * sum|W| + l2/2 * sum W^2, over every weight but no bias.

    cost = mean loss + penalty

    A bias only moves a neuron; it does not make the network steeper, so it
    costs nothing.

    Example:
        >>> float(penalty({"W": jnp.array([1.0, -2.0]), "b": jnp.array([9.0])}, 1, 2))
        8.0
    """
    weights = weights_of(params)
    # NOTE[NUMERICS] not jnp.abs, whose slope at 0 is 1: a weight of 0 stays there
    absolute = sum((W * jnp.sign(W)).sum() for W in weights)
    squares = sum(jnp.square(W).sum() for W in weights)
    return jnp.asarray(l1 * absolute + l2 / 2 * squares)
