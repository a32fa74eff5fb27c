"""The ledger of a prediction: its summary, and no formula in it."""

import polars as pl
import pytest

from layerwise.cli.ledger import counts_of, safe_in_a_spreadsheet, summary


def ledger(*lines):
    names = ("row", "column", "problem")
    return pl.DataFrame(lines, schema=dict.fromkeys(names, pl.String), orient="row")


def test_every_problem_is_counted():
    lines = [("0", "a", "unseen"), ("1", "a", "missing"), ("1", "b", "missing")]
    assert counts_of(ledger(*lines)) == {
        "unreadable": 0,
        "unseen": 1,
        "out of range": 0,
        "missing": 2,
    }


def test_summary_names_the_worst_columns_first():
    lines = [
        (str(row), column, "missing" if row else "unseen")
        for column, n in (("d", 1), ("b", 3), ("c", 2), ("a", 2))
        for row in range(n)
    ]
    assert summary(ledger(*lines), 1000) == (
        "8 cells in 3 of 1,000 rows: 4 unseen, 4 missing; most in 'b' (3), 'a' (2), "
        "'c' (2)."
    )
    assert summary(ledger(lines[0]), 1) == (
        "1 cell in 1 of 1 row: 1 unseen; most in 'd' (1)."
    )
    assert summary(ledger(), 5) == "No cell of 5 rows is new to the model."


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1+1", "'＝1+1"),
        ("-2.5", "-2.5"),
        ("+1e-5", "+1e-5"),
        ("-.5\n=1", "'-.5\n=1"),
        ("a=1", "a=1"),
        ("", ""),
        (None, None),
    ],
)
def test_texts_that_are_formulas_are_marked(cell, written):
    frame = pl.DataFrame(
        {"row": [1], "cell": [cell]}, schema_overrides={"cell": pl.String}
    )
    safe = safe_in_a_spreadsheet(frame)
    assert safe.rows() == [(1, written)]
    assert safe.columns == frame.columns
