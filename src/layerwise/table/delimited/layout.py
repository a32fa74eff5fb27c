r"""Where the table begins and ends in its file.

Sales report 2024          a title
# made by hand             a comment
(a blank line)
Date,Region,Sales          the table
2024-01-31,North,5
(a blank line)
Source: head office        a note
"""

import io
import re
from itertools import islice
from typing import NamedTuple

from layerwise.errors import ReadError
from layerwise.table.delimited.dialect import Dialect, loose_rows
from layerwise.table.delimited.header import has_header, is_value
from layerwise.table.delimited.quotes import count_quotes
from layerwise.table.delimited.report import Repairs
from layerwise.table.delimited.start import find_start

__all__ = ["Layout", "count_below", "find_layout"]

MOST_COLUMNS = 100_000
HEAD = 100
SAMPLE_ROWS = 300
MOST_NOTES = 20
NOTE_BYTES = 2**13
LONGEST_TEXT = 40
_NOTE = re.compile(
    r"\W*(?:(?:grand |sub ?)?totals?|sums?|sources?|(?:foot)?notes?|quelle|summe|"
    r"gesamt|hinweis|anmerkung|copyright|exported|downloaded|generated|created|updated|"
    r"last updated?|as of|end of)\b.*"
    r"|[*©†#].*|\(?\d[\d,.]* (?:rows?|records?|lines?)\b.*",
    re.I,
)


class Layout(NamedTuple):
    """Where the table stands in its text.

    Attributes:
        begin: The place of its first byte.
        line: The number of its first line.
        width: The number of columns.
        headed: Whether its first row names the columns.
        lacks_name: Whether the header has no name for the first column.
    """

    begin: int
    line: int
    width: int
    headed: bool
    lacks_name: bool = False


def find_layout(sample: str, dialect: Dialect, repairs: Repairs) -> Layout:
    r"""Find the table below titles and comments, which are counted.

    Args:
        sample: The first lines.
        dialect: How they are cut.
        repairs: Where the lines above the table are counted.

    Returns:
        The place and the shape of the table.

    Raises:
        ReadError: When there is no table, or when it has too many columns.

    Example:
        >>> find_layout("# mine\na,b\n1,2\n", Dialect(comment="#"), Repairs())
        Layout(begin=7, line=2, width=2, headed=True, lacks_name=False)
    """
    placed = _placed_rows(sample, dialect)
    is_comment = [dialect.is_comment(sample[at : at + HEAD]) for _, at in placed]
    kept = [i for i, (row, _) in enumerate(placed) if row and not is_comment[i]]
    rows = [placed[i][0] for i in kept]
    if not rows:
        raise ReadError("it holds comments only.")
    start = find_start(rows)
    table = rows[start.row :]
    width = len(table[0]) + start.lacks_name
    if width > MOST_COLUMNS:
        raise ReadError(
            f"it has {width:,} columns; at most {MOST_COLUMNS:,} can be read."
        )
    first = kept[start.row]
    headed = start.lacks_name or has_header(table)
    begin = placed[first][1]
    if not headed and first and is_comment[first - 1]:
        at = placed[first - 1][1]
        commented = _header_in(sample[at:begin], dialect, width)
        if commented is not None:
            first, begin, headed = first - 1, at + commented, True
    _count_above(placed[:first], is_comment, repairs)
    line = 1 + len(re.findall(r"\r\n|\r|\n", sample[:begin]))
    n_bytes = len(sample[:begin].encode())
    return Layout(n_bytes, line, width, headed, start.lacks_name)


def _count_above(
    placed: list[tuple[list[str], int]], is_comment: list[bool], repairs: Repairs
) -> None:
    has_text = any(row for row, _ in placed)
    for i, (row, _) in enumerate(placed):
        if is_comment[i]:
            repairs.n_comments += 1
        elif row:
            text = " ".join(filter(None, row)).strip()
            repairs.above = repairs.above or text[:LONGEST_TEXT]
            repairs.n_above += 1
        else:
            repairs.n_blank += has_text


def _header_in(line: str, dialect: Dialect, width: int) -> int | None:
    """Where the header begins in a comment line such as `# x y z`."""
    bare = line.lstrip(" ").removeprefix(dialect.comment).lstrip(" ")
    cells = next(iter(dialect.reader([bare])), [])
    if len(cells) != width or any(is_value(cell) or not cell for cell in cells):
        return None
    return len(line) - len(bare)


def _placed_rows(sample: str, dialect: Dialect) -> list[tuple[list[str], int]]:
    """The first rows, each with the place of its first letter."""
    raw = sample.encode()
    if dialect.quote and not count_quotes(raw, dialect, whole=False).is_clean:
        rows = islice(loose_rows(sample, dialect), SAMPLE_ROWS)
        return [(row, begin) for row, begin, *_ in rows]
    text = io.StringIO(sample, newline="")
    placed = []
    begin = 0
    for row in islice(dialect.reader(text), SAMPLE_ROWS):
        placed.append((row, begin))
        begin = text.tell()
    # The last row may be cut.
    is_cut = 2 < len(placed) < SAMPLE_ROWS and not sample.endswith(("\n", "\r"))
    return placed[:-1] if is_cut else placed


def count_below(raw: bytes, dialect: Dialect, width: int) -> tuple[int, int, str]:
    r"""Find the notes below a table.

    Args:
        raw: The text in UTF-8.
        dialect: How it is cut.
        width: The number of columns.

    Returns:
        How many bytes they take, how many lines, and the first of them.

    Example:
        >>> count_below(b"a,b\n1,2\n3,4\n\nSource: us\n", Dialect(), 2)
        (12, 2, 'Source: us')
    """
    if width < 2:
        return 0, 0, ""
    tail = raw[-NOTE_BYTES:]
    # Not splitlines: it cuts at letters that are part of a cell.
    lines = list(io.StringIO(tail.decode("utf-8", errors="ignore"), newline=""))
    if len(raw) > len(tail):
        lines = lines[1:]
    n_bytes = 0
    found = (0, 0, "")
    notes: list[str] = []
    for n_lines, line in enumerate(islice(reversed(lines), MOST_NOTES), 1):
        note = _note_of(line, dialect, width)
        if note is None:
            break
        n_bytes += len(line.encode())
        if note:
            notes.append(note)
        # Below a blank line anything but a number is a note; elsewhere only what
        # reads like one.
        if notes and (not note or _is_note(notes[-1])):
            found = (n_bytes, n_lines, notes[-1][:LONGEST_TEXT])
        elif notes and is_value(notes[-1]):
            break
    return found


def _note_of(line: str, dialect: Dialect, width: int) -> str | None:
    """The one cell of a note, empty for a blank line; None for rows and comments."""
    if dialect.is_comment(line) or (dialect.quote and line.count(dialect.quote) % 2):
        return None
    cells = next(iter(dialect.reader([line])), [])
    first, *rest = (cell.strip() for cell in cells or [""])
    is_padded = len(cells) == width and bool(first)
    if any(rest) or len(cells) > width or (is_padded and not _is_note(first)):
        return None
    return first


def _is_note(text: str) -> bool:
    return bool(_NOTE.fullmatch(text)) and not is_value(text)
