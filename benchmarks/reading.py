"""How fast layerwise reads, types and encodes a large table, beside Polars.

    python benchmarks/reading.py                  10,000,000 rows; writes the page
    python benchmarks/reading.py --rows 200000    a quick look, without the page

A table of 12 mixed columns is made in a temporary folder, as CSV and, a fifth of
its rows, as Parquet. Polars' own `read_csv` and `read_parquet` take turns with
`read`, `look`, `learn` and `Schema.encode`, each in a process of its own, so that
a machine that slows down slows both. Medians are printed.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import polars as pl

DOCS = Path(__file__).resolve().parent.parent / "docs" / "reading-speed.md"
ROWS = 10_000_000
STEPS = ("read", "look", "learn", "encode")
GOALS = {"csv": 0.5, "parquet": 0.6}  # of Polars' own rate
MOST_MEMORY = 3.0  # times the table in memory
GB = 1e9


def make_table(n: int) -> pl.DataFrame:
    """Make a table of twelve columns, as tables are."""
    rng = np.random.default_rng(0)
    regions = np.array(["north", "south", "east", "west", "hill", "coast", "valley"])
    cities = np.array([f"city {i:04d}" for i in range(500)])
    days = np.datetime64("2015-01-01") + rng.integers(0, 3650, n)
    prices = pl.Series(np.round(rng.lognormal(6, 1, n), 2)).cast(pl.String)
    is_known = pl.Series(rng.random(n) >= 0.02)
    frame = pl.DataFrame(
        {
            "temperature": np.round(rng.normal(15, 8, n), 2),
            "pressure": np.round(rng.normal(1013, 9, n), 1),
            "ratio": np.round(rng.random(n), 6),
            "amount": np.round(rng.lognormal(3, 1, n), 2),
            "count": rng.integers(0, 1000, n),
            "age": rng.integers(18, 95, n),
            "price": "$" + prices,
            "region": regions[rng.integers(0, 7, n)],
            "city": cities[rng.integers(0, 500, n)],
            "member": np.array(["yes", "no"])[rng.integers(0, 2, n)],
            "day": days,
            "score": np.round(rng.normal(0, 1, n), 8),
        }
    )
    return frame.with_columns(pl.when(is_known).then("pressure").alias("pressure"))


def write_tables(folder: str, n: int) -> None:
    """Write the table, and a fifth of its rows as Parquet."""
    frame = make_table(n)
    frame.write_csv(f"{folder}/rows.csv")
    frame.head(max(1, n // 5)).write_parquet(f"{folder}/rows.parquet")


def timed_polars(path: str) -> dict[str, float]:
    """Let Polars read a file."""
    began, cpu = time.perf_counter(), time.process_time()
    is_csv = path.endswith("csv")
    frame = pl.read_csv(path) if is_csv else pl.read_parquet(path)
    seconds = time.perf_counter() - began
    cpu_seconds = _cpu() - cpu
    return {"all": seconds, "cpu": cpu_seconds, "size": frame.estimated_size() / GB}


def timed_layerwise(path: str) -> dict[str, float]:
    """Let layerwise read, type and encode a file."""
    from layerwise.table import learn, look, read

    times, cpu = [time.perf_counter()], time.process_time()
    table = read(path)
    times.append(time.perf_counter())
    readings = look(table)
    times.append(time.perf_counter())
    schema = learn(table, readings)
    times.append(time.perf_counter())
    encoded = schema.encode(table)
    times.append(time.perf_counter())
    cpu_seconds = _cpu() - cpu
    kinds = {reading.name: reading.kind for reading in readings}
    expected = {"price": "number", "day": "date", "member": "yes/no"}
    is_right = len(encoded.numbers) == table.n_rows and kinds == kinds | expected
    if not is_right:
        raise RuntimeError(f"The table was read as {kinds}.")
    steps = zip(STEPS, times[1:], times, strict=False)
    found = {step: later - earlier for step, later, earlier in steps}
    size = (encoded.numbers.nbytes + encoded.categories.nbytes) / GB
    return {**found, "all": times[-1] - times[0], "cpu": cpu_seconds, "size": size}


def _cpu() -> float:
    """Seconds of all cores, those of ended child processes among them."""
    return time.process_time() + sum(os.times()[2:4])


def child(who: str, path: str) -> dict[str, float]:
    """Run one of them in a process of its own."""
    command = [sys.executable, __file__, "--child", who, path]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise RuntimeError(f"{who} ended with {status}")
        said.seek(0)
        found = json.loads(said.read())
    per_gb = GB if sys.platform == "darwin" else GB / 1024
    return {**found, "memory": usage.ru_maxrss / per_gb}


def in_turns(path: str, repeats: int) -> dict[str, dict[str, float]]:
    """Let both take turns; return the median of each figure, and the ratio."""
    runs: dict[str, list[dict[str, float]]] = {"polars": [], "layerwise": []}
    child("polars", path)  # so that the file is in the system's cache
    for _ in range(repeats):
        for who, found in runs.items():
            found.append(child(who, path))
    return {
        who: {key: median(run[key] for run in found) for key in found[0]}
        for who, found in runs.items()
    }


def section(path: str, n: int, repeats: int) -> list[str]:
    """Measure one file, and hold it against the goals."""
    found = in_turns(path, repeats)
    ending = path.rpartition(".")[2]
    polars, own = found["polars"], found["layerwise"]
    rate, cpu = polars["all"] / own["all"], polars["cpu"] / own["cpu"]
    goal = GOALS[ending]
    lines = [
        f"## {'A CSV' if ending == 'csv' else 'A Parquet file'} of {n:,} rows",
        "",
        f"{os.path.getsize(path) / GB:.2f} GB on disk, {polars['size']:.2f} GB in "
        f"Polars' memory, {own['size']:.2f} GB as numbers and ids for a network.",
        "",
        f"| | {' | '.join(STEPS)} | seconds in all | seconds of all cores | "
        "peak memory |",
        "|---|---|---|---|---|---|---|---|",
        f"| polars, read_{ending} | | | | | {polars['all']:.2f} | "
        f"{polars['cpu']:.2f} | {polars['memory']:.2f} GB |",
        f"| layerwise | {' | '.join(f'{own[step]:.2f}' for step in STEPS)} | "
        f"{own['all']:.2f} | {own['cpu']:.2f} | {own['memory']:.2f} GB |",
        "",
        f"layerwise reads, types and encodes at {rate:.0%} of the rate at which Polars "
        f"only reads ({cpu:.0%} by the time of all cores). The goal is {goal:.0%}: "
        f"{'reached' if rate >= goal else 'missed'}. Its peak memory is "
        f"{own['memory'] / polars['size']:.1f} times the table in Polars' memory.",
    ]
    if ending == "csv":
        is_small = own["memory"] <= MOST_MEMORY * polars["size"]
        lines[-1] += (
            f" The goal is {MOST_MEMORY:.0f} times: "
            f"{'reached' if is_small else 'missed'}."
        )
    print("\n".join(lines), flush=True)
    return [*lines, ""]


def machine(repeats: int) -> list[str]:
    """Describe the machine and the versions."""
    versions = [
        f"{name} {importlib.metadata.version(name)}"
        for name in ("layerwise", "numpy", "polars")
    ]
    return [
        "# Reading speed",
        "",
        f"Measured by `python benchmarks/reading.py` with {os.cpu_count()} cores "
        f"({_processor()}), Python {platform.python_version()}, "
        f"{', '.join(versions)}. Every figure is the median of {repeats} processes of "
        "each, which took turns. Polars only reads the file; layerwise reads it, finds "
        "out what every column means, learns how columns become numbers, and encodes "
        "every row for a network. The twelve columns: six of numbers, one of them with "
        "missing cells, prices with a currency, two of categories, yes/no, dates, and "
        "numbers of eight digits. Machines differ: trust the ratios.",
        "",
    ]


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    names = [line.split(":")[1] for line in text.splitlines() if "model name" in line]
    return names[0].strip() if names else platform.machine()


def main() -> None:
    """Measure both files, and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path, help="the page; docs at full size")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--make", nargs=2, help=argparse.SUPPRESS)
    asked: Any = parser.parse_args()
    if asked.make:
        write_tables(asked.make[0], int(asked.make[1]))
        return
    if asked.child:
        who, path = asked.child
        run = timed_polars if who == "polars" else timed_layerwise
        print(json.dumps(run(path)))
        return
    lines = machine(asked.repeats)
    with tempfile.TemporaryDirectory() as folder:
        # Apart: a child's peak memory begins with that of the process it comes from.
        command = [sys.executable, __file__, "--make", folder, str(asked.rows)]
        subprocess.run(command, check=True)
        lines += section(f"{folder}/rows.csv", asked.rows, asked.repeats)
        n_parquet = max(1, asked.rows // 5)
        lines += section(f"{folder}/rows.parquet", n_parquet, asked.repeats)
    out = asked.out or (DOCS if asked.rows >= ROWS else None)
    if out is not None:
        out.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
        print(f"Written: {out}")


if __name__ == "__main__":
    main()
