"""What the terminal shows of plain data: text, numbers, one JSON object."""

import json
import math
import os
import re
import sys
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any, TextIO, cast

from rich.console import Console
from rich.table import Table

from layerwise.errors import LayerwiseWarning

__all__ = [
    "console",
    "drawing",
    "heard",
    "note",
    "number",
    "print_json",
    "visible",
    "visible_lines",
]

WIDTH_OF_FILES = 100
"""Of a line where the output is no terminal and COLUMNS does not say."""
SIGNS = "·→²…▲▁▂▃▄▅▆▇█"
PLAIN_SIGNS = str.maketrans(SIGNS, "|=2~^_.-~=+*#")

# What json leaves as it is, yet steers a terminal: DEL, the second set of control
# characters, line separators, and marks that turn the direction of writing.
_STEERING = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def console(stderr: bool = False) -> Console:
    """Return the terminal; plain, and of one width, where there is none."""
    stream = sys.stderr if stderr else sys.stdout
    asked = os.environ.get("COLUMNS", "")
    width = int(asked) if asked.isdecimal() and int(asked) else WIDTH_OF_FILES
    return Console(
        file=cast("IO[str]", _Neat(stream)),
        width=None if stream.isatty() else width,
        highlight=False,
        markup=False,
        emoji=False,
    )


class _Neat:
    """A stream whose lines do not end in blanks, with which a drawing is filled up.

    Signs of ours that its encoding lacks are written by others of the same width.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.is_plain = not _can_write(SIGNS, stream.encoding)
        self.is_terminal = stream.isatty()

    def write(self, text: str) -> int:
        if self.is_plain:
            text = text.translate(PLAIN_SIGNS)
        if not self.is_terminal:  # which needs them, to write over what was there
            text = re.sub(r" +(?=\n)", "", text)
        return self.stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def _can_write(text: str, encoding: str | None) -> bool:
    try:
        text.encode(encoding or "utf-8")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def drawing() -> Table:
    """Return a table without lines, to be filled."""
    return Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1))


def note(text: str) -> None:
    """Print a sentence on standard error; a terminal breaks it between words."""
    out = console(stderr=True)
    out.print(visible(text), soft_wrap=not out.is_terminal)


@contextmanager
def heard() -> Iterator[list[str]]:
    """Say what is warned of at once, while it can still change what is done."""
    said: list[str] = []

    def hear(message: Warning | str, *_: Any, **__: Any) -> None:
        if isinstance(message, LayerwiseWarning):
            sentences = message.sentences
        else:
            sentences = (str(message),)
        for sentence in sentences:
            said.append(sentence)
            note(sentence)

    with warnings.catch_warnings():
        warnings.simplefilter("always", LayerwiseWarning)
        warnings.showwarning = hear
        yield said


def visible(text: str) -> str:
    r"""Write control characters out: no cell of a table steers the terminal.

    Example:
        >>> visible("a\x1b[2Jb\n")
        'a\\x1b[2Jb\\n'
    """
    if text.isprintable():
        return text
    return "".join(
        c
        if c.isprintable() or unicodedata.category(c) == "Zs"
        else c.encode("unicode_escape").decode()
        for c in text
    )


def visible_lines(text: str) -> str:
    r"""Write control characters out in each line; the lines stay apart.

    Example:
        >>> visible_lines("a\x1b[2J\nb\r\n")
        'a\\x1b[2J\nb\\r\n'
    """
    return "\n".join(map(visible, text.split("\n")))


def print_json(data: Mapping[str, Any]) -> None:
    """Print one JSON object on standard output; what is not finite becomes null.

    Characters that would steer a terminal are escaped, which JSON reads as the
    same characters.
    """
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(_finite(data), allow_nan=False, ensure_ascii=not is_utf8)
    print(_STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def _finite(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {str(name): _finite(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return None
    return data


def number(value: float | None, digits: int = 4) -> str:
    """Write a number with a few digits, and thousands apart.

    Example:
        >>> number(0.838), number(26114.32), number(26114.32, 6), number(2e20)
        ('0.8380', '26,114', '26,114.3', '2.000e+20')
    """
    if value is None:
        return "-"
    value += 0.0  # no number is -0
    size = abs(value)
    if not math.isfinite(size):
        return str(value)
    if size >= 1e15 or 0 < size < 1e-4:
        return f"{value:.{digits - 1}e}"
    decimals = digits - 1 - (math.floor(math.log10(size)) if size else 0)
    return f"{value:,.{max(decimals, 0)}f}"
