"""The dialect of a text, found from its first lines.

Each way to cut them is tried. It is as good as the share of rows that have as
many cells as most, and the share of quotes that stand where cells begin and end.
Where two ways are equally good, the one wins whose cells are more often numbers
or dates; where none is good, CleverCSV looks at what the cells hold.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from layerwise.table.delimited.dialect import ONE_COLUMN, Dialect, loose_rows
from layerwise.table.delimited.header import is_value
from layerwise.table.delimited.quotes import count_quotes, without_escapes
from layerwise.table.delimited.start import Start, find_start, usual_width

__all__ = ["DELIMITERS", "find_dialect"]

DELIMITERS = ",;\t|"
# They stand in texts, times and names as well: all rows must agree.
RARE_DELIMITERS = "~^: "
# Files by these are often written without any quoting.
UNQUOTED = "\t|"
COMMENTS = ("#", "//", "%", "--")
SAMPLE_LINES = 200
# CleverCSV's time grows with the square of odd samples.
CLEVER_CHARACTERS = 10_000
MOST_CELLS = 10_000
LEAST_EVEN = 0.5
# The worth of a dialect whose quotes are all in the middle of cells, and of one
# that has no quotes although the text does.
MID_QUOTES, NO_QUOTES = 0.5, 0.6
LACKS_NAME, HAS_TITLES = 0.9, 0.95
# How much better a way must be than one that comes before it.
CLEARLY = 0.01
_THOUSANDS = re.compile(r"\d{1,3}(?: \d{3})+")


@dataclass(frozen=True)
class _Way:
    """One way to cut the lines, and how good it is."""

    dialect: Dialect
    rows: Sequence[list[str]]
    start: Start
    evenness: float
    tidiness: float
    n_quoted: int

    @property
    def quality(self) -> float:
        quality = self.evenness * self.tidiness
        # A header that lacks a name, and titles, are rarer than a plain table.
        if self.start.lacks_name:
            return quality * LACKS_NAME
        return quality * (HAS_TITLES if self.start.row else 1)

    @property
    def width(self) -> int:
        return usual_width(self.rows)

    @property
    def likeness(self) -> float:
        """The share of cells that are numbers or dates."""
        table = self.rows[self.start.row :]
        cells = [cell for row in table for cell in row[: MOST_CELLS // len(table)]]
        return sum(map(is_value, cells)) / len(cells)


def find_dialect(sample: str, delimiters: str = DELIMITERS) -> Dialect:
    r"""Tell how the lines of a file are cut into cells.

    Args:
        sample: The first lines, whole.
        delimiters: The delimiters to choose from.

    Returns:
        The dialect.

    Example:
        >>> find_dialect("a;b\n1,5;2\n").delimiter
        ';'
    """
    lines = list(islice(io.StringIO(sample, newline=""), SAMPLE_LINES))
    if len(lines) == SAMPLE_LINES:
        # The last row may go on, so it must not look whole.
        lines[-1] = lines[-1].rstrip("\r\n")
    best = _best(lines, delimiters)
    for mark in COMMENTS:
        marked = [line for line in lines if line.lstrip(" ").startswith(mark)]
        if not marked or len(marked) == len(lines):
            continue
        rest = [line for line in lines if not line.lstrip(" ").startswith(mark)]
        other = _best(rest, delimiters)
        is_row = best is None or any(
            row[0].lstrip(" ").startswith(mark) for row in best.rows
        )
        if is_row and _are_comments(marked, lines, other) and _is_as_good(other, best):
            return replace(_dialect_of(other, sample), comment=mark)
    return _dialect_of(best, sample)


def _dialect_of(way: _Way | None, sample: str) -> Dialect:
    if way:
        return way.dialect
    return Dialect(ONE_COLUMN, _quote_of(sample), is_single=True)


def _is_as_good(other: _Way | None, best: _Way | None) -> bool:
    """Whether to take lines for comments; never where all lines are whole rows."""
    if best is None or other is None:
        return best is None
    is_whole = best.quality == 1 and best.start.row == 0
    return other.quality >= best.quality and not is_whole


def _are_comments(marked: list[str], lines: list[str], way: _Way | None) -> bool:
    """Whether lines that begin alike are no rows: they have other cells."""
    if way is None:
        head = lines[: len(marked)]
        return marked == head and all(re.match(r"\W+\s", line) for line in marked)
    widths = [len(row) for row in way.dialect.reader(marked)]
    return sum(width != way.width for width in widths) * 2 >= len(widths)


def _best(lines: list[str], delimiters: str) -> _Way | None:
    """The best way to cut lines into more than one cell; None for one column."""
    text = "".join(lines)
    ways = [
        way
        for dialect in _dialects(text, delimiters)
        if (way := _try(text, dialect)) is not None
    ]
    if not ways:
        return _best_rare(text)
    best = max(way.quality for way in ways)
    good = [way for way in ways if way.quality > best - CLEARLY]
    # What is whole without an escape needs none.
    plain = {replace(way.dialect, escape="\\") for way in good if not _escapes(way)}
    good = [way for way in good if way.dialect not in plain]
    if max(way.evenness for way in good) < LEAST_EVEN:
        asked = _ask_clevercsv(text[:CLEVER_CHARACTERS], good)
        return next((way for way in good if way.dialect.delimiter == asked), None)
    # max keeps the first of equals, and the plainest dialects come first.
    return max(good, key=_plausibility) if len(good) > 1 else good[0]


def _escapes(way: _Way) -> bool:
    return bool(way.dialect.escape)


def _plausibility(way: _Way) -> tuple[float, bool]:
    return round(way.likeness, 3), way.n_quoted > 0 and way.tidiness == 1


def _dialects(text: str, delimiters: str) -> Iterator[Dialect]:
    """Every dialect that the text could be in, the plainest first."""
    for delimiter in delimiters:
        if delimiter not in text:
            continue
        for quote in _quotes(text, delimiter):
            yield Dialect(delimiter, quote)
            if any(f"\\{mark}" in text for mark in (delimiter, *quote)):
                yield Dialect(delimiter, quote, "\\")


def _quotes(text: str, delimiter: str) -> Iterator[str]:
    yield '"'
    if "'" in text:
        yield "'"
    if '"' in text and delimiter in UNQUOTED:
        yield ""


def _try(text: str, dialect: Dialect) -> _Way | None:
    """Cut the text; None where it does not fall into more than one column."""
    raw, _ = without_escapes(text.encode("utf-8", "replace"), dialect)
    plain = raw.decode()
    n_quoted, tidiness = 0, 1.0
    if not dialect.quote:
        # Quotes that are letters are possible, but no sign of anything.
        tidiness = NO_QUOTES
    elif dialect.quote in plain:
        counts = count_quotes(raw, dialect, whole=False)
        n_quoted = counts.n_good
        share = n_quoted / max(n_quoted + counts.n_bad, 1)
        tidiness = max(share, MID_QUOTES) if counts.n_bad else 1.0
    rows = _cut(plain, dialect, is_tidy=tidiness == 1 or not dialect.quote)
    width = usual_width(rows)
    if width < 2:
        return None
    start = find_start(rows)
    # Prose below a name, or numbers with a decimal comma, is one column.
    is_prose = dialect.delimiter == "," and width == 2 and not n_quoted
    if len(rows[0]) == 1 and not start.row and (is_prose or not start.lacks_name):
        return None
    table = rows[start.row :]
    wanted = width - 1 if start.lacks_name else width
    even = sum(len(row) == width for row in table[1:]) + (len(table[0]) == wanted)
    return _Way(dialect, rows, start, even / len(table), tidiness, n_quoted)


def _cut(text: str, dialect: Dialect, is_tidy: bool) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        if is_tidy:
            rows.extend(dialect.reader(io.StringIO(text, newline="")))
        else:
            rows.extend(row for row, *_ in loose_rows(text, dialect))
    except csv.Error:
        pass  # A cell beyond every measure: what stands before it must do.
    rows = [row for row in rows if row]
    # The last row of a sample may be cut inside a quoted cell.
    return rows if len(rows) < 3 or text.endswith(("\n", "\r")) else rows[:-1]


def _best_rare(text: str) -> _Way | None:
    """A way by a rare delimiter, where all rows and their cells speak for it."""
    for delimiter in RARE_DELIMITERS:
        if delimiter not in text:
            continue
        way = _try(text, Dialect(delimiter))
        if way and way.start.row == 0 and way.evenness == 1 and _is_clear(way):
            return way
    return None


def _is_clear(way: _Way) -> bool:
    delimiter, body = way.dialect.delimiter, way.rows[1:]
    if len(body) < 1 or way.tidiness < 1:
        return False
    if way.start.lacks_name:
        # R's write.table puts blanks between cells and quotes around words.
        return delimiter == " " and way.n_quoted > 0
    if delimiter in "~^":
        return True
    wholes = [delimiter.join(row) for row in body]
    # Times of day, and numbers with a blank between thousands.
    if all(is_value(whole) or _THOUSANDS.fullmatch(whole) for whole in wholes):
        return delimiter == " " and not all(map(_THOUSANDS.fullmatch, wholes))
    columns = list(zip(*body, strict=False))
    n_values = sum(all(map(is_value, column)) for column in columns)
    if delimiter == ":":
        return n_values > 0 and not any(map(is_value, way.rows[0]))
    return n_values * 2 >= way.width > 2 or way.n_quoted > 0


def _quote_of(text: str) -> str:
    """A single quote only where it surrounds whole lines and no double one does."""
    is_single = re.search(r"^'[^'\r\n]*'$", text, re.M) and not re.search(
        r'^"', text, re.M
    )
    return "'" if is_single else '"'


def _ask_clevercsv(sample: str, ways: list[_Way]) -> str:
    # Imported here: only odd files need it, and it takes a fifth of a second.
    from clevercsv.detect import Detector

    delimiters = [way.dialect.delimiter for way in ways]
    dialect = Detector().detect(sample, delimiters=delimiters)
    return str(dialect.delimiter or "") if dialect else delimiters[0]
