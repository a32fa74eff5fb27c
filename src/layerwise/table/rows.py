"""Rows one by one, for text files whose rows are not all alike.

Slower than Polars, and exact: short rows and blank lines are counted, a row
that is too long is an error with its number. No row is dropped in silence.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import polars as pl

from layerwise.errors import ReadError
from layerwise.table.dialect import Dialect

__all__ = ["read_rows"]

CHUNK_ROWS = 50_000


def read_rows(
    raw: bytes, dialect: Dialect, headed: bool
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    r"""Read a text row by row.

    Args:
        raw: The text in UTF-8.
        dialect: How its lines are cut into cells.
        headed: Whether the first row is a header; only messages depend on it.

    Returns:
        All rows, the header among them, and a sentence for each kind of repair.

    Raises:
        ReadError: When a row has more cells than the first one, or a quote is
            never closed.

    Example:
        >>> frame, notes = read_rows(b"a,b\n1\n", Dialect(), headed=True)
        >>> notes
        ('1 row was short; its missing cells are empty.',)
    """
    repairs: Counter[str] = Counter()
    even = _even_rows(raw, dialect, headed, repairs)
    chunks = []
    while chunk := list(islice(even, CHUNK_ROWS)):
        columns = [
            pl.Series(f"{j}", column)
            for j, column in enumerate(zip(*chunk, strict=True))
        ]
        chunks.append(pl.DataFrame(columns))
    frame = pl.concat(chunks)
    frame = frame.with_columns(pl.when(pl.all() != "").then(pl.all()))
    return frame, _sentences(repairs)


def _even_rows(
    raw: bytes, dialect: Dialect, headed: bool, repairs: Counter[str]
) -> Iterator[list[str]]:
    """Yield every row with as many cells as the first one."""
    width = 0
    number = -1 if headed else 0
    for row, line in _rows(raw, dialect):
        width = width or len(row)
        if not row:
            if width > 1:
                repairs["blank"] += 1
                continue
            row = [""]
        if len(row) < width:
            repairs["short"] += 1
            row += [""] * (width - len(row))
        elif len(row) > width:
            if any(row[width:]):
                raise ReadError(_too_long(number, line, len(row), width, headed))
            repairs["long"] += 1
            row = row[:width]
        yield row
        number += 1


def _rows(raw: bytes, dialect: Dialect) -> Iterator[tuple[list[str], int]]:
    """Yield every row with the number of the line it begins in, from 1."""
    if raw.count(dialect.quote.encode()) % 2:
        _refuse_open_quote(raw, dialect)
    reader = dialect.reader(_lines(raw))
    begin = 1
    try:
        for row in reader:
            yield row, begin
            begin = reader.line_num + 1
    except csv.Error as error:
        raise ReadError(f"the row in line {begin} cannot be read: {error}.") from error


def _refuse_open_quote(raw: bytes, dialect: Dialect) -> None:
    """Say where a quote opens that is never closed."""
    reader = dialect.reader(_lines(raw), strict=True)
    begin = 1
    try:
        for _ in reader:
            begin = reader.line_num + 1
    except csv.Error as error:
        # Any other strictness is too much: 5" in a cell is harmless.
        if "unexpected end of data" in str(error):
            raise ReadError(
                f"a {dialect.quote} opens in line {begin} and is never closed. "
                "Close it, or double it if it is part of the cell."
            ) from error


def _lines(raw: bytes) -> Iterator[str]:
    # newline="" cuts at any line end and leaves those inside cells alone.
    return io.TextIOWrapper(io.BytesIO(raw), "utf-8", newline="")


def _too_long(row: int, line: int, n_cells: int, width: int, headed: bool) -> str:
    against = f"the header has {width} columns" if headed else f"row 0 has {width}"
    return (
        f"row {row} has {n_cells} cells, but {against}. "
        f"Look for an unquoted comma in row {row} (line {line} of the file)."
    )


def _sentences(repairs: Counter[str]) -> tuple[str, ...]:
    def rows(count: int, singular: str, plural: str) -> str:
        return f"{count:,} {singular if count == 1 else plural}"

    texts = {
        "short": (
            "row was short; its missing cells are empty.",
            "rows were short; their missing cells are empty.",
        ),
        "long": (
            "row ended in an empty cell beyond the last column; it was left out.",
            "rows ended in empty cells beyond the last column; they were left out.",
        ),
        "blank": ("blank line was skipped.", "blank lines were skipped."),
    }
    return tuple(rows(repairs[kind], *texts[kind]) for kind in texts if repairs[kind])
