"""A model predicts the same from the same rows, wherever they come from."""

import datetime
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from layerwise.model import Model, train
from layerwise.table import read

N = 120


def cells() -> dict[str, list[str | None]]:
    """Return a column of every kind, as a CSV file holds it."""
    rng = np.random.default_rng(5)
    words = ["far too loud", "we come again", "fine", "so so", "nothing to add"]
    day = datetime.date(2021, 1, 1)
    columns: dict[str, list[str | None]] = {
        "age": [str(age) for age in rng.integers(18, 90, N)],
        "height": [f"{height:.2f}" for height in rng.normal(1.7, 0.1, N)],
        "income": [f"${income:,.2f}" for income in rng.lognormal(8, 1, N)],
        "share": [f"{share}%" for share in rng.integers(0, 101, N)],
        "member": [("no", "yes")[i] for i in rng.integers(0, 2, N)],
        "active": [("false", "true")[i] for i in rng.integers(0, 2, N)],
        "job": [("cook", "clerk", "nurse")[i] for i in rng.integers(0, 3, N)],
        "city": [f"city {i}" for i in rng.integers(0, 25, N)],
        "zip": [f"{code:05d}" for code in rng.integers(300, 330, N)],
        "day": [str(day + datetime.timedelta(int(i))) for i in rng.integers(0, 999, N)],
        "length": [f"{h}:{m:02d}:00" for h, m in rng.integers(0, 60, (N, 2))],
        "note": [f"{words[i % 5]} {words[i * 7 % 5]} {i}" for i in range(N)],
    }
    for name in ("age", "job", "day", "note", "member"):
        columns[name][3] = None
    return columns | {"y": [f"{y:.3f}" for y in rng.normal(size=N)]}


def typed() -> pl.DataFrame:
    """Return the same rows with the types that a data frame gives them."""
    frame = pl.DataFrame(cells())
    return frame.with_columns(
        pl.col("age").cast(pl.Int64),
        pl.col("height", "y").cast(pl.Float64),
        pl.col("active") == "true",
        pl.col("day").str.to_date(),
    )


def as_csv(folder: Path) -> str:
    pl.DataFrame(cells()).write_csv(folder / "rows.csv")
    return str(folder / "rows.csv")


def as_parquet(folder: Path) -> str:
    typed().write_parquet(folder / "rows.parquet")
    return str(folder / "rows.parquet")


def as_json_lines(folder: Path) -> str:
    rows = typed().with_columns(pl.col("day").cast(pl.String)).to_dicts()
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "rows.jsonl").write_text(text)
    return str(folder / "rows.jsonl")


def as_database(folder: Path) -> object:
    frame = typed().with_columns(pl.col("day").cast(pl.String))
    database = sqlite3.connect(folder / "rows.db")
    names = ", ".join(f'"{name}"' for name in frame.columns)
    marks = ", ".join("?" * frame.width)
    database.execute(f"create table people ({names})")
    database.executemany(f"insert into people values ({marks})", frame.rows())
    database.commit()
    database.close()
    address = f"sqlite:///{folder / 'rows.db'}"
    return read(address, sql="select * from people")


def in_pandas(folder: Path) -> object:
    return typed().to_pandas()


def in_polars(folder: Path) -> object:
    return typed()


def reordered(folder: Path) -> object:
    frame = typed()
    return frame.select(sorted(frame.columns, reverse=True))


def with_more(folder: Path) -> object:
    return pl.DataFrame(cells()).with_columns(more=pl.lit("x"), further=1.5)


@pytest.fixture(scope="module", params=["linear", "8 relu"])
def model(request, tmp_path_factory) -> Model:
    path = as_csv(tmp_path_factory.mktemp("train"))
    return train(path, target="y", layers=request.param, epochs=3, l2=0.1)


@pytest.mark.filterwarnings("ignore::layerwise.errors.LayerwiseWarning")
@pytest.mark.parametrize(
    "source",
    [
        as_parquet,
        as_json_lines,
        as_database,
        in_pandas,
        in_polars,
        reordered,
        with_more,
    ],
)
def test_rows_predict_the_same_bits_from_any_source(
    model: Model, source: Callable[[Path], object], tmp_path: Path
):
    from_csv = model.predict(as_csv(tmp_path))
    kinds = {column.name: column.kind for column in model.schema.columns}
    assert set(kinds.values()) >= {"number", "yes/no", "category", "date", "duration"}
    assert kinds["note"] == "text"
    assert np.array_equal(model.predict(source(tmp_path)), from_csv)


@pytest.mark.filterwarnings("ignore::layerwise.errors.LayerwiseWarning")
@pytest.mark.parametrize("source", [as_parquet, as_json_lines, in_pandas, in_polars])
def test_a_model_trained_from_any_source_is_the_same_model(
    model: Model, source: Callable[[Path], object], tmp_path: Path
):
    layers = model.facts.layers
    other = train(source(tmp_path), target="y", layers=layers, epochs=3, l2=0.1)
    path = as_csv(tmp_path)
    assert np.array_equal(other.predict(path), model.predict(path))
