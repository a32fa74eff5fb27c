"""A foreign file is read in a child process; what happens there stays there.

    the child dies of a signal       ReadError: it crashed the reader
    ... of its memory limit          ReadError: it took more than ...
    ... of its clock                 ReadError: it took longer than ...
    the parent is interrupted        the child is stopped
    the parent dies                  the child sees its input end, and stops

The frame comes back as an Arrow file without a name, so that nothing is left
on the disk whoever dies first.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO

import polars as pl

from layerwise.errors import BundleError, MissingPackageError, ReadError
from layerwise.plain import from_plain
from layerwise.table.sources.child import Reply, is_about_memory
from layerwise.table.sources.limits import size_text
from layerwise.table.sources.request import Parsed, Request

__all__ = ["parse_apart"]

# Beyond the child's own clock: to start, and to stop where it has no clock.
SPARE_SECONDS = 60.0
MOST_SAID = 2**20
# What no process ends with.
OUT_OF_TIME = 2**16
_CONFUSED = "it confused the reader, which gave no answer."
_ROOM = Path(__file__).parents[1]
# The room without its __init__, which loads three times as much as a child
# needs: it should start at once.
_PROGRAM = """
import sys, types
room = types.ModuleType("layerwise.table")
room.__path__ = [sys.argv[1]]
sys.path[:] = sys.argv[2:]
sys.modules["layerwise.table"] = room
from layerwise.table.sources.child import main
from layerwise.table.sources.READER as parse
main(parse)
"""
# Without NumPy, which Parquet files do not need, a child starts in half the time.
_READERS = {"parquet": "parquet import parse_parquet"}


def parse_apart(request: Request, descriptors: Sequence[int] = ()) -> Parsed:
    """Read a source in a child process.

    Args:
        request: What to read.
        descriptors: Open files that the child needs, by their numbers.

    Raises:
        ReadError: When the source cannot be read, or reading it took too much.
        MissingPackageError: When its format needs a package that is missing.

    Example:
        >>> with tempfile.NamedTemporaryFile() as file:
        ...     n = file.write(b'{"a": 1}')
        ...     file.flush()
        ...     request = Request("json", (file.name,), "", 2**20, 9.0, 2**28)
        ...     parse_apart(request).frame.rows()
        [(1,)]
    """
    with tempfile.TemporaryFile() as result, tempfile.TemporaryFile() as said:
        code = _run(request, descriptors, result, said)
        said.seek(max(0, said.seek(0, os.SEEK_END) - MOST_SAID))
        text = said.read()
        if code:
            raise ReadError(_why_it_died(code, text, request))
        reply = _reply(text)
        if reply.error == "memory":
            raise ReadError(_too_much_memory(request))
        if reply.error:
            errors = {
                "ReadError": ReadError,
                "MissingPackageError": MissingPackageError,
            }
            raise errors[reply.error](reply.message)
        result.seek(0)
        try:
            return Parsed(pl.read_ipc(result), reply.notes, reply.report)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise ReadError(_CONFUSED) from error


def _run(
    request: Request, descriptors: Sequence[int], result: IO[bytes], said: IO[bytes]
) -> int:
    """Run a child to its end, and return how it ended."""
    known = [path for path in sys.path if path]  # '' would be any folder
    arguments = [str(_ROOM), *known, str(_ROOM.parents[1])]
    reader = _READERS.get(request.format, "files import parse")
    program = _PROGRAM.replace("READER", reader)
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", program, *arguments],
        stdin=subprocess.PIPE,
        stdout=result,
        stderr=said,
        pass_fds=descriptors,
        # So that Ctrl-C comes to the parent only, which stops the child.
        start_new_session=True,
    )
    try:
        with contextlib.suppress(BrokenPipeError):  # it died; wait tells of what
            _stdin(child).write(json.dumps(asdict(request)).encode() + b"\n")
            _stdin(child).flush()
        return child.wait(request.seconds + SPARE_SECONDS)
    except subprocess.TimeoutExpired:
        return OUT_OF_TIME
    finally:
        child.kill()
        child.wait()
        with contextlib.suppress(BrokenPipeError):
            _stdin(child).close()


def _stdin(child: "subprocess.Popen[bytes]") -> IO[bytes]:
    if child.stdin is None:
        raise ReadError("the reader could not be started.")
    return child.stdin


def _reply(text: bytes) -> Reply:
    """Take the last line as a reply, strictly: a foreign file had a hand in it."""
    try:
        return from_plain(Reply, json.loads(text.rpartition(b"\n")[2]))
    except (ValueError, RecursionError, BundleError) as error:
        raise ReadError(_CONFUSED) from error


def _why_it_died(code: int, text: bytes, request: Request) -> str:
    last = text.decode(errors="replace")
    if code in (OUT_OF_TIME, -_number("SIGALRM"), -_number("SIGXCPU")):
        return (
            f"reading it took longer than {request.seconds:.3g} s. Pass a larger "
            "most_seconds."
        )
    if code == -_number("SIGKILL") or is_about_memory(last):
        return _too_much_memory(request)
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return f"it crashed the reader ({how}), which was kept apart; nothing else is lost."


def _number(name: str) -> int:
    """Return the number of a signal, beyond all where there is none (Windows)."""
    return int(getattr(signal, name, OUT_OF_TIME))


def _too_much_memory(request: Request) -> str:
    return (
        f"reading it took more than {size_text(request.memory_bytes)} of memory. "
        f"If it is no hostile file, pass a most_bytes larger than "
        f"{size_text(request.most_bytes)}."
    )
