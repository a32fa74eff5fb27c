"""Drawings of a model that several commands show: layers, training, metrics."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from layerwise.cli.render import drawing, number, visible
from layerwise.cli.words import asked_for
from layerwise.errors import listed
from layerwise.model import Model
from layerwise.network import LayerSummary
from layerwise.table.reading import count
from layerwise.training import n_batches

__all__ = [
    "decision_rule",
    "ensemble_plain",
    "equation",
    "layers_about",
    "layers_plain",
    "layers_table",
    "measures_plain",
    "metrics_table",
    "parts_drawn",
    "purpose",
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
NOT_MEASURED = {
    "r2": "No R²: it takes rows whose targets differ.",
    "auc": "No AUC: it takes rows of every class.",
}
IN_TARGET_UNITS = ("rmse", "mae")
MOST_TERMS = 20
MOST_SUMMANDS = 8
MOST_NAME = 60


def layers_plain(layers: Sequence[LayerSummary]) -> list[dict[str, Any]]:
    """Return the layers as the JSON contract has them."""
    return [
        {
            "name": layer.name,
            "shape_in": list(layer.shape_in),
            "shape_out": list(layer.shape_out),
            "activation": layer.activation,
            "n_parameters": layer.n_parameters,
            "arithmetic": layer.arithmetic,
        }
        for layer in layers
    ]


def layers_table(
    layers: Sequence[LayerSummary], loss: str, n_networks: int = 1
) -> Table:
    """Draw the layers with the arithmetic of their parameters.

    Args:
        layers: Of one network.
        loss: That of the output layer.
        n_networks: How many networks have these layers.
    """
    table = drawing()
    for header in ("layer", "in", "out", "activation"):
        table.add_column(header, overflow="fold")
    table.add_column("learnable parameters", justify="right", overflow="fold")
    for layer in layers:
        activation = layer.activation or "-"
        columns = count(layer.shape_in[0], "column")
        table.add_row(
            layer.name,
            columns if layer.name == "input" else _shape(layer.shape_in),
            _shape(layer.shape_out),
            f"loss: {_in_words(loss)}" if layer.name == "output" else activation,
            _arithmetic(layer),
        )
    total = sum(layer.n_parameters for layer in layers)
    table.add_row("all layers", "", "", "", f"{total:,}", style="bold")
    if n_networks > 1:
        every = f"{n_networks} x {total:,} = {n_networks * total:,}"
        table.add_row(f"{n_networks} networks", "", "", "", every, style="bold")
    return table


def parts_drawn(model: Model) -> Iterator[Table | Text]:
    """Draw the layers of each part; their names, where there are several."""
    for part in model.parts:
        if len(model.parts) > 1:
            name = part.name[:MOST_NAME]
            which = f"{name}, {part.weight:.0%} of the answer"
            yield Text(visible(which), style="bold underline")
        layers, loss = model.layers_of(part), part.network.output.loss
        yield layers_table(layers, loss, len(part.networks))
    if len(model.parts) > 1:
        n = f"{model.n_parameters:,} learnable parameters"
        yield Text(f"all {model.n_networks} networks: {n}", style="bold")


def ensemble_plain(model: Model) -> list[dict[str, Any]]:
    """Return the parts of a model: their weights, and their layers."""
    return [
        {
            "name": part.name,
            "weight": part.weight,
            "n_networks": len(part.networks),
            "n_parameters": part.n_parameters,
            "layers": layers_plain(model.layers_of(part)),
        }
        for part in model.parts
    ]


def layers_about(layers: Sequence[LayerSummary]) -> Table:
    """Say what each layer is for; layers of one kind are said once."""
    table = drawing()
    table.show_header = False
    table.add_column(style="dim", overflow="fold")
    table.add_column(overflow="fold")
    said: dict[str, list[str]] = {}
    for layer in layers:
        names = said.setdefault(layer.about, [])
        if layer.name not in names:
            names.append(layer.name)
    for about, names in said.items():
        table.add_row(_together(names), about)
    return table


def _in_words(loss: str) -> str:
    """Write the name of a loss as people do; a narrow column breaks it there.

    Example:
        >>> _in_words("binary-cross-entropy"), _in_words("squared")
        ('binary cross-entropy', 'squared')
    """
    return loss.replace("-", " ", 1)


def _together(names: Sequence[str]) -> str:
    """Write the names of layers, the word of those of one kind once.

    Example:
        >>> _together(["dropout 3", "dropout 5"]), _together(["input"])
        ('dropout 3, 5', 'input')
    """
    kind = names[0].rpartition(" ")[0]
    return ", ".join([names[0], *(name.removeprefix(f"{kind} ") for name in names[1:])])


def _shape(shape: tuple[int, ...]) -> str:
    """Write a shape.

    Example:
        >>> _shape((64,)), _shape((8, 64))
        ('[64]', '[8 x 64]')
    """
    return f"[{' x '.join(map(str, shape))}]"


def _arithmetic(layer: LayerSummary) -> str:
    """Show the sum behind a count, the first summands if there are very many."""
    if not layer.n_parameters:
        return "0"
    summands = layer.arithmetic.partition(" = ")[0].split(" + ")
    more = len(summands) - MOST_SUMMANDS
    if more <= 0:
        return layer.arithmetic
    shown = " + ".join(summands[:MOST_SUMMANDS])
    return f"{shown} + {more:,} more = {layer.n_parameters:,}"


def purpose(model: Model) -> str:
    """Say what is predicted, and from how many columns."""
    target, columns = model.target, count(len(model.input_columns), "column")
    return visible(f"Predicts {target.name!r} ({asked_for(target)}) from {columns}")


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
    is_one = facts.folds == 1 and not facts.refit_epochs and len(model.parts) == 1
    time = f", in {seconds:.1f} s" if seconds is not None and is_one else ""
    table = drawing()
    table.show_header = False
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    if facts.regime.optimizer == "lbfgs":
        rows = count(n, "training row")
        table.add_row("batches", f"1: each iteration sees all {rows}")
    else:
        rows = count(n, "training row")
        table.add_row("batches", f"{rows} / {size:,} = {batches:,}{short}")
    table.add_row(
        "iterations",
        f"{epochs:,} {'epoch' if epochs == 1 else 'epochs'} x {batches:,} = "
        f"{history.iterations:,}, with {facts.regime.optimizer}{time}",
    )
    kept = "; the file keeps the last one too" if model.last_params is not None else ""
    table.add_row("best epoch", f"{history.best_epoch:,}{kept}")
    table.add_row("ended", f"because {history.stopped}")
    for name, what in _more_networks(model):
        table.add_row(name, what)
    if seconds is not None and not is_one:
        table.add_row("seconds", f"{seconds:.1f} for all networks")
    return table


def _more_networks(model: Model) -> Iterator[tuple[str, str]]:
    """Say what was trained beside the network that the history is of."""
    facts, part = model.facts, model.parts[0]
    rows = count(facts.n_train + facts.n_valid, "row")
    refits = len(part.networks) - (facts.folds if facts.folds > 1 else 0)
    if facts.folds > 1:
        of = f" of {part.name[:MOST_NAME]}" if len(model.parts) > 1 else ""
        yield "folds", f"{facts.folds} networks{of}, each with other rows held out"
    if n := facts.refit_epochs:
        who = f"{refits} networks, each " if refits > 1 else ""
        yield f"refit{'s' * (refits > 1)}", f"{who}on all {rows}, {count(n, 'epoch')}"
    if len(model.parts) > 1:
        terms = (f"{p.weight:.3g} x {p.name[:MOST_NAME]}" for p in model.parts)
        yield "the answer", " + ".join(terms)
    used = {part.name for part in model.parts}
    if unused := [name[:MOST_NAME] for name in facts.tried if name not in used]:
        yield "of no use", f"{', '.join(unused)}: the answer is better without"


def where_measured(model: Model) -> str:
    """Say which rows the metrics of training are from."""
    facts = model.facts
    if facts.folds > 1:
        rows = count(facts.n_measured, "row")
        return f"on {rows}, each by networks that never saw it"
    if facts.n_valid:
        refits = "refits" if model.n_networks > 1 else "refit"
        when = f", before the {refits}" if facts.refit_epochs else ""
        return f"on {count(facts.n_valid, 'row')} it never saw{when}"
    return f"on its {count(facts.n_train, 'training row')}"


def measures_plain(model: Model) -> dict[str, Any]:
    """Return the metrics of training under the name of the rows they are from.

    The rows held out, "valid", or the training rows where none were; the other
    is None. Both are where the parameters are not those that were measured.
    """
    is_valid, measured = bool(model.facts.n_valid), model.facts.valid or None
    return {
        "train": None if is_valid else measured,
        "valid": measured if is_valid else None,
    }


def metrics_table(
    title: str,
    metrics: Mapping[str, float | None],
    baseline: Mapping[str, float | None] | None = None,
    task: str = "",
) -> Group:
    """Draw metrics, beside those of the baseline where there is one.

    A measure that the rows do not give is told below.
    """
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
    lacking = {name for name, value in metrics.items() if value is None}
    return Group(table, *(why for name, why in NOT_MEASURED.items() if name in lacking))


def _metric(name: str, value: float | None) -> str:
    if value is None or name in IN_TARGET_UNITS or abs(value) >= 100:
        return number(value)
    return f"{round(value, 4) or 0.0:.4f}"


def equation(model: Model) -> Group | Text:
    """Write a network without hidden layers as an equation in the columns' units.

    Whoever has a row at hand can work it out: a unit of yes and no says which
    of them is 1, and z says whose probability it gives.
    """
    neurons = model.equation()
    if len(neurons) > 1:
        n_weights = len(next(iter(neurons.values())))
        return Text(
            f"One equation of {n_weights} terms for each of {len(neurons)} classes; "
            "--json writes them all."
        )
    (neuron, weights), *_ = neurons.items()
    *terms, (_, bias) = weights.items()
    yes_no = {column.name for column in model.schema.used if column.kind == "yes/no"}
    is_z = model.task == "binary"
    table = drawing()
    table.add_column(f"{'z' if is_z else visible(neuron)} =", max_width=30)
    table.add_column(f"  {number(bias, 6)}", overflow="fold")
    for unit, weight in terms[:MOST_TERMS]:
        sign = "-" if weight < 0 else "+"
        which = " (yes = 1)" if unit in yes_no else ""
        table.add_row("", f"{sign} {number(abs(weight), 6)} x {visible(unit)}{which}")
    if len(terms) > MOST_TERMS:
        table.add_row("", f"+ {len(terms) - MOST_TERMS} more; --json writes them all")
    if not is_z:
        return Group(table)
    one = visible(f"{model.target.classes[1]!r}")
    return Group(table, f"p = 1 / (1 + exp(-z)) is the probability of {one}.")
