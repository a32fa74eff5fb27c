"""Rows one by one, for text files whose rows are not all alike.

Slower than Polars, and exact: whatever is not as in the file is counted. No row
is left out, so that the rows of a prediction are the rows of its table.

    a row is                        it
    short                           ends in empty cells
    long, with empty cells          loses those
    long, with other cells          loses those, and its line is named; where
                                    that is more than one row in ten, the file
                                    is refused
    a blank line or a comment       is no row; in a file of one column a blank
                                    line is an empty cell
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import polars as pl

from layerwise.errors import ReadError
from layerwise.table.delimited.dialect import Dialect, loose_rows
from layerwise.table.delimited.quotes import count_quotes
from layerwise.table.delimited.report import Repairs

__all__ = ["MOST_CELLS", "read_rows"]

HEAD = 100
# A file of short rows would fill the memory with cells that it does not hold.
MOST_CELLS = 3_000_000
CHUNK_CELLS = 2_000_000
LONG_ROWS = 0.1
N_LINES_NAMED = 3


@dataclass
class _Reading:
    """What is known while the rows come in."""

    dialect: Dialect
    headed: bool
    n_bytes: int
    repairs: Repairs
    width: int = 0
    n_rows: int = 0
    first_long: tuple[int, int, int] = (0, 0, 0)  # row, line, cells
    is_after_blank: bool = False
    second: tuple[int, int] = (0, 0)  # line, cells
    lines: list[int] = field(default_factory=list)


def read_rows(
    raw: bytes,
    dialect: Dialect,
    headed: bool,
    repairs: Repairs,
    line: int = 1,
    meaning: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    r"""Read a text row by row.

    Args:
        raw: The text in UTF-8, without escapes.
        dialect: How its lines are cut into cells.
        headed: Whether the first row is a header; only messages depend on it.
        repairs: Where each repair is counted.
        line: The number of the first line, for messages.
        meaning: What letters stand for that took the place of escapes.

    Returns:
        All rows, the header among them.

    Raises:
        ReadError: When many rows have more cells than the first one, when a
            quote is never closed, or when the table is too large.

    Example:
        >>> repairs = Repairs()
        >>> read_rows(b"a,b\n1\n", Dialect(), True, repairs).rows()
        [('a', 'b'), ('1', None)]
        >>> repairs.n_short
        1
    """
    before = Repairs(**vars(repairs))
    reading = _Reading(dialect, headed, len(raw), repairs)
    rows = _strict_rows(raw, dialect, line)
    if _has_blanks_before_quotes(raw, dialect):
        rows = _loose_rows(raw, dialect, line, repairs)
    try:
        frame = _frame(_even_rows(rows, reading), meaning or {})
    except _LooseQuoteError:
        vars(repairs).update(vars(before))
        reading = _Reading(dialect, headed, len(raw), repairs)
        rows = _loose_rows(raw, dialect, line, repairs)
        frame = _frame(_even_rows(rows, reading), meaning or {})
    _refuse_long(reading)
    repairs.cut = tuple(reading.lines)
    return frame


def _has_blanks_before_quotes(raw: bytes, dialect: Dialect) -> bool:
    """Whether cells are quoted behind a blank, where the csv module sees no quote."""
    if not dialect.quote:
        return False
    mark, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    blank = re.search(f"{mark} +{quote}".encode(), raw)
    return bool(blank) and not count_quotes(raw, dialect, whole=False).is_clean


class _LooseQuoteError(Exception):
    """A quote closes in the middle of a cell."""


def _frame(rows: Iterator[list[str]], meaning: Mapping[str, str]) -> pl.DataFrame:
    first = next(rows)
    n = max(1, CHUNK_CELLS // len(first))
    chunks = []
    chunk = [first, *islice(rows, n - 1)]
    while chunk:
        # One series cut into columns: to make one for each column takes ten times
        # as long where there are many.
        cells = pl.Series(
            [cell for column in zip(*chunk, strict=True) for cell in column],
            dtype=pl.String,
        )
        cells = cells.set(cells == "", None)
        if meaning:
            cells = cells.str.replace_many(list(meaning), list(meaning.values()))
        height = len(chunk)
        columns = [
            cells.slice(j * height, height).alias(f"{j}") for j in range(len(first))
        ]
        chunks.append(pl.DataFrame(columns))
        chunk = list(islice(rows, n))
    return pl.concat(chunks)


def _even_rows(
    rows: Iterator[tuple[list[str], int, bool]], reading: _Reading
) -> Iterator[list[str]]:
    """Yield every row with as many cells as the first one."""
    repairs = reading.repairs
    was_blank = False
    n_second = 0
    for row, line, is_comment in rows:
        if is_comment:
            repairs.n_comments += 1
            continue
        if not reading.width:
            reading.width = len(row)
        if not row:
            if reading.width > 1:
                repairs.n_blank += 1
                was_blank = True
                continue
            row = [""]
        if was_blank or len(row) != reading.second[1]:
            reading.second = (line, len(row)) if was_blank else (0, 0)
            n_second = 0
        n_second += 1
        if len(row) != reading.width:
            row = _fitted(row, line, reading, was_blank)
        yield row
        was_blank = False
        reading.n_rows += 1
        if reading.n_rows * reading.width > MOST_CELLS + 2 * reading.n_bytes:
            raise ReadError(
                f"it has {reading.width:,} columns, but most of its rows are far "
                "shorter. Look whether its first line belongs to the table."
            )
    line, width = reading.second
    if n_second > 1 and 1 < width < reading.width:
        raise ReadError(_second_table(line, width, reading.width))


def _fitted(row: list[str], line: int, reading: _Reading, was_blank: bool) -> list[str]:
    """Make a row as wide as the table, and count it."""
    repairs, width = reading.repairs, reading.width
    if len(row) < width:
        repairs.n_short += 1
        return row + [""] * (width - len(row))
    n_dropped = sum(map(bool, row[width:]))
    if not n_dropped:
        repairs.n_long += 1
        return row[:width]
    if not repairs.n_cut:
        reading.first_long = (reading.n_rows - reading.headed, line, len(row))
        reading.is_after_blank = was_blank
    repairs.n_cut += 1
    repairs.n_dropped += n_dropped
    if len(reading.lines) < N_LINES_NAMED:
        reading.lines.append(line)
    return row[:width]


def _refuse_long(reading: _Reading) -> None:
    """Refuse a file in which too many rows do not fit the header."""
    n_rows = reading.n_rows - reading.headed
    if reading.repairs.n_cut <= LONG_ROWS * n_rows:
        return
    row, line, n_cells = reading.first_long
    width = reading.width
    if reading.is_after_blank:
        raise ReadError(_second_table(line, n_cells, width))
    against = f"row 0 has {width}"
    if reading.headed:
        against = f"the header has {width} columns"
    mark = {",": "comma", ";": "semicolon", "\t": "tab"}.get(
        reading.dialect.delimiter, repr(reading.dialect.delimiter)
    )
    raise ReadError(
        f"row {row} has {n_cells} cells, but {against}. "
        f"Look for an unquoted {mark} in row {row} (line {line} of the file)."
    )


def _second_table(line: int, n_cells: int, width: int) -> str:
    return (
        f"a second table begins in line {line}, with {n_cells} columns instead of "
        f"{width}. Put each table in a file of its own."
    )


class _Lines:
    """Lines of a text that remember the first one of the row at hand."""

    def __init__(self, raw: bytes) -> None:
        # newline="" cuts at any line end and leaves those inside cells alone.
        self.lines = io.TextIOWrapper(io.BytesIO(raw), "utf-8", newline="")
        self.first = ""

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            self.first = self.first or line
            yield line


def _strict_rows(
    raw: bytes, dialect: Dialect, line: int
) -> Iterator[tuple[list[str], int, bool]]:
    """Yield every row, the number of its first line, and whether it is a comment."""
    lines = _Lines(raw)
    reader = dialect.reader(lines, strict=bool(dialect.quote))
    offset, begin = line, line
    try:
        for row in reader:
            yield row, begin, dialect.is_comment(lines.first)
            lines.first = ""
            begin = reader.line_num + offset
    except csv.Error as error:
        if "expected after" in str(error):
            raise _LooseQuoteError from error
        if "unexpected end of data" in str(error):
            raise ReadError(
                f"a {dialect.quote} opens in line {begin} and is never closed. "
                "Close it, or double it if it is part of the cell."
            ) from error
        if "field larger than field limit" in str(error):
            raise ReadError(
                f"the row in line {begin} holds more than 16 MiB in a cell. Look for "
                "a quote or a line end that is missing."
            ) from error
        raise ReadError(f"the row in line {begin} cannot be read: {error}.") from error


def _loose_rows(
    raw: bytes, dialect: Dialect, line: int, repairs: Repairs
) -> Iterator[tuple[list[str], int, bool]]:
    """Yield rows like `_strict_rows`, with quotes read as a person would."""
    text = raw.decode("utf-8")
    for row, begin, n_lines, n_odd in loose_rows(text, dialect):
        repairs.n_quotes += n_odd
        yield row, line, dialect.is_comment(text[begin : begin + HEAD])
        line += n_lines
