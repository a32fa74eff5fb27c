"""Fit: a table becomes a model.

    read -> kinds -> split -> schema -> typed columns -> input layer
         -> network -> training -> held-out metrics -> model

Every constant is learned from training rows alone. The steps are the rooms
above, in order; nothing is decided here that a room can decide.
"""

import importlib.metadata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from layerwise.errors import ColumnError, ParameterError, TargetError
from layerwise.layers import Output, standardization
from layerwise.losses import loss_for
from layerwise.model.bundle import Facts
from layerwise.model.class_weights import class_weights
from layerwise.model.examples import Examples, examples_of
from layerwise.model.inputs import input_layer
from layerwise.model.job import Job
from layerwise.model.metrics import baseline_metrics
from layerwise.model.model import Model
from layerwise.model.notes import column_notes, warn
from layerwise.model.recipes import Recipe, recipe_of
from layerwise.model.settings import Settings
from layerwise.network import Network, NetworkParams, assemble, plan_of
from layerwise.table import (
    Encoded,
    Schema,
    Task,
    learn,
    read,
)
from layerwise.table.dates import DateOrder
from layerwise.table.said import said_of
from layerwise.training import (
    BEST_BY,
    Regime,
    Rows,
    Trained,
    Watch,
    precision,
    prepare,
)

__all__ = ["fit", "train"]

LARGEST_TARGET = 1e150
"""Errors are squared, and a float64 ends at 1e308."""
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
        refits: How many networks are trained anew on all rows in the end.
        seed: Where every random number comes from.
        effort: "quick" or "normal", where no layers are given.
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
        refits=refits,
        seed=seed,
        effort=effort,
        seconds=seconds,
    )
    settings.check()
    plan_of(
        settings.network, "binary"
    )  # a misspelled word is told before a file is read
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
    doubts = examples.doubts(is_random=valid_by is None)
    warn((*examples.notes, *(doubt.sentence for doubt in doubts)))
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
    target, train_rows = examples.target, examples.train
    plan = plan_of(settings.network, target.task, len(train_rows))
    recipe = recipe_of(settings.network, target.task, len(train_rows))
    loss = loss_for(target.task, settings.loss)
    _refuse_other_measure(settings.best_by, target.task)
    regime = settings.regime(
        len(train_rows), plan.depth, loss, plan.is_random, recipe.regime
    )
    schema = learn(
        examples.table,
        examples.readings,
        train_rows,
        examples.weight,
        one_hot_only=plan.depth == 0,
    )
    if schema.n_units == 0:
        raise ColumnError(_nothing_left(schema))
    encoded = schema.encode(examples.table, known=(target.name,))
    weight = None if examples.weight is None else examples.weight[train_rows]
    inputs = input_layer(schema, encoded.numbers[train_rows], weight, recipe.form)
    output = _output_layer(examples, loss, settings.label_smoothing, recipe)
    network = assemble(inputs, plan, output, len(target.classes))
    dtype = np.float64 if regime.optimizer == "lbfgs" else np.float32
    job = Job(
        network,
        regime,
        examples,
        _rows(examples, network, encoded, settings.class_weight, dtype),
        settings.seed,
        watch,
    )
    with precision(dtype):
        trained, refitted = job.run(settings.refits, recipe.refits)
    return _model(
        examples, settings, regime, network, schema, encoded, trained, refitted
    )


def _refuse_other_measure(best_by: str | None, task: str) -> None:
    """Refuse to choose the best epoch by what the target does not have."""
    if best_by is None or task in BEST_BY[best_by]:
        return
    fitting = [name for name, tasks in BEST_BY.items() if task in tasks]
    kinds = {"regression": "a number", "binary": "one of two classes"}
    raise ParameterError(
        f"The 'best_by' parameter is {best_by!r}, but the target is "
        f"{kinds.get(task, 'one of several classes')}. Use one of "
        f"{', '.join(fitting)}."
    )


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


def _output_layer(
    examples: Examples, loss: str, label_smoothing: float | None, recipe: Recipe
) -> Output:
    """Learn the output layer's constants from training rows."""
    task = examples.target.task
    if task != "regression":
        smoothing = (
            recipe.label_smoothing if label_smoothing is None else label_smoothing
        )
        return Output(task, loss, smoothing)
    if label_smoothing:
        raise ParameterError(
            "The 'label_smoothing' parameter spreads labels over classes, but the "
            "target is a number. Leave it at 0."
        )
    largest = float(np.abs(examples.y).max())
    if largest > LARGEST_TARGET:
        raise TargetError(
            f"The target {examples.target.name!r} holds numbers up to {largest:.2g}, "
            "and the square of an error that large is no number any more. Divide the "
            "column by a power of ten first."
        )
    y = examples.y[examples.train].astype(np.float64)
    weight = None if examples.weight is None else examples.weight[examples.train]
    center, scale = standardization(y[:, None], weight)
    output = Output(task, loss, 0.0, float(center[0]), float(scale[0]))
    if not recipe.is_clamped:
        return output
    return replace(output, low=float(y.min()), high=float(y.max()))


def _rows(
    examples: Examples,
    network: Network,
    encoded: Encoded,
    class_weight: str | Mapping[Any, float] | None,
    dtype: Any,
) -> Callable[[NDArray[np.int64]], Rows]:
    """Return what makes rows ready: scaled, weighted."""
    target, y = examples.target, examples.y
    weight = np.ones(len(y)) if examples.weight is None else examples.weight
    weight = weight * class_weights(examples, weight, class_weight)
    if target.task == "regression":
        y = network.output.standardize(y)
    y = y.astype(np.int32 if target.task == "multiclass" else dtype)

    def rows(which: NDArray[np.int64]) -> Rows:
        x = network.input.rows(
            encoded.numbers[which],
            encoded.categories[which],
            encoded.texts[which],
            dtype,
        )
        mean = weight[which].mean() or 1.0
        return Rows(x, y[which], (weight[which] / mean).astype(dtype))

    return rows


def _model(
    examples: Examples,
    settings: Settings,
    regime: Regime,
    network: Network,
    schema: Schema,
    encoded: Encoded,
    trained: Trained,
    refitted: list[NetworkParams],
) -> Model:
    """Put the model together and measure it on rows it never saw.

    After a refit there are no such rows: the measures are those of the network before.
    """
    target, y = examples.target, examples.y
    measured = examples.valid if len(examples.valid) else examples.train
    facts = _facts(examples, settings, regime, measured)
    goes_on = settings.patience == 0 and trained.history.best_epoch < len(
        trained.history.epochs
    )
    goes_on = goes_on and not refitted
    model = Model(
        network,
        trained.params,
        schema,
        target,
        trained.history,
        facts,
        trained.last if goes_on else None,
    )
    weight = None if examples.weight is None else examples.weight[measured]
    metrics = model.metrics_of(encoded.rows(measured), y[measured], weight)
    facts = replace(facts, valid=metrics)
    if not refitted:
        return replace(model, facts=facts)
    facts = replace(facts, refit_epochs=trained.course.epochs)
    params, *others = refitted
    return replace(model, params=params, others=tuple(others), facts=facts)


def _facts(
    examples: Examples,
    settings: Settings,
    regime: Regime,
    measured: NDArray[np.int64],
) -> Facts:
    """Note how the model was trained; its metrics are added when it can predict."""
    target, y, weight = examples.target, examples.y, examples.weight

    def known(rows: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any] | None]:
        return y[rows], None if weight is None else weight[rows]

    return Facts(
        layers=settings.network,
        n_rows=len(y),
        n_train=len(examples.train),
        n_valid=len(examples.valid),
        seed=settings.seed,
        regime=regime,
        valid={},
        baseline=baseline_metrics(
            target.task, len(target.classes), known(examples.train), known(measured)
        ),
        versions={
            "layerwise": importlib.metadata.version("layerwise"),
            "jax": jax.__version__,
        },
    )
