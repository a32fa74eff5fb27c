"""L-BFGS: the exact optimum of a network without hidden layers.

Such a network has one lowest cost, and full-batch steps with curvature reach
it to many digits: linear regression becomes least squares, a sigmoid makes
logistic regression, softmax makes multinomial regression. Everything is
computed in float64. There are no batches and no early stopping: one iteration
sees all rows, and one iteration is one epoch.
"""

import math
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from layerwise.errors import DivergedError
from layerwise.losses import penalty
from layerwise.network import Network, NetworkParams
from layerwise.training.cost import Penalties, Rows, measure, padded, row_losses
from layerwise.training.history import History, epoch_line, thinned
from layerwise.training.regime import Regime
from layerwise.training.run import (
    Course,
    Progress,
    Trained,
    Watch,
    to_device,
    watched_rows,
)

__all__ = ["run_lbfgs"]

Vector = NDArray[np.float64]

NEWTON_STEPS = 50
SHORTER_STEPS = 10
SMALLEST_SLOPE = 1e-14
MOST_DENSE = 1000
"""Up to so many parameters the curvature is written down: the steps are exact."""
DIRECTIONS = 16
"""So many columns of the curvature are computed at once."""
NO_LOSS = 1e-6


class _Stopped(Exception):
    """Whoever watches the search ended it."""


def unflatten(network: Network, vector: Any) -> NetworkParams:
    """Cut one flat vector into the parameters of a network, layer by layer."""
    layers, at = [], 0
    for shapes in network.shapes():
        own = {}
        for name, shape in shapes.items():
            size = math.prod(shape)
            own[name] = vector[at : at + size].reshape(shape)
            at += size
        layers.append(own)
    return {"layers": layers}


def weight_places(network: Network) -> NDArray[np.bool_]:
    """Mark the entries of the flat vector that belong to a W."""
    places = [
        np.full(math.prod(shape), name == "W")
        for shapes in network.shapes()
        for name, shape in shapes.items()
    ]
    return np.concatenate(places)


def smooth_cost(network: Network, vector: Array, rows: Rows, l2: Array) -> Array:
    """Return mean loss + l2/2 * sum W^2: all of the cost that has a gradient."""
    params = unflatten(network, vector)
    losses = row_losses(network, network.logits(params, rows.x), rows.y)
    mean: Array = (rows.weight * losses).sum() / rows.weight.sum()
    return mean + penalty(params, 0.0, l2)


@partial(jax.jit, static_argnames="network")
def value_and_grad(
    network: Network, vector: Array, rows: Rows, l2: Array
) -> tuple[Array, Array]:
    """Return the smooth cost and its gradient."""
    return jax.value_and_grad(partial(smooth_cost, network))(vector, rows, l2)


@partial(jax.jit, static_argnames="network")
def curved(
    network: Network, vector: Array, direction: Array, rows: Rows, l2: Array
) -> Array:
    """Return curvature @ direction, without ever writing the curvature down."""
    gradient = jax.grad(partial(smooth_cost, network))
    change: Array = jax.jvp(lambda v: gradient(v, rows, l2), (vector,), (direction,))[1]
    return change


@partial(jax.jit, static_argnames="network")
def curvature(network: Network, vector: Array, rows: Rows, l2: Array) -> Array:
    """Return the curvature as a matrix, a few columns at a time."""
    column = partial(curved, network, vector, rows=rows, l2=l2)
    every = jnp.eye(len(vector), dtype=vector.dtype)
    matrix: Array = jax.lax.map(column, every, batch_size=DIRECTIONS)
    return matrix


@partial(jax.jit, static_argnames="network")
def measures_of(
    network: Network, vector: Array, rows: Rows, prices: Penalties
) -> dict[str, Array]:
    """Return loss, cost and simple metrics over rows."""
    return measure(network, unflatten(network, vector), rows, prices)


def run_lbfgs(
    network: Network,
    regime: Regime,
    train: Rows,
    valid: Rows | None,
    watch: Watch | None = None,
) -> Trained:
    """Find the parameters of the lowest cost over all rows.

    L-BFGS gets near it; Newton steps, each only as long as it shortens the
    gradient, then find what columns that hang together, and rounding in the cost,
    hide from a line search.
    With an l1 penalty each weight is split into its positive and negative part,
    both at least 0, which makes |W| smooth; then there are no Newton steps.

    Runs under ``precision(float64)``.

    Source:
        Byrd, Lu, Nocedal and Zhu, "A Limited Memory Algorithm for Bound
        Constrained Optimization", 1995, in scipy.

    Raises:
        DivergedError: When the cost is nan or infinite.
    """
    search = _Search(network, regime, train, valid, watch)
    stopped = search.minimize()
    if not np.isfinite(search.vector).all() or not np.isfinite(search.losses).all():
        raise DivergedError(
            "The cost became nan or infinite in linear 1. Look for very large numbers "
            "in the table, or set l2=0.001."
        )
    params = unflatten(network, search.vector)
    every, losses = thinned(search.losses)
    lines = tuple(search.lines)
    history = History(every, losses, lines, len(lines), len(lines), stopped)
    course = Course(0, len(lines), len(lines))
    return Trained(params, params, history, course)


class _Search:
    """One search for the lowest cost: the cost as a function of one flat vector."""

    def __init__(
        self,
        network: Network,
        regime: Regime,
        train: Rows,
        valid: Rows | None,
        watch: Watch | None,
    ) -> None:
        self.network, self.regime, self.watch = network, regime, watch
        self.plain = network.without_constants()
        self.train = to_device(padded(train))
        self.watched = to_device(padded(watched_rows(train, valid, None)))
        self.prices = Penalties(np.float64(regime.l1), np.float64(regime.l2))
        self.is_weight = weight_places(network)
        self.vector: Vector = np.zeros(len(self.is_weight))
        self.lines: list[dict[str, float]] = []
        self.losses: list[float] = []

    def minimize(self) -> str:
        """Search, and return why the search ended."""
        try:
            found = self._with_l1() if self.regime.l1 else self._smooth()
            if found.nit >= self.regime.epochs:
                return "all epochs were run"
            if not self.regime.l1:
                self._polish()
            if not self.lines:  # where the search began is the lowest cost
                self.report(self.vector)
        except (_Stopped, KeyboardInterrupt):
            if not self.lines:
                raise
            return "it was stopped by the user"
        if self.network.output.task != "regression" and self.losses[-1] < NO_LOSS:
            return "the classes are told apart: without l2 the weights only grow"
        return "the lowest cost was reached"

    def _search(
        self, cost: Any, start: Vector, ftol: float = 1e-15, **more: Any
    ) -> Any:
        # loaded here because its import is half as long as a small training
        from scipy.optimize import minimize

        options = {
            "maxiter": self.regime.epochs,
            "ftol": ftol,
            "gtol": 1e-9,
            "maxcor": 20,
        }
        return minimize(
            cost, start, jac=True, method="L-BFGS-B", options=options, **more
        )

    def _smooth(self) -> Any:
        near = 1e-7 if len(self.vector) <= MOST_DENSE else 1e-15
        return self._search(
            self.value_and_grad, self.vector, near, callback=self.report
        )

    def _with_l1(self) -> Any:
        """Minimize over W = W+ - W-, both at least 0: sum|W| is then their sum."""
        n = len(self.vector)
        price = self.regime.l1 * np.concatenate([self.is_weight, self.is_weight])

        def cost(parts: Vector) -> tuple[float, Vector]:
            value, grad = self.value_and_grad(parts[:n] - parts[n:])
            return value + float(price @ parts), np.concatenate([grad, -grad]) + price

        return self._search(
            cost,
            np.zeros(2 * n),
            bounds=[(0, None)] * (2 * n),
            callback=lambda parts: self.report(parts[:n] - parts[n:]),
        )

    def _polish(self) -> None:
        """Take Newton steps as long as they shorten the gradient."""
        grad = self.value_and_grad(self.vector)[1]
        for _ in range(min(NEWTON_STEPS, self.regime.epochs - len(self.lines))):
            if not np.isfinite(grad).all() or np.abs(grad).max() < SMALLEST_SLOPE:
                break
            step = self._newton_step(self.vector, grad)
            for halvings in range(SHORTER_STEPS):
                vector = self.vector + step / 2**halvings
                tried = self.value_and_grad(vector)[1]
                if np.linalg.norm(tried) < np.linalg.norm(grad):
                    break
            else:
                break
            grad = tried
            self.report(vector)

    def _newton_step(self, vector: Vector, grad: Vector) -> Vector:
        """Return the step to the lowest point of the local parabola.

        curvature @ step = -gradient, solved by conjugate gradients where the
        curvature is too large to write down.
        """
        at = (self.plain, vector)
        if len(vector) <= MOST_DENSE:
            matrix = np.asarray(curvature(*at, self.train, self.prices.l2))
            return _solved(matrix, -grad)
        # loaded here because its import is half as long as a small training
        from scipy.sparse.linalg import LinearOperator, cg

        def product(direction: Vector) -> Vector:
            return np.asarray(curved(*at, direction, self.train, self.prices.l2))

        linear = LinearOperator((len(grad), len(grad)), product, dtype=np.float64)
        # NOTE[NUMERICS] beyond 1e-8 rounding leads along directions that have no
        # curvature, as softmax has. Collinear columns have some too: the step is nan
        # or infinite then, and is not taken
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step: Vector = cg(linear, -grad, rtol=1e-8, maxiter=500)[0]
        return step

    def value_and_grad(self, vector: Vector) -> tuple[float, Vector]:
        """Return the smooth cost and its gradient."""
        value, grad = value_and_grad(self.plain, vector, self.train, self.prices.l2)
        return float(value), np.asarray(grad)

    def report(self, vector: Vector) -> None:
        """Note where the search is: one iteration, which is one epoch."""
        self.vector = np.array(vector)
        found = measures_of(self.plain, self.vector, self.watched, self.prices)
        line = epoch_line(found, self.network.output)
        self.lines.append(line)
        self.losses.append(line["train_loss"])
        epoch = len(self.lines)
        progress = Progress(
            epoch, self.regime.epochs, epoch, self.losses[-1], epoch, self.lines
        )
        if self.watch is not None and self.watch(progress):
            raise _Stopped


def _solved(matrix: NDArray[np.float64], right: Vector) -> Vector:
    """Solve matrix @ x = right, leaving out directions without curvature.

    NOTE[NUMERICS] softmax and columns that add up to others have such directions:
    along them the cost does not change, and x would be all rounding error.
    """
    if not np.isfinite(matrix).all():
        return np.zeros_like(right)
    values, vectors = np.linalg.eigh(matrix)
    curved = values > 1e-12 * max(values[-1], 0.0)
    along = vectors[:, curved]
    return np.asarray(along @ ((along.T @ right) / values[curved]))
