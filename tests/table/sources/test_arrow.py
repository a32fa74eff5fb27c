"""Arrow files and streams: read whole, and never believed."""

import io

import polars as pl
import pyarrow as pa
import pytest

from layerwise.errors import ReadError
from layerwise.table.sources.arrow import read_arrow


def _raw(frame: pl.DataFrame, is_stream: bool = False, **options) -> bytes:
    file = io.BytesIO()
    (frame.write_ipc_stream if is_stream else frame.write_ipc)(file, **options)
    return file.getvalue()


@pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
@pytest.mark.parametrize("is_stream", [False, True])
def test_files_and_streams_are_read(is_stream, compression):
    frame = pl.DataFrame({"a": [1, None], "b": ["x", "long " * 9], "c": [[1], [2, 3]]})
    raw = _raw(frame, is_stream, compression=compression)
    assert read_arrow(raw, is_stream, 10**6).equals(frame)


def test_files_of_others_are_read():
    table = pa.table({"a": pa.array(["x", "y"]).dictionary_encode(), "b": [1.5, None]})
    file = io.BytesIO()
    with pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    frame = read_arrow(file.getvalue(), False, 10**6)
    assert frame.rows() == [("x", 1.5), ("y", None)]


@pytest.mark.parametrize("is_stream", [False, True])
def test_damaged_files_are_refused(is_stream):
    raw = _raw(pl.DataFrame({"a": ["text " * 20] * 50}), is_stream)
    with pytest.raises(ReadError, match=r"^it is a damaged Arrow file \("):
        read_arrow(raw[: len(raw) // 2], is_stream, 10**6)


def test_texts_that_are_none_are_refused():
    """Bytes that are no UTF-8, in a column that says it is text."""
    raw = _raw(pl.DataFrame({"a": ["a text of more than 12 letters"] * 3}))
    broken = raw.replace(b"letters", b"let\xff\xfe\xffs")
    assert broken != raw
    with pytest.raises(ReadError, match=r"^it is a damaged Arrow file \("):
        read_arrow(broken, False, 10**6)


def test_empty_and_large_files_are_refused():
    with pytest.raises(ReadError, match=r"^it has columns but no rows\.$"):
        read_arrow(_raw(pl.DataFrame({"a": []})), False, 100)
    with pytest.raises(ReadError, match=r"^it has no columns\.$"):
        read_arrow(_raw(pl.DataFrame()), False, 100)
    with pytest.raises(ReadError) as caught:
        read_arrow(_raw(pl.DataFrame({"a": [1.5] * 100})), False, 100)
    assert str(caught.value) == (
        "it decodes to 800 bytes; the limit is 100 bytes. Pass a larger most_bytes."
    )
