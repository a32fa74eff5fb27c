"""Learning-rate schedules: how the learning rate changes on the way.

learning rate of an iteration = learning_rate * schedule(progress)

with progress from 0 at the first iteration to 1 at the end of the last epoch
asked for. A schedule is a plain function, so any number of epochs shares one
compiled program.
"""

from collections.abc import Callable

import jax.numpy as jnp
from jax import Array

__all__ = ["SCHEDULES"]


def constant(progress: Array) -> Array:
    """Return 1 throughout."""
    return jnp.ones_like(progress)


def linear(progress: Array) -> Array:
    """Return 1 - progress."""
    return 1 - progress


def cosine(progress: Array) -> Array:
    """Return (1 + cos(pi * progress)) / 2: slow, fast, slow.

    Source:
        Loshchilov and Hutter, "SGDR", 2017, equation (5), one period.
    """
    return (1 + jnp.cos(jnp.pi * progress)) / 2


def warmup_cosine(progress: Array) -> Array:
    """Rise over the first tenth, then fall like a cosine."""
    rising = progress * 10
    falling = cosine((progress - 0.1) / 0.9)
    return jnp.where(progress < 0.1, rising, falling)


def log_cosine(progress: Array) -> Array:
    """Return (1 - cos(2 pi log2(1 + 15 progress))) / 2: four waves, each twice as long.

    It is 0 at the start, between the waves and at the end: a rate that is tried
    high and taken back four times.

    Source:
        Holzmüller et al., "Better by Default" (RealMLP), 2024: coslog4.
    """
    return (1 - jnp.cos(2 * jnp.pi * jnp.log2(1 + 15 * progress))) / 2


def flat_cosine(progress: Array) -> Array:
    """Return 1 for the first half, then fall to 0 like a cosine.

    Source:
        Holzmüller et al., "Better by Default" (RealMLP), 2024: flat_cos.
    """
    falling = cosine(2 * progress - 1)
    return jnp.where(progress < 0.5, jnp.ones_like(progress), falling)


SCHEDULES: dict[str, Callable[[Array], Array]] = {
    "constant": constant,
    "linear": linear,
    "cosine": cosine,
    "warmup-cosine": warmup_cosine,
    "flat-cosine": flat_cosine,
    "log-cosine": log_cosine,
}
