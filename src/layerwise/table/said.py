"""All that the user says of columns, put together: a file or a mapping, then flags.

reading    a file's path, or column -> kind, or column -> what is said
kinds      column -> kind; stronger than the reading
dates      an order for all undecided columns, or column -> order; stronger too
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from layerwise.errors import ColumnError, ParameterError, did_you_mean, listed
from layerwise.table.dates import DATE_ORDERS, DateOrder
from layerwise.table.kinds import infer
from layerwise.table.overrides import OF_KIND, Override, agrees, override_of
from layerwise.table.read import Table
from layerwise.table.reading import KINDS
from layerwise.table.reading_file import read_readings

__all__ = ["refuse_unknown", "said_of", "target_notes"]


def said_of(
    reading: Any = None,
    dates: Any = None,
    kinds: Mapping[str, str] | None = None,
) -> tuple[DateOrder | None, dict[str, Override]]:
    """Put together what is said of columns.

    Args:
        reading: The path of a reading file, or a mapping from columns to a kind,
            to a mapping such as {"kind": "date", "order": "day-first"}, or to an
            `Override`.
        dates: "day-first" or "month-first" for every column of dates that does
            not decide it, or a mapping from columns to one of them.
        kinds: A kind for some columns.

    Returns:
        The order for undecided columns, and what is said of single columns.

    Raises:
        ReadError: When the file cannot be read, or says what has no meaning.
        ParameterError: When the mapping does.

    Example:
        >>> said_of({"zip": "category"}, {"when": "day-first"})[1]["when"].order
        'day-first'
    """
    said = _of_reading(reading)
    for name, kind in (kinds or {}).items():
        said[name] = _with_kind(name, said.get(name), kind)
    if dates is None or isinstance(dates, str):
        if dates is not None and dates not in DATE_ORDERS:
            raise ParameterError(_wrong_order("", dates))
        return dates, said
    if not isinstance(dates, Mapping):
        raise ParameterError(_wrong_order("", dates))
    for name, order in dates.items():
        if order not in DATE_ORDERS:
            raise ParameterError(_wrong_order(f" of {name!r}", order))
        before = _with_kind(name, said.get(name), "date")
        said[name] = replace(before, order=order)
    return None, said


def _of_reading(reading: Any) -> dict[str, Override]:
    if reading is None:
        return {}
    if isinstance(reading, str | os.PathLike):
        return read_readings(reading)
    if not isinstance(reading, Mapping):
        raise ParameterError(
            "The 'reading' parameter must be the path of a reading file, or a mapping "
            f"from columns to kinds. Got {reading!r} instead."
        )
    said = {}
    for name, one in reading.items():
        try:
            said[name] = override_of(one)
        except ParameterError as error:
            raise ParameterError(f"The reading of {name!r}: {error}") from error
    return said


def _with_kind(name: str, before: Override | None, kind: Any) -> Override:
    """Say of a column that it is of a kind; what fits only another kind is gone."""
    if kind not in KINDS:
        close = did_you_mean(str(kind), KINDS)
        raise ParameterError(
            f"The kind of {name!r} must be one of {listed(KINDS, 99)}. Got {kind!r} "
            f"instead.{close}"
        )
    if before is None or before.kind != kind:
        kept: dict[str, Any] = {} if before is None else {"missing": before.missing}
        for key, of in OF_KIND.items():
            if before is not None and of == kind:
                kept[key] = getattr(before, key)
        return Override(kind, **kept)
    return replace(before, is_used=True)


def _wrong_order(whose: str, found: object) -> str:
    return (
        f"The 'dates' parameter{whose} must be one of {listed(DATE_ORDERS)}. Got "
        f"{found!r} instead."
    )


def refuse_unknown(said: Mapping[str, Override], columns: Sequence[str]) -> None:
    """Refuse what is said of columns that the table does not have.

    Raises:
        ColumnError: With all of them, and the nearest name of the first.

    Example:
        >>> refuse_unknown({"prise": Override("number")}, ["price"])
        Traceback (most recent call last):
        layerwise.errors.ColumnError: The table has no column 'prise', though a
        reading is given for it. It has 'price'. Did you mean 'price'?
    """
    unknown = [name for name in said if name not in columns]
    if unknown:
        it = "it" if len(unknown) == 1 else "them"
        noun = "column" if len(unknown) == 1 else "columns"
        raise ColumnError(
            f"The table has no {noun} {listed(unknown)}, though a reading is given for "
            f"{it}. It has {listed(columns)}." + did_you_mean(str(unknown[0]), columns)
        )


def target_notes(
    table: Table,
    target: str | None,
    dates: DateOrder | None,
    said: Mapping[str, Override],
) -> tuple[str, ...]:
    """Tell that a reading given for the target has no effect, where it would have one.

    Example:
        >>> from layerwise.table.read import read
        >>> target_notes(read({"y": ["1", "2"]}), "y", None, {"y": Override("number")})
        ()
    """
    wanted = None if target is None else said.get(target)
    if target is None or wanted is None:
        return ()
    if agrees(wanted, infer(target, table.frame[target], dates)):
        return ()
    return (
        f"The reading given for {target!r} has no effect: it is the target, and what "
        "is learned follows from its values.",
    )
