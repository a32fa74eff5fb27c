"""Broken model files, many thousands: none runs code, exhausts memory or crashes.

``LAYERWISE_FUZZ_FILES`` sets how many; ``make fuzz`` opens a million.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from greedy_files import GREEDY, greedy_files
from small_models import table

from layerwise.layers import Linear
from layerwise.network import Network

N_FILES = int(os.environ.get("LAYERWISE_FUZZ_FILES", 20_000))
SEED = 2
N_CHILDREN = 2
MOST_FILES = 20_000
"""Of one child: what odd networks leave behind in JAX slows down those after them."""
ALLOWED = "The most memory was {:.0%} of twice the file and 64 MiB."
CHILD = Path(__file__).with_name("fuzz_child.py")


@pytest.fixture
def folder(models, tmp_path):
    """Return a folder of real models and a table that they can read."""
    for name, model in models.items():
        model.save(tmp_path / f"{name}.safetensors")
    (tmp_path / "table.json").write_text(json.dumps(table(seed=8, n=20)))
    return tmp_path


@pytest.fixture
def say(capsys):
    """Return a function that tells a number to whoever runs the tests."""

    def say(text):
        with capsys.disabled():
            sys.stdout.write(f"\n{text}\n")

    return say


def children(folder, n_files):
    """Let child processes share the files, two at a time; yield their reports."""
    n_parts = max(N_CHILDREN, -(-n_files // MOST_FILES))
    edges = [n_files * k // n_parts for k in range(n_parts + 1)]

    def report(first, last):
        child = subprocess.run(
            [sys.executable, CHILD, folder, str(SEED), str(first), str(last)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert child.returncode == 0, child.stderr[-3000:]
        return json.loads(child.stdout)

    with ThreadPoolExecutor(N_CHILDREN) as threads:
        yield from threads.map(report, edges, edges[1:])


@pytest.mark.slow  # 20,000 files
def test_broken_files_run_nothing_and_exhaust_nothing(folder, say):
    counts, problems, most_memory = Counter(), [], 0.0
    for report in children(folder, N_FILES):
        counts += Counter(report["counts"])
        problems += report["problems"]
        most_memory = max(most_memory, report["most_memory"])
    say(f"{N_FILES:,} files: {dict(counts)}. {ALLOWED.format(most_memory)}")
    assert not problems, "\n".join(problems)
    assert counts["opened"] + counts["refused"] == N_FILES
    # changed, yet still files: what is behind the header is tried as well
    assert counts["predicted"] > N_FILES / 50
    assert counts["refused"] > N_FILES / 2


def widened(model, width):
    """Return a model of width x width more weights."""
    first, *_, last, output = model.network.layers
    layers = (first, Linear(width), Linear(width), last, output)
    network = Network(layers)
    params = [
        {name: np.full(shape, 1e-3, np.float32) for name, shape in layer.items()}
        for layer in network.shapes()
    ]
    part = replace(model.parts[0], network=network, networks=({"layers": params},))
    return replace(model, parts=(part,), last_params=None)


@pytest.mark.slow  # large files, made and parsed
def test_files_that_ask_for_much_get_no_more_than_they_pay_for(
    models, folder, tmp_path_factory, say
):
    allowed, refused = (tmp_path_factory.mktemp(one) for one in ("allowed", "refused"))
    raw = (folder / "mixed.safetensors").read_bytes()
    for name, grow in GREEDY.items():
        files = greedy_files(raw, grow)
        (allowed / name).write_bytes(files[0])
        (refused / name).write_bytes(files[1])
    widened(models["both"], 3_000).save(allowed / "weights")
    for others in (allowed, refused):
        report = json.loads(
            subprocess.check_output([sys.executable, CHILD, folder, others])
        )
        say(f"{others.name[:-1]}: {ALLOWED.format(report['most_memory'])}")
        assert not report["problems"], "\n".join(report["problems"])
    assert report["counts"] == {"refused": len(GREEDY)}
