r"""A large text, chunk by chunk, so that all its cells never stand in memory as text.

Each column is kept as small as its cells allow:

    every cell is                     kept as
    a plain number: 12.5, -3e4        Float64
    a text that repeats               Categorical: each text once, and its number
    another text                      String

Polars reads numbers straight from the bytes. A column that turns out to hold
anything else is read again from the start as text, so that every cell stands
as it would if the file had been read at once. Where rows and cells cannot be
proven whole from the bytes there is no result, and another way reads the file.
"""

import io
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import BinaryIO, Literal, NamedTuple, TypeVar

import numpy as np
import polars as pl

from layerwise.table.delimited.dialect import Dialect
from layerwise.table.delimited.quotes import count_byte, count_quotes
from layerwise.table.delimited.text_numbers import TextNumbers
from layerwise.table.dress import open_mark

__all__ = ["read_chunks", "read_large"]

# Memory of this size is used again for the next chunk; of a larger one, the
# system would clear every page anew.
CHUNK_BYTES = 2**23
SAMPLE_BYTES = 2**18
# A column with more different texts is kept as texts: a dictionary saves nothing.
MOST_DISTINCT = 2**20
FEW_DISTINCT = 1_000
# Before the last chunk, so many may still repeat in later ones.
FIRST_DISTINCT = 2**18
LARGEST_INTEGER = 2**53
# A longer row than this is the business of the careful way.
LONGEST_ROW = 2**24
# Bytes are looked at in pieces that fit the processor's cache.
PIECE = 2**18
_NOT_ONE = (pl.exceptions.PolarsError, pl.exceptions.PanicException)

One = TypeVar("One")
Way = Literal["number", "repeated", "text"]


@dataclass
class _Column:
    """What is known of a column so far: how it is kept, and its chunks."""

    name: str
    way: Way
    known: TextNumbers = field(default_factory=TextNumbers)
    is_late: bool = False
    n_rows: int = 0
    chunks: list[pl.Series] = field(default_factory=list)

    def add(self, cells: pl.Series) -> None:
        """Keep the cells of one more chunk."""
        self.n_rows += len(cells)
        if self.way == "repeated":
            numbers = self.known.number(cells)
            if numbers is None:
                self._write_out()
            else:
                cells = numbers
        self.chunks.append(cells)
        self._must_repeat(FIRST_DISTINCT)

    def settle(self) -> pl.Series:
        """Return the whole column, as texts where too few of them repeat."""
        self._must_repeat(FEW_DISTINCT)
        cells = pl.concat(self.chunks, rechunk=False)
        return self.known.kept_once(cells) if self.way == "repeated" else cells

    def _must_repeat(self, least: int) -> None:
        most = min(MOST_DISTINCT, max(self.n_rows // 4, least))
        if self.way == "repeated" and len(self.known.texts) > most:
            self._write_out()

    def _write_out(self) -> None:
        self.way = "text"
        self.chunks = [self.known.written(chunk) for chunk in self.chunks]

    def start_again(self) -> None:
        """Forget the numbers: one cell is none, so all are wanted as texts."""
        self.way, self.is_late, self.n_rows, self.chunks = "repeated", True, 0, []


class _Chunk(NamedTuple):
    """Whole lines, and what was found of their bytes.

    Attributes:
        raw: The lines.
        holds_codes: Whether any cell begins like a code: a zero, then another digit.
        n_lines: How many lines there are.
        n_marks: How many delimiters; both None where something stands in the way.
    """

    raw: bytes
    holds_codes: bool
    n_lines: int | None
    n_marks: int


def read_chunks(
    file: BinaryIO, dialect: Dialect, skip: int = 0, chunk_bytes: int = CHUNK_BYTES
) -> pl.DataFrame | None:
    r"""Read a text whose rows are all alike.

    Args:
        file: The text in UTF-8; it can be read from any place.
        dialect: How its lines are cut into cells.
        skip: How many bytes to pass over first: a mark, or a header.
        chunk_bytes: How many bytes are read at a time.

    Returns:
        The cells in columns named 0, 1, ... with empty cells null; None where a
        row has more or fewer cells than the first, a cell holds a line end, or
        anything else cannot be proven from the bytes.

    Example:
        >>> import io
        >>> read_chunks(io.BytesIO(b"1,a\n2.5,a\n"), Dialect()).rows()
        [(1.0, 'a'), (2.5, 'a')]
        >>> read_chunks(io.BytesIO(b"1,a\n2.5\n"), Dialect()) is None
        True
    """
    columns = _first_columns(file, dialect, skip)
    if not columns:
        return None
    # Three chunks at a time: one is proven, one cut into cells, and one kept.
    with ThreadPoolExecutor(1) as thread:
        kept: Future[None] | None = None
        for chunk in _ahead(_proven(_chunks(file, skip, chunk_bytes), dialect)):
            cells = _typed(chunk, dialect, columns)
            if cells is None:
                cells = _texts_of(chunk, dialect, columns)
            if kept is not None:
                kept.result()
            if cells is None:
                return None
            kept = thread.submit(_keep, columns, cells)
        if kept is not None:
            kept.result()
    late = [column for column in columns if column.is_late]
    for raw in _ahead(_chunks(file, skip, chunk_bytes)) if late else ():
        cells = _parsed(raw, dialect, late)
        _keep_texts(late, _without_empty(cells))
    return pl.DataFrame(
        [column.settle().alias(str(j)) for j, column in enumerate(columns)]
    )


def read_large(
    raw: bytes, dialect: Dialect, width: int, headed: bool
) -> tuple[tuple[str | None, ...] | None, pl.DataFrame] | None:
    r"""Read a large text, its header apart from its rows.

    Args:
        raw: The text in UTF-8, without escapes.
        dialect: How it is cut.
        width: The number of columns.
        headed: Whether its first row names the columns.

    Returns:
        The header, None where there is none; and the rows. None where rows and
        cells cannot be proven whole.

    Example:
        >>> header, rows = read_large(b"a,b\n1,x\n2,x\n", Dialect(), 2, headed=True)
        >>> header, rows.rows()
        (('a', 'b'), [(1.0, 'x'), (2.0, 'x')])
    """
    if dialect.comment or dialect.escape:
        return None
    header, skip = None, 0
    if headed:
        skip = raw.find(b"\n") + 1
        header_row = next(_proven(iter([raw[:skip]]), dialect))
        cells = _texts(header_row, dialect, width) if skip else None
        if cells is None:
            return None
        header = cells.row(0)
    # BytesIO shares the bytes: nothing is copied but a chunk at a time
    rows = read_chunks(io.BytesIO(raw), dialect, skip)
    if rows is None or rows.width != width:
        return None
    return header, rows


def _first_columns(file: BinaryIO, dialect: Dialect, skip: int) -> list[_Column]:
    """Guess from the first rows which columns are numbers."""
    sample = next(_chunks(file, skip, SAMPLE_BYTES), b"")
    try:
        cells = _parsed(sample, dialect) if sample else pl.DataFrame()
    except _NOT_ONE:
        return []
    # Whether 1.234 is 1234 is asked of the texts: a float does not show its zeros.
    numbers = {name for name in _plain_numbers(cells) if not open_mark(cells[name])}
    return [
        _Column(name, "number" if name in numbers else "repeated")
        for name in cells.columns
    ]


def _keep(columns: list[_Column], cells: pl.DataFrame) -> None:
    """Add a chunk to each column, unless it must be read again anyway."""
    for column in columns:
        if column.way == "number":
            if cells[column.name].dtype == pl.Float64:
                column.add(cells[column.name])
            else:
                column.start_again()
    _keep_texts([c for c in columns if c.way != "number" and not c.is_late], cells)


def _keep_texts(columns: list[_Column], cells: pl.DataFrame) -> None:
    for column in columns:
        column.add(cells[column.name])


def _chunks(file: BinaryIO, skip: int, chunk_bytes: int) -> Iterator[bytes]:
    """Yield whole lines, about so many bytes at a time."""
    file.seek(skip)
    rest = b""
    while part := file.read(chunk_bytes):
        cut = part.rfind(b"\n") + 1
        if cut:
            yield rest + part[:cut]
            rest = part[cut:]
        else:
            rest += part
            if len(rest) > LONGEST_ROW:
                break
    if rest:
        yield rest


def _ahead(items: Iterator[One]) -> Iterator[One]:
    """Make each item while the one before is worked on."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item


def _proven(chunks: Iterator[bytes], dialect: Dialect) -> Iterator[_Chunk]:
    """Look at the bytes of chunks."""
    for raw in chunks:
        is_odd = b"\0" in raw
        is_odd = is_odd or (b"\r" in raw and raw.count(b"\r") != raw.count(b"\r\n"))
        n_lines = count_byte(raw, "\n") + (not raw.endswith(b"\n"))
        n_marks = count_byte(raw, dialect.delimiter)
        codes = _holds_codes(raw, dialect)
        yield _Chunk(raw, codes, None if is_odd else n_lines, n_marks)


def _typed(
    chunk: _Chunk, dialect: Dialect, columns: list[_Column]
) -> pl.DataFrame | None:
    """Read numbers straight from the bytes; None where they may not be numbers."""
    if chunk.holds_codes:
        return None
    try:
        cells = _parsed(chunk.raw, dialect, columns)
    except _NOT_ONE:
        return None
    # nan, too, is larger than any number here: it was a word.
    numbers = pl.col(pl.Float64)
    large = cells.select((numbers.abs() >= LARGEST_INTEGER).any())
    if any(one.any() for one in large) or not _is_whole(chunk, dialect, cells):
        return None
    return _without_empty(cells)


def _texts(chunk: _Chunk, dialect: Dialect, width: int) -> pl.DataFrame | None:
    """Read a chunk as texts; None unless each line provably is a whole row."""
    try:
        cells = _parsed(chunk.raw, dialect)
    except _NOT_ONE:
        return None
    is_whole = cells.width == width and _is_whole(chunk, dialect, cells)
    return _without_empty(cells) if is_whole else None


def _texts_of(
    chunk: _Chunk, dialect: Dialect, columns: list[_Column]
) -> pl.DataFrame | None:
    """Read a chunk as texts; columns of numbers become numbers if they still are."""
    cells = _texts(chunk, dialect, len(columns))
    if cells is None:
        return None
    numbers = _plain_numbers(cells.select(c.name for c in columns if c.way == "number"))
    return cells.with_columns(numbers.values())


def _parsed(
    raw: bytes, dialect: Dialect, columns: Sequence[_Column] = ()
) -> pl.DataFrame:
    """Let Polars cut a chunk into cells: all columns as texts, or as they are kept."""
    every = "number" not in {column.way for column in columns}
    kinds = {c.name: pl.Float64 if c.way == "number" else pl.String for c in columns}
    return pl.read_csv(
        raw,
        has_header=False,
        columns=list(kinds) if columns and every else None,
        schema=None if every else kinds,
        separator=dialect.delimiter,
        quote_char=dialect.quote or None,
        infer_schema=False,
        raise_if_empty=False,
    )


def _is_whole(chunk: _Chunk, dialect: Dialect, cells: pl.DataFrame) -> bool:
    """Tell whether each line provably is a row, and each row has every cell."""
    if cells.height != chunk.n_lines:
        return False
    if dialect.quote and dialect.quote.encode() in chunk.raw:
        # Polars takes quotes out of the middle of cells. A short row would leave a
        # null at its end; an empty text is none.
        is_clean = count_quotes(chunk.raw, dialect, whole=False).is_clean
        return is_clean and not cells[:, -1].null_count()
    return chunk.n_marks == chunk.n_lines * (cells.width - 1)


def _holds_codes(raw: bytes, dialect: Dialect) -> bool:
    """Tell whether any cell begins like a code: 05, or +4 of a telephone number."""
    found = np.frombuffer(raw, np.uint8)
    edges = [ord(mark) for mark in ("\n", dialect.delimiter, *dialect.quote)]
    for i in range(0, len(found), PIECE):
        piece = found[i : i + PIECE + 3]
        starts = np.zeros(len(piece), bool)  # a cell begins here
        for edge in edges:
            starts[1:] |= piece[:-1] == edge
        signed = starts[:-1] & ((piece[:-1] == ord("-")) | (piece[:-1] == ord("+")))
        starts[1:] |= signed
        zeros = np.flatnonzero(starts[:-1] & (piece[:-1] == ord("0"))) + 1
        plus = np.flatnonzero(starts[:-1] & (piece[:-1] == ord("+"))) + 1
        after = piece[np.concatenate([zeros, plus])]
        if ((after >= ord("0")) & (after <= ord("9"))).any():
            return True
    first = raw[:3].lstrip(b"-")
    return first[:1] in (b"0", b"+") and first[1:2].isdigit()


def _without_empty(cells: pl.DataFrame) -> pl.DataFrame:
    texts = pl.col(pl.String)
    return cells.with_columns(pl.when(texts != "").then(texts))


def _plain_numbers(cells: pl.DataFrame) -> dict[str, pl.Series]:
    """Return the columns whose every cell is a plain number, as numbers.

    A cell such as 00501 or +4915112345678 is a code, and an integer from 2**53 on
    is one that a float cannot tell from the next: such columns stay texts.
    """
    numbers = cells.select(pl.all().cast(pl.Float64, strict=False))
    return {
        cell.name: number
        for cell, number in zip(cells, numbers, strict=True)
        if number.null_count() == cell.null_count()
        and not (number.abs() >= LARGEST_INTEGER).any()
        and not cell.str.contains(r"^[+-]?0\d|^\+\d{7}").any()
    }
