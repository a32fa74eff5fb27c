"""layerwise show: the layers of a model."""

from rich.markup import escape

from layerwise.cli.options import Json, ModelFile
from layerwise.cli.render import (
    console,
    layers_plain,
    layers_table,
    metrics_table,
    print_json,
)
from layerwise.model import load

__all__ = ["run"]


def run(model: ModelFile, json: Json = False) -> None:
    """The arithmetic of every count is shown: 3 x 64 + 64 = 256."""
    shown = load(model)
    if json:
        print_json(
            {
                "task": shown.task,
                "target": shown.target.name,
                "layers": layers_plain(shown.layers),
                "n_parameters": shown.n_parameters,
                "input_columns": list(shown.input_columns),
                "classes": list(shown.target.classes),
                "valid": shown.facts.valid,
            }
        )
        return
    out = console()
    out.print(
        f"Predicts [bold]{escape(shown.target.name)}[/bold] ({shown.task}) from "
        f"{len(shown.input_columns)} columns: "
        f"{escape(', '.join(shown.input_columns))}.\n"
    )
    out.print(layers_table(shown.layers, shown.network.output.loss))
    baseline = (
        "always the mean" if shown.task == "regression" else "always the majority"
    )
    rows = (
        f"{shown.facts.n_valid:,} held-out rows"
        if shown.facts.n_valid
        else "training rows"
    )
    out.print(f"\nWhen it was trained, on {rows}:")
    out.print(metrics_table(shown.facts.valid, shown.facts.baseline, baseline))
