"""Which letters the bytes of a text file stand for.

begins with                     is read as
EF BB BF                        UTF-8
FF FE 00 00, 00 00 FE FF        UTF-32
FF FE, FE FF                    UTF-16
(every other byte is zero)      UTF-16
anything else                   UTF-8 where it is valid; where only a few of
                                its bytes are not, those become �;
                                else Windows-1252
"""

import codecs

from layerwise.errors import ReadError

__all__ = ["to_utf8"]

UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
UTF32_MARKS = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
HEAD_BYTES = 4096
CHUNK_BYTES = 2**24


def to_utf8(raw: bytes) -> tuple[bytes, str, int]:
    r"""Find the encoding of a text, and write it in UTF-8.

    Args:
        raw: The whole file.

    Returns:
        The text without a byte order mark; its encoding, which is `utf-8`,
        `utf-8-sig`, `utf-16`, `utf-16-le`, `utf-16-be`, `utf-32`, or `cp1252`
        (Windows-1252) when the bytes are no UTF-8; and how many of its letters
        had to be replaced by �, because their bytes are no UTF-8.

    Raises:
        ReadError: When the text is not what its first bytes say.

    Example:
        >>> to_utf8("Zürich".encode("cp1252"))[1]
        'cp1252'
        >>> to_utf8(b"\xff\xfea\0")
        (b'a', 'utf-16', 0)
    """
    encoding = _marked(raw)
    if encoding == "utf-8-sig":
        raw = raw.removeprefix(UTF8_MARK)
    if encoding.startswith("utf-8"):
        if raw.isascii() or _is_utf8(raw):
            return raw, encoding, 0
        text = raw.decode("utf-8", errors="replace")
        n_broken = text.count("�") - raw.count("�".encode())
        # Windows-1252 makes a valid sequence of UTF-8 only by rare accident, and
        # then most of its other letters are broken.
        n_ascii = len(raw.translate(None, bytes(range(128, 256))))
        if encoding == "utf-8-sig" or len(text) - n_ascii - n_broken > n_broken:
            return text.encode("utf-8"), encoding, n_broken
        encoding = "cp1252"
    # Latin-1 names the five bytes that Windows-1252 leaves without a letter.
    for name in (encoding, "latin-1" if encoding == "cp1252" else encoding):
        try:
            return raw.decode(name).encode("utf-8"), encoding, 0
        except UnicodeError:
            continue
    kind = encoding[:6].upper()
    raise ReadError(
        f"it begins like {kind}, but cannot be read as such. Save it as UTF-8."
    )


def _marked(raw: bytes) -> str:
    """The encoding that the first bytes tell; UTF-8 where they tell nothing."""
    if raw.startswith(UTF8_MARK):
        return "utf-8-sig"
    if raw.startswith(UTF32_MARKS):
        return "utf-32"
    if raw.startswith(UTF16_MARKS):
        return "utf-16"
    # Without a mark: every other byte of plain Latin text in UTF-16 is zero.
    head = raw[:HEAD_BYTES]
    even, odd = head[::2].count(0), head[1::2].count(0)
    is_half_zero = max(even, odd) > 0.4 * len(head) / 2 and min(even, odd) == 0
    if is_half_zero and len(raw) % 2 == 0:
        return "utf-16-le" if odd else "utf-16-be"
    return "utf-8"


def _is_utf8(raw: bytes) -> bool:
    """Whether all bytes are UTF-8; in pieces, since a text takes more memory."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for begin in range(0, len(raw), CHUNK_BYTES):
            end = begin + CHUNK_BYTES
            decoder.decode(raw[begin:end], final=end >= len(raw))
    except UnicodeDecodeError:
        return False
    return True
