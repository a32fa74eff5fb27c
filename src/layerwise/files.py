"""Writing a file whole or not at all."""

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from layerwise.errors import BundleError

__all__ = ["write_whole"]

# A folder that may not be listed, or a system that cannot sync folders.
NO_FOLDER_SYNC = {errno.EACCES, errno.EPERM, errno.EINVAL, errno.ENOTSUP, errno.EBADF}


def write_whole(path: str | Path, data: bytes) -> None:
    """Write a file so that, whenever the machine stops, it is the old or the new one.

    temporary file in the same folder, write, fsync, rename, fsync of the folder

    The order matters: a rename that reaches the disk before the data would
    leave an empty file under the new name. A link stays a link, and a file
    keeps its permissions.

    Source:
        Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014.

    Raises:
        BundleError: When the file cannot be written. What was there before is
            untouched and nothing half-written is left.
    """
    name = Path(path).name
    try:
        path = Path(os.path.realpath(path))
        temporary = path.parent / f".layerwise-{secrets.token_hex(8)}.part"
        mode = _mode(path)
        with _removed_on_failure(temporary):
            _write(temporary, data, mode)
            os.replace(temporary, path)
    except (OSError, ValueError) as error:
        raise BundleError(
            f"Could not write {name!r}: {_why(error)}. What was there before is "
            "untouched. Choose another folder or make room."
        ) from error
    try:
        _sync_folder(path.parent)
    except OSError as error:
        raise BundleError(
            f"{name!r} was written, but might be lost if the power fails now: "
            f"{_why(error)}. Check the disk and save again."
        ) from error


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "its folder does not exist"
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _mode(path: Path) -> int | None:
    """Return the permissions of the file that will be replaced, if there is one."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        raise ValueError("there is a folder or a device of that name")
    return stat.S_IMODE(mode)


@contextlib.contextmanager
def _removed_on_failure(temporary: Path) -> Iterator[None]:
    """Leave no temporary file behind, whatever ends the writing: Ctrl-C as well."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _write(temporary: Path, data: bytes, mode: int | None) -> None:
    """Write a new file and wait until it is on the disk."""
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(file, mode)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    finally:
        os.close(file)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # other systems cannot open a folder, and need not
    try:
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        if error.errno not in NO_FOLDER_SYNC:
            raise
