"""A query on a PostgreSQL server becomes a frame; nothing can be written.

The transaction is read-only and is never committed; rows come in parts, so
that a large answer is refused before it fills the memory. How long a query may
take is the server's to enforce, so that it stops there too.
"""

import re
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import polars as pl

from layerwise.errors import MissingPackageError, ReadError, did_you_mean, listed
from layerwise.table.sources.database import CHUNK_ROWS, from_rows

if TYPE_CHECKING:
    import psycopg

__all__ = ["read_postgres"]

CONNECT_SECONDS = 10
MOST_TABLES = 1000
_TABLES = (
    "select table_name from information_schema.tables where table_schema not in "
    "('pg_catalog', 'information_schema') order by table_name limit %s"
)


def read_postgres(
    address: str, sql: str | None, most_bytes: int, seconds: float
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read the rows of a query on a PostgreSQL server.

    Args:
        address: ``postgresql://user:password@host:port/name?options``.
        sql: One query.
        most_bytes: What its rows may take.
        seconds: How long the server may work on it.

    Returns:
        The frame, and what reading found, a sentence each.

    Raises:
        MissingPackageError: When psycopg is not installed.
        ReadError: When the server cannot be reached, or the query fails.
    """
    try:
        # Imported here: only such addresses need it, and it is an extra.
        import psycopg
    except ImportError as error:
        raise MissingPackageError(
            "Reading from PostgreSQL needs the package 'psycopg', which is not "
            'installed. Install it with: pip install "layerwise[postgres]"'
        ) from error
    address = re.sub(r"^\w+(\+\w+)?://", "postgresql://", address)
    _refuse_bare_marks(address)
    try:
        connection = psycopg.connect(address, connect_timeout=CONNECT_SECONDS)
    except (psycopg.Error, ValueError, UnicodeError) as error:
        raise ReadError(
            f"the server cannot be reached ({_first_line(error, address)})."
        ) from None  # the cause may hold the password
    with closing(connection):
        connection.read_only = True
        milliseconds = max(1, int(1000 * seconds))
        connection.execute(f"set statement_timeout = {milliseconds}")
        tables = _tables(connection)
        if sql is None:
            raise ReadError(_without_query(tables))
        try:
            with connection.cursor("layerwise") as cursor:
                cursor.itersize = CHUNK_ROWS
                cursor.execute(sql.encode())
                names = [column.name for column in cursor.description or ()]
                return from_rows(names, cursor, most_bytes)
        except psycopg.Error as error:
            raise ReadError(_said(error, address, tables, seconds)) from None


def _refuse_bare_marks(address: str) -> None:
    """Refuse a password that ends too early: its rest would be taken for the server.

    It would be looked for on the network then, and shown in messages.

    Example:
        >>> _refuse_bare_marks("postgresql://ann:p%40ss@localhost/shop")
    """
    password = re.match(r"\w+://[^:@/?]*:([^?]*)@", address)
    if password and set(password[1]) & {"@", "/"}:
        raise ReadError(
            "the server cannot be reached: there is an '@' or a '/' before the last "
            "'@' of its address. In a user and a password, write %40 and %2F for them."
        )


def _tables(connection: "psycopg.Connection[Any]") -> list[str]:
    rows = connection.execute(_TABLES, (MOST_TABLES,)).fetchall()
    return [str(name) for (name,) in rows]


def _without_query(tables: list[str]) -> str:
    if not tables:
        return "it is a PostgreSQL database without tables."
    return (
        f"it is a PostgreSQL database with {listed(tables)}. Say which rows to read: "
        f"sql='select * from {tables[0]}'."
    )


def _said(
    error: "psycopg.Error", address: str, tables: list[str], seconds: float
) -> str:
    """Turn what the server says into a sentence that lets the user go on."""
    text = _first_line(error, address)
    if error.sqlstate == "42P01" and (found := re.search(r'"(.*)"', text)):
        word = found[1].rpartition(".")[2]
        hint = did_you_mean(word, tables)
        return f"there is no table {word!r}, but {listed(tables)}.{hint}"
    if error.sqlstate == "57014":
        return f"the query took more than {seconds:g} s. Pass a larger most_seconds."
    if error.sqlstate == "25006":
        return "the query would change the database. Only queries that read are run."
    return f"the query failed ({text})."


def _first_line(error: Exception, address: str) -> str:
    """What the error says, without the password."""
    text = str(error).partition("\n")[0]
    patterns = (r"^\w+://[^:@/]*:(.*)@", r"[?&]password=([^&]*)")
    found = [found for one in patterns for found in re.findall(one, address)]
    for secret in filter(None, [address, *found]):
        text = text.replace(secret, "***").replace(unquote(secret), "***")
    return text.rstrip(".")
