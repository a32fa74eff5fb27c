"""The address of a database, and the cells of a query.

    sqlite:///folder/file.db              a file; four slashes for an absolute path
    postgresql://user:password@host/name  a PostgreSQL server

A password is never shown: not in a message, not in a note, not in a `repr`.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice
from json import dumps
from typing import Any
from urllib.parse import unquote

import polars as pl

from layerwise.errors import ReadError
from layerwise.table.delimited.headings import unique_names
from layerwise.table.sources.cells import from_cells

__all__ = [
    "CHUNK_ROWS",
    "from_rows",
    "is_postgres",
    "refuse_other_addresses",
    "shown_address",
    "sqlite_path",
]

CHUNK_ROWS = 20_000
CELL_BYTES = 8
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://(.*)", re.S)
_POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")


def is_postgres(source: str) -> bool:
    """Tell whether a source is the address of a PostgreSQL server.

    Example:
        >>> is_postgres("postgresql://localhost/shop"), is_postgres("shop.db")
        (True, False)
    """
    address = _ADDRESS.match(source)
    return address is not None and address[1].lower() in _POSTGRES


def sqlite_path(source: str) -> str | None:
    """Return the path in the address of an SQLite file; None for other sources.

    Raises:
        ReadError: When the address names no file.

    Example:
        >>> sqlite_path("sqlite:///shop.db"), sqlite_path("sqlite:////data/shop.db")
        ('shop.db', '/data/shop.db')
    """
    address = _ADDRESS.match(source)
    if address is None or address[1].lower() != "sqlite":
        return None
    path = unquote(address[2].partition("?")[0])
    if not path.startswith("/") or path in ("/", "/:memory:"):
        raise ReadError(
            f"{source!r} names no file. Write sqlite:///shop.db, or "
            "sqlite:////data/shop.db for an absolute path."
        )
    return path[1:]


def refuse_other_addresses(source: str) -> None:
    """Refuse an address of a kind that is not known.

    Raises:
        ReadError: With the kinds that are.

    Example:
        >>> refuse_other_addresses("shop.csv")
        >>> refuse_other_addresses("mysql://localhost/shop")
        Traceback (most recent call last):
        ...
        layerwise.errors.ReadError: Addresses that begin with 'mysql://' are not \
known. A table can be read from sqlite:///file.db, from postgresql://host/name, \
and from a file.
    """
    address = _ADDRESS.match(source)
    if address is not None:
        raise ReadError(
            f"Addresses that begin with {address[1] + '://'!r} are not known. A table "
            "can be read from sqlite:///file.db, from postgresql://host/name, and "
            "from a file."
        )


def shown_address(source: str) -> str:
    """Return an address without the user, the password and the options.

    Example:
        >>> shown_address("postgresql://ann:secret@db.local:5432/shop?sslmode=require")
        'postgresql://db.local:5432/shop'
    """
    address = _ADDRESS.match(source)
    if address is None:
        return source
    # An unescaped @ may be part of the password: only what follows the last one.
    place = address[2].rpartition("@")[2].partition("?")[0]
    return f"{address[1]}://{place}"


def from_rows(
    names: Sequence[str], rows: Iterable[Sequence[Any]], most_bytes: int
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Make a frame of the rows of a query.

    Args:
        names: The names of its columns, which may repeat.
        rows: Its rows.
        most_bytes: What the table may take.

    Returns:
        The frame, and a sentence if a name was changed.

    Raises:
        ReadError: When there are no rows, or too many.

    Example:
        >>> frame, _ = from_rows(["a", "b"], [(1, "x"), (None, 2)], 1000)
        >>> frame.rows()
        [(1, 'x'), (None, '2')]
    """
    columns: list[list[Any]] = [[] for _ in names]
    rows = iter(rows)
    n_rows = size = 0
    while chunk := list(islice(rows, CHUNK_ROWS)):
        n_rows += len(chunk)
        for column, cells in zip(columns, zip(*chunk, strict=True), strict=True):
            column += cells
            size += CELL_BYTES * len(cells)
            size += sum(len(cell) for cell in cells if isinstance(cell, str | bytes))
        if size > most_bytes:
            raise ReadError(
                f"the query gives more than {n_rows - len(chunk):,} rows, too many. "
                "Ask for fewer (limit 1000000), or pass a larger most_bytes."
            )
    if not n_rows:
        raise ReadError("the query gives no rows.")
    unique, changes = unique_names(names)
    frame = pl.DataFrame(
        [
            from_cells(name, _plain(column))
            for name, column in zip(unique, columns, strict=True)
        ]
    )
    return frame, changes


def _plain(cells: list[Any]) -> list[Any]:
    """Exact decimals become numbers, lists and records JSON."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {Decimal}:
        present = [cell for cell in cells if cell is not None]
        is_whole = all(c.is_finite() and c == c.to_integral_value() for c in present)
        number = int if is_whole else float
        return [None if cell is None else number(cell) for cell in cells]
    if kinds & {dict, list}:
        return [
            dumps(cell, ensure_ascii=False, default=str)
            if isinstance(cell, dict | list)
            else cell
            for cell in cells
        ]
    return cells
