"""The job of a training: learn with some rows held out, then refit on all."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from layerwise.model.examples import Examples
from layerwise.network import Network, NetworkParams
from layerwise.training import (
    STOPPED,
    Course,
    Regime,
    Rows,
    Trained,
    Watch,
    refit,
    run,
    run_lbfgs,
)

__all__ = ["Job"]

MOST_WORK = 12_000_000_000_000
"""Sums and products of all refits of a ready network, if one takes no more."""


@dataclass(frozen=True)
class Job:
    """What is to be trained, on what and how.

    Args:
        network: The layers.
        regime: How long and how.
        examples: Rows with known targets, split in two.
        rows_of: Makes the rows of some numbers ready.
        seed: Where every random number comes from.
        watch: Called after each epoch; True ends the training there.
    """

    network: Network
    regime: Regime
    examples: Examples
    rows_of: Callable[[NDArray[np.int64]], Rows]
    seed: int
    watch: Watch | None

    def run(self, asked: int | None, usual: int) -> tuple[Trained, list[NetworkParams]]:
        """Train, then refit.

        Args:
            asked: Refits that the user asked for; None leaves it to the network.
            usual: Refits of the network.

        Returns:
            What was trained and measured, and the parameters of each refit.
        """
        # with no row held out all are trained on as it is
        refits = (usual if asked is None else asked) if len(self.examples.valid) else 0
        job, seconds = self, self.regime.seconds
        if refits and seconds is not None:  # a half for the refits
            job = replace(self, regime=replace(self.regime, seconds=seconds / 2))
        trained = job.trained()
        if not refits or trained.history.stopped == STOPPED:
            return trained, []
        if asked is None:
            refits = min(refits, job.refits_worth(trained.course))
        return trained, job.refitted(refits, trained.course)

    def trained(self) -> Trained:
        """Train on the training rows; those held out say when it is enough."""
        train = self.rows_of(self.examples.train)
        held_out = self.examples.valid
        valid = self.rows_of(held_out) if len(held_out) else None
        if self.regime.optimizer == "lbfgs":
            return run_lbfgs(self.network, self.regime, train, valid, self.watch)
        return run(self.network, self.regime, train, valid, self.seed, self.watch)

    def refits_worth(self, course: Course) -> int:
        """Return how many refits are worth their time: one at least.

        About 6 n p sums and products an epoch, for n rows and p products of a row.
        """
        n = len(self.examples.train) + len(self.examples.valid)
        work = 6 * n * self.network.multiplications * course.epochs
        return max(MOST_WORK // max(work, 1), 1)

    def refitted(self, refits: int, course: Course) -> list[NetworkParams]:
        """Train anew on all rows; as often as the user did not stop."""
        every = np.sort(np.concatenate([self.examples.train, self.examples.valid]))
        rows = self.rows_of(every)
        if self.regime.optimizer == "lbfgs":  # one optimum, whatever the seed
            return [run_lbfgs(self.network, self.regime, rows, None, self.watch).params]
        return refit(
            self.network, self.regime, rows, self.seed, course, refits, self.watch
        )
