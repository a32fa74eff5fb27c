"""Every error that layerwise raises on purpose, and nothing else.

An error says what was wrong, where, what was found and what to do. The same
sentence reaches a Python user as an exception and a terminal user as one line.

    LayerwiseError
    ├── TableError
    │   ├── ReadError           a source that cannot be read as a table
    │   ├── ColumnError         a column or a cell that does not fit
    │   ├── SchemaError         a table that lacks columns of the model
    │   └── TargetError         a target that cannot be learned
    ├── ShapeError              arrays whose shapes do not fit a layer
    ├── ParameterError          a setting outside its range
    ├── TrainingError
    │   └── DivergedError       a cost or a prediction that is not finite
    ├── BundleError             a model file that cannot be trusted or read
    └── MissingPackageError     an optional package that is not installed
"""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "BundleError",
    "ColumnError",
    "DivergedError",
    "LayerwiseError",
    "LayerwiseWarning",
    "MissingPackageError",
    "ParameterError",
    "ReadError",
    "SchemaError",
    "ShapeError",
    "TableError",
    "TargetError",
    "TrainingError",
    "did_you_mean",
    "listed",
    "nearest",
]

MOST_SENTENCES = 5


class LayerwiseError(Exception):
    """Any error that layerwise raises on purpose."""


class TableError(LayerwiseError):
    """Something about the user's table."""


class ReadError(TableError, ValueError):
    """A source that cannot be read as a table."""


class ColumnError(TableError, ValueError):
    """A column or a cell that does not fit what is asked of it."""


class SchemaError(TableError, ValueError):
    """A table that does not fit the columns a model was trained on."""


class TargetError(TableError, ValueError):
    """A target column that cannot be learned as it stands."""


class ShapeError(LayerwiseError, ValueError):
    """Arrays whose shapes do not fit the layer they are given to."""


class ParameterError(LayerwiseError, ValueError):
    """A setting outside its range, or one that does not fit the others."""


class TrainingError(LayerwiseError, RuntimeError):
    """A training that could not go on."""


class DivergedError(TrainingError, ArithmeticError):
    """A cost or a prediction that became nan or infinite and stayed so."""


class BundleError(LayerwiseError, ValueError):
    """A model file that is damaged, foreign or of another version."""


class MissingPackageError(LayerwiseError, ImportError):
    """An optional package that is not installed."""


class LayerwiseWarning(UserWarning):
    """What the user should know, though the work goes on: one sentence or several.

    Example:
        >>> str(LayerwiseWarning("Column 'a' is empty.", "Column 'b' is empty."))
        "Column 'a' is empty. Column 'b' is empty."
    """

    @property
    def sentences(self) -> tuple[str, ...]:
        """All sentences."""
        return self.args

    def __str__(self) -> str:
        """Return the first few sentences and the number of the rest."""
        shown, more = self.args[:MOST_SENTENCES], len(self.args) - MOST_SENTENCES
        rest = (f"And {more} more like these.",) if more > 0 else ()
        return " ".join((*map(str, shown), *rest))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Offer the closest known word, as the end of an error message.

    Args:
        word: What the user wrote.
        known: What could have been meant.

    Returns:
        ``" Did you mean 'price'?"``, or an empty text when nothing is close.

    Example:
        >>> did_you_mean("prise", ["price", "size"])
        " Did you mean 'price'?"
    """
    close = nearest(word, known)
    return "" if close is None else f" Did you mean {close!r}?"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the closest known word, or None when nothing is close.

    Example:
        >>> nearest("prise", ["price", "size"])
        'price'
    """
    by_lower = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def listed(items: Iterable[object], most: int = 5) -> str:
    """Write a few items out and count the rest.

    Example:
        >>> listed(["a", "b", "c"], most=2)
        "'a', 'b' and 1 more"
    """
    items = list(items)
    shown = ", ".join(repr(item) for item in items[:most])
    more = len(items) - most
    return f"{shown} and {more} more" if more > 0 else shown
