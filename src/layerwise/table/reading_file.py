"""The file that says how columns are read: written for a person, read strictly.

    US_Sales:
      # all 6 cells are numbers with '$' before them and ',' between thousands
      kind: number
      thousands: ","
      # could also be: category (no cell lost)

It is YAML, of which only this much is read: one mapping, whose keys are columns,
of mappings, whose values are texts or lists of texts. No value gets a type from
YAML, so that a column called `yes`, `null` or `1.0` stays that. Tags, anchors and
aliases, through which a small file becomes a large one, are refused.
"""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from layerwise.errors import ParameterError, ReadError
from layerwise.table.dates import DateRule
from layerwise.table.overrides import OF_KIND, Override, as_override, override_of
from layerwise.table.reading import Reading, count

__all__ = ["is_open", "other_ways", "read_readings", "write_readings"]

MOST_BYTES = 2**20
LONGEST_KEY = 500
"""YAML wants a key of more than 1,024 characters to be announced by a mark."""
MOST_ALTERNATIVES = 3
LONGEST_CELL = 60
LONGEST_REMARK = 300
USUAL = (("decimal", "."), ("thousands", ""))
TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False}
TRUTH["off"] = False
NOTHING = ("", "~", "null")
# What YAML takes for a text, whatever it says and whatever stands around it.
_PLAIN = re.compile(r"[^\W\d_]\w*(?: \w+)*")
_TYPED = {*TRUTH, "y", "n", "null"}
FOUND = {
    "Scalar": "a text",
    "MappingStart": "a mapping",
    "SequenceStart": "a list",
    "MappingEnd": "nothing",
    "Alias": "an alias",
}


def write_readings(readings: Sequence[Reading], source: str = "TABLE") -> str:
    r"""Write how columns are read, for a person to change.

    Args:
        readings: What the columns were read as.
        source: The table's name, for the remark at the top.

    Returns:
        YAML: an entry for each column, in the table's order. Remarks say why it
        is read so, and what else it could be.

    Raises:
        ParameterError: When there are more columns than a file may hold.

    Example:
        >>> text = write_readings((Reading("age", "number", "all are numbers"),))
        >>> print(text.partition("\n\n")[2])
        age:
          # all are numbers
          kind: number
        <BLANKLINE>
    """
    entries = ["\n".join(_entry(reading)) for reading in readings]
    text = "\n".join([_opening(source), *entries, ""])
    if len(text.encode()) > MOST_BYTES:
        raise ParameterError(
            f"How {count(len(readings), 'column')} are read takes more than 1 MiB, and "
            "a reading file holds no more. Name the columns that you want to change "
            "with features."
        )
    return text


def _opening(source: str) -> str:
    return (
        f"# How the columns of {_printable(source)} are read. Change what is wrong, "
        "and hand it\n# to train or look with --reading. Lines with # are remarks.\n"
    )


def _entry(reading: Reading) -> Iterator[str]:
    """Write one column: why, what may be changed, what else it could be."""
    said = as_override(reading)
    yield _key(reading.name)
    yield f"  # {_printable(reading.why)}"
    if reading.n_lost:
        such = ", ".join(repr(cell[:LONGEST_CELL]) for cell in reading.lost)
        lost = count(reading.n_lost, "cell")
        yield f"  # {lost} cannot be read, such as {_printable(such)}"
    yield f"  kind: {reading.kind}"
    if not said.is_used:
        yield "  use: false"
    if is_open(reading):
        yield "  # left out until you remove the # before one of these two lines:"
        yield "  # order: day-first"
        yield "  # order: month-first"
    for key in (*OF_KIND, "missing"):
        value = getattr(said, key)
        if value not in (None, ()) and (key, value) not in USUAL:
            yield f"  {key}: {_value(value)}"
    for way in other_ways(reading)[:MOST_ALTERNATIVES]:
        yield f"  # could also be: {_printable(way)}"


def is_open(reading: Reading) -> bool:
    """Return whether only the user can say how the dates of a column are read.

    Example:
        >>> is_open(Reading("x", "date", "", rule=DateRule("undecided")))
        True
    """
    return isinstance(reading.rule, DateRule) and reading.rule.order == "undecided"


def other_ways(reading: Reading) -> tuple[str, ...]:
    """Say what else a column could be, unless its reading says so already.

    Example:
        >>> from layerwise.table.reading import Alternative
        >>> other_ways(Reading("x", "id", "", alternatives=(Alternative("text"),)))
        ('text (no cell lost)',)
    """
    others = reading.alternatives
    if is_open(reading):  # both orders are what it asks about
        others = tuple(other for other in others if other.kind != "date")
    return tuple(other.said for other in others)


def _key(name: str) -> str:
    key = _scalar(name)
    return f"{key}:" if len(key) <= LONGEST_KEY else f"? {key}\n:"


def _value(value: str | tuple[str, ...]) -> str:
    if isinstance(value, str):
        return _scalar(value)
    return f"[{', '.join(map(_scalar, value))}]"


def _scalar(text: str) -> str:
    r"""Write a text so that YAML reads a text, and the same one.

    Example:
        >>> _scalar("net price"), _scalar("1.0"), _scalar("yes"), _scalar("a\n")
        ('net price', '"1.0"', '"yes"', '"a\\n"')
    """
    if _PLAIN.fullmatch(text) and text.isprintable() and text.lower() not in _TYPED:
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_escaped(quoted)}"'


def _escaped(text: str) -> str:
    """Write out what YAML does not allow, or a person would not see."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )


def _printable(text: str) -> str:
    """Write a text on one line of a remark, the end of a very long one left out."""
    short = text if len(text) <= LONGEST_REMARK else f"{text[:LONGEST_REMARK]} ..."
    return _escaped(short)


def read_readings(path: str | os.PathLike[str]) -> dict[str, Override]:
    """Read what a file says of columns.

    Args:
        path: YAML, as `write_readings` writes it.

    Returns:
        What is said of each column that the file names.

    Raises:
        ReadError: When the file is not there, too large, or says anything that
            has no meaning here, with its line.
    """
    name = Path(path).name or str(path)
    try:
        text = _text(path)
        return dict(_columns(text))
    except ParameterError as error:
        raise ReadError(f"Could not read {name!r}: {error}") from error
    except FileNotFoundError as error:
        raise ReadError(
            f"Could not read {name!r}: there is no such file. Write it with: layerwise "
            f"look TABLE --write {name}"
        ) from error
    except (OSError, ValueError) as error:  # a name may hold a zero byte
        why = getattr(error, "strerror", None) or str(error)
        raise ReadError(
            f"Could not read {name!r}: {why}. Name the file that look --write wrote."
        ) from error


def _text(path: str | os.PathLike[str]) -> str:
    with open(path, "rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ParameterError("it is larger than 1 MiB, and no reading file is.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ParameterError(
            f"line {line} is not UTF-8. Save the file as UTF-8."
        ) from error


def _columns(text: str) -> Iterator[tuple[str, Override]]:
    """Go through the entries of the file, each column once."""
    nodes = _Nodes(text)
    first = nodes.take()
    if _kind(first) == "StreamEnd":
        return
    if nodes.is_nothing(first):
        nodes.refuse_more()
        return
    nodes.refuse_unless(first, "MappingStart", "columns, each with a colon after it")
    for line, name, node in nodes.pairs("a column"):
        if nodes.is_nothing(node):
            yield name, Override()
            continue
        below = f"lines such as 'kind: number' below {name[:LONGEST_CELL]!r}"
        nodes.refuse_unless(node, "MappingStart", below)
        said = {key: _plain(key, one, nodes) for _, key, one in nodes.pairs("a key")}
        try:
            override = override_of(said)
        except ParameterError as error:
            where = f"line {line}, column {name[:LONGEST_CELL]!r}"
            raise ParameterError(f"{where}: {error}") from error
        yield name, override
    nodes.refuse_more()


def _plain(key: str, node: Any, nodes: "_Nodes") -> Any:
    """Return a text, a truth for `use`, a list of texts, or None for nothing."""
    if _kind(node) == "SequenceStart":
        return nodes.texts()
    nodes.refuse_unless(node, "Scalar", "a text or a list of texts")
    if nodes.is_nothing(node):
        return None
    return TRUTH.get(node.value.lower(), node.value) if key == "use" else node.value


def _kind(node: Any) -> str:
    return str(type(node).__name__).removesuffix("Event")


class _Nodes:
    """The parts of a YAML text one after the other, with the line of the last."""

    def __init__(self, text: str) -> None:
        import yaml

        self.failure = yaml.YAMLError
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        # parse only tells what stands where: no value is made of it
        self.events = yaml.parse(text, Loader=loader)
        self.line = 1

    def take(self) -> Any:
        """Return the next part that is not about the file itself."""
        while True:
            try:
                node = next(self.events)
            except self.failure as error:
                raise ParameterError(_broken(error)) from error
            self.line = getattr(node.start_mark, "line", 0) + 1
            if getattr(node, "anchor", None) or getattr(node, "tag", None):
                raise ParameterError(
                    f"line {self.line} has a tag, an anchor or an alias (!, & or *), "
                    "which a reading file does not need. Put the text in quotes."
                )
            if _kind(node) not in ("StreamStart", "DocumentStart"):
                return node

    def pairs(self, what: str) -> Iterator[tuple[int, str, Any]]:
        """Go through a mapping, whose keys are texts and differ: line, key, value."""
        seen: set[str] = set()
        while _kind(key := self.take()) != "MappingEnd":
            self.refuse_unless(key, "Scalar", what)
            if key.value in seen:
                raise ParameterError(
                    f"line {self.line} names {key.value[:LONGEST_CELL]!r} again. Keep "
                    "one of the two."
                )
            seen.add(key.value)
            yield self.line, key.value, self.take()

    def texts(self) -> list[str]:
        """Return a list of texts."""
        texts = []
        while _kind(node := self.take()) != "SequenceEnd":
            self.refuse_unless(node, "Scalar", "a text")
            texts.append(node.value)
        return texts

    def is_nothing(self, node: Any) -> bool:
        """Return whether nothing stands there, as after `order:`."""
        is_bare = _kind(node) == "Scalar" and node.implicit[0]
        return bool(is_bare and node.value.lower() in NOTHING)

    def refuse_unless(self, node: Any, kind: str, wanted: str) -> None:
        """Refuse a part of another kind."""
        if _kind(node) != kind:
            found = FOUND.get(_kind(node), "something else")
            raise ParameterError(
                f"line {self.line} should hold {wanted}, and holds {found}."
            )

    def refuse_more(self) -> None:
        """Refuse a second document."""
        self.take()  # the end of the first
        if _kind(self.take()) != "StreamEnd":
            raise ParameterError("it holds a second document, after ---. Keep one.")


def _broken(error: Any) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}" if mark is not None else "it"
    why = getattr(error, "problem", None) or "it holds a character that may not be"
    return f"{where} is not YAML: {why}. Correct it, or put the text in quotes."
