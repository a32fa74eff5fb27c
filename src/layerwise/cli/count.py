"""layerwise count: how many learnable parameters."""

import math
from typing import Annotated

import typer
from rich.table import Table

from layerwise.cli.options import Json
from layerwise.cli.render import console, drawing, note, print_json, visible
from layerwise.errors import listed
from layerwise.model.count import Part, count_file, count_layers, is_file_name

__all__ = ["run"]

MOST_LINES = 40
MOST_NAME = 60
LINE = 2
LARGEST = 685_000_000_000
"""DeepSeek R1."""
SCALE_WIDTH = 53


def run(
    what: Annotated[
        str,
        typer.Argument(
            metavar="FILE|LAYERS",
            help="A .safetensors or .onnx file, the .safetensors.index.json of a "
            'model in many files, or layers: "64 relu, 32 relu".',
        ),
    ],
    inputs: Annotated[
        int,
        typer.Option(metavar="UNITS", help="Units of the input layer, for layers."),
    ] = 1,
    outputs: Annotated[
        int,
        typer.Option(metavar="NEURONS", help="Neurons of the last layer, for layers."),
    ] = 1,
    json: Json = False,
) -> None:
    """Of a .safetensors file only the header is read, however large it is."""
    found = (
        count_file(what) if is_file_name(what) else count_layers(what, inputs, outputs)
    )
    parts = tuple(part for part in found if part.is_learnable)
    others = tuple(part for part in found if not part.is_learnable)
    if others:
        note(_left_out(others))
    total = sum(part.n_parameters for part in parts)
    if json:
        plain = [
            {"name": p.name, "shape": list(p.shape), "n_parameters": p.n_parameters}
            for p in parts
        ]
        print_json({"n_parameters": total, "parts": plain})
        return
    out = console()
    out.print(_drawing(parts, total))
    out.print(f"\n{_scale(total)}\n{_beside(total)}")


def _drawing(parts: tuple[Part, ...], total: int) -> Table:
    table = drawing()
    for header in ("part", "shape"):
        table.add_column(header, overflow="fold")
    table.add_column("learnable parameters", justify="right", overflow="fold")
    for part in parts[:MOST_LINES]:
        shape = " x ".join(f"{size:,}" for size in part.shape) or "1"
        table.add_row(visible(part.name), shape, f"{part.n_parameters:,}")
    rest = parts[MOST_LINES:]
    if rest:
        count = sum(part.n_parameters for part in rest)
        table.add_row(f"{len(rest):,} more parts", "", f"{count:,}")
    table.add_row("all parts", "", f"{total:,}", style="bold")
    return table


def _left_out(others: tuple[Part, ...]) -> str:
    """Say which parts are not counted, and how large they are.

    Example:
        >>> _left_out((Part("bn.steps", (), 1, is_learnable=False),))
        "Left out: 1 entry that is not floating-point, in 'bn.steps'."
    """
    n = sum(part.n_entries for part in others)
    entries = "1 entry that is" if n == 1 else f"{n:,} entries that are"
    names = listed((part.name[:MOST_NAME] for part in others), most=3)
    return f"Left out: {entries} not floating-point, in {names}."


def _scale(total: int) -> str:
    """Draw a count on the way from a line to DeepSeek R1; each step is ten times more.

    Example:
        >>> print(_scale(1_000_000))
        2 --------------------------▲--------------------------- 685 billion
    """
    share = math.log(max(total, LINE) / LINE) / math.log(LARGEST / LINE)
    at = min(round(share * SCALE_WIDTH), SCALE_WIDTH)
    drawn = "-" * at + "▲" + "-" * (SCALE_WIDTH - at)
    return f"{LINE} {drawn} {_times(LARGEST)}"


def _beside(total: int) -> str:
    """Put a count between the smallest network and a very large one."""
    if total > LARGEST:
        return f"More than DeepSeek R1, which has about {LARGEST:,}."
    if total < LINE:
        return f"A line has {LINE}; DeepSeek R1 has about {LARGEST:,}."
    return (
        f"A line has {LINE}. DeepSeek R1 has about {LARGEST:,}: "
        f"{_times(LARGEST / total)} times as many as this."
    )


def _times(ratio: float) -> str:
    """Write a ratio short, millions as a word.

    Example:
        >>> _times(37_684_987.0), _times(3.25)
        ('38 million', '3.2')
    """
    size, word = 1.0, ""
    for larger, name in ((1e6, " million"), (1e9, " billion")):
        if ratio >= larger:
            size, word = larger, name
    value = ratio / size
    return f"{value:,.0f}{word}" if value >= 10 else f"{value:.1f}{word}"
