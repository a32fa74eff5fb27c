"""Refits: once it is known how long to train, no row need be held out.

    train      some rows held out     how many epochs, and the measures that are shown
    refits     all rows, own seeds    the parameters that predict: the mean of all

A quarter more rows make a better network than any of the options do, and networks
from other seeds are wrong in other places.
"""

from dataclasses import replace

from layerwise.errors import DivergedError
from layerwise.network import Network, NetworkParams
from layerwise.training.cost import Rows
from layerwise.training.regime import Regime
from layerwise.training.run import (
    Course,
    Progress,
    Run,
    Watch,
    run_epochs,
)

__all__ = ["refit", "seed_of"]

SEEDS_BETWEEN = 0x9E3779B9
"""2^32 / golden ratio: trainings of neighbouring seeds share none."""


def seed_of(seed: int, i: int) -> int:
    """Return the seed of training i of several: the first has the one asked for."""
    return (seed + i * SEEDS_BETWEEN) % 2**32


class Refit(Run):
    """The same course once more, with nothing held out."""

    def __init__(
        self,
        network: Network,
        regime: Regime,
        rows: Rows,
        seed: int,
        course: Course,
        which: tuple[int, int],
    ) -> None:
        planned = replace(regime, epochs=course.epochs, settle=0.0, patience=0)
        super().__init__(network, planned, rows, has_valid=False, seed=seed)
        self.course, self.span, self.which = course, course.span, which
        self.settles = course.held > 0

    def why_end(self, *, has_valid: bool) -> str | None:
        """Let the rate fall when it is time to; say whether the seconds are over."""
        n = len(self.epochs)
        if n == self.course.held:
            self.settles, self.start = False, int(self.state.iteration)
        # the first epoch compiles, and says nothing of the others
        if n > 1 and self.epochs_left() < self.course.epochs - n:
            return "its seconds are over before it is done"
        return None

    def progress(self) -> Progress:
        """Tell whoever watches."""
        refit, refits = self.which
        return replace(super().progress(), refit=refit, refits=refits)


def refit(
    network: Network,
    regime: Regime,
    rows: Rows,
    seed: int,
    course: Course,
    refits: int = 1,
    watch: Watch | None = None,
) -> list[NetworkParams]:
    """Train anew on all rows, in the way that was best while some were held out.

    As many epochs at the first learning rate, the same fall of it: nothing is left to
    be chosen, so no row need be held out. The first refit has the seed of the
    training, and so its first parameters; each other one a seed of its own.

    Args:
        network: The layers.
        regime: How to train; its ``seconds`` are those of all refits.
        rows: All rows.
        seed: Where every random number comes from.
        course: What was best.
        refits: How many networks to train.
        watch: Called after each epoch; True ends the refits there.

    Returns:
        The last parameters of each; fewer where they were stopped before, or a
        training did not converge.
    """
    if regime.seconds is not None:
        regime = replace(regime, seconds=regime.seconds / refits)
    done: list[NetworkParams] = []
    for i in range(refits):
        own = seed_of(seed, i)
        again = Refit(network, regime, rows, own, course, (i + 1, refits))
        try:
            stopped = run_epochs(again, rows, None, own, watch)
        except (DivergedError, KeyboardInterrupt):
            break
        if stopped:
            break
        done.append(again.trained("").last)
    return done
