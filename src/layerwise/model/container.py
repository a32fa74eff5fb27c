"""The safetensors container, read without trust.

    8 bytes        length of the header, little-endian
    header         JSON: {"__metadata__": {"layerwise": manifest}, name: tensor, ...}
    the rest       the tensors' bytes, one after the other, without holes

Everything is bounded before it is allocated. The format's own library accepts
duplicate keys, nan weights, any name and very large headers; this reader does
not. It reads the file once, through one descriptor.
"""

import json
import math
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwise.errors import BundleError

__all__ = [
    "MOST_HEADER_BYTES",
    "Container",
    "TensorPlace",
    "checked_places",
    "opened",
    "strict_json",
]

MOST_FILE_BYTES = 4 * 2**30
MOST_HEADER_BYTES = 64 * 2**20
MOST_VALUES = 400_000
MOST_CONTAINERS = 60_000
BYTES_PER_VALUE = 64
"""A larger file may describe itself with more values: one for each 64 bytes of
tensors. So the memory of a description stays in proportion to the file."""

DTYPES: dict[str, type[np.generic]] = {"F32": np.float32, "F64": np.float64}


@dataclass(frozen=True)
class TensorPlace:
    """Where a tensor stands in the file.

    Args:
        dtype: "F32" or "F64".
        shape: Its shape.
        start: First byte, counted from the end of the header.
        end: The byte after its last.
    """

    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Container:
    """An open file: its metadata, where its tensors stand, and how to read one."""

    name: str
    metadata: dict[str, Any]
    places: dict[str, Any]
    tensor_bytes: int
    data_start: int
    descriptor: int

    def read(self, tensor: str, place: TensorPlace) -> NDArray[Any]:
        """Read one tensor into memory of its own.

        Raises:
            BundleError: When the file ends early, or a number is not finite.
        """
        array = np.empty(place.shape, DTYPES[place.dtype])
        buffer = memoryview(array).cast("B") if array.size else memoryview(b"")
        at = self.data_start + place.start
        done = 0
        while done < len(buffer):
            got = os.preadv(self.descriptor, [buffer[done:]], at + done)
            if got == 0:
                raise BundleError(f"{self.name!r} ends in the middle of {tensor!r}.")
            done += got
        if not np.isfinite(array).all():
            raise BundleError(
                f"{self.name!r} holds nan or infinite numbers in {tensor!r}, so its "
                "predictions would mean nothing."
            )
        return array


@contextmanager
def opened(path: str | Path, foreign: bool = False) -> Iterator[Container]:
    """Open a safetensors file and read its header, or refuse it.

    Args:
        path: The file.
        foreign: Whether another program may have written it: then it may be of
            any size and its header may hold any characters.

    Raises:
        BundleError: When it is no such file, or one that breaks a bound.
    """
    name = Path(path).name
    descriptor = _open(path, name)
    try:
        yield _container(descriptor, name, foreign)
    finally:
        os.close(descriptor)


def _open(path: str | Path, name: str) -> int:
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except (OSError, ValueError) as error:
        code = getattr(error, "errno", None)
        why = os.strerror(code) if code else "its name cannot be one"
        raise BundleError(f"Could not open the model file {name!r}: {why}.") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise BundleError(f"{name!r} is not a file, so it is no model file.")
    return descriptor


def _container(descriptor: int, name: str, foreign: bool) -> Container:
    size = os.fstat(descriptor).st_size
    first = os.pread(descriptor, 9, 0)
    length = int.from_bytes(first[:8], "little")
    if len(first) < 9 or length > size - 8 or first[8:] != b"{":
        raise BundleError(
            f"{name!r} is not a model file: it does not begin like a .safetensors "
            "file. A model file is what 'layerwise train' writes."
        )
    if length > MOST_HEADER_BYTES or (size > MOST_FILE_BYTES and not foreign):
        raise BundleError(
            f"{name!r} is larger than any model file: {size:,} bytes, of which "
            f"{length:,} describe it."
        )
    tensor_bytes = size - 8 - length
    header = strict_json(_text(descriptor, length, name, foreign), name, tensor_bytes)
    metadata = header.pop("__metadata__", {}) if isinstance(header, dict) else None
    if not isinstance(metadata, dict):
        raise BundleError(f"{name!r} has a header that is not a description.")
    return Container(name, metadata, header, tensor_bytes, 8 + length, descriptor)


def _text(descriptor: int, length: int, name: str, foreign: bool) -> str:
    raw = os.pread(descriptor, length, 8)
    try:
        # plain ASCII, which is how it is written here: one byte a character
        return raw.decode("utf-8" if foreign else "ascii")
    except UnicodeDecodeError as error:
        raise BundleError(
            f"{name!r} has a header with characters that model files write as escapes."
        ) from error


def strict_json(text: str, name: str, tensor_bytes: int) -> Any:
    """Parse JSON without duplicate keys, nan, deep nesting or too many values.

    Raises:
        BundleError: When the text is not such JSON.
    """
    containers = text.count("{") + text.count("[")
    values = text.count(",") + text.count(":") + containers
    room = tensor_bytes // BYTES_PER_VALUE
    if containers > MOST_CONTAINERS + room // 8 or values > MOST_VALUES + room:
        raise BundleError(
            f"{name!r} describes itself with {values:,} values, more than any model "
            "file of its size."
        )
    try:
        return json.loads(
            text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{name!r} has a header that is not clean JSON.") from error


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) != len(pairs):
        raise ValueError("a key stands twice")
    return plain


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not a number")


def checked_places(
    container: Container, expected: dict[str, tuple[int, ...]], dtype: str
) -> dict[str, TensorPlace]:
    """Compare the tensors of a file with what its manifest describes.

    Raises:
        BundleError: When a name, dtype, shape or place differs by anything.
    """
    name = container.name
    if set(container.places) != set(expected):
        odd = sorted(set(container.places) ^ set(expected))
        raise BundleError(
            f"{name!r} and its manifest do not hold the same tensors: "
            f"{', '.join(repr(one[:60]) for one in odd[:5])}."
        )
    width = np.dtype(DTYPES[dtype]).itemsize
    places = {}
    for tensor, shape in expected.items():
        found = container.places[tensor]
        described = {"dtype": dtype, "shape": list(shape)}
        offsets = found.pop("data_offsets", None) if isinstance(found, dict) else None
        if found != described or not _are_offsets(offsets):
            raise BundleError(
                f"{name!r} holds {tensor} as {str(found)[:80]}, but its manifest "
                f"describes {described}. The two were not saved together."
            )
        places[tensor] = TensorPlace(dtype, shape, *offsets)
    at = 0
    for tensor, place in sorted(places.items(), key=lambda item: item[1].start):
        if place.start != at or place.end - at != math.prod(place.shape) * width:
            raise BundleError(f"{name!r} has {tensor} at a place where it is not.")
        at = place.end
    if at != container.tensor_bytes:
        raise BundleError(f"{name!r} is cut short, or has bytes after its tensors.")
    return places


def _are_offsets(offsets: Any) -> bool:
    return (
        isinstance(offsets, list)
        and len(offsets) == 2
        and all(type(one) is int and 0 <= one <= MOST_FILE_BYTES for one in offsets)
    )
