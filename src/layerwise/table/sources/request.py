"""A source that is asked for, and what comes of it: plain data.

Both go between the process and the child that reads a foreign file. This module
loads nothing that a child would wait for.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from layerwise.table.delimited.report import Report
from layerwise.table.sources.formats import Format
from layerwise.table.sources.limits import refuse_large

__all__ = ["Parsed", "Request", "checked"]


@dataclass(frozen=True, eq=False)
class Parsed:
    """What was read from a source.

    Attributes:
        frame: The cells.
        notes: What reading found or repaired, a sentence each.
        report: The same in numbers, of a text.
    """

    frame: pl.DataFrame
    notes: tuple[str, ...] = ()
    report: Report | None = None


@dataclass(frozen=True)
class Request:
    """A source to be read.

    Attributes:
        format: What it is.
        sources: A path, several of Parquet files, or the address of a server.
        name: The name of the file; it tells JSON from text.
        most_bytes: What it may decode to.
        seconds: How long reading may take.
        memory_bytes: What a child may allocate for it.
        sql: A query, for a database.
        sheet: The name of a sheet, for a workbook.
    """

    format: Format
    sources: tuple[str, ...]
    name: str
    most_bytes: int
    seconds: float
    memory_bytes: int
    sql: str | None = None
    sheet: str | None = None

    def __repr__(self) -> str:
        """Leave out the sources: the address of a server holds a password."""
        return f"Request({self.format!r}, name={self.name!r})"


def checked(
    frame: pl.DataFrame, notes: Iterable[str] = (), report: Report | None = None
) -> Parsed:
    """Refuse a frame that no table is as large as.

    Raises:
        ReadError: With what is too large.

    Example:
        >>> checked(pl.DataFrame({"a": [1]}), ["one"]).notes
        ('one',)
    """
    refuse_large(frame)
    return Parsed(frame, tuple(notes), report)
