"""One column of a schema: how its cells become numbers, learned in training.

encoding    units it gives
number      age                       and, where missing cells were seen,
            age is missing
date        Date days since 1970-01-01, Date year, Date month sin, ...
one-hot     job=cook, job=clerk, job is missing, job=other
embedding   job[0] to job[7]
hashed      note[text 0] to note[text 31], note is missing
left out    none

Yes/no, ordered words and durations are numbers too: one unit each.
"""

from dataclasses import dataclass
from typing import Literal

from layerwise.errors import ColumnError
from layerwise.table.category import WordRule
from layerwise.table.dates import DateRule
from layerwise.table.durations import DurationRule
from layerwise.table.hashing import HASHED_UNITS
from layerwise.table.numbers import NumberRule
from layerwise.table.ordered import OrderedRule
from layerwise.table.reading import Kind, Rule
from layerwise.table.yes_no import YesNoRule

__all__ = ["EMBEDDING_WIDTH", "MOST_VALUES", "ONE_HOT_VALUES", "Column", "Encoding"]

Encoding = Literal["number", "one-hot", "embedding", "date", "hashed", "left out"]
# Up to so many entries of a vocabulary, each gets a unit of its own.
ONE_HOT_VALUES = 16
# Eight numbers for a value, however many values: what RealMLP's defaults found best.
EMBEDDING_WIDTH = 8
MOST_VALUES = 10_000
_ALLOWED: dict[Kind, tuple[Encoding, ...]] = {
    "number": ("number", "left out"),
    "yes/no": ("number", "left out"),
    "ordered": ("number", "left out"),
    "duration": ("number", "left out"),
    "category": ("one-hot", "embedding", "left out"),
    "date": ("date", "left out"),
    "text": ("hashed", "left out"),
}
_RULES: dict[Kind, type[Rule]] = {
    "number": NumberRule,
    "yes/no": YesNoRule,
    "date": DateRule,
    "ordered": OrderedRule,
    "duration": DurationRule,
}


@dataclass(frozen=True)
class Column:
    """How one column becomes numbers.

    Attributes:
        name: The column.
        kind: What its cells mean.
        why: The evidence for that.
        encoding: What its cells become.
        rule: How its cells are written, and which of them mean "no value"; None
            where nothing need be said.
        vocabulary: The known values of a category, the most frequent first.
            The first has id 1; id 0 stands for every other value.
        has_missing: Whether training rows had missing cells. Then a number or a
            text gets a unit that says so, and a category an id of its own, the
            last.
        has_other: Whether one-hot has a unit for id 0.
        least: The least number of the training rows, days for a date; None for
            yes/no and for what is no number.
        most: The largest.

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
    has_other: bool = False
    least: float | None = None
    most: float | None = None

    def __post_init__(self) -> None:
        """Refuse parts that are right by themselves and wrong together."""
        if wrong := self._disagreement():
            raise ColumnError(f"The column {self.name[:50]!r} {wrong}.")

    def _disagreement(self) -> str:
        """Say what does not fit together, or nothing."""
        if self.encoding not in _ALLOWED.get(self.kind, ("left out",)):
            return f"is of the kind {self.kind!r}, which cannot be {self.encoding!r}"
        takes = _RULES.get(self.kind, WordRule)
        if self.rule is not None and not isinstance(self.rule, takes):
            return f"has a rule that does not fit the kind {self.kind!r}"
        if self.encoding == "date" and not self.numbers:
            return "does not say how its dates are written"
        if self.kind == "ordered" and self.rule is None:
            return "does not say the order of its words"
        if bool(self.vocabulary) != self.is_categorical:
            has = "has no vocabulary" if self.is_categorical else "has a vocabulary"
            return f"is {self.encoding!r}, and {has}"
        n_values = len(self.vocabulary)
        if n_values > MOST_VALUES or len(set(self.vocabulary)) < n_values:
            return f"has {n_values:,} values, more than {MOST_VALUES:,} or some twice"
        if self.has_other and self.encoding != "one-hot":
            return f"is {self.encoding!r}, and has a unit for other values"
        return self._disagreement_of_range()

    def _disagreement_of_range(self) -> str:
        least, most = self.least, self.most
        if least is None and most is None:
            return ""
        if not self.numbers:
            return f"is {self.encoding!r}, and has a range of numbers"
        if least is None or most is None or not least <= most:
            return f"has a range of numbers from {least} to {most}"
        return ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The names of the numbers that a cell becomes."""
        if self.encoding == "number":
            return (self.name,)
        if self.encoding == "date" and isinstance(self.rule, DateRule):
            # An undecided order gives no numbers: the column cannot be read.
            if self.rule.order == "undecided":
                return ()
            return tuple(_of_date(self.name, part) for part in self.rule.parts)
        return ()

    @property
    def flag(self) -> tuple[str, ...]:
        """The name of the unit that tells missing numbers apart, if there is one."""
        return (f"{self.name} is missing",) if self.numbers and self.has_missing else ()

    @property
    def own_missing(self) -> tuple[str, ...]:
        """The texts that mean "no value" in this column only."""
        return () if self.rule is None else self.rule.missing

    @property
    def is_categorical(self) -> bool:
        """Whether a cell becomes an id."""
        return self.encoding in ("one-hot", "embedding")

    @property
    def n_ids(self) -> int:
        """Ids from 1 on: the vocabulary, and one for missing cells."""
        return len(self.vocabulary) + self.has_missing if self.is_categorical else 0

    def is_beyond(self, least: float, most: float) -> bool:
        """Whether numbers from the least to the most leave the range of training.

        Example:
            >>> age = Column("age", "number", "", "number", least=18.0, most=95.0)
            >>> age.is_beyond(20, 95), age.is_beyond(20, 96)
            (False, True)
        """
        if self.least is None or self.most is None:
            return False
        return bool(least < self.least or most > self.most)

    @property
    def units(self) -> tuple[str, ...]:
        """The names of the units that the column gives to the input layer."""
        if self.encoding == "embedding":
            return tuple(f"{self.name}[{i}]" for i in range(EMBEDDING_WIDTH))
        missing = (f"{self.name} is missing",) if self.has_missing else ()
        if self.encoding == "hashed":
            texts = (f"{self.name}[text {i}]" for i in range(HASHED_UNITS))
            return (*texts, *missing)
        if self.encoding == "one-hot":
            other = (f"{self.name}=other",) if self.has_other else ()
            values = (f"{self.name}={value}" for value in self.vocabulary)
            return (*values, *missing, *other)
        return self.numbers + self.flag


def _of_date(name: str, part: str) -> str:
    """Name a number of a date; a column called time has no unit "time time sin".

    Example:
        >>> _of_date("Date", "month sin"), _of_date("order time", "time sin")
        ('Date month sin', 'order time sin')
    """
    first = part.partition(" ")[0]
    is_said = name.lower().replace("_", " ").split()[-1:] == [first]
    return f"{name}{part.removeprefix(first)}" if is_said else f"{name} {part}"
