"""Frozen dataclasses as plain JSON data, and strictly back.

A model file describes itself with these. It may come from anyone, so the way
back is closed: every key must be a field, every field must be there, and every
value must have exactly the annotated type. No name in a file ever becomes an
object. What no annotation can say, that two fields do not fit together, a
dataclass refuses in its ``__post_init__``.

    annotation                  what JSON must hold
    int                         an integer of up to 64 bits, not true or false
    float                       a finite number
    str                         a text without half characters
    bool, None, Literal[...]    just that
    tuple[X, ...], tuple[X, Y]  a list
    dict[str, X]                an object
    a dataclass                 an object with its fields as keys
    X | Y | None                dataclasses are told apart by their keys
"""

import math
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache, partial
from typing import (
    Any,
    Literal,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from layerwise.errors import BundleError, LayerwiseError, listed

__all__ = ["from_plain", "to_plain"]

T = TypeVar("T")
MOST_SHOWN = 50


def to_plain(value: Any) -> Any:
    """Return dataclasses as dicts and tuples as lists, all the way down.

    Example:
        >>> to_plain((1, "a", None))
        [1, 'a', None]
    """
    if is_dataclass(value):
        return {one.name: to_plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: to_plain(item) for name, item in value.items()}
    return value


def from_plain(kind: type[T], data: Any, path: str = "") -> T:
    """Return plain data as the annotated kind, or refuse it.

    Args:
        kind: A type, or an annotation made of the types above.
        data: What JSON gave.
        path: Where in the file the data stands, for messages.

    Raises:
        BundleError: When anything is missing, unknown or of another type.

    Example:
        >>> from_plain(tuple[int, ...], [1, 2])
        (1, 2)
        >>> from_plain(int, "1", "layers/0/width")
        Traceback (most recent call last):
            ...
        layerwise.errors.BundleError: layers/0/width: expected int, found '1'.
    """
    annotation: Any = kind
    return cast(T, _reader(annotation)(data, path))


Reader = Callable[[Any, str], Any]
"""What makes a value of data, or refuses it and names its path."""


@cache
def _reader(kind: Any) -> Reader:
    """Work out once how an annotation is read."""
    if kind in _PLAIN_READERS:
        return _PLAIN_READERS[kind]
    if is_dataclass(kind):
        return partial(_read_dataclass, cast(type, kind))
    origin, options = get_origin(kind), get_args(kind)
    if origin is Literal:
        return partial(_read_literal, options)
    if origin in (Union, types.UnionType):
        return partial(_read_union, options)
    if origin is tuple and options[1:] == (...,):
        return partial(_read_list, _reader(options[0]))
    if origin is tuple:
        return partial(_read_tuple, tuple(_reader(option) for option in options))
    if origin is dict:
        return partial(_read_dict, _reader(options[1]))
    raise TypeError(f"No file may hold a {kind!r}.")


def _read_int(data: Any, path: str) -> int:
    if type(data) is not int:
        _refuse("int", data, path)
    if not -(2**63) <= data < 2**63:
        raise BundleError(f"{path}: the integer is beyond 64 bits.")
    return cast(int, data)


def _read_float(data: Any, path: str) -> float:
    if type(data) is int:
        return float(_read_int(data, path))
    if type(data) is not float or not math.isfinite(data):
        _refuse("a finite number", data, path)
    return cast(float, data)


def _read_text(data: Any, path: str) -> str:
    if type(data) is not str:
        _refuse("a text", data, path)
    if not data.isascii():
        try:
            data.encode()
        except UnicodeEncodeError as error:
            raise BundleError(f"{path}: the text holds half a character.") from error
    return cast(str, data)


def _read_bool(data: Any, path: str) -> bool:
    return data if type(data) is bool else _refuse("true or false", data, path)


def _read_none(data: Any, path: str) -> None:
    if data is not None:
        _refuse("null", data, path)


_PLAIN_READERS: dict[Any, Reader] = {
    int: _read_int,
    float: _read_float,
    str: _read_text,
    bool: _read_bool,
    type(None): _read_none,
}


def _read_literal(options: tuple[Any, ...], data: Any, path: str) -> Any:
    for option in options:
        if type(data) is type(option) and data == option:
            return option
    return _refuse(f"one of {listed(options, most=len(options))}", data, path)


def _read_union(options: tuple[Any, ...], data: Any, path: str) -> Any:
    if data is None and type(None) in options:
        return None
    some = [option for option in options if option is not type(None)]
    if len(some) == 1:
        return _reader(some[0])(data, path)
    if type(data) is not dict:
        _refuse("an object", data, path)
    for option in some:
        if data.keys() == _fields(option).keys():
            return _read_dataclass(option, data, path)
    ways = " or ".join(listed(_fields(option), most=99) for option in some)
    found = listed(name[:MOST_SHOWN] for name in data)
    raise BundleError(f"{path}: expected the keys {ways}, found {found}.")


def _read_list(reader: Reader, data: Any, path: str) -> tuple[Any, ...]:
    if type(data) is not list:
        _refuse("a list", data, path)
    return tuple(reader(item, f"{path}/{i}") for i, item in enumerate(data))


def _read_tuple(readers: tuple[Reader, ...], data: Any, path: str) -> tuple[Any, ...]:
    if type(data) is not list:
        _refuse("a list", data, path)
    if len(data) != len(readers):
        raise BundleError(
            f"{path}: expected {len(readers)} entries, found {len(data)}."
        )
    return tuple(
        reader(item, f"{path}/{i}")
        for i, (reader, item) in enumerate(zip(readers, data, strict=True))
    )


def _read_dict(reader: Reader, data: Any, path: str) -> dict[str, Any]:
    if type(data) is not dict:
        _refuse("an object", data, path)
    return {
        _read_text(name, path): reader(item, f"{path}/{_step(name)}")
        for name, item in data.items()
    }


def _step(name: str) -> str:
    """Write a key as a part of a path; it may be long, and steer no terminal."""
    short = name[:MOST_SHOWN]
    return short if short.isprintable() else repr(short)


def _read_dataclass(kind: type, data: Any, path: str) -> Any:
    if type(data) is not dict:
        _refuse("an object", data, path)
    readers = _fields(kind)
    if unknown := sorted(name[:MOST_SHOWN] for name in data if name not in readers):
        raise BundleError(f"{path}: it has unknown keys: {listed(unknown)}.")
    if missing := [name for name in readers if name not in data]:
        raise BundleError(f"{path}: it lacks keys: {listed(missing)}.")
    values = {
        name: reader(data[name], f"{path}/{name}") for name, reader in readers.items()
    }
    try:
        return kind(**values)
    except LayerwiseError as error:
        raise BundleError(f"{path}: {error}") from error


@cache
def _fields(kind: type) -> dict[str, Reader]:
    """Return how each field is read."""
    hints = get_type_hints(kind)
    return {one.name: _reader(hints[one.name]) for one in fields(kind)}


def _refuse(expected: str, data: Any, path: str) -> Any:
    raise BundleError(f"{path}: expected {expected}, found {_short(data)}.")


def _short(data: Any) -> str:
    """Say what a value is, however large it is."""
    if isinstance(data, dict | list):
        return "an object" if isinstance(data, dict) else "a list"
    if type(data) is int and data.bit_length() > 64:
        return "an integer beyond 64 bits"
    return repr(data[:MOST_SHOWN] if isinstance(data, str) else data)
