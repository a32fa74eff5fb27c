"""Open many broken model files in one process, and watch what opening does.

    python fuzz_child.py FOLDER SEED FIRST LAST
    python fuzz_child.py FOLDER OTHERS

FOLDER holds real models and a table that they can read. Files FIRST to LAST of
fuzz SEED are made and opened, or all files of the folder OTHERS. The report, one
JSON object, goes to standard output: how many were opened, refused, what they
took, and everything that should not have happened.
"""

import ctypes
import gc
import json
import os
import resource
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jax
import numpy as np
from fuzz_files import broken_file

import layerwise as lw
from layerwise.model.count import count_file
from layerwise.network import Network

MARGIN_BYTES = 64 * 2**20
# Seldom more than a tenth of a second, on a machine that does other work as well.
MOST_SECONDS = 5.0
MOST_PROGRAMS = 12
MOST_PROBLEMS = 20


class Watch:
    """Everything that happens while a file is opened, as an audit hook sees it.

    Reading that one file is what opening is for; all else is noted.
    """

    def __init__(self) -> None:
        self.path = ""
        self.is_on = False
        self.events: list[str] = []
        sys.addaudithook(self._note)

    def _note(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.is_on:
            return
        self.is_on = False  # what noting itself does is of no interest
        # by its path, and once more by the number of the open file
        is_file = event == "open" and (args[0] == self.path or type(args[0]) is int)
        if not is_file or args[2] & os.O_ACCMODE != os.O_RDONLY:
            self.events.append(f"{event}{args!r}"[:200])
        self.is_on = True

    @contextmanager
    def on(self, path: Path) -> Iterator[None]:
        self.path = str(path)
        self.events.clear()
        self.is_on = True
        try:
            yield
        finally:
            self.is_on = False


class Memory:
    """How much memory a piece of work takes at its highest point.

    Linux keeps the highest resident size of a process and lets it be reset.
    Memory that the C library holds back from earlier work is given up first, so
    that using it again counts. Where there is no such file, a limit on the
    address space must do.
    """

    def __init__(self) -> None:
        try:
            self.reset = os.open("/proc/self/clear_refs", os.O_WRONLY)
            self.status = os.open("/proc/self/status", os.O_RDONLY)
            self.trim = ctypes.CDLL(None).malloc_trim
        except (OSError, AttributeError):
            self.reset = -1

    def begin(self) -> None:
        gc.collect()
        if self.reset >= 0:
            self.trim(0)
            os.write(self.reset, b"5")
            self.before = self._kilobytes(b"VmRSS:")

    def grown(self) -> int:
        """Return the bytes that were added at the highest point since begin."""
        if self.reset < 0:
            return 0
        return 1024 * (self._kilobytes(b"VmHWM:") - self.before)

    def _kilobytes(self, word: bytes) -> int:
        text = os.pread(self.status, 8192, 0)
        return int(text[text.index(word) + len(word) :].split(None, 1)[0])


@contextmanager
def limited(n_bytes: int) -> Iterator[None]:
    """Let the process have so much more address space, and no more."""
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (size + n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def finite(value: Any) -> bool:
    """Return whether all numbers are finite; texts and None are."""
    array = np.asarray(value)
    return array.dtype == object or bool(np.isfinite(array).all())


def problem_of(doing: str, error: BaseException) -> list[str]:
    """Return nothing for an error of the library that does not tell of memory."""
    if isinstance(error, lw.LayerwiseError) and "memory of this" not in str(error):
        return []
    return [f"{doing} raised {type(error).__name__}: {str(error)[:200]}"]


class Opener:
    """Opens files one after the other and keeps the report."""

    def __init__(self, path: Path, table: lw.Table) -> None:
        self.path, self.table = path, table
        self.watch, self.memory = Watch(), Memory()
        self.programs: set[Network] = set()
        self.counts: Counter[str] = Counter()
        self.most_memory, self.slowest = 0.0, 0.0
        self.problems: list[str] = []

    def open(self, raw: bytes, what: str) -> None:
        """Write a file, open it, and use it if it is a model."""
        # a new file: cutting an old one off makes some disks write it at once
        self.path.unlink(missing_ok=True)
        self.path.write_bytes(raw)
        self.open_file(self.path, what)

    def open_file(self, path: Path, what: str) -> None:
        """Open a file that is there, note what happens, and use it."""
        room = 2 * path.stat().st_size + MARGIN_BYTES
        model, problems = None, []
        self.memory.begin()
        began = time.perf_counter()
        with limited(room), self.watch.on(path):
            try:
                model = lw.load(path)
            except BaseException as error:
                problems += problem_of("opening", error)
        seconds = time.perf_counter() - began
        self.slowest = max(self.slowest, seconds)
        if seconds > MOST_SECONDS:
            problems.append(f"took {seconds:.1f} seconds")
        grown = self.memory.grown()
        self.most_memory = max(self.most_memory, grown / room)
        if grown > room:
            problems.append(f"took {grown:,} bytes of memory")
        problems += self.watch.events
        self.counts["refused" if model is None else "opened"] += 1
        if model is not None:
            problems += self._used(model)
        problems += self._counted(path)
        if len(self.problems) < MOST_PROBLEMS:
            self.problems += [f"{what}: {problem}" for problem in problems]

    def _used(self, model: lw.Model) -> list[str]:
        """Do with an opened model what users do; it must work or say why not."""
        plain = model.network.without_constants()
        compiles = plain in self.programs or len(self.programs) < MOST_PROGRAMS
        if compiles:
            self.programs.add(plain)
        try:
            # a program of its own for each odd network would take hours to compile
            with jax.disable_jit(not compiles):
                values = list(numbers_of(model, self.table))
            assert model.layers
            assert "layers" in repr(model)
        except BaseException as error:
            self.counts["opened, then refused"] += 1
            return problem_of("using", error)
        self.counts["predicted"] += 1
        return [] if all(map(finite, values)) else ["numbers that are not finite"]

    def _counted(self, path: Path) -> list[str]:
        try:
            count_file(path)
        except BaseException as error:
            return problem_of("counting", error)
        return []

    def report(self) -> dict[str, Any]:
        """Return what happened so far."""
        return {
            "counts": self.counts,
            "most_memory": self.most_memory,
            "slowest": self.slowest,
            "problems": self.problems,
        }


def numbers_of(model: lw.Model, table: lw.Table) -> Iterator[Any]:
    """Yield the numbers that a model gives for a table, and those that it holds."""
    encoded = model.encode(table)
    a = model.forward(encoded)
    yield a
    yield model.predictions_of(encoded)
    if model.task == "regression":
        yield model.decide(a)
    if model.target.name in table.columns:
        y = model.target.encode(table.frame[model.target.name])
        yield list(model.metrics_of(encoded, y).values())
    for column in model.history.columns:
        yield model.history[column]
    if model.is_equation:
        yield [list(own.values()) for own in model.equation().values()]


def warm(folder: Path, name: str) -> tuple[Opener, list[bytes]]:
    """Load all that is loaded once: open and refuse a few files before watching."""
    files = [path.read_bytes() for path in sorted(folder.glob("*.safetensors"))]
    table = lw.read(json.loads((folder / "table.json").read_text()))
    opener = Opener(folder / name, table)
    for raw in (*files, *(raw[:-1] for raw in files), b"warm up"):
        opener.open(raw, "a real file")
    assert opener.counts["predicted"] == len(files), opener.report()
    gc.collect()
    gc.freeze()  # from here on only what is new is looked through
    return Opener(folder / name, table), files


def fuzz(folder: str, seed: int, first: int, last: int) -> Opener:
    """Open files of a fuzz."""
    opener, files = warm(Path(folder), f"broken-{first}")
    for number in range(first, last):
        opener.open(broken_file(seed, number, files), f"file {number} of fuzz {seed}")
    return opener


def open_all(folder: str, others: str) -> Opener:
    """Open every file of a folder."""
    opener = warm(Path(folder), "broken")[0]
    for path in sorted(Path(others).iterdir()):
        opener.open_file(path, path.name)
    return opener


if __name__ == "__main__":
    # what numpy or Python would only warn of counts as a problem
    warnings.simplefilter("error")
    warnings.simplefilter("ignore", lw.LayerwiseWarning)
    folder, *rest = sys.argv[1:]
    done = fuzz(folder, *map(int, rest)) if len(rest) == 3 else open_all(folder, *rest)
    print(json.dumps(done.report()))  # noqa: T201
