"""The first bytes decide what a file is."""

import pytest

from layerwise.errors import ReadError
from layerwise.table.sources.formats import find_format


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"PAR1", "t.csv", "parquet"),
        (b"ARROW1\0\0", "t.csv", "arrow"),
        (b"\xff\xff\xff\xff\x10\0\0\0", "t", "stream"),
        (b"PK\x03\x04", "t.csv", "excel"),
        (b"\xd0\xcf\x11\xe0\xa1", "t.csv", "excel"),
        (b"SQLite format 3\0", "t.csv", "sqlite"),
        (b"\x1f\x8b\x08", "t.csv", "gzip"),
        (b"\x28\xb5\x2f\xfd", "t.csv", "zstd"),
        (b"BZh91AY", "t.csv", "bzip2"),
        (b"\xfd7zXZ\0", "t.csv", "xz"),
        (b'{"a": 1}', "t.csv", "json"),
        (b' \n[ {"a": 1}]', "t.txt", "json"),
        (b"\xef\xbb\xbf{}", "t.txt", "json"),
        (b"[1], b\n", "t.csv", "text"),
        (b"{x}, b\n", "t.csv", "text"),
        (b"[1]", "t.json", "json"),
        (b"nonsense", "T.JSONL.GZ", "json"),
        (b"", "t.csv", "text"),
        (b"a,b\n", "t.parquet", "text"),
    ],
)
def test_bytes_decide_and_the_name_only_helps(head, name, expected):
    assert find_format(head, name) == expected


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"PARE", "an encrypted Parquet file"),
        (b"FEA1", "an Arrow file of the first Feather version (write it anew)"),
        (b"\x80\x04\x95", "a Python pickle"),
        ((40).to_bytes(8, "little") + b'{"a":1}', "a .safetensors model file"),
    ],
)
def test_what_holds_no_table_is_named(head, what):
    with pytest.raises(ReadError) as caught:
        find_format(head, "t.csv")
    assert str(caught.value) == f"it is {what}, not a table."
