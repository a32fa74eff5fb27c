"""How much a source may ask for, before it is refused.

A foreign file may claim anything: more cells than the machine has bytes, a
name of a gigabyte. These limits are far above any honest table.

    columns      100,000
    a cell       16 MiB of text or bytes
    rows         1,000,000,000
    decoded      4 GiB, and 1,000 times the file's own size
    memory       3 times what may be decoded (40 times a text), and 512 MiB
    time         5 seconds, and 4 more for each MiB; 10 minutes for a query

Most tables pack 3 to 50 times smaller than they are. A file that grows more
than a thousand times is either no table or one long constant.
"""

from dataclasses import dataclass

import polars as pl

from layerwise.errors import ReadError

__all__ = [
    "LARGEST_CELL",
    "MOST_BYTES",
    "MOST_COLUMNS",
    "VIEW_BYTES",
    "Limits",
    "limits_of",
    "n_bytes",
    "refuse_large",
    "size_text",
]

MOST_BYTES = 4 * 2**30
MOST_COLUMNS = 100_000
MOST_ROWS = 1_000_000_000
LARGEST_CELL = 2**24
MOST_GROWTH = 1000
# What even the smallest file may grow to.
LEAST_BYTES = 2**27
FIXED_MEMORY = 2**29
# A cell of one byte takes 16 in a frame, and JSON 30 times its text for a while.
TEXT_MEMORY = 40
SECONDS, SECONDS_PER_MIB, QUERY_SECONDS = 5.0, 4.0, 600.0
# Polars keeps a text in a view of this size, beside what is longer than 12 bytes.
VIEW_BYTES = 16


@dataclass(frozen=True)
class Limits:
    """What reading one source may take.

    Attributes:
        most_bytes: The size of the decoded table.
        memory_bytes: What the child may allocate beyond its own start.
        seconds: How long reading may take.
    """

    most_bytes: int
    memory_bytes: int
    seconds: float


def limits_of(
    size_bytes: int | None,
    most_bytes: int | None = None,
    most_seconds: float | None = None,
    is_text: bool = False,
) -> Limits:
    """Work out the limits for a source of a size.

    Args:
        size_bytes: The size of the file; None for a query.
        most_bytes: What the user allows, taken as it is.
        most_seconds: The same for time.
        is_text: Whether the file is text as it stands: it decodes to itself, and
            takes memory by its own size.

    Example:
        >>> limits_of(18_000).most_bytes // 2**20
        128
        >>> limits_of(2**30).most_bytes // 2**20
        4096
    """
    memory = None
    if most_bytes is None and size_bytes is not None and is_text:
        most_bytes = MOST_BYTES
        memory = min(3 * most_bytes, TEXT_MEMORY * size_bytes)
    if most_bytes is None:
        growth = MOST_BYTES if size_bytes is None else MOST_GROWTH * size_bytes
        most_bytes = min(MOST_BYTES, max(LEAST_BYTES, growth))
    if most_seconds is None:
        most_seconds = QUERY_SECONDS
        if size_bytes is not None:
            most_seconds = SECONDS + SECONDS_PER_MIB * size_bytes / 2**20
    memory = 3 * most_bytes if memory is None else memory
    return Limits(most_bytes, memory + FIXED_MEMORY, most_seconds)


def n_bytes(frame: pl.DataFrame) -> int:
    """Return how many bytes the cells of a frame take.

    Example:
        >>> n_bytes(pl.DataFrame({"a": [1, 2]}))
        16
    """
    views = sum(dtype in (pl.String, pl.Binary) for dtype in frame.dtypes)
    return int(frame.estimated_size()) + VIEW_BYTES * views * frame.height


def refuse_large(frame: pl.DataFrame) -> None:
    """Refuse more columns, more rows or a longer cell than a table has.

    Raises:
        ReadError: With what is too large.

    Example:
        >>> refuse_large(pl.DataFrame({"a": ["x" * 2**25]}))
        Traceback (most recent call last):
        ...
        layerwise.errors.ReadError: row 0 holds 32 MiB in column 'a'. A cell may \
hold 16 MiB.
    """
    if frame.width > MOST_COLUMNS:
        raise ReadError(
            f"it has {frame.width:,} columns. A table may have {MOST_COLUMNS:,}."
        )
    if frame.height > MOST_ROWS:
        raise ReadError(
            f"it has {frame.height:,} rows. A table may have {MOST_ROWS:,}."
        )
    if frame.estimated_size() <= LARGEST_CELL:
        return
    for series in frame.iter_columns():
        if series.dtype == pl.String:
            sizes = series.str.len_bytes()
        elif series.dtype == pl.Binary:
            sizes = series.bin.size()
        else:
            continue
        row = sizes.arg_max()
        if row is not None and sizes[row] > LARGEST_CELL:
            raise ReadError(
                f"row {row:,} holds {size_text(sizes[row])} in column "
                f"{series.name[:50]!r}. A cell may hold {size_text(LARGEST_CELL)}."
            )


def size_text(size_bytes: int) -> str:
    """Write a size as people do.

    Example:
        >>> size_text(512), size_text(18_432), size_text(2**28), size_text(2**32)
        ('512 bytes', '18 KiB', '256 MiB', '4 GiB')
    """
    amount, unit = float(size_bytes), "bytes"
    for larger in ("KiB", "MiB", "GiB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.3g} {unit}" if amount < 1000 else f"{amount:,.0f} {unit}"
