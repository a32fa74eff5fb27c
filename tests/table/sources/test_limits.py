"""Limits follow from the size of a file, and a frame is held against them."""

import polars as pl
import pytest

from layerwise.errors import ReadError
from layerwise.table.sources import limits
from layerwise.table.sources.limits import limits_of, n_bytes, refuse_large, size_text

MIB = 2**20


@pytest.mark.parametrize(
    ("size", "options", "expected"),
    [
        (0, {}, (128 * MIB, 896 * MIB, 5.0)),
        (MIB, {}, (1000 * MIB, 3512 * MIB, 9.0)),
        (100 * MIB, {}, (4096 * MIB, 12_800 * MIB, 405.0)),
        (100 * MIB, {"is_text": True}, (4096 * MIB, 4512 * MIB, 405.0)),
        (MIB, {"most_bytes": 10, "is_text": True}, (10, 30 + 512 * MIB, 9.0)),
        (MIB, {"most_seconds": 0.5}, (1000 * MIB, 3512 * MIB, 0.5)),
        (None, {}, (4096 * MIB, 12_800 * MIB, 600.0)),
    ],
)
def test_limits_grow_with_the_file_and_yield_to_the_user(size, options, expected):
    found = limits_of(size, **options)
    assert (found.most_bytes, found.memory_bytes, found.seconds) == expected


def test_the_size_of_a_frame_counts_short_texts_too():
    assert n_bytes(pl.DataFrame({"a": [1.5] * 10})) == 80
    assert n_bytes(pl.DataFrame({"a": ["x"] * 10})) >= 160


@pytest.mark.parametrize("cell", ["x" * 20, b"x" * 20])
def test_what_is_too_large_is_named(monkeypatch, cell):
    monkeypatch.setattr(limits, "LARGEST_CELL", 10)
    monkeypatch.setattr(limits, "MOST_COLUMNS", 2)
    monkeypatch.setattr(limits, "MOST_ROWS", 3)
    refuse_large(pl.DataFrame({"n": [10**9] * 3, "a": ["short"] * 3}))
    with pytest.raises(ReadError) as caught:
        refuse_large(pl.DataFrame({"n": [1, 2], "a": [None, cell]}))
    assert str(caught.value) == (
        "row 1 holds 20 bytes in column 'a'. A cell may hold 10 bytes."
    )
    with pytest.raises(ReadError) as caught:
        refuse_large(pl.DataFrame({"a": [1], "b": [1], "c": [1]}))
    assert str(caught.value) == "it has 3 columns. A table may have 2."
    with pytest.raises(ReadError) as caught:
        refuse_large(pl.DataFrame({"a": [1] * 4}))
    assert str(caught.value) == "it has 4 rows. A table may have 3."


def test_sizes_are_written_as_people_do():
    sizes = [0, 999, 1000, 1024, 95 * MIB + 400_000, 1023 * MIB, 2**40]
    assert [size_text(size) for size in sizes] == [
        *("0 bytes", "999 bytes", "1,000 bytes", "1 KiB", "95.4 MiB", "1,023 MiB"),
        "1,024 GiB",
    ]
