"""One column of a schema: how its cells become numbers, learned in training.

encoding    units it gives
number      age                       and, where missing cells were seen,
            age is missing
date        Date days, Date month sin, Date month cos, ...
one-hot     job=cook, job=clerk, job is missing
embedding   job[0] to job[7]
left out    none
"""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from layerwise.errors import BundleError
from layerwise.table import closed
from layerwise.table.dates import DateRule
from layerwise.table.reading import KINDS, Kind
from layerwise.table.rules import Rule, rule_from_json, rule_to_json

__all__ = ["EMBEDDING_WIDTH", "MOST_VALUES", "ONE_HOT_VALUES", "Column", "Encoding"]

Encoding = Literal["number", "one-hot", "embedding", "date", "left out"]
ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)
# Up to so many entries of a vocabulary, each gets a unit of its own.
ONE_HOT_VALUES = 16
EMBEDDING_WIDTH = 8
MOST_VALUES = 10_000
_ALLOWED: dict[Kind, tuple[Encoding, ...]] = {
    "number": ("number", "left out"),
    "yes/no": ("number", "left out"),
    "category": ("one-hot", "embedding", "left out"),
    "date": ("date", "left out"),
}


@dataclass(frozen=True)
class Column:
    """How one column becomes numbers.

    Attributes:
        name: The column.
        kind: What its cells mean.
        why: The evidence for that.
        encoding: What its cells become.
        rule: How its cells are written, for numbers and dates.
        vocabulary: The known values of a category, the most frequent first.
            The first has id 1; id 0 stands for every other value.
        has_missing: Whether training rows had missing cells. Then a number
            gets a unit that says so, and a category an id of its own, the last.

    Example:
        >>> Column("job", "category", "", "one-hot", None, ("cook",), True).units
        ('job=cook', 'job is missing')
    """

    name: str
    kind: Kind
    why: str
    encoding: Encoding
    rule: Rule | None = None
    vocabulary: tuple[str, ...] = ()
    has_missing: bool = False

    @property
    def numbers(self) -> tuple[str, ...]:
        """The names of the numbers that a cell becomes."""
        if self.encoding == "number":
            return (self.name,)
        if self.encoding == "date" and isinstance(self.rule, DateRule):
            # An undecided order gives no numbers: the column cannot be read.
            if self.rule.order == "undecided":
                return ()
            return tuple(f"{self.name} {part}" for part in self.rule.parts)
        return ()

    @property
    def flag(self) -> tuple[str, ...]:
        """The name of the unit that tells missing numbers apart, if there is one."""
        return (f"{self.name} is missing",) if self.numbers and self.has_missing else ()

    @property
    def is_categorical(self) -> bool:
        """Whether a cell becomes an id."""
        return self.encoding in ("one-hot", "embedding")

    @property
    def n_ids(self) -> int:
        """Ids from 1 on: the vocabulary, and one for missing cells."""
        return len(self.vocabulary) + self.has_missing if self.is_categorical else 0

    @property
    def units(self) -> tuple[str, ...]:
        """The names of the units that the column gives to the input layer."""
        if self.encoding == "embedding":
            return tuple(f"{self.name}[{i}]" for i in range(EMBEDDING_WIDTH))
        if self.encoding == "one-hot":
            missing = (f"{self.name} is missing",) if self.has_missing else ()
            return (*(f"{self.name}={value}" for value in self.vocabulary), *missing)
        return self.numbers + self.flag

    def to_json(self) -> dict[str, Any]:
        """Write the column as plain data."""
        return {
            "name": self.name,
            "kind": self.kind,
            "why": self.why,
            "encoding": self.encoding,
            "rule": rule_to_json(self.rule),
            "vocabulary": list(self.vocabulary),
            "has_missing": self.has_missing,
        }

    @classmethod
    def from_json(cls, data: Any, path: str) -> "Column":
        """Read a column from foreign data.

        Args:
            data: What `to_json` wrote, or anything else.
            path: Where it stands in the file, for messages.

        Returns:
            The column.

        Raises:
            BundleError: When the data is anything but a column.
        """
        fields = closed.record(data, path, cls.__dataclass_fields__)
        kind = closed.choice(fields["kind"], f"{path}/kind", KINDS)
        allowed = _ALLOWED.get(kind, ("left out",))
        encoding = closed.choice(fields["encoding"], f"{path}/encoding", allowed)
        column = cls(
            name=closed.text(fields["name"], f"{path}/name"),
            kind=kind,
            why=closed.text(fields["why"], f"{path}/why"),
            encoding=encoding,
            rule=rule_from_json(fields["rule"], f"{path}/rule"),
            vocabulary=closed.texts(
                fields["vocabulary"], f"{path}/vocabulary", MOST_VALUES
            ),
            has_missing=closed.flag(fields["has_missing"], f"{path}/has_missing"),
        )
        column._check(path)
        return column

    def _check(self, path: str) -> None:
        """Refuse parts that are right by themselves and wrong together."""
        is_date_rule = isinstance(self.rule, DateRule)
        if self.rule is not None and is_date_rule != (self.kind == "date"):
            raise BundleError(f"{path}/rule does not fit the kind {self.kind!r}.")
        if self.encoding == "date" and not self.numbers:
            raise BundleError(f"{path}/rule must say how the dates are written.")
        if bool(self.vocabulary) != self.is_categorical:
            must = "must not be empty" if self.is_categorical else "must be empty"
            raise BundleError(f"{path}/vocabulary {must} for {self.encoding!r}.")
