"""The fast way: Polars, where the bytes prove that it read every row whole.

Polars fills short rows and blank lines without a word, takes quotes out of the
middle of cells, and knows no lone carriage return. So its result stands only for
a text that holds as many line ends and delimiters as the frame must have, and
whose quotes all stand where cells begin and end.
"""

import re
from collections.abc import Mapping

import polars as pl

from layerwise.table.delimited.dialect import LARGEST_CELL, Dialect
from layerwise.table.delimited.quotes import count_byte, count_quotes
from layerwise.table.delimited.rows import MOST_CELLS

__all__ = ["is_short_lined", "read_fast"]

# The time to take empty texts out grows with the square of the columns.
WIDE = 10_000


def read_fast(
    raw: bytes, dialect: Dialect, width: int, meaning: Mapping[str, str] | None = None
) -> pl.DataFrame | None:
    r"""Read with Polars; None unless every row provably has every cell.

    Args:
        raw: The text in UTF-8, without escapes.
        dialect: How it is cut.
        width: The number of columns.
        meaning: What letters stand for that took the place of escapes.

    Returns:
        All rows, the header among them, with empty cells null.

    Example:
        >>> read_fast(b"a,b\n1,\n", Dialect(), 2).rows()
        [('a', 'b'), ('1', None)]
        >>> read_fast(b"a,b\n1\n", Dialect(), 2) is None
        True
    """
    if not _is_regular(raw, dialect) or (meaning and width > WIDE):
        return None
    has_quotes = bool(dialect.quote) and dialect.quote.encode() in raw
    n_lines = count_byte(raw, "\n") + (not raw.endswith(b"\n"))
    n_pairs = 0
    if has_quotes:
        # What Polars fills short rows with might not fit into the memory.
        if n_lines * width > MOST_CELLS + 2 * len(raw):
            return None
        quotes = count_quotes(raw, dialect, whole=False)
        is_sound, n_pairs = quotes.is_clean, quotes.n_pairs
    else:
        is_sound = count_byte(raw, dialect.delimiter) == n_lines * (width - 1)
    frame = _scan(raw, dialect) if is_sound else None
    if frame is None or frame.width != width:
        return None
    if not has_quotes and frame.height != n_lines:
        return None
    # A short row would leave a null at its end; only then are all marks counted.
    if has_quotes and frame[:, -1].null_count() and not _is_whole(raw, dialect, frame):
        return None
    if n_pairs:
        if width > WIDE:
            return None
        frame = frame.with_columns(pl.when(pl.all() != "").then(pl.all()))
    if meaning:
        letters, texts = list(meaning), list(meaning.values())
        frame = frame.with_columns(pl.all().str.replace_many(letters, texts))
    return frame


def _scan(raw: bytes, dialect: Dialect) -> pl.DataFrame | None:
    try:
        return pl.read_csv(
            raw,
            has_header=False,
            separator=dialect.delimiter,
            quote_char=dialect.quote or None,
            infer_schema=False,
            raise_if_empty=False,
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None


def _is_regular(raw: bytes, dialect: Dialect) -> bool:
    """Whether no line is a comment, too long, or ends in a carriage return alone."""
    # A search for one byte is several times faster than to count, or two bytes.
    if b"\r" in raw and raw.count(b"\r") != raw.count(b"\r\n"):
        return False
    if not is_short_lined(raw):
        return False
    comment = re.escape(dialect.comment.encode())
    return not (comment and re.search(rb"(?:^|\n) *" + comment, raw))


def _is_whole(raw: bytes, dialect: Dialect, frame: pl.DataFrame) -> bool:
    """Whether the bytes hold as many rows and cells as the frame."""
    counts = count_quotes(raw, dialect)
    n_rows = counts.n_line_ends + (not raw.endswith(b"\n"))
    return frame.height == n_rows and counts.n_marks == n_rows * (frame.width - 1)


def is_short_lined(raw: bytes) -> bool:
    r"""Tell whether no line, and so no cell, is longer than a cell may be.

    Example:
        >>> is_short_lined(b"a,b\n1,2\n")
        True
    """
    place = 0
    while len(raw) - place > LARGEST_CELL:
        end = raw.rfind(b"\n", place, place + LARGEST_CELL)
        if end < 0:
            return False
        place = end + 1
    return True
