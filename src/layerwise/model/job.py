"""The job of a training: learn with some rows held out, maybe in turns, then refit.

Each fold holds out other rows. They say how long to train, and how well what was
trained predicts rows that it never saw. Refits learn from all rows, from seeds of
their own, for as long as was best in the folds.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from layerwise.errors import DivergedError
from layerwise.network import Network, NetworkParams
from layerwise.training import (
    STOPPED,
    Course,
    Progress,
    Regime,
    Rows,
    Trained,
    Watch,
    refit,
    run,
    run_lbfgs,
    seed_of,
)

__all__ = ["Job", "Outcome", "Split", "refits_worth"]

MOST_WORK = 12_000_000_000_000
"""Sums and products of all refits of a ready network, if one takes no more."""

Split = tuple[NDArray[np.int64], NDArray[np.int64]]
"""The rows that train and those held out, maybe none."""


@dataclass(frozen=True)
class Outcome:
    """What a job leaves.

    Args:
        splits: Of each fold that was trained.
        trained: Each with the rows of its split.
        refitted: The parameters of each refit.
        is_stopped: Whether the user ended it before all was done.
    """

    splits: tuple[Split, ...]
    trained: tuple[Trained, ...]
    refitted: tuple[NetworkParams, ...]
    is_stopped: bool = False

    @property
    def networks(self) -> tuple[NetworkParams, ...]:
        """Return the parameters of the networks that answer.

        A refit has seen more rows than the network of a single fold, and takes its
        place. Those of several folds have seen all rows together, and stay.
        """
        own = tuple(trained.params for trained in self.trained)
        if self.refitted and len(own) == 1:
            return self.refitted
        return (*own, *self.refitted)

    @property
    def course(self) -> Course:
        """Return how the learning rate went in the fold of middle length."""
        courses = sorted((one.course for one in self.trained), key=lambda c: c.epochs)
        return courses[len(courses) // 2]


@dataclass(frozen=True)
class Job:
    """What is to be trained, and how.

    Args:
        network: The layers.
        regime: How long and how.
        rows_of: Makes the rows of some numbers ready.
        seed: Where every random number comes from.
        watch: Called after each epoch; True ends the training there.
    """

    network: Network
    regime: Regime
    rows_of: Callable[[NDArray[np.int64]], Rows]
    seed: int
    watch: Watch | None

    def run(self, splits: Sequence[Split], asked: int | None, usual: int) -> Outcome:
        """Train on each split, then refit.

        Args:
            splits: The folds, one at least.
            asked: Refits that the user asked for; None leaves it to the network.
            usual: Refits of the network.
        """
        has_valid = len(splits[0][1]) > 0
        # with no row held out all are trained on as it is
        refits = (usual if asked is None else asked) if has_valid else 0
        seconds = self.regime.seconds
        if seconds is not None:  # a half for the refits
            seconds /= 2 if refits else 1
        trained, is_stopped = self.trained(splits, seconds)
        done = Outcome(tuple(splits[: len(trained)]), tuple(trained), (), is_stopped)
        if not refits or is_stopped or len(trained) < len(splits):
            return done
        every = np.sort(np.concatenate(splits[0]))
        if self.regime.optimizer == "lbfgs":
            refits = 1  # one optimum, whatever the seed
        elif asked is None:
            worth = refits_worth(self.network, len(every), done.course.epochs)
            refits = min(refits, worth)
        job = replace(self, regime=replace(self.regime, seconds=seconds))
        refitted = job.refitted(every, refits, done.course, len(splits))
        is_stopped = len(refitted) < refits and seconds is None
        return replace(done, refitted=tuple(refitted), is_stopped=is_stopped)

    def trained(
        self, splits: Sequence[Split], seconds: float | None
    ) -> tuple[list[Trained], bool]:
        """Train on the training rows of each split; those held out say for how long.

        The first fold leaves its best epoch when it is stopped, a later one nothing.

        Args:
            splits: The folds.
            seconds: What they may take together; when it is over no other begins.

        Returns:
            What was trained, and whether the user stopped it.

        Raises:
            DivergedError: When a fold does not converge.
        """
        done: list[Trained] = []
        ends = math.inf if seconds is None else time.monotonic() + seconds
        share = None if seconds is None else seconds / len(splits)
        job = replace(self, regime=replace(self.regime, seconds=share))
        for i, (train, valid) in enumerate(splits):
            if done and time.monotonic() > ends:
                return done, False
            try:
                trained = job.fold(i, len(splits), train, valid)
            except KeyboardInterrupt:
                if not done:
                    raise
                return done, True
            is_stopped = trained.history.stopped == STOPPED
            if done and is_stopped:
                return done, True
            done.append(trained)
            if is_stopped:
                return done, True
        return done, False

    def fold(
        self, i: int, n: int, train: NDArray[np.int64], valid: NDArray[np.int64]
    ) -> Trained:
        """Train fold i of n; each has a seed of its own."""
        rows = self.rows_of(train)
        held_out = self.rows_of(valid) if len(valid) else None
        watch = self.watch
        if watch is not None and n > 1:
            told = watch

            def watch(progress: Progress) -> bool | None:
                return told(replace(progress, fold=i + 1, folds=n))

        if self.regime.optimizer == "lbfgs":
            return run_lbfgs(self.network, self.regime, rows, held_out, watch)
        seed = seed_of(self.seed, i)
        return run(self.network, self.regime, rows, held_out, seed, watch)

    def refitted(
        self, every: NDArray[np.int64], refits: int, course: Course, folds: int
    ) -> list[NetworkParams]:
        """Train anew on all rows; as often as the user did not stop.

        After one fold the first refit has its seed, after several each has its own.
        """
        rows = self.rows_of(every)
        if self.regime.optimizer == "lbfgs":
            try:
                one = run_lbfgs(self.network, self.regime, rows, None, self.watch)
            except (DivergedError, KeyboardInterrupt):
                return []
            return [] if one.history.stopped == STOPPED else [one.params]
        seed = self.seed if folds == 1 else seed_of(self.seed, folds)
        return refit(self.network, self.regime, rows, seed, course, refits, self.watch)


def refits_worth(network: Network, n: int, epochs: int) -> int:
    """Return how many refits are worth their time: one at least.

    About 6 n p sums and products an epoch, for n rows and p products of a row.
    """
    work = 6 * n * network.multiplications * epochs
    return max(MOST_WORK // max(work, 1), 1)
