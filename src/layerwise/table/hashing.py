"""Texts as a fixed number of units: what they are made of, hashed.

Free text has no vocabulary that lasts: nearly every cell is new. But texts that
share pieces mean similar things, so each text becomes the sum of its pieces of
three bytes, and each piece is thrown into one of 32 units by a fixed hash:

    text      Cook II
    marked    <cook ii>         lower case, UTF-8; < and > are the bytes 2 and 3
    pieces    "<co" "coo" "ook" "ok " "k i" " ii" "ii>"
    v         sum over the pieces of sign(piece) at unit(piece)
    units     v / ||v||

Two texts are then about as close as the pieces that they share: the product of
their units is, up to the noise of 32 units, the cosine between their counts of
pieces. Nothing is learned, so nothing can be unseen, and any length fits.

The hash of a piece with the bytes a, b, c is the finalizer of MurmurHash3 over
the number 65536 a + 256 b + c, in 32-bit integers; its highest 5 bits are the
unit, the next is the sign. It is the same on every machine.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["HASHED_UNITS", "MOST_CHARACTERS", "hashed_texts"]

HASHED_UNITS = 32
MOST_CHARACTERS = 4096
_UNIT_BITS = HASHED_UNITS.bit_length() - 1
_START, _END = "\x02", "\x03"
# So many characters are hashed at once: what is at work fits a cache.
CHUNK_CHARACTERS = 2**16


def hashed_texts(texts: pl.Series) -> NDArray[np.float32]:
    """Turn texts into units by hashing their pieces of three bytes.

    Args:
        texts: Stripped texts, null where missing. Of a text longer than 4,096
            characters the rest is not looked at.

    Shape:
        n texts -> (n, 32), each row of length 1; nan where the text is missing

    Example:
        >>> units = hashed_texts(pl.Series(["Cook II", "cook iii", "Nurse", None]))
        >>> float(units[0] @ units[1]) > float(units[0] @ units[2])
        True
        >>> bool(np.isnan(units[3]).all())
        True

    Source:
        Weinberger et al., "Feature Hashing for Large Scale Multitask Learning",
        2009, section 2; pieces of characters for the cells of a table as in
        skrub's StringEncoder. NOTE[DIFF] bytes, not characters; no weights by
        rarity, which would have to be learned.
    """
    found = texts.drop_nulls().unique(maintain_order=True)
    units = np.full((len(found) + 1, HASHED_UNITS), np.nan, np.float32)
    lengths = found.str.len_chars().clip(0, MOST_CHARACTERS).cum_sum()
    chunks = (lengths // CHUNK_CHARACTERS).rle_id() if len(found) else lengths
    start = 0
    for size in chunks.value_counts().sort(chunks.name)["count"]:
        units[start : start + size] = _units(found.slice(start, size))
        start += size
    places = pl.int_range(len(found), dtype=pl.Int64, eager=True)
    # what is missing takes the last row, of nan
    at = texts.replace_strict(found, places, default=len(found), return_dtype=pl.Int64)
    return np.asarray(units[at.to_numpy()])


def _units(texts: pl.Series) -> NDArray[np.float32]:
    """Hash some texts, none of them null.

    Shape:
        n texts -> (n, 32)
    """
    lower = texts.str.slice(0, MOST_CHARACTERS).str.to_lowercase()
    marked = pl.concat_str(pl.lit(_START), pl.Series("text", lower), pl.lit(_END))
    framed = pl.select(marked).to_series()
    data = np.frombuffer(framed.str.join("").item().encode(), np.uint8)
    n_bytes = framed.str.len_bytes().to_numpy().astype(np.int64)
    rows = np.repeat(np.arange(len(n_bytes)), n_bytes)
    byte = data.astype(np.uint32)
    pieces = (byte[:-2] << np.uint32(16)) | (byte[1:-1] << np.uint32(8)) | byte[2:]
    is_inside = rows[:-2] == rows[2:]  # no piece of two texts
    hashed = _hash(pieces[is_inside])
    unit = (hashed >> np.uint32(32 - _UNIT_BITS)).astype(np.int64)
    sign = 1.0 - 2.0 * ((hashed >> np.uint32(31 - _UNIT_BITS)) & np.uint32(1))
    places = rows[:-2][is_inside] * HASHED_UNITS + unit
    v = np.bincount(places, sign, len(texts) * HASHED_UNITS)
    v = v.reshape(-1, HASHED_UNITS)
    # whole numbers: their squares add up to the same in any order
    length = np.sqrt(np.square(v).sum(axis=1, keepdims=True))
    return np.asarray(v / np.maximum(length, 1), np.float32)


def _hash(x: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Mix the bits of each number: the finalizer of MurmurHash3, 32 bits."""
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    x = (x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return x ^ (x >> np.uint32(16))
