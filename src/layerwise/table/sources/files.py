"""A source of any format becomes a frame, within its limits.

    text                      delimited text
    json                      objects
    parquet, arrow, stream    columns with types
    excel                     a sheet
    sqlite, postgres          the rows of a query
    gzip, zstd, bzip2, xz     any of the first five inside

The same function works in the process itself and in a child process: a request
and what comes of it are plain data.
"""

import io
from pathlib import Path, PurePath
from typing import IO

from layerwise.errors import ReadError
from layerwise.table.delimited.text import parse_large, parse_text
from layerwise.table.sources.arrow import read_arrow
from layerwise.table.sources.compressed import NAMES, unpack
from layerwise.table.sources.excel import read_excel
from layerwise.table.sources.formats import HEAD_BYTES, Format, find_format
from layerwise.table.sources.harmless import has_few_cells
from layerwise.table.sources.json_lines import read_json
from layerwise.table.sources.limits import MOST_COLUMNS, size_text
from layerwise.table.sources.parquet import parse_parquet, read_parquet
from layerwise.table.sources.postgres import read_postgres
from layerwise.table.sources.request import Parsed, Request, checked
from layerwise.table.sources.sqlite import read_sqlite

__all__ = ["parse", "parse_bytes", "parse_large_text"]


def parse(request: Request) -> Parsed:
    r"""Read a source.

    Raises:
        ReadError: When it cannot be read, or is too large.
        MissingPackageError: When its format needs a package that is missing.

    Example:
        >>> import tempfile
        >>> with tempfile.NamedTemporaryFile() as file:
        ...     n = file.write(b"a,b\n1,2\n")
        ...     file.flush()
        ...     parse(Request("text", (file.name,), "t.csv", 99, 1.0, 99)).frame.rows()
        [('1', '2')]
    """
    form, (source, *_) = request.format, request.sources
    if form == "postgres":
        result = read_postgres(source, request.sql, request.most_bytes, request.seconds)
    elif form == "sqlite":
        result = read_sqlite(source, request.sql, request.most_bytes)
    elif form == "parquet":
        return parse_parquet(request)
    elif form in NAMES:
        with Path(source).open("rb") as file:
            raw = unpack(file, form, request.most_bytes)
        return _parse_unpacked(raw, request)
    else:
        return parse_bytes(Path(source).read_bytes(), form, request)
    return checked(*result)


def parse_bytes(raw: bytes, form: Format, request: Request) -> Parsed:
    """Read the bytes of a file.

    Raises:
        ReadError: When they cannot be read, or are too many.
        MissingPackageError: When the format needs a package that is missing.

    Example:
        >>> request = Request("json", ("t.json",), "t.json", 99, 1.0, 99)
        >>> parse_bytes(b'{"a": 1}', "json", request).frame.rows()
        [(1,)]
    """
    if len(raw) > request.most_bytes:
        raise ReadError(
            f"it holds {size_text(len(raw))}; the limit is "
            f"{size_text(request.most_bytes)}. Pass a larger most_bytes."
        )
    if form == "json":
        return checked(*read_json(raw, request.most_bytes))
    if form == "parquet":
        return checked(read_parquet([raw], request.most_bytes))
    if form in ("arrow", "stream"):
        return checked(read_arrow(raw, form == "stream", request.most_bytes))
    if form == "excel":
        return checked(*read_excel(raw, request.sheet, request.most_bytes))
    _refuse_wide(raw)
    return checked(*parse_text(raw))


def parse_large_text(file: IO[bytes]) -> Parsed | None:
    r"""Read a large text from its file, where that is safe in the process itself.

    Returns:
        None where it is not large, its rows are not all alike, or its cells are so
        many that a child process should read them.

    Example:
        >>> parse_large_text(io.BytesIO(b"a,b\n1,2\n"))
    """
    found = parse_large(file, has_few_cells)
    return None if found is None else checked(*found)


def _refuse_wide(raw: bytes) -> None:
    """Refuse a line of a million cells before it is cut: that takes a minute."""
    lines = io.BytesIO(raw)  # shares the bytes
    first = next((line for line in lines if line.strip(b"\r\n")), b"")
    first = first.lstrip(b"\r").partition(b"\r")[0]
    n_cells = 1 + max(first.count(mark) for mark in (b",", b";", b"\t", b"|"))
    if n_cells > MOST_COLUMNS and not first.count(b'"'):
        raise ReadError(
            f"its first line has {n_cells:,} cells. A table may have {MOST_COLUMNS:,} "
            "columns."
        )


def _parse_unpacked(raw: bytes, request: Request) -> Parsed:
    form = find_format(raw[:HEAD_BYTES], request.name)
    if form in NAMES or form in ("excel", "sqlite"):
        suffix = PurePath(request.name).suffix
        raise ReadError(
            f"unpacked, it needs a reader of its own. Unpack {suffix} first."
        )
    return parse_bytes(raw, form, request)
