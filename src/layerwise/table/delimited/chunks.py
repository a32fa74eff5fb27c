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

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO, Literal, TypeVar

import polars as pl

from layerwise.table.blocks import side_by_side
from layerwise.table.delimited.dialect import LARGEST_CELL, Dialect
from layerwise.table.delimited.proof import Chunk, look_at_bytes
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
MOST_SAMPLED = 2**22  # cells of the first rows
MOST_QUOTED = 10_000  # delimiters in the cells of one row
# Most lines are shorter than this.
LINE_BYTES = 2**12
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


def read_chunks(
    file: IO[bytes],
    dialect: Dialect,
    skip: int = 0,
    chunk_bytes: int = CHUNK_BYTES,
    is_fit: Callable[[Chunk], bool] = lambda chunk: True,
) -> pl.DataFrame | None:
    r"""Read a text whose rows are all alike.

    Args:
        file: The text in UTF-8; it can be read from any place.
        dialect: How its lines are cut into cells.
        skip: How many bytes to pass over first: a mark, or a header.
        chunk_bytes: How many bytes are read at a time.
        is_fit: What else must hold of every chunk.

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

    def looked_at() -> Iterator[Chunk]:
        for raw in _chunks(file, skip, chunk_bytes):
            chunk = look_at_bytes(raw, dialect)
            yield chunk if is_fit(chunk) else chunk._replace(n_lines=None)

    # Three chunks at a time: one is looked at, one cut into cells, and one kept.
    with ThreadPoolExecutor(1) as thread:
        kept: Future[None] | None = None
        for chunk in _ahead(looked_at()):
            cells = _cut(chunk, dialect, columns)
            if kept is not None:
                kept.result()
            if cells is None:
                return None
            kept = thread.submit(_keep, columns, cells)
        if kept is not None:
            kept.result()
    late = [column for column in columns if column.is_late]
    if late and not _read_again(_chunks(file, skip, chunk_bytes), dialect, late):
        return None
    if len({column.n_rows for column in columns}) > 1:
        return None  # somebody wrote into the file meanwhile
    settled = side_by_side(_Column.settle, columns, columns[0].n_rows)
    return pl.DataFrame([cells.alias(str(j)) for j, cells in enumerate(settled)])


def read_large(
    file: IO[bytes],
    dialect: Dialect,
    width: int,
    headed: bool,
    skip: int = 0,
    is_fit: Callable[[Chunk], bool] = lambda chunk: True,
) -> tuple[tuple[str | None, ...] | None, pl.DataFrame] | None:
    r"""Read a large text, its header apart from its rows.

    Args:
        file: The text in UTF-8, without escapes; it can be read from any place.
        dialect: How it is cut.
        width: The number of columns.
        headed: Whether its first row names the columns.
        skip: How many bytes to pass over first.
        is_fit: What else must hold of every chunk.

    Returns:
        The header, None where there is none; and the rows. None where rows and
        cells cannot be proven whole.

    Example:
        >>> import io
        >>> file = io.BytesIO(b"a,b\n1,x\n2,x\n")
        >>> header, rows = read_large(file, Dialect(), 2, headed=True)
        >>> header, rows.rows()
        (('a', 'b'), [(1.0, 'x'), (2.0, 'x')])
    """
    if dialect.comment or dialect.escape:
        return None
    header = None
    if headed:
        file.seek(skip)
        line = file.readline(LARGEST_CELL)
        chunk = look_at_bytes(line, dialect)
        is_header = line.endswith(b"\n") and is_fit(chunk)
        if not is_header or not _may_be_cut(chunk, dialect, width):
            return None
        cells = _texts(chunk, dialect, width)
        if cells is None:
            return None
        header = cells.row(0)
        skip += len(line)
    rows = read_chunks(file, dialect, skip, is_fit=is_fit)
    if rows is None or rows.width != width:
        return None
    return header, rows


def _first_columns(file: IO[bytes], dialect: Dialect, skip: int) -> list[_Column]:
    """Guess from the first rows which columns are numbers."""
    sample = next(_chunks(file, skip, SAMPLE_BYTES), b"")
    n_cells = 1 + sample.count(dialect.delimiter.encode(), 0, sample.find(b"\n"))
    n_lines = count_byte(sample, "\n") + 1
    # Polars makes up what short rows lack; a chunk is proven first, a sample is not.
    if n_lines * n_cells > MOST_SAMPLED:
        return []
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


def _read_again(
    chunks: Iterator[bytes], dialect: Dialect, columns: list[_Column]
) -> bool:
    """Keep columns as texts that were numbers at first; False if the file changed."""
    try:
        for raw in _ahead(chunks):
            cells = _parsed(raw, dialect, columns)
            _keep_texts(columns, _without_empty(cells, raw, dialect))
    except _NOT_ONE:
        return False
    return True


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


def _chunks(file: IO[bytes], skip: int, chunk_bytes: int) -> Iterator[bytes]:
    """Yield whole lines, about so many bytes at a time."""
    n_bytes = file.seek(0, os.SEEK_END)
    place = skip
    while place < n_bytes:
        # Where the last line ends is found first, so that no line is copied.
        stop = _line_end(file, place, n_bytes, chunk_bytes)
        file.seek(place)
        yield file.read(stop - place)
        place = stop


def _line_end(file: IO[bytes], place: int, n_bytes: int, chunk_bytes: int) -> int:
    """The place behind the last line that ends within a chunk.

    A longer line makes the chunk longer; one too long for any row is cut, and the
    look at its bytes refuses it.
    """
    while place + chunk_bytes < n_bytes:
        begin, step = place + chunk_bytes, LINE_BYTES
        while begin > place:
            stop, begin = begin, max(place, begin - step)
            file.seek(begin)
            if cut := file.read(stop - begin).rfind(b"\n") + 1:
                return begin + cut
            step *= 8
        if chunk_bytes > LARGEST_CELL:
            return place + chunk_bytes
        chunk_bytes *= 2
    return n_bytes


def _ahead(items: Iterator[One]) -> Iterator[One]:
    """Make each item while the one before is worked on."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item


def _cut(chunk: Chunk, dialect: Dialect, columns: list[_Column]) -> pl.DataFrame | None:
    """Cut a chunk into cells; None unless each line provably is a whole row."""
    if not _may_be_cut(chunk, dialect, len(columns)):
        return None
    cells = _typed(chunk, dialect, columns)
    return _texts_of(chunk, dialect, columns) if cells is None else cells


def _may_be_cut(chunk: Chunk, dialect: Dialect, width: int) -> bool:
    """Tell whether lines could be whole rows, before Polars makes up what is missing.

    A few bytes of line ends would make a cell in every column, and a long first
    line a column of every delimiter.
    """
    if chunk.n_lines is None or chunk.n_marks < chunk.n_lines * (width - 1):
        return False
    mark, end = dialect.delimiter.encode(), chunk.raw.find(b"\n")
    first = chunk.raw.count(mark, 0, len(chunk.raw) if end < 0 else end)
    return first < width + MOST_QUOTED


def _typed(
    chunk: Chunk, dialect: Dialect, columns: list[_Column]
) -> pl.DataFrame | None:
    """Read numbers straight from the bytes; None where they may not be numbers."""
    if chunk.holds_codes:
        return None
    try:
        cells = _parsed(chunk.raw, dialect, columns)
    except _NOT_ONE:
        return None
    # nan, too, lies beyond any number here: it was a word.
    most = float(LARGEST_INTEGER)
    is_small = pl.col(pl.Float64).is_between(-most, most, closed="none")
    if not all(one.all() for one in cells.select(is_small.all())) or not _is_whole(
        chunk, dialect, cells
    ):
        return None
    return _without_empty(cells, chunk.raw, dialect)


def _texts(chunk: Chunk, dialect: Dialect, width: int) -> pl.DataFrame | None:
    """Read a chunk as texts; None unless each line provably is a whole row."""
    try:
        cells = _parsed(chunk.raw, dialect)
    except _NOT_ONE:
        return None
    is_whole = cells.width == width and _is_whole(chunk, dialect, cells)
    return _without_empty(cells, chunk.raw, dialect) if is_whole else None


def _texts_of(
    chunk: Chunk, dialect: Dialect, columns: list[_Column]
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


def _is_whole(chunk: Chunk, dialect: Dialect, cells: pl.DataFrame) -> bool:
    """Tell whether each line provably is a row, and each row has every cell."""
    if cells.height != chunk.n_lines:
        return False
    if dialect.quote and dialect.quote.encode() in chunk.raw:
        # Polars takes quotes out of the middle of cells. A short row would leave a
        # null at its end; an empty text is none.
        is_clean = count_quotes(chunk.raw, dialect, whole=False).is_clean
        return is_clean and not cells[:, -1].null_count()
    return chunk.n_marks == chunk.n_lines * (cells.width - 1)


def _without_empty(cells: pl.DataFrame, raw: bytes, dialect: Dialect) -> pl.DataFrame:
    """Take empty texts away; only quotes around nothing leave them."""
    if not dialect.quote or dialect.quote.encode() not in raw:
        return cells
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
