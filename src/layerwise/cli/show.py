"""layerwise show: the layers of a model."""

from typing import Any

from layerwise.cli.drawings import (
    decision_rule,
    ensemble_plain,
    equation,
    layers_about,
    layers_plain,
    measures_plain,
    metrics_table,
    parts_drawn,
    purpose,
    training_table,
    where_measured,
)
from layerwise.cli.options import Json, Last, ModelFile
from layerwise.cli.render import console, print_json, visible
from layerwise.errors import listed
from layerwise.model import Model, load

__all__ = ["run"]

MOST_COLUMNS = 12


def run(model: ModelFile, last: Last = False, json: Json = False) -> None:
    """The arithmetic of every count is shown: 3 x 64 + 64 = 256."""
    shown = load(model).last if last else load(model)
    if json:
        print_json(_plain(shown))
    else:
        _print(shown)


def _plain(shown: Model) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "task": shown.task,
        "target": shown.target.name,
        "n_train": shown.facts.n_train,
        "n_valid": shown.facts.n_valid,
        "layers": layers_plain(shown.layers),
        "ensemble": ensemble_plain(shown),
        "n_networks": shown.n_networks,
        "n_parameters": shown.n_parameters,
        "input_columns": list(shown.input_columns),
        "classes": list(shown.target.classes),
        "decision_rule": decision_rule(shown),
    }
    plain |= measures_plain(shown)
    if shown.is_equation:
        plain["equation"] = shown.equation()
    return plain


def _print(shown: Model) -> None:
    out, facts = console(), shown.facts
    columns = listed(shown.input_columns, MOST_COLUMNS)
    out.print(purpose(shown) + visible(f": {columns}."))
    out.print()
    for drawn in parts_drawn(shown):
        out.print(drawn)
        out.print()
    out.print(layers_about([x for p in shown.parts for x in shown.layers_of(p)]))
    out.print()
    out.print(visible(f"Decision rule: {decision_rule(shown)}."))
    out.print()
    if shown.is_equation:
        out.print(equation(shown))
        out.print()
    out.print(training_table(shown))
    out.print()
    if facts.valid:
        title, task = where_measured(shown), shown.task
        out.print(metrics_table(title, facts.valid, facts.baseline, task))
    else:
        out.print("Not measured yet: these are the parameters of the last epoch.")
