"""How fast layerwise is, beside PyTorch and scikit-learn, on this machine.

    python benchmarks/speed.py               everything; writes docs/speed.md
    python benchmarks/speed.py --repeats 1   a quick look

Each run is a process of its own; the libraries take turns, so that a machine
that slows down slows all of them. Medians are printed. PyTorch is optional:
pip install torch==2.13.0 (the CPU build).
"""

import argparse
import importlib.metadata
import importlib.util
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

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from contestants import CONFIGS, rows  # noqa: E402

DOCS = HERE.parent / "docs" / "speed.md"
LIBRARIES = ("layerwise", "sklearn", "torch")
PRODUCTS = ("numpy", "jax")
WIDEST = "three of 512, batch 1024"
GOALS = {
    "two of 64, batch 32": {"sklearn": 5.0, "torch": 8.0},
    "two of 64, batch 256": {"sklearn": 2.5, "torch": 3.0},
    "three of 512, batch 1024": {"sklearn": 1.0, "torch": 1.0},
}


def child(task: str, library: str, name: str) -> dict[str, float]:
    """Run one timed task in a process of its own."""
    command = [sys.executable, str(HERE / "contestants.py"), task, library, name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def in_turns(
    turns: dict[str, tuple[str, str, str]], repeats: int
) -> dict[str, dict[str, float]]:
    """Let tasks take turns; return the median of each figure of each.

    Args:
        turns: Task, library and configuration; layerwise's first.
        repeats: Turns that each gets.
    """
    results: dict[str, list[dict[str, float]]] = {one: [] for one in turns}
    child(*next(iter(turns.values())))  # fills the cache of compiled programs
    for _ in range(repeats):
        for one, (task, library, name) in turns.items():
            results[one].append(child(task, library, name))
    return {
        one: {key: median(run[key] for run in runs) for key in runs[0]}
        for one, runs in results.items()
    }


def n_parameters(widths: tuple[int, ...]) -> int:
    """Count the parameters of a network on 20 inputs."""
    sizes = [20, *widths, 1]
    return sum(a * b + b for a, b in zip(sizes, sizes[1:], strict=False))


def training(libraries: tuple[str, ...], repeats: int) -> list[str]:
    """Time training, and hold it against the goals."""
    lines = [
        "## Training",
        "",
        "20,000 rows of 20 numbers, two classes, Adam, 2 threads. Seconds of `fit`,",
        "the look-up of the compiled program on disk included. Loss is the mean",
        "binary cross-entropy over the training rows afterwards.",
        "",
        "| network | library | epochs | seconds | loss | layerwise is faster by |",
        "|---|---|---|---|---|---|",
    ]
    flops, rate = 0.0, 0.0
    for name, config in CONFIGS.items():
        turns = {library: ("train", library, name) for library in libraries}
        if name == WIDEST:
            turns |= {f"{one} product": ("matmul", one, "-") for one in PRODUCTS}
        found = in_turns(turns, repeats)
        own = found["layerwise"]["seconds"]
        for library in libraries:
            run = found[library]
            factor = "" if library == "layerwise" else f"{run['seconds'] / own:.1f} x"
            if library in GOALS[name]:
                factor += f" (goal {GOALS[name][library]:g} x)"
            lines.append(
                f"| {name} | {library} | {config['epochs']} | {run['seconds']:.2f} | "
                f"{run['loss']:.4f} | {factor} |"
            )
            print(lines[-1], flush=True)
        if name == WIDEST:
            work = 6 * 20_000 * n_parameters(config["widths"]) * config["epochs"]
            flops = work / own
            rate = max(found[f"{one} product"]["flops"] for one in PRODUCTS)
    lines += [
        "",
        f"Three of 512 ran at {flops / 1e9:.0f} Gflop/s (6 x rows x parameters an "
        f"epoch), {flops / rate:.0%} of this machine's own matrix product of "
        f"1024 x 512 by 512 x 512 ({rate / 1e9:.0f} Gflop/s, the better of "
        "NumPy and JAX, in turns with the trainings).",
        "",
    ]
    print("\n".join(lines[-3:]), flush=True)
    return lines


def prediction(repeats: int) -> list[str]:
    """Time the prediction of a million rows."""
    lines = [
        "## Prediction",
        "",
        "1,000,000 rows through two layers of 64: seconds of `predict_proba`.",
        "",
        "| numbers | layerwise | scikit-learn | layerwise is faster by |",
        "|---|---|---|---|",
    ]
    for dtype in ("float32", "float64"):
        turns = {one: ("predict", one, dtype) for one in ("layerwise", "sklearn")}
        found = in_turns(turns, repeats)
        own, other = (found[one]["seconds"] for one in ("layerwise", "sklearn"))
        lines.append(f"| {dtype} | {own:.2f} | {other:.2f} | {other / own:.1f} x |")
        print(lines[-1], flush=True)
    return [*lines, ""]


def whole_process(command: list[str], cache: str) -> tuple[float, float]:
    """Run a command; return its seconds and its peak memory in GB."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "LAYERWISE_CACHE": cache},
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if status:
        raise RuntimeError(f"{command} ended with {status}")
    return seconds, usage.ru_maxrss / 2**20


def processes(repeats: int) -> list[str]:
    """Time whole processes, from a file to a saved model."""
    import polars as pl

    lines = [
        "## From a file to a saved model",
        "",
        "The whole process `layerwise train FILE --target y`, imports included.",
        "",
        "| table | network | compiled programs | seconds | peak memory |",
        "|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        names = [f"x{i}" for i in range(20)]
        for n, ending, options in (
            (20_000, "csv", []),
            (1_000_000, "parquet", ["--epochs", "1", "--batch-size", "1024"]),
        ):
            X, y = rows(n)
            frame = pl.DataFrame(X, schema=names).with_columns(y=pl.Series(y))
            path = f"{folder}/rows.{ending}"
            frame.write_csv(path) if ending == "csv" else frame.write_parquet(path)
            base = [sys.executable, "-m", "layerwise", "train", path]
            base += ["--target", "y", "--layers", "mlp", *options]
            base += ["--out", f"{folder}/y.safetensors"]
            for state in ("cold", "warm"):
                runs = []
                for i in range(repeats):
                    cache = f"{folder}/cache-{n}-{i if state == 'cold' else 0}"
                    os.makedirs(cache, mode=0o700, exist_ok=True)
                    runs.append(whole_process(base, cache))
                seconds, memory = (median(figure) for figure in zip(*runs, strict=True))
                what = " ".join(options) or "all defaults"
                lines.append(
                    f"| {n:,} x 20, {ending} | mlp, {what} | {state} | {seconds:.1f} | "
                    f"{memory:.2f} GB |"
                )
                print(lines[-1], flush=True)
    return [*lines, ""]


def machine(libraries: tuple[str, ...]) -> list[str]:
    """Describe the machine and the versions."""
    packages = {"sklearn": "scikit-learn"}
    versions = [
        f"{name} {importlib.metadata.version(packages.get(name, name))}"
        for name in (*libraries, "jax", "jaxlib", "numpy", "polars")
    ]
    return [
        "# Speed",
        "",
        f"Measured by `make bench` with {os.cpu_count()} cores ({_processor()}), "
        f"Python {platform.python_version()}, {', '.join(versions)}. Every figure is "
        "the median of several processes that took turns. Machines differ: trust the "
        "ratios.",
        "",
    ]


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.machine()
    names = [line.split(":")[1] for line in text.splitlines() if "model name" in line]
    return names[0].strip() if names else platform.machine()


def main() -> None:
    """Measure everything, and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path, default=DOCS)
    asked: Any = parser.parse_args()
    has_torch = importlib.util.find_spec("torch") is not None
    libraries = LIBRARIES if has_torch else LIBRARIES[:2]
    if not has_torch:
        print("PyTorch is not installed, so it is left out.", file=sys.stderr)
    lines = machine(libraries)
    lines += training(libraries, asked.repeats)
    lines += prediction(asked.repeats)
    lines += processes(asked.repeats)
    asked.out.write_text("\n".join(lines).rstrip() + "\n")
    print(f"Written: {asked.out}")


if __name__ == "__main__":
    main()
