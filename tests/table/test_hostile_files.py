"""Files that were made to break a reader: none crashes, hangs or fills the memory.

The corpora are read by a program of its own, so that its memory and that of its
children can be measured. Where a file needs a child process, one of four is read;
all of them with the environment variable LAYERWISE_ALL_FILES set.
"""

import bz2
import gzip
import json
import lzma
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard

import layerwise.table

SOURCE = Path(layerwise.table.__file__).parents[2]
READER = Path(__file__).parent / "hostile_reader.py"
MOST_SECONDS, MOST_MEMORY = 8, 2**30
SAMPLE = 1 if os.environ.get("LAYERWISE_ALL_FILES") else 4


@dataclass
class Outcomes:
    """What came of many files."""

    files: list[dict[str, Any]]
    own_bytes: int
    children_bytes: int

    def of(self, kind: str) -> list[tuple[str, str]]:
        return [(f["name"], f["message"]) for f in self.files if f["kind"] == kind]

    def harmed(self) -> list[Any]:
        """Return whatever should not have happened."""
        slow = [f["name"] for f in self.files if f["seconds"] > MOST_SECONDS]
        large = [
            size for size in (self.own_bytes, self.children_bytes) if size > MOST_MEMORY
        ]
        return [*self.of("failed"), *slow, *large]


def _read_all(paths: list[Path], side_by_side: int = 2) -> Outcomes:
    ran = subprocess.run(
        [sys.executable, str(READER), str(side_by_side)],
        input="\n".join(map(str, paths)),
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        timeout=600,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    *files, sizes = map(json.loads, ran.stdout.splitlines())
    assert len(files) == len(paths)
    return Outcomes(files, **sizes)


@pytest.fixture(scope="module")
def corpus(shared, tmp_path_factory) -> Callable[[str], list[Path]]:
    """Return a function that unpacks a corpus and returns its files, or skips."""

    def unpack(name: str) -> list[Path]:
        archive = shared / "corpora" / f"{name}.tar.xz"
        if not archive.exists():
            pytest.skip(f"the corpus {archive.name} is not in the shared folder")
        folder = tmp_path_factory.mktemp(name)
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        return sorted(path for path in folder.rglob("*") if path.is_file())

    return unpack


def _sampled(paths: list[Path]) -> list[Path]:
    apart = [path for path in paths if path.read_bytes()[:4] == b"PAR1"]
    here = [path for path in paths if path not in set(apart)]
    return here + apart[::SAMPLE]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "least_read"), [("parquet-testing", 0.3), ("arrow-testing-fuzz", 0.0)]
)
def test_parquet_files_harm_nothing(corpus, name, least_read):
    paths = _sampled(corpus(name))
    outcomes = _read_all(paths)
    assert outcomes.harmed() == []
    n_valid = sum(path.suffix == ".parquet" for path in paths)
    assert len(outcomes.of("table")) >= least_read * n_valid
    silent = [message for _, message in outcomes.of("refused") if not message]
    assert silent == []


@pytest.mark.slow
def test_files_that_others_read_are_read(corpus):
    parquet = pytest.importorskip("pyarrow.parquet")
    # Polars 2.1 reads none of these: encodings and types it does not know, and
    # parts it holds for damaged. Each is refused with a sentence.
    unknown = {
        "byte_stream_split_extended.gzip.parquet",
        "dict-page-offset-zero.parquet",
        "nation.dict-malformed.parquet",
        "repeated_no_annotation.parquet",
        "unknown-logical-type.parquet",
    }
    folder = [p for p in corpus("parquet-testing") if p.parent.name == "data"]
    paths = [path for path in folder if path.suffix == ".parquet"][::SAMPLE]
    shapes = {}
    for path in paths:
        try:
            shape = list(parquet.read_table(path).shape)
        except (OSError, ValueError, NotImplementedError):
            continue
        if path.name not in unknown and all(shape):
            shapes[path.name] = shape
    outcomes = _read_all(paths)
    found = {f["name"]: f["shape"] for f in outcomes.files if f["name"] in shapes}
    assert found == shapes


def test_json_texts_are_read_or_refused_as_they_should_be(corpus):
    paths = [p for p in corpus("json-test-suite") if p.parent.name == "test_parsing"]
    assert len(paths) > 300
    outcomes = _read_all(paths)
    assert outcomes.harmed() == []
    read = {name for name, _ in outcomes.of("table")}
    assert [name for name in read if name.startswith("n_")] == []
    # what is valid, and yet refused, is no table: no objects, or none with keys
    refused = [m for name, m in outcomes.of("refused") if name.startswith("y_")]
    reasons = ("such as {", "no rows", "no columns", "over several lines")
    assert [m for m in refused if not any(reason in m for reason in reasons)] == []
    assert {name for name in read if name.startswith("y_object")} >= {
        *("y_object.json", "y_object_basic.json", "y_object_duplicated_key.json"),
        *("y_object_long_strings.json", "y_object_string_unicode.json"),
    }


def _parquet_bomb(path: Path) -> None:
    """Write 50 million cells into 20 kB: one value, repeated."""
    columns = {f"c{j}": pl.repeat(7, 5_000_000, eager=True) for j in range(10)}
    pl.DataFrame(columns).write_parquet(path, row_group_size=5_000_000)
    assert path.stat().st_size < 30_000


def _packed_bomb(path: Path) -> None:
    """Write 256 MiB into a small file."""
    pack = {
        ".gz": lambda raw: gzip.compress(raw, 6),
        ".zst": zstandard.compress,
        ".bz2": bz2.compress,
        ".xz": lambda raw: lzma.compress(raw, preset=0),
    }[path.suffix]
    one = pack(b"0" * 2**25)
    path.write_bytes(one * 8)
    assert path.stat().st_size < 300_000


def _million_columns(path: Path) -> None:
    names = b",".join(b"c%d" % j for j in range(10**6))
    path.write_bytes(names + b"\n" + names + b"\n")


def _wide_then_many(path: Path) -> None:
    """Write one row of many cells above many rows of one."""
    path.write_bytes(b"," * 99_999 + b"\n" + b"1\n" * 1_000_000)


BOMBS: list[tuple[str, Callable[[Path], Any], str]] = [
    (
        "bomb.csv.gz",
        _packed_bomb,
        "it unpacks to more than 249 MiB. Unpack it first, or pass a larger "
        "most_bytes.",
    ),
    (
        "bomb.csv.zst",
        _packed_bomb,
        "it unpacks to more than 128 MiB. Unpack it first, or pass a larger "
        "most_bytes.",
    ),
    (
        "bomb.csv.bz2",
        _packed_bomb,
        "it unpacks to more than 128 MiB. Unpack it first, or pass a larger "
        "most_bytes.",
    ),
    (
        "bomb.csv.xz",
        _packed_bomb,
        "it unpacks to more than 128 MiB. Unpack it first, or pass a larger "
        "most_bytes.",
    ),
    (
        "bomb.parquet",
        _parquet_bomb,
        "it holds 5,000,000 rows of 10 columns, which take at least 191 MiB; the "
        "limit is 128 MiB. Pass a larger most_bytes.",
    ),
    (
        "line.csv",
        lambda path: path.write_bytes(b"x" * 2**26),
        "the row in line 1 holds more than 16 MiB in a cell. Look for a quote or a "
        "line end that is missing.",
    ),
    (
        "columns.csv",
        _million_columns,
        "its first line has 1,000,000 cells. A table may have 100,000 columns.",
    ),
    (
        "ragged.csv",
        _wide_then_many,
        "it has 1,000,001 lines, and most of them are blank or far too short for rows "
        "of 100,000 cells. Look whether its first line belongs to the table.",
    ),
    (
        "nested.json",
        lambda path: path.write_bytes(b"[" * 100_000),
        "its list nests too deep.",
    ),
    (
        "nested.jsonl",
        lambda path: path.write_bytes(b'{"a":' * 100_000),
        "line 1 nests too deep.",
    ),
    (
        "keys.jsonl",
        lambda path: path.write_bytes(
            b"".join(b'{"k%d": 1}\n' % i for i in range(100_000))
        ),
        "20,000 objects have 20,000 different keys, and nearly all cells would be "
        "missing. Write the keys as values, two in each object.",
    ),
    (
        "field.csv",
        lambda path: path.write_bytes(b"a,b\n1,2\n1," + b"y" * 10**8 + b"\n"),
        "the row in line 3 holds more than 16 MiB in a cell. Look for a quote or a "
        "line end that is missing.",
    ),
    (
        "field.jsonl",
        lambda path: path.write_bytes(b'{"a": "' + b"y" * 10**8 + b'"}\n'),
        "row 0 holds 95.4 MiB in column 'a'. A cell may hold 16 MiB.",
    ),
]


@pytest.mark.slow
def test_bombs_are_refused_with_the_reason(tmp_path):
    for name, make, _ in BOMBS:
        make(tmp_path / name)
    # one by one: the memory of each is measured
    outcomes = _read_all([tmp_path / name for name, *_ in BOMBS], side_by_side=1)
    assert outcomes.harmed() == []
    assert dict(outcomes.of("refused")) == {
        name: f"Could not read {name!r}: {message}" for name, _, message in BOMBS
    }
