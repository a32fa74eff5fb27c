"""The safetensors container, read without trust.

    8 bytes        length of the header, little-endian
    header         JSON: {"__metadata__": {"layerwise": manifest}, name: tensor, ...}
    the rest       the tensors' bytes, one after the other, without holes

Everything is bounded before it is allocated. The format's own library accepts
duplicate keys, nan weights, any name and very large headers; this reader does
not. It reads the file once, through one descriptor, and at most twice the
file's size and 64 MiB are in memory at any time.
"""

import math
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from layerwise.errors import BundleError, listed
from layerwise.model.strict import strict_json
from layerwise.plain import from_plain

__all__ = [
    "DTYPES",
    "MOST_HEADER_BYTES",
    "Container",
    "TensorPlace",
    "checked_places",
    "file_name",
    "open_file",
    "opened",
    "parse_header",
]

MOST_FILE_BYTES = 4 * 2**30
MOST_HEADER_BYTES = 64 * 2**20
# A text with any character beyond ASCII may take four bytes for each of them.
MOST_WIDE_HEADER_BYTES = MOST_HEADER_BYTES // 4

DTYPES: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "F64": np.dtype("<f8")}


@dataclass(frozen=True)
class TensorPlace:
    """Where a tensor stands in the file, in the header's own words.

    Args:
        dtype: "F32" or "F64".
        shape: Its shape.
        data_offsets: Its first byte, counted from the end of the header, and the
            byte after its last.
    """

    dtype: Literal["F32", "F64"]
    shape: tuple[int, ...]
    data_offsets: tuple[int, int]


@dataclass(frozen=True)
class Container:
    """An open file: its metadata, where its tensors stand, and how to read one.

    Args:
        name: The file's name, for messages.
        metadata: What the header says about the file, unchecked.
        places: What the header says about each tensor, unchecked.
        tensor_bytes: Bytes after the header.
        data_start: Where they begin.
        file: The open file.
    """

    name: str
    metadata: dict[str, Any]
    places: dict[str, Any]
    tensor_bytes: int
    data_start: int
    file: FileIO

    def read(self, tensor: str, place: TensorPlace) -> NDArray[Any]:
        """Read one tensor into memory of its own.

        Raises:
            BundleError: When the file ends early, or a number is not finite.
        """
        array: NDArray[Any] = np.empty(place.shape, DTYPES[place.dtype])
        at = self.data_start + place.data_offsets[0]
        _fill(array.reshape(-1).view(np.uint8), self.file, at, self.name)
        if not np.isfinite(array).all():
            raise BundleError(
                f"{self.name!r} holds nan or infinite numbers in {tensor!r}, so its "
                "predictions would mean nothing. Train the model again."
            )
        return array


def _fill(buffer: Any, file: FileIO, at: int, name: str) -> None:
    """Read bytes from a place of the file until the buffer is full."""
    rest = memoryview(buffer)
    file.seek(at)
    while rest:
        got = file.readinto(rest)
        if not got:
            raise BundleError(f"{name!r} became shorter while it was read.")
        rest = rest[got:]


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
    with open_file(path) as file:
        yield _container(file, file_name(path), foreign)


def file_name(path: str | Path) -> str:
    """Return what messages call a file; '.' and '/' have no name but themselves.

    Example:
        >>> file_name("models/house.safetensors"), file_name(".")
        ('house.safetensors', '.')
    """
    return Path(path).name or str(path)


@contextmanager
def open_file(path: str | Path) -> Iterator[FileIO]:
    """Open a file to be read; a folder, a pipe or a device is none.

    Raises:
        BundleError: When there is no such file, or reading it fails.
    """
    name = file_name(path)
    try:
        with _open(path, name) as file:
            yield file
    except OSError as error:
        raise BundleError(
            f"Could not read the model file {name!r}: {error.strerror or error}."
        ) from error
    except MemoryError as error:
        raise BundleError(
            f"{name!r} does not fit into the memory of this machine."
        ) from error


def _open(path: str | Path, name: str) -> FileIO:
    # without O_NONBLOCK, opening a pipe would wait for its other end
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        why = error.strerror or error
        raise BundleError(f"Could not open the model file {name!r}: {why}.") from error
    except ValueError as error:
        raise BundleError(f"There is no file of the name {name!r}.") from error
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        what = "folder" if stat.S_ISDIR(mode) else "pipe or a device"
        raise BundleError(
            f"{name!r} is a {what}, not a model file. Give the file that "
            "'layerwise train' wrote."
        )
    return FileIO(descriptor)


def _container(file: FileIO, name: str, foreign: bool) -> Container:
    size = os.fstat(file.fileno()).st_size
    first = file.read(9) or b""
    length = int.from_bytes(first[:8], "little")
    if len(first) < 9 or length > size - 8 or first[8:] != b"{":
        raise BundleError(
            f"{name!r} is not a model file, or only the beginning of one. Give the "
            "file that 'layerwise train' wrote."
        )
    if length > MOST_HEADER_BYTES or (size > MOST_FILE_BYTES and not foreign):
        raise BundleError(
            f"{name!r} is larger than any model file: {size:,} bytes, of which "
            f"{length:,} describe it."
        )
    raw = bytearray(length)
    _fill(raw, file, 8, name)
    text = _text(raw, name, foreign)
    del raw
    tensor_bytes = size - 8 - length
    metadata, places = parse_header(text, name, tensor_bytes)
    return Container(name, metadata, places, tensor_bytes, 8 + length, file)


def _text(raw: bytearray, name: str, foreign: bool) -> str:
    # plain ASCII, which is how it is written here: one byte a character
    is_plain = raw.isascii()
    if not is_plain and (not foreign or len(raw) > MOST_WIDE_HEADER_BYTES):
        raise BundleError(
            f"{name!r} has a header with characters that model files write as escapes."
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BundleError(f"{name!r} has a header that is not a text.") from error


def parse_header(
    text: str, name: str, tensor_bytes: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a header says about the file, and about each tensor.

    Raises:
        BundleError: When it is not clean JSON, or too much of it.
    """
    header = strict_json(text, name, tensor_bytes)
    metadata = header.pop("__metadata__", {}) if isinstance(header, dict) else None
    if not isinstance(metadata, dict):
        raise BundleError(f"{name!r} has a header that is not a description.")
    return metadata, header


def checked_places(
    container: Container, expected: dict[str, tuple[int, ...]], dtype: str
) -> dict[str, TensorPlace]:
    """Compare the tensors of a file with what its manifest describes.

    Raises:
        BundleError: When a name, dtype, shape or place differs by anything.
    """
    name = container.name
    if odd := sorted(set(container.places) ^ set(expected)):
        shown = listed(one[:60] for one in odd)
        raise BundleError(
            f"{name!r} and its manifest do not hold the same tensors: {shown}."
        )
    places = {
        tensor: _place(container, tensor, shape, dtype)
        for tensor, shape in expected.items()
    }
    at = 0
    for tensor, place in sorted(places.items(), key=lambda item: item[1].data_offsets):
        start, end = place.data_offsets
        if start != at or end - at != math.prod(place.shape) * DTYPES[dtype].itemsize:
            raise BundleError(f"{name!r} has {tensor} at a place where it is not.")
        at = end
    if at != container.tensor_bytes:
        raise BundleError(f"{name!r} is cut short, or has bytes after its tensors.")
    return places


def _place(
    container: Container, tensor: str, shape: tuple[int, ...], dtype: str
) -> TensorPlace:
    place = from_plain(TensorPlace, container.places[tensor], tensor)
    if (place.dtype, place.shape) != (dtype, shape):
        raise BundleError(
            f"{container.name!r} holds {tensor} as {place.dtype} of shape "
            f"{str(place.shape)[:60]}, but its manifest describes {dtype} of shape "
            f"{shape}. The two were not saved together: save the model again."
        )
    return place
