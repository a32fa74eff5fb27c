"""What scikit-learn calls X, as a table, by scikit-learn's rules.

    a data frame    each column is read as its cells ask: numbers, categories, dates
    an array        of numbers: numbers, never an identifier or a category
                    of other things: column by column, as in a data frame

scikit-learn's rules are stricter than a model's: columns have the names and
the order that they had in ``fit``, and a table is never sparse.
"""

from typing import Any, cast

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

from layerwise.errors import ColumnError
from layerwise.model import Model
from layerwise.table import Encoded, Table
from layerwise.table.sources.frames import from_array, from_frame

__all__ = ["encoded_of", "table_of"]


def table_of(estimator: BaseEstimator, X: Any, fresh: bool, least: int = 1) -> Table:
    """Take X as a table whose columns have the names that the model knows.

    Args:
        estimator: Whose ``n_features_in_`` and ``feature_names_in_`` are set, or
            compared with X.
        X: A data frame, or anything that makes a matrix.
        fresh: Whether X is what is learned from, so that the two are set.
        least: The least number of rows.

    Returns:
        The table. Where X has no names, its columns are x0, x1 and so on.

    Raises:
        ValueError: In scikit-learn's words, when X is no table, is sparse or
            empty, or does not fit what was learned from.
        TableError: When a cell is infinite, or two columns share a name.
    """
    if nw.dependencies.is_into_dataframe(X):
        frame = cast(pl.DataFrame, from_frame(X))
        validate_data(estimator, X, reset=fresh, skip_check_array=True)
        _refuse_too_small(estimator, frame, least)
    else:
        cells = _as_numbers(_matrix_of(estimator, X, fresh, least))
        frame = from_array(cells)
    given = getattr(estimator, "feature_names_in_", None)
    names = [f"x{j}" for j in range(frame.width)] if given is None else list(given)
    frame.columns = names
    _refuse_infinite(frame)
    return Table(frame, "X")


def encoded_of(estimator: BaseEstimator, X: Any, model: Model) -> Encoded:
    """Take X as typed columns, as the model learned them.

    A matrix of floats is taken as it is, without a table in between.

    Args:
        estimator: Whose ``n_features_in_`` and ``feature_names_in_`` X must fit.
        X: A data frame, or anything that makes a matrix.
        model: What the estimator learned.

    Raises:
        ValueError: As for ``table_of``.
    """
    if isinstance(X, np.ndarray) and X.dtype.kind == "f":
        cells = _matrix_of(estimator, X, fresh=False, least=1)
        encoded = model.schema.encode_matrix(cells)
        if encoded is not None:
            return encoded
    return model.encode(table_of(estimator, X, fresh=False))


def _matrix_of(
    estimator: BaseEstimator, X: Any, fresh: bool, least: int
) -> NDArray[Any]:
    """Take X as a matrix, or refuse it in scikit-learn's words."""
    cells: NDArray[Any] = validate_data(
        estimator,
        X,
        reset=fresh,
        dtype=None,
        ensure_all_finite=False,
        ensure_min_samples=least,
    )
    return cells


def _as_numbers(cells: NDArray[Any]) -> NDArray[Any]:
    """Return float64 where every cell is a number, else the cells as they are."""
    if cells.dtype.kind in "biuf":
        return cells.astype(np.float64, copy=False)
    if cells.dtype.kind == "S":
        return cells.astype(str)
    if cells.dtype.kind != "O":
        return cells
    try:
        return cells.astype(np.float64)
    except ValueError:  # words
        return cells
    except TypeError:  # dates, pandas.NA, or what is no cell at all
        _refuse_containers(cells)
        return cells


def _refuse_containers(cells: NDArray[Any]) -> None:
    for (row, j), cell in np.ndenumerate(cells):
        if hasattr(cell, "__len__") and not isinstance(cell, str | bytes):
            raise TypeError(
                f"X holds {cell!r} in row {row}, column {j}. A cell of the argument "
                f"must be a string or a real number, not {type(cell).__name__!r}."
            )


def _refuse_too_small(estimator: Any, frame: pl.DataFrame, least: int) -> None:
    """Refuse an empty data frame in the words of scikit-learn's check_array."""
    for n, least_n, what in (
        (frame.width, 1, "feature"),
        (frame.height, least, "sample"),
    ):
        if n < least_n:
            raise ValueError(
                f"Found array with {n} {what}(s) (shape={frame.shape}) while a minimum "
                f"of {least_n} is required by {type(estimator).__name__}."
            )


def _refuse_infinite(frame: pl.DataFrame) -> None:
    for cells in frame:
        if cells.dtype.is_float() and (infinite := cells.is_infinite()).any():
            row = int(infinite.arg_true()[0])
            raise ColumnError(
                f"Column {cells.name!r} of X holds {cells[row]} in row {row}, and a "
                "network takes finite numbers only. Correct the cell, or make it nan, "
                "which counts as missing."
            )
