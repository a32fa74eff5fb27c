"""Anything that holds a table becomes a `Table`: rows, columns, and a source.

    a path       text .csv .tsv .txt, JSON .jsonl .ndjson .json, and both packed
                 .gz .zst .bz2 .xz; .parquet .arrow .feather .xlsx .xls .db
    a folder     of Parquet files, or a pattern such as data/*.parquet
    an address   sqlite:///shop.db, postgresql://host/shop, with a query
    a frame      pandas, Polars, PyArrow: every eager frame narwhals knows
    an array     two dimensions; the columns are x0, x1 and so on
    a dict       of columns
    a Table      as it is

What a file is, its bytes decide and not its name. Foreign files are read in a
child process with limits; what is small and only text, here (see `is_harmless`).
"""

import glob
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.errors import MissingPackageError, ReadError, listed
from layerwise.table.delimited.report import Report
from layerwise.table.distinct import with_repeats_kept_once
from layerwise.table.reading import count
from layerwise.table.sources.database import (
    is_postgres,
    refuse_other_addresses,
    shown_address,
    sqlite_path,
)
from layerwise.table.sources.files import parse_bytes, parse_large_text
from layerwise.table.sources.formats import HEAD_BYTES, find_format
from layerwise.table.sources.frames import from_array, from_columns, from_frame
from layerwise.table.sources.harmless import LARGEST_JSON, is_harmless
from layerwise.table.sources.isolated import parse_apart
from layerwise.table.sources.limits import limits_of, size_text
from layerwise.table.sources.request import Parsed, Request

__all__ = ["Table", "read"]

CHUNK_BYTES = 2**20


@dataclass(frozen=True, eq=False)
class Table:
    """Rows and columns, as they were read.

    Attributes:
        frame: The cells: texts from a text file, typed columns otherwise.
        source: What the table is called in messages.
        notes: What reading found or repaired, a sentence each.
        report: The same in numbers, of a text file.
    """

    frame: pl.DataFrame
    source: str = "the table"
    notes: tuple[str, ...] = ()
    report: Report | None = None

    @property
    def n_rows(self) -> int:
        """The number of rows."""
        return self.frame.height

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self.frame.columns)

    def rows(self, indices: NDArray[np.integer[Any]]) -> "Table":
        """Take some rows, in the order of the indices.

        Example:
            >>> read({"a": [5, 6, 7]}).rows(np.array([2, 0])).frame["a"].to_list()
            [7, 5]
        """
        return Table(self.frame[indices], self.source, self.notes, self.report)


@dataclass(frozen=True)
class _Options:
    """What the user says beside the source."""

    most_bytes: int | None
    most_seconds: float | None
    sql: str | None
    sheet: str | None

    def request(
        self, form: Any, sources: tuple[str, ...], name: str, size: int | None
    ) -> Request:
        is_text = form in ("text", "json")
        limits = limits_of(size, self.most_bytes, self.most_seconds, is_text)
        return Request(
            form,
            sources,
            name,
            limits.most_bytes,
            limits.seconds,
            limits.memory_bytes,
            self.sql,
            self.sheet,
        )


def read(
    source: Any,
    most_bytes: int | None = None,
    sql: str | None = None,
    sheet: str | None = None,
    most_seconds: float | None = None,
) -> Table:
    """Read a table from a file, a database, a data frame, an array or a dict.

    Args:
        source: A path, a folder or a pattern of Parquet files, the address of a
            database, an eager data frame, a 2-D array, a dict of columns, or a
            Table, which is returned as it is.
        most_bytes: How many bytes a file may decode to; by default 4 GiB, but no
            more than 128 MiB or 1,000 times the size of the file.
        sql: A query that only reads, for a database.
        sheet: The name of a sheet, for an Excel workbook; by default the first.
        most_seconds: How long reading may take; by default it depends on the
            size of the file, and is 10 minutes for a query.

    Returns:
        The table, with at least one row and one column.

    Raises:
        ReadError: When there is nothing that can be read as a table.
        MissingPackageError: When a format needs a package that is missing.

    Example:
        >>> table = read({"age": [31, 45], "job": ["clerk", "cook"]})
        >>> table.n_rows, table.columns
        (2, ('age', 'job'))
        >>> read("none.csv")
        Traceback (most recent call last):
        ...
        layerwise.errors.ReadError: Could not read 'none.csv': there is no such file.
    """
    if isinstance(source, Table):
        return source
    options = _Options(most_bytes, most_seconds, sql, sheet)
    if isinstance(source, str) and is_postgres(source):
        return _read_server(source, options)
    if isinstance(source, str | Path):
        return _read_path(source, options)
    frame, name = _from_memory(source)
    if not frame.height or not frame.width:
        raise ReadError(
            f"{name.capitalize()} has {frame.height} rows and {frame.width} columns. "
            "A table needs at least one of each."
        )
    return Table(frame, name)


def _from_memory(source: Any) -> tuple[pl.DataFrame, str]:
    if isinstance(source, np.ndarray):
        return from_array(source), "the array"
    if isinstance(source, Mapping):
        return from_columns(source), "the dict"
    frame = from_frame(source)
    if frame is None:
        raise ReadError(
            f"A table is a path, a data frame, a 2-D array or a dict of columns. "
            f"Got {type(source).__name__} instead."
        )
    return frame, "the data frame"


def _read_server(address: str, options: _Options) -> Table:
    name = shown_address(address)
    with _naming(name, name):
        parsed = parse_apart(options.request("postgres", (address,), name, None))
    return Table(parsed.frame, name, parsed.notes)


def _read_path(source: str | Path, options: _Options) -> Table:
    """Read files and put their name before whatever goes wrong."""
    path = Path(source)
    if isinstance(source, str):
        in_address = sqlite_path(source)
        if in_address is None:
            refuse_other_addresses(source)
        else:
            path = Path(in_address)
    name = path.name or str(path)  # the folder '.' has no name
    with _naming(str(path), name):
        path = path.expanduser()
        parts = _parts(path)
        if parts is not None:
            _refuse_parts_of_a_file(options)
            size = sum(part.stat().st_size for part in parts)
            files = tuple(map(str, parts))
            parsed = parse_apart(options.request("parquet", files, name, size))
            others = _others_in(path, parts)
            parsed = replace(parsed, notes=(*parsed.notes, *others))
        else:
            parsed = _read_file(path, options)
    frame = with_repeats_kept_once(parsed.frame)
    return Table(frame, name, parsed.notes, parsed.report)


@contextmanager
def _naming(path: str, name: str) -> Iterator[None]:
    """Put the name of the source before whatever goes wrong."""
    try:
        yield
    except FileNotFoundError as error:
        raise ReadError(f"Could not read {path!r}: there is no such file.") from error
    except OSError as error:
        reason = error.strerror or error
        raise ReadError(f"Could not read {name!r}: {reason}.") from error
    except ReadError as error:
        raise ReadError(f"Could not read {name!r}: {error}") from error
    except MissingPackageError:
        raise
    except (RuntimeError, ValueError) as error:  # no such home; a zero byte
        raise ReadError(f"Could not read {path!r}: {error}.") from error


def _parts(path: Path) -> list[Path] | None:
    """Return the files of a folder or a pattern; None for a single file."""
    if path.is_dir():
        parts = sorted(
            part
            for part in path.glob("*.parquet")
            if not part.name.startswith((".", "_"))
        )
        if not parts:
            raise ReadError(
                "it is a folder without Parquet files. Name a file in it, or a "
                "pattern such as 'folder/*.parquet'."
            )
        return parts
    if not glob.has_magic(str(path)) or path.exists():
        return None
    parts = sorted(Path(part) for part in glob.glob(str(path)))
    if not parts:
        raise ReadError("no file fits this pattern.")
    for part in parts:
        with part.open("rb") as file:
            if file.read(4) != b"PAR1":
                raise ReadError(
                    f"{part.name!r} is no Parquet file. Several files are one table "
                    "only when all are Parquet."
                )
    return parts


def _others_in(path: Path, parts: Sequence[Path]) -> tuple[str, ...]:
    """Tell of files beside the Parquet files of a folder: somebody may miss them."""
    if not path.is_dir():
        return ()
    others = sorted(
        other.name
        for other in path.iterdir()
        if other not in parts and other.is_file() and other.name[0] not in "._"
    )
    if not others:
        return ()
    return (
        f"Read {count(len(parts), 'Parquet file')}, and left out "
        f"{count(len(others), 'other file')} of the folder: {listed(others)}.",
    )


def _refuse_parts_of_a_file(options: _Options) -> None:
    if options.sql is not None:
        raise ReadError("a query (sql) is for databases, and these are Parquet files.")
    if options.sheet is not None:
        raise ReadError("it has no sheets: it is no Excel workbook.")


def _read_file(path: Path, options: _Options) -> Parsed:
    with path.open("rb") as opened, _whole(opened, path, options) as file:
        head = file.read(HEAD_BYTES)
        form = find_format(head, path.name)
        size = os.fstat(file.fileno()).st_size
        if options.sql is not None and form != "sqlite":
            raise ReadError("a query (sql) is for databases, and this is a file.")
        if options.sheet is not None and form != "excel":
            raise ReadError("it has no sheets: it is no Excel workbook.")
        is_named = path.is_file()
        source = str(path) if is_named else f"/dev/fd/{file.fileno()}"
        request = options.request(form, (source,), path.name, size)
        if form in ("text", "json"):
            if size > request.most_bytes:
                raise ReadError(
                    f"it holds {size_text(size)}; the limit is "
                    f"{size_text(request.most_bytes)}. Pass a larger most_bytes."
                )
            large = parse_large_text(file) if form == "text" else None
            if large is not None:
                return large
            if form == "text" or size <= LARGEST_JSON:
                file.seek(0)
                raw = file.read()
                if form == "json" or is_harmless(raw):
                    return parse_bytes(raw, form, request)
                del raw
        file.seek(0)
        return parse_apart(request, () if is_named else (file.fileno(),))


@contextmanager
def _whole(opened: IO[bytes], path: Path, options: _Options) -> Iterator[IO[bytes]]:
    """Give a file that can be read twice: a pipe gives its bytes once."""
    if path.is_file():
        yield opened
        return
    most_bytes = limits_of(None, options.most_bytes).most_bytes
    with tempfile.TemporaryFile() as file:
        while chunk := opened.read(CHUNK_BYTES):
            if file.tell() + len(chunk) > most_bytes:
                raise ReadError(
                    f"it gives more than {size_text(most_bytes)}. Pass a larger "
                    "most_bytes."
                )
            file.write(chunk)
        file.seek(0)
        yield cast(IO[bytes], file)
