"""The names of the columns: as in the file, and each of them only once.

in the file             is called
price                   price
(blank) price           price
price, a second time    price_2
(nothing)               unnamed
no header at all        x0, x1, x2 ...
"""

from collections.abc import Sequence
from functools import partial
from itertools import count

import polars as pl

from layerwise.errors import ReadError, listed
from layerwise.table.distinct import read_once

__all__ = ["Header", "named", "unique_names"]

Header = tuple[str | None, ...]


def named(
    header: Header | None, rows: pl.DataFrame, lacks_name: bool = False
) -> tuple[pl.DataFrame, tuple[str, ...], int]:
    """Give the columns their names.

    Args:
        header: The names as they stand in the file; None where it has none.
        rows: The rows below it.
        lacks_name: Whether it has no name for the first column.

    Returns:
        The rows below the header, what is to be said of the names, and how many
        rows repeated the header and were taken out.

    Raises:
        ReadError: When there is no row below the header.

    Example:
        >>> named(("a", "a"), pl.DataFrame({"0": ["1"], "1": ["2"]}))[0].columns
        ['a', 'a_2']
    """
    notes = []
    is_nameless = header is None or not header[-1]
    if is_nameless and rows.width > 1 and rows[:, -1].null_count() == rows.height:
        rows, header = rows[:, :-1], None if header is None else header[:-1]
        notes.append("Each line ends in a delimiter; no column is behind it.")
    if header is None:
        names = [f"x{j}" for j in range(rows.width)]
        called = f"columns are called {names[0]} to {names[-1]}"
        if len(names) == 1:
            called = f"column is called {names[0]}"
        notes.append(f"The file has no header; its {called}.")
        rows.columns = names
        return rows, tuple(notes), 0
    n_rows, rows = rows.height, _without_repeats(header, rows)
    if not rows.height:
        raise ReadError("it has a header but no rows.")
    names, changed = unique_names([name or "" for name in header])
    rows.columns = names
    if lacks_name:
        notes.append(
            f"The header has no name for the first column; it is called {names[0]!r}."
        )
        _, changed = unique_names([name or "" for name in (names[0], *header[1:])])
    return rows, (*notes, *changed), n_rows - rows.height


def _without_repeats(header: Header, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows below the header, without those that repeat it as pages do."""
    has_numbers = any(dtype.is_numeric() for dtype in rows.dtypes)
    if rows.width == 1 or not any(header) or has_numbers:
        return rows
    is_repeat = pl.Series([True]).new_from_index(0, rows.height)
    for name, column in zip(header, rows, strict=True):
        is_alike = read_once(partial(_is_name, name=name), column)
        is_repeat &= is_alike.fill_null(value=name is None)
        # One column decides for nearly all rows.
        if not is_repeat.any():
            return rows
    return rows.filter(~is_repeat)


def _is_name(cells: pl.Series, name: str | None) -> pl.Series:
    return cells.is_null() if name is None else cells == name


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
    # Where to go on counting: from 2 for each would take a time that grows with
    # the square of the repeats.
    numbers: dict[str, count[int]] = {}
    unique, changed = [], []
    for name in names:
        new = wanted = name.strip() or "unnamed"
        while new in seen or (new != name and new in taken):
            new = f"{wanted}_{next(numbers.setdefault(wanted, count(2)))}"
        seen.add(new)
        unique.append(new)
        if new != name.strip():
            changed.append(new)
    if not changed:
        return unique, ()
    n = len(changed)
    what = "1 column name was" if n == 1 else f"{n:,} column names were"
    return unique, (f"{what} empty or repeated, and became {listed(changed)}.",)
