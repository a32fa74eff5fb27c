"""One turn: one contestant, one table, one seed, in a process of its own.

    python -m contest.turn CONTESTANT TABLE SEED FOLDER OUT

The result goes to OUT as JSON. The parent has set the threads; whatever fails ends
the process with its traceback.
"""

import importlib.metadata
import json
import os
import platform
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from contest.roster import contestant
from contest.scores import scores
from contest.sheets import sheets_in

PACKAGES = {
    "layerwise": "layerwise",
    "jax": "jax",
    "jaxlib": "jaxlib",
    "numpy": "numpy",
    "pandas": "pandas",
    "polars": "polars",
    "sklearn": "scikit-learn",
    "skrub": "skrub",
    "lightgbm": "lightgbm",
    "xgboost": "xgboost",
    "catboost": "catboost",
    "torch": "torch",
    "pytabkit": "pytabkit",
}


def turn(name: str, table: str, seed: int, tables: Path, own: Path) -> dict[str, Any]:
    """Fit, predict and score once; return everything that is worth keeping."""
    sheet, n_left_out = sheets_in(tables)[table].whole(own)
    np.random.seed(seed)  # for what has no seed of its own
    one = contestant(name, sheet, seed)
    began = time.perf_counter()
    one.fit(sheet)
    fitted = time.perf_counter()
    predicted = one.predict(sheet)
    done = time.perf_counter()
    _, y = sheet.read(sheet.test)
    return {
        "scores": scores(sheet.task, y, predicted.values, predicted.classes),
        "fit_seconds": fitted - began,
        "predict_seconds": done - fitted,
        "n_parameters": one.n_parameters,
        "n_test": len(y),
        "n_left_out": n_left_out,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """Return the versions of what this process loaded."""
    found = {"python": platform.python_version()}
    for module, package in PACKAGES.items():
        if module in sys.modules:
            found[package] = importlib.metadata.version(package)
    return found


def main() -> None:
    """Take one turn."""
    name, table, seed, tables, out = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        # empty: what compiling costs the first time is part of the seconds
        os.environ["LAYERWISE_CACHE"] = folder
        result = turn(name, table, int(seed), Path(tables), Path(folder))
    Path(out).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main()
