"""Losses: how wrong the network is on one row.

A loss takes the last z of the network, not the probability made of it: a
sigmoid of 40 is 1.0 in float32, and what was wrong with it is then lost.

    name                        y         loss of one row
    squared                     number    (z - y)^2
    absolute                    number    |z - y|
    huber                       number    r^2/2 where |r| < 1, else |r| - 1/2, r = z - y
    binary-cross-entropy        0 or 1    -y log(p) - (1 - y) log(1 - p), p = sigmoid(z)
    categorical-cross-entropy   class id  -log(p_y), p = softmax(z)

For regression z and y are in standardized units: the target less its mean,
divided by its standard deviation.
"""

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array

from layerwise.errors import ParameterError, ShapeError, did_you_mean

__all__ = ["LOSSES", "Loss", "loss_for"]


def equal_shapes(z: Array, y: Array) -> None:
    """Refuse (n,) against (n, 1), which would broadcast to (n, n) without a word."""
    if z.shape != y.shape:
        raise ShapeError(
            f"The loss compares z and y row by row, but z has shape {z.shape} "
            f"and y has shape {y.shape}."
        )


def squared(z: Array, y: Array) -> Array:
    """Return (z - y)^2: its mean over rows is the MSE.

    Shape:
        z: (n,), y: (n,) -> (n,)
    """
    equal_shapes(z, y)
    return jnp.square(z - y)


def absolute(z: Array, y: Array) -> Array:
    """Return |z - y|: its mean over rows is the MAE.

    Shape:
        z: (n,), y: (n,) -> (n,)
    """
    equal_shapes(z, y)
    r = z - y
    # NOTE[NUMERICS] not jnp.abs, whose slope at 0 is 1: a perfect row stays in place
    return r * jnp.sign(r)


def huber(z: Array, y: Array) -> Array:
    """Return r^2/2 where |r| < 1 and |r| - 1/2 beyond, with r = z - y.

    Squared near the target, absolute far from it, so that a few wild rows do
    not lead the training.

    Shape:
        z: (n,), y: (n,) -> (n,)

    Source:
        Huber, "Robust Estimation of a Location Parameter", 1964, with delta 1.
    """
    equal_shapes(z, y)
    r = jnp.abs(z - y)
    near = jnp.minimum(r, 1)  # near^2/2 + (r - near) is both cases, and never inf
    return near * near / 2 + (r - near)


def binary_cross_entropy(z: Array, y: Array, label_smoothing: float = 0.0) -> Array:
    """Return y log(1 + exp(-z)) + (1 - y) log(1 + exp(z)).

    This is -y log(p) - (1 - y) log(1 - p) with p = sigmoid(z), written so that
    no digit is lost for large z. Label smoothing s moves y to (1 - s) y + s/2.

    Shape:
        z: (n,), y: (n,) of 0 and 1 -> (n,)
    """
    equal_shapes(z, y)
    y = (1 - label_smoothing) * y + label_smoothing / 2
    return y * jax.nn.softplus(-z) + (1 - y) * jax.nn.softplus(z)


def categorical_cross_entropy(
    z: Array, y: Array, label_smoothing: float = 0.0
) -> Array:
    """Return -log(softmax(z)[y]) = log(sum_k exp(z_k - z_y)).

    Label smoothing s adds s times (the mean of this loss over all classes,
    less the loss of the own class).

    Shape:
        z: (n, n_classes), y: (n,) of class ids -> (n,)

    Source:
        Label smoothing: Szegedy et al., "Rethinking the Inception
        Architecture", 2016, section 7.
    """
    if z.shape[:-1] != y.shape:
        raise ShapeError(
            "The loss takes one row of z and one class id per example, but z has "
            f"shape {z.shape} and y has shape {y.shape}."
        )
    top = jnp.argmax(z, axis=-1, keepdims=True)
    y = y[..., None].astype(top.dtype)
    own = jnp.take_along_axis(z, y, axis=-1)
    largest = jnp.take_along_axis(z, top, axis=-1)
    # NOTE[NUMERICS] the largest term is taken out of the sum, so that log1p keeps
    # exp(-88); picked by argmax, not max, so that ties share no gradient
    others = jax.lax.broadcasted_iota(top.dtype, z.shape, z.ndim - 1) != top
    shares = jnp.where(others, jnp.exp(z - largest), jnp.zeros_like(z))
    log_total = jnp.log1p(shares.sum(axis=-1))
    # NOTE[NUMERICS] a gap of 0 must not add 1 - 1 to the tiny gradient of log_total
    gap = jnp.where(top == y, jnp.zeros_like(own), largest - own)
    loss = gap[..., 0] + log_total
    if label_smoothing:
        mean_loss = (largest - z).mean(axis=-1) + log_total
        loss = (1 - label_smoothing) * loss + label_smoothing * mean_loss
    return loss


@dataclass(frozen=True)
class Loss:
    """One loss: its formula and the targets it fits.

    Args:
        function: (z, y) -> one number per row.
        tasks: The tasks whose targets it can compare.
        smooths: Whether it takes a label_smoothing.
        takes: What it compares, for messages.
    """

    function: Callable[..., Array]
    tasks: tuple[str, ...]
    takes: str
    smooths: bool = False

    def __call__(self, z: Array, y: Array, label_smoothing: float = 0.0) -> Array:
        """Return the loss of each row."""
        if self.smooths:
            return self.function(z, y, label_smoothing)
        return self.function(z, y)


LOSSES: dict[str, Loss] = {
    "squared": Loss(squared, ("regression",), "numbers"),
    "absolute": Loss(absolute, ("regression",), "numbers"),
    "huber": Loss(huber, ("regression",), "numbers"),
    "binary-cross-entropy": Loss(
        binary_cross_entropy, ("binary",), "two classes", smooths=True
    ),
    "categorical-cross-entropy": Loss(
        categorical_cross_entropy,
        ("multiclass",),
        "three or more classes",
        smooths=True,
    ),
}

SHORT_NAMES = {"mse": "squared", "mae": "absolute"}


def loss_for(task: str, name: str | None = None) -> str:
    """Return the full name of the loss of a task.

    Without a name the loss follows from the target: squared for a number,
    cross-entropy for classes. "cross-entropy" alone means the one that fits.

    Raises:
        ParameterError: When there is no such loss, or it does not fit the target.

    Example:
        >>> loss_for("regression"), loss_for("binary", "cross-entropy")
        ('squared', 'binary-cross-entropy')
    """
    fitting = [known for known, loss in LOSSES.items() if task in loss.tasks]
    if name is None:
        return fitting[0]
    full = SHORT_NAMES.get(name.lower(), name.lower().replace("_", "-"))
    if full == "cross-entropy" and task != "regression":
        return fitting[0]
    if full == "cross-entropy":
        full = "binary-cross-entropy"
    if full not in LOSSES:
        names = [*fitting, *(["cross-entropy"] if task != "regression" else [])]
        raise ParameterError(
            f"There is no loss {name!r}.{did_you_mean(full, names)} Losses that fit "
            f"the target: {', '.join(names)}."
        )
    if full not in fitting:
        kinds = {"regression": "a number", "binary": "one of two classes"}
        found = kinds.get(task, "one of several classes")
        raise ParameterError(
            f"The loss {name!r} compares {LOSSES[full].takes}, but the target is "
            f"{found}. Losses that fit it: {', '.join(fitting)}."
        )
    return full
