"""What look says of a table that would be trained on: the doubts, as train has them."""

from collections.abc import Sequence
from typing import Any

from layerwise.cli.render import note
from layerwise.errors import TargetError
from layerwise.table import Reading, Table, Target, split, target_column
from layerwise.table.doubts.search import find_doubts

__all__ = ["doubts_plain"]

VALID_FRACTION, SEED = 0.2, 0
"""The split of a train without options."""


def doubts_plain(
    table: Table, readings: Sequence[Reading], target: Target | None
) -> list[dict[str, Any]]:
    """Look for doubts with the split that train makes by default.

    A target that cannot be learned as it stands is said on standard error.

    Args:
        table: The rows.
        readings: What the input columns were read as.
        target: What is predicted; nothing is found without it.

    Returns:
        Code, columns and sentence of each doubt.

    Example:
        >>> from layerwise.table import read
        >>> doubts_plain(read({"x": [1, 2]}), (), None)
        []
    """
    if target is None:
        return []
    try:
        y = target.encode(target_column(table, target.name))
    except TargetError as error:
        note(str(error))
        return []
    labels = y if target.classes else None
    rows = split(table.n_rows, VALID_FRACTION, SEED, labels=labels)
    found = find_doubts(table, readings, target, y, *rows)
    return [
        {
            "code": doubt.code,
            "columns": list(doubt.columns),
            "sentence": doubt.sentence,
            "evidence": dict(doubt.evidence),
        }
        for doubt in found
    ]
