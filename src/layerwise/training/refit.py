"""The refit: once it is known how long to train, no row need be held out.

    train      some rows held out   how many epochs, and the measures that are shown
    refit      all rows             the parameters that predict

A quarter more rows make a better network than any of the options do.
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

__all__ = ["refit"]


class Refit(Run):
    """The same course once more, with nothing held out."""

    def __init__(
        self, network: Network, regime: Regime, rows: Rows, seed: int, course: Course
    ) -> None:
        planned = replace(regime, epochs=course.epochs, settle=0.0, patience=0)
        super().__init__(network, planned, rows, has_valid=False, seed=seed)
        self.course, self.span = course, course.span
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
        return replace(super().progress(), is_refit=True)


def refit(
    network: Network,
    regime: Regime,
    rows: Rows,
    seed: int,
    course: Course,
    watch: Watch | None = None,
) -> NetworkParams | None:
    """Train anew on all rows, in the way that was best while some were held out.

    The same first parameters, as many epochs at the first learning rate, the same
    fall of it: nothing is left to be chosen, so no row need be held out.

    Args:
        network: The layers.
        regime: How to train; its ``seconds`` are those that are left.
        rows: All rows.
        seed: Where every random number comes from.
        course: What was best.
        watch: Called after each epoch; True ends the training there.

    Returns:
        The last parameters; None where it was stopped before, or did not converge.
    """
    again = Refit(network, regime, rows, seed, course)
    try:
        stopped = run_epochs(again, rows, None, seed, watch)
    except (DivergedError, KeyboardInterrupt):
        return None
    return None if stopped else again.trained("").last
