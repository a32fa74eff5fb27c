"""What the user says of columns, instead of what their cells say.

Only the user can know whether 02/05/2019 is in February or in May. What is
said once is kept: the model reads every later table in the same way.

    of which kind    may be said
    any              kind, use, missing
    number           decimal, thousands
    date             order
    yes/no           yes
    ordered          levels
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from layerwise.errors import ParameterError, did_you_mean, listed
from layerwise.table.dates import DATE_ORDERS, DateOrder
from layerwise.table.missing import MOST_MISSING
from layerwise.table.numbers import DECIMALS, MARKS
from layerwise.table.ordered import MOST_LEVELS
from layerwise.table.reading import KINDS, Kind, Reading

__all__ = ["LEFT_OUT", "OF_KIND", "Override", "agrees", "as_override", "override_of"]

LEFT_OUT: tuple[Kind, ...] = ("constant", "id", "empty")
"""Kinds from which there is nothing to learn."""
OF_KIND: dict[str, Kind] = {
    "order": "date",
    "decimal": "number",
    "thousands": "number",
    "yes": "yes/no",
    "levels": "ordered",
}
"""What may be said of columns of one kind only."""
KEYS = ("kind", "use", *OF_KIND, "missing")


@dataclass(frozen=True)
class Override:
    """How the user wants one column to be read.

    Attributes:
        kind: What its cells mean; None leaves that to the cells.
        is_used: Whether the network is to see the column.
        order: For dates that do not decide it themselves.
        decimal: For numbers, the mark before the fraction.
        thousands: For numbers, the mark between thousands.
        yes: For two words, the one that counts as 1.
        levels: For ordered words, from the lowest to the highest.
        missing: Further texts that mean "no value".

    Example:
        >>> Override("date", order="day-first").order
        'day-first'
    """

    kind: Kind | None = None
    is_used: bool = True
    order: DateOrder | None = None
    decimal: str | None = None
    thousands: str | None = None
    yes: str | None = None
    levels: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be, or does not fit the kind."""
        for key, value, known in (
            ("kind", self.kind, KINDS),
            ("order", self.order, DATE_ORDERS),
            ("decimal", self.decimal, DECIMALS),
            ("thousands", self.thousands, tuple(MARKS)),
        ):
            if value is not None and value not in known:
                raise ParameterError(
                    f"The {key!r} of a column must be one of {listed(known, 99)}. "
                    f"Got {value!r} instead.{did_you_mean(str(value), known)}"
                )
        if self.thousands and self.thousands == (self.decimal or ""):
            raise ParameterError(
                "The 'decimal' and the 'thousands' of a column must differ. Got "
                f"{self.decimal!r} for both."
            )
        self._check_words()
        for key, kind in OF_KIND.items():
            if getattr(self, key) not in (None, ()) and self.kind not in (None, kind):
                raise ParameterError(
                    f"The {key!r} of a column is for the kind {kind!r}, but its kind "
                    f"is {self.kind!r}. Leave out {key!r}, or change the kind."
                )

    def _check_words(self) -> None:
        for key, words, least, most in (
            ("levels", self.levels, 2, MOST_LEVELS),
            ("missing", self.missing, 1, MOST_MISSING),
        ):
            if words and not least <= len(words) <= most:
                raise ParameterError(
                    f"The {key!r} of a column must be {least:,} to {most:,} texts. Got "
                    f"{len(words):,}."
                )
            if len(set(words)) < len(words):
                raise ParameterError(
                    f"The {key!r} of a column must be different texts. Got "
                    f"{listed(words)}."
                )


def override_of(said: Any) -> Override:
    """Understand what is said of one column.

    Args:
        said: A kind, or a mapping of `KEYS`, or an `Override`.

    Raises:
        ParameterError: When it is none of these, or something in it is wrong.

    Example:
        >>> override_of("category").kind, override_of({"use": False}).is_used
        ('category', False)
    """
    if isinstance(said, Override):
        return said
    if isinstance(said, str):
        said = {"kind": said}
    if not isinstance(said, Mapping):
        raise ParameterError(
            "What is said of a column must be a kind or a mapping with keys from "
            f"{listed(KEYS, 99)}. Got {said!r} instead."
        )
    unknown = [key for key in said if key not in KEYS]
    if unknown:
        close = did_you_mean(str(unknown[0]), KEYS)
        raise ParameterError(
            f"There is no key {unknown[0]!r} for a column. The keys are "
            f"{listed(KEYS, 99)}.{close}"
        )
    _check_types(said)
    if said.get("use") is True and said.get("kind") in LEFT_OUT:
        raise ParameterError(
            f"A column of the kind {said['kind']!r} cannot be used: there is nothing "
            "to learn from it. Give it another kind, such as 'category'."
        )
    words = {key: tuple(said.get(key) or ()) for key in ("levels", "missing")}
    texts = {key: said.get(key) for key in ("kind", *OF_KIND) if key != "levels"}
    return Override(is_used=said.get("use") is not False, **words, **texts)  # type: ignore[arg-type]


def _check_types(said: Mapping[str, Any]) -> None:
    for key, value in said.items():
        if value is None:
            continue
        if key in ("levels", "missing"):
            fits = isinstance(value, list | tuple) and all(
                isinstance(one, str) for one in value
            )
            what = "a list of texts"
        elif key == "use":
            fits, what = isinstance(value, bool), "true or false"
        else:
            fits, what = isinstance(value, str), "a text"
        if not fits:
            raise ParameterError(
                f"The {key!r} of a column must be {what}. Got {value!r} instead."
            )


def as_override(reading: Reading) -> Override:
    """Say of a column what it was read as: the same reading, in the user's words.

    Example:
        >>> as_override(Reading("x", "id", "")).is_used
        False
    """
    rule: Any = reading.rule
    of_kind = {
        key: getattr(rule, key, None)
        for key, kind in OF_KIND.items()
        if kind == reading.kind and key != "levels"
    }
    if of_kind.get("order") not in DATE_ORDERS:
        of_kind.pop("order", None)  # named, year-first: the cells say it; or undecided
    is_open = getattr(rule, "order", None) == "undecided"
    return Override(
        reading.kind,
        is_used=reading.is_used or (is_open and not reading.is_dropped),
        levels=tuple(getattr(rule, "levels", ())),
        missing=tuple(getattr(rule, "missing", ())),
        **of_kind,
    )


def agrees(override: Override, reading: Reading) -> bool:
    """Return whether a column was read as the user wants it anyway.

    So a file of readings that nobody changed changes nothing.

    Example:
        >>> agrees(Override("number"), Reading("x", "number", ""))
        True
    """
    own = as_override(reading)
    if not override.is_used:
        return not own.is_used and override.kind in (None, own.kind)
    if not set(override.missing) <= set(own.missing):
        return False
    stated = ("kind", "order", "decimal", "thousands", "yes", "levels")
    return all(
        getattr(override, key) in (None, (), getattr(own, key)) for key in stated
    )
