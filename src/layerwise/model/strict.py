"""JSON from anyone, parsed only if it is clean and small enough.

Python's own parser takes duplicate keys (the last one wins), nan, and as much
as there is memory for. Here a text is refused when it uses any of them.
"""

import json
import math
import re
from typing import Any

from layerwise.errors import BundleError

__all__ = ["most_memory", "refuse_large", "strict_json"]

ROOM = 48 * 2**20
"""A text may always take so much memory once parsed, and more in a large file."""

# What one mark costs at most, in bytes: an object, a list, an entry, an item.
PRICES = {"{": 200, "[": 100, ":": 60, ",": 80}
# What a key costs that no other entry bears.
KEY_PRICE = 270
MOST_DIGITS = 20

# A text from its first quote on; one that never ends takes all the rest, so that
# no quote within it is tried as another beginning.
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"(\s*+:)?|\\?\Z)', re.DOTALL)


def strict_json(text: str, name: str, tensor_bytes: int = 0) -> Any:
    """Parse JSON without duplicate keys, nan, deep nesting or too many values.

    Args:
        text: The JSON.
        name: The file's name, for messages.
        tensor_bytes: Bytes in the file besides its description.

    Raises:
        BundleError: When the text is not such JSON.

    Example:
        >>> strict_json('{"a": [1, 2.5]}', "model.safetensors")
        {'a': [1, 2.5]}
        >>> strict_json('{"a": 1, "a": 2}', "model.safetensors")
        Traceback (most recent call last):
            ...
        layerwise.errors.BundleError: 'model.safetensors' has a header that is not \
clean JSON: a key stands twice.
    """
    refuse_large(text, name, tensor_bytes)
    try:
        return json.loads(
            text,
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constant,
            parse_int=_short_integer,
        )
    except (ValueError, RecursionError) as error:
        what = error.args[0] if type(error) is ValueError else "it cannot be parsed"
        raise BundleError(
            f"{name!r} has a header that is not clean JSON: {what}."
        ) from error


def refuse_large(text: str, name: str, tensor_bytes: int) -> None:
    """Refuse JSON whose values would take more memory than its file pays for.

    Raises:
        BundleError: When they would.
    """
    room = ROOM + len(text) + tensor_bytes // 2
    # most texts are small enough even if no key stood twice
    if _price(text) + KEY_PRICE * text.count(":") <= room:
        return
    if most_memory(text, room) > room:
        raise BundleError(
            f"{name!r} describes itself with more values than a model file of its "
            "size may have. Train on fewer columns, categories or epochs."
        )


def most_memory(text: str, enough: float = math.inf) -> float:
    """Return the most bytes that the values of a text may take once it is parsed.

    The characters of its texts are left out: the file itself pays for them.

    Args:
        text: JSON, perhaps.
        enough: Stop counting beyond this.
    """
    price: float = _price(text)
    keys = set()
    for match in _STRING.finditer(text):
        if price > enough:
            break
        if match[1] and match[0] not in keys:
            keys.add(match[0])
            price += KEY_PRICE
    return price


def _price(text: str) -> int:
    return sum(price * text.count(mark) for mark, price in PRICES.items())


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) != len(pairs):
        raise ValueError("a key stands twice")
    return plain


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not a number")


def _short_integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError("an integer is beyond 64 bits")
    return int(digits)
