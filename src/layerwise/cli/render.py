"""What the terminal shows of plain data: text, numbers, one JSON object."""

import json
import math
import os
import sys
import unicodedata
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

__all__ = ["console", "drawing", "note", "number", "print_json", "visible"]

WIDTH_OF_FILES = 100
"""Of a line where the output is no terminal and COLUMNS does not say."""


def console(stderr: bool = False) -> Console:
    """Return the terminal; plain, and of one width, where there is none."""
    stream = sys.stderr if stderr else sys.stdout
    asked = os.environ.get("COLUMNS", "")
    width = int(asked) if asked.isdecimal() and int(asked) else WIDTH_OF_FILES
    return Console(
        stderr=stderr,
        width=None if stream.isatty() else width,
        highlight=False,
        markup=False,
        emoji=False,
    )


def drawing() -> Table:
    """Return a table without lines, to be filled."""
    return Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1))


def note(text: str) -> None:
    """Print a sentence on standard error; a terminal breaks it between words."""
    out = console(stderr=True)
    out.print(visible(text), soft_wrap=not out.is_terminal)


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


def print_json(data: Mapping[str, Any]) -> None:
    """Print one JSON object on standard output; what is not finite becomes null."""
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(_finite(data), allow_nan=False, ensure_ascii=not is_utf8))


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
    size = abs(value)
    if not math.isfinite(size):
        return str(value)
    if size >= 1e15 or 0 < size < 1e-4:
        return f"{value:.{digits - 1}e}"
    decimals = digits - 1 - (math.floor(math.log10(size)) if size else 0)
    return f"{value:,.{max(decimals, 0)}f}"
