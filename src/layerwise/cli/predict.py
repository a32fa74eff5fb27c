"""layerwise predict: one line for each row, in order."""

import io
import sys
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from layerwise.cli.options import Json, Last, ModelFile, TableFile, to_write
from layerwise.cli.render import note, print_json, visible_lines
from layerwise.model import load
from layerwise.model.files import write_whole
from layerwise.table import read
from layerwise.table.reading import count

__all__ = ["run"]


def run(
    model: ModelFile,
    table: TableFile,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write here, as .csv or .parquet; standard output if not given.",
        ),
    ] = None,
    last: Last = False,
    json: Json = False,
) -> None:
    """Columns are matched by name. Classes also get their probabilities."""
    if out is not None:
        to_write(out, (".csv", ".parquet"), reads=table)
    fitted = load(model).last if last else load(model)
    rows = read(table)
    encoded = fitted.schema.encode(rows, known=(fitted.target.name,))
    frame = fitted.predictions_of(encoded)
    for line in (*rows.notes, *encoded.notes):
        note(line)
    if out is not None:
        write_whole(out, _bytes(frame, out.suffix))
        note(f"{count(len(frame), 'prediction')}: {out}")
    if json:
        summary = {"n_rows": len(frame), "out": None if out is None else str(out)}
        more = {} if out is not None else {"predictions": frame.to_dicts()}
        print_json(summary | more)
    elif out is None:
        _print(_bytes(frame, ".csv"))


def _print(csv: bytes) -> None:
    """Write on standard output; on a terminal, no class of a model steers it."""
    if sys.stdout.isatty():
        print(visible_lines(csv.decode()), end="")
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(csv)


def _bytes(frame: pl.DataFrame, suffix: str) -> bytes:
    file = io.BytesIO()
    if suffix == ".parquet":
        frame.write_parquet(file)
    else:
        frame.write_csv(file)
    return file.getvalue()
