"""Small tables as files, and models that the commands themselves trained."""

import csv
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest


def write(path: Path, header: list[str], rows: list[list[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Write a table for each task."""
    folder = tmp_path_factory.mktemp("tables")
    random = np.random.default_rng(0)
    n = 150
    x = random.normal(size=n)
    line = [
        [f"{a:.6f}", f"{3 + 2 * a + e:.6f}"]
        for a, e in zip(x, x[::-1] / 9, strict=True)
    ]
    job = random.choice(["clerk", "cook", "nun"], size=n)
    pay = np.round(2000 + 500 * x + 300 * (job == "cook"), 2)
    loan = np.where(pay + 200 * random.normal(size=n) > 2100, "yes", "no")
    people = [
        [f"${p:,.2f}", j, "" if i % 10 == 3 else i % 50, "GB", y]
        for i, (p, j, y) in enumerate(zip(pay, job, loan, strict=True))
    ]
    petal = random.normal(size=(n, 2)) + np.repeat([[0, 0], [3, 0], [0, 3]], n // 3, 0)
    kinds = np.repeat(["iris", "lily", "rose"], n // 3)
    flowers = [
        [f"{a:.4f}", f"{b:.4f}", k] for (a, b), k in zip(petal, kinds, strict=True)
    ]
    return SimpleNamespace(
        folder=folder,
        line=write(folder / "line.csv", ["x", "y"], line),
        people=write(
            folder / "people.csv", ["pay", "job", "age", "country", "loan"], people
        ),
        flowers=write(folder / "flowers.csv", ["length", "width", "kind"], flowers),
    )


@pytest.fixture(scope="session")
def line_model(tables, command) -> SimpleNamespace:
    """Train a line."""
    path = tables.folder / "line.safetensors"
    args = ("--target", "y", "--layers", "linear", "--out", path, "--json")
    return SimpleNamespace(path=path, ran=command("train", tables.line, *args))


@pytest.fixture(scope="session")
def people_model(tables, command) -> SimpleNamespace:
    """Train a network with one hidden layer for two classes."""
    path = tables.folder / "loan.safetensors"
    args = ("--layers", "8 relu", "--epochs", 30, "--batch-size", 40, "--seed", 1)
    ran = command(
        "train", tables.people, "--target", "loan", "--out", path, *args, "--json"
    )
    return SimpleNamespace(path=path, ran=ran)


@pytest.fixture(scope="session")
def flowers_model(tables, command) -> SimpleNamespace:
    """Train softmax regression."""
    path = tables.folder / "kind.safetensors"
    args = ("--target", "kind", "--layers", "linear", "--l2", 0.01, "--out", path)
    return SimpleNamespace(
        path=path, ran=command("train", tables.flowers, *args, "--json")
    )
