"""Whether a column says when its row happened: only then do later rows come later.

A date may be about the row itself (an order's date), or about something in it
(the day an employee was hired). Rows held out at random are unfair to the first
kind only. A column is taken for the time of its rows where

    - the rows of the table stand in its order (rank correlation 0.95), or
    - it is a date, and its name has words of time and of events only, as in date,
      order_date, created_at; date_first_hired is not such a name,

and it shows ten different times or more.
"""

import re

import numpy as np
from numpy.typing import NDArray

__all__ = ["follows_rows", "names_event", "spans_time"]

IN_ORDER = 0.95
FEWEST_TIMES = 10
TIME_WORDS = (
    "at date datetime day dt epoch hour month on period quarter time timestamp ts unix "
    "week when year"
)
EVENT_WORDS = (
    "booked booking call created event invoice issue issued local log logged measured "
    "measurement observation observed of order ordered pickup posted purchase "
    "purchased record recorded report reported sale sales sold the transaction trip "
    "utc visit"
)
_TIMES, _EVENTS = frozenset(TIME_WORDS.split()), frozenset(EVENT_WORDS.split())


def spans_time(numbers: NDArray[np.float64]) -> bool:
    """Tell whether a column shows enough different times to split rows by.

    Example:
        >>> spans_time(np.arange(10.0)), spans_time(np.arange(10.0) % 3)
        (True, False)
    """
    return len(np.unique(numbers[~np.isnan(numbers)])) >= FEWEST_TIMES


def follows_rows(numbers: NDArray[np.float64], rows: NDArray[np.int64]) -> bool:
    """Tell whether the rows of a table stand in the order of a column.

    Args:
        numbers: The column's cells, nan where missing.
        rows: Their positions in the table.

    Example:
        >>> follows_rows(np.arange(20.0), np.arange(20))
        True
        >>> follows_rows(np.arange(20.0) % 7, np.arange(20))
        False
    """
    there = ~np.isnan(numbers)
    _, ranks = np.unique(numbers[there], return_inverse=True)
    if not ranks.any():
        return False
    places = np.argsort(np.argsort(rows[there], kind="stable"), kind="stable")
    return bool(abs(np.corrcoef(ranks, places)[0, 1]) >= IN_ORDER)


def names_event(name: str) -> bool:
    """Tell whether a column is called like the time of an event.

    Example:
        >>> [names_event(name) for name in ("OrderDate", "date_first_hired", "price")]
        [True, False, False]
    """
    parted = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower()
    words = [word for word in re.split(r"[\W_]+", parted) if word]
    others = [word for word in words if word not in _TIMES]
    return len(others) < len(words) and _EVENTS.issuperset(others)
