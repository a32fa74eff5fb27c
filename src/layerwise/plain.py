"""Frozen dataclasses as plain JSON data, and strictly back.

A model file describes itself with these. Reading one must never run code or
trust a shape, so the way back is closed: every key must be a field, every
field must be there, and every value must have exactly the annotated type. No
name in a file ever becomes an object.

Understood: int, float (finite), str, bool, None, Literal, X | None,
tuple[X, ...], tuple[X, Y], dict[str, X], and dataclasses made of these.
"""

import math
import types
from dataclasses import fields, is_dataclass
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

from layerwise.errors import BundleError, LayerwiseError

__all__ = ["from_plain", "to_plain"]

T = TypeVar("T")


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
    return cast(T, _read(kind, data, path))


def _read(kind: Any, data: Any, path: str) -> Any:
    origin = get_origin(kind)
    if is_dataclass(kind):
        return _read_dataclass(cast(type, kind), data, path)
    if kind is float:
        return _read_float(data, path)
    if kind in (int, str, bool, type(None)):
        return data if type(data) is kind else _refuse(kind, data, path)
    if origin is Literal:
        hit = any(data == o and type(data) is type(o) for o in get_args(kind))
        return data if hit else _refuse(kind, data, path)
    if origin in (Union, types.UnionType):
        return _read_optional(kind, data, path)
    if origin is tuple:
        return _read_tuple(get_args(kind), data, path)
    if origin is dict and type(data) is dict:
        value = get_args(kind)[1]
        return {
            name: _read(value, item, f"{path}/{name}") for name, item in data.items()
        }
    return _refuse(kind, data, path)


def _read_float(data: Any, path: str) -> float:
    if type(data) not in (int, float) or not math.isfinite(data):
        _refuse(float, data, path)
    return float(data)


def _read_optional(kind: Any, data: Any, path: str) -> Any:
    if data is None:
        return None
    (some,) = (option for option in get_args(kind) if option is not type(None))
    return _read(some, data, path)


def _read_tuple(kinds: tuple[Any, ...], data: Any, path: str) -> tuple[Any, ...]:
    if type(data) is not list:
        _refuse(list, data, path)
    if kinds[1:] == (...,):
        kinds = (kinds[0],) * len(data)
    if len(kinds) != len(data):
        raise BundleError(f"{path}: expected {len(kinds)} entries, found {len(data)}.")
    return tuple(
        _read(kind, item, f"{path}/{i}")
        for i, (kind, item) in enumerate(zip(kinds, data, strict=True))
    )


def _read_dataclass(kind: type, data: Any, path: str) -> Any:
    if type(data) is not dict:
        _refuse(dict, data, path)
    hints = get_type_hints(kind)
    names = [one.name for one in fields(kind)]
    if set(data) != set(names):
        unknown = sorted(str(name)[:50] for name in set(data) - set(names))
        missing = sorted(set(names) - set(data))
        raise BundleError(
            f"{path or 'manifest'}: unknown keys {unknown[:5]}, missing keys "
            f"{missing[:5]}."
        )
    values = {name: _read(hints[name], data[name], f"{path}/{name}") for name in names}
    try:
        return kind(**values)
    except LayerwiseError as error:
        raise BundleError(f"{path}: {error}") from error


def _refuse(kind: Any, data: Any, path: str) -> Any:
    name = getattr(kind, "__name__", str(kind)) if kind is not type(None) else "null"
    found = repr(data) if not isinstance(data, dict | list) else type(data).__name__
    raise BundleError(f"{path}: expected {name}, found {found[:60]}.")
