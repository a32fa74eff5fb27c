r"""What the bytes of a chunk prove about its rows, before Polars cuts them.

    as many line ends, and as many delimiters      so each line is a row, and
    as the rows and cells must have                each row has every cell
    no cell begins with 05 or +4                   a number does not lose its zeros
    no zero byte and no lone carriage return       no line ends unseen

All of it is found in one walk over pieces that fit the processor's first cache:
so long as a piece is there, a further question to it costs next to nothing.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from layerwise.table.delimited.dialect import LARGEST_CELL, Dialect

__all__ = ["Chunk", "look_at_bytes"]

PIECE = 2**16
_ZERO, _MINUS, _PLUS = (ord(mark) for mark in "0-+")
_DIGITS = 10


class Chunk(NamedTuple):
    """Whole lines, and what was found of their bytes.

    Attributes:
        raw: The lines.
        holds_codes: Whether any cell begins like a code: 05, or +4 of a telephone
            number.
        n_lines: How many lines there are; None where something stands in the way.
        n_marks: How many delimiters.
    """

    raw: bytes
    holds_codes: bool
    n_lines: int | None
    n_marks: int


def look_at_bytes(raw: bytes, dialect: Dialect) -> Chunk:
    r"""Count what must be counted, and look for what a number would hide.

    Args:
        raw: Whole lines.
        dialect: How they are cut; its delimiter must be ASCII.

    Example:
        >>> look_at_bytes(b"1,2\n3,04\n", Dialect())[1:]
        (True, 2, 2)
    """
    is_odd = b"\0" in raw or len(raw) > LARGEST_CELL
    is_odd = is_odd or (b"\r" in raw and raw.count(b"\r") != raw.count(b"\r\n"))
    text = np.frombuffer(raw, np.uint8)
    edges = [ord(dialect.delimiter)]
    if dialect.quote and dialect.quote.encode() in raw:
        edges.append(ord(dialect.quote))
    holds_codes = _begins_with_code(raw)
    n_lines = raw.count(b"\n", max(0, len(raw) - 2)) + (not raw.endswith(b"\n"))
    n_marks = raw.count(dialect.delimiter.encode(), max(0, len(raw) - 2))
    for i in range(0, len(text), PIECE):
        piece = text[i : i + PIECE + 3]
        before = piece[:-2][:PIECE]
        is_end = before == ord("\n")
        is_mark = before == edges[0]
        n_lines += int(np.count_nonzero(is_end))
        n_marks += int(np.count_nonzero(is_mark))
        if not holds_codes:
            is_edge = np.logical_or(is_end, is_mark, out=is_end)
            for other in edges[1:]:
                is_edge |= before == other
            holds_codes = _holds_code(piece, is_edge)
    return Chunk(raw, holds_codes, None if is_odd else n_lines, n_marks)


def _holds_code(piece: NDArray[np.uint8], is_edge: NDArray[Any]) -> bool:
    """Tell whether a cell behind any edge begins like a code."""
    n = len(is_edge)
    first, second = piece[1 : n + 1], piece[2 : n + 2]
    # No sign is larger than a zero, and hardly a letter is as small.
    is_edge &= first <= _ZERO
    is_edge &= (second - np.uint8(_ZERO)) < _DIGITS
    at = np.flatnonzero(is_edge)
    begins = first[at]
    if ((begins == _ZERO) | (begins == _PLUS)).any():
        return True
    third = at[(begins == _MINUS) & (second[at] == _ZERO)] + 3
    third = third[third < len(piece)]
    return bool(((piece[third] - np.uint8(_ZERO)) < _DIGITS).any())


def _begins_with_code(raw: bytes) -> bool:
    """Look at the first cell, which stands behind no edge."""
    first = raw[:3].removeprefix(b"-")
    return first[:1] in (b"0", b"+") and first[1:2].isdigit()
