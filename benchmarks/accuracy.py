"""How well and how fast layerwise predicts real tables, beside its opponents.

    python benchmarks/accuracy.py                                  all of it: hours
    python benchmarks/accuracy.py --contestants strong,catboost --tables titanic
    python benchmarks/accuracy.py --report                         the page only

Every contestant learns the train file of every table and is scored once on its test
file: 1 - AUC for two classes, log-loss for more, RMSE for numbers. Each turn is a
process of its own with two threads on two cores, and contestants take turns on one
table after another. Seconds of fitting go from the file to the fitted model, reading
and compiling included and imports not; seconds of predicting go from the file to the
predictions. What was measured is kept in one file, and asking again measures only
what is lacking there. A turn that fails or takes too long is kept as that.

The tables are not part of this project: a folder holds NAME.train.csv.gz and
NAME.test.csv.gz, and tables.json lists them with target, task, rows and columns.

The opponents, beside layerwise and what it needs:

    pip install skrub==0.11.0 lightgbm==4.7.0 xgboost==3.2.0 catboost==1.2.10
    pip install torch==2.13.0 pytabkit==1.8.0

and scikit-learn 1.9.1, pandas 3.1.1 and the rest as in requirements.lock. torch is
the CPU build, and only the two reference networks need it.
"""

import argparse
import datetime
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from contest.contestant import THREADS  # noqa: E402
from contest.page import write_page  # noqa: E402
from contest.results import Results  # noqa: E402
from contest.roster import OPPONENTS, entries, takes_part  # noqa: E402
from contest.sheets import Sheet, sheets_in  # noqa: E402

TABLES = HERE.parent.parent / "shared" / "tables"
RESULTS = HERE / "accuracy.json"
DOCS = HERE.parent / "docs" / "accuracy.md"
THREAD_NAMES = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
    *("NUMEXPR_NUM_THREADS", "POLARS_MAX_THREADS"),
)
"""What libraries read when they count their threads."""

Run = dict[str, Any]


def key_of(run: Run) -> tuple[str, str, int]:
    """Return what a run is known by."""
    return run["contestant"], run["table"], run["seed"]


def kept(path: Path) -> list[Run]:
    """Return the runs of a results file."""
    if not path.exists():
        return []
    runs: list[Run] = json.loads(path.read_text(encoding="utf-8"))["runs"]
    return runs


def keep(path: Path, run: Run) -> None:
    """Put a run into the results file, whole or not at all."""
    runs = [one for one in kept(path) if key_of(one) != key_of(run)]
    text = json.dumps({"runs": [*runs, run]}, indent=1)
    whole = path.with_suffix(".part")
    whole.write_text(text + "\n", encoding="utf-8")
    whole.replace(path)


def take_turn(name: str, sheet: Sheet, seed: int, asked: Any) -> Run:
    """Run one contestant on one table; a failure is a result as well."""
    run: Run = {
        "contestant": name,
        "table": sheet.name,
        "seed": seed,
        "task": sheet.task,
        "day": datetime.date.today().isoformat(),
        "machine": machine(),
    }
    if name not in OPPONENTS:
        run["commit"] = commit()
    threads = dict.fromkeys(THREAD_NAMES, str(THREADS))
    paths = [str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
    env = {**os.environ, **threads, "PYTHONPATH": os.pathsep.join(paths)}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "result.json"
        command = [sys.executable, "-m", "contest.turn", name, sheet.name, str(seed)]
        command += [str(asked.folder.resolve()), str(out)]
        try:
            done = subprocess.run(
                command, env=env, capture_output=True, text=True, timeout=asked.limit
            )
        except subprocess.TimeoutExpired:
            return run | {"error": f"took longer than {asked.limit} seconds"}
        if done.returncode == 0:
            return run | json.loads(out.read_text(encoding="utf-8"))
    return run | {"error": reason(done.returncode, done.stderr)}


def reason(code: int, said: str) -> str:
    """Return in one line why a process failed; paths lose their folders.

    Example:
        >>> reason(-9, "")
        'ended by signal 9'
        >>> reason(1, "ValueError: '/a/b/c.csv' is empty")
        "ValueError: 'c.csv' is empty"
    """
    if code < 0:
        return f"ended by signal {-code}"
    lines = [line for line in said.splitlines() if line.strip()]
    last = lines[-1].strip() if lines else f"ended with {code}, and said nothing"
    return re.sub(r"/(?:[\w.@+-]+/)+", "", last)[:300]


def machine() -> str:
    """Describe the machine."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        text = ""
    names = [line.split(":")[1] for line in text.splitlines() if "model name" in line]
    name = names[0].strip() if names else platform.machine()
    return f"{name}, {min(THREADS, os.cpu_count() or 1)} of {os.cpu_count()} cores"


def commit() -> str | None:
    """Return which layerwise is measured, where git knows it."""
    command = ["git", "-C", str(HERE), "describe", "--always", "--dirty"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip() or None


def said(run: Run) -> str:
    """Say in one line what came of a run."""
    what = f"{run['table']} | {run['contestant']} | seed {run['seed']}"
    if "error" in run:
        return f"{what} | {run['error']}"
    score_name, score = next(iter(run["scores"].items()))
    return f"{what} | {score_name} {score:.5g} | {run['fit_seconds']:.1f} s"


def compete(asked: Any) -> None:
    """Take every turn that was asked for and is not in the results file."""
    if hasattr(os, "sched_setaffinity"):  # for what counts cores and not threads
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])
    done = {key_of(run) for run in kept(asked.out)} if not asked.again else set()
    for seed in asked.seeds:
        for sheet in asked.tables:
            for name in asked.contestants:
                if (name, sheet.name, seed) in done or not takes_part(name, sheet):
                    continue
                run = take_turn(name, sheet, seed, asked)
                keep(asked.out, run)
                print(said(run), flush=True)


def options() -> Any:
    """Read what was asked, and refuse names that nobody has."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    known = [*entries(), *OPPONENTS]
    parser.add_argument("--contestants", help=f"some of {', '.join(known)}")
    parser.add_argument("--tables", help="some of the folder's tables")
    parser.add_argument("--seeds", default="0", help="as 0,1,2")
    parser.add_argument("--folder", type=Path, default=TABLES, help="of the tables")
    parser.add_argument("--limit", type=int, default=3600, help="seconds of a turn")
    parser.add_argument("--again", action="store_true", help="measure what is kept")
    parser.add_argument("--report", action="store_true", help="measure nothing")
    parser.add_argument("--out", type=Path, default=RESULTS, help="the results")
    parser.add_argument("--page", type=Path, default=DOCS, help="the page")
    asked: Any = parser.parse_args()
    sheets = sheets_in(asked.folder)
    for option, choices in (("contestants", known), ("tables", list(sheets))):
        names = getattr(asked, option)
        chosen = names.split(",") if names else choices
        for name in chosen:
            if name not in choices:
                parser.error(f"{name!r} is none of {', '.join(choices)}.")
        setattr(asked, option, chosen)
    asked.tables = [sheets[name] for name in asked.tables]
    asked.seeds = [int(seed) for seed in asked.seeds.split(",")]
    return asked


def main() -> None:
    """Compete, then write it down."""
    asked = options()
    if not asked.report:
        compete(asked)
    results = Results(kept(asked.out), asked.tables, asked.contestants)
    if results.runs:
        write_page(asked.page, results)
        print(f"Written: {asked.page}")


if __name__ == "__main__":
    main()
