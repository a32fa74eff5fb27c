r"""What the bytes of a chunk prove about its rows, before Polars cuts them.

    as many line ends, and as many delimiters      so each line is a row, and
    as the rows and cells must have                each row has every cell
    no cell begins with 05 or +4                   a number does not lose its zeros
    no zero byte and no lone carriage return       no line ends unseen

All of it is found in one walk over pieces that fit the processor's cache:
so long as a piece is there, a further question to it costs next to nothing.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from layerwise.table.delimited.dialect import LARGEST_CELL, Dialect

__all__ = ["Chunk", "look_at_bytes"]

PIECE = 2**17
_ZERO, _MINUS, _PLUS = (ord(mark) for mark in "0-+")
_N_DIGITS = 10


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
    mark = ord(dialect.delimiter)
    more = [ord(quote) for quote in dialect.quote if quote.encode() in raw]
    holds_codes = _begins_with_code(raw)
    signs = [_ZERO, _PLUS] if b"+" in raw else [_ZERO]
    # The last two bytes stand before no code.
    n_lines = raw.count(b"\n", max(0, len(raw) - 2)) + (not raw.endswith(b"\n"))
    n_marks = raw.count(dialect.delimiter.encode(), max(0, len(raw) - 2))
    rooms = [np.empty(PIECE + 1, bool) for _ in range(3)]  # for each piece again
    for i in range(0, len(text) - 2, PIECE):
        piece = text[i : i + PIECE + 3]
        edges, found, room = (one[: len(piece) - 2] for one in rooms)
        np.equal(piece[:-2], ord("\n"), out=edges)
        n_lines += int(np.count_nonzero(edges[:PIECE]))
        np.equal(piece[:-2], mark, out=found)
        n_marks += int(np.count_nonzero(found[:PIECE]))
        edges |= found
        for other in more:
            edges |= np.equal(piece[:-2], other, out=found)
        holds_codes = holds_codes or _holds_code(piece, signs, edges, found, room)
    return Chunk(raw, holds_codes, None if is_odd else n_lines, n_marks)


def _holds_code(
    piece: NDArray[np.uint8],
    signs: list[int],
    edges: NDArray[np.bool_],
    found: NDArray[np.bool_],
    room: NDArray[np.bool_],
) -> bool:
    """Tell whether a zero or a plus stands between an edge and a digit.

    An edge is a byte that the next cell begins behind; a minus behind one is
    another. To search where the edges are would take longer than to compare all.
    """
    first, second = piece[1:-1], piece[2:]
    is_minus = np.equal(first[:-1], _MINUS, out=found[:-1])
    is_minus &= edges[:-1]
    edges[1:] |= is_minus
    digits = np.subtract(second, _ZERO, out=room.view(np.uint8), dtype=np.uint8)
    edges &= np.less(digits, _N_DIGITS, out=room)
    for sign in signs:
        is_code = np.equal(first, sign, out=found)
        is_code &= edges
        if is_code.any():
            return True
    return False


def _begins_with_code(raw: bytes) -> bool:
    """Look at the first cell, which stands behind no edge."""
    first = raw[:3].removeprefix(b"-")
    return first[:1] in (b"0", b"+") and first[1:2].isdigit()
