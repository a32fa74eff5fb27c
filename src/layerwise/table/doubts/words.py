"""Which word of a text tells a class: "Loan rejected" gives the answer away.

Words are counted in training rows. A word is telling where several rows hold it
and nearly all of them are of one class. Each text is then known by its most
telling word, or by having none.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["telling_words"]

LONGEST_TEXT = 400
MOST_WORDS = 1_000
MOST_COUNTS = 4_000_000
ROWS_PER_WORD = 4
# How much of the way from a class's usual share to all rows a word has to lead.
TELLING = 0.8


def telling_words(
    texts: pl.Series,
    y: NDArray[Any],
    n_classes: int,
    trains: Iterable[NDArray[np.intp]],
) -> list[NDArray[np.intp]]:
    """Group texts by the word that tells most about the class.

    Args:
        texts: A text or null for each row.
        y: The class of each row.
        n_classes: How many classes there are.
        trains: Positions of training rows, once for each fold.

    Returns:
        For each fold the group of each row; 0 where no word is telling.

    Example:
        >>> texts = pl.Series(["it was good", "good", "bad", "so bad"] * 9)
        >>> y = np.array([1, 1, 0, 0] * 9)
        >>> (groups,) = telling_words(texts, y, 2, [np.arange(36)])
        >>> len(set(groups[y == 1]) & set(groups[y == 0]))
        0
    """
    rows, words = _words(texts, max(1, min(MOST_WORDS, MOST_COUNTS // n_classes)))
    n_words = int(words.max(initial=-1)) + 1
    found = []
    for train in trains:
        in_train = np.zeros(len(y), bool)
        in_train[train] = True
        seen = in_train[rows]
        pairs = words[seen] * n_classes + y[rows[seen]]
        counts = np.bincount(pairs, minlength=n_words * n_classes)
        tells = _telling(counts.reshape(n_words, n_classes), y[train])
        groups = np.zeros(len(y), np.intp)
        kept = np.flatnonzero(tells[words] >= TELLING)
        kept = kept[np.lexsort((words[kept], tells[words[kept]]))]
        groups[rows[kept]] = words[kept] + 1  # the most telling word stays
        found.append(groups)
    return found


def _words(texts: pl.Series, most: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The rows and ids of the most frequent words, each once for a row."""
    found = (
        texts.str.slice(0, LONGEST_TEXT).str.to_lowercase().str.extract_all(r"[\pL\d]+")
    )
    pairs = (
        pl.DataFrame({"row": np.arange(len(texts)), "word": found})
        .explode("word")
        .drop_nulls()
        .unique()
    )
    counts = pairs.group_by("word").len("n").filter(pl.col("n") >= ROWS_PER_WORD)
    counts = counts.sort("n", "word", descending=[True, False]).head(most)
    ids = counts.select("word").with_row_index("id")
    pairs = pairs.join(ids, on="word")
    return pairs["row"].to_numpy().astype(np.intp), pairs["id"].to_numpy().astype(
        np.intp
    )


def _telling(counts: NDArray[np.intp], y: NDArray[Any]) -> NDArray[np.float64]:
    """How far each word leads from the usual shares of classes to one of them."""
    usual = np.bincount(y, minlength=counts.shape[1]) / len(y)
    # Two rows of the usual shares are added, so that a few do not prove much.
    shares = (counts + 2 * usual) / (counts.sum(axis=1, keepdims=True) + 2)
    room = np.where(usual < 1, 1 - usual, 1.0)
    return np.asarray(((shares - usual) / room).max(axis=1, initial=-1.0))
