"""JSON becomes a frame: an object is a row, its keys are the columns.

    lines       one object in each line: .jsonl, .ndjson
    an array    one list of objects: .json

    a key that a row lacks    missing
    null, NaN                 missing; NaN is no JSON, and is counted
    Infinity                  infinite; no JSON either, and counted
    a key twice in a row      the last one counts, as everywhere; counted
    a list or an object       its JSON as text
    values of mixed types     text, as from a dict of columns

A line that is no JSON is an error with its number: nothing is skipped.
"""

import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import polars as pl

from layerwise.errors import ReadError
from layerwise.table.delimited.headings import unique_names
from layerwise.table.sources.cells import from_cells, plain_missing
from layerwise.table.sources.limits import MOST_COLUMNS, size_text

__all__ = ["read_json"]

CHUNK_ROWS = 20_000
# The least a cell takes while it is read: one reference.
CELL_BYTES = 8
# How many cells a value may make, beside a fixed number.
MOST_EMPTY, FIXED_CELLS = 50, 2_000_000
_WORDS = {list: "a list", str: "a text", int: "a number", float: "a number"}


def read_json(raw: bytes, most_bytes: int) -> tuple[pl.DataFrame, tuple[str, ...]]:
    r"""Read JSON lines, or a JSON array of objects.

    Args:
        raw: The whole file.
        most_bytes: What the table may take; a row with keys of its own makes
            a cell in every other row.

    Returns:
        The frame, and what reading found, a sentence each.

    Raises:
        ReadError: With the line that is no JSON, or no object.

    Example:
        >>> frame, notes = read_json(b'{"a": 1}\n{"a": 2.5, "b": "x"}\n', 1000)
        >>> frame.rows()
        [(1.0, None), (2.5, 'x')]
    """
    raw = _to_utf8(raw)
    reader = _Reader()
    frame, mixed = _frame(reader.objects(raw), frozenset(), most_bytes)
    if mixed:  # some rows hold numbers where others hold text: all become text
        frame, _ = _frame(_Reader().objects(raw), mixed, most_bytes)
    names, changes = unique_names(frame.columns)
    frame.columns = names
    return frame, (*reader.sentences(), *changes)


def _to_utf8(raw: bytes) -> bytes:
    encoding = json.detect_encoding(raw)
    if encoding == "utf-8":
        return raw
    try:
        return raw.decode(encoding).encode("utf-8")
    except UnicodeError as error:
        raise ReadError("it is neither UTF-8 nor UTF-16, so it is no JSON.") from error


@dataclass
class _Reader:
    """Yields the objects of a file, and counts what is odd about them."""

    counts: Counter[str] = field(default_factory=Counter)

    def objects(self, raw: bytes) -> Iterator[dict[str, Any]]:
        """Yield every row of a file."""
        if not raw.strip():
            raise ReadError("it is empty.")
        if raw.lstrip()[:1] == b"[":
            yield from self._array(raw)
            return
        for number, line in enumerate(io.BytesIO(raw), 1):
            if not line.strip():
                self.counts["blank"] += 1
                continue
            value = self._value(line, number, raw)
            if not isinstance(value, dict):
                raise ReadError(
                    f"line {number} is {_word(value)}, not an object such as "
                    '{"age": 31}.'
                )
            yield value

    def _array(self, raw: bytes) -> Iterator[dict[str, Any]]:
        values = self._value(raw, 0, raw)
        if not values:
            raise ReadError("it holds no rows.")
        while values:  # what has become cells need not stay
            for i, value in enumerate(values[:CHUNK_ROWS]):
                if not isinstance(value, dict):
                    raise ReadError(
                        f"item {i} of its list is {_word(value)}, not an object such "
                        'as {"age": 31}.'
                    )
            yield from values[:CHUNK_ROWS]
            del values[:CHUNK_ROWS]

    def _value(self, part: bytes, number: int, raw: bytes) -> Any:
        """Parse one line, or the whole file as number 0."""
        try:
            text = part.decode("utf-8")
            value = json.loads(
                text,
                object_pairs_hook=self._object,
                parse_constant=self._constant,
            )
            if "\\u" in text:  # an escape may hold half of a two-part character
                json.dumps(value, ensure_ascii=False).encode("utf-8")
        except json.JSONDecodeError as error:
            if number == 1 and _is_one_object(raw):
                raise ReadError(
                    "it is one JSON object over several lines. A table is a list of "
                    "objects, or one object in each line."
                ) from error
            line = number or error.lineno
            raise ReadError(
                f"line {line} is no JSON: {error.msg}, at character {error.colno}."
            ) from error
        except RecursionError as error:
            raise ReadError(f"{_place(number)} nests too deep.") from error
        except UnicodeDecodeError as error:
            raise ReadError(f"{_place(number)} is not UTF-8.") from error
        except UnicodeEncodeError as error:
            raise ReadError(
                f"{_place(number)} holds half of a two-part character, which is no "
                "text."
            ) from error
        except ValueError as error:  # Python reads no integer of so many digits
            raise ReadError(f"{_place(number)} holds an endless number.") from error
        return value

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        self.counts["twice"] += len(made) < len(pairs)
        return made

    def _constant(self, word: str) -> float:
        self.counts["nan" if word == "NaN" else "infinite"] += 1
        return float(word)

    def sentences(self) -> tuple[str, ...]:
        """Say what was found."""
        texts = {
            "blank": ("blank line was skipped.", "blank lines were skipped."),
            "nan": (
                "value is NaN, which is no JSON; it is missing.",
                "values are NaN, which is no JSON; they are missing.",
            ),
            "infinite": (
                "value is Infinity, which is no JSON.",
                "values are Infinity, which is no JSON.",
            ),
            "twice": (
                "object has a key twice; the last one counts.",
                "objects have a key twice; the last one counts.",
            ),
        }
        found = [(self.counts[kind], texts[kind]) for kind in texts]
        return tuple(
            f"{n:,} {one if n == 1 else more}" for n, (one, more) in found if n
        )


def _frame(
    objects: Iterator[dict[str, Any]], as_text: frozenset[str], most_bytes: int
) -> tuple[pl.DataFrame, frozenset[str]]:
    """Make a frame of rows, and name the columns whose parts differ in type."""
    names: dict[str, None] = {}
    chunks: list[pl.DataFrame] = []
    n_rows = n_values = 0
    while rows := list(islice(objects, CHUNK_ROWS)):
        names.update(dict.fromkeys(name for row in rows for name in row))
        n_rows += len(rows)
        n_values += sum(map(len, rows))
        _refuse_sparse(n_rows, len(names), n_values, most_bytes)
        chunks.append(pl.DataFrame([_series(one, rows, as_text) for one in names]))
    if not names:
        raise ReadError("its objects are empty: there are no columns.")
    mixed = set()
    for name in names:
        dtypes = {chunk.schema[name] for chunk in chunks if name in chunk.columns}
        dtypes -= {pl.Null()}
        if len(dtypes) > 1 and dtypes != {pl.Int64(), pl.Float64()}:
            mixed.add(name)
    if mixed:
        return pl.DataFrame(), frozenset(mixed)
    return pl.concat(chunks, how="diagonal_relaxed"), frozenset()


def _series(
    name: str, rows: Iterable[dict[str, Any]], as_text: frozenset[str]
) -> pl.Series:
    cells = [row.get(name) for row in rows]
    if {type(cell) for cell in cells} & {dict, list}:
        cells = [_plain(cell) for cell in cells]
    if name in as_text:
        cells = [None if cell is None else str(cell) for cell in plain_missing(cells)]
        return pl.Series(name, cells, pl.String)
    return from_cells(name, cells)


def _plain(cell: Any) -> Any:
    is_nested = isinstance(cell, dict | list)
    return json.dumps(cell, ensure_ascii=False) if is_nested else cell


def _refuse_sparse(n_rows: int, n_columns: int, n_values: int, most_bytes: int) -> None:
    if n_columns > MOST_COLUMNS:
        raise ReadError(
            f"its objects have more than {MOST_COLUMNS:,} different keys. A table "
            f"may have {MOST_COLUMNS:,} columns."
        )
    n_cells = n_rows * n_columns
    if n_cells > MOST_EMPTY * n_values + FIXED_CELLS:
        raise ReadError(
            f"{n_rows:,} objects have {n_columns:,} different keys, and nearly all "
            "cells would be missing. Write the keys as values, two in each object."
        )
    if n_cells * CELL_BYTES > most_bytes:
        raise ReadError(
            f"{n_rows:,} objects with {n_columns:,} different keys make more than "
            f"{size_text(most_bytes)}. Pass a larger most_bytes."
        )


def _is_one_object(raw: bytes) -> bool:
    try:
        return isinstance(json.loads(raw), dict)
    except (ValueError, RecursionError):
        return False


def _word(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return _WORDS[type(value)]


def _place(number: int) -> str:
    return f"line {number}" if number else "its list"
