"""The job of a training: learn with some rows held out, maybe in turns, then refit.

Each fold holds out other rows. They say how long to train, and how well what was
trained predicts rows that it never saw. Refits learn from all rows, from seeds of
their own, for as long as was best in the folds.
"""

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

__all__ = ["Job", "Outcome", "Split"]

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
    """

    splits: tuple[Split, ...]
    trained: tuple[Trained, ...]
    refitted: tuple[NetworkParams, ...]

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
        job, seconds = self, self.regime.seconds
        if seconds is not None:  # a half for the refits
            share = seconds / (2 if refits else 1) / len(splits)
            job = replace(self, regime=replace(self.regime, seconds=share))
        trained = job.trained(splits)
        outcome = Outcome(tuple(splits[: len(trained)]), tuple(trained), ())
        if not refits or trained[0].history.stopped == STOPPED:
            return outcome
        if len(trained) < len(splits):  # stopped in a later fold
            return outcome
        every = np.sort(np.concatenate(splits[0]))
        if asked is None:
            refits = min(refits, self.refits_worth(len(every), outcome.course))
        if seconds is not None:
            job = replace(self, regime=replace(self.regime, seconds=seconds / 2))
        refitted = job.refitted(every, refits, outcome.course)
        return replace(outcome, refitted=tuple(refitted))

    def trained(self, splits: Sequence[Split]) -> list[Trained]:
        """Train on the training rows of each split; those held out say for how long.

        A fold that is stopped, or does not converge, ends it and leaves nothing. The
        first fold leaves its best epoch.
        """
        done: list[Trained] = []
        for i, (train, valid) in enumerate(splits):
            try:
                trained = self.fold(i, len(splits), train, valid)
            except (KeyboardInterrupt, DivergedError):
                if not done:
                    raise
                return done
            if done and trained.history.stopped == STOPPED:
                return done
            done.append(trained)
            if trained.history.stopped == STOPPED:
                return done
        return done

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

    def refits_worth(self, n: int, course: Course) -> int:
        """Return how many refits are worth their time: one at least.

        About 6 n p sums and products an epoch, for n rows and p products of a row.
        """
        work = 6 * n * self.network.multiplications * course.epochs
        return max(MOST_WORK // max(work, 1), 1)

    def refitted(
        self, every: NDArray[np.int64], refits: int, course: Course
    ) -> list[NetworkParams]:
        """Train anew on all rows; as often as the user did not stop."""
        rows = self.rows_of(every)
        if self.regime.optimizer == "lbfgs":  # one optimum, whatever the seed
            return [run_lbfgs(self.network, self.regime, rows, None, self.watch).params]
        return refit(
            self.network, self.regime, rows, self.seed, course, refits, self.watch
        )
