"""A text file becomes a frame of texts; every repair is counted and said.

Two ways lead to the same frame. Polars reads fast, but fills short rows and
blank lines without a word; so its result stands only when the number of rows
and cells can be proven from the bytes. Otherwise Python's own csv module reads
the file again, row by row, and counts what it finds.
"""

import io
from collections.abc import Sequence

import polars as pl

from layerwise.errors import ReadError, listed
from layerwise.table.dialect import Dialect, find_dialect, find_encoding, has_header
from layerwise.table.rows import read_rows

__all__ = ["parse_text", "unique_names"]

SAMPLE_BYTES = 2**18


def parse_text(raw: bytes) -> tuple[pl.DataFrame, tuple[str, ...]]:
    r"""Read a delimited text: encoding, dialect and header are found.

    Args:
        raw: The whole file.

    Returns:
        The frame, text columns only with empty cells null, and what reading
        found or repaired, a sentence each.

    Raises:
        ReadError: When the text holds no rows, or a row has too many cells.

    Example:
        >>> frame, notes = parse_text(b"a;b\n1;\n")
        >>> frame.rows()
        [('1', None)]
    """
    encoding = find_encoding(raw)
    notes = []
    if encoding != "utf-8":
        raw = _to_utf8(raw, encoding)
    if encoding == "cp1252":
        notes.append("The text is not UTF-8; it was read as Windows-1252.")
    elif encoding.startswith("utf-16"):
        notes.append("The text is UTF-16.")
    if b"\0" in raw:
        raise ReadError("it holds zero bytes, so it is not a text file.")
    # A copy of a large file only where there is something to cut off.
    if raw[:1] in (b"\r", b"\n") or raw.endswith((b"\n\n", b"\r\n\r\n", b"\r\r")):
        raw = raw.strip(b"\r\n")
    if not raw.strip():
        raise ReadError("it is empty.")
    sample = raw[:SAMPLE_BYTES].decode("utf-8", errors="ignore")
    dialect = find_dialect(sample)
    headed = has_header(list(io.StringIO(sample, newline="")), dialect)
    repairs: tuple[str, ...] = ()
    cells = _read_fast(raw, dialect)
    if cells is None:
        cells, repairs = read_rows(raw, dialect, headed)
    frame, changes = _named(cells, headed)
    return frame, (*notes, *repairs, *changes)


def _to_utf8(raw: bytes, encoding: str) -> bytes:
    if encoding == "utf-8-sig":
        return raw[3:]
    # Latin-1 names the five bytes that Windows-1252 leaves without a letter.
    for name in (encoding, "latin-1" if encoding == "cp1252" else encoding):
        try:
            return raw.decode(name).encode("utf-8")
        except UnicodeError:
            continue
    raise ReadError("it begins like UTF-16, but cannot be read as such.")


def _read_fast(raw: bytes, dialect: Dialect) -> pl.DataFrame | None:
    """Read with Polars; None unless every row provably has every cell."""
    if raw.count(b"\r") != raw.count(b"\r\n"):
        return None
    try:
        frame = pl.read_csv(
            raw,
            has_header=False,
            separator=dialect.mark,
            quote_char=dialect.quote,
            infer_schema=False,
            raise_if_empty=False,
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    n_quotes = raw.count(dialect.quote.encode())
    if n_quotes % 2:
        return None
    if n_quotes:
        # A short row would leave a null at its end; an empty text is none.
        return _without_empty(frame) if not frame[:, -1].null_count() else None
    n_lines = raw.count(b"\n") + (not raw.endswith(b"\n"))
    n_marks = raw.count(dialect.mark.encode())
    is_whole = frame.height == n_lines and n_marks == n_lines * (frame.width - 1)
    return frame if is_whole else None


def _without_empty(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.when(pl.all() != "").then(pl.all()))


def _named(cells: pl.DataFrame, headed: bool) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Make the first row the names of the columns."""
    if not headed:
        names = [f"x{j}" for j in range(cells.width)]
        n = len(names)
        called = f"columns are called {names[0]} to {names[-1]}"
        if n == 1:
            called = f"column is called {names[0]}"
        note = f"The file has no header; its {called}."
        cells.columns = names
        return cells, (note,)
    if cells.height == 1:
        raise ReadError("it has a header but no rows.")
    names, changed = unique_names([name or "" for name in cells.row(0)])
    cells = cells[1:]
    cells.columns = names
    return cells, changed


def unique_names(names: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Give every column a name of its own.

    Args:
        names: Names as found, possibly empty or repeated.

    Returns:
        The names in the same order, and a sentence if any was changed.

    Example:
        >>> unique_names(["a", "a", ""])[0]
        ['a', 'a_2', 'unnamed']
    """
    taken = set(names)
    seen: set[str] = set()
    unique, changed = [], []
    for name in names:
        new = wanted = name.strip() or "unnamed"
        count = 1
        while new in seen or (new != name and new in taken):
            count += 1
            new = f"{wanted}_{count}"
        seen.add(new)
        unique.append(new)
        if new != name.strip():
            changed.append(new)
    if not changed:
        return unique, ()
    n = len(changed)
    what = "1 column name was" if n == 1 else f"{n:,} column names were"
    return unique, (f"{what} empty or repeated, and became {listed(changed)}.",)
