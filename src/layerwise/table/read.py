"""Anything that holds a table becomes a `Table`: rows, columns, and a source.

    a path       .csv .tsv .txt (text cells), the same gzipped, .parquet
    a frame      pandas, Polars, PyArrow: every eager frame narwhals knows
    an array     two dimensions; the columns are x0, x1 and so on
    a dict       of columns
    a Table      as it is

What a file is, its bytes decide and not its name.
"""

import gzip
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.errors import ReadError
from layerwise.table.frames import from_array, from_columns, from_frame
from layerwise.table.text import parse_text

__all__ = ["Table", "read"]

MOST_BYTES = 4 * 2**30
CHUNK_BYTES = 2**20
_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"
_BINARY = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive (an Excel workbook is one: save it as CSV)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (save it as CSV)",
    b"SQLite format 3": "an SQLite database",
    b"ARROW1": "an Arrow file (write it as Parquet)",
    b"\x93NUMPY": "a NumPy file",
    b"\x28\xb5\x2f\xfd": "compressed with Zstandard (unpack it first)",
    b"BZh": "compressed with bzip2 (unpack it first)",
    b"\xfd7zXZ": "compressed with xz (unpack it first)",
    b"\x7fELF": "a program",
    b"\x80\x04\x95": "a Python pickle",
    b"\x80\x05\x95": "a Python pickle",
}


@dataclass(frozen=True, eq=False)
class Table:
    """Rows and columns, as they were read.

    Attributes:
        frame: The cells: texts from a text file, typed columns otherwise.
        source: What the table is called in messages.
        notes: What reading found or repaired, a sentence each.
    """

    frame: pl.DataFrame
    source: str = "the table"
    notes: tuple[str, ...] = ()

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
        return Table(self.frame[indices], self.source, self.notes)


def read(source: Any, most_bytes: int = MOST_BYTES) -> Table:
    """Read a table from a file, a data frame, an array or a dict.

    Args:
        source: A path, an eager data frame, a 2-D array, a dict of columns,
            or a Table, which is returned as it is.
        most_bytes: How many bytes a gzipped file may unpack to.

    Returns:
        The table, with at least one row and one column.

    Raises:
        ReadError: When there is nothing that can be read as a table.

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
    if isinstance(source, str | Path):
        return _read_file(Path(source), most_bytes)
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


def _read_file(path: Path, most_bytes: int) -> Table:
    """Read a file and put its name before whatever goes wrong."""
    try:
        path = path.expanduser()
        if path.is_dir():
            raise ReadError("it is a folder. Name a file in it.")
        with path.open("rb") as file:
            head = file.read(16)
            # A pipe gives its bytes once.
            rest = b"" if path.is_file() else file.read()
        if head.startswith(_PARQUET):
            return Table(_parquet(io.BytesIO(head + rest) if rest else path), path.name)
        _refuse_binary(head)
        if head.startswith(_GZIP):
            raw = _unpack(io.BytesIO(head + rest) if rest else path, most_bytes)
        else:
            raw = head + rest if not path.is_file() else path.read_bytes()
        _refuse_binary(raw[:16])
        frame, notes = parse_text(raw)
    except FileNotFoundError as error:
        raise ReadError(
            f"Could not read {str(path)!r}: there is no such file."
        ) from error
    except OSError as error:
        reason = error.strerror or error
        raise ReadError(f"Could not read {path.name!r}: {reason}.") from error
    except ReadError as error:
        raise ReadError(f"Could not read {path.name!r}: {error}") from error
    except (RuntimeError, ValueError) as error:  # no such home; a zero byte
        raise ReadError(f"Could not read {str(path)!r}: {error}.") from error
    return Table(frame, path.name, notes)


def _parquet(path: Path | io.BytesIO) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        # A damaged file makes Polars panic, which is no ordinary exception.
        first_line = str(error).partition("\n")[0]
        raise ReadError(f"it is a damaged Parquet file ({first_line}).") from error
    if not frame.width:
        raise ReadError("it has no columns.")
    if not frame.height:
        raise ReadError("it has columns but no rows.")
    return frame


def _unpack(path: Path | io.BytesIO, most_bytes: int) -> bytes:
    """Unpack gzip, and stop before a small file fills the memory."""
    parts, size = [], 0
    try:
        with gzip.open(path) as file:
            while part := file.read(CHUNK_BYTES):
                size += len(part)
                if size > most_bytes:
                    raise ReadError(
                        f"it unpacks to more than {most_bytes:,} bytes. Unpack it "
                        "first, or pass a larger most_bytes."
                    )
                parts.append(part)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ReadError(f"it is a damaged gzip file ({error}).") from error
    return b"".join(parts)


def _refuse_binary(head: bytes) -> None:
    """Name what a file is, when it is anything but a text."""
    for mark, what in _BINARY.items():
        if head.startswith(mark):
            raise ReadError(f"it is {what}, not a table.")
    # A .safetensors file: the length of its header in 8 bytes, then JSON.
    if len(head) > 8 and head[8:9] == b"{" and b"\0" in head[:8]:
        raise ReadError("it is a .safetensors model file, not a table.")
