"""layerwise count: how many learnable parameters."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from layerwise.cli.options import Json
from layerwise.cli.render import console, print_json
from layerwise.model.count import Part, count_file, count_layers, is_file_name

__all__ = ["run"]

MOST_LINES = 40


def run(
    what: Annotated[
        str,
        typer.Argument(
            metavar="FILE|LAYERS",
            help='A .safetensors or .onnx file, or layers: "64 relu, 32 relu".',
        ),
    ],
    inputs: Annotated[
        int, typer.Option(metavar="UNITS", help="Units of the input layer, for layers.")
    ] = 1,
    outputs: Annotated[
        int,
        typer.Option(metavar="NEURONS", help="Neurons of the last layer, for layers."),
    ] = 1,
    json: Json = False,
) -> None:
    """Only headers are read, so a file of any size is counted at once."""
    parts = (
        count_file(what) if is_file_name(what) else count_layers(what, inputs, outputs)
    )
    total = sum(part.n_parameters for part in parts)
    if json:
        plain = [
            {"name": p.name, "shape": list(p.shape), "n_parameters": p.n_parameters}
            for p in parts
        ]
        print_json({"n_parameters": total, "parts": plain})
        return
    console().print(_drawing(parts))
    if len(parts) > MOST_LINES:
        console().print(f"and {len(parts) - MOST_LINES:,} more parts")
    console().print(f"[bold]{total:,} learnable parameters[/bold]. {_beside(total)}")


def _drawing(parts: tuple[Part, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for header in ("part", "shape"):
        table.add_column(header)
    table.add_column("learnable parameters", justify="right")
    for part in parts[:MOST_LINES]:
        shape = " x ".join(f"{size:,}" for size in part.shape) or "1"
        table.add_row(escape(part.name), shape, f"{part.n_parameters:,}")
    return table


def _beside(total: int) -> str:
    line, largest = 2, 685_000_000_000
    if total < line:
        return ""
    return (
        f"A line has {line}; DeepSeek R1 has about {largest:,}, "
        f"{largest / total:,.0f} times as many."
        if total <= largest
        else "More than DeepSeek R1's 685,000,000,000."
    )
