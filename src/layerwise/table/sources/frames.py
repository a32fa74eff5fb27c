"""Data frames, arrays and dicts become one kind of frame: Polars.

Nothing is guessed and nothing is turned into text: a float column stays the
floats it was. Narwhals knows the frames; Polars takes the columns.
"""

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.errors import ReadError
from layerwise.table.sources.cells import from_cells, plain_missing

__all__ = ["from_array", "from_columns", "from_frame"]


def from_array(array: NDArray[Any]) -> pl.DataFrame:
    """Take a matrix, one row an example; its columns are x0, x1 and so on.

    Example:
        >>> from_array(np.zeros((2, 3))).columns
        ['x0', 'x1', 'x2']
    """
    if array.ndim != 2:
        raise ReadError(
            f"An array must have 2 dimensions, rows and columns. "
            f"This one has shape {array.shape}."
        )
    if array.dtype.kind == "c":
        raise ReadError("An array of complex numbers is no table.")
    return pl.DataFrame([_series(f"x{j}", array[:, j]) for j in range(array.shape[1])])


def from_columns(columns: Mapping[Any, Any]) -> pl.DataFrame:
    """Take a dict of columns of equal length.

    Example:
        >>> from_columns({"a": [1, 2], "b": ["x", None]}).shape
        (2, 2)
    """
    for name, cells in columns.items():
        if isinstance(cells, str) or not hasattr(cells, "__len__"):
            raise ReadError(
                f"Each column of a dict is a list or an array of cells. {name!r} is "
                f"{cells!r}."
            )
    series = [_series(str(name), cells) for name, cells in columns.items()]
    if len({one.name for one in series}) < len(series):
        raise ReadError("The dict has two columns of one name, such as 1 and '1'.")
    lengths = {one.name: len(one) for one in series}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name!r} has {n}" for name, n in list(lengths.items())[:5])
        raise ReadError(f"The columns differ in their numbers of rows: {found}.")
    return pl.DataFrame(series)


def from_frame(native: Any) -> pl.DataFrame | None:
    """Take a data frame of any library that narwhals knows.

    Args:
        native: A data frame of pandas, Polars, PyArrow, Modin or cuDF, or a
            record batch of Arrow.

    Returns:
        The same columns in Polars, or None for anything else.

    Example:
        >>> from_frame(pl.DataFrame({"a": [1]})).columns
        ['a']
        >>> from_frame("not a frame") is None
        True
    """
    if isinstance(native, pl.LazyFrame):
        try:
            return native.collect()
        except (OSError, pl.exceptions.PolarsError) as error:
            raise ReadError(f"The lazy frame cannot be computed: {error}") from error
    if isinstance(native, pl.DataFrame):
        return native.clone()  # its columns may be renamed
    if hasattr(native, "schema") and hasattr(native, "__arrow_c_array__"):
        return pl.DataFrame(native)  # a record batch of Arrow
    try:
        frame = nw.from_native(native, eager_only=True)
        names = [str(name) for name in frame.columns]
    except TypeError:
        return None
    except nw.exceptions.DuplicateError as error:
        raise ReadError("The data frame has two columns of one name.") from error
    if frame.implementation.is_pyarrow():
        arrow: pl.DataFrame = frame.to_polars()
        return arrow
    if len(set(names)) < len(names):
        raise ReadError(
            "The data frame has two columns of one name, such as 1 and '1'."
        )
    # Column by column through numpy, so that pandas needs no PyArrow.
    columns = [frame[:, j] for j in range(len(names))]
    pairs = zip(names, columns, strict=True)
    return pl.DataFrame([_series(name, _cells(column)) for name, column in pairs])


def _cells(column: "nw.Series[Any]") -> Any:
    """The cells as an array of numbers or moments, else as a list."""
    dtype = column.dtype
    if dtype == nw.Categorical or dtype == nw.Enum:
        texts = plain_missing(column.cast(nw.String).to_list())
        return pl.Series(texts, dtype=pl.String).cast(pl.Categorical)
    is_dense = dtype.is_numeric() and not column.null_count()
    is_moment = isinstance(dtype, nw.Datetime) and dtype.time_zone is None
    if dtype.is_float() or is_dense or is_moment or dtype == nw.Duration:
        return column.to_numpy()
    return column.to_list()


def _series(name: str, cells: Any) -> pl.Series:
    """One Polars column; cells of mixed types become text."""
    if isinstance(cells, pl.Series):
        return cells.alias(name)
    if isinstance(cells, np.ma.MaskedArray):
        return pl.Series(name, cells.tolist())  # None where masked
    if isinstance(cells, np.ndarray) and cells.dtype != object:
        return pl.Series(name, np.ascontiguousarray(_in_known_unit(cells)))
    return from_cells(name, list(cells))


def _in_known_unit(cells: NDArray[Any]) -> NDArray[Any]:
    """Moments in seconds or minutes become microseconds: Polars knows no others."""
    if cells.dtype.kind not in "mM" or cells.dtype == "M8[D]":
        return cells
    if np.datetime_data(cells.dtype)[0] in ("ms", "us", "ns"):
        return cells
    return cells.astype(f"{cells.dtype.kind}8[us]")
