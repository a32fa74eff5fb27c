"""Only a text whose cells are few stays in the process."""

import random

import pytest

from layerwise.table.sources.harmless import has_few_cells, is_harmless

LINE = b"31,clerk,9.5,2024-03-01\n"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", True),
        (LINE * 10, True),
        (LINE * 1_000_000, True),
        (LINE.replace(b"\n", b"\r") * 100_000, True),
        (b"a\n" * 1_000_000, True),
        (b"a\n" * 20_000_000, False),  # a cell of 1 byte takes 16
        (b"," * 50_000 + b"\n", False),
        (b",,,,,,,,,,,,,,,,,,,\n" + b"1\n" * 1_000_000, False),  # short rows
        (b";" * 900 + b"\n" + LINE * 500_000, False),
        (b"one long line " * 10**6, True),
    ],
)
def test_few_cells_stay_and_many_go(raw, expected):
    assert is_harmless(raw) is expected


def test_a_few_ragged_lines_are_no_danger():
    draw = random.Random(0)
    lines = [b",".join([b"12345"] * draw.choice([9, 10, 11])) for _ in range(50_000)]
    assert is_harmless(b"\n".join(lines))


def test_cells_may_take_four_times_the_bytes_beside_a_fixed_size():
    most = 2**20 // 4 + 2**22
    assert has_few_cells(most, 2**20)
    assert not has_few_cells(most + 1, 2**20)
