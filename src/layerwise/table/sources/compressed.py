"""Compressed files are unpacked, and no small file fills the memory.

    gzip, bzip2, xz    Python's own modules
    Zstandard          the package `zstandard`

All the parts of a file that was written in several are read.
"""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Iterator
from typing import IO, Any

from layerwise.errors import ReadError
from layerwise.table.sources.formats import Format
from layerwise.table.sources.limits import size_text

__all__ = ["NAMES", "unpack"]

CHUNK_BYTES = 2**20
# 4 bytes can be a block of 128 KiB, so that this much becomes 64 MiB at most.
ZSTANDARD_BYTES = 2**11
LARGEST_WINDOW = 2**27
NAMES: dict[Format, str] = {
    "gzip": "gzip",
    "zstd": "Zstandard",
    "bzip2": "bzip2",
    "xz": "xz",
}


def unpack(file: IO[bytes], packed: Format, most_bytes: int) -> bytes:
    """Unpack a file whole, and stop where it grows too large.

    Args:
        file: The compressed bytes.
        packed: How they are compressed, one of `NAMES`.
        most_bytes: How many bytes may come out.

    Raises:
        ReadError: When the file is damaged, or more comes out.

    Example:
        >>> import io
        >>> unpack(io.BytesIO(gzip.compress(b"a,b")), "gzip", 100)
        b'a,b'
    """
    # bzip2 has no error of its own.
    damage: tuple[type[Exception], ...]
    damage = (EOFError, OSError, zlib.error, lzma.LZMAError)
    if packed == "zstd":
        # Imported here: only such files need it.
        import zstandard

        damage += (zstandard.ZstdError,)
    parts, size = [], 0
    try:
        for part in _parts(file, packed):
            size += len(part)
            if size > most_bytes:
                raise ReadError(
                    f"it unpacks to more than {size_text(most_bytes)}. Unpack it "
                    "first, or pass a larger most_bytes."
                )
            parts.append(part)
    except damage as error:
        raise ReadError(f"it is a damaged {NAMES[packed]} file ({error}).") from error
    return b"".join(parts)


def _parts(file: IO[bytes], packed: Format) -> Iterator[bytes]:
    if packed == "zstd":
        yield from _zstandard_parts(file)
        return
    openers: dict[Format, Any]
    openers = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}
    with openers[packed](file) as unpacked:
        while part := unpacked.read(CHUNK_BYTES):
            yield part


def _zstandard_parts(file: IO[bytes]) -> Iterator[bytes]:
    import zstandard

    # Not its stream reader, which takes a file that was cut off for a whole one.
    made = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW)
    one = made.decompressobj()
    while chunk := file.read(ZSTANDARD_BYTES):
        while chunk:
            if one.eof:
                one = made.decompressobj()
            yield one.decompress(chunk)
            chunk = one.unused_data if one.eof else b""
    if not one.eof:
        raise EOFError("Compressed file ended before the end-of-stream marker")
