"""What training learned about the columns, so that new tables read the same.

    look    every column of a table gets a kind         (the whole table decides)
    learn   vocabularies and missing cells              (training rows only)
    encode  a table becomes numbers, ids and texts      (by column name)
    ledger  every cell that training did not know       (by row and column)

A `Schema` travels with the model as plain JSON.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.errors import (
    ColumnError,
    ParameterError,
    SchemaError,
    did_you_mean,
    listed,
    nearest,
)
from layerwise.table.blocks import Source, fill, room, side_by_side
from layerwise.table.column import Column
from layerwise.table.dates import DATE_ORDERS, DateOrder
from layerwise.table.distinct import Spread
from layerwise.table.encode import Encoded, Problem, TypedNumbers, column_spread
from layerwise.table.hashing import HASHED_UNITS
from layerwise.table.kinds import infer
from layerwise.table.learn import learn_column
from layerwise.table.ledger import ledger_of, missing_cells, out_of_range, summary
from layerwise.table.overrides import Override, agrees
from layerwise.table.read import Table
from layerwise.table.reading import Reading
from layerwise.table.said import refuse_unknown

__all__ = ["Schema", "learn", "look"]

MOST_COLUMNS = 100_000
MOST_RENAMED = 5


@dataclass(frozen=True)
class Schema:
    """How the columns of a table become the input of a network.

    Attributes:
        columns: Every column that was looked at, in the table's order.

    The numbers of all columns come in table order, a date giving several;
    so do the ids of all categories, and the hashed texts. Units are named in the
    order of the input layer: numbers, then the flags of missing numbers, then
    categories, then texts.
    """

    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        """Refuse columns that cannot be told apart by name, or too many."""
        n = len(self.columns)
        if n > MOST_COLUMNS or len({column.name for column in self.columns}) < n:
            raise SchemaError(
                f"A table has up to {MOST_COLUMNS:,} columns, each with a name of its "
                f"own. Got {n:,} columns, or a name twice."
            )

    @property
    def used(self) -> tuple[Column, ...]:
        """The columns that the network sees."""
        return tuple(c for c in self.columns if c.encoding != "left out")

    @property
    def number_names(self) -> tuple[str, ...]:
        """The name of each number."""
        return tuple(name for column in self.columns for name in column.numbers)

    @property
    def flag_numbers(self) -> tuple[int, ...]:
        """Which numbers have a unit that says whether they are missing.

        A date has one flag for all its numbers; it is that of the first.
        """
        first = 0
        flags = []
        for column in self.columns:
            flags += [first] * len(column.flag)
            first += len(column.numbers)
        return tuple(flags)

    @property
    def categories(self) -> tuple[Column, ...]:
        """The columns whose cells become ids."""
        return tuple(c for c in self.columns if c.is_categorical)

    @property
    def texts(self) -> tuple[Column, ...]:
        """The columns whose cells are hashed."""
        return tuple(c for c in self.columns if c.encoding == "hashed")

    @property
    def unit_names(self) -> tuple[str, ...]:
        """The name of each unit: numbers, flags, categories, then texts."""
        flags = [name for column in self.columns for name in column.flag]
        words = (*self.categories, *self.texts)
        of_words = [name for column in words for name in column.units]
        return _told_apart([*self.number_names, *flags, *of_words])

    @property
    def n_units(self) -> int:
        """The width of the input layer."""
        return len(self.unit_names)

    def encode(
        self, table: Table, known: Collection[str] = (), tells_range: bool = True
    ) -> Encoded:
        """Turn a table into numbers, ids and hashed texts, by the columns' names.

        Args:
            table: Text or typed columns; both give the same codes.
            known: Further columns of the table that need no note, such as the
                target.
            tells_range: Whether numbers beyond those of training get a note.

        Returns:
            The arrays, and notes about what training did not know.

        Raises:
            SchemaError: When the table lacks columns.
            ColumnError: When a number is infinite.

        Example:
            >>> from layerwise.table.read import read
            >>> schema = Schema((Column("age", "number", "", "number"),))
            >>> schema.encode(read({"age": ["31", "?"]})).numbers
            array([[31.],
                   [nan]])
        """
        _refuse_lacking(self, table)
        n = table.n_rows
        arrays: dict[str, NDArray[Any]] = {
            "numbers": room((n, len(self.number_names)), np.float64),
            "categories": room((n, len(self.categories)), np.int32),
            "texts": room((n, HASHED_UNITS * len(self.texts)), np.float32),
        }
        frame = table.frame

        def source(column: Column) -> tuple[Source, tuple[Problem, ...]]:
            spread, found = column_spread(frame[column.name], column)
            cells = frame[column.name]
            return spread, (*found, *_news(cells, spread, column, found, tells_range))

        filled = dict.fromkeys(arrays, 0)
        problems: list[Problem] = []
        parts: list[tuple[NDArray[Any], Source]] = []
        sources = side_by_side(source, self.used, n)
        for column, (values, found) in zip(self.used, sources, strict=True):
            part = "categories" if column.is_categorical else "numbers"
            part = "texts" if column.encoding == "hashed" else part
            width = HASHED_UNITS if part == "texts" else len(column.numbers) or 1
            start, filled[part] = filled[part], filled[part] + width
            parts.append((arrays[part][:, start : filled[part]], values))
            problems += found
        fill(parts, n)
        notes = (*_extra_columns(self, table, known), *summary(problems))
        return Encoded(**arrays, notes=notes)

    def ledger(self, table: Table) -> pl.DataFrame:
        """List every cell that is missing, unreadable, or unlike those of training.

        Args:
            table: Text or typed columns.

        Returns:
            One line a cell, by row, then column: ``row`` (from 0 on), ``column``,
            ``problem`` ("unseen", "missing", "out of range" or "unreadable"),
            ``cell`` (as it stands, null where there is none) and ``detail``.

        Raises:
            SchemaError: When the table lacks columns.

        Example:
            >>> from layerwise.table.read import read
            >>> schema = Schema((Column("age", "number", "", "number"),))
            >>> schema.ledger(read({"age": ["31", "old"]})).rows()
            [(1, 'age', 'unreadable', 'old', 'cannot be read as numbers')]
        """
        _refuse_lacking(self, table)
        return ledger_of(table.frame, self.used)

    def encode_matrix(self, matrix: NDArray[Any]) -> Encoded | None:
        """Take a matrix whose columns are the schema's, in order, all of them numbers.

        Gives what ``encode`` gives, without making a data frame first: a matrix
        of floats is what the network takes already.

        Args:
            matrix: (n, n_columns).

        Returns:
            The arrays, or None when a column holds anything but finite numbers:
            ``encode`` then says what it is.

        Example:
            >>> schema = Schema((Column("x0", "number", "", "number"),))
            >>> schema.encode_matrix(np.array([[1.0], [2.0]])).numbers.shape
            (2, 1)
        """
        is_other = any(c.kind != "number" or c.own_missing for c in self.used)
        width = len(self.columns)
        if is_other or matrix.dtype.kind != "f" or matrix.shape[1:] != (width,):
            return None
        used = [j for j, c in enumerate(self.columns) if c.encoding == "number"]
        numbers = matrix if len(used) == width else matrix[:, used]
        with np.errstate(over="ignore", invalid="ignore"):
            is_finite = np.isfinite(numbers.sum())  # quick, and true of most
        if not is_finite and np.isinf(numbers).any():
            return None
        n = len(matrix)
        no_ids, no_texts = np.empty((n, 0), np.int32), np.empty((n, 0), np.float32)
        return Encoded(numbers, no_ids, no_texts)


def look(
    table: Table,
    features: Sequence[str] | None = None,
    drop: Sequence[str] | None = None,
    dates: DateOrder | None = None,
    overrides: Mapping[str, Override] | None = None,
) -> tuple[Reading, ...]:
    """Find out what every column means.

    Args:
        table: The table.
        features: Only these columns; all when None.
        drop: None of these columns.
        dates: The order of day and month where a column leaves it open.
        overrides: What the user says of some columns.

    Returns:
        One reading a column, in the table's order.

    Raises:
        ColumnError: When the table has no column of a given name.
        ParameterError: When dates is no order.

    Example:
        >>> from layerwise.table.read import read
        >>> [reading.kind for reading in look(read({"a": ["1", "2"]}))]
        ['number']
    """
    if dates is not None and dates not in DATE_ORDERS:
        raise ParameterError(
            f"The 'dates' parameter must be one of {listed(DATE_ORDERS)}. "
            f"Got {dates!r} instead."
        )
    for option, names in (("features", features), ("drop", drop)):
        if isinstance(names, str) or not all(isinstance(n, str) for n in names or ()):
            raise ParameterError(
                f"The {option!r} parameter must be a list of column names. "
                f"Got {names!r} instead."
            )
    for name in (*(features or ()), *(drop or ())):
        if name not in table.columns:
            raise ColumnError(
                f"The table has no column {name!r}. It has {listed(table.columns)}."
                + did_you_mean(name, table.columns)
            )
    wanted = set(table.columns if features is None else features) - set(drop or ())
    said = overrides or {}
    refuse_unknown(said, table.columns)
    names = [name for name in table.columns if name in wanted]

    def reading(name: str) -> Reading:
        return _look_at(name, table.frame[name], dates, said.get(name))

    return tuple(side_by_side(reading, names, table.n_rows))


def _look_at(
    name: str, cells: pl.Series, dates: DateOrder | None, said: Override | None
) -> Reading:
    """Find out what a column means; what the user says counts where it differs."""
    reading = infer(name, cells, dates)
    if said is None or agrees(said, reading):
        return reading
    return infer(name, cells, dates, said)


def learn(
    table: Table,
    readings: tuple[Reading, ...],
    rows: NDArray[np.integer[Any]] | None = None,
    weights: NDArray[np.floating[Any]] | None = None,
    one_hot_only: bool = False,
) -> Schema:
    """Learn how each column becomes numbers.

    Args:
        table: The table.
        readings: What its columns were read as, from `look`.
        rows: The training rows; all when None.
        weights: One weight for each row of the table; rows of weight 0 teach
            nothing.
        one_hot_only: Whether every category gets a unit for each value, as a
            linear network needs; else large ones get an embedding.

    Returns:
        The schema.

    Example:
        >>> from layerwise.table.read import read
        >>> table = read({"job": ["cook", "clerk", "cook"]})
        >>> learn(table, look(table)).unit_names
        ('job=cook', 'job=clerk', 'job=other')
    """
    if weights is not None:
        rows = np.arange(table.n_rows) if rows is None else rows
        rows = rows[np.asarray(weights)[rows] > 0]
    counts = None if weights is None else np.asarray(weights)[rows]

    def column(reading: Reading) -> Column:
        cells = table.frame[reading.name]
        taken = cells if rows is None else cells[rows]
        return learn_column(reading, taken, one_hot_only, counts)

    return Schema(tuple(side_by_side(column, readings, table.n_rows)))


def _told_apart(names: list[str]) -> tuple[str, ...]:
    """Number the names that occur again: a column may be called like a unit."""
    apart: dict[str, None] = {}
    for name in names:
        new, i = name, 1
        while new in apart:
            i += 1
            new = f"{name} ({i})"
        apart[new] = None
    return tuple(apart)


def _refuse_lacking(schema: Schema, table: Table) -> None:
    """Refuse a table without some columns; one it knows is none of them renamed."""
    lacking = [c.name for c in schema.used if c.name not in table.columns]
    if not lacking:
        return
    n = len(lacking)
    known = {column.name for column in schema.columns}
    new = [name for name in table.columns if name not in known]
    raise SchemaError(
        f"The table lacks {n} column{'s' if n > 1 else ''} that the model was trained "
        f"on: {listed(lacking)}. It has {listed(table.columns)}."
        + _renamed(lacking, new)
    )


def _renamed(lacking: Sequence[str], new: Sequence[str]) -> str:
    """Offer the nearest names, each beside the one that it may stand for."""
    if len(lacking) == 1:
        return did_you_mean(lacking[0], new)
    close = [(name, nearest(name, new)) for name in lacking[:MOST_RENAMED]]
    pairs = [f"{other!r} for {name!r}" for name, other in close if other is not None]
    return f" Did you mean {', '.join(pairs)}?" if pairs else ""


def _news(
    series: pl.Series,
    spread: Spread | TypedNumbers,
    column: Column,
    found: tuple[Problem, ...],
    tells_range: bool,
) -> tuple[Problem, ...]:
    """Find what reading cannot know to be new: missing cells, and numbers out of range.

    Cells that are missing where training had some are no news. What the least and
    the most of the numbers are tells the rest, and mostly that there is none.
    """
    if not column.numbers:
        if column.has_missing or not missing_cells(spread.values, column):
            return ()
        return missing_cells(spread.rows(), column, found)
    first = spread.of_first()
    least, most, lacks = first.ends()
    is_beyond = tells_range and column.is_beyond(least, most)
    is_new = lacks and not column.has_missing
    is_infinite = bool(np.isinf(least) or np.isinf(most))
    if not (is_beyond or is_new or is_infinite):
        return ()
    values = first.rows()
    if np.isinf(values).any():
        _refuse_infinite(values, column.name)
    news = out_of_range(series, values, column) if is_beyond else ()
    return news + (missing_cells(values, column, found) if is_new else ())


def _refuse_infinite(values: NDArray[np.float64], name: str) -> None:
    row = int(np.isinf(values).argmax())
    raise ColumnError(
        f"Column {name!r} holds {float(values[row])!r} in row {row}, and a network "
        "takes finite numbers only. Correct the cell, or empty it."
    )


def _extra_columns(
    schema: Schema, table: Table, known: Collection[str]
) -> tuple[str, ...]:
    familiar = {column.name for column in schema.columns} | set(known)
    extra = [name for name in table.columns if name not in familiar]
    if not extra:
        return ()
    s = "s" if len(extra) > 1 else ""
    return (f"{len(extra)} column{s} that the model does not use: {listed(extra)}.",)
