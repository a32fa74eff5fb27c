"""The ledger: cells of a new table that training did not prepare the model for.

problem        a cell that
unseen         holds a category that is not in the vocabulary
missing        is empty, or holds a word for "no value"
out of range   holds a number or a date beyond those of the training rows
unreadable     is there, but is no number, no date, or neither yes nor no

Every such cell is a line of the ledger, and a summary of a few sentences goes
with every prediction. The rows themselves stay: none is left out or moved.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.table.category import as_text
from layerwise.table.column import Column
from layerwise.table.dates import DateRule
from layerwise.table.encode import Problem, column_values
from layerwise.table.ordered import OrderedRule
from layerwise.table.reading import count

__all__ = [
    "HOW_TO_LIST",
    "MOST_SENTENCES",
    "ledger_of",
    "missing_cells",
    "out_of_range",
    "summary",
]

HOW_TO_LIST = " The ledger lists every one: layerwise predict --ledger FILE."
"""Of no use where the ledger is written anyway."""
MOST_SENTENCES = 5
_SCHEMA = {
    "row": pl.Int64,
    "column": pl.String,
    "problem": pl.String,
    "cell": pl.String,
    "detail": pl.String,
}


def ledger_of(frame: pl.DataFrame, columns: Iterable[Column]) -> pl.DataFrame:
    """List every cell that training did not prepare for.

    Args:
        frame: The table.
        columns: The columns that the network sees.

    Returns:
        One line a cell: ``row`` (from 0 on), ``column``, ``problem``, ``cell`` (as
        it stands, null where there is none) and ``detail``, by row, then column.

    Example:
        >>> age = Column("age", "number", "", "number", least=18.0, most=95.0)
        >>> ledger_of(pl.DataFrame({"age": ["31", "120", "?"]}), [age]).rows()
        [(1, 'age', 'out of range', '120', 'trained on 18 to 95'),
         (2, 'age', 'missing', '?', 'training had no missing cells')]
    """
    parts = [pl.DataFrame(schema=_SCHEMA)]
    for column in columns:
        series = frame[column.name]
        values, found = column_values(series, column)
        found += out_of_range(series, values, column)
        found += missing_cells(values, column, found)
        parts += [_lines(series, problem) for problem in found]
    return pl.concat(parts).sort("row", "column")


def _lines(series: pl.Series, problem: Problem) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "row": problem.rows.astype(np.int64),
            "cell": as_text(series.gather(problem.rows)),
        }
    ).select(
        "row",
        pl.lit(problem.column).alias("column"),
        pl.lit(problem.kind).alias("problem"),
        "cell",
        pl.lit(problem.detail).alias("detail"),
    )


def out_of_range(
    series: pl.Series, values: NDArray[Any], column: Column
) -> tuple[Problem, ...]:
    """Find the numbers beyond those of the training rows.

    Args:
        series: The cells as they stand.
        values: What they became.
        column: What training knew of them.

    Example:
        >>> age = Column("age", "number", "", "number", least=18.0, most=95.0)
        >>> cells = pl.Series([31.0, 120.0])
        >>> out_of_range(cells, cells.to_numpy(), age)[0].sentence
        "Column 'age': 1 cell is out of the range of training, 18 to 95; row 1 \
holds '120'."
    """
    if column.least is None or column.most is None:
        return ()
    first = values if values.ndim == 1 else values[:, 0]
    rows = np.flatnonzero((first < column.least) | (first > column.most))
    if not len(rows):
        return ()
    known = f"{_written(column.least, column)} to {_written(column.most, column)}"
    are = "cell is" if len(rows) == 1 else "cells are"
    cell = as_text(series.gather([int(rows[0])]))[0]
    sentence = (
        f"Column {column.name!r}: {len(rows):,} {are} out of the range of training, "
        f"{known}; row {rows[0]} holds {cell!r}."
    )
    detail = f"trained on {known}"
    return (Problem("out of range", column.name, rows, detail, sentence),)


def missing_cells(
    values: NDArray[Any], column: Column, known: Sequence[Problem] = ()
) -> tuple[Problem, ...]:
    """Find the cells that are missing, and were so before they were read.

    Args:
        values: What the cells became.
        column: What training knew of them.
        known: Problems of the column that were found already.

    Example:
        >>> age = Column("age", "number", "", "number", least=18.0, most=95.0)
        >>> missing_cells(np.array([31.0, np.nan]), age)[0].rows.tolist()
        [1]
    """
    if column.is_categorical:
        missing = values == (column.n_ids if column.has_missing else 0)
    else:
        missing = np.isnan(values if values.ndim == 1 else values[:, 0])
    for problem in known:
        missing[problem.rows] = False
    rows = np.flatnonzero(missing)
    if not len(rows):
        return ()
    had = "some" if column.has_missing else "none"
    are = "cell is" if len(rows) == 1 else "cells are"
    sentence = (
        f"Column {column.name!r}: {len(rows):,} {are} missing, and training had {had}; "
        f"the first is in row {rows[0]}."
    )
    detail = f"training had {'' if column.has_missing else 'no '}missing cells"
    return (Problem("missing", column.name, rows, detail, sentence),)


def summary(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Say what is wrong, the most frequent first, in a few sentences.

    Example:
        >>> age = Column("age", "number", "", "number")
        >>> summary(missing_cells(np.array([31.0, np.nan]), age))
        ("Column 'age': 1 cell is missing, and training had none; the first is in \
row 1.",)
    """
    worst = sorted(problems, key=lambda problem: -len(problem.rows))
    said = [problem.sentence for problem in worst[:MOST_SENTENCES]]
    rest = worst[MOST_SENTENCES:]
    if rest:
        n = sum(len(problem.rows) for problem in rest)
        columns = count(len({problem.column for problem in rest}), "column")
        said.append(
            f"{count(n, 'more cell')} of {columns} had such problems." + HOW_TO_LIST
        )
    return tuple(said)


def _written(number: float, column: Column) -> str:
    """Write an end of the range as a person would: a day for days, a level for 2.

    Example:
        >>> due = Column("due", "date", "", "date", DateRule("year-first"))
        >>> _written(366.5, due), _written(3.0, Column("x", "number", "", "number"))
        ('1971-01-02', '3')
    """
    rule = column.rule
    plain = f"{number:.15g}"
    if isinstance(rule, OrderedRule) and 0 <= number < len(rule.levels):
        return repr(rule.levels[int(number)])
    if column.kind == "duration":
        return f"{plain} seconds"
    if isinstance(rule, DateRule):
        try:
            return str(date(1970, 1, 1) + timedelta(days=number))
        except OverflowError:  # beyond the years that Python knows
            return f"{plain} days since 1970-01-01"
    return plain
