"""Which of the first rows is the first of the table.

rows of a file             the table begins
Sales 2024                 at the first row as wide as most, where it names the
day,region,n               columns, or where what stands above reads like titles
1,north,5

Sales 2024,,               below rows with one cell that a spreadsheet filled up
day,region,n
1,north,5

region,n                   here, with a first column that has no name: all rows
r1,north,5                 have one cell more than the header
r2,south,6
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from layerwise.table.delimited.header import is_value, names_columns

__all__ = ["Start", "find_start", "usual_width"]

MOST_TITLES = 100
# The share of rows that must be as wide as most.
EVEN = 0.8


class Start(NamedTuple):
    """Where the table begins.

    Attributes:
        row: Its first row, the header if there is one.
        lacks_name: Whether the header has no name for the first column, as R's
            write.table leaves it out for the names of the rows.
    """

    row: int = 0
    lacks_name: bool = False


def usual_width(rows: Sequence[Sequence[str]]) -> int:
    """Tell how many cells most rows have, of those with more than one.

    Example:
        >>> usual_width([["a title"], ["a", "b"], ["1", "2"]])
        2
    """
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(widths, key=lambda width: (widths[width], width), default=1)


def find_start(rows: Sequence[Sequence[str]]) -> Start:
    """Find the first row of the table below its titles.

    Args:
        rows: The first rows of the file, without blank lines and comments.

    Returns:
        The place.

    Example:
        >>> find_start([["My sales"], ["day", "n"], ["1", "2"], ["2", "2"]]).row
        1
    """
    width = usual_width(rows)
    wide = next((i for i, row in enumerate(rows) if len(row) >= width), 0)
    if _is_wider_title(rows[wide:], width):
        return Start(wide + 1)
    if wide == 0 or _is_table(rows[:wide]):
        return Start(_below_padded(rows, width))
    table = rows[wide:]
    is_named = _is_named(table)
    is_even = all(len(row) == width for row in table)
    # Cells that are empty in all rows come from a delimiter at the end.
    is_filled = any(row[-1] for row in table) and len(table) > 1
    is_one_short = wide == 1 and len(rows[0]) == width - 1
    if is_one_short and is_even and is_filled and not is_named:
        return Start(lacks_name=True)
    n_even = sum(len(row) == width for row in table)
    are_titles = width > 2 and not any(map(is_value, table[0])) and len(table) > 1
    are_titles = are_titles and all(map(_is_prose, rows[:wide]))
    if wide < MOST_TITLES and n_even >= EVEN * len(table) and (is_named or are_titles):
        return Start(wide)
    return Start()


def _is_named(rows: Sequence[Sequence[str]]) -> bool:
    return len(rows) > 1 and names_columns(rows) is True


def _is_wider_title(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether a title with many delimiters stands above the header."""
    is_even = len(rows) > 2 and all(len(row) == width for row in rows[1:])
    return is_even and len(rows[0]) > width and _is_named(rows[1:])


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows that look like titles are a table, with another one below."""
    widths = {len(row) for row in rows}
    return len(rows) > 2 and len(widths) == 1 and min(widths) > 2 and _is_named(rows)


def _below_padded(rows: Sequence[Sequence[str]], width: int) -> int:
    """The row below titles that a spreadsheet filled up with empty cells."""
    for i, row in enumerate(rows[:MOST_TITLES]):
        n_filled = sum(bool(cell.strip()) for cell in row)
        if n_filled > 1 or width < 3:
            is_full = n_filled == len(row) == width and not any(map(is_value, row))
            return i if is_full and i + 1 < len(rows) else 0
    return 0


def _is_prose(row: Sequence[str]) -> bool:
    text = " ".join(row).strip()
    return " " in text or text.endswith(":")
