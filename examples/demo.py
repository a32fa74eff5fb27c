"""The whole way, from a file to predictions, with the commands that a person types.

A real table that scikit-learn ships is written to CSV: 569 tumors, 30 measures
of the cells in each, and the diagnosis. Four fifths are learned from, the rest
are kept away to see how good the predictions are on tumors never seen.
"""

import csv
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer

FOLDER = Path("demo")
KNOWN, NEW = FOLDER / "tumors.csv", FOLDER / "new_tumors.csv"
LINE, MODEL = FOLDER / "line.safetensors", FOLDER / "diagnosis.safetensors"
PREDICTIONS = FOLDER / "predictions.csv"


def write_tables() -> None:
    """Write the tumors to learn from, and the new ones."""
    sample = load_breast_cancer()
    header = [*sample.feature_names, "diagnosis"]
    names = sample.target_names[sample.target]
    order = np.random.default_rng(0).permutation(len(names))
    n_new = len(order) // 5
    FOLDER.mkdir(exist_ok=True)
    for path, rows in ((NEW, order[:n_new]), (KNOWN, order[n_new:])):
        with path.open("w", newline="", encoding="utf-8") as file:
            lines = ([*sample.data[i].tolist(), names[i]] for i in rows)
            csv.writer(file).writerows([header, *lines])
        say(f"{path}: {len(rows)} rows, {len(header)} columns")


def say(text: str) -> None:
    """Print a line at once, so that it stands before what comes next."""
    print(text, flush=True)


def layerwise(*args: object) -> None:
    """Show a command, and run it."""
    words = [str(arg) for arg in args]
    say(f"\n$ layerwise {shlex.join(words)}")
    subprocess.run([sys.executable, "-m", "layerwise", *words], check=True)


def main() -> None:
    """Show the whole way."""
    began = time.monotonic()
    write_tables()

    say("\n# What is in the table, and what a network sees of it.")
    layerwise("look", KNOWN, "--target", "diagnosis")

    say("\n# First without hidden layers: logistic regression, in two layers.")
    layerwise(
        *("train", KNOWN, "--target", "diagnosis"),
        *("--layers", "linear", "--l2", 0.01, "--out", LINE),
    )

    say("\n# Then with two hidden layers, each a linear function into a ReLU.")
    layerwise(
        *("train", KNOWN, "--target", "diagnosis"),
        *("--layers", "32 relu, 16 relu", "--out", MODEL),
    )

    say("\n# The model is one file. Here is what it says of itself.")
    layerwise("show", MODEL)

    say("\n# How good it is on tumors that were kept away from it.")
    layerwise("evaluate", MODEL, NEW)

    say("\n# And its predictions, one line for each row.")
    layerwise("predict", MODEL, NEW, "--out", PREDICTIONS)
    say(f"\n$ head -4 {PREDICTIONS}")
    say("".join(PREDICTIONS.read_text(encoding="utf-8").splitlines(True)[:4]))

    say(f"All of this took {time.monotonic() - began:.0f} s. The model: {MODEL}")


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # whoever reads has enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
