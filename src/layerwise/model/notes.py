"""What a user should hear about their table, though the work goes on.

Nothing is left out, repaired or counted as missing without a word: in Python
as one ``LayerwiseWarning`` a call, in the terminal as lines on standard error.
"""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwise.errors import LayerwiseWarning, listed
from layerwise.table import Reading, Schema, Target
from layerwise.table.doubts.classes import lacking_classes
from layerwise.table.reading import told_together

__all__ = ["class_notes", "column_notes", "warn"]


def column_notes(readings: Sequence[Reading], schema: Schema) -> tuple[str, ...]:
    """Say what reading found, and which columns were left out.

    Args:
        readings: What each column was read as.
        schema: What training made of them.

    Returns:
        A sentence each; the columns left out share one.
    """
    telling = [r for r in readings if r.is_used or r.kind == "date"]
    said = told_together(telling)
    open_dates = {reading.name for reading in telling if not reading.is_used}
    by_kind: dict[str, list[str]] = {}
    for column in schema.columns:
        if column.encoding == "left out" and column.name not in open_dates:
            by_kind.setdefault(column.kind, []).append(column.name)
    if by_kind:
        n = sum(map(len, by_kind.values()))
        columns = "1 column is" if n == 1 else f"{n:,} columns are"
        kinds = "; ".join(f"{kind} {listed(names)}" for kind, names in by_kind.items())
        said.append(f"{columns} left out: {kinds}.")
    return tuple(said)


def class_notes(
    target: Target,
    y: NDArray[Any],
    train: NDArray[np.int64],
    valid: NDArray[np.int64],
) -> tuple[str, ...]:
    """Say which classes the training rows, or the rows held out, do not show."""
    return tuple(doubt.sentence for doubt in lacking_classes(target, y, train, valid))


def warn(sentences: Sequence[str], stacklevel: int = 3) -> None:
    """Warn once, with all sentences, if there are any."""
    if sentences:
        warnings.warn(LayerwiseWarning(*sentences), stacklevel=stacklevel)
