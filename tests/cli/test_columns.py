"""The drawing of columns: as wide as asked, and nothing in it steers a terminal."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from layerwise.cli.columns import columns_table, more_columns
from layerwise.table import Reading, Schema
from layerwise.table.distribution import Bins, Shares
from layerwise.table.numbers import NumberRule
from layerwise.table.reading import Alternative

READINGS = (
    Reading(
        "net price",
        "number",
        "97 of 100 cells are numbers with '$' before them",
        n_missing=3,
        rule=NumberRule(before="$"),
        examples=(85, 9.5),
        cells=("$85", "$9.50"),
        n_lost=2,
        lost=("on request", "\x1b[2J"),
        alternatives=(
            Alternative("category", "", 0),
            Alternative("text", "", 0),
            Alternative("date", "", 90, ("$85",)),
        ),
    ),
    Reading(
        "温度" * 12, "category", "2 different values", cells=("a",), examples=("a",)
    ),
    Reading("\x1b[2Jid", "id", "a different value in each row"),
)
SPREADS = {
    "net price": Bins(9.5, 85, (1, 5, 0, 2)),
    "温度" * 12: Shares(("a", "b\n"), (75, 25), 2, 100),
}


def drawn(width, readings=READINGS, target=None):
    table = columns_table(readings, Schema(()), SPREADS, 100, width, target)
    console = Console(file=io.StringIO(), width=width, color_system=None, markup=False)
    console.print(table)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_every_part_of_the_evidence_is_drawn():
    assert drawn(76)[1:] == [
        "net price            number    left out      3 %  9.500 ▂█ ▄ 85",
        "                                                  $85 → 85 · $9.50 → 9.5",
        "                                                  97 of 100 cells are",
        "                                                  numbers with '$' before",
        "                                                  them",
        "                                                  2 cells cannot be read,",
        "                                                  such as 'on request',",
        "                                                  '\\x1b[2J'",
        "                                                  or category (no cell lost)",
        "                                                  or text (no cell lost)",
        "温度温度温度温度温…  category  left out        -  a 75 % · b 25 %",
        "                                                  2 different values",
        "\\x1b[2Jid            id        left out        -  a different value in each",
        "                                                  row",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "others", "expected"),
    [
        ("yes/no", ("category",), []),
        ("text", ("category",), []),
        ("category", ("yes/no", "category"), ["or yes/no (no cell lost)"]),
        ("number", ("category",), ["or category (no cell lost)"]),
    ],
)
def test_what_any_column_may_be_is_not_drawn(kind, others, expected):
    alternatives = tuple(Alternative(other) for other in others)
    one = Reading("x", kind, "why", alternatives=alternatives)
    lines = drawn(100, [one])
    assert [line.strip() for line in lines[2:]] == expected


@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 140, 300])
@pytest.mark.parametrize("n", [1, 2, 60])
def test_no_line_is_wider_and_none_steers(width, n):
    lines = drawn(width, (READINGS * 20)[:n], target="net price")
    assert max(map(cell_len, lines)) <= width
    assert all(line.isprintable() for line in lines)


def test_rest_of_many_columns_is_counted_by_kind():
    assert more_columns(READINGS * 2) == (
        "and 6 more columns: 2 number, 2 category, 2 id. --json lists them all."
    )
