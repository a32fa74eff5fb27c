"""What the terminal shows of plain data: tables, numbers, one JSON object."""

import json
import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from layerwise.network import LayerSummary

__all__ = [
    "console",
    "layers_plain",
    "layers_table",
    "metrics_table",
    "note",
    "number",
    "print_json",
]

METRIC_WORDS = {
    "rmse": "RMSE (typical error)",
    "mae": "MAE (mean error)",
    "r2": "R² (share explained)",
    "log_loss": "log-loss",
    "accuracy": "accuracy",
    "auc": "AUC",
}


def console(stderr: bool = False) -> Console:
    """Return the terminal; plain and wide where there is none."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else 120
    return Console(stderr=stderr, width=width, highlight=False, soft_wrap=False)


def note(text: str) -> None:
    """Print a line on standard error."""
    console(stderr=True).print(escape(text), soft_wrap=True)


def print_json(data: Mapping[str, Any]) -> None:
    """Print one JSON object on standard output; what is not finite becomes null."""
    print(json.dumps(_finite(data), allow_nan=False, ensure_ascii=False))


def _finite(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {str(name): _finite(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return None
    return data


def number(value: float | None, digits: int = 4) -> str:
    """Write a number with a few significant digits, and thousands apart.

    Example:
        >>> number(0.12345), number(123456.7), number(None)
        ('0.1235', '123,457', '-')
    """
    if value is None:
        return "-"
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    return f"{value:.{digits}g}"


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
    table = Table(box=None, pad_edge=False, header_style="bold")
    for header in ("layer", "in", "out", "activation"):
        table.add_column(header)
    table.add_column("learnable parameters", justify="right")
    for layer in layers:
        activation = layer.activation or ("-" if layer.name != "output" else loss)
        table.add_row(
            layer.name,
            f"[{layer.shape_in[0]}]".replace("[", r"\["),
            f"[{layer.shape_out[0]}]".replace("[", r"\["),
            activation,
            layer.arithmetic if layer.n_parameters else "0",
        )
    total = sum(layer.n_parameters for layer in layers)
    table.add_row("", "", "", "[bold]all layers[/bold]", f"[bold]{total:,}[/bold]")
    return table


def metrics_table(
    metrics: Mapping[str, float | None],
    baseline: Mapping[str, float | None] | None = None,
    baseline_name: str = "",
) -> Table:
    """Draw metrics, beside those of the baseline where there is one."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    table.add_column("network", justify="right")
    if baseline is not None:
        table.add_column(baseline_name, justify="right", style="dim")
    for name, value in metrics.items():
        row = [METRIC_WORDS.get(name, name), number(value)]
        if baseline is not None:
            row.append(number(baseline.get(name)))
        table.add_row(*row)
    return table
