"""Writing a file whole or not at all."""

import contextlib
import os
import secrets
from pathlib import Path

from layerwise.errors import BundleError

__all__ = ["write_whole"]


def write_whole(path: str | Path, data: bytes) -> None:
    """Write a file so that, whenever the machine stops, it is the old or the new one.

    temporary file in the same folder, write, fsync, rename, fsync of the folder

    The order matters: a rename that reaches the disk before the data would
    leave an empty file under the new name.

    Source:
        Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014.

    Raises:
        BundleError: When the file cannot be written. What was there before is
            untouched and nothing half-written is left.
    """
    path = Path(path)
    folder = path.parent
    temporary = folder / f".{path.name}.{secrets.token_hex(4)}.part"
    try:
        _write(temporary, data)
        os.replace(temporary, path)
        _sync_folder(folder)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        why = os.strerror(error.errno) if error.errno else str(error)
        raise BundleError(
            f"Could not write {path.name!r}: {why}. What was there before is "
            "untouched. Choose another folder or make room."
        ) from error


def _write(path: Path, data: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    finally:
        os.close(file)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # other systems cannot open a folder, and need not
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
