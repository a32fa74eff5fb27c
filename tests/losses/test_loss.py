"""The laws that every loss keeps, and mpmath as the oracle at any finite logit."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
from jax.test_util import check_grads

from layerwise.errors import ParameterError, ShapeError
from layerwise.losses import LOSSES, loss_for

Number = mpmath.mpf
Row = list[Number]

# What each loss is, in mpmath: (z, y, smoothing) -> loss and its gradient by z.


def squared(z: Row, y: Number, s: Number) -> tuple[Number, Row]:
    r = z[0] - y
    return r**2, [2 * r]


def absolute(z: Row, y: Number, s: Number) -> tuple[Number, Row]:
    r = z[0] - y
    return abs(r), [mpmath.sign(r)]


def huber(z: Row, y: Number, s: Number) -> tuple[Number, Row]:
    r = z[0] - y
    if abs(r) < 1:
        return r**2 / 2, [r]
    return abs(r) - mpmath.mpf(1) / 2, [mpmath.sign(r)]


def binary(z: Row, y: Number, s: Number) -> tuple[Number, Row]:
    p, q = (1 / (1 + mpmath.exp(sign * z[0])) for sign in (-1, 1))  # q = 1 - p
    t = (1 - s) * y + s / 2
    return -t * mpmath.log(p) - (1 - t) * mpmath.log(q), [(1 - t) * p - t * q]


def categorical(z: Row, y: Number, s: Number) -> tuple[Number, Row]:
    total = sum(mpmath.exp(one) for one in z)
    losses = [mpmath.log(total) - one for one in z]
    shares = [mpmath.exp(one) / total for one in z]
    targets = [(1 - s) * (k == int(y)) + s / len(z) for k in range(len(z))]
    loss = sum(t * one for t, one in zip(targets, losses, strict=True))
    return loss, [p - t for p, t in zip(shares, targets, strict=True)]


LOSSES_UNDER_TEST: dict[str, Callable[[Row, Number, Number], tuple[Number, Row]]] = {
    "squared": squared,
    "absolute": absolute,
    "huber": huber,
    "binary-cross-entropy": binary,
    "categorical-cross-entropy": categorical,
}

every_loss = pytest.mark.parametrize("name", LOSSES)
every_smoothing = pytest.mark.parametrize(
    ("name", "smoothing"),
    [
        (name, s)
        for name in LOSSES
        for s in ((0.0, 0.1) if LOSSES[name].smooths else (0.0,))
    ],
)
dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])

SIZES = [0.0, 37.0, 88.0, 104.0, 1e3, 1e20, 1e30]
LOGITS = [sign * size for size in SIZES for sign in (1, -1)]

TOLERANCE = {"float32": 1e-6, "float64": 1e-14}


def is_categorical(name: str) -> bool:
    return name == "categorical-cross-entropy"


def targets(name: str) -> list[float]:
    if "multiclass" in LOSSES[name].tasks:
        return [0, 1, 2]
    return [0.0, 1.0] if "binary" in LOSSES[name].tasks else [0.0, 2.0]


def extreme_rows(name: str, dtype: str) -> tuple[Any, Any]:
    """Pair every extreme z with every target.

    The differences of z are whole numbers, exact in float32: where they are
    not, their rounding alone moves exp(-88) by more than the tolerance.
    """
    rows = [[z] for z in LOGITS]
    if is_categorical(name):
        rows = [row for z in LOGITS for row in ([z, 0.0, 1.0], [z, -z, 0.0])]
    z, y = zip(*((row, one) for row in rows for one in targets(name)), strict=True)
    z_rows, y_rows = np.array(z, dtype), np.array(y)
    if is_categorical(name):
        return z_rows, y_rows.astype(np.int32)
    return z_rows[:, 0], y_rows.astype(dtype)


def random_rows(name: str, n: int, dtype: str = "float32", seed: int = 0) -> Any:
    draw = np.random.default_rng(seed)
    y = draw.choice(targets(name), n)
    if is_categorical(name):
        return draw.normal(size=(n, 3)).astype(dtype), y.astype(np.int32)
    return draw.normal(size=n).astype(dtype), y.astype(dtype)


def test_every_loss_is_under_test() -> None:
    assert list(LOSSES_UNDER_TEST) == list(LOSSES)


@every_smoothing
@dtypes
def test_value_and_gradient_are_right_at_any_logit(
    name: str, smoothing: float, dtype: str
) -> None:
    """Relative to the true value where that is a normal number of the dtype.

    Below the smallest normal number XLA writes 0, each of a row's three terms.
    """
    limits = np.finfo(dtype)
    z, y = extreme_rows(name, dtype)
    with jax.enable_x64(dtype == "float64"):
        row_loss = jax.value_and_grad(lambda z, y: LOSSES[name](z, y, smoothing))
        losses, gradients = jax.jit(jax.vmap(row_loss))(z, y)
    for i in range(len(y)):
        logits = [mpmath.mpf(float(one)) for one in np.atleast_1d(z[i])]
        with mpmath.workdps(150):
            exact = LOSSES_UNDER_TEST[name](logits, mpmath.mpf(float(y[i])), smoothing)
            true = np.array([float(one) for one in (exact[0], *exact[1])])
        found = np.array([losses[i], *np.atleast_1d(gradients[i])], np.float64)
        fits = np.abs(true) <= limits.max
        wrong = np.abs(found[fits] - true[fits])
        allowed = np.maximum(TOLERANCE[dtype] * np.abs(true[fits]), 3 * limits.tiny)
        assert (wrong <= allowed).all(), (z[i], y[i], found, true)
        assert np.isposinf(found[~fits]).all(), (z[i], y[i], found, true)


@every_loss
@dtypes
@pytest.mark.parametrize("n", [0, 1, 5])
def test_one_number_per_row_of_the_same_dtype(name: str, dtype: str, n: int) -> None:
    with jax.enable_x64(dtype == "float64"):
        losses = LOSSES[name](*random_rows(name, n, dtype))
    assert losses.shape == (n,)
    assert losses.dtype == dtype


@every_smoothing
def test_never_below_0(name: str, smoothing: float) -> None:
    losses = LOSSES[name](*random_rows(name, 500), smoothing)
    assert (np.asarray(losses) >= 0).all()


@every_loss
def test_0_at_the_perfect_prediction(name: str) -> None:
    _, y = random_rows(name, 20)
    if is_categorical(name):
        perfect = jax.nn.one_hot(y, 3) * 1e4
    else:
        perfect = 1e4 * (2 * y - 1) if name == "binary-cross-entropy" else y
    assert not np.asarray(LOSSES[name](perfect, y)).any()


@every_smoothing
def test_finite_at_ten_thousand(name: str, smoothing: float) -> None:
    z, y = random_rows(name, 20)
    for sign in (1, -1):
        losses = LOSSES[name](sign * 1e4 * np.sign(z), y, smoothing)
        assert np.isfinite(losses).all()


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("shift", [-64.0, 0.5, 1024.0])
def test_several_classes_do_not_see_a_shift_of_all_logits(
    smoothing: float, shift: float
) -> None:
    loss = LOSSES["categorical-cross-entropy"]
    z, y = random_rows("categorical-cross-entropy", 50)
    # the shifted z are rounded to multiples of 2^-13 at most: 6e-5 each
    np.testing.assert_allclose(
        loss(z + np.float32(shift), y, smoothing), loss(z, y, smoothing), atol=2e-4
    )


@every_smoothing
def test_gradients_agree_with_finite_differences(name: str, smoothing: float) -> None:
    """At five random points at once, first and second order, float64.

    Central differences over 1e-4 err by about 1e-8 times the third derivative.
    Reverse mode only: JAX makes it from forward mode.
    """
    with jax.enable_x64(True):
        points = [random_rows(name, 4, "float64", seed) for seed in range(5)]
        z, y = (np.concatenate(part) for part in zip(*points, strict=True))
        check_grads(
            lambda z: LOSSES[name](z, y, smoothing),
            (z,),
            order=2,
            modes=["rev"],
            atol=1e-8,
            rtol=1e-5,
        )


@pytest.mark.parametrize("name", [name for name in LOSSES if LOSSES[name].smooths])
def test_label_smoothing_is_a_mean_over_the_classes(name: str) -> None:
    """(1 - s) of the own class's loss, and s of the mean over all classes."""
    z, y = random_rows(name, 20)
    classes = [jnp.full_like(y, k) for k in targets(name)]
    mean = sum(LOSSES[name](z, k) for k in classes) / len(classes)
    expected = 0.7 * LOSSES[name](z, y) + 0.3 * mean
    np.testing.assert_allclose(LOSSES[name](z, y, 0.3), expected, rtol=2e-6)


def test_two_classes_are_several_classes() -> None:
    """A sigmoid is a softmax beside a second z of 0."""
    z, y = random_rows("binary-cross-entropy", 50)
    two = np.stack([np.zeros_like(z), z], 1)
    np.testing.assert_allclose(
        LOSSES["categorical-cross-entropy"](two, y.astype(np.int32)),
        LOSSES["binary-cross-entropy"](z, y),
        rtol=1e-6,
    )


@every_loss
def test_shapes_that_would_broadcast_are_told(name: str) -> None:
    z, y = random_rows(name, 4)
    with pytest.raises(ShapeError) as caught:
        LOSSES[name](z, y[:, None])
    if is_categorical(name):
        begins = "The loss takes one row of z and one class id per example, but "
        shapes = "z has shape (4, 3) and y has shape (4, 1)."
    else:
        begins = "The loss compares z and y row by row, but "
        shapes = "z has shape (4,) and y has shape (4, 1)."
    assert str(caught.value) == begins + shapes


FITTING = [
    ("regression", None, "squared"),
    ("regression", "MSE", "squared"),
    ("regression", "mae", "absolute"),
    ("regression", "huber", "huber"),
    ("binary", None, "binary-cross-entropy"),
    ("binary", "cross-entropy", "binary-cross-entropy"),
    ("binary", "binary_cross_entropy", "binary-cross-entropy"),
    ("multiclass", None, "categorical-cross-entropy"),
    ("multiclass", "cross_entropy", "categorical-cross-entropy"),
]


@pytest.mark.parametrize(("task", "name", "full"), FITTING)
def test_the_loss_follows_from_the_target(task: str, name: str, full: str) -> None:
    assert loss_for(task, name) == full


def test_an_unknown_loss_is_told() -> None:
    with pytest.raises(ParameterError) as caught:
        loss_for("regression", "hubber")
    assert str(caught.value) == (
        "There is no loss 'hubber'. Did you mean 'huber'? Losses that fit the target: "
        "squared, absolute, huber."
    )


def test_only_a_loss_that_fits_is_suggested() -> None:
    with pytest.raises(ParameterError) as caught:
        loss_for("multiclass", "crossentropy")
    assert str(caught.value) == (
        "There is no loss 'crossentropy'. Did you mean 'cross-entropy'? Losses that "
        "fit the target: categorical-cross-entropy, cross-entropy."
    )


UNFIT = [
    (
        "regression",
        "cross-entropy",
        "The loss 'cross-entropy' compares two classes, but the target is a number. "
        "Losses that fit it: squared, absolute, huber.",
    ),
    (
        "binary",
        "mse",
        "The loss 'mse' compares numbers, but the target is one of two classes. "
        "Losses that fit it: binary-cross-entropy.",
    ),
    (
        "multiclass",
        "binary-cross-entropy",
        "The loss 'binary-cross-entropy' compares two classes, but the target is one "
        "of several classes. Losses that fit it: categorical-cross-entropy.",
    ),
]


@pytest.mark.parametrize(("task", "name", "message"), UNFIT)
def test_a_loss_that_does_not_fit_the_target_says_why(
    task: str, name: str, message: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        loss_for(task, name)
    assert str(caught.value) == message
