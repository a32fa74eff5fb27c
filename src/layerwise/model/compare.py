"""The ladder: from the mean to boosted trees, on the same folds of one table.

Each rung learns the training rows of every fold and is measured on the rows held out.
Score by score, a rung is compared with the best rung below it: the step up pays where
the whole interval of the mean difference is on the better side.

    difference d_k = best below - this, in fold k
    interval = mean(d) +- t sd(d) / sqrt(folds), t the 0.975 quantile of Student's t

Folds share most of their training rows, so the intervals are somewhat too narrow.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import t as students_t

from layerwise.errors import ParameterError, did_you_mean
from layerwise.model.examples import examples_of
from layerwise.model.fit import fit
from layerwise.model.metrics import Metrics
from layerwise.model.rungs import OTHERS, other_scores
from layerwise.model.settings import Settings
from layerwise.network import CATALOG, plan_of
from layerwise.table import (
    Table,
    Target,
    Task,
    infer_target,
    read,
    split,
    target_column,
)
from layerwise.table import folds as folds_of
from layerwise.training import Progress

__all__ = ["LADDER", "Comparison", "Interval", "Rung", "Watch", "compare"]

LADDER = (
    *("mean", "one split", "linear", "decision tree", "32 relu", "64 relu, 64 relu"),
    *("strong", "random forest", "boosted trees"),
)
SCORES = {"regression": "rmse", "binary": "log_loss", "multiclass": "log_loss"}
MOST_FOLDS = 32
CERTAIN = 0.975

Watch = Callable[[str, int, Progress | None], bool | None]
"""Called with the rung, the fold from 1 on and how its training goes; True ends it."""


@dataclass(frozen=True)
class Interval:
    """A mean over folds, and where it may really be.

    Args:
        mean: The mean.
        low: The lower end.
        high: The upper end.
    """

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Rung:
    """One rung of the ladder.

    Args:
        name: What learned: layers, or a kind of trees.
        n_parameters: Learnable parameters, or leaves; of the first fold.
        counts: What these are: "parameters" or "leaves".
        seconds: Of all folds together.
        scores: Of each fold, lower is better.
        score: Their mean, with its interval.
        gain: By how much lower than the best rung below, fold by fold; None for the
            first.
    """

    name: str
    n_parameters: int
    counts: str
    seconds: float
    scores: tuple[float, ...]
    score: Interval
    gain: Interval | None

    @property
    def pays(self) -> bool | None:
        """Return whether the step up from the rungs below pays; None for the first."""
        return None if self.gain is None else self.gain.low > 0


@dataclass(frozen=True)
class Comparison:
    """The ladder of one table.

    Args:
        score_name: "rmse" for a number, "log_loss" for classes.
        n_folds: How often each rung learned.
        rungs: From the lowest on.
    """

    score_name: str
    n_folds: int
    rungs: tuple[Rung, ...]

    @property
    def best(self) -> Rung:
        """Return the highest rung whose step pays: what more does, pays no more."""
        paying = [rung for rung in self.rungs if rung.pays is not False]
        return paying[-1]


def compare(
    table: Any,
    target: str,
    *,
    folds: int = 5,
    rungs: Sequence[str] = LADDER,
    seed: int = 0,
    features: Sequence[str] | None = None,
    drop: Sequence[str] | None = None,
    task: Task | None = None,
    watch: Watch | None = None,
) -> Comparison:
    """Climb the ladder: train and measure every rung on the same folds.

    Args:
        table: Anything ``read`` takes.
        target: The column to predict.
        folds: Into how many parts the rows are cut; each is held out once.
        rungs: Catalog names, layers as text, or names of ``OTHERS``.
        seed: Where every random number comes from.
        features: Use these columns only.
        drop: Use all but these.
        task: What to learn, where the target's values would say otherwise.
        watch: Called while rungs are trained; True ends the ladder below the rung.

    Raises:
        TableError: When the table cannot be read, or a column does not fit.
        ParameterError: When there is no such rung, or a number is out of range.
    """
    _check(folds, rungs)
    whole = read(table)
    cells = target_column(whole, target)
    known = infer_target(target, cells, task)
    y = known.encode(cells)
    labels = None if known.task == "regression" else y
    train, valid = split(whole.n_rows, 1 / folds, seed, labels)
    splits = folds_of(train, valid, folds, seed, labels)
    kept = _columns(whole, target, features, drop)
    climbed: list[Rung] = []
    score_name = SCORES[known.task]
    try:
        for name in rungs:
            runs = []
            for k, (learned, held_out) in enumerate(splits):
                rows = kept.rows(learned), kept.rows(held_out)
                told = _watching(watch, name, k + 1)
                told(None)
                runs.append(_run(name, *rows, known, seed, told))
            climbed.append(_rung(name, runs, climbed, score_name))
    except _Ended:
        pass  # what is done is worth showing
    return Comparison(score_name, len(splits), tuple(climbed))


class _Ended(Exception):
    """Whoever watches ended the ladder."""


def _watching(
    watch: Watch | None, name: str, fold: int
) -> Callable[[Progress | None], None]:
    def told(progress: Progress | None) -> None:
        if watch is not None and watch(name, fold, progress):
            raise _Ended

    return told


def _check(folds: int, rungs: Sequence[str]) -> None:
    if not 2 <= folds <= MOST_FOLDS:
        raise ParameterError(
            f"The 'folds' parameter of compare must be an int in the range [2, "
            f"{MOST_FOLDS}]. Got {folds!r} instead."
        )
    if not rungs:
        raise ParameterError("The 'rungs' parameter of compare names no rung.")
    for name in rungs:
        if name in OTHERS:
            continue
        if name.replace(" ", "").isalpha() and name not in CATALOG:
            known = [*OTHERS, *CATALOG]
            raise ParameterError(
                f"There is no rung {name!r}.{did_you_mean(name, known)} There are "
                f"{', '.join(known)}, and layers as text: '64 relu, 32 relu'."
            )
        plan_of(name, "binary")


def _columns(
    table: Table,
    target: str,
    features: Sequence[str] | None,
    drop: Sequence[str] | None,
) -> Table:
    """Return the table with the columns that may be looked at, and the target."""
    for name in (*(features or ()), *(drop or ())):
        if name not in table.columns:
            raise ParameterError(
                f"The table has no column {name!r}.{did_you_mean(name, table.columns)}"
            )
    chosen = features or table.columns
    kept = [
        name
        for name in table.columns
        if name == target or (name in chosen and name not in (drop or ()))
    ]
    return read(table.frame.select(kept))


@dataclass(frozen=True)
class _Run:
    """One rung on one fold."""

    metrics: Metrics
    n_parameters: int
    seconds: float


def _run(
    name: str,
    train: Table,
    held_out: Table,
    target: Target,
    seed: int,
    watch: Callable[[Progress | None], None],
) -> _Run:
    """Train and measure one rung on one fold."""
    began = time.monotonic()
    if name in OTHERS:
        metrics, n = other_scores(OTHERS[name], train, held_out, target, seed)
        return _Run(metrics, n, time.monotonic() - began)
    settings = Settings(layers=name, seed=seed)
    examples = examples_of(
        train, target.name, settings, None, None, None, target.task, None
    )
    model = fit(examples, settings, watch)
    y = model.target.encode(target_column(held_out, target.name))
    encoded = model.schema.encode(held_out, known=(target.name,), tells_range=False)
    seconds = time.monotonic() - began
    return _Run(model.metrics_of(encoded, y), model.n_parameters, seconds)


def _rung(
    name: str, runs: Sequence[_Run], below: Sequence[Rung], score_name: str
) -> Rung:
    """Put the folds of a rung together, and compare it with the best below."""
    found = (run.metrics[score_name] for run in runs)
    scores = tuple(np.nan if score is None else score for score in found)
    gain = None
    if below:
        best = min(below, key=lambda rung: rung.score.mean)
        pairs = zip(best.scores, scores, strict=True)
        gain = _interval([was - now for was, now in pairs])
    counts = "leaves" if name in OTHERS and name != "mean" else "parameters"
    seconds = sum(run.seconds for run in runs)
    n = runs[0].n_parameters
    return Rung(name, n, counts, seconds, scores, _interval(scores), gain)


def _interval(values: Sequence[float]) -> Interval:
    """Return the mean of some folds with its interval.

    Example:
        >>> found = _interval([1.0, 2.0, 3.0])
        >>> round(found.mean, 3), round(found.low, 3), round(found.high, 3)
        (2.0, -0.484, 4.484)
    """
    n, mean = len(values), float(np.mean(values))
    half = students_t.ppf(CERTAIN, n - 1) * float(np.std(values, ddof=1)) / n**0.5
    return Interval(mean, float(mean - half), float(mean + half))
