"""A training run: epochs one after the other, until it is time to stop.

The regime says how long: until the validation cost has not improved for
``patience`` epochs (the best epoch's parameters are kept), or for a fixed
number of epochs, or far beyond overfitting, on purpose. A cost that becomes
nan or infinite takes the run back to the last good epoch with half the
learning rate, three times, and then ends it.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, cast

import jax
import jax.numpy as jnp
import numpy as np

from layerwise.errors import DivergedError
from layerwise.network import Network, NetworkParams
from layerwise.training.batches import n_batches
from layerwise.training.cost import Penalties, Rows, padded, side_by_side
from layerwise.training.devices import collecting_later
from layerwise.training.epoch import (
    Knobs,
    Program,
    Record,
    State,
    epoch_batches,
    first_state,
    iteration,
    run_epoch,
)
from layerwise.training.history import History, epoch_line, thinned
from layerwise.training.regime import Regime

__all__ = [
    "MEASURED_ROWS",
    "STOPPED",
    "Course",
    "Progress",
    "Run",
    "Trained",
    "Watch",
    "run",
    "run_epochs",
    "to_device",
    "watched_rows",
]

MEASURED_ROWS = 2048
"""The train curve is measured on at most this many training rows, always the same."""

FITTED_ROWS = 16_384
"""First parameters that look at rows look at no more, evenly chosen."""

BACK_STEPS = 3
STOPPED = "it was stopped by the user"


@dataclass(frozen=True)
class Progress:
    """What is known after an epoch, for whoever watches.

    Args:
        epoch: Epochs done.
        epochs: The most there will be.
        iteration: Iterations done.
        loss: Mean loss of the last iteration.
        best_epoch: The best epoch so far.
        lines: The history so far, one line an epoch; not to be changed.
        refit: Which training on all rows this is; 0 where some are held out.
        refits: How many of them there will be.
        fold: Which training with some rows held out this is; 0 where there is one.
        folds: How many of them there will be.
        part: Which of several kinds of networks this is of; 0 where there is one.
        parts: How many of them there will be.
        kind: What this kind is called.
    """

    epoch: int
    epochs: int
    iteration: int
    loss: float
    best_epoch: int
    lines: Sequence[dict[str, float]]
    refit: int = 0
    refits: int = 0
    fold: int = 0
    folds: int = 0
    part: int = 0
    parts: int = 0
    kind: str = ""


Watch = Callable[[Progress], bool | None]
"""Called after each epoch; True ends the training there."""


@dataclass(frozen=True)
class Course:
    """How the learning rate went until the best epoch, so that it can go so again.

    Args:
        held: Epochs at the first rate before the schedule began; 0 for none.
        falling: Epochs of the schedule that followed until the best.
        span: Epochs over which the whole schedule runs.
    """

    held: int
    falling: int
    span: int

    @property
    def epochs(self) -> int:
        """Return how many epochs that makes."""
        return self.held + self.falling


@dataclass(frozen=True)
class Trained:
    """What a run leaves: the best and the last parameters, and how it went."""

    params: NetworkParams
    last: NetworkParams
    history: History
    course: Course


def to_device(rows: Rows) -> Rows:
    """Hand rows to the device, which may share their memory: they must not change.

    NOTE[XLA] jnp.array would compile a program to copy each shape.
    """
    return cast(Rows, jax.device_put(rows))


def watched_rows(train: Rows, valid: Rows | None, seed: int | None) -> Rows:
    """Put the rows together that are measured after each epoch.

    Args:
        train: Training rows; up to ``MEASURED_ROWS`` of them are watched.
        valid: Validation rows, all of them.
        seed: Chooses the training rows; None takes all.

    Shape:
        -> weight (n, 1), or (n, 2) with validation rows
    """
    if seed is not None and len(train.y) > MEASURED_ROWS:
        train = chosen_rows(train, seed)
    return side_by_side([train] if valid is None else [train, valid])


def chosen_rows(train: Rows, seed: int) -> Rows:
    """Choose the training rows that the train curve is measured on."""
    generator = np.random.Generator(np.random.Philox(key=[seed, 0x6D656173]))
    chosen = np.sort(generator.choice(len(train.y), MEASURED_ROWS, replace=False))
    return cast(Rows, jax.tree.map(lambda a: a[chosen], train))


class Run:
    """One run on its way: what changes from epoch to epoch."""

    def __init__(
        self,
        network: Network,
        regime: Regime,
        train: Rows,
        has_valid: bool,
        seed: int,
    ) -> None:
        self.network, self.regime = network, regime
        self.program = Program(
            network.without_constants(),
            regime.optimizer,
            regime.schedule,
            regime.batch_size,
            regime.clip_norm is not None,
            regime.beta2,
            regime.weight_decay > 0,
            regime.fade,
            regime.own_batches,
            regime.best_by == "auc",
        )
        self.batches = n_batches(len(train.y), regime.batch_size)
        first = _first_rows(train) if network.looks_at_rows else None
        with collecting_later():
            self.state, self.keys = first_state(self.program, np.uint32(seed), first)
        self.best: tuple[float, int, State] = (np.inf, 0, self.state)
        self.start, self.last_epoch = 0, regime.epochs
        self.held, self.settled_at = 0, 0
        self.settles = regime.settle > 0 and has_valid and regime.epochs > 1
        if self.settles:  # what is left of the epochs is for the schedule
            longest = int(regime.epochs / (1 + regime.settle))
            self.last_epoch = min(max(longest, 1), regime.epochs - 1)
        self.span = regime.epochs
        self.began = time.monotonic()
        self.first_took = 0.0
        self.losses: list[float] = []
        self.epochs: list[dict[str, float]] = []
        self.back_steps = 0
        self.learning_rate = regime.learning_rate

    def knobs(self) -> Knobs:
        """Return the learning rate and the like, as the program takes them."""
        regime = self.regime
        clip_norm = np.inf if regime.clip_norm is None else regime.clip_norm
        with np.errstate(over="ignore"):  # what is too large diverges, and is told
            return Knobs(
                np.float32(self.learning_rate),
                np.float32(
                    np.inf if self.settles else max(self.span * self.batches, 1)
                ),
                np.float32(clip_norm),
                Penalties(np.float32(regime.l1), np.float32(regime.l2)),
                np.float32(regime.weight_decay),
                np.float32(self.start),
            )

    def epoch(self, train: Rows, watched: Rows) -> tuple[State, Record]:
        """Present every row once; the first time compiles."""
        given = self.program, self.state, self.knobs(), self.keys, train, watched
        with nullcontext() if self.epochs else collecting_later():
            return cast(tuple[State, Record], run_epoch(*given))

    def take(self, state: State, record: Record) -> None:
        """Accept an epoch: its losses, its measures, its parameters."""
        self.state = state
        self.losses.extend(np.asarray(record.losses).tolist())
        line = epoch_line(record.measures, self.network.output)
        self.epochs.append(line)
        found = line.get(f"valid_{self.regime.best_by}")
        if found is None:
            found = -np.inf  # without validation rows the last epoch is the best
        elif self.regime.best_by in ("accuracy", "auc"):
            found = -found
        ties = found == self.best[0] and (self.regime.takes_latest or found == -np.inf)
        if found < self.best[0] or ties or self.best[1] == 0:
            self.best = (found, len(self.epochs), state)

    def progress(self) -> Progress:
        """Tell whoever watches."""
        return Progress(
            len(self.epochs),
            self.last_epoch if self.start else self.regime.epochs,
            len(self.losses),
            self.losses[-1],
            self.best[1],
            self.epochs,
        )

    def out_of_patience(self) -> bool:
        """Return whether the validation cost has not improved for long enough."""
        waited = len(self.epochs) - self.best[1]
        return self.start == 0 and 0 < self.regime.patience <= waited

    def epochs_left(self) -> float:
        """Return how many epochs fit into the seconds that are left.

        The first epoch does not count: it compiles.
        """
        if self.regime.seconds is None:
            return np.inf
        n, took = len(self.epochs), time.monotonic() - self.began
        if n == 1:
            self.first_took = took
        an_epoch = (took - self.first_took) / (n - 1) if n > 1 else took
        return max(self.regime.seconds - took, 0) / max(an_epoch, 1e-9)

    def is_time_to_settle(self, has_patience: bool) -> bool:
        """Return whether the learning rate should fall from now on."""
        if not self.settles:
            return False
        n, left = len(self.epochs), self.epochs_left()
        falls = self.regime.settle * self.best[1]
        return not has_patience or n == self.last_epoch or left < falls + 1

    def settle(self) -> None:
        """Go back to the best epoch, and let the learning rate fall from there."""
        self.settles = False
        self.held, self.settled_at = self.best[1], len(self.epochs)
        self.state = self.best[2]
        self.start = int(self.state.iteration)
        fits = min(self.regime.epochs - len(self.epochs), self.epochs_left())
        wanted = round(self.regime.settle * self.best[1])
        self.span = max(int(min(wanted, fits)), 1)
        self.last_epoch = len(self.epochs) + self.span

    def why_end(self, *, has_valid: bool) -> str | None:
        """Settle if it is time to; say why training ends with this epoch, if it does.

        Args:
            has_valid: Whether there are validation rows, which patience is about.
        """
        is_out = has_valid and self.out_of_patience()
        if self.is_time_to_settle(has_patience=not is_out):
            self.settle()
        elif is_out:
            return (
                f"the validation {self.regime.best_by} had not improved for "
                f"{self.regime.patience} epochs"
            )
        elif self.epochs_left() < 1 and self.start == 0:
            return f"its {self.regime.seconds:g} seconds were over"
        return None

    def usual_end(self) -> str:
        """Say why training ended, where nothing ended it early."""
        if self.start:
            return "the learning rate had fallen to its end"
        return "all epochs were run"

    def trained(self, stopped: str) -> Trained:
        """Return what the run leaves."""
        every, losses = thinned(self.losses)
        best_epoch = self.best[1]
        history = History(
            every, losses, tuple(self.epochs), best_epoch, len(self.losses), stopped
        )
        kept = self.best[2].params, self.state.params
        to_host = jax.tree.map(np.asarray, kept)
        falling = max(best_epoch - self.settled_at, 0)
        course = Course(self.held, falling, self.span)
        return Trained(to_host[0], to_host[1], history, course)

    def step_back(self, train: Rows) -> None:
        """Try again from the last good state with half the rate, or give up."""
        if self.back_steps < BACK_STEPS:
            self.back_steps += 1
            self.learning_rate /= 2
            return
        raise DivergedError(
            f"{self.diagnosis(train)} {BACK_STEPS} tries with half the learning rate "
            "each did not help. Lower learning_rate (now "
            f"{self.regime.learning_rate:g}) or set clip_norm=1.0."
        )

    def diagnosis(self, train: Rows) -> str:
        """Go through the failed epoch by iterations, and say where it broke."""
        step = jax.jit(iteration, static_argnames="program")
        epoch, state = len(self.epochs), self.state
        # after going back, rows come in the order of the epochs that are done again
        again = np.int32(int(state.iteration) // self.batches)
        batches, real = jax.jit(epoch_batches, static_argnames="program")(
            self.program, self.keys.order, again, train
        )
        for i in range(self.batches):
            batch = jax.tree.map(lambda a, i=i: a[i], (batches, real))
            before = state
            state, loss = step(
                self.program, self.knobs(), self.keys.noise, before, batch
            )
            bad = _first_bad(state.params)
            if bad is not None or not bool(jnp.isfinite(loss)):
                path, size = _largest(before.params)
                what = "nan" if bool(jnp.isnan(loss)) else "infinite"
                return (
                    f"The cost became {what} in epoch {epoch + 1}, iteration "
                    f"{epoch * self.batches + i + 1}, in {bad or path}. The largest "
                    f"parameter before it was {size:.2g}, in {path}."
                )
        path, size = _largest(state.params)
        return (
            f"The cost became nan or infinite at the end of epoch {epoch + 1}, "
            f"iteration {(epoch + 1) * self.batches}. The largest parameter was "
            f"{size:.2g}, in {path}."
        )


def run(
    network: Network,
    regime: Regime,
    train: Rows,
    valid: Rows | None,
    seed: int,
    watch: Watch | None = None,
) -> Trained:
    """Train a network on rows, epoch by epoch.

    Args:
        network: The layers.
        regime: How long and how.
        train: Training rows.
        valid: Validation rows, or None: then the last epoch is the best.
        seed: Where every random number comes from.
        watch: Called after each epoch; True ends the training there.

    Returns:
        The best and the last parameters and the history.

    Raises:
        DivergedError: When the cost stayed nan or infinite.
        KeyboardInterrupt: When interrupted before the first epoch ended.
    """
    training = Run(network, regime, train, valid is not None, seed)
    stopped = run_epochs(training, train, valid, seed, watch)
    return training.trained(stopped or training.usual_end())


def run_epochs(
    training: Run, train: Rows, valid: Rows | None, seed: int, watch: Watch | None
) -> str:
    """Run one epoch after the other; return why it ended early, if it did.

    Raises:
        DivergedError: When the cost stayed nan or infinite.
        KeyboardInterrupt: When interrupted before the first epoch ended.
    """
    watched = to_device(padded(watched_rows(train, valid, seed)))
    train_rows = to_device(train)
    try:
        while len(training.epochs) < training.last_epoch:
            state, record = training.epoch(train_rows, watched)
            if not bool(record.finite):
                training.step_back(train_rows)
                continue
            training.take(state, record)
            if watch is not None and watch(training.progress()):
                return STOPPED
            if reason := training.why_end(has_valid=valid is not None):
                return reason
    except KeyboardInterrupt:
        if not training.epochs:
            raise
        return STOPPED
    return ""


def _first_rows(train: Rows) -> dict[str, Any]:
    """Return the rows that first parameters are fitted to."""
    every = -(-len(train.y) // FITTED_ROWS)
    chosen: dict[str, Any] = jax.tree.map(lambda a: a[::every], train.x)
    return chosen


def _first_bad(params: NetworkParams) -> str | None:
    for path, leaf in jax.tree_util.tree_leaves_with_path(params):
        if not bool(jnp.isfinite(leaf).all()):
            return jax.tree_util.keystr(path, simple=True, separator="/")
    return None


def _largest(params: NetworkParams) -> tuple[str, float]:
    sizes: dict[str, float] = {
        jax.tree_util.keystr(path, simple=True, separator="/"): float(
            jnp.abs(leaf).max(initial=0)
        )
        for path, leaf in jax.tree_util.tree_leaves_with_path(params)
    }
    path = max(sizes, key=lambda name: sizes[name])
    return path, sizes[path]
