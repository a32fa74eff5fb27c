"""Fit: a table becomes a model.

    read -> kinds -> split -> schema -> typed columns -> input layer
         -> network -> training -> held-out metrics -> model

Every constant is learned from training rows alone; in folds, from those of the
first, for all of them. The steps are the rooms above, in order; nothing is decided
here that a room can decide.
"""

import importlib.metadata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from layerwise.errors import ColumnError, ParameterError
from layerwise.model.bundle import Facts
from layerwise.model.candidate import candidate_of, regime_of
from layerwise.model.estimate import duration_note, work_of
from layerwise.model.examples import Examples, examples_of
from layerwise.model.metrics import baseline_metrics, error_of
from layerwise.model.model import Model
from layerwise.model.notes import column_notes, warn
from layerwise.model.portfolio import Entry, mixture, n_folds, trained_each
from layerwise.model.recipes import recipe_of
from layerwise.model.settings import Settings
from layerwise.network import plan_of
from layerwise.table import (
    Schema,
    Task,
    learn,
    read,
)
from layerwise.table.dates import DateOrder
from layerwise.table.said import said_of
from layerwise.training import Watch, prepare

__all__ = ["fit", "train"]

WHICH_ORDER = "Say which with --dates day-first or --dates month-first"


def train(
    table: Any,
    target: str,
    *,
    layers: str | None = None,
    loss: str | None = None,
    l1: float = 0.0,
    l2: float = 0.0,
    optimizer: str | None = None,
    learning_rate: float | None = None,
    schedule: str | None = None,
    batch_size: int | None = None,
    epochs: int | None = None,
    patience: int | None = None,
    valid_fraction: float = 0.2,
    valid_by: str | None = None,
    class_weight: str | Mapping[Any, float] | None = None,
    label_smoothing: float | None = None,
    clip_norm: float | None = None,
    best_by: str | None = None,
    folds: int | None = None,
    refits: int | None = None,
    seed: int = 0,
    effort: str | None = None,
    seconds: float | None = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] | None = None,
    reading: str | PathLike[str] | Mapping[str, Any] | None = None,
    dates: DateOrder | Mapping[str, DateOrder] | None = None,
    task: Task | None = None,
    sql: str | None = None,
    sheet: str | None = None,
    watch: Watch | None = None,
) -> Model:
    """Train a network that predicts one column of a table from the others.

    Args:
        table: A path (CSV, Parquet), a data frame, or anything ``read`` takes.
        target: The column to predict.
        layers: See ``Settings``, as for all options down to ``seconds``.
        loss: A loss that fits the target.
        l1: Price of sum|W|.
        l2: Price of sum W^2 / 2.
        optimizer: By default L-BFGS without hidden layers, else Adam.
        learning_rate: Length of an update.
        schedule: How the learning rate changes.
        batch_size: Rows of one batch.
        epochs: The most epochs.
        patience: Epochs without improvement before training stops; 0 for never.
        valid_fraction: Share of rows held out; 0 for none.
        valid_by: Hold out by this column: the last rows of a date or number
            column, or whole groups of any other.
        class_weight: "balanced", or a weight for each class.
        label_smoothing: Share of each label spread over all classes.
        clip_norm: Largest length of a gradient.
        best_by: What chooses the best epoch on the rows held out.
        folds: How many networks are trained, each with other rows held out.
        refits: How many networks are trained anew on all rows in the end.
        seed: Where every random number comes from.
        effort: "quick", "normal" or "thorough", where no layers are given.
        seconds: How long training may take.
        features: Use these columns only.
        drop: Use all but these.
        reading: How columns are to be read: the file that ``look --write`` wrote,
            or a mapping from columns to a kind, or to {"kind": ..., "use": ...}.
        dates: "day-first" or "month-first", where a column does not decide it, or a
            mapping from columns to one of them.
        task: "regression", "binary" or "multiclass", where the target's own
            values would say otherwise.
        sql: What to ask, where the table is the URL of a database.
        sheet: Which sheet, where it is an Excel file.
        watch: Called after each epoch; True ends training there.

    Raises:
        TableError: When the table cannot be read, or a column does not fit.
        ParameterError: When an option is out of range.
        TrainingError: When training cannot go on.

    Example:
        >>> model = train({"x": [0.0, 1.0, 2.0, 3.0], "y": [3.0, 5.0, 7.0, 9.0]},
        ...               target="y", layers="linear", valid_fraction=0)
        >>> model.layers[1].arithmetic
        '1 x 1 + 1 = 2'
    """
    settings = Settings(
        layers=layers,
        loss=loss,
        l1=l1,
        l2=l2,
        optimizer=optimizer,
        learning_rate=learning_rate,
        schedule=schedule,
        batch_size=batch_size,
        epochs=epochs,
        patience=patience,
        valid_fraction=valid_fraction,
        class_weight=class_weight,
        label_smoothing=label_smoothing,
        clip_norm=clip_norm,
        best_by=best_by,
        folds=folds,
        refits=refits,
        seed=seed,
        effort=effort,
        seconds=seconds,
    )
    settings.check()
    for network in settings.networks:
        plan_of(network, "binary")  # a misspelled word is told before a file is read
    if not isinstance(target, str):
        raise ParameterError(
            "The 'target' parameter of train must be the name of a column. Got "
            f"{target!r} instead."
        )
    order, said = said_of(reading, dates)
    rows = read(table, sql=sql, sheet=sheet)
    warn(rows.notes)  # at once: a repair may explain what goes wrong later
    examples = examples_of(
        rows, target, settings, features, drop, order, task, valid_by, said
    )
    warn((*examples.notes, *(doubt.sentence for doubt in examples.doubts())))
    model = fit(examples, settings, watch)
    warn(column_notes(examples.readings, model.schema))
    return model


def fit(examples: Examples, settings: Settings, watch: Watch | None = None) -> Model:
    """Train a network on examples.

    Args:
        examples: Rows with known targets, split in two.
        settings: The options, checked.
        watch: Called after each epoch.

    Raises:
        TableError: When no column is left, or a class is missing in training.
        ParameterError: When an option does not fit the target.
    """
    prepare()
    names, train, task = settings.networks, examples.train, examples.target.task
    regimes = [regime_of(name, task, len(train), settings) for name in names]
    recipes = [recipe_of(name, task, len(train)) for name in names]
    schema = learn(
        examples.table,
        examples.readings,
        train,
        examples.weight,
        one_hot_only=all(recipe.one_hot_only for recipe in recipes),
    )
    if schema.n_units == 0:
        raise ColumnError(_nothing_left(schema))
    encoded = schema.encode(examples.table, known=(examples.target.name,))
    candidates = [
        candidate_of(name, regime, examples, settings, schema, encoded)
        for name, regime in zip(names, regimes, strict=True)
    ]
    folds = n_folds(candidates, examples, settings)
    ends_early = len(examples.valid) > 0
    work = work_of(
        candidates, len(train), folds, settings.asked_refits, ends_early=ends_early
    )
    warn(duration_note(work, settings.seconds))
    entries = trained_each(candidates, examples, encoded, settings, folds, watch)
    return _model(examples, settings, schema, entries)


def _nothing_left(schema: Schema) -> str:
    why = [f"{c.name!r} is {c.kind} ({c.why})" for c in schema.columns]
    shown = "; ".join(why[:5]) + (f"; and {len(why) - 5} more" if len(why) > 5 else "")
    is_open = any(getattr(c.rule, "order", None) == "undecided" for c in schema.columns)
    return (
        "No column is left to learn from"
        + (f": {shown}." if why else ": the table has the target only.")
        + (f" {WHICH_ORDER}, or add" if is_open else " Add")
        + " columns that say something about the target."
    )


def _model(
    examples: Examples, settings: Settings, schema: Schema, entries: list[Entry]
) -> Model:
    """Put the model together and measure it on rows that its networks never saw.

    After a refit there are no such rows: the measures are those of the networks before.
    """
    y, rows = examples.y, entries[0].measured
    weight = None if examples.weight is None else examples.weight[rows]
    target, output = examples.target, entries[0].candidate.network.output
    known = output.standardize(y[rows]) if target.task == "regression" else y[rows]
    parts, answers = mixture(entries, error_of(target.task, known, weight))
    first = next(one for one in entries if one.candidate.name == parts[0].name)
    history = first.outcome.trained[0].history
    goes_on = settings.patience == 0 and history.best_epoch < len(history.epochs)
    last = first.outcome.trained[0].last
    model = Model(
        parts,
        schema,
        target,
        history,
        _facts(examples, settings, first, rows),
        last if goes_on and len(parts[0].networks) == len(parts) == 1 else None,
    )
    valid = model.metrics_of_answers(answers, y[rows], weight)
    tried = tuple(entry.candidate.name for entry in entries)
    return replace(model, facts=replace(model.facts, valid=valid, tried=tried))


def _facts(
    examples: Examples, settings: Settings, entry: Entry, measured: NDArray[np.int64]
) -> Facts:
    """Note how the model was trained; its metrics are added when it can predict."""
    target, y, weight = examples.target, examples.y, examples.weight
    outcome = entry.outcome

    def known(rows: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any] | None]:
        return y[rows], None if weight is None else weight[rows]

    return Facts(
        layers=entry.candidate.name,
        n_rows=len(y),
        n_train=len(examples.train),
        n_valid=len(examples.valid),
        n_measured=len(measured),
        seed=settings.seed,
        regime=entry.candidate.regime,
        valid={},
        baseline=baseline_metrics(
            target.task, len(target.classes), known(examples.train), known(measured)
        ),
        versions={
            "layerwise": importlib.metadata.version("layerwise"),
            "jax": jax.__version__,
        },
        tried=(entry.candidate.name,),
        folds=len(outcome.trained),
        refit_epochs=outcome.course.epochs if outcome.refitted else 0,
    )
