"""Drawings of a model that several commands show: layers, training, metrics."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from layerwise.cli.render import drawing, number, visible
from layerwise.errors import listed
from layerwise.model import Model
from layerwise.network import LayerSummary
from layerwise.training import n_batches

__all__ = [
    "decision_rule",
    "equation",
    "layers_plain",
    "layers_table",
    "metrics_table",
    "training_table",
    "where_measured",
]

METRICS = {
    "rmse": "RMSE (typical error)",
    "mae": "MAE (mean error)",
    "r2": "R² (share explained)",
    "log_loss": "log-loss (lower is better)",
    "accuracy": "accuracy (share right)",
    "auc": "AUC (1 is best)",
}
IN_TARGET_UNITS = ("rmse", "mae")
MOST_TERMS = 20
LONGEST_ARITHMETIC = 34


def layers_plain(layers: Sequence[LayerSummary]) -> list[dict[str, Any]]:
    """Return the layers as the JSON contract has them."""
    return [
        {
            "name": layer.name,
            "shape_in": list(layer.shape_in),
            "shape_out": list(layer.shape_out),
            "activation": layer.activation,
            "n_parameters": layer.n_parameters,
        }
        for layer in layers
    ]


def layers_table(layers: Sequence[LayerSummary], loss: str) -> Table:
    """Draw the layers with the arithmetic of their parameters."""
    table = drawing()
    for header in ("layer", "in", "out"):
        table.add_column(header, no_wrap=True)
    table.add_column("activation")
    table.add_column("learnable parameters", justify="right")
    for layer in layers:
        activation = layer.activation or "-"
        table.add_row(
            layer.name,
            f"[{layer.shape_in[0]}]",
            f"[{layer.shape_out[0]}]",
            f"loss: {loss}" if layer.name == "output" else activation,
            _arithmetic(layer),
        )
    total = sum(layer.n_parameters for layer in layers)
    table.add_row("all layers", "", "", "", f"{total:,}", style="bold")
    return table


def _arithmetic(layer: LayerSummary) -> str:
    """Show the sum behind a count, unless it is as long as many embeddings make it."""
    if not layer.n_parameters:
        return "0"
    if layer.name != "input" or len(layer.arithmetic) <= LONGEST_ARITHMETIC:
        return layer.arithmetic
    n = layer.arithmetic.count("+") + 1
    return f"{n} embeddings = {layer.n_parameters:,}"


def decision_rule(model: Model) -> str:
    """Say how the last numbers become a prediction."""
    output, classes = model.network.output, model.target.classes
    if model.task == "binary":
        no, yes = classes
        return f"{yes!r} if p >= {output.threshold:g}, else {no!r}"
    if model.task == "multiclass":
        return f"the class with the largest p, of {listed(classes)}"
    return f"the prediction is {number(output.center, 6)} + {number(output.scale, 6)} a"


def training_table(model: Model, seconds: float | None = None) -> Table:
    """Draw how it was trained: the arithmetic of batches, epochs and iterations."""
    facts, history = model.facts, model.history
    n, size, epochs = facts.n_train, facts.regime.batch_size, len(history.epochs)
    batches = n_batches(n, size)
    last = n - (batches - 1) * size
    short = f", the last with {last:,}" if last < size else ""
    time = "" if seconds is None else f", in {seconds:.1f} s"
    table = drawing()
    table.show_header = False
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    if facts.regime.optimizer == "lbfgs":
        table.add_row("batches", f"1: each iteration sees all {n:,} training rows")
    else:
        table.add_row("batches", f"{n:,} training rows / {size:,} = {batches:,}{short}")
    table.add_row(
        "iterations",
        f"{epochs:,} {'epoch' if epochs == 1 else 'epochs'} x {batches:,} = "
        f"{history.iterations:,}, with {facts.regime.optimizer}{time}",
    )
    kept = "; the file keeps the last one too" if model.last_params is not None else ""
    table.add_row("best epoch", f"{history.best_epoch:,}{kept}")
    table.add_row("ended", f"because {history.stopped}")
    return table


def where_measured(model: Model) -> str:
    """Say which rows the metrics of training are from."""
    facts = model.facts
    if facts.n_valid:
        return f"on {facts.n_valid:,} rows it never saw"
    return f"on its {facts.n_train:,} training rows"


def metrics_table(
    title: str,
    metrics: Mapping[str, float | None],
    baseline: Mapping[str, float | None] | None = None,
    task: str = "",
) -> Table:
    """Draw metrics, beside those of the baseline where there is one."""
    table = drawing()
    table.add_column(title)
    table.add_column("network", justify="right")
    if baseline is not None:
        name = "always the mean" if task == "regression" else "always the majority"
        table.add_column(name, justify="right", style="dim")
    for name, value in metrics.items():
        row = [METRICS.get(name, name), _metric(name, value)]
        if baseline is not None:
            row.append(_metric(name, baseline.get(name)))
        table.add_row(*row)
    return table


def _metric(name: str, value: float | None) -> str:
    if value is None or name in IN_TARGET_UNITS or abs(value) >= 100:
        return number(value)
    return f"{value:.4f}"


def equation(model: Model) -> Table | Text:
    """Write a network without hidden layers as an equation in the columns' units."""
    neurons = model.equation()
    if len(neurons) > 1:
        n_weights = len(next(iter(neurons.values())))
        return Text(
            f"One equation of {n_weights} terms for each of {len(neurons)} classes; "
            "--json writes them all."
        )
    (neuron, weights), *_ = neurons.items()
    *terms, (_, bias) = weights.items()
    left = f"z({neuron})" if model.task == "binary" else neuron
    table = drawing()
    table.add_column(f"{visible(left)} =", no_wrap=True, max_width=30)
    table.add_column(f"  {number(bias, 6)}", no_wrap=True)
    for unit, weight in terms[:MOST_TERMS]:
        sign = "-" if weight < 0 else "+"
        table.add_row("", f"{sign} {number(abs(weight), 6)} x {visible(unit)}")
    if len(terms) > MOST_TERMS:
        table.add_row("", f"+ {len(terms) - MOST_TERMS} more; --json writes them all")
    return table
