"""layerwise predict: one line for each row, in order."""

import io
import sys
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from layerwise.cli.ledger import counts_of, safe_in_a_spreadsheet, summary
from layerwise.cli.options import (
    Json,
    Last,
    ModelFile,
    Sheet,
    Sql,
    TableFile,
    to_write,
)
from layerwise.cli.render import note, print_json, visible_lines
from layerwise.errors import ParameterError
from layerwise.files import write_whole
from layerwise.model import load
from layerwise.table import Schema, Table, read
from layerwise.table.ledger import HOW_TO_LIST
from layerwise.table.reading import count

__all__ = ["run"]

ENDINGS = (".csv", ".parquet")
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Write here, as .csv or .parquet; standard output if not given.",
    ),
]
Ledger = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Write a line for every cell that training did not know here, as .csv or "
        ".parquet: what was unseen, missing, out of range or unreadable.",
    ),
]


def run(
    model: ModelFile,
    table: TableFile,
    out: Out = None,
    ledger: Ledger = None,
    last: Last = False,
    sql: Sql = None,
    sheet: Sheet = None,
    json: Json = False,
) -> None:
    """Columns are matched by name. Classes also get their probabilities."""
    _check_files(out, ledger, table)
    fitted = load(model).last if last else load(model)
    rows = read(table, sql=sql, sheet=sheet)
    encoded = fitted.schema.encode(rows, known=(fitted.target.name,))
    frame = fitted.predictions_of(encoded)
    for line in (*rows.notes, *encoded.notes):
        note(line if ledger is None else line.removesuffix(HOW_TO_LIST))
    if out is not None:
        write_whole(out, _bytes(frame, out.suffix))
        note(f"{count(len(frame), 'prediction')}: {out}")
    counts = None if ledger is None else _write_ledger(ledger, fitted.schema, rows)
    if json:
        plain: dict[str, Any] = {
            "n_rows": len(frame),
            "out": None if out is None else str(out),
        }
        if counts is not None:
            plain |= {"ledger": str(ledger), "problems": counts}
        more = {} if out is not None else {"predictions": frame.to_dicts()}
        print_json(plain | more)
    elif out is None:
        _print(_bytes(frame, ".csv"))


def _check_files(out: Path | None, ledger: Path | None, table: str) -> None:
    """Refuse files that cannot be written, or would replace each other."""
    for path, option in ((out, "--out"), (ledger, "--ledger")):
        if path is not None:
            to_write(path, ENDINGS, reads=table, option=option)
    if out is not None and ledger is not None and out.resolve() == ledger.resolve():
        raise ParameterError(
            f"--out and --ledger are the same file {out.name!r}, so that one of them "
            "would be lost. Give another name."
        )


def _write_ledger(path: Path, schema: Schema, table: Table) -> dict[str, int]:
    """Write the cells that training did not know, and say how many there are."""
    found = schema.ledger(table)
    safe = safe_in_a_spreadsheet(found) if path.suffix == ".csv" else found
    write_whole(path, _bytes(safe, path.suffix))
    note(f"{summary(found, table.n_rows)} The ledger: {path}")
    return counts_of(found)


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
