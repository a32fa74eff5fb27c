"""Whether a column was read right, wrong, or wrong without a word.

The same three words for every reader, so that readers can be compared:

    right                  what was expected, and any doubt was said
    wrong                  something else, but the reader said that it was unsure
    wrong without a word   something else, and nothing was said; or what was
                           expected, where the cells leave a doubt that was not
"""

import re
from dataclasses import dataclass
from typing import Literal

import polars as pl
from expected import ANY, Expected, Value

from layerwise.table import Reading, Table, learn, look
from layerwise.table.overrides import Override

Verdict = Literal["right", "wrong", "wrong without a word"]
WORDS = ("category", "text", "id", "constant")
# Numbers of other readers may be float32.
CLOSE = 1e-6


@dataclass(frozen=True)
class Read:
    """What a reader made of a column.

    Attributes:
        kind: One of layerwise's kinds, or `words` where a reader knows no more.
        values: Its cells as read, as `Expected` writes them; words as texts.
        warnings: What the reader said of it.
        offers: Other kinds that it offered, each with its evidence.
    """

    kind: str
    values: list[Value]
    warnings: tuple[str, ...] = ()
    offers: tuple[tuple[str, str], ...] = ()

    @property
    def said(self) -> str:
        """Everything that was said."""
        return "\n".join((*self.warnings, *(text for _, text in self.offers)))


def read_column(column: Expected, table: Table) -> tuple[Reading, list[Value]]:
    """Read a column with layerwise: its reading, and the first cells as read.

    Numbers are what the network is given; words are what `layerwise look` shows.
    """
    said = {column.name: Override(**column.override)} if column.override else {}
    reading = look(table, features=[column.name], overrides=said)[0]
    n = len(column.values)
    if not n:
        return reading, []
    if reading.kind in WORDS:
        shown = iter(reading.examples)
        cells = (
            None if value is None else next(shown, None) for value in column.values
        )
        return reading, list(cells)
    schema = learn(table, (reading,))
    if not schema.number_names:
        return reading, [None] * n
    numbers = schema.encode(table).numbers[:n, 0].tolist()
    as_value = moment if reading.kind == "date" else float
    return reading, [None if x != x else as_value(x) for x in numbers]


def moment(days: float) -> str:
    """Write days since 1970 as an ISO text: 19783.5 is noon of 2024-03-01."""
    microseconds = round(days * 86_400_000) * 1000  # a float keeps milliseconds
    found = pl.Series([microseconds]).cast(pl.Datetime("us"))
    return iso(found)[0] or ""


def iso(moments: pl.Series) -> list[str | None]:
    """Write moments as ISO texts, without a fraction or a time of zero."""
    texts = moments.dt.to_string("%Y-%m-%dT%H:%M:%S%.3f")
    return texts.str.replace(r"(T00:00:00)?\.000$", "").to_list()


def by_layerwise(column: Expected, table: Table) -> Read:
    """Read a column with layerwise, as every reader is compared.

    That a column is left out says what it was read as, not that this is unsure;
    dates without an order are left out because it is.
    """
    reading, values = read_column(column, table)
    is_unsure = reading.kind == "date" and not reading.is_used
    said = (w for w in reading.warnings if is_unsure or " is left out: " not in w)
    offers = (
        (other.kind, f"{other.kind}, {other.how}: {other.n_lost} lost, {other.cells}")
        for other in reading.alternatives
    )
    return Read(reading.kind, values, tuple(said), tuple(offers))


def agree(value: Value, expected: Value) -> bool:
    """Whether a cell is as expected."""
    if expected == ANY:
        return True
    if isinstance(expected, int | float) and isinstance(value, int | float):
        return abs(value - expected) <= CLOSE * max(abs(expected), 1)
    if isinstance(expected, str) and isinstance(value, str):
        return value.removesuffix("T00:00:00") == expected.removesuffix("T00:00:00")
    return value is None and expected is None


def fits(column: Expected, read: Read) -> bool:
    """Whether the kind and the values are what was expected."""
    if read.kind in column.kinds:
        is_first = read.kind == column.kind
        return not is_first or all(map(agree, read.values, column.values))
    if (column.kind, read.kind) == ("yes/no", "number"):
        return all(map(agree, read.values, column.values))
    if read.kind == "words":
        return _words_fit(column, read.values)
    is_name = column.kind in ("id", "constant")
    return is_name and _are_kept(column, read)


def _words_fit(column: Expected, values: list[Value]) -> bool:
    """Whether words are kept apart as they should be."""
    if column.kind == "empty":
        return all(value is None for value in values)
    if column.kind == "category" and column.values:
        return all(map(agree, values, column.values))
    if column.kind == "yes/no":
        pairs = {(w, v) for w, v in zip(values, column.values, strict=False)}
        return len(pairs) == len({w for w, _ in pairs}) == len({v for _, v in pairs})
    cells = [cell and cell.strip() for cell in column.cells]
    kept = [value.strip() if isinstance(value, str) else value for value in values]
    return bool({*column.kinds} & {*WORDS}) and kept == cells


def _are_kept(column: Expected, read: Read) -> bool:
    """Whether names of rows still differ, and one value is still one."""
    if column.kind == "constant":
        return len(set(read.values)) == 1 and None not in read.values
    return read.kind == "number" and [
        None if value is None else f"{value:.0f}" for value in read.values
    ] == list(column.cells)


def verdict(column: Expected, read: Read, is_own: bool = False) -> Verdict:
    """Judge what a reader made of a column.

    Args:
        column: The column, and what is expected of it.
        read: What the reader made of it.
        is_own: Whether what was said must name the doubt that is expected. Of
            other readers any word is taken for it.

    Returns:
        The verdict.
    """
    if not fits(column, read):
        is_offered = any(kind in column.kinds for kind, _ in read.offers)
        return "wrong" if read.warnings or is_offered else "wrong without a word"
    if is_own:
        found = (re.search(doubt, read.said, re.IGNORECASE) for doubt in column.doubt)
        return "right" if all(found) else "wrong without a word"
    return "right" if read.said or not column.doubt else "wrong without a word"
