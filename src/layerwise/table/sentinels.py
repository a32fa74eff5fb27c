"""Numbers that may stand for no number, and columns of almost one value.

A sentinel such as -999 is a number like any other. It is only spoken of where it
stands far from all the rest and occurs again and again; the user decides.
"""

import math

import polars as pl

from layerwise.table.reading import count

__all__ = ["MANY_ROWS", "NEARLY_ALL", "near_constant", "sentinels"]

_DIGITS = [float(digit * size) for digit in "89" for size in range(2, 10)]
_SUSPECTS = {-1.0, -9.0, *_DIGITS, *(-size for size in _DIGITS), -32768.0, 32767.0}
_SUSPECTS |= {-2147483648.0, 2147483647.0, 999.9, -999.9, 9999.0, -9999.9}
FEWEST = 2
NEARLY_ALL = 0.995
MANY_ROWS = 200


def sentinels(numbers: pl.Series) -> list[str]:
    """Say which numbers may stand for "no number", and where some are infinite.

    Args:
        numbers: Float64, null where missing.

    Returns:
        Sentences without the column's name and the period.

    Example:
        >>> sentinels(pl.Series([21.5, 19.2, -999.0, 22.8, -999.0]))
        ["-999 occurs 2 times, far from all other numbers: if it means no value, \
name it under 'missing' in a reading file"]
    """
    said = []
    ends = least, most = numbers.min(), numbers.max()
    # The lowest again: beside 9999, -999 does not stand far out.
    for is_lowest in (True, False, True):
        value = least if is_lowest else most
        if value not in _SUSPECTS or _is_beside(numbers, float(value), is_lowest):  # type: ignore[arg-type]
            continue
        n = int((numbers == value).sum())
        rest = numbers.filter(numbers != value)
        low, high = rest.min(), rest.max()
        if n < FEWEST or low is None or high is None:
            continue
        gap = low - value if is_lowest else value - high  # type: ignore[operator]
        if gap > high - low or _is_lonely(gap, rest):  # type: ignore[arg-type, operator]
            numbers, least, most = rest, low, high
            said.append(
                f"{value:.10g} occurs {count(n, 'time')}, far from all other numbers: "
                "if it means no value, name it under 'missing' in a reading file"
            )
    if float("inf") in (ends[1], -(ends[0] or 0.0)):  # type: ignore[operator]
        n = int(numbers.is_infinite().sum())
        said.append(f"{count(n, 'cell')} {'is' if n == 1 else 'are'} infinitely large")
    return said


def _is_beside(numbers: pl.Series, value: float, is_lowest: bool) -> bool:
    """Whether an end stands 1 or 2 beside the next of many whole numbers.

    It then cannot be lonely: whole numbers that differ are 1 apart at least. This
    spares most columns of whole numbers that they are sorted.
    """
    other = value + 2 if is_lowest else value - 2
    is_near = numbers <= other if is_lowest else numbers >= other
    if int(is_near.sum()) == int((numbers == value).sum()):
        return False
    far = numbers.max() if is_lowest else numbers.min()
    is_wide = abs(float(far) - other) >= 2  # type: ignore[arg-type]
    return is_wide and bool((numbers == numbers.floor()).all())


def _is_lonely(gap: float, rest: pl.Series) -> bool:
    """Whether a gap is more than twice as wide as any between the other numbers."""
    steps = rest.unique().sort().diff().drop_nulls()
    widest = steps.max()
    return isinstance(widest, float) and gap > 2 * widest


def near_constant(values: pl.Series) -> list[str]:
    """Say where almost every cell holds one number.

    Args:
        values: Float64, null where missing.

    Returns:
        A sentence without the column's name and the period, or nothing.

    Example:
        >>> near_constant(pl.Series([0.0] * 199 + [7.0]))
        ['199 of 200 cells hold the same number, 0']
    """
    n = len(values) - values.null_count()
    if n < MANY_ROWS:
        return []
    # What 99.5 % of all numbers are is most of any 1 % of them, whichever these
    # are: it is the one in their middle.
    middle = _middle(values.drop_nulls().head(n // 100 + 3))
    most = int((values == middle).sum())
    if most < NEARLY_ALL * n:
        return []
    return [f"{most:,} of {n:,} cells hold the same number, {middle:.10g}"]


def _middle(values: pl.Series) -> float:
    median = values.median()
    return float(median) if isinstance(median, int | float) else math.nan
