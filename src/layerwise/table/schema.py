"""What training learned about the columns, so that new tables read the same.

    look    every column of a table gets a kind         (the whole table decides)
    learn   vocabularies and missing cells              (training rows only)
    encode  a table becomes numbers and ids             (by column name)

A `Schema` travels with the model as plain JSON.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwise.errors import (
    ColumnError,
    ParameterError,
    SchemaError,
    did_you_mean,
    listed,
)
from layerwise.table.column import Column
from layerwise.table.dates import DATE_ORDERS, DateOrder
from layerwise.table.encode import Encoded, category_ids, column_numbers
from layerwise.table.kinds import infer
from layerwise.table.learn import learn_column
from layerwise.table.read import Table
from layerwise.table.reading import Reading

__all__ = ["Schema", "learn", "look"]

MOST_COLUMNS = 100_000


@dataclass(frozen=True)
class Schema:
    """How the columns of a table become the input of a network.

    Attributes:
        columns: Every column that was looked at, in the table's order.

    The numbers of all columns come in table order, a date giving several;
    so do the ids of all categories. Units are named in the order of the input
    layer: numbers, then the flags of missing numbers, then categories.
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
    def number_columns(self) -> tuple[str, ...]:
        """The column that each number comes from."""
        return tuple(c.name for c in self.columns for _ in c.numbers)

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
    def category_names(self) -> tuple[str, ...]:
        """The name of each column of ids."""
        return tuple(column.name for column in self.categories)

    @property
    def category_sizes(self) -> tuple[int, ...]:
        """The largest id of each category; ids run from 0 (not known) to it."""
        return tuple(column.n_ids for column in self.categories)

    @property
    def unit_names(self) -> tuple[str, ...]:
        """The name of each unit: numbers, flags, then categories."""
        flags = [name for column in self.columns for name in column.flag]
        categories = [name for column in self.categories for name in column.units]
        return _told_apart([*self.number_names, *flags, *categories])

    @property
    def n_units(self) -> int:
        """The width of the input layer."""
        return len(self.unit_names)

    def encode(self, table: Table, known: Collection[str] = ()) -> Encoded:
        """Turn a table into numbers and ids, matching columns by name.

        Args:
            table: Text or typed columns; both give the same codes.
            known: Further columns of the table that need no note, such as the
                target.

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
        n, frame = table.n_rows, table.frame
        numbers = np.empty((n, len(self.number_names)))
        categories = np.empty((n, len(self.categories)), np.int32)
        notes = _extra_columns(self, table, known)
        j = k = 0
        for column in self.used:
            if column.is_categorical:
                categories[:, k], found = category_ids(frame[column.name], column)
                k += 1
            else:
                values, found = column_numbers(frame[column.name], column)
                _refuse_infinite(values, column.name)
                width = len(column.numbers)
                numbers[:, j : j + width] = values.reshape(n, width)
                j += width
            notes += found
        return Encoded(numbers, categories, notes)

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
        is_other = any(c.encoding not in ("number", "left out") for c in self.columns)
        width = len(self.columns)
        if is_other or matrix.dtype.kind != "f" or matrix.shape[1:] != (width,):
            return None
        used = [j for j, c in enumerate(self.columns) if c.encoding == "number"]
        numbers = matrix if len(used) == width else matrix[:, used]
        with np.errstate(over="ignore", invalid="ignore"):
            is_finite = np.isfinite(numbers.sum())  # quick, and true of most
        if not is_finite and np.isinf(numbers).any():
            return None
        return Encoded(numbers, np.empty((len(matrix), 0), np.int32))


def look(
    table: Table,
    features: Sequence[str] | None = None,
    drop: Sequence[str] | None = None,
    dates: DateOrder | None = None,
) -> tuple[Reading, ...]:
    """Find out what every column means.

    Args:
        table: The table.
        features: Only these columns; all when None.
        drop: None of these columns.
        dates: The order of day and month where a column leaves it open.

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
    return tuple(
        infer(name, table.frame[name], dates)
        for name in table.columns
        if name in wanted
    )


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
        ('job=cook', 'job=clerk')
    """
    if weights is not None:
        rows = np.arange(table.n_rows) if rows is None else rows
        rows = rows[np.asarray(weights)[rows] > 0]
    columns = []
    for reading in readings:
        cells = table.frame[reading.name]
        taken = cells if rows is None else cells[rows]
        counts = None if weights is None else np.asarray(weights)[rows]
        columns.append(learn_column(reading, taken, one_hot_only, counts))
    return Schema(tuple(columns))


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
    close = did_you_mean(lacking[0], new)
    raise SchemaError(
        f"The table lacks {n} column{'s' if n > 1 else ''} that the model was trained "
        f"on: {listed(lacking)}. It has {listed(table.columns)}." + close
    )


def _refuse_infinite(values: NDArray[np.float64], name: str) -> None:
    infinite = np.isinf(values)
    if infinite.any():
        row = int(infinite.argmax())
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
