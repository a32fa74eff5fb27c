"""A program that reads many files, and says what came of each.

Apart from pytest, so that the memory of the reader and of its children can be
measured. Takes names on standard input, a line each, and how many to read side by
side. Writes a line of JSON for each file, and one for the program at the end.
"""

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from layerwise.errors import LayerwiseError
from layerwise.table.read import read

KIB = 1024


def _outcome(name: str) -> dict[str, object]:
    started = time.monotonic()
    try:
        shape = list(read(name).frame.shape)
        kind, message = "table", ""
    except LayerwiseError as error:
        kind, message, shape = "refused", str(error), []
    except BaseException as error:
        kind, message, shape = "failed", repr(error), []
    seconds = time.monotonic() - started
    return {
        **{"name": Path(name).name, "kind": kind, "message": message},
        **{"shape": shape, "seconds": seconds},
    }


def _own_peak() -> int:
    """Return the peak of this program; getrusage gives that of its parent, too."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * KIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB


def main() -> None:
    """Read all files."""
    names = sys.stdin.read().splitlines()
    with ThreadPoolExecutor(int(sys.argv[1])) as pool:
        for outcome in pool.map(_outcome, names):
            sys.stdout.write(json.dumps(outcome) + "\n")
    own = _own_peak()
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * KIB
    sizes = {"own_bytes": own, "children_bytes": children}
    sys.stdout.write(json.dumps(sizes) + "\n")


if __name__ == "__main__":
    main()
