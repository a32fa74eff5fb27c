"""Whether the first row of a table names its columns.

first row        below it          it is
age              31, 45            names: a word above numbers
12               31, 45            data: a number above numbers
2019, 2020       1.5, 2.5          names: they count up
day              2024-01-31        names: a word above dates
red              blue, red         data, where most of its cells come again
"""

import re
from collections.abc import Sequence

from layerwise.table.missing import AMONG_VALUES

__all__ = ["has_header", "is_value", "names_columns"]

LONGEST_VALUE = 64
# Of very wide tables the first columns tell.
MOST_COLUMNS = 500
_MISSING = frozenset(("", *AMONG_VALUES))
_NUMBER = re.compile(
    r"[-+($€£¥\s]*(?:\d[\d.,'\s]*|[.,]\d+)(?:e[+-]?\d+)?[\s%)€]*", re.I
)
_TIME = re.compile(
    r"(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ]?)?"
    r"(?:\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[AP]M)?(?:\s?(?:Z|[+-]\d{2}:?\d{0,2}))?)?",
    re.I,
)


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    r"""Tell whether the first row names the columns.

    A table that holds words only has a header unless its first row looks like
    the rest. A single row is a header if it holds words only.

    Args:
        rows: The first rows of the table.

    Returns:
        Whether the first row is a header.

    Example:
        >>> has_header([["age", "job"], ["31", "clerk"]])
        True
        >>> has_header([["31", "clerk"], ["45", "cook"]])
        False
    """
    evidence = names_columns(rows)
    if evidence is not None:
        return evidence
    first, *rest = _narrow(rows)
    repeated = sum(
        any(j < len(row) and row[j] == cell for row in rest)
        for j, cell in enumerate(first)
    )
    return repeated * 2 <= len(first)


def names_columns(rows: Sequence[Sequence[str]]) -> bool | None:
    """Tell whether the first row names the columns, where numbers or dates say so.

    Args:
        rows: The first rows of the table.

    Returns:
        Whether it does; None where there are only words.

    Example:
        >>> names_columns([["name"], ["Ann"]]) is None
        True
    """
    first, *rest = _narrow(rows)
    if not rest:
        values = [cell for cell in first if is_value(cell)]
        return None if not values else _counts_up(values)
    # A header may come again, as on the next page.
    rest = [row for row in rest if row != first] or rest
    above = [cell.strip() for j, cell in enumerate(first) if _holds_values(rest, j)]
    above = [cell for cell in above if cell.lower() not in _MISSING]
    if any(not is_value(cell) for cell in above):
        return True
    return _counts_up(above) if above else None


def is_value(cell: str) -> bool:
    """Tell whether a cell looks like a number, a date or a time of day.

    Example:
        >>> is_value("$1,234.50"), is_value("2024-01-31 10:30"), is_value("Ann")
        (True, True, False)
    """
    cell = cell.strip()
    # The patterns take time that grows with the square of a cell.
    if not cell or len(cell) > LONGEST_VALUE:
        return False
    return bool(_NUMBER.fullmatch(cell) or _TIME.fullmatch(cell))


def _narrow(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    return [row[:MOST_COLUMNS] for row in rows]


def _holds_values(rows: Sequence[Sequence[str]], j: int) -> bool:
    """Whether four of five cells of a column are numbers, dates or times."""
    cells = [row[j].strip() for row in rows if j < len(row)]
    present = [cell for cell in cells if cell.lower() not in _MISSING]
    return bool(present) and sum(map(is_value, present)) > 0.8 * len(present)


def _counts_up(cells: Sequence[str]) -> bool:
    """Whether the cells are positions 0, 1, 2, ... or years one after another."""
    if not all(cell.isdecimal() and len(cell) < 9 for cell in cells) or len(cells) < 2:
        return False
    first, *_ = numbers = [int(cell) for cell in cells]
    is_start = first == 0 or 1900 <= first <= 2100
    return is_start and numbers == list(range(first, first + len(numbers)))
