"""The program that reads one foreign file, apart from everything that matters.

    standard input     a request, one line of JSON; its end means: stop at once
    standard output    the frame, as an uncompressed Arrow file
    standard error     anything, and a reply as its last line

It limits its own memory, time, and size of output before it looks at the file.
What the limits stop, and what crashes, is this process and no other. Nothing
else of the package is loaded than what reads files.
"""

import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

import polars as pl

from layerwise.errors import MissingPackageError, ReadError
from layerwise.table.delimited.report import Report
from layerwise.table.sources.request import Parsed, Request

__all__ = ["Reply", "is_about_memory", "main"]

Parse = Callable[[Request], Parsed]
MOST_CHARACTERS = 10_000
# Threads that a library starts keep some memory each.
THREAD_BYTES = 2**24
SERVER_SECONDS = 20


@dataclass(frozen=True)
class Reply:
    """What a child says of the file.

    Attributes:
        error: The kind of error; empty when the frame was written.
        message: The sentence.
        notes: What reading found or repaired.
        report: The same in numbers, of a text.
    """

    error: Literal["", "ReadError", "MissingPackageError", "memory"]
    message: str = ""
    notes: tuple[str, ...] = ()
    report: Report | None = None


def main(parse: Parse) -> None:
    """Read what standard input asks for, once.

    Args:
        parse: The reader; the program loads no other.
    """
    request = _request(sys.stdin.buffer.readline())
    threading.Thread(target=_stop_with_the_parent, daemon=True).start()
    # Whatever a library prints must not get into the frame.
    out = os.dup(1)
    os.dup2(2, 1)
    _limit(request)
    reply = _answer(request, parse, out)
    sys.stderr.flush()
    # A line of its own: the last of them is the reply, whatever was printed.
    os.write(2, b"\n" + json.dumps(asdict(reply)).encode())
    os._exit(0)  # no waiting for the threads of libraries


def _request(line: bytes) -> Request:
    fields = json.loads(line)
    return Request(**{**fields, "sources": tuple(fields["sources"])})


def _stop_with_the_parent() -> None:
    """Wait for the end of standard input: then nobody waits for an answer."""
    while os.read(0, 1):
        pass
    os._exit(1)


def _limit(request: Request) -> None:
    """Let the operating system stop what takes too much."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # stops native code too
        # A server watches the time itself, and says so in better words.
        spare = SERVER_SECONDS if request.format == "postgres" else 0
        signal.setitimer(signal.ITIMER_REAL, request.seconds + spare)
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is the only limit
        return
    n_threads = os.cpu_count() or 1
    memory = request.memory_bytes + THREAD_BYTES * n_threads
    with contextlib.suppress(ValueError, OSError):  # where one cannot be set
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        memory = min(memory, pages * 3 // 4)
    seconds = int(request.seconds + SERVER_SECONDS) * n_threads
    limits = {
        # Data, not address space: a mapped file takes no memory, and threads
        # reserve addresses that they never use.
        resource.RLIMIT_DATA: _data_bytes() + memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 2 * request.memory_bytes,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in limits.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(which, (most, most))


def _data_bytes() -> int:
    """Return what this process has allocated so far."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _answer(request: Request, parse: Parse, out: int) -> Reply:
    try:
        parsed = parse(request)
        _write(parsed, out)
    except (ReadError, MissingPackageError) as error:
        kind: Literal["ReadError", "MissingPackageError"] = "ReadError"
        if isinstance(error, MissingPackageError):
            kind = "MissingPackageError"
        return Reply(kind, _short(str(error)))
    except MemoryError:
        return Reply("memory")
    except OSError as error:
        if is_about_memory(str(error)):
            return Reply("memory")
        return Reply("ReadError", _short(f"{error.strerror or error}."))
    except (Exception, pl.exceptions.PanicException) as error:
        # The last line: a foreign file may break a library in any way.
        if is_about_memory(str(error)):
            return Reply("memory")
        first_line = str(error).partition("\n")[0]
        what = f"{type(error).__name__}: {first_line}"
        return Reply("ReadError", _short(f"it is damaged ({what})."))
    notes = tuple(_short(note) for note in parsed.notes)
    return Reply("", notes=notes, report=parsed.report)


def _write(parsed: Parsed, out: int) -> None:
    with os.fdopen(out, "wb") as file:
        parsed.frame.write_ipc(file)


def _short(text: str) -> str:
    """Keep what a file makes us say short, and free of half characters."""
    return text[:MOST_CHARACTERS].encode(errors="replace").decode()


def is_about_memory(text: str) -> bool:
    """Tell whether an error is about memory, or about room for the output.

    Example:
        >>> is_about_memory("memory allocation of 99 bytes failed")
        True
    """
    signs = ("memory allocation of", "annot allocate memory", "out of memory")
    more = ("File too large", "MemoryError", "Resource temporarily unavailable")
    return any(sign in text for sign in signs + more)
