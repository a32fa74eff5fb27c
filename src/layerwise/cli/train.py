"""layerwise train: a table becomes a model file."""

import time
import unicodedata
from pathlib import Path
from typing import Annotated, Any

import typer

from layerwise.cli.drawings import (
    ensemble_plain,
    equation,
    layers_plain,
    measures_plain,
    metrics_table,
    parts_drawn,
    purpose,
    training_table,
    where_measured,
)
from layerwise.cli.options import (
    Dates,
    Drop,
    Features,
    Json,
    Kinds,
    ReadingFile,
    Sheet,
    Sql,
    TableFile,
    names,
    said,
    to_write,
)
from layerwise.cli.progress import watching
from layerwise.cli.render import console, heard, print_json
from layerwise.errors import BundleError, ParameterError
from layerwise.model import Model, load, train
from layerwise.network import CATALOG
from layerwise.table import Task
from layerwise.training import n_batches

__all__ = ["run"]

ENDINGS = (".safetensors",)
LONGEST_NAME = 200
"""Of a model file, in bytes: a name on disk has up to 255."""


def run(
    table: TableFile,
    target: Annotated[
        str,
        typer.Option(
            metavar="COLUMN", help="The column to predict.", show_default=False
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The model file; TARGET.safetensors if not given."
        ),
    ] = None,
    layers: Annotated[
        str | None,
        typer.Option(
            metavar="LAYERS",
            help=f"A catalog name ({', '.join(CATALOG)}) or layers: "
            '"64 relu, 32 relu". What the effort says if not given.',
        ),
    ] = None,
    effort: Annotated[
        str | None,
        typer.Option(
            metavar="EFFORT",
            help="quick for a small network; normal, the default, for the strong one; "
            "thorough for several kinds of networks.",
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            metavar="N",
            help="How long training may take; as long as it needs if not given.",
        ),
    ] = None,
    loss: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="squared, absolute, huber or cross-entropy; follows the target.",
        ),
    ] = None,
    l1: Annotated[float, typer.Option(metavar="PRICE", help="Price of sum |W|.")] = 0.0,
    l2: Annotated[
        float, typer.Option(metavar="PRICE", help="Price of sum W^2 / 2.")
    ] = 0.0,
    optimizer: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="sgd, momentum, adam, adamw, or lbfgs without hidden layers.",
        ),
    ] = None,
    learning_rate: Annotated[
        float | None,
        typer.Option(
            metavar="RATE", help="Length of an update; follows the optimizer."
        ),
    ] = None,
    schedule: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="How the learning rate changes: constant, linear, cosine, "
            "warmup-cosine, flat-cosine or log-cosine; cosine, or as the ready network "
            "has it.",
        ),
    ] = None,
    batch_size: Annotated[
        int | None,
        typer.Option(
            metavar="ROWS", help="Rows of one batch; follows the number of rows."
        ),
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(metavar="N", help="The most epochs; follows the optimizer."),
    ] = None,
    patience: Annotated[
        int | None,
        typer.Option(
            metavar="EPOCHS",
            help="Stop after so many epochs without a better cost on the rows held "
            "out; 0 trains all epochs and keeps the best and the last. 20, or as the "
            "ready network has it.",
        ),
    ] = None,
    valid_fraction: Annotated[
        float,
        typer.Option(metavar="SHARE", help="Share of the rows held out; 0 for none."),
    ] = 0.2,
    valid_by: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="Hold out the last rows by this date or number, or whole groups.",
        ),
    ] = None,
    class_weight: Annotated[
        str | None,
        typer.Option(
            metavar="WEIGHTS",
            help='How much rows of a class count: "balanced", or "yes=5,no=1".',
        ),
    ] = None,
    label_smoothing: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Share of each label spread over all classes; 0, or as the ready "
            "network has it.",
        ),
    ] = None,
    clip_norm: Annotated[
        float | None,
        typer.Option(metavar="LENGTH", help="Largest length of a gradient."),
    ] = None,
    best_by: Annotated[
        str | None,
        typer.Option(
            metavar="MEASURE",
            help="What chooses the best epoch on the rows held out: cost, loss, "
            "accuracy, auc, rmse or mae.",
        ),
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Networks trained, each with other rows held out, so that every row "
            "is held out once; their mean predicts. 1 for one network; or as the ready "
            "network has it.",
        ),
    ] = None,
    refits: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Networks trained anew on all rows in the end, for as long as was "
            "best on the rows held out; their mean predicts. 0 for none; or as the "
            "ready network has it.",
        ),
    ] = None,
    features: Features = None,
    drop: Drop = None,
    reading: ReadingFile = None,
    kind: Kinds = None,
    dates: Dates = None,
    task: Annotated[
        Task | None,
        typer.Option(
            metavar="TASK",
            help="regression, binary or multiclass; follows the target.",
        ),
    ] = None,
    seed: Annotated[
        int,
        typer.Option(metavar="N", help="Where every random number comes from."),
    ] = 0,
    sql: Sql = None,
    sheet: Sheet = None,
    json: Json = False,
) -> None:
    """Same table, same seed, same machine: the same file, byte for byte."""
    began = time.monotonic()
    path = _own_file(target) if out is None else to_write(out, ENDINGS)
    order, columns = said(reading, kind, dates)
    with heard() as said_so, watching() as watch:
        model = train(
            table,
            target,
            layers=layers,
            effort=effort,
            seconds=seconds,
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
            valid_by=valid_by,
            class_weight=_class_weight(class_weight),
            label_smoothing=label_smoothing,
            clip_norm=clip_norm,
            best_by=best_by,
            folds=folds,
            refits=refits,
            seed=seed,
            features=names(features),
            drop=names(drop),
            reading=columns,
            dates=order,
            task=task,
            sql=sql,
            sheet=sheet,
            watch=watch,
        )
    model.save(path)
    seconds = time.monotonic() - began
    if json:
        print_json(_plain(model, path, seconds, said_so))
    else:
        _print(model, path, seconds)


def _class_weight(text: str | None) -> str | dict[str, float] | None:
    """Read "balanced", or a weight for each class.

    Example:
        >>> _class_weight("yes=5, no=1")
        {'yes': 5.0, 'no': 1.0}
    """
    if text is None or text == "balanced":
        return text
    pairs = [pair.rpartition("=") for pair in names(text) or [""]]
    try:
        if not all(label for label, _, _ in pairs):
            raise ValueError
        return {label.strip(): float(weight) for label, _, weight in pairs}
    except ValueError:
        raise ParameterError(
            "--class-weight is 'balanced' or a weight for each class, such as "
            f"'yes=5,no=1'. Got {text!r} instead."
        ) from None


def _own_file(target: str) -> Path:
    """Return the file of a target's models, which holds no other model yet.

    Raises:
        ParameterError: When two targets lead to the same name.
    """
    path = to_write(Path(f"{_file_name(target)}.safetensors"), ENDINGS)
    if not path.exists():
        return path
    try:
        other = load(path).target.name
    except BundleError:
        what = "no model that this layerwise can read"
    else:
        if other == target:
            return path
        what = f"a model of {other!r}"
    raise ParameterError(
        f"The file {path.name!r} is there and holds {what}, which would be lost. Name "
        "another file with --out."
    )


def _file_name(target: str) -> str:
    """Make a file name of a column name: letters and digits of all scripts stay.

    Example:
        >>> _file_name("net price (€)"), _file_name("温度")
        ('net_price', '温度')
    """
    kept = (
        c if c in ".-" or unicodedata.category(c)[0] in "LMN" else " " for c in target
    )
    name = "_".join("".join(kept).split()).strip("._-")
    return name.encode()[:LONGEST_NAME].decode(errors="ignore") or "model"


def _plain(model: Model, path: Path, seconds: float, said: list[str]) -> dict[str, Any]:
    facts, history = model.facts, model.history
    plain: dict[str, Any] = {
        "task": model.task,
        "target": model.target.name,
        "n_rows": facts.n_rows,
        "n_train": facts.n_train,
        "n_valid": facts.n_valid,
        "layers": layers_plain(model.layers),
        "n_parameters": model.n_parameters,
        "batch_size": facts.regime.batch_size,
        "n_batches": n_batches(facts.n_train, facts.regime.batch_size),
        "epochs": len(history.epochs),
        "iterations": history.iterations,
        "best_epoch": history.best_epoch,
        "refit_epochs": facts.refit_epochs,
        "folds": facts.folds,
        "n_measured": facts.n_measured,
        "ensemble": ensemble_plain(model),
        "n_networks": model.n_networks,
        "seconds": round(seconds, 3),
        **measures_plain(model),
        "baseline": facts.baseline,
        "model": str(path),
        "optimizer": facts.regime.optimizer,
        "stopped": history.stopped,
        "classes": list(model.target.classes),
        "left_out": [c.name for c in model.schema.columns if not c.units],
        "warnings": said,
    }
    if model.is_equation:
        plain["equation"] = model.equation()
    return plain


def _print(model: Model, path: Path, seconds: float) -> None:
    facts, out = model.facts, console()
    out.print(f"{purpose(model)}.")
    out.print()
    for drawn in parts_drawn(model):
        out.print(drawn)
        out.print()
    out.print(training_table(model, seconds))
    if model.is_equation:
        out.print()
        out.print(equation(model))
    out.print()
    out.print(
        metrics_table(where_measured(model), facts.valid, facts.baseline, model.task)
    )
    out.print(f"\nModel: {path}", soft_wrap=True)
