"""Parquet files become one frame; what they claim is checked before it is read.

A file of 18 kB may hold a billion rows of one value, so the number of cells is
taken from its description first. The files of a folder are one table when they
have the same columns; the first one gives their order.
"""

from collections.abc import Sequence
from pathlib import PurePath

import polars as pl

from layerwise.errors import ReadError, listed
from layerwise.table.sources.limits import MOST_COLUMNS, VIEW_BYTES, n_bytes, size_text
from layerwise.table.sources.request import Parsed, Request, checked

__all__ = ["parse_parquet", "read_parquet"]

MOST_SHOWN = 200
Source = str | bytes


def parse_parquet(request: Request) -> Parsed:
    """Read the Parquet files that a request names.

    Raises:
        ReadError: When they cannot be read as one table, or are too large.
    """
    return checked(read_parquet(request.sources, request.most_bytes))


def read_parquet(sources: Sequence[Source], most_bytes: int) -> pl.DataFrame:
    """Read Parquet files as one table.

    Args:
        sources: Paths, or the bytes of a file.
        most_bytes: What all of them may decode to.

    Raises:
        ReadError: When one is damaged or too large, or the columns differ.

    Example:
        >>> import io
        >>> file = io.BytesIO()
        >>> pl.DataFrame({"a": [1, 2]}).write_parquet(file)
        >>> read_parquet([file.getvalue()], 100).rows()
        [(1,), (2,)]
    """
    frames: list[pl.DataFrame] = []
    left = most_bytes
    for source in sources:
        try:
            frame = _read_one(source, left)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            # A damaged file makes Polars panic, which is no ordinary exception.
            first_line = str(error).partition("\n")[0][:MOST_SHOWN]
            reason = (
                f"it is a damaged Parquet file, or of a kind not known here "
                f"({first_line})."
            )
            raise ReadError(_placed(reason, source, sources)) from error
        except ReadError as error:
            raise ReadError(_placed(str(error), source, sources)) from error
        left -= n_bytes(frame)
        if frames and set(frame.columns) != set(frames[0].columns):
            raise ReadError(_differing(frames[0], frame, source, sources[0]))
        frames.append(frame.select(frames[0].columns) if frames else frame)
    if not sum(frame.height for frame in frames):
        raise ReadError("it has columns but no rows.")
    return frames[0] if len(frames) == 1 else _joined(frames)


def _read_one(source: Source, most_bytes: int) -> pl.DataFrame:
    schema = pl.read_parquet_schema(source)
    if not schema:
        raise ReadError("it has no columns.")
    if len(schema) > MOST_COLUMNS:
        raise ReadError(
            f"it has {len(schema):,} columns. A table may have {MOST_COLUMNS:,}."
        )
    lazy = pl.scan_parquet(source, glob=False, hive_partitioning=False)
    n_rows = lazy.select(pl.len()).collect().item()
    claimed = n_rows * sum(_least_bits(dtype) for dtype in schema.values()) // 8
    if claimed > most_bytes:
        raise ReadError(
            f"it holds {n_rows:,} rows of {len(schema):,} columns, which take at "
            f"least {size_text(claimed)}; the limit is {size_text(most_bytes)}. "
            "Pass a larger most_bytes."
        )
    frame = lazy.collect()
    if frame.height != n_rows:
        # Seen in Polars 2.1 with repeated fields of an old kind: rows were lost.
        raise ReadError(
            f"it says that it holds {n_rows:,} rows, but {frame.height:,} can be read."
        )
    return frame


def _least_bits(dtype: pl.DataType) -> int:
    """Return how many bits a cell takes, whatever it holds."""
    if dtype in (pl.String, pl.Binary):
        return 8 * VIEW_BYTES
    if dtype == pl.Boolean:
        return 1
    if dtype in (pl.Int8, pl.UInt8):
        return 8
    if dtype in (pl.Int16, pl.UInt16):
        return 16
    is_short = dtype in (pl.Int32, pl.UInt32, pl.Float32, pl.Date, pl.Categorical)
    return 32 if is_short or dtype.is_nested() else 64


def _joined(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Put frames under each other; columns of differing types become text."""
    mixed = []
    for name in frames[0].columns:
        dtypes = {frame.schema[name] for frame in frames} - {pl.Null()}
        if len(dtypes) > 1 and not all(dtype.is_numeric() for dtype in dtypes):
            mixed.append(name)
    texts = [frame.with_columns(pl.col(mixed).cast(pl.String)) for frame in frames]
    return pl.concat(texts, how="vertical_relaxed")


def _differing(
    first: pl.DataFrame, other: pl.DataFrame, source: Source, first_source: Source
) -> str:
    known, found = set(first.columns), set(other.columns)
    lacks = [name for name in first.columns if name not in found]
    more = [name for name in other.columns if name not in known]
    parts = [
        f"{what} {listed(names)}"
        for what, names in (("lacks", lacks), ("also has", more))
        if names
    ]
    return (
        f"its files have different columns: {_name(source)} {' and '.join(parts)}, "
        f"against {_name(first_source)}. Read files of the same columns."
    )


def _placed(reason: str, source: Source, sources: Sequence[Source]) -> str:
    """Say in which of several files it was."""
    return reason if len(sources) == 1 else f"in {_name(source)}: {reason}"


def _name(source: Source) -> str:
    return repr(PurePath(source).name) if isinstance(source, str) else "the file"
