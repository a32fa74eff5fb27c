"""The cost: mean loss over rows, and the penalty on weights.

    iteration's loss = mean over the batch's rows of weight * loss
    cost = mean over all rows of weight * loss + penalty

Weights are scaled to mean 1 over the training rows, so a row of weight 2
counts as two rows, and the mean of the iterations' losses, each by its rows,
is the mean loss of the epoch.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from layerwise.layers.layer import Strength
from layerwise.losses import LOSSES, penalty
from layerwise.network import Network, NetworkParams
from layerwise.training.batches import n_batches

__all__ = [
    "Penalties",
    "Rows",
    "batch_cost",
    "measure",
    "padded",
    "row_losses",
    "side_by_side",
]

MOST_PADDED_ROWS = 4096

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
    """Return the loss of each row, (n,), or of each row and member, (n, members)."""
    output = network.output
    return LOSSES[output.loss](logits, y, output.label_smoothing)


def of_members(network: Network, a: Array) -> Array:
    """Repeat what a row has for each member, unless each has rows of its own.

    Shape:
        a: (n,) -> (n, members); without members, or as (n, members), it stays
    """
    members = network.output.members
    if not members or a.ndim == 2:
        return a
    return jnp.broadcast_to(a[:, None], (len(a), members))


def batch_cost(
    network: Network,
    params: NetworkParams,
    batch: Rows,
    real: Array,
    prices: Penalties,
    key: Array | None = None,
    strength: Strength = 1.0,
) -> tuple[Array, Array]:
    """Return what one iteration differentiates, and its mean loss without penalty.

    Members learn each from its own loss: the mean is over rows and members.

    Args:
        network: The layers.
        params: Their parameters.
        batch: Rows of one batch, padding included.
        real: Which of them are rows and not padding.
        prices: The penalties.
        key: For dropout.
        strength: The share of its rate with which dropout acts.
    """
    logits = network.member_logits(params, batch.x, key, strength)
    y, weight, real = (of_members(network, a) for a in (batch.y, batch.weight, real))
    losses = row_losses(network, logits, y)
    weight = jnp.where(real, weight, jnp.zeros_like(weight))
    # NOTE[NUMERICS] padding is cut out before the product: 0 * inf is nan
    losses = jnp.where(real, losses, jnp.zeros_like(losses))
    loss = (weight * losses).sum() / jnp.maximum(real.sum(), 1).astype(losses.dtype)
    return loss + penalty(params, prices.l1, prices.l2).astype(loss.dtype), loss


def padded(rows: Rows) -> Rows:
    """Add rows of weight 0 up to one of few sizes, four for each doubling.

    Tables of about one size, such as the folds of a cross-validation, share one
    program then. A large table takes longer to compute than to compile.
    """
    n = len(rows.y)
    step = 1 << max(n.bit_length() - 3, 5) if n <= MOST_PADDED_ROWS else 1
    more = -n % step
    return cast(
        Rows,
        jax.tree.map(lambda a: np.pad(a, [(0, more)] + [(0, 0)] * (a.ndim - 1)), rows),
    )


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
    network: Network,
    params: NetworkParams,
    rows: Rows,
    prices: Penalties,
    *,
    ranks: bool = False,
) -> dict[str, Array]:
    """Measure loss, cost and simple metrics over groups of rows, tile by tile.

    Training and validation rows are measured in one go: a row has one weight
    for each group, 0 where it does not belong. The loss is that of the answer: of
    an ensemble the mean answer, not the mean of its members' losses.

    Args:
        network: The layers.
        params: Their parameters.
        rows: The rows of all groups.
        prices: The penalties.
        ranks: Whether rows are sorted, for the AUC of two classes.

    Shape:
        rows.weight: (n, n_groups) -> (n_groups,) for each measure

    Returns:
        loss and cost; for classes accuracy, and auc where it was asked for; for
        numbers squared_error and absolute_error in standardized units. All weighted
        means.
    """
    n = rows.y.shape[0]
    tiles = n_batches(n, TILE)
    size = min(TILE, n)

    def tile(start: Array) -> tuple[dict[str, Array], Any]:
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
        means = {name: value @ weight for name, value in sums.items()}
        means["weight"] = weight.sum(axis=0)
        return means, (logits, part.y, weight) if ranks else ()

    starts = jnp.arange(tiles, dtype=jnp.int32) * size
    sums, ranked = jax.lax.map(tile, starts)
    sums = jax.tree.map(lambda a: a.sum(axis=0), sums)
    total = sums.pop("weight")
    means = {name: value / total for name, value in sums.items()}
    if ranks:
        z, y, weight = (a.reshape(-1, *a.shape[2:]) for a in ranked)
        means["auc"] = jax.vmap(auc, (None, None, 1))(z, y, weight)
    price = penalty(params, prices.l1, prices.l2).astype(means["loss"].dtype)
    return means | {"cost": means["loss"] + price}


def auc(z: Array, y: Array, weight: Array) -> Array:
    """Return the share of pairs of both classes in which the larger z is the 1's.

    A pair of equal z counts half; a row of weight 2 is in twice as many pairs.

    Shape:
        z: (n,), y: (n,) of 0 and 1, weight: (n,) -> ()
    """
    order = jnp.argsort(z)
    z, ones, zeros = z[order], (weight * y)[order], (weight * (1 - y))[order]
    below = jnp.concatenate([jnp.zeros(1, zeros.dtype), jnp.cumsum(zeros)])
    first = jnp.searchsorted(z, z, side="left")
    after = jnp.searchsorted(z, z, side="right")
    pairs = (ones * (below[first] + below[after]) / 2).sum()
    # NOTE[NUMERICS] without rows of both classes there are no pairs: one half
    all_pairs = ones.sum() * zeros.sum()
    half = jnp.full_like(pairs, 0.5)
    return jnp.where(all_pairs > 0, pairs / jnp.maximum(all_pairs, 1e-30), half)


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
