"""layerwise train: a table becomes a model file."""

import re
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from layerwise.cli.options import Dates, Drop, Features, Json, TableFile, names
from layerwise.cli.progress import watching
from layerwise.cli.render import (
    console,
    layers_plain,
    layers_table,
    metrics_table,
    note,
    number,
    print_json,
)
from layerwise.model import Model, train
from layerwise.table import Task, read
from layerwise.training import n_batches

__all__ = ["run"]

MOST_EQUATION_TERMS = 12


def run(
    table: TableFile,
    target: Annotated[
        str, typer.Option(metavar="COLUMN", help="The column to predict.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The model file; TARGET.safetensors if not given."
        ),
    ] = None,
    layers: Annotated[
        str,
        typer.Option(
            help='A catalog name (linear, mlp) or layers: "64 relu, 32 relu".'
        ),
    ] = "mlp",
    loss: Annotated[
        str | None,
        typer.Option(
            help="squared, absolute, huber or cross-entropy; follows the target."
        ),
    ] = None,
    l1: Annotated[float, typer.Option(help="Price of sum|W|.")] = 0.0,
    l2: Annotated[float, typer.Option(help="Price of sum W^2 / 2.")] = 0.0,
    optimizer: Annotated[
        str | None,
        typer.Option(
            help="sgd, momentum, adam, adamw, or lbfgs without hidden layers."
        ),
    ] = None,
    learning_rate: Annotated[
        float | None, typer.Option(help="Length of an update.")
    ] = None,
    schedule: Annotated[
        str, typer.Option(help="constant, linear, cosine or warmup-cosine.")
    ] = "cosine",
    batch_size: Annotated[
        int | None, typer.Option(help="Rows of one batch; follows the rows.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="The most epochs.")] = None,
    patience: Annotated[
        int,
        typer.Option(
            help="Stop after so many epochs without improvement; 0 trains all epochs "
            "and keeps the best and the last."
        ),
    ] = 20,
    valid_fraction: Annotated[
        float, typer.Option(help="Share of rows held out; 0 for none.")
    ] = 0.2,
    valid_by: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="Hold out the last rows by this date, or whole groups of it.",
        ),
    ] = None,
    class_weight: Annotated[
        str | None, typer.Option(help='"balanced", or "yes=5,no=1".')
    ] = None,
    label_smoothing: Annotated[
        float, typer.Option(help="Share of each label spread over all classes.")
    ] = 0.0,
    clip_norm: Annotated[
        float | None, typer.Option(help="Largest length of a gradient.")
    ] = None,
    features: Features = None,
    drop: Drop = None,
    dates: Dates = None,
    task: Annotated[
        Task | None,
        typer.Option(help="What to learn; follows the target if not given."),
    ] = None,
    seed: Annotated[
        int, typer.Option(help="Where every random number comes from.")
    ] = 0,
    json: Json = False,
) -> None:
    """Same table, same seed, same machine: the same file, byte for byte."""
    began = time.monotonic()
    rows = read(table)
    with watching() as watch:
        model = train(
            rows,
            target,
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
            valid_by=valid_by,
            class_weight=_class_weight(class_weight),
            label_smoothing=label_smoothing,
            clip_norm=clip_norm,
            seed=seed,
            features=names(features),
            drop=names(drop),
            dates=dates,
            task=task,
            watch=watch,
        )
    path = out or Path(f"{_file_name(target)}.safetensors")
    model.save(path)
    seconds = time.monotonic() - began
    if json:
        print_json(_plain(model, path, seconds))
    else:
        for line in (*rows.notes, *_left_out(model)):
            note(line)
        _print(model, path, seconds)


def _class_weight(text: str | None) -> str | dict[str, float] | None:
    if text is None or text == "balanced":
        return text
    pairs = [pair.rpartition("=") for pair in text.split(",")]
    try:
        return {
            label.strip(): float(weight) for label, _, weight in pairs if label.strip()
        }
    except ValueError:
        raise typer.BadParameter(
            f'--class-weight is "balanced" or "yes=5,no=1", not {text!r}.'
        ) from None


def _file_name(target: str) -> str:
    """Make a file name of a column name.

    Example:
        >>> _file_name("net price (€)")
        'net_price'
    """
    return re.sub(r"[^\w.-]+", "_", target, flags=re.ASCII).strip("._-") or "model"


def _left_out(model: Model) -> list[str]:
    return [
        f"{column.name}: left out, {column.kind} ({column.why})"
        for column in model.schema.columns
        if not column.units
    ]


def _plain(model: Model, path: Path, seconds: float) -> dict[str, Any]:
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
        "seconds": round(seconds, 3),
        "valid": facts.valid,
        "baseline": facts.baseline,
        "model": str(path),
        "optimizer": facts.regime.optimizer,
        "stopped": history.stopped,
        "left_out": [c.name for c in model.schema.columns if not c.units],
    }
    if model.is_equation:
        plain["equation"] = model.equation()
    return plain


def _print(model: Model, path: Path, seconds: float) -> None:
    facts, history, out = model.facts, model.history, console()
    out.print(layers_table(model.layers, model.network.output.loss))
    batches = n_batches(facts.n_train, facts.regime.batch_size)
    out.print(
        f"\n{facts.n_train:,} training rows in {batches:,} batches of "
        f"{facts.regime.batch_size:,}: {len(history.epochs)} epochs, "
        f"{history.iterations:,} iterations with {facts.regime.optimizer}, "
        f"{seconds:.1f} s.\nBest epoch: {history.best_epoch}. "
        f"Training ended because {history.stopped}.\n"
    )
    where = (
        f"{facts.n_valid:,} rows it never saw" if facts.n_valid else "its training rows"
    )
    out.print(f"On {where}:")
    baseline = (
        "always the mean" if model.task == "regression" else "always the majority"
    )
    out.print(metrics_table(facts.valid, facts.baseline, baseline))
    if model.is_equation:
        out.print(escape(_equation(model)))
    out.print(f"\nModel: [bold]{escape(str(path))}[/bold]", soft_wrap=True)


def _equation(model: Model) -> str:
    lines = []
    for neuron, weights in model.equation().items():
        terms = list(weights.items())
        bias = terms.pop()[1]
        shown = terms[:MOST_EQUATION_TERMS]
        text = "".join(
            f" {'-' if weight < 0 else '+'} {number(abs(weight), 6)} × {unit}"
            for unit, weight in shown
        )
        more = f" + {len(terms) - len(shown)} more" if len(terms) > len(shown) else ""
        left = neuron if model.task == "regression" else f"z({neuron})"
        lines.append(f"{left} = {number(bias, 6)}{text}{more}")
    return "\n" + "\n".join(lines[:5])
