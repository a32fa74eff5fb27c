"""A portfolio: several candidates are trained, and the best mixture of them answers.

    candidates -> folds and refits of each -> answers on rows held out
               -> weights by greedy selection -> parts

Ensemble selection goes through rounds. Each takes the candidate, maybe once more,
with which the mean of all taken so far is least wrong on the rows held out; its
weight is the share of rounds that took it.

Source:
    Caruana et al., "Ensemble Selection from Libraries of Models", 2004: selection with
    replacement, from an empty ensemble.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwise.errors import DivergedError, ParameterError
from layerwise.model.candidate import Candidate
from layerwise.model.examples import Examples
from layerwise.model.job import Job, Outcome, Split
from layerwise.model.notes import warn
from layerwise.model.part import Part
from layerwise.model.predict import forward_rows
from layerwise.model.settings import Settings
from layerwise.table import Encoded
from layerwise.training import STOPPED, Progress, Watch, precision

__all__ = ["Entry", "greedy_weights", "mixture", "n_folds", "trained_each"]

ROUNDS = 32
"""Of the selection: a weight is a multiple of 1/32 at the finest."""

Error = Callable[[NDArray[Any]], float]
"""How wrong an answer is, over all rows that it is for."""


@dataclass(frozen=True)
class Entry:
    """A candidate that was trained.

    Args:
        candidate: What was trained.
        outcome: What that left.
        answers: What it predicts for the rows held out, each by the network that
            held it out; for all training rows where none were.
    """

    candidate: Candidate
    outcome: Outcome
    answers: NDArray[Any]

    @property
    def measured(self) -> NDArray[np.int64]:
        """Return the rows that the answers are for, in order."""
        return np.sort(np.concatenate(_answered(self.outcome)))

    def part(self, weight: float) -> Part:
        """Return its networks as a part of a model."""
        own = self.candidate
        return Part(own.name, own.network, self.outcome.networks, weight)


class _Listening:
    """Tells whoever watches which candidate is trained, and remembers a stop."""

    def __init__(self, watch: Watch, n: int) -> None:
        self.watch, self.n = watch, n
        self.part, self.kind = 1, ""
        self.is_stopped = False

    def __call__(self, progress: Progress) -> bool:
        if self.n > 1:
            progress = replace(progress, part=self.part, parts=self.n, kind=self.kind)
        self.is_stopped |= bool(self.watch(progress))
        return self.is_stopped


def trained_each(
    candidates: Sequence[Candidate],
    examples: Examples,
    encoded: Encoded,
    settings: Settings,
    folds: int,
    watch: Watch | None,
) -> list[Entry]:
    """Train candidates one after the other, as far as the user does not stop.

    Args:
        candidates: One at least; all for the same table.
        examples: Rows with known targets, split in two.
        encoded: The typed columns of all rows.
        settings: The options: the seed, and how many refits were asked for.
        folds: How often each is trained with other rows held out, see ``n_folds``.
        watch: Called after each epoch; True ends training there.
    """
    listening = None if watch is None else _Listening(watch, len(candidates))
    splits = examples.folds(folds, settings.seed)
    if len(splits) < folds:
        warn([f"No class has rows enough for {folds} folds, so there is one."])
    seconds = settings.seconds
    ends = math.inf if seconds is None else time.monotonic() + seconds
    entries: list[Entry] = []
    for i, candidate in enumerate(candidates):
        if listening is not None:
            listening.part, listening.kind = i + 1, candidate.name
        job = _job(candidate, settings.seed, len(candidates), listening)
        outcome = _outcome(job, candidate, splits, settings, is_first=not entries)
        if outcome is None:
            continue
        is_whole = len(outcome.trained) == len(splits)
        if not entries or (is_whole and not _in_first_fold(outcome)):
            answers = held_out_answers(candidate, outcome, encoded)
            entries.append(Entry(candidate, outcome, answers))
        if not is_whole or outcome.is_stopped or time.monotonic() > ends:
            break
    return entries


def _outcome(
    job: Job,
    candidate: Candidate,
    splits: list[Split],
    settings: Settings,
    *,
    is_first: bool,
) -> Outcome | None:
    """Run a job; None where it does not converge, and others have.

    Raises:
        DivergedError: When the first does not.
        KeyboardInterrupt: When it is interrupted in the first epoch of the first.
    """
    asked, usual = settings.asked_refits, candidate.refits(len(splits))
    try:
        with precision(candidate.dtype):
            return job.run(splits, asked, usual)
    except DivergedError as error:
        if is_first:
            raise
        warn([f"The network {candidate.name!r} is left out. {error}"])
        return None
    except KeyboardInterrupt:
        if is_first:
            raise
        return Outcome((), (), (), is_stopped=True)


def _job(candidate: Candidate, seed: int, n: int, listening: _Listening | None) -> Job:
    """Return the job of one candidate of n, which share the seconds."""
    regime = candidate.regime
    if regime.seconds is not None:
        regime = replace(regime, seconds=regime.seconds / n)
    return Job(candidate.network, regime, candidate.rows_of, seed, listening)


def _in_first_fold(outcome: Outcome) -> bool:
    """Return whether the user stopped it in the first training."""
    trained = outcome.trained
    return not trained or trained[0].history.stopped == STOPPED


def n_folds(
    candidates: Sequence[Candidate], examples: Examples, settings: Settings
) -> int:
    """Return how many folds there are: those asked for, else the networks' own.

    Whoever asks for refits, or for none, is not given folds as well; nor whoever trains
    beyond the best epoch, which is about one training.

    Raises:
        ParameterError: When folds are asked for, and rows are not held out by chance.
    """
    asked = settings.folds
    can = examples.is_random and len(examples.valid) > 0
    if asked is None:
        is_said = settings.asked_refits is not None
        return 1 if is_said or not can else candidates[0].recipe.folds
    if asked > 1 and not can:
        raise ParameterError(
            f"The 'folds' parameter is {asked}: rows are held out by chance, in turns. "
            "Leave valid_by out."
        )
    return asked


def _answered(outcome: Outcome) -> list[NDArray[np.int64]]:
    """Return the rows held out of each fold; the training rows where none were."""
    return [valid if len(valid) else train for train, valid in outcome.splits]


def held_out_answers(
    candidate: Candidate, outcome: Outcome, encoded: Encoded
) -> NDArray[Any]:
    """Predict each row held out by the network that held it out.

    Shape:
        -> (n, d), in the order of the rows
    """
    rows = _answered(outcome)
    answers = [
        forward_rows(candidate.network, [trained.params], encoded.rows(which).columns)
        for trained, which in zip(outcome.trained, rows, strict=True)
    ]
    order = np.argsort(np.concatenate(rows), kind="stable")
    return np.concatenate(answers)[order]


def mixture(entries: Sequence[Entry], error: Error) -> tuple[tuple[Part, ...], Any]:
    """Weigh entries; return the parts, largest weight first, and what they answer.

    Args:
        entries: What was trained.
        error: How wrong an answer to the rows held out is.
    """
    weights = greedy_weights([entry.answers for entry in entries], error)
    order = np.argsort(-weights, kind="stable")
    kept = [i for i in order if weights[i] > 0]
    parts = tuple(entries[i].part(float(weights[i])) for i in kept)
    first, *others = kept
    answers = entries[first].answers
    if others:
        answers = sum(entries[i].answers * np.float32(weights[i]) for i in kept)
    return parts, answers


def greedy_weights(
    answers: Sequence[NDArray[Any]], error: Error
) -> NDArray[np.float64]:
    """Return the weight of each answer in the mixture that greedy selection finds.

    Example:
        >>> y = np.array([1.0, 2.0, 3.0])
        >>> answers = [y + 1, y - 1, y + 50]
        >>> greedy_weights(answers, lambda a: float(((a - y) ** 2).mean())).tolist()
        [0.5, 0.5, 0.0]
    """
    if len(answers) == 1:
        return np.ones(1)
    taken = np.zeros(len(answers))
    best, best_error = taken, np.inf
    total: Any = 0.0
    for n in range(1, ROUNDS + 1):
        errors = [error((total + answer) / n) for answer in answers]
        which = int(np.argmin(errors))
        total = total + answers[which]
        taken = taken + (np.arange(len(answers)) == which)
        if errors[which] < best_error:
            best, best_error = taken / n, errors[which]
    return best
