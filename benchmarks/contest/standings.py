"""Standings: means, ranks and wins of contestants, from the runs they made.

A figure is {contestant: {table: mean over seeds}}. Where one of the runs failed it is
None: the contestant comes last there, and a total over that table is unknown.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scipy.stats import rankdata

from contest.scores import PRIMARY

Run = dict[str, Any]
Row = Mapping[str, float | None]
Figure = dict[str, dict[str, float | None]]


def primary(run: Run) -> float:
    """Return the score that the standings go by; lower is better."""
    return float(run["scores"][PRIMARY[run["task"]]])


def figure(runs: Iterable[Run], of: Callable[[Run], float]) -> Figure:
    """Average something that was measured over the seeds.

    Example:
        >>> runs = [{"contestant": "a", "table": "t", "s": s} for s in (1.0, 3.0)]
        >>> figure(runs, lambda run: run["s"])
        {'a': {'t': 2.0}}
        >>> figure([*runs, runs[0] | {"error": "no"}], lambda run: run["s"])
        {'a': {'t': None}}
    """
    found: dict[str, dict[str, list[float | None]]] = {}
    for run in runs:
        values = found.setdefault(run["contestant"], {}).setdefault(run["table"], [])
        values.append(None if "error" in run else of(run))
    return {
        name: {table: mean(values) for table, values in row.items()}
        for name, row in found.items()
    }


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean, or None where one is unknown."""
    known = list(values)
    total = sum_of(known)
    return None if total is None else total / len(known)


def sum_of(values: Iterable[float | None]) -> float | None:
    """Return the sum, or None where one is unknown."""
    known = list(values)
    if any(value is None for value in known):
        return None
    return sum(value for value in known if value is not None)


def geometric_mean(ratios: Iterable[float]) -> float:
    """Return the mean of ratios: 1/2 and 2 give 1.

    Example:
        >>> geometric_mean([0.5, 2.0])
        1.0
    """
    return math.exp(mean([math.log(ratio) for ratio in ratios]) or 0.0)


def complete(scores: Figure, tables: list[str]) -> list[str]:
    """Return who took part on every table, failures included."""
    return [name for name, row in scores.items() if set(tables) <= row.keys()]


def ranks(row: Row) -> dict[str, float]:
    """Rank contestants on one table: 1 is best, equals share their mean rank.

    Example:
        >>> ranks({"a": 0.3, "b": None, "c": 0.1, "d": 0.3})
        {'a': 2.5, 'b': 4.0, 'c': 1.0, 'd': 2.5}
    """
    order = rankdata([math.inf if value is None else value for value in row.values()])
    return dict(zip(row, order.tolist(), strict=True))


def mean_ranks(scores: Figure, names: list[str], tables: list[str]) -> dict[str, float]:
    """Average the ranks of some contestants among themselves.

    Example:
        >>> scores = {"a": {"t": 1.0, "u": 2.0}, "b": {"t": 3.0, "u": 4.0}}
        >>> mean_ranks(scores, ["a", "b"], ["t", "u"])
        {'a': 1.0, 'b': 2.0}
    """
    ranked = [ranks({name: scores[name][table] for name in names}) for table in tables]
    return {name: sum(r[name] for r in ranked) / len(ranked) for name in names}


def wins(row: Row, other: Row) -> tuple[int, int]:
    """Count the tables where one is strictly better than another, of those of both.

    Example:
        >>> wins({"t": 1.0, "u": 2.0, "v": 9.0}, {"t": None, "u": 2.0, "w": 1.0})
        (1, 2)
    """
    both = [table for table in row if table in other]
    won = sum(_is_better(row[table], other[table]) for table in both)
    return won, len(both)


def _is_better(one: float | None, other: float | None) -> bool:
    return one is not None and (other is None or one < other)


def relative(row: Row, other: Row, tables: list[str]) -> float | None:
    """Return the geometric mean of one's figures divided by another's.

    Example:
        >>> relative({"t": 1.0, "u": 8.0}, {"t": 2.0, "u": 4.0}, ["t", "u"])
        1.0
        >>> relative({"t": None}, {"t": 2.0}, ["t"]) is None
        True
    """
    ratios = []
    for table in tables:
        one, reference = row[table], other[table]
        if not one or not reference:
            return None
        ratios.append(one / reference)
    return geometric_mean(ratios)
