"""What goes between a process and its child."""

import subprocess
import sys

import polars as pl
import pytest

from layerwise.errors import ReadError
from layerwise.table.sources import isolated
from layerwise.table.sources.request import Request, checked


def test_a_request_does_not_show_its_source():
    request = Request(
        "postgres", ("postgresql://ann:secret@host/shop",), "x", 1, 1.0, 1
    )
    assert repr(request) == "Request('postgres', name='x')"


def test_what_no_table_is_as_large_as_is_refused():
    frame = pl.DataFrame({"a": ["x"]})
    parsed = checked(frame, ["one"])
    assert (parsed.frame, parsed.notes, parsed.report) == (frame, ("one",), None)
    with pytest.raises(ReadError, match="A cell may hold 16 MiB"):
        checked(pl.DataFrame({"a": ["x" * 2**25]}))


def test_a_child_that_reads_parquet_does_not_wait_for_numpy():
    program = isolated._PROGRAM.replace("READER", isolated._READERS["parquet"])
    program = program.replace("main(parse)", "print('numpy' in sys.modules)")
    paths = [
        str(isolated._ROOM),
        *filter(None, sys.path),
        str(isolated._ROOM.parents[1]),
    ]
    command = [sys.executable, "-I", "-c", program, *paths]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"
