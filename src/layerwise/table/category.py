"""Categories: one way of writing them, and how many are too many.

A value must mean the same whether it came from a text file, from an integer
column or from a float column that holds it only because a cell was missing.
"""

import re
from dataclasses import dataclass

import polars as pl

from layerwise.table.missing import AMONG_WORDS, check_missing, present

__all__ = [
    "WordRule",
    "are_categories",
    "are_identifiers",
    "as_text",
    "names_rows",
    "plain_category",
]

# Up to so many values are categories as soon as any of them repeats.
FEW_VALUES = 16
# More of them must occur so often, on average, to be worth learning.
ROWS_PER_VALUE = 4

_ID_NAME = re.compile(
    r"^$|^unnamed|^(id|index|idx|uuid|guid)$|[ _.-](id|uuid|guid)$|^(id|uuid)[ _.-]"
    r"|^(row|record|serial)[ _.-]?(id|index|number|no|nr)$",
    re.IGNORECASE,
)
_ADDRESS = r"^(?:[^\s@]+@[^\s@]+\.[^\s@]+|(?i:https?|ftp|s3)://\S+|www\.\S+\.\S+)$"
_ID_CAMEL = re.compile(r"[a-z0-9](Id|ID|Uuid|UUID)$")


@dataclass(frozen=True)
class WordRule:
    """What the words of a column are not: texts that the user calls missing.

    Attributes:
        missing: Texts of this column that mean "no value", besides the usual.

    Example:
        >>> WordRule(("refused",)).missing
        ('refused',)
    """

    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse words that no column has; a rule may come from a file."""
        check_missing(self.missing)


def plain_category(series: pl.Series, rule: object = None) -> pl.Series:
    """Write every category in one way, whatever type its cells have.

    3, 3.0 and "3" are one category, and so are True and "true". A cell that
    is empty or holds a missing word becomes null.

    Args:
        series: The cells of a category column.
        rule: What else of them is missing, where it is a `WordRule`.

    Returns:
        A text column.

    Example:
        >>> plain_category(pl.Series([3.0, 2.5, None])).to_list()
        ['3', '2.5', None]
    """
    texts = _plain(present(as_text(series), AMONG_WORDS))
    own = rule.missing if isinstance(rule, WordRule) else ()
    if not own:
        return texts
    # -999 is missing as -999.0 too: the same value, from a column of floats.
    absent = _plain(pl.Series(own, dtype=pl.String))
    return texts.set(texts.is_in(absent.to_list()).fill_null(value=False), None)


def _plain(texts: pl.Series) -> pl.Series:
    """Write whole numbers without a fraction, and the truth in lower case."""
    if not texts.str.contains(r"\.0+$|^(?i:true|false)$").any():
        return texts
    texts = texts.str.replace(r"^([+-]?[1-9]\d*|0)\.0+$", "$1")
    truth = texts.str.contains("^(?i:true|false)$").fill_null(value=False)
    return texts.zip_with(~truth, texts.str.to_lowercase())


def as_text(series: pl.Series) -> pl.Series:
    """Write the cells of any column as texts; whole floats as integers.

    Durations are written as seconds.

    Example:
        >>> as_text(pl.Series([1.0, 0.5])).to_list()
        ['1', '0.5']
    """
    if series.dtype.is_float():
        series = series.cast(pl.Float64).fill_nan(None)
        whole = series.cast(pl.Int64, strict=False)
        is_whole = (whole.cast(pl.Float64) == series).fill_null(value=False)
        return whole.cast(pl.String).zip_with(is_whole, series.cast(pl.String))
    if series.dtype == pl.Duration:
        return as_text(series.dt.total_microseconds().cast(pl.Float64) / 1e6)
    if series.dtype == pl.Object:
        texts = [None if cell is None else str(cell) for cell in series]
        return pl.Series(series.name, texts, pl.String)
    if series.dtype.is_nested() or series.dtype == pl.Binary:
        # No single value to write: a list may be as long as a table.
        return pl.repeat("...", len(series), eager=True).set(series.is_null(), None)
    return series.cast(pl.String)


def are_categories(n_distinct: int, n_cells: int) -> bool:
    """Tell whether values repeat often enough to be learned one by one.

    Example:
        >>> are_categories(3, 4), are_categories(400, 9_000)
        (True, True)
        >>> are_categories(2_932, 10_000)
        False
    """
    if n_distinct <= FEW_VALUES:
        return n_distinct < n_cells
    return n_distinct * ROWS_PER_VALUE <= n_cells


def are_identifiers(texts: pl.Series) -> bool:
    """Tell whether texts that all differ look like codes of one shape.

    Args:
        texts: Distinct texts, none of them null.

    Returns:
        Whether they hold digits, no blanks, and share length or shape, or are
        addresses of mail or of pages.

    Example:
        >>> are_identifiers(pl.Series(["C-17", "C-4"]))
        True
        >>> are_identifiers(pl.Series(["Ann Lee", "Bo"]))
        False
    """
    if texts.str.contains(_ADDRESS).all():
        return True
    if not texts.str.contains(r"^[\p{L}\d_.:/#-]*\d[\p{L}\d_.:/#-]*$").all():
        return False
    if texts.str.len_chars().n_unique() == 1:
        return True
    shapes = texts.str.replace_all(r"\d+", "9").str.replace_all(r"\p{L}+", "a")
    return shapes.n_unique() == 1


def names_rows(name: str) -> bool:
    """Tell whether a column is called like an identifier.

    Example:
        >>> names_rows("CustomerId"), names_rows("row number"), names_rows("paid")
        (True, True, False)
    """
    return bool(_ID_NAME.search(name) or _ID_CAMEL.search(name))
