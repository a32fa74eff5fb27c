"""A text file becomes a frame of texts; every repair is counted and said.

Two ways lead to the same frame. Polars reads fast, but fills short rows and
blank lines without a word; so its result stands only when the number of rows
and cells can be proven from the bytes. Otherwise Python's own csv module reads
the file again, row by row, and counts what it finds.

    bytes -> UTF-8 -> dialect -> where the table begins and ends -> rows -> names
"""

import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import IO

import polars as pl

from layerwise.errors import ReadError
from layerwise.table.delimited.chunks import read_large
from layerwise.table.delimited.detect import DELIMITERS, find_dialect
from layerwise.table.delimited.dialect import ONE_COLUMN, Dialect
from layerwise.table.delimited.encoding import to_utf8
from layerwise.table.delimited.fast import is_short_lined, read_fast
from layerwise.table.delimited.headings import Header, named
from layerwise.table.delimited.layout import Layout, count_below, find_layout
from layerwise.table.delimited.proof import Chunk
from layerwise.table.delimited.quotes import count_byte, count_quotes, without_escapes
from layerwise.table.delimited.report import Repairs, Report
from layerwise.table.delimited.rows import read_rows

__all__ = ["parse_large", "parse_text"]

SAMPLE_BYTES = 2**18
# Wide tables have long lines, and a dialect needs some of them.
LARGEST_SAMPLE = 2**23
SAMPLE_LINES = 10
LARGE_BYTES = 2**26
# The first and the last bytes of a large text tell what it is.
ENDS_BYTES = 2**20
# Wider texts are read at once.
WIDEST = 20_000
HEAD_BYTES = 64
# So many cells would be in all lines, if each had as many as there are columns; and
# so many times shorter than empty cells may lines be where there are more.
MOST_IN_LINES = 2**34
MOST_SHORTER = 8
# Spreadsheets read the delimiter from such a line, and write it.
_HINT = re.compile(rb"sep=([,;\t|])\r?\n", re.I)
_TOTAL = re.compile(r"(?:grand |sub ?)?totals?|sum|summe|gesamt", re.I)


def parse_text(raw: bytes) -> tuple[pl.DataFrame, tuple[str, ...], Report]:
    r"""Read a delimited text: encoding, dialect and header are found.

    Args:
        raw: The whole file.

    Returns:
        The frame, text columns only with empty cells null; what reading found or
        repaired, a sentence each; and the same in numbers.

    Raises:
        ReadError: When the text holds no rows, or rows that do not fit together.

    Example:
        >>> frame, notes, report = parse_text(b"a;b\n1;\n")
        >>> frame.rows(), report.delimiter
        ([('1', None)], ';')
    """
    plan = _planned(raw)
    header, cells, is_careful = _cells_of(plan)
    if is_careful and len(plan.table) > LARGE_BYTES:
        plan.notes.append("Its rows are not all alike, so they were read one by one.")
    if plan.repairs.n_letters:
        plan.repairs.n_letter_cells = sum(
            int(column.str.contains("�", literal=True).sum())
            for column in cells.select(pl.col(pl.String))
        )
    return _finished(plan, header, cells, is_careful)


def parse_large(
    file: IO[bytes], may_hold: Callable[[int, int], bool]
) -> tuple[pl.DataFrame, tuple[str, ...], Report] | None:
    r"""Read a large text chunk by chunk, so that it never stands in memory whole.

    Its ends tell what it is. Whatever makes it more than even rows of UTF-8, there
    or in any chunk, is left to `parse_text`.

    Args:
        file: The text; it can be read from any place.
        may_hold: Whether a text may hold so many cells in so many bytes.

    Returns:
        What `parse_text` returns; None for a text that is not large, or not even.

    Example:
        >>> parse_large(io.BytesIO(b"a,b\n1,2\n"), lambda n_cells, n_bytes: True)
    """
    ends = _ends_of(file)
    if ends is None:
        return None
    try:
        plan = _planned(ends)
    except ReadError:  # which may not hold of the whole text
        return None
    dialect, layout = plan.dialect, plan.layout
    is_whole = layout.begin + len(plan.table) == len(ends) and not layout.lacks_name
    is_wide = layout.width > WIDEST
    if plan.encoding != "utf-8" or plan.notes or not is_whole or is_wide:
        return None
    n_cells = n_bytes = 0

    def is_fit(chunk: Chunk) -> bool:
        nonlocal n_cells, n_bytes
        n_cells += chunk.n_marks + (chunk.n_lines or 0)
        n_bytes += len(chunk.raw)
        return may_hold(n_cells, n_bytes) and _is_even(chunk.raw, dialect)

    width, headed = layout.width, layout.headed
    large = read_large(file, dialect, width, headed, layout.begin, is_fit)
    return None if large is None else _finished(plan, *large, is_careful=False)


def _ends_of(file: IO[bytes]) -> bytes | None:
    """The first and the last lines of a large text; None for another one."""
    n_bytes = file.seek(0, os.SEEK_END)
    if n_bytes <= LARGE_BYTES:
        return None
    file.seek(0)
    head = file.read(ENDS_BYTES)
    if head.count(b"\n", 0, SAMPLE_BYTES) < SAMPLE_LINES:
        return None
    file.seek(max(len(head), n_bytes - ENDS_BYTES))
    tail = file.read()
    if len(head) + len(tail) == n_bytes:
        return head + tail
    return head[: head.rfind(b"\n") + 1] + tail[tail.find(b"\n") + 1 :]


def _is_even(raw: bytes, dialect: Dialect) -> bool:
    """Whether a chunk is UTF-8, and no backslash in it may be an escape."""
    if dialect.quote and b"\\" in raw and b"\\" + dialect.quote.encode() in raw:
        return False
    return raw.isascii() or to_utf8(raw)[1:] == ("utf-8", 0)


@dataclass(frozen=True)
class _Plan:
    """What a text is, before its rows are read.

    Attributes:
        table: The bytes of the table alone, in UTF-8 and without escapes.
        encoding: What the text was written in.
        dialect: How its lines are cut into cells.
        meaning: What letters stand for that took the place of escapes.
        layout: Where the table begins, and its shape.
        line: The number of its first line.
        notes: What was found, a sentence each.
        repairs: What was repaired, which grows while the rows are read.
    """

    table: bytes
    encoding: str
    dialect: Dialect
    meaning: dict[str, str]
    layout: Layout
    line: int
    notes: list[str]
    repairs: Repairs


def _planned(raw: bytes) -> _Plan:
    """Find out what a text is."""
    repairs = Repairs()
    raw, encoding, repairs.n_letters = to_utf8(raw)
    raw, notes = _without_ends(raw, encoding)
    raw, delimiters = _without_hint(raw, repairs)
    raw, dialect = _dialect_of(raw, delimiters, notes)
    raw, meaning = without_escapes(raw, dialect)
    layout = find_layout(_sample_of(raw), dialect, repairs)
    raw = _table_of(raw, dialect, layout, repairs)
    line = layout.line + bool(delimiters != DELIMITERS)
    return _Plan(raw, encoding, dialect, meaning, layout, line, notes, repairs)


def _finished(
    plan: _Plan, header: Header | None, cells: pl.DataFrame, is_careful: bool
) -> tuple[pl.DataFrame, tuple[str, ...], Report]:
    """Name the columns, and say what was found."""
    repairs = plan.repairs
    frame, said, repairs.n_headers = named(header, cells, plan.layout.lacks_name)
    notes = (*plan.notes, *repairs.sentences(), *said, *_total_of(frame))
    report = _report_of(frame, plan.dialect, repairs)
    report = replace(
        report,
        encoding=plan.encoding,
        has_header=plan.layout.headed,
        is_careful=is_careful,
    )
    return frame, notes, report


def _cells_of(plan: _Plan) -> tuple[Header | None, pl.DataFrame, bool]:
    """The header, the rows, and whether they had to be read one by one."""
    raw, dialect, layout, repairs = plan.table, plan.dialect, plan.layout, plan.repairs
    if len(raw) > LARGE_BYTES and not repairs.n_letters and is_short_lined(raw):
        # BytesIO shares the bytes: nothing is copied but a chunk at a time
        large = read_large(io.BytesIO(raw), dialect, layout.width, layout.headed)
        if large is not None:
            return *large, False
    cells = read_fast(raw, dialect, layout.width, plan.meaning)
    is_careful = cells is None
    if cells is None:
        _refuse_short_lines(raw, layout.width)
        headed, line = layout.headed, plan.line
        cells = read_rows(raw, dialect, headed, repairs, line, plan.meaning)
    if not layout.headed:
        return None, cells, is_careful
    return cells.row(0), cells[1:], is_careful


def _refuse_short_lines(raw: bytes, width: int) -> None:
    """Refuse millions of blank lines among wide rows, before they are read one by one.

    Each cell of a row takes a byte at least, its delimiter or the line end.
    """
    n_lines = count_byte(raw, "\n")
    if n_lines * width > max(MOST_IN_LINES, MOST_SHORTER * len(raw)):
        raise ReadError(
            f"it has {n_lines:,} lines, and most of them are blank or far too short "
            f"for rows of {width:,} cells. Look whether its first line belongs to the "
            "table."
        )


def _report_of(frame: pl.DataFrame, dialect: Dialect, repairs: Repairs) -> Report:
    return Report(
        delimiter="" if dialect.is_single else dialect.delimiter,
        quote=dialect.quote,
        escape=dialect.escape or dialect.quote,
        comment=dialect.comment if repairs.n_comments else "",
        n_rows=frame.height,
        n_columns=frame.width,
        n_repaired=repairs.n_short + repairs.n_long + repairs.n_cut,
        n_cells_changed=repairs.n_letter_cells + repairs.n_quotes,
        n_cells_dropped=repairs.n_dropped,
        n_skipped_lines=repairs.n_lines,
    )


def _without_ends(raw: bytes, encoding: str) -> tuple[bytes, list[str]]:
    """Cut off blank lines and what is no text at the ends of a file."""
    notes = []
    if encoding == "cp1252":
        notes.append("The text is not UTF-8; it was read as Windows-1252.")
    elif not encoding.startswith("utf-8"):
        notes.append(f"The text is {encoding[:6].upper()}.")
    if raw.endswith(b"\0") and (bare := raw.rstrip(b"\0")):
        n = len(raw) - len(bare)
        what = "a zero byte; it was" if n == 1 else f"{n:,} zero bytes; they were"
        notes.append(f"The file ends in {what} left out.")
        raw = bare
    if b"\0" in raw:
        raise ReadError("it holds zero bytes, so it is not a text file.")
    if raw[-HEAD_BYTES:].rstrip(b"\r\n").endswith(b"\x1a"):
        raw = raw.rstrip(b"\r\n\x1a")
        notes.append("The file ends in Ctrl-Z, which was left out.")
    # A copy of a large file only where there is something to cut off.
    if raw.endswith((b"\n\n", b"\r\n\r\n", b"\r\r")):
        raw = raw.rstrip(b"\r\n")
    if not raw or raw.isspace():
        raise ReadError("it is empty.")
    return raw, notes


def _without_hint(raw: bytes, repairs: Repairs) -> tuple[bytes, str]:
    """Take a first line such as `sep=;` away, and the delimiters to choose from."""
    hint = _HINT.match(raw)
    if hint is None:
        return raw, DELIMITERS
    repairs.n_above, repairs.above = 1, hint[0].decode().rstrip()
    return raw[hint.end() :], hint[1].decode()


def _sample_of(raw: bytes) -> str:
    """The first lines; a line end says that the last one is whole."""
    size = SAMPLE_BYTES
    while size < min(len(raw), LARGEST_SAMPLE):
        if raw.count(b"\n", 0, size) + raw.count(b"\r", 0, size) >= SAMPLE_LINES:
            break
        size *= 2
    sample = raw[:size].decode("utf-8", errors="ignore")
    is_open = size >= len(raw) and not raw.endswith((b"\n", b"\r"))
    return sample + "\n" * is_open


def _dialect_of(raw: bytes, delimiters: str, notes: list[str]) -> tuple[bytes, Dialect]:
    """Find the dialect in the first lines, and ask the rest about escapes."""
    sample = _sample_of(raw)
    dialect = find_dialect(sample, delimiters)
    if not dialect.is_single:
        return raw, _with_late_escape(raw, dialect)
    for runs, mark in ((b" {2,}", b"\t"), (b" +", b" ")):
        if "  " not in sample or '"' in sample:
            break
        text = _aligned(sample.encode(), runs, mark).decode()
        aligned = find_dialect(text)
        is_aligned = aligned.delimiter == mark.decode()
        if is_aligned and _has_equal_lines(text, aligned.delimiter):
            notes.append("Its columns are aligned; runs of blanks part the cells.")
            return _aligned(raw, runs, mark), aligned
    mark_of_none = next(_unused_marks(raw), None)
    if mark_of_none is None:
        raise ReadError("it holds every control character, so it is no table.")
    return raw, replace(dialect, delimiter=mark_of_none)


def _has_equal_lines(text: str, mark: str) -> bool:
    lines = text.split("\n")[:-1]
    return len({line.count(mark) for line in lines if line.strip()}) == 1


def _aligned(raw: bytes, runs: bytes, mark: bytes) -> bytes:
    """Make one delimiter of each run of blanks."""
    bare = re.sub(rb"(?m)^ +| +(?=\r?$)", b"", raw)
    return re.sub(runs, mark, bare)


def _unused_marks(raw: bytes) -> Iterator[str]:
    """Control characters that a text of one column does not hold."""
    for mark in (ONE_COLUMN, *map(chr, range(1, 9)), *map(chr, range(14, 31))):
        if mark.encode() not in raw:
            yield mark


def _with_late_escape(raw: bytes, dialect: Dialect) -> Dialect:
    """Take the backslash for an escape where that mends quotes beyond the sample."""
    quote = dialect.quote.encode()
    if not quote or dialect.escape or b"\\" not in raw:
        return dialect
    if b"\\" + quote not in raw:
        return dialect
    n_bad = count_quotes(raw, dialect, whole=False).n_bad
    escaped = replace(dialect, escape="\\")
    if n_bad:
        plain, _ = without_escapes(raw, escaped)
        if count_quotes(plain, escaped, whole=False).n_bad < n_bad:
            return escaped
    return dialect


def _table_of(raw: bytes, dialect: Dialect, layout: Layout, repairs: Repairs) -> bytes:
    """The bytes of the table alone."""
    n_bytes, repairs.n_below, repairs.below = count_below(raw, dialect, layout.width)
    if layout.begin or n_bytes:
        raw = raw[layout.begin : len(raw) - n_bytes]
    # The first column then has a name, though an empty one.
    return dialect.delimiter.encode() + raw if layout.lacks_name else raw


def _total_of(frame: pl.DataFrame) -> tuple[str, ...]:
    """Say that the last row may be no row but a sum of the others."""
    last = next((cell for cell in frame.row(-1) if cell), None)
    if not isinstance(last, str) or frame.width == 1:
        return ()
    if not _TOTAL.fullmatch(last.strip(" :")):
        return ()
    return (
        f"The last row begins with {last!r} and was kept; take it out of the file if "
        "it is a sum of the others.",
    )
