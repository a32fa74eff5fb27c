"""A query on an SQLite file becomes a frame; nothing can be written.

Three locks: the file is opened read-only, the connection takes queries only,
and each statement is asked before it runs whether it only reads.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import polars as pl

from layerwise.errors import ReadError, did_you_mean, listed
from layerwise.table.sources.database import from_rows
from layerwise.table.sources.limits import LARGEST_CELL, MOST_COLUMNS, size_text

__all__ = ["read_sqlite"]

_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
# What SQLite says when one of the locks holds.
_WRITING = ("not authorized", "authorization denied", "prohibited", "readonly")


def read_sqlite(
    path: str, sql: str | None, most_bytes: int
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read the rows of a query on an SQLite file.

    Args:
        path: The file.
        sql: One query.
        most_bytes: What its rows may take.

    Returns:
        The frame, and what reading found, a sentence each.

    Raises:
        ReadError: When the query fails, writes, or gives no rows.

    Example:
        >>> import tempfile
        >>> with tempfile.NamedTemporaryFile() as file:
        ...     read_sqlite(file.name, "select 1 as a, 'x' as b", 1000)[0].rows()
        [(1, 'x')]
    """
    with _connected(path) as connection:
        tables = _tables(connection)
        if sql is None:
            raise ReadError(_without_query(tables))
        connection.set_authorizer(_only_reading)
        try:
            cursor = connection.execute(sql)
            if cursor.description is None:
                raise ReadError(
                    "the query gives no table. Write one that selects rows."
                )
            names = [str(column[0]) for column in cursor.description]
            return from_rows(names, cursor, most_bytes)
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise ReadError(_said(connection, error, tables)) from error


@contextmanager
def _connected(path: str) -> Iterator[sqlite3.Connection]:
    address = f"file:{quote(str(Path(path).absolute()))}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.execute("pragma query_only = 1")
            connection.execute("pragma trusted_schema = 0")
            connection.execute("pragma cell_size_check = 1")
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_CELL)
            connection.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, MOST_COLUMNS)
            yield connection
    except sqlite3.Error as error:
        raise ReadError(f"it is a damaged SQLite file ({error}).") from error


def _tables(connection: sqlite3.Connection) -> list[str]:
    """Return the names of all tables and views."""
    rows = connection.execute(
        "select name from sqlite_master where type in ('table', 'view') "
        "and name not like 'sqlite\\_%' escape '\\' order by name"
    )
    return [str(name) for (name,) in rows]


def _only_reading(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _without_query(tables: list[str]) -> str:
    if not tables:
        return "it is an SQLite database without tables."
    return (
        f"it is an SQLite database with {listed(tables)}. Say which rows to read: "
        f"sql={f'select * from {_name(tables[0])}'!r}."
    )


def _name(table: str) -> str:
    return table if table.isidentifier() else '"' + table.replace('"', '""') + '"'


def _said(connection: sqlite3.Connection, error: Exception, tables: list[str]) -> str:
    """Turn what SQLite says into a sentence that lets the user go on."""
    text = str(error)
    before, _, word = text.partition(": ")
    if before == "no such table":
        # The schema may be named too: main.customers.
        hint = did_you_mean(word.rpartition(".")[2], tables)
        return f"there is no table {word!r}, but {listed(tables)}.{hint}"
    if before == "no such column":
        columns = _columns(connection, tables)
        return f"there is no column {word!r}.{did_you_mean(word, columns)}"
    if any(sign in text for sign in _WRITING):
        return "the query would change the database. Only queries that read are run."
    if "too big" in text:
        return f"a cell is larger than {size_text(LARGEST_CELL)}."
    if "one statement" in text:
        return "there is more than one query. Pass a single one."
    return f"the query failed ({text})."


def _columns(connection: sqlite3.Connection, tables: list[str]) -> set[str]:
    connection.set_authorizer(None)
    names: set[str] = set()
    with suppress(sqlite3.Error):  # a view may be broken itself
        for table in tables:
            rows = connection.execute("select name from pragma_table_info(?)", (table,))
            names.update(str(name) for (name,) in rows)
    return names
