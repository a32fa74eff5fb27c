"""Packed files are unpacked whole, or not at all."""

import bz2
import gzip
import io
import lzma

import pytest
import zstandard

from layerwise.errors import ReadError
from layerwise.table.sources.compressed import unpack

PACKS = {
    "gzip": gzip.compress,
    "zstd": zstandard.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}


@pytest.mark.parametrize("packed", PACKS)
def test_what_was_packed_comes_out(packed):
    raw = bytes(range(256)) * 20_000
    assert unpack(io.BytesIO(PACKS[packed](raw)), packed, len(raw)) == raw
    with pytest.raises(ReadError) as caught:
        unpack(io.BytesIO(PACKS[packed](raw)), packed, len(raw) - 1)
    assert str(caught.value) == (
        "it unpacks to more than 4.88 MiB. Unpack it first, or pass a larger "
        "most_bytes."
    )


@pytest.mark.parametrize("packed", PACKS)
@pytest.mark.parametrize("cut", [1, 4, 10])
def test_a_file_that_was_cut_off_is_never_taken_for_a_whole_one(packed, cut):
    """Not even when its last byte alone is missing."""
    raw = PACKS[packed](b"a,b\n1,2\n" * 1000)
    with pytest.raises(ReadError, match="it is a damaged"):
        unpack(io.BytesIO(raw[:-cut]), packed, 10**6)


def test_a_zstandard_file_packed_as_it_came_is_read():
    """A stream says nothing of its size, and may end in an empty part."""
    packer = zstandard.ZstdCompressor().compressobj()
    raw = packer.compress(b"a,b\n1,2\n") + packer.flush()
    assert unpack(io.BytesIO(raw + zstandard.compress(b"")), "zstd", 100) == (
        b"a,b\n1,2\n"
    )
