"""The cost: mean loss over rows, and the penalty on weights.

    iteration's loss = mean over the batch's rows of weight * loss
    cost = mean over all rows of weight * loss + penalty

Weights are scaled to mean 1 over the training rows, so a row of weight 2
counts as two rows, and the mean of the iterations' losses, each by its rows,
is the mean loss of the epoch.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from layerwise.losses import LOSSES, penalty
from layerwise.network import Network, NetworkParams
from layerwise.training.batches import n_batches

__all__ = [
    "Penalties",
    "Rows",
    "batch_cost",
    "measure",
    "row_losses",
    "side_by_side",
]

TILE = 1024
"""Rows measured at once, so that memory does not grow with the table."""


class Rows(NamedTuple):
    """Rows ready for training.

    Args:
        x: {"numbers": (n, p) scaled, "categories": (n, q), "texts": (n, t)}.
        y: (n,): standardized numbers, 0 and 1, or class ids.
        weight: (n,), mean 1 over the training rows.
    """

    x: dict[str, Any]
    y: Any
    weight: Any


class Penalties(NamedTuple):
    """The prices of weights: l1 * sum|W| + l2/2 * sum W^2."""

    l1: Any
    l2: Any


def row_losses(network: Network, logits: Array, y: Array) -> Array:
    """Return the loss of each row, (n,)."""
    output = network.output
    return LOSSES[output.loss](logits, y, output.label_smoothing)


def batch_cost(
    network: Network,
    params: NetworkParams,
    batch: Rows,
    real: Array,
    prices: Penalties,
    key: Array | None = None,
) -> tuple[Array, Array]:
    """Return what one iteration differentiates, and its mean loss without penalty.

    Args:
        network: The layers.
        params: Their parameters.
        batch: Rows of one batch, padding included.
        real: Which of them are rows and not padding.
        prices: The penalties.
        key: For dropout.
    """
    losses = row_losses(network, network.logits(params, batch.x, key), batch.y)
    weight = jnp.where(real, batch.weight, jnp.zeros_like(batch.weight))
    # NOTE[NUMERICS] padding is cut out before the product: 0 * inf is nan
    losses = jnp.where(real, losses, jnp.zeros_like(losses))
    loss = (weight * losses).sum() / jnp.maximum(real.sum(), 1).astype(losses.dtype)
    return loss + penalty(params, prices.l1, prices.l2).astype(loss.dtype), loss


def side_by_side(groups: Sequence[Rows]) -> Rows:
    """Put groups of rows below each other, with one column of weights for each.

    Shape:
        n_1, n_2, ... rows -> n_1 + n_2 + ... rows, weight (n, n_groups)
    """
    sizes = [len(rows.y) for rows in groups]
    weight = np.zeros((sum(sizes), len(groups)), groups[0].weight.dtype)
    for g, (rows, end) in enumerate(zip(groups, np.cumsum(sizes), strict=True)):
        weight[end - sizes[g] : end, g] = rows.weight
    joined: Rows = jax.tree.map(lambda *parts: np.concatenate(parts), *groups)
    return joined._replace(weight=weight)


def measure(
    network: Network, params: NetworkParams, rows: Rows, prices: Penalties
) -> dict[str, Array]:
    """Measure loss, cost and simple metrics over groups of rows, tile by tile.

    Training and validation rows are measured in one go: a row has one weight
    for each group, 0 where it does not belong.

    Shape:
        rows.weight: (n, n_groups) -> (n_groups,) for each measure

    Returns:
        loss and cost; for classes accuracy; for numbers squared_error and
        absolute_error in standardized units. All weighted means.
    """
    n = rows.y.shape[0]
    tiles = n_batches(n, TILE)
    size = min(TILE, n)

    def tile(start: Array) -> dict[str, Array]:
        # the last tile starts early enough to be whole; what it repeats weighs 0
        begin = jnp.minimum(start, n - size)
        part = jax.tree.map(
            lambda a: jax.lax.dynamic_slice_in_dim(a, begin, size), rows
        )
        new = begin + jnp.arange(size, dtype=begin.dtype) >= start
        weight = jnp.where(new[:, None], part.weight, jnp.zeros_like(part.weight))
        logits = network.logits(params, part.x)
        sums = {"loss": row_losses(network, logits, part.y)}
        sums |= _errors(network, logits, part.y)
        return {name: value @ weight for name, value in sums.items()} | {
            "weight": weight.sum(axis=0)
        }

    starts = jnp.arange(tiles, dtype=jnp.int32) * size
    sums = jax.tree.map(lambda a: a.sum(axis=0), jax.lax.map(tile, starts))
    total = sums.pop("weight")
    means = {name: value / total for name, value in sums.items()}
    price = penalty(params, prices.l1, prices.l2).astype(means["loss"].dtype)
    return means | {"cost": means["loss"] + price}


def _errors(network: Network, logits: Array, y: Array) -> dict[str, Array]:
    if network.output.task == "regression":
        residual = logits - y
        return {
            "squared_error": jnp.square(residual),
            "absolute_error": jnp.abs(residual),
        }
    if network.output.task == "binary":
        right = (logits >= 0) == (y > 0.5)
    else:
        right = jnp.argmax(logits, axis=-1).astype(y.dtype) == y
    return {"accuracy": right.astype(logits.dtype)}
