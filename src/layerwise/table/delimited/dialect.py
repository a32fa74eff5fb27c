r"""How the lines of a text file are made of cells, and how they are cut into them.

    delimiter   , ; tab | and, where the file is clearly so, blank : ^ ~
    quote       " or '; none in files by tab or | whose quotes are ordinary letters
    escape      a quote inside a quoted cell is doubled, or stands behind a \
    comment     what lines that are no rows begin with: # // % --

Python's csv module cuts cells by the letter of RFC 4180. Where a file breaks it,
`loose_rows` reads what a person would.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _csv import Reader

__all__ = ["LARGEST_CELL", "ONE_COLUMN", "Dialect", "loose_rows"]

LARGEST_CELL = 2**24
ONE_COLUMN = "\x1f"
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Dialect:
    """How the lines of a text file are made of cells.

    Attributes:
        delimiter: The mark between cells. In a file of one column it is a
            character that the file does not hold.
        quote: The mark around cells that hold a delimiter; empty where quotes
            are ordinary letters.
        escape: What stands before a quote inside a quoted cell; empty where the
            quote is doubled instead.
        comment: What comment lines begin with; empty where there are none.
        is_single: Whether the file has one column, so that a delimiter in a
            cell is part of the cell.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    comment: str = ""
    is_single: bool = False

    def reader(self, lines: Iterable[str], strict: bool = False) -> "Reader":
        """Cut lines into rows of cells; escapes must have been taken out before."""
        # Python's own limit, 128 KiB, is too small for a text cell. It can only
        # be set for the whole process.
        csv.field_size_limit(LARGEST_CELL)
        if not self.quote:
            return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        return csv.reader(
            lines, delimiter=self.delimiter, quotechar=self.quote, strict=strict
        )

    def is_comment(self, line: str) -> bool:
        """Whether a line, or the beginning of one, is no row."""
        comment = self.comment
        return bool(comment) and line.lstrip(" ").startswith(comment)


def loose_rows(
    text: str, dialect: Dialect
) -> Iterator[tuple[list[str], int, int, int]]:
    r"""Cut a text whose quotes are not as they should be into rows of cells.

    A quote that does not end its cell is part of the cell; so is one that is
    never closed. Blanks around a quoted cell are not.

    Args:
        text: The text.
        dialect: Its dialect, with a quote.

    Yields:
        The cells of a row, the place of its first letter, how many lines it
        takes, and how many of its cells held a quote that was not doubled.

    Example:
        >>> next(loose_rows('1, "a ""b"" c","say "hi" now"\n', Dialect()))
        (['1', 'a "b" c', 'say "hi" now'], 0, 1, 1)
    """
    cut = _pattern(dialect)
    twice = dialect.quote * 2
    row: list[str] = []
    begin = n_odd = 0
    n_lines = 1
    for found in cut.finditer(text):
        good, odd, bare, end = found.groups()
        if good is not None:
            n_lines += len(_LINE_END.findall(good))
            row.append(good.replace(twice, dialect.quote))
        elif odd is not None:
            row.append(odd.replace(twice, dialect.quote))
            n_odd += 1
        else:
            row.append(bare)
            n_odd += bare.lstrip(" ").startswith(dialect.quote)
        if end == dialect.delimiter:
            continue
        is_blank = bare == "" and len(row) == 1
        if end or not is_blank:
            yield ([] if is_blank else row), begin, n_lines, n_odd
        row = []
        begin, n_lines, n_odd = found.end(), 1, 0


def _pattern(dialect: Dialect) -> re.Pattern[str]:
    """One cell and what ends it.

    No alternative looks beyond the next quote that could end it, and none gives
    back what it has taken, so the time is proportional to the text.
    """
    d, q = re.escape(dialect.delimiter), re.escape(dialect.quote)
    end = rf"(?=[ ]*+(?:{d}|[\r\n]|\Z))"
    # As it should be; may hold line ends.
    good = rf"[ ]*+{q}((?:[^{q}]|{q}{q})*+){q}{end}[ ]*+"
    # Some quotes inside are single; then it ends with its line, and no other
    # quoted cell begins in it.
    odd = rf"[ ]*+{q}((?:(?!{q}[ ]*{d}|{d}[ ]*{q})[^\r\n])*){q}{end}[ ]*+"
    bare = rf"((?:(?!{d})[^\r\n])*+)"
    return re.compile(rf"(?:{good}|{odd}|{bare})({d}|\r\n|\r|\n|\Z)")
