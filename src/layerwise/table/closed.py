"""Foreign JSON, read field by field; whatever is not expected is refused.

A model file may come from anyone. Every part of it that describes the table
is taken apart here, with its path in each message, before it is used: no key
too many, no type but the expected one, no list longer than it may be.

    BundleError: schema/columns/3/kind must be one of 'number', ... Got 'x'.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from layerwise.errors import BundleError, listed

__all__ = ["array", "choice", "flag", "record", "text", "texts"]

Word = TypeVar("Word", bound=str)
LONGEST_TEXT = 1_000_000


def record(data: Any, path: str, keys: Iterable[str]) -> dict[str, Any]:
    """Check that data is an object with exactly these keys.

    Example:
        >>> record({"a": 1}, "schema", ["a"])
        {'a': 1}
    """
    expected = set(keys)
    if type(data) is not dict:
        raise BundleError(f"{path} must be an object. Got {_short(data)}.")
    if unknown := [key for key in data if key not in expected]:
        raise BundleError(
            f"{path} has keys that do not belong there: {listed(unknown)}."
        )
    if lacking := sorted(expected - set(data)):
        raise BundleError(f"{path} lacks {listed(lacking)}.")
    return data


def array(data: Any, path: str, most: int) -> list[Any]:
    """Check that data is a list of at most so many items."""
    if type(data) is not list:
        raise BundleError(f"{path} must be a list. Got {_short(data)}.")
    if len(data) > most:
        raise BundleError(
            f"{path} has {len(data):,} items. At most {most:,} are allowed."
        )
    return data


def text(data: Any, path: str) -> str:
    """Check that data is a text that can be written as UTF-8."""
    if type(data) is not str:
        raise BundleError(f"{path} must be a text. Got {_short(data)}.")
    if len(data) > LONGEST_TEXT:
        raise BundleError(f"{path} is longer than {LONGEST_TEXT:,} characters.")
    try:
        data.encode()
    except UnicodeEncodeError as error:
        raise BundleError(f"{path} holds half a character.") from error
    return data


def texts(data: Any, path: str, most: int) -> tuple[str, ...]:
    """Check that data is a list of different texts."""
    items = array(data, path, most)
    found = tuple(text(item, f"{path}/{i}") for i, item in enumerate(items))
    if len(set(found)) < len(found):
        raise BundleError(f"{path} holds the same text twice.")
    return found


def choice(data: Any, path: str, allowed: Iterable[Word]) -> Word:
    """Check that data is one of a few texts, and return that one."""
    allowed = list(allowed)
    for word in allowed:
        if type(data) is str and data == word:
            return word
    known = listed(allowed, most=len(allowed))
    raise BundleError(f"{path} must be one of {known}. Got {_short(data)}.")


def flag(data: Any, path: str) -> bool:
    """Check that data is true or false."""
    if type(data) is not bool:
        raise BundleError(f"{path} must be true or false. Got {_short(data)}.")
    return data


def _short(data: Any) -> str:
    """What a value looks like, however large it is."""
    if isinstance(data, dict):
        return "an object"
    if isinstance(data, list):
        return "a list"
    return repr(data[:50] if isinstance(data, str) else data)[:60]
