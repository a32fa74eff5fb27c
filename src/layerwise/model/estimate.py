"""How long a training will take, about: told before it begins, where it is long.

    seconds = compiling + trainings x epochs x 6 n p / rate

with n rows, p products of a row, and the rate of this machine. Where rows held out say
when to stop, the number of epochs is not known before and counted as ``USUAL``: it is a
rough guess.
"""

import time
from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp

from layerwise.model.candidate import Candidate
from layerwise.model.job import refits_worth

__all__ = ["Work", "duration_note", "work_of"]

USUAL = 30
"""Epochs of a training that ends when it no longer helps."""
COMPILING = 3.0
"""Seconds of a program; a training and its refits have one each."""
SHARE = 0.2
"""Of the rate of a matrix product that is left for all that training does."""
LEAST_PRODUCTS = 2e12
"""What takes no minute on any machine is not worth asking this one."""
WORTH_TELLING = 60.0
SIZE, TIMES = 512, 8


class Work(NamedTuple):
    """What there is to do.

    Args:
        networks: How many are trained.
        programs: How many are compiled.
        products: Sums and products, two for each weight and row; training takes three
            times those of a pass.
    """

    networks: int
    programs: int
    products: float


def work_of(
    candidates: Sequence[Candidate],
    n_rows: int,
    folds: int,
    refits: int | None,
    *,
    ends_early: bool = True,
) -> Work:
    """Return what there is to do, if nobody stops it.

    Args:
        candidates: What is to be trained.
        n_rows: Training rows.
        folds: How often each is trained with some rows held out.
        refits: How many refits the user asked for; None leaves it to the networks.
        ends_early: Whether there are rows held out, which say when it is enough.
    """
    networks, programs, products = 0, 0, 0.0
    for candidate in candidates:
        epochs = candidate.regime.epochs
        if ends_early and candidate.regime.patience:
            epochs = min(epochs, USUAL)
        again = 0
        if ends_early and refits is None:
            worth = refits_worth(candidate.network, n_rows, epochs)
            again = min(candidate.refits(folds), worth)
        elif ends_early:
            again = refits or 0
        networks += folds + again
        programs += 1 + (again > 0)
        each = 6.0 * n_rows * candidate.network.multiplications * epochs
        products += (folds + again) * each
    return Work(networks, programs, products)


def duration_note(work: Work, limit: float | None) -> list[str]:
    """Say how long it will take, where that is worth telling.

    Args:
        work: What there is to do.
        limit: The seconds that it may take; None for as long as it needs.

    Example:
        >>> duration_note(Work(5, 1, 1e10), None)
        []
    """
    if work.products < LEAST_PRODUCTS:
        return []
    seconds = COMPILING * work.programs + work.products / (SHARE * rate())
    if seconds < WORTH_TELLING or (limit is not None and seconds > limit):
        return []
    networks = "a network" if work.networks == 1 else f"{work.networks} networks"
    return [f"Training {networks} will take about {_duration(seconds)}."]


def _duration(seconds: float) -> str:
    """Write a time roughly.

    Example:
        >>> _duration(100), _duration(7000)
        ('2 min', '1.9 h')
    """
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def rate() -> float:
    """Return how many sums and products of a matrix product a second takes here."""
    a = jnp.ones((SIZE, SIZE), jnp.float32)
    product = jax.jit(jnp.dot)
    product(a, a).block_until_ready()  # compiles
    began = time.perf_counter()
    for _ in range(TIMES):
        a = product(a, a) / SIZE
    a.block_until_ready()
    return TIMES * 2 * SIZE**3 / max(time.perf_counter() - began, 1e-9)
