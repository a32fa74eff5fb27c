"""What a target asks for, in the words of the product: no name of a task."""

from layerwise.errors import listed
from layerwise.table import Target

__all__ = ["asked_for"]


def asked_for(target: Target) -> str:
    """Say what is predicted.

    Example:
        >>> asked_for(Target("age", "regression"))
        'a number'
        >>> asked_for(Target("loan", "binary", ("no", "yes")))
        "'no' or 'yes'"
        >>> asked_for(Target("kind", "multiclass", ("iris", "lily", "rose")))
        "one of 3 classes: 'iris', 'lily', 'rose'"
    """
    if target.task == "regression":
        return "a number"
    if target.task == "binary":
        return " or ".join(map(repr, target.classes))
    return f"one of {len(target.classes):,} classes: {listed(target.classes)}"
