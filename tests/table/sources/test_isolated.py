"""What happens to a child that reads a file stays with the child."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
import pytest

from layerwise.errors import MissingPackageError, ReadError
from layerwise.table.read import read
from layerwise.table.sources import isolated
from layerwise.table.sources.isolated import parse_apart
from layerwise.table.sources.request import Request

SOURCE = Path(isolated.__file__).parents[3]


def _request(path: Path, **changed) -> Request:
    known = {"most_bytes": 2**27, "seconds": 20.0, "memory_bytes": 2**29}
    return Request("json", (str(path),), path.name, **(known | changed))


def _says(reply: str) -> str:
    """A program that replies like a child."""
    return f"os.write(2, {(chr(10) + reply).encode()!r})"


@pytest.fixture
def rows(tmp_path) -> Path:
    path = tmp_path / "t.jsonl"
    path.write_bytes(b'{"a": 1, "b": "x", "c": [1, 2]}\n{"a": 2.5}\n')
    return path


@pytest.fixture
def child_says(monkeypatch):
    """Return a function that puts another program in place of the child's."""

    def replace(program: str) -> None:
        monkeypatch.setattr(isolated, "_PROGRAM", "import os, signal, sys\n" + program)

    return replace


def test_a_frame_comes_back_with_its_types_and_notes(rows):
    parsed = parse_apart(_request(rows))
    assert parsed.frame.rows() == [(1.0, "x", "[1, 2]"), (2.5, None, None)]
    assert parsed.notes == ()
    frame = pl.DataFrame(
        {
            "d": ["2024-01-02", None],
            "c": ["x", "y"],
            "l": [[1], [2, 3]],
            "b": [True, None],
            "z": ["a" * 100, "ü"],
        }
    ).with_columns(pl.col("d").str.to_date(), pl.col("c").cast(pl.Categorical))
    path = rows.parent / "t.parquet"
    frame.write_parquet(path)
    assert read(path).frame.equals(frame)
    assert read(path).frame.schema == frame.schema


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (
            "os.kill(os.getpid(), signal.SIGSEGV)",
            "it crashed the reader (signal 11), which was kept apart; nothing else is "
            "lost.",
        ),
        (
            "os._exit(3)",
            "it crashed the reader (exit code 3), which was kept apart; nothing else "
            "is lost.",
        ),
        (
            "os.write(2, b'memory allocation of 99 bytes failed'); os.abort()",
            "reading it took more than 512 MiB of memory. If it is no hostile file, "
            "pass a most_bytes larger than 128 MiB.",
        ),
        (
            "os.kill(os.getpid(), signal.SIGKILL)",
            "reading it took more than 512 MiB of memory. If it is no hostile file, "
            "pass a most_bytes larger than 128 MiB.",
        ),
        (
            "os.kill(os.getpid(), signal.SIGALRM)",
            "reading it took longer than 20 s. Pass a larger most_seconds.",
        ),
        ("os.write(2, b'no reply')", "it confused the reader, which gave no answer."),
        (
            _says(
                '{"error": "SystemExit", "message": "", "notes": [], "report": null}'
            ),
            "it confused the reader, which gave no answer.",
        ),
        (
            _says('{"error": "", "message": 3, "notes": [], "report": null}'),
            "it confused the reader, which gave no answer.",
        ),
    ],
)
def test_a_child_that_dies_or_lies_becomes_a_sentence(
    rows, child_says, program, message
):
    child_says(program)
    with pytest.raises(ReadError) as caught:
        parse_apart(_request(rows))
    assert str(caught.value) == message


def test_a_frame_that_is_no_arrow_file_becomes_a_sentence(rows, child_says):
    child_says(_says('{"error": "", "message": "", "notes": [], "report": null}'))
    with pytest.raises(ReadError) as caught:
        parse_apart(_request(rows))
    assert str(caught.value) == "it confused the reader, which gave no answer."


def test_memory_and_time_are_limited(rows, tmp_path):
    big = tmp_path / "big.jsonl"
    big.write_bytes(b'{"a": "%s"}\n' % (b"x" * 2000) * 100_000)
    with pytest.raises(ReadError) as caught:
        parse_apart(_request(big, most_bytes=2**30, memory_bytes=2**26))
    assert str(caught.value) == (
        "reading it took more than 64 MiB of memory. If it is no hostile file, pass a "
        "most_bytes larger than 1 GiB."
    )
    with pytest.raises(ReadError) as caught:
        parse_apart(_request(big, most_bytes=2**30, seconds=0.01))
    assert str(caught.value) == (
        "reading it took longer than 0.01 s. Pass a larger most_seconds."
    )


def test_an_error_keeps_its_kind(rows, child_says):
    reply = {"error": "MissingPackageError", "message": "It lacks."}
    child_says(_says(json.dumps({**reply, "notes": [], "report": None})))
    with pytest.raises(MissingPackageError, match=r"^It lacks\.$"):
        parse_apart(_request(rows))


def _children() -> list[str]:
    task = Path(f"/proc/{os.getpid()}/task")
    return "".join(one.read_text() for one in task.glob("*/children")).split()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_nothing_is_left_behind(rows, child_says, monkeypatch, tmp_path):
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    parse_apart(_request(rows))  # what Polars opens once and for all
    children, opened = _children(), set(os.listdir("/proc/self/fd"))
    parse_apart(_request(rows))
    rows.write_bytes(b"{")
    with pytest.raises(ReadError, match=r"^line 1 is no JSON"):
        parse_apart(_request(rows))
    child_says("os.abort()")
    with pytest.raises(ReadError, match="crashed"):
        parse_apart(_request(rows))
    assert list(place.iterdir()) == []
    assert _children() == children
    # what others close meanwhile is of no interest
    assert set(os.listdir("/proc/self/fd")) <= opened


SLOW = """
import sqlite3, sys
from layerwise.table.read import read
sqlite3.connect("t.db").executescript("create table t (a); insert into t values (1)")
print("go", flush=True)
read("t.db", sql="with recursive t(n) as (select 1 union all select n + 1 from t) "
     "select max(n) as n from t", most_seconds=120)
"""


def _alive(session: str) -> list[str]:
    """Return the processes that work in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (
                os.readlink(process / "cwd") == session
                and "Z"
                not in ((process / "stat").read_text().rpartition(")")[2].split()[0])
            ):
                found.append(process.name)
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_child_ends_with_its_parent(tmp_path, by):
    """Run as `python -`: no file has to be imported again."""
    process = subprocess.Popen(
        [sys.executable, "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
    )
    process.stdin.write(SLOW.encode())
    process.stdin.close()
    assert process.stdout.readline() == b"go\n"
    for _ in range(100):
        if len(_alive(str(tmp_path))) == 2:
            break
        time.sleep(0.1)
    assert len(_alive(str(tmp_path))) == 2, process.stderr.read()
    process.send_signal(by)
    process.wait(20)
    for _ in range(100):
        if not _alive(str(tmp_path)):
            break
        time.sleep(0.1)
    assert _alive(str(tmp_path)) == []
    said = process.stderr.read()
    assert (b"KeyboardInterrupt" in said) == (by == signal.SIGINT)
    process.stdout.close()
    process.stderr.close()
