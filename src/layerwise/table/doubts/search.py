"""What should make a person doubt a score before it is measured.

    code                          a finding where
    leak                          one column alone tells the target almost perfectly
    target-like name              it tells most, and is named like the target
    date split                    rows are held out at random, though they follow a
                                  date along which the target changes
    duplicates across the split   rows held out have the inputs of training rows
    duplicates                    rows repeat earlier rows, target included
    contradictions                rows have equal inputs and different classes
    few rows in a class           a class has fewer than 10 training rows
    id                            a number only counts the rows
    almost all missing            a column misses 95 % of its cells

Each is plain data with one sentence. Only columns that the network would see are
looked at, and a table of one column has no column too many.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.errors import listed
from layerwise.table.category import names_rows
from layerwise.table.doubts.classes import class_doubts
from layerwise.table.doubts.doubt import Doubt, as_option, leave_out
from layerwise.table.doubts.drift import follows_rows, names_event, spans_time
from layerwise.table.doubts.leaks import (
    Alone,
    Trial,
    alone,
    cell_numbers,
    missing_alone,
    trial_of,
)
from layerwise.table.doubts.repeats import repeat_doubts
from layerwise.table.read import Table
from layerwise.table.reading import Reading, count
from layerwise.table.target import Target

__all__ = ["find_doubts"]

Rows = NDArray[np.int64]

# A table of a dozen rows has few of everything.
FEW_ROWS = 50
MISSING_SHARE = 0.95
DISTINCT_SHARE = 0.99
LIKE_THE_TARGET = 0.9
DRIFT = 0.2
SHORTEST_NAME = 3
MOST_LEAKS = 3


def find_doubts(
    table: Table,
    readings: Sequence[Reading],
    target: Target,
    y: NDArray[Any],
    train: Rows,
    valid: Rows,
    is_random: bool = True,
) -> tuple[Doubt, ...]:
    """Look for what makes a score too good, or a column worthless.

    Args:
        table: The rows.
        readings: What the input columns were read as.
        target: What is predicted.
        y: The encoded target of each row.
        train: Positions of the training rows.
        valid: Positions of the rows held out, maybe none.
        is_random: Whether rows were held out by chance, and not by a column.

    Returns:
        The findings, those about a false score first.

    Example:
        >>> from layerwise.table.read import read
        >>> from layerwise.table.schema import look
        >>> table = read({"a": [3, 1, 2] * 20, "b": [i % 7 for i in range(60)]})
        >>> y = np.array([30.0, 10.0, 20.0] * 20)
        >>> rows = np.arange(60)
        >>> [(doubt.code, doubt.columns) for doubt in find_doubts(
        ...     table, look(table), Target("y", "regression"), y, rows, rows[:0])]
        [('leak', ('a',))]
    """
    seen = [reading for reading in readings if reading.is_used]
    trial = trial_of(y, len(target.classes), train, valid, len(seen))
    measured = _measure(table, seen, trial)
    leaks = tuple(_told_together(_leaks(table, seen, target, measured, trial), target))
    leaking = {name for doubt in leaks for name in doubt.columns}
    others = [reading for reading in seen if reading.name not in leaking]
    found = [*leaks, *_target_like(others, target, measured)]
    if table.n_rows >= FEW_ROWS:
        if is_random and len(valid):
            found += _date_split(table, seen, target, measured, trial)
        found += repeat_doubts(_apart(table, readings), target, y, train, valid)
        found += _ids(table, seen)
        found += _almost_all_missing(table, seen)
    return (*found, *class_doubts(target, y, train, valid))


def _apart(table: Table, readings: Sequence[Reading]) -> pl.DataFrame:
    """The columns that tell cases apart.

    An id tells every row apart, even a repeated one. A text that is left out still
    tells: two passengers with the same fare are two passengers.
    """
    return table.frame.select(r.name for r in readings if r.kind != "id")


def _measure(
    table: Table, seen: Sequence[Reading], trial: Trial | None
) -> dict[str, Alone]:
    """How well each column alone tells the target."""
    if trial is None or len(seen) < 2:
        return {}
    frame = table.frame.select(reading.name for reading in seen)[trial.rows]
    found = {r.name: alone(frame[r.name], r, trial) for r in seen}
    return {name: one for name, one in found.items() if one is not None}


def _leaks(
    table: Table,
    seen: Sequence[Reading],
    target: Target,
    measured: Mapping[str, Alone],
    trial: Trial | None,
) -> Iterator[Doubt]:
    for reading in seen:
        found = measured.get(reading.name)
        if trial is None or found is None or not found.is_leak:
            continue
        who = f"Column {reading.name!r} alone"
        if reading.n_missing:
            cells = table.frame[reading.name][trial.rows]
            by_absence = missing_alone(cells, reading, trial)
            if by_absence is not None and by_absence.is_leak:
                who = f"Whether column {reading.name!r} is missing alone"
        predicts = f"predicts {target.name!r} almost perfectly"
        sentence = (
            f"{who} {predicts} ({_score(found)}): if it is known only afterwards, "
            f"{leave_out(reading.name)}."
        )
        yield Doubt("leak", (reading.name,), sentence, _evidence(found))


def _told_together(leaks: Iterator[Doubt], target: Target) -> Iterable[Doubt]:
    """Make one finding of many leaks: a sentence for each would bury the others."""
    found = tuple(leaks)
    if len(found) <= MOST_LEAKS:
        return found
    names = tuple(name for doubt in found for name in doubt.columns)
    (measure, least), *_ = min((doubt.evidence for doubt in found), key=_first_number)
    sentence = (
        f"Each of {len(names):,} columns alone predicts {target.name!r} almost "
        f"perfectly ({measure} {least:.4g} or more): {listed(names)}. If they are "
        "known only afterwards, leave them out with --drop."
    )
    evidence = ((measure, least), ("columns", len(names)))
    return (Doubt("leak", names, sentence, evidence),)


def _first_number(evidence: tuple[tuple[str, float], ...]) -> float:
    return evidence[0][1]


def _score(found: Alone) -> str:
    guess = f", {found.guess:.3g} by guessing" if found.guess else ""
    rows = count(found.n, "row")
    return f"{found.measure} {found.score:.4g} on {rows} held out{guess}"


def _evidence(found: Alone) -> tuple[tuple[str, float], ...]:
    return ((found.measure, found.score), ("guess", found.guess), ("rows", found.n))


def _target_like(
    seen: Sequence[Reading], target: Target, measured: Mapping[str, Alone]
) -> Iterator[Doubt]:
    wanted = _letters(target.name)
    for reading in seen:
        name, found = _letters(reading.name), measured.get(reading.name)
        is_like = name in wanted or wanted in name
        if min(len(name), len(wanted)) < SHORTEST_NAME or not is_like:
            continue
        if found is None or found.skill < LIKE_THE_TARGET:
            continue
        sentence = (
            f"Column {reading.name!r} is named like the target {target.name!r} and "
            f"tells most of it ({_score(found)}): if it is made from the target, "
            f"{leave_out(reading.name)}."
        )
        yield Doubt("target-like name", (reading.name,), sentence, _evidence(found))


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name.lower())


def _date_split(
    table: Table,
    seen: Sequence[Reading],
    target: Target,
    measured: Mapping[str, Alone],
    trial: Trial | None,
) -> Iterator[Doubt]:
    """Find the column that says when rows happened, if the target changes along it."""
    found: list[tuple[bool, float, str]] = []
    for reading in seen:
        score = measured.get(reading.name)
        if trial is None or score is None or reading.kind not in ("date", "number"):
            continue
        if score.skill < max(DRIFT, 3 / np.sqrt(score.n)):
            continue
        is_event = names_event(reading.name)
        if reading.kind == "number" and not is_event:
            continue
        numbers = cell_numbers(table.frame[reading.name][trial.rows], reading)
        if not spans_time(numbers):
            continue
        in_order = follows_rows(numbers, trial.rows)
        if in_order or (is_event and reading.kind == "date"):
            found.append((in_order, score.skill, reading.name))
    if not found:
        return
    in_order, _, name = max(found)
    when = "follow" if in_order else "have their time in"
    sentence = (
        f"The rows {when} {name!r}, and {target.name!r} changes along it "
        f"({_score(measured[name])}): rows held out at random lie between training "
        "rows, and their score says little about later ones. Hold the last rows out "
        f"with --valid-by {as_option(name)}."
    )
    yield Doubt("date split", (name,), sentence, _evidence(measured[name]))


def _ids(table: Table, seen: Sequence[Reading]) -> Iterator[Doubt]:
    if len(seen) < 2:
        return
    for reading in seen:
        if reading.kind != "number" or not _may_count_rows(table, reading.name):
            continue
        numbers = cell_numbers(table.frame[reading.name], reading)
        how = _counts_rows(numbers, reading.name)
        if how:
            sentence = (
                f"Column {reading.name!r} looks like a number of the row ({how}), "
                f"which says nothing about new rows: {leave_out(reading.name)}."
            )
            n = len(np.unique(numbers))
            yield Doubt("id", (reading.name,), sentence, (("different", n),))


def _may_count_rows(table: Table, name: str) -> bool:
    """A quick look at the first rows: most columns repeat there."""
    first = table.frame[name].head(1_000)
    return first.n_unique() >= DISTINCT_SHARE * len(first)


def _counts_rows(numbers: NDArray[np.float64], name: str) -> str:
    """Say how a column counts rows, or nothing."""
    there = numbers[~np.isnan(numbers)]
    values = np.unique(there)
    n = len(there)
    if len(values) < DISTINCT_SHARE * len(numbers) or (there != np.floor(there)).any():
        return ""
    if names_event(name):  # seconds since 1970 rise from row to row as well
        return ""
    steps = np.diff(there)
    what = f"{len(values):,} different whole numbers in {count(len(numbers), 'row')}"
    if (steps > 0).all() or (steps < 0).all():
        return f"{what}, in their order"
    if values[-1] - values[0] < 2 * n:
        return f"{what}, from {values[0]:.0f} to {values[-1]:.0f}"
    return f"{what}, under such a name" if names_rows(name) else ""


def _almost_all_missing(table: Table, seen: Sequence[Reading]) -> Iterator[Doubt]:
    n = table.n_rows
    found = [r for r in seen if r.n_missing >= MISSING_SHARE * n]
    if not found:
        return
    names = tuple(reading.name for reading in found)
    least = min(reading.n_missing for reading in found)
    if len(found) == 1:
        sentence = (
            f"Column {names[0]!r} is missing in {least:,} of {count(n, 'row')}, so it "
            f"can tell of few: fill it, or {leave_out(names[0])}."
        )
    else:
        sentence = (
            f"{len(found):,} columns are missing in {least:,} of {count(n, 'row')} or "
            f"more, so they can tell of few: {listed(names)}. Fill them, or leave them "
            "out with --drop."
        )
    yield Doubt(
        "almost all missing", names, sentence, (("missing", least), ("rows", n))
    )
