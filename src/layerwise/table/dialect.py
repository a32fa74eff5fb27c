"""How a text file is written: encoding, delimiter, quote, header.

Found from the file itself, without being told. The cheap question comes first:
with which delimiter do all lines have the same number of cells? Where none or
several fit, CleverCSV looks at what the cells hold.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _csv import Reader

__all__ = ["Dialect", "find_dialect", "find_encoding", "has_header"]

DELIMITERS = ",;\t|"
SAMPLE_LINES = 200
LARGEST_CELL = 2**24
# CleverCSV's time grows with the square of odd samples.
CLEVER_CHARACTERS = 10_000
LONGEST_NUMBER = 64
_NUMBER = re.compile(
    r"[-+($€£¥\s]*(?:\d[\d.,'\s]*|[.,]\d+)(?:e[+-]?\d+)?[\s%)€]*", re.I
)


@dataclass(frozen=True)
class Dialect:
    """How the lines of a text file are made of cells.

    Attributes:
        delimiter: The mark between cells; a file of one column keeps `,`.
        quote: The mark around cells that hold a delimiter.
        is_single: Whether the file has one column, so that a delimiter in a
            cell is part of the cell.
    """

    delimiter: str = ","
    quote: str = '"'
    is_single: bool = False

    def reader(self, lines: Iterable[str], strict: bool = False) -> "Reader":
        """Cut lines into rows of cells."""
        # Python's own limit, 128 KiB, is too small for a text cell. It can only
        # be set for the whole process.
        csv.field_size_limit(LARGEST_CELL)
        mark, quote = self.mark, self.quote
        return csv.reader(lines, delimiter=mark, quotechar=quote, strict=strict)

    @property
    def mark(self) -> str:
        """The delimiter; for one column a mark that no text holds."""
        return "\x1f" if self.is_single else self.delimiter


def find_encoding(raw: bytes) -> str:
    """Tell the encoding of a text from its bytes.

    Args:
        raw: The whole file.

    Returns:
        `utf-8`, `utf-8-sig`, `utf-16`, `utf-16-le`, `utf-16-be`, or `cp1252`
        (Windows-1252) when the bytes are no UTF-8.

    Example:
        >>> find_encoding("Zürich".encode("cp1252"))
        'cp1252'
    """
    if raw.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # Without a mark: every other byte of plain Latin text in UTF-16 is zero.
    head = raw[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > 0.4 * len(head) / 2 and min(even, odd) == 0:
        return "utf-16-le" if odd else "utf-16-be"
    try:
        if not raw.isascii():
            raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def find_dialect(sample: str) -> Dialect:
    r"""Tell the delimiter and the quote from the first lines of a file.

    Args:
        sample: The first lines, whole.

    Returns:
        The dialect.

    Example:
        >>> find_dialect("a;b\n1,5;2\n").delimiter
        ';'
    """
    lines = list(islice(io.StringIO(sample, newline=""), SAMPLE_LINES))
    quote = _find_quote(lines)
    present = [mark for mark in DELIMITERS if mark in (lines or [""])[0]]
    even = [mark for mark in present if _is_even(lines, Dialect(mark, quote))]
    if len(even) == 1:
        return Dialect(even[0], quote)
    if not present:
        return Dialect(quote=quote, is_single=True)
    delimiter = _ask_clevercsv(sample[:CLEVER_CHARACTERS], even or present)
    return Dialect(delimiter or ",", quote, is_single=not delimiter)


def _find_quote(lines: list[str]) -> str:
    """A single quote only where it surrounds whole cells and no double one does."""
    text = "".join(lines)
    edge = f"(?:^|$|[{re.escape(DELIMITERS)}])"
    wrapped = rf"{edge}'[^'\n]*'{edge}"
    if not re.search(rf'{edge}"', text, re.M) and re.search(wrapped, text, re.M):
        return "'"
    return '"'


def _is_even(lines: list[str], dialect: Dialect) -> bool:
    """Whether all rows have the same number of cells, and more than one."""
    # The last row of a sample may be cut inside a quoted cell.
    counts = [len(row) for row in dialect.reader(lines) if row]
    return len(set(counts[:-1] or counts)) == 1 and counts[0] > 1


def _ask_clevercsv(sample: str, delimiters: list[str]) -> str:
    # Imported here: only odd files need it, and it takes a fifth of a second.
    from clevercsv.detect import Detector

    dialect = Detector().detect(sample, delimiters=delimiters)
    return str(dialect.delimiter or "") if dialect else delimiters[0]


def has_header(lines: list[str], dialect: Dialect) -> bool:
    r"""Tell whether the first row names the columns.

    A number above numbers is data, text above numbers is a name. Years or
    positions that count up are names even above numbers. A table that
    holds words only has a header unless its first row looks like the rest.

    Args:
        lines: The first lines of the file.
        dialect: How they are cut into cells.

    Returns:
        Whether the first row is a header.

    Example:
        >>> has_header(["age,job\n", "31,clerk\n"], Dialect())
        True
        >>> has_header(["31,clerk\n", "45,cook\n"], Dialect())
        False
    """
    first, *rest = islice((row for row in dialect.reader(lines) if row), SAMPLE_LINES)
    if not rest:
        return True
    columns = [[row[j] for row in rest if j < len(row)] for j in range(len(first))]
    numeric = [_is_numeric(column) for column in columns]
    above = [cell for cell, is_number in zip(first, numeric, strict=True) if is_number]
    if any(cell and not _is_number(cell) for cell in above):
        return True
    if any(above):
        return _counts_up(above)
    repeated = sum(cell in column for cell, column in zip(first, columns, strict=True))
    return repeated * 2 <= len(first)


def _is_numeric(cells: list[str]) -> bool:
    present = [cell for cell in cells if cell.strip()]
    n_numbers = sum(map(_is_number, present))
    return bool(present) and n_numbers > 0.8 * len(present)


def _is_number(cell: str) -> bool:
    # The pattern takes time that grows with the square of a cell.
    return len(cell) <= LONGEST_NUMBER and bool(_NUMBER.fullmatch(cell))


def _counts_up(cells: list[str]) -> bool:
    """Whether the cells are positions 0, 1, 2, ... or years one after another."""
    if not all(cell.isdecimal() and len(cell) < 9 for cell in cells) or len(cells) < 2:
        return False
    first, *_ = numbers = [int(cell) for cell in cells]
    is_start = first == 0 or 1900 <= first <= 2100
    return is_start and numbers == list(range(first, first + len(numbers)))
