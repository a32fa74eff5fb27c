"""Fail points: a stand-in for ``os`` that ends one of a writer's calls.

    python file_faults.py PATH WHEN

lets a process die before (or after) each file operation of ``write_whole`` in
turn, and prints what PATH holds each time: "old", "new", or anything else.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from layerwise import files

OLD, NEW = b"old" * 50_000, b"new!" * 70_000
OPERATIONS = ("open", "fchmod", "write", "fsync", "close", "replace")
MOST_WRITTEN = 100_000


class Faulty:
    """Notes every file operation, and ends one of them as asked.

    One write takes 100,000 bytes at most, so that there are several.
    """

    def __init__(
        self,
        fails_at: int | None = None,
        failure: Callable[[], None] = lambda: None,
        after: bool = False,
    ) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.fails_at, self.failure, self.after = fails_at, failure, after

    def __getattr__(self, name: str) -> Any:
        own = getattr(os, name)
        if name not in OPERATIONS:
            return own

        def call(*args: Any) -> Any:
            self.calls.append((name, args))
            fails = len(self.calls) - 1 == self.fails_at
            if fails and not self.after:
                self.failure()
            if name == "write":
                args = (args[0], args[1][:MOST_WRITTEN])
            result = own(*args)
            if fails:
                self.failure()
            return result

        return call


def die(path: str, operation: int, after: bool) -> bool:
    """Let a child process die at an operation; return whether it came so far."""
    child = os.fork()
    if child == 0:
        files.os = Faulty(operation, lambda: os._exit(7), after)  # type: ignore
        files.write_whole(path, NEW)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def main(path: str, when: str) -> None:
    operation, found = 0, {OLD: "old", NEW: "new"}
    Path(path).write_bytes(OLD)
    while die(path, operation, when == "after"):
        print(found.get(Path(path).read_bytes(), "torn"))  # noqa: T201
        Path(path).write_bytes(OLD)
        operation += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
