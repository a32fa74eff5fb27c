"""Python values become one typed column; values of mixed types become text.

Apart from the data frames, because the child process that reads foreign files
needs nothing else of them and should start at once.

    every value         the column
    int, float          numbers; an int beside a float is a float
    bool, str, bytes    just that
    moments, spans      just that
    mixed, or another   text, as Python writes it
"""

from typing import Any

import polars as pl

from layerwise.errors import ReadError

__all__ = ["from_cells", "is_missing", "plain_missing"]


def is_missing(cell: Any) -> bool:
    """Tell None, nan, NaT and pandas.NA from values.

    Example:
        >>> [is_missing(cell) for cell in (None, float("nan"), 0.0, "nan")]
        [True, True, False, False]
    """
    if cell is None or isinstance(cell, str):
        return cell is None
    try:
        return bool(cell != cell)  # nan and NaT differ from themselves
    except TypeError:  # pandas.NA will not say whether it does
        return True
    except ValueError:  # an array in a cell
        return False


def plain_missing(cells: list[Any]) -> list[Any]:
    """Put None where a cell is missing.

    Example:
        >>> plain_missing([1, float("nan")])
        [1, None]
    """
    return [None if is_missing(cell) else cell for cell in cells]


def from_cells(name: str, cells: list[Any]) -> pl.Series:
    """Make one column of Python values.

    Raises:
        ReadError: When a text holds half of a two-part character.

    Example:
        >>> from_cells("a", [1, 2.5, None]).to_list()
        [1.0, 2.5, None]
        >>> from_cells("a", [1, "x"]).to_list()
        ['1', 'x']
    """
    listed = plain_missing(cells)
    kinds = {type(cell) for cell in listed if cell is not None}
    try:
        if kinds == {int, float}:
            return pl.Series(name, listed, pl.Float64, strict=False)
        # Polars takes True for 1 where it comes after a number, and not before.
        is_mixed = bool in kinds and len(kinds) > 1
        series = pl.Series(name, listed, pl.Object if is_mixed else None)
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError):
        series = pl.Series(name, listed, pl.Object)
    if series.dtype != pl.Object:
        return series
    texts = [None if cell is None else str(cell) for cell in listed]
    try:
        return pl.Series(name, texts, pl.String)
    except UnicodeEncodeError as error:
        raise ReadError(
            f"Column {name!r} holds half of a two-part character, which is no text."
        ) from error
