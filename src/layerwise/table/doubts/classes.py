"""Which classes have too few rows to be learned, or to be measured."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwise.errors import listed
from layerwise.table.doubts.doubt import Doubt
from layerwise.table.reading import count
from layerwise.table.target import Target

__all__ = ["class_doubts", "lacking_classes"]

Rows = NDArray[np.int64]
FEW_OF_A_CLASS = 10
# A table of a dozen rows has few of everything.
MANY_ROWS = 100


def lacking_classes(
    target: Target, y: NDArray[Any], train: Rows, valid: Rows
) -> tuple[Doubt, ...]:
    """Find the classes that the training rows, or the rows held out, do not show.

    Example:
        >>> target = Target("y", "binary", ("no", "yes"))
        >>> rows = np.arange(3)
        >>> [doubt] = lacking_classes(target, np.zeros(3, int), rows, rows[:0])
        >>> doubt.sentence
        "The training rows lack the class 'yes', so it cannot be learned."
    """
    if not target.classes:
        return ()
    found: list[Doubt] = []
    for rows, whose, so in (
        (train, "training rows", "it cannot be learned"),
        (valid, "rows held out", "nothing measures how well it is learned"),
    ):
        sizes = np.bincount(y[rows], minlength=len(target.classes))
        lacking = [target.classes[k] for k in np.flatnonzero(sizes == 0)]
        if lacking and len(rows):
            word = "class" if len(lacking) == 1 else "classes"
            sentence = f"The {whose} lack the {word} {listed(lacking)}, so {so}."
            numbers = (("classes", len(lacking)),)
            found.append(_doubt(target, sentence, numbers))
    return tuple(found)


def class_doubts(
    target: Target, y: NDArray[Any], train: Rows, valid: Rows
) -> tuple[Doubt, ...]:
    """Find the classes that lack rows, and those that have fewer than ten.

    Example:
        >>> target = Target("y", "binary", ("no", "yes"))
        >>> y = np.repeat([0, 1], [100, 5])
        >>> [doubt] = class_doubts(target, y, np.arange(104), np.array([0, 104]))
        >>> doubt.sentence
        "The class 'yes' of 'y' has 4 training rows, too few to learn well. Add rows \
of it, or leave it out."
    """
    lacking = lacking_classes(target, y, train, valid)
    if not target.classes or len(train) < MANY_ROWS:
        return lacking
    k = len(target.classes)
    sizes = np.bincount(y[train], minlength=k)
    is_few = (sizes > 0) & (sizes < FEW_OF_A_CLASS)
    if len(valid):  # a class that is not held out is told already
        is_few &= np.bincount(y[valid], minlength=k) > 0
    few = np.flatnonzero(is_few)
    if not len(few):
        return lacking
    most = int(sizes[few].max())
    names = listed(target.classes[i] for i in few)
    if len(few) == 1:
        who, it = f"The class {names} of {target.name!r} has", "it"
    else:
        who, it = f"The classes {names} of {target.name!r} have at most", "them"
    sentence = (
        f"{who} {count(most, 'training row')}, too few to learn well. Add rows of "
        f"{it}, or leave {it} out."
    )
    numbers = (("classes", len(few)), ("rows", most))
    return (*lacking, _doubt(target, sentence, numbers))


def _doubt(
    target: Target, sentence: str, numbers: tuple[tuple[str, float], ...]
) -> Doubt:
    return Doubt("few rows in a class", (target.name,), sentence, numbers)
