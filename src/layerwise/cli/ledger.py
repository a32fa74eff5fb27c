"""The ledger of a prediction: every cell that training did not know, and a summary.

row  column  problem       cell  detail
3    job     unseen        nun
7    age     missing
7    pay     out of range  9e9   training saw 1200 to 4800
"""

import polars as pl

from layerwise.table.reading import count

__all__ = ["PROBLEMS", "counts_of", "safe_in_a_spreadsheet", "summary"]

PROBLEMS = ("unreadable", "unseen", "out of range", "missing")
"""The worst first: a cell that could not be read was meant to say something."""
MOST_COLUMNS = 3
FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
NUMBER = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"


def counts_of(ledger: pl.DataFrame) -> dict[str, int]:
    """Count the cells of each problem, also those of which there are none.

    Example:
        >>> counts_of(pl.DataFrame({"problem": ["missing", "missing"]}))["missing"]
        2
    """
    counts = dict(ledger["problem"].value_counts().iter_rows())
    return {problem: counts.get(problem, 0) for problem in PROBLEMS}


def summary(ledger: pl.DataFrame, n_rows: int) -> str:
    """Say in one sentence how many cells of which problem there are, and where.

    Example:
        >>> ledger = pl.DataFrame(
        ...     {"row": [0, 1], "column": ["job", "job"], "problem": ["unseen"] * 2}
        ... )
        >>> summary(ledger, 3)
        "2 cells in 2 of 3 rows: 2 unseen; most in 'job' (2)."
    """
    if not len(ledger):
        return f"No cell of {count(n_rows, 'row')} is new to the model."
    problems = ", ".join(f"{n:,} {p}" for p, n in counts_of(ledger).items() if n)
    worst = ledger["column"].value_counts()
    worst = worst.sort("count", "column", descending=[True, False])
    most = ", ".join(f"{c!r} ({n:,})" for c, n in worst.head(MOST_COLUMNS).iter_rows())
    cells = count(len(ledger), "cell")
    rows = f"{ledger['row'].n_unique():,} of {count(n_rows, 'row')}"
    return f"{cells} in {rows}: {problems}; most in {most}."


def safe_in_a_spreadsheet(frame: pl.DataFrame) -> pl.DataFrame:
    """Put a ' before texts that a spreadsheet would take for a formula.

    The texts of a foreign table are not ours. Numbers stay as they are.

    Source:
        OWASP, "CSV Injection".

    Example:
        >>> cells = pl.DataFrame({"cell": ["=1+1", "-2.5", "nun"]})
        >>> safe_in_a_spreadsheet(cells)["cell"].to_list()
        ["'=1+1", '-2.5', 'nun']
    """
    return frame.with_columns(
        pl.when(_is_formula(pl.col(name)))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name, dtype in frame.schema.items()
        if dtype == pl.String
    )


def _is_formula(texts: pl.Expr) -> pl.Expr:
    return texts.str.contains(FORMULA) & ~texts.str.contains(NUMBER)
