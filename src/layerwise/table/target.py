"""What is to be predicted: a number, one of two classes, or one of many.

    the target holds                                        task
    words, two of them                                      binary
    words, at most 1,000 and each twice on average          multiclass
    two different integers                                  binary
    at most 30 different integers, each five times          multiclass
    on average
    other numbers                                           regression

Classes are sorted: numbers by size, words by the alphabet, no before yes. So
class 1 of two is the larger number, or yes.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.errors import ParameterError, TargetError, did_you_mean, listed
from layerwise.table.category import as_text, plain_category
from layerwise.table.encode import read_numbers, read_yes_no
from layerwise.table.kinds import infer
from layerwise.table.missing import stripped
from layerwise.table.numbers import NumberRule
from layerwise.table.read import Table
from layerwise.table.reading import Reading
from layerwise.table.yes_no import YesNoRule, known_pair

__all__ = ["TASKS", "Target", "Task", "infer_target", "target_column"]

Task = Literal["regression", "binary", "multiclass"]
TASKS: tuple[Task, ...] = get_args(Task)
# Integers are classes when there are few of them and each is frequent.
FEW_INTEGERS = 30
ROWS_PER_INTEGER = 5
MOST_CLASSES = 1_000
# More than that is refused even where the user asks for classes.
MOST_NAMED_CLASSES = 10_000
_N_CLASSES: dict[Task, tuple[int, int]] = {
    "regression": (0, 0),
    "binary": (2, 2),
    "multiclass": (2, MOST_NAMED_CLASSES),
}


@dataclass(frozen=True)
class Target:
    """What is predicted, and how its cells are read.

    Attributes:
        name: The column.
        task: `regression`, `binary` or `multiclass`.
        classes: The names of the classes in the order of their ids; empty for
            regression.
        rule: How numbers are written, where the target holds numbers.
    """

    name: str
    task: Task
    classes: tuple[str, ...] = ()
    rule: NumberRule | None = None

    def __post_init__(self) -> None:
        """Refuse classes that do not fit the task."""
        n = len(self.classes)
        least, most = _N_CLASSES[self.task]
        if not least <= n <= most or len(set(self.classes)) < n:
            takes = f"{least}" if least == most else f"{least} to {most:,}"
            raise TargetError(
                f"The target {self.name[:50]!r} is {self.task!r}, which takes {takes} "
                "different classes. Got "
                f"{listed(label[:20] for label in self.classes) or 'none'}."
            )

    def encode(self, series: pl.Series) -> NDArray[np.float64] | NDArray[np.int32]:
        """Turn the target's cells into numbers or class ids.

        Args:
            series: The cells, text or typed.

        Returns:
            (n,): float64 values for regression, int32 class ids otherwise.

        Raises:
            TargetError: When a cell is missing, no number or no known class.

        Example:
            >>> Target("job", "binary", ("clerk", "cook")).encode(pl.Series(["cook"]))
            array([1], dtype=int32)
        """
        if self.task == "regression":
            return self._numbers(series)
        return self._ids(series)

    def _numbers(self, series: pl.Series) -> NDArray[np.float64]:
        read = read_numbers(series, self.rule)
        self._refuse_unread(series, read.unreadable, "is no number")
        self._refuse_missing(read.values)
        infinite = read.values.is_infinite()
        self._refuse_unread(series, infinite, "is not finite")
        return read.values.to_numpy()

    def _ids(self, series: pl.Series) -> NDArray[np.int32]:
        words = self._words(series)
        self._refuse_missing(words)
        ids = words.replace_strict(
            pl.Series(self.classes, dtype=pl.String),
            pl.int_range(len(self.classes), dtype=pl.Int32, eager=True),
            default=None,
            return_dtype=pl.Int32,
        )
        what = f"is none of the classes {listed(self.classes)}"
        self._refuse_unread(series, ids.is_null(), what)
        return ids.to_numpy()

    def _words(self, series: pl.Series) -> pl.Series:
        """The cells written as the classes are."""
        if self.rule is not None:
            read = read_numbers(series, self.rule)
            self._refuse_unread(series, read.unreadable, "is no number")
            return as_text(read.values)
        rule = known_pair({label.lower() for label in self.classes})
        if rule and self.classes[0].lower() in rule.words[0]:
            read = read_yes_no(series, rule)
            self._refuse_unread(series, read.unreadable, "is neither yes nor no")
            names = list(self.classes)
            return read.values.replace_strict([0.0, 1.0], names, return_dtype=pl.String)
        return plain_category(series)

    def _refuse_missing(self, cells: pl.Series) -> None:
        rows = cells.is_null().arg_true()
        if len(rows):
            raise TargetError(
                f"The target {self.name!r} is missing in {len(rows):,} of "
                f"{len(cells):,} rows; the first is row {rows[0]}. Fill these cells, "
                "or leave the rows out."
            )

    def _refuse_unread(self, cells: pl.Series, wrong: pl.Series, what: str) -> None:
        rows = wrong.arg_true()
        if len(rows):
            n = f" (and {len(rows) - 1:,} more)" if len(rows) > 1 else ""
            raise TargetError(
                f"The target {self.name!r} holds {str(cells[int(rows[0])])!r} in row "
                f"{rows[0]}{n}, which {what}. Correct the cell, or leave the row out."
            )


def target_column(table: Table, name: str) -> pl.Series:
    """Take the target's column out of a table.

    Args:
        table: The table.
        name: The column to predict.

    Returns:
        Its cells.

    Raises:
        TargetError: When the table has no such column.

    Example:
        >>> target_column(Table(pl.DataFrame({"price": [1]})), "prize")
        Traceback (most recent call last):
        ...
        layerwise.errors.TargetError: The table has no column 'prize' to predict. \
It has 'price'. Did you mean 'price'?
    """
    if name not in table.columns:
        raise TargetError(
            f"The table has no column {name!r} to predict. It has "
            f"{listed(table.columns, most=20)}." + did_you_mean(name, table.columns)
        )
    return table.frame[name]


def infer_target(name: str, series: pl.Series, task: Task | None = None) -> Target:
    """Find out what a target asks for.

    Args:
        name: The column.
        series: Its cells, text or typed.
        task: The task, where the user knows better.

    Returns:
        The target.

    Raises:
        TargetError: When there is nothing in the column that can be learned.
        ParameterError: When there is no such task.

    Example:
        >>> infer_target("deposit", pl.Series(["yes", "no", "no"]))
        Target(name='deposit', task='binary', classes=('no', 'yes'), rule=None)
        >>> infer_target("price", pl.Series(["$1.50", "$2.25"])).task
        'regression'
    """
    if task is not None and task not in TASKS:
        raise ParameterError(
            f"The task must be one of {listed(TASKS)}. Got {task!r} instead."
        )
    reading = infer(name, series)
    if reading.kind == "empty":
        raise TargetError(f"The target {name!r} is missing in every row.")
    if reading.kind == "date":
        raise TargetError(
            f"The target {name!r} holds dates, which layerwise cannot predict. Turn "
            "them into a number first, such as the days until then."
        )
    if reading.kind == "duration" and task in (None, "regression"):
        raise TargetError(
            f"The target {name!r} holds durations such as {reading.cells[0]!r}, which "
            "layerwise cannot predict. Turn them into a number first, such as minutes."
        )
    if reading.kind == "yes/no":
        return _yes_no_target(name, series, reading, task)
    read = _read_as_numbers(series, reading)
    if read is not None:
        return _numeric_target(name, *read, task)
    return _worded_target(name, series, task)


def _read_as_numbers(
    series: pl.Series, reading: Reading
) -> tuple[NumberRule, pl.Series] | None:
    """The rule and the numbers, or None when the target holds words."""
    if reading.kind not in ("number", "constant", "id"):
        return None
    rule = reading.rule if isinstance(reading.rule, NumberRule) else NumberRule()
    read = read_numbers(series, rule)
    if reading.kind != "number" and read.unreadable.any():
        return None
    return rule, read.values.drop_nulls()


def _numeric_target(
    name: str, rule: NumberRule, values: pl.Series, task: Task | None
) -> Target:
    # Which row is infinite is told where the numbers are taken.
    if task == "regression" or values.is_infinite().any():
        return Target(name, "regression", (), rule)
    # A float column may hold a million values; a few of them tell as much.
    few = values.head(MOST_NAMED_CLASSES * ROWS_PER_INTEGER).unique()
    distinct = values.unique().sort() if len(few) <= MOST_NAMED_CLASSES else few
    n_distinct = len(distinct)
    is_whole = bool((distinct == distinct.floor()).all())
    is_frequent = len(values) >= ROWS_PER_INTEGER * n_distinct
    few_enough = n_distinct <= 2 or (n_distinct <= FEW_INTEGERS and is_frequent)
    if task is None and n_distinct > 1 and not (is_whole and few_enough):
        return Target(name, "regression", (), rule)
    return _classes(name, list(as_text(distinct)), task, rule)


def _worded_target(name: str, series: pl.Series, task: Task | None) -> Target:
    if task == "regression":
        first = as_text(series).drop_nulls()[0]
        raise TargetError(
            f"The target {name!r} holds words such as {first!r}, and a regression "
            "needs numbers. Leave the task open, or name another target."
        )
    words = plain_category(series).drop_nulls()
    distinct = sorted(words.unique())
    most = MOST_NAMED_CLASSES
    if task is None:
        most = max(2, min(MOST_CLASSES, len(words) // 2))
    if len(distinct) > most:
        raise TargetError(
            f"The target {name!r} holds text: {len(distinct):,} different values in "
            f"{len(words):,} rows are too many to be classes. Name another target."
        )
    return _classes(name, distinct, task, None)


def _yes_no_target(
    name: str, series: pl.Series, reading: Reading, task: Task | None
) -> Target:
    """Two classes, no before yes, each in its most frequent spelling."""
    if task == "regression":
        return _worded_target(name, series, task)
    cells = pl.DataFrame({"cell": stripped(as_text(series))})
    rule = reading.rule if isinstance(reading.rule, YesNoRule) else None
    yes = read_yes_no(cells["cell"], rule).values
    spelled = (
        cells.with_columns(yes=yes)
        .drop_nulls()
        .group_by("yes", "cell")
        .len("n")
        .sort("yes", "n", "cell", descending=[False, True, False])
        .unique("yes", keep="first", maintain_order=True)
    )
    return _classes(name, list(spelled["cell"]), task, None)


def _classes(
    name: str, classes: list[str], task: Task | None, rule: NumberRule | None
) -> Target:
    n = len(classes)
    if n == 1:
        raise TargetError(
            f"The target {name!r} has one class only, {classes[0]!r}: there is "
            "nothing to tell apart."
        )
    if n > MOST_NAMED_CLASSES:
        raise TargetError(
            f"The target {name!r} has more than {MOST_NAMED_CLASSES:,} different "
            "values, too many to be classes."
        )
    if task == "binary" and n != 2:
        raise TargetError(
            f"The target {name!r} has {n:,} classes, {listed(classes)}, and the task "
            "'binary' needs two. Use the task 'multiclass'."
        )
    return Target(
        name, task or ("binary" if n == 2 else "multiclass"), tuple(classes), rule
    )
