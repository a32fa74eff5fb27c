"""Arrow files and streams become a frame.

    a file      ARROW1: .arrow, .feather, .ipc
    a stream    the same batches one after the other, without an index

The bytes are taken whole and never mapped: a mapped file is believed without
being checked, and a damaged one would crash whoever looks at its cells later.
"""

import polars as pl

from layerwise.errors import ReadError
from layerwise.table.sources.limits import n_bytes, size_text

__all__ = ["read_arrow"]


def read_arrow(raw: bytes, is_stream: bool, most_bytes: int) -> pl.DataFrame:
    """Read an Arrow file.

    Args:
        raw: The whole file.
        is_stream: Whether it is a stream of batches.
        most_bytes: What it may decode to.

    Raises:
        ReadError: When it is damaged, empty or too large.

    Example:
        >>> import io
        >>> file = io.BytesIO()
        >>> pl.DataFrame({"a": [1, 2]}).write_ipc(file)
        >>> read_arrow(file.getvalue(), False, 100).rows()
        [(1,), (2,)]
    """
    try:
        frame = pl.read_ipc_stream(raw) if is_stream else pl.read_ipc(raw)
    except (
        *(pl.exceptions.PolarsError, pl.exceptions.PanicException),
        *(OSError, ValueError),
    ) as error:
        first_line = str(error).partition("\n")[0]
        raise ReadError(f"it is a damaged Arrow file ({first_line}).") from error
    if not frame.width:
        raise ReadError("it has no columns.")
    if not frame.height:
        raise ReadError("it has columns but no rows.")
    if n_bytes(frame) > most_bytes:
        raise ReadError(
            f"it decodes to {size_text(n_bytes(frame))}; the limit is "
            f"{size_text(most_bytes)}. Pass a larger most_bytes."
        )
    return frame
