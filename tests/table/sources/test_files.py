"""The same rows in any file give the same table, down to the last bit."""

import bz2
import gzip
import io
import json
import lzma
import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import zstandard

from layerwise.errors import ReadError
from layerwise.table.read import read
from layerwise.table.schema import learn, look

N = 60
NAMES = ("n", "x", "word", "answer", "gaps", "holes", "day", "big", "name")


def _rows() -> list[tuple[Any, ...]]:
    """Integers, floats, words, yes/no, gaps, dates, large integers, letters."""
    draw = random.Random(7)
    return [
        (
            draw.randrange(-50, 5000),
            draw.random() * 10 ** draw.randrange(-9, 9),
            draw.choice(["clerk", "cook", "pilot"]),
            draw.choice(["yes", "no"]),
            draw.choice([None, 0.1, 2.5, 1e-7]),
            draw.choice([None, "low", "high"]),
            f"{draw.randrange(1990, 2030)}-{draw.randrange(1, 13):02}-15",
            2**60 + draw.randrange(10**6),
            draw.choice(["Zürich", "日本", "naïve", "a b"]),
        )
        for _ in range(N)
    ]


ROWS = _rows()


def _columns() -> dict[str, list[Any]]:
    return dict(zip(NAMES, map(list, zip(*ROWS, strict=True)), strict=True))


def _text(mark: str) -> bytes:
    lines = [mark.join(NAMES)]
    for row in ROWS:
        lines.append(mark.join("" if cell is None else str(cell) for cell in row))
    return "\n".join(lines).encode()


def _json_lines() -> bytes:
    objects = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
    for one in objects[1:]:  # the first one gives the order of the columns
        for name in [name for name, cell in one.items() if cell is None]:
            del one[name]
    return "\n".join(map(json.dumps, objects)).encode()


def _arrow(is_stream: bool) -> bytes:
    file = io.BytesIO()
    frame = pl.DataFrame(_columns())
    (frame.write_ipc_stream if is_stream else frame.write_ipc)(file)
    return file.getvalue()


def _parquet() -> bytes:
    file = io.BytesIO()
    pl.DataFrame(_columns()).write_parquet(file)
    return file.getvalue()


def _in_files(workbook: Callable[..., bytes]) -> dict[str, bytes]:
    csv = _text(",")
    # a workbook has no integers of more than 53 bits: such a column is text
    cells = [[str(c) if c and j == 7 else c for j, c in enumerate(row)] for row in ROWS]
    return {
        "t.csv": csv,
        "t.tsv": _text("\t"),
        "t.txt": _text(";"),
        "t.csv.gz": gzip.compress(csv),
        "t.csv.zst": zstandard.compress(csv),
        "t.csv.bz2": bz2.compress(csv),
        "t.csv.xz": lzma.compress(csv),
        "t.jsonl": _json_lines(),
        "t.jsonl.gz": gzip.compress(_json_lines()),
        "t.ndjson.zst": zstandard.compress(_json_lines()),
        "t.json": b"[" + _json_lines().replace(b"\n", b",\n") + b"]",
        "t.parquet": _parquet(),
        "t.parquet.gz": gzip.compress(_parquet()),
        "t.arrow": _arrow(is_stream=False),
        "t.arrows": _arrow(is_stream=True),
        "t.xlsx": workbook({"rows": [NAMES, *cells]}),
    }


def _in_memory() -> dict[str, Any]:
    columns = _columns()
    arrow = pa.table(columns)
    return {
        "polars": pl.DataFrame(columns),
        "pandas": pd.DataFrame(columns),
        "pyarrow": arrow,
        "record batch": arrow.to_batches()[0],
        "dict": columns,
    }


@pytest.fixture(scope="module")
def sources(tmp_path_factory, workbook) -> dict[str, tuple[Any, dict[str, str]]]:
    """Return every source of the same rows, with what is asked of it."""
    folder = tmp_path_factory.mktemp("sources")
    made: dict[str, tuple[Any, dict[str, str]]] = {}
    for name, raw in _in_files(workbook).items():
        (folder / name).write_bytes(raw)
        made[name] = (folder / name, {})
    for name, source in _in_memory().items():
        made[name] = (source, {})
    connection = sqlite3.connect(folder / "t.db")
    connection.execute(f"create table t ({', '.join(NAMES)})")
    marks = ", ".join("?" * len(NAMES))
    connection.executemany(f"insert into t values ({marks})", ROWS)
    connection.commit()
    connection.close()
    made["t.db"] = (folder / "t.db", {"sql": "select * from t"})
    return made


def test_every_source_gives_the_same_kinds_and_bits(sources):
    known = read(sources["t.csv"][0])
    readings = look(known)
    kinds = [reading.kind for reading in readings]
    schema = learn(known, readings)
    expected = schema.encode(known)
    assert expected.numbers.shape[1] >= 3
    assert expected.categories.shape[1] >= 3
    differing = {}
    for name, (source, options) in sources.items():
        table = read(source, **options)
        found = [reading.kind for reading in look(table)]
        encoded = schema.encode(table)
        own = learn(table, look(table)).encode(table)
        same = (
            found == kinds
            and encoded.numbers.tobytes() == expected.numbers.tobytes()
            and encoded.categories.tobytes() == expected.categories.tobytes()
            and own.numbers.tobytes() == expected.numbers.tobytes()
            and own.categories.tobytes() == expected.categories.tobytes()
        )
        if not same or table.columns != NAMES:
            differing[name] = (table.columns, found)
    assert differing == {}


def test_several_parquet_files_are_one_table(tmp_path):
    pl.DataFrame({"a": [1, 2], "b": ["x", "y"]}).write_parquet(tmp_path / "1.parquet")
    pl.DataFrame({"b": ["z"], "a": [2.5]}).write_parquet(tmp_path / "2.parquet")
    (tmp_path / "_SUCCESS").write_bytes(b"")
    expected = [(1.0, "x"), (2.0, "y"), (2.5, "z")]
    assert read(tmp_path).frame.rows() == expected
    assert read(f"{tmp_path}/*.parquet").frame.rows() == expected
    assert read(f"{tmp_path}/*.parquet").source == "*.parquet"
    pl.DataFrame({"a": ["7"], "b": ["w"]}).write_parquet(tmp_path / "3.parquet")
    assert read(tmp_path).frame["a"].to_list() == ["1", "2", "2.5", "7"]


def test_the_folder_where_one_stands_has_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        ReadError, match=r"^Could not read '\.': it is a folder without"
    ):
        read(".")
    pl.DataFrame({"a": [1, 2]}).write_parquet("1.parquet")
    assert read(".").source == "."


def test_files_of_a_folder_that_are_no_parquet_are_told_of(tmp_path):
    pl.DataFrame({"a": [1, 2]}).write_parquet(tmp_path / "1.parquet")
    (tmp_path / "_SUCCESS").write_bytes(b"")
    assert read(tmp_path).notes == ()
    (tmp_path / "2.csv").write_text("a\n3\n")
    assert read(tmp_path).notes == (
        "Read 1 Parquet file, and left out 1 other file of the folder: '2.csv'.",
    )
    assert read(f"{tmp_path}/*.parquet").notes == ()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"sql": "select 1"},
            "a query (sql) is for databases, and these are Parquet files.",
        ),
        ({"sheet": "Data"}, "it has no sheets: it is no Excel workbook."),
    ],
)
def test_a_folder_has_no_sheets_and_no_queries(tmp_path, options, message):
    pl.DataFrame({"a": [1, 2]}).write_parquet(tmp_path / "1.parquet")
    with pytest.raises(ReadError) as caught:
        read(tmp_path, **options)
    assert str(caught.value) == f"Could not read {tmp_path.name!r}: {message}"


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (
            pl.DataFrame({"a": [1], "c": [2]}),
            "its files have different columns: '2.parquet' lacks 'b' and also has "
            "'c', against '1.parquet'. Read files of the same columns.",
        ),
        (
            pl.DataFrame({"a": [1]}),
            "its files have different columns: '2.parquet' lacks 'b', against "
            "'1.parquet'. Read files of the same columns.",
        ),
    ],
)
def test_parquet_files_that_differ_are_refused(tmp_path, frame, message):
    pl.DataFrame({"a": [1], "b": ["x"]}).write_parquet(tmp_path / "1.parquet")
    frame.write_parquet(tmp_path / "2.parquet")
    with pytest.raises(ReadError) as caught:
        read(tmp_path)
    assert str(caught.value) == f"Could not read {tmp_path.name!r}: {message}"


def test_a_damaged_file_among_several_is_named(tmp_path):
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "1.parquet")
    (tmp_path / "2.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(ReadError, match="in '2.parquet': it is a damaged Parquet file"):
        read(tmp_path)
    (tmp_path / "2.parquet").write_bytes(b"a,b\n1,2\n")
    with pytest.raises(ReadError) as caught:
        read(f"{tmp_path}/*.parquet")
    assert str(caught.value) == (
        "Could not read '*.parquet': '2.parquet' is no Parquet file. Several files "
        "are one table only when all are Parquet."
    )


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        ("*.nothing", {}, "Could not read '*.nothing': no file fits this pattern."),
        (
            "mysql://ann:secret@host/shop",
            {"sql": "select 1"},
            "Addresses that begin with 'mysql://' are not known. A table can be read "
            "from sqlite:///file.db, from postgresql://host/name, and from a file.",
        ),
        (
            "sqlite://",
            {"sql": "select 1"},
            "'sqlite://' names no file. Write sqlite:///shop.db, or "
            "sqlite:////data/shop.db for an absolute path.",
        ),
        (
            "t.csv",
            {"sql": "select 1"},
            "Could not read 't.csv': a query (sql) is for databases, and this is a "
            "file.",
        ),
        (
            "t.csv",
            {"sheet": "May"},
            "Could not read 't.csv': it has no sheets: it is no Excel workbook.",
        ),
        (
            "t.csv",
            {"most_bytes": 5},
            "Could not read 't.csv': it holds 8 bytes; the limit is 5 bytes. Pass a "
            "larger most_bytes.",
        ),
        (
            "t.db.gz",
            {},
            "Could not read 't.db.gz': unpacked, it needs a reader of its own. Unpack "
            ".gz first.",
        ),
    ],
)
def test_what_cannot_be_asked_of_a_source_is_said(
    tmp_path, monkeypatch, source, options, message
):
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_bytes(b"a,b\n1,2\n")
    Path("t.db.gz").write_bytes(gzip.compress(b"SQLite format 3\0"))
    with pytest.raises(ReadError) as caught:
        read(source, **options)
    assert str(caught.value) == message


def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n1,2\n")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file")
    with pytest.raises(ReadError) as caught:
        read(path)
    assert str(caught.value) == "Could not read 't.csv': Permission denied."


@pytest.fixture
def chunks() -> list[bytes]:
    """Return a text in two parts, each packed by itself."""
    return [b"a,b\n1,2\n", b"3,4\n"]


@pytest.mark.parametrize(
    "pack", [gzip.compress, zstandard.compress, bz2.compress, lzma.compress]
)
def test_files_packed_in_parts_are_read_whole(tmp_path, chunks, pack):
    path = tmp_path / "t.csv"
    path.write_bytes(b"".join(map(pack, chunks)))
    assert read(path).frame.rows() == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize(
    ("pack", "what"),
    [
        (gzip.compress, "gzip"),
        (zstandard.ZstdCompressor(write_checksum=True).compress, "Zstandard"),
        (bz2.compress, "bzip2"),
        (lzma.compress, "xz"),
    ],
)
def test_damaged_packed_files_are_refused(tmp_path, pack, what):
    raw = pack(np.random.default_rng(0).bytes(5000))
    path = tmp_path / "t.csv"
    for damaged in (raw[: len(raw) // 2], raw[:20] + b"\0\1\2" * 9 + raw[47:]):
        path.write_bytes(damaged)
        with pytest.raises(ReadError, match=f"'t.csv': it is a damaged {what} file"):
            read(path)
