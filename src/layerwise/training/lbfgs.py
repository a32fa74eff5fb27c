"""L-BFGS: the exact optimum of a network without hidden layers.

Such a network has one lowest cost, and full-batch steps with curvature reach
it to many digits: linear regression becomes least squares, a sigmoid makes
logistic regression, softmax makes multinomial regression. Everything is
computed in float64. There are no batches and no early stopping: one iteration
sees all rows, and one iteration is one epoch.
"""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.flatten_util import ravel_pytree
from numpy.typing import NDArray
from scipy.optimize import Bounds, minimize

from layerwise.errors import DivergedError
from layerwise.losses import penalty
from layerwise.network import Network
from layerwise.training.cost import Penalties, Rows, measure, row_losses
from layerwise.training.history import History, epoch_metrics, thinned
from layerwise.training.run import Progress, Regime, Trained, Watch, to_device

__all__ = ["run_lbfgs"]

Vector = NDArray[np.float64]

NEWTON_STEPS = 10


def smooth_cost(network: Network, params: Any, rows: Rows, l2: Array) -> Array:
    """Return mean loss + l2/2 * sum W^2: all of the cost that has a gradient."""
    losses = row_losses(network, network.logits(params, rows.x), rows.y)
    mean = (rows.weight * losses).sum() / rows.weight.sum()
    return mean + penalty(params, 0.0, l2)


class _Problem:
    """The cost as a function of one flat vector, as scipy wants it."""

    def __init__(self, network: Network, rows: Rows, l2: float) -> None:
        start = jax.tree.map(
            lambda shape: jnp.zeros(shape, jnp.float64),
            {"layers": network.shapes()},
            is_leaf=lambda node: isinstance(node, tuple),
        )
        flat, self.unflatten = ravel_pytree(start)
        self.start: Vector = np.asarray(flat)
        self.is_weight = np.asarray(
            ravel_pytree(
                jax.tree_util.tree_map_with_path(
                    lambda path, leaf: jnp.full(leaf.shape, float(path[-1].key == "W")),
                    start,
                )
            )[0]
        ).astype(bool)
        plain = network.without_constants()

        def cost(vector: Array, rows: Rows) -> Array:
            return smooth_cost(plain, self.unflatten(vector), rows, jnp.float64(l2))

        self.rows = rows
        self._value_and_grad = jax.jit(jax.value_and_grad(cost))
        self._newton = jax.jit(partial(_newton_direction, jax.grad(cost)))

    def value_and_grad(self, vector: Vector) -> tuple[float, Vector]:
        """Return the cost and its gradient."""
        value, grad = self._value_and_grad(vector, self.rows)
        return float(value), np.asarray(grad)

    def newton(self, vector: Vector) -> Vector:
        """Return the step to the lowest point of the local parabola."""
        return np.asarray(self._newton(vector, self.rows))


def _newton_direction(gradient: Any, vector: Array, rows: Rows) -> Array:
    slope, curvature = jax.linearize(lambda v: gradient(v, rows), vector)
    step, _ = jax.scipy.sparse.linalg.cg(curvature, -slope, tol=1e-12, maxiter=500)
    return step


def run_lbfgs(
    network: Network,
    regime: Regime,
    train: Rows,
    valid: Rows | None,
    watch: Watch | None = None,
) -> Trained:
    """Find the parameters of the lowest cost over all rows.

    L-BFGS gets near it; Newton steps, each accepted only if it shortens the
    gradient, then remove what rounding in the cost hides from a line search.
    With an l1 penalty each weight is split into its positive and negative part,
    both at least 0, which makes |W| smooth; then there are no Newton steps.

    Runs under ``precision(float64)``.

    Source:
        Byrd, Lu, Nocedal and Zhu, "A Limited Memory Algorithm for Bound
        Constrained Optimization", 1995, in scipy.

    Raises:
        DivergedError: When the cost is nan or infinite.
    """
    train_rows = to_device(train)
    valid_rows = None if valid is None else to_device(valid)
    problem = _Problem(network, train_rows, regime.l2)
    prices = Penalties(jnp.float64(regime.l1), jnp.float64(regime.l2))
    plain = network.without_constants()
    measures = jax.jit(
        lambda vector, rows: measure(plain, problem.unflatten(vector), rows, prices)
    )
    lines: list[dict[str, float]] = []
    losses: list[float] = []

    def report(vector: Vector) -> None:
        line: dict[str, float] = {}
        for prefix, rows in (("train", train_rows), ("valid", valid_rows)):
            if rows is not None:
                found = {k: float(v) for k, v in measures(vector, rows).items()}
                line |= epoch_metrics(found, network.output, prefix)
        lines.append(line)
        losses.append(line["train_loss"])
        epoch = len(lines)
        progress = Progress(epoch, regime.epochs, epoch, losses[-1], epoch, lines)
        if watch is not None and watch(progress):
            raise StopIteration

    vector = _minimize(problem, regime, report)
    if not np.isfinite(vector).all():
        raise DivergedError(
            "The cost became nan or infinite in the linear layer. Look for very large "
            "numbers in the table, or set l2=0.001."
        )
    if not lines or regime.l1 == 0:
        report(vector)
    params = jax.tree.map(np.asarray, problem.unflatten(jnp.asarray(vector)))
    every, kept = thinned(losses)
    history = History(
        every,
        kept,
        tuple(lines),
        len(lines),
        len(losses),
        "the lowest cost was reached",
    )
    return Trained(params, params, history)


def _minimize(problem: _Problem, regime: Regime, report: Any) -> Vector:
    """Return the vector of the lowest cost."""
    weights, l1 = problem.is_weight, regime.l1
    n = len(problem.start)

    def joined(split: Vector) -> Vector:
        return split[:n] - split[n:] if l1 else split

    def cost(split: Vector) -> tuple[float, Vector]:
        value, grad = problem.value_and_grad(joined(split))
        if not l1:
            return value, grad
        price = l1 * np.concatenate([weights, weights])
        return value + float(price @ split), np.concatenate([grad, -grad]) + price

    start = np.concatenate([problem.start, problem.start]) if l1 else problem.start
    found = minimize(
        cost,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=Bounds(np.zeros(2 * n), np.inf) if l1 else None,
        callback=lambda split: report(joined(split)),
        options={"maxiter": regime.epochs, "ftol": 1e-15, "gtol": 1e-9, "maxcor": 20},
    )
    vector = joined(found.x)
    if l1 or found.nit >= regime.epochs:
        return vector
    slope = float(np.abs(problem.value_and_grad(vector)[1]).max())
    for _ in range(NEWTON_STEPS):
        if slope < 1e-14:
            break
        tried = vector + problem.newton(vector)
        new_slope = float(np.abs(problem.value_and_grad(tried)[1]).max())
        if not new_slope < slope:
            break
        vector, slope = tried, new_slope
    return vector
