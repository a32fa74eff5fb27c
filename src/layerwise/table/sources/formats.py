r"""What a file is: its first bytes decide, and not its name.

    PAR1                        Parquet
    ARROW1                      an Arrow file, also called Feather
    FF FF FF FF                 an Arrow stream
    PK 03 04, D0 CF 11 E0       an Excel workbook, or another archive of its kind
    SQLite format 3             an SQLite database
    1F 8B, 28 B5 2F FD, ...     something compressed
    { or [ that begins objects  JSON
    anything else               text

Only between JSON and delimited text, which may begin alike, does the name help.
"""

import re
from collections.abc import Mapping
from typing import Literal

from layerwise.errors import ReadError

__all__ = ["HEAD_BYTES", "Format", "find_format"]

# fmt: off
Format = Literal[
    "text", "json", "parquet", "arrow", "stream", "excel", "sqlite", "postgres",
    "gzip", "zstd", "bzip2", "xz",
]
# fmt: on
HEAD_BYTES = 4096
_MARKS: Mapping[bytes, Format] = {
    b"PAR1": "parquet",
    b"ARROW1": "arrow",
    b"\xff\xff\xff\xff": "stream",
    b"PK\x03\x04": "excel",
    b"\xd0\xcf\x11\xe0": "excel",
    b"SQLite format 3\0": "sqlite",
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
}
_OTHERS = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF": "a PDF",
    b"PARE": "an encrypted Parquet file",
    b"FEA1": "an Arrow file of the first Feather version (write it anew)",
    b"\x93NUMPY": "a NumPy file",
    b"\x7fELF": "a program",
    b"\x80\x04\x95": "a Python pickle",
    b"\x80\x05\x95": "a Python pickle",
}
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*[\[{])")
_COMPRESSED = (".gz", ".zst", ".bz2", ".xz")
_JSON_NAMES = (".json", ".jsonl", ".ndjson")


def find_format(head: bytes, name: str) -> Format:
    r"""Tell what a file is.

    Args:
        head: Its first bytes, up to `HEAD_BYTES`.
        name: The name of the file.

    Raises:
        ReadError: When it is something that holds no table.

    Example:
        >>> find_format(b"PAR1", "sales.csv")
        'parquet'
        >>> find_format(b'{"a": 1}\n', "rows.txt")
        'json'
        >>> find_format(b"a,b\n1,2\n", "sales.csv")
        'text'
    """
    for mark, known in _MARKS.items():
        if head.startswith(mark):
            return known
    for mark, what in _OTHERS.items():
        if head.startswith(mark):
            raise ReadError(f"it is {what}, not a table.")
    # A .safetensors file: the length of its header in 8 bytes, then JSON.
    if len(head) > 8 and head[8:9] == b"{" and b"\0" in head[:8]:
        raise ReadError("it is a .safetensors model file, not a table.")
    name = name.lower()
    for ending in _COMPRESSED:
        name = name.removesuffix(ending)
    is_json = name.endswith(_JSON_NAMES) or _JSON.match(head)
    return "json" if is_json else "text"
