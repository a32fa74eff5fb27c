"""What a careful analyst expects of one column: plain data, and how to write it.

A column is written in one line: a title, its cells with a bar between them,
and its first cells as read. An empty cell is missing.

    number("a dollar in front", "$1,250.00|$9|", 1250, 9, None)

The expectations say what is right, never what the code happens to do:

    kind        what the cells mean; `otherwise` names a kind that serves as well
    values      the first cells as read: numbers, 0 and 1 of yes/no, seconds of
                a duration, ISO texts of a date, words of a category; None is
                missing, ANY is left open
    n_missing   cells that are missing or could not be read
    n_lost      cells that are there and could not be read
    doubt       what must be said in a warning or an alternative, as regular
                expressions: there is something that the cells do not decide
    said        what must be said of a column that leaves no doubt, likewise
    also        what else the column could be: a kind that must be offered,
                with the cells that it loses
    override    what the user says of the column
"""

from dataclasses import dataclass, field
from typing import Any

ANY = "(left open)"
Value = float | str | None


@dataclass(frozen=True)
class Also:
    """An alternative that must be offered beside what the column was read as.

    Attributes:
        kind: What its cells would mean.
        n_lost: Cells that it could not read; None leaves that open.
        cell: A cell that decides against it.
    """

    kind: str
    n_lost: int | None = None
    cell: str | None = None


@dataclass(frozen=True)
class Expected:
    """A column, and what it should be read as."""

    title: str
    kind: str
    cells: tuple[str | None, ...]
    values: tuple[Value, ...] = ()
    name: str = "x"
    otherwise: tuple[str, ...] = ()
    n_missing: int | None = None
    n_lost: int = 0
    doubt: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    also: tuple[Also, ...] = ()
    override: dict[str, Any] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that serve."""
        return (self.kind, *self.otherwise)


def column(
    kind: str, title: str, cells: str | list[str], *values: Value, **more: Any
) -> Expected:
    """Write down one column; more is any other attribute of `Expected`."""
    split = cells.split("|") if isinstance(cells, str) else cells
    for key in ("doubt", "said", "also", "otherwise"):
        if key in more and not isinstance(more[key], tuple):
            more[key] = (more[key],)
    if "also" in more:
        more["also"] = tuple(
            Also(one) if isinstance(one, str) else one for one in more["also"]
        )
    return Expected(title, kind, tuple(c or None for c in split), values, **more)


def number(title: str, cells: str | list[str], *values: Value, **more: Any) -> Expected:
    """Expect numbers."""
    return column("number", title, cells, *values, **more)


def yes_no(title: str, cells: str | list[str], *values: Value, **more: Any) -> Expected:
    """Expect yes as 1 and no as 0."""
    return column("yes/no", title, cells, *values, **more)


def date(title: str, cells: str | list[str], *values: Value, **more: Any) -> Expected:
    """Expect dates, as ISO texts."""
    return column("date", title, cells, *values, **more)


def duration(
    title: str, cells: str | list[str], *values: Value, **more: Any
) -> Expected:
    """Expect durations, in seconds."""
    return column("duration", title, cells, *values, **more)


def category(
    title: str, cells: str | list[str], *values: Value, **more: Any
) -> Expected:
    """Expect words that repeat."""
    return column("category", title, cells, *values, **more)


def text(title: str, cells: str | list[str], **more: Any) -> Expected:
    """Expect words that hardly repeat."""
    return column("text", title, cells, **more)


def identity(title: str, cells: str | list[str], **more: Any) -> Expected:
    """Expect names of rows."""
    return column("id", title, cells, **more)


def constant(title: str, cells: str | list[str], **more: Any) -> Expected:
    """Expect one value in every row."""
    return column("constant", title, cells, **more)


def empty(title: str, cells: str | list[str], **more: Any) -> Expected:
    """Expect no value at all."""
    return column("empty", title, cells, **more)


def numbers_to(n: int, form: str = "{}") -> list[str]:
    """Write n different integers from 10 on, in a form."""
    return [form.format(i) for i in range(10, n + 10)]
