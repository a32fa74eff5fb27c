"""What four readers make of the same columns: right, wrong, wrong without a word.

    python benchmarks/readings.py            writes docs/readings.md
    python benchmarks/readings.py --wrong    also prints what each reads wrong

The columns and what is expected of them are those of the tests. Each is written
as a CSV file that every reader opens by itself. skrub is optional, and is left
out where it is missing: pip install skrub==0.11.0
"""

import argparse
import csv
import importlib.metadata
import importlib.util
import platform
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "table"))
from columns import SECTIONS  # noqa: E402
from expected import Expected, Value  # noqa: E402
from verdict import Read, by_layerwise, iso, verdict  # noqa: E402

from layerwise.table import read  # noqa: E402

DOCS = HERE.parent / "docs" / "readings.md"
VERDICTS = ("right", "wrong", "wrong without a word")


def write(column: Expected, folder: str) -> Path:
    """Write a column as a file; a second column keeps its empty lines apart."""
    path = Path(folder) / "column.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((column.name, "row"))
        writer.writerows((cell, f"r{i}") for i, cell in enumerate(column.cells))
    return path


def with_layerwise(column: Expected, path: Path) -> Read:
    """Read with layerwise, all defaults."""
    table = read(path)
    found = by_layerwise(column, table)
    return Read(found.kind, found.values, found.warnings + table.notes, found.offers)


def with_polars(column: Expected, path: Path) -> Read:
    """Read with Polars, which is asked to find dates."""
    return described(pl.read_csv(path, try_parse_dates=True)[column.name])


def with_pandas(column: Expected, path: Path) -> Read:
    """Read with pandas, and turn into dates or durations what should be some."""
    import pandas as pd

    cells = pd.read_csv(path)[column.name]
    if not pd.api.types.is_numeric_dtype(cells):
        if column.kind == "date":
            cells = pd.to_datetime(cells)
        elif column.kind == "duration" or column.kinds[:2] == ("number", "duration"):
            cells = pd.to_timedelta(cells)
    return described(from_pandas(cells))


def with_skrub(column: Expected, path: Path) -> Read:
    """Read with pandas and skrub's TableVectorizer, before it encodes words."""
    import pandas as pd
    import skrub

    cells = pd.read_csv(path)[[column.name]]
    keep = dict.fromkeys(("low_cardinality", "high_cardinality", "datetime"))
    vectorizer = skrub.TableVectorizer(**dict.fromkeys(keep, "passthrough"))
    cleaned = vectorizer.fit_transform(cells)
    if column.name not in cleaned:  # an empty column is dropped
        return Read("empty", [])
    return described(from_pandas(cleaned[column.name]))


READERS: dict[str, Callable[[Expected, Path], Read]] = {
    "layerwise": with_layerwise,
    "skrub": with_skrub,
    "pandas": with_pandas,
    "polars": with_polars,
}


def from_pandas(cells: Any) -> pl.Series:
    """Take the cells of a pandas column, whatever their type."""
    import pandas as pd

    values = [None if pd.isna(cell) else cell for cell in cells]
    if pd.api.types.is_timedelta64_dtype(cells.dtype):
        seconds = [None if v is None else v.total_seconds() for v in values]
        return (pl.Series(seconds, dtype=pl.Float64) * 1e6).cast(pl.Duration("us"))
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        utc = pd.to_datetime(cells, utc=True).dt.tz_localize(None)
        return pl.Series([None if pd.isna(v) else v.to_pydatetime() for v in utc])
    if pd.api.types.is_bool_dtype(cells.dtype):
        return pl.Series(values, dtype=pl.Boolean)
    if pd.api.types.is_integer_dtype(cells.dtype):
        return pl.Series(values, dtype=pl.Int128)
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return pl.Series(values, dtype=pl.Float64)
    return pl.Series([None if v is None else str(v) for v in values], dtype=pl.String)


def described(cells: pl.Series) -> Read:
    """Say what a typed column is, in the words of `Expected`."""
    dtype = cells.dtype
    if cells.null_count() == len(cells):
        return Read("empty", [])
    if dtype == pl.Boolean:
        return Read("yes/no", cells.cast(pl.Float64).to_list())
    if dtype.is_integer():
        return Read("number", cells.to_list())
    if dtype.is_numeric():
        return Read("number", cells.cast(pl.Float64).fill_nan(None).to_list())
    if dtype in (pl.Date, pl.Datetime):
        return Read("date", list[Value](iso(cells.cast(pl.Datetime("us")))))
    if dtype == pl.Time:
        cells = cells.cast(pl.Duration("us"))
    if cells.dtype == pl.Duration:
        seconds = cells.dt.total_microseconds().cast(pl.Float64) / 1e6
        return Read("duration", seconds.to_list())
    return Read("words", cells.cast(pl.String).to_list())


def attempt(reader: str, column: Expected, path: Path) -> Read:
    """Let a reader read a file; what it warns of is what it said."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found = READERS[reader](column, path)
        except Exception as error:  # any refusal is a word
            return Read("error", [], (f"{type(error).__name__}: {error}",))
    said = (str(one.message) for one in caught)
    return Read(found.kind, found.values, (*found.warnings, *said), found.offers)


def compare(readers: list[str]) -> dict[str, dict[str, list[tuple[Expected, Any]]]]:
    """Judge what each reader makes of each column, section by section."""
    found: dict[str, dict[str, list[tuple[Expected, Any]]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for section, columns in SECTIONS.items():
            # What the user says of a column, no other reader can be told.
            asked = [column for column in columns if not column.override]
            if not asked:
                continue
            found[section] = {reader: [] for reader in readers}
            for column in asked:
                path = write(column, folder)
                for reader in readers:
                    made = attempt(reader, column, path)
                    judged = verdict(column, made, is_own=reader == "layerwise")
                    found[section][reader].append((column, (judged, made)))
    return found


def page(found: dict[str, dict[str, list[tuple[Expected, Any]]]]) -> list[str]:
    """Render the verdicts: in total, then by section."""
    readers = list(next(iter(found.values())))
    n = sum(len(section[readers[0]]) for section in found.values())
    lines = [*HEAD.format(n=n, versions=_versions(readers)).splitlines(), ""]
    lines += [
        "| reader | right | wrong | wrong without a word | of these, left as text |",
        "|---|---|---|---|---|",
    ]
    for reader in readers:
        judged = [one for section in found.values() for one in section[reader]]
        counts = Counter(word for _, (word, _) in judged)
        left = sum(
            word == VERDICTS[2] and made.kind == "words" for _, (word, made) in judged
        )
        cells = " | ".join(str(counts[word]) for word in VERDICTS)
        lines.append(f"| {reader} | {cells} | {left} |")
    lines += ["", "## By section", "", "Right / wrong / wrong without a word.", ""]
    lines += [
        f"| section | columns | {' | '.join(readers)} |",
        "|---|---|" + "---|" * len(readers),
    ]
    for section, judged in found.items():
        cells = [
            " / ".join(str([w for _, (w, _) in judged[r]].count(v)) for v in VERDICTS)
            for r in readers
        ]
        n_columns = len(judged[readers[0]])
        lines.append(f"| {section} | {n_columns} | {' | '.join(cells)} |")
    return [*lines, *examples(found)]


def examples(found: dict[str, dict[str, list[tuple[Expected, Any]]]]) -> list[str]:
    """Show the first column of each section that another reader changed in silence."""
    lines = [
        "",
        "## Read wrong without a word, for example",
        "",
        "The first column of each section that another reader turned into something",
        "else than text.",
        "",
        "| column | cells | reader | made of them |",
        "|---|---|---|---|",
    ]
    for section, judged in found.items():
        changed = [
            (column, reader, made)
            for reader, all_of_it in judged.items()
            for column, (word, made) in all_of_it
            if word == VERDICTS[2] and made.kind not in ("words", "empty")
        ]
        for column, reader, made in changed[:1]:
            cells = " · ".join(_code(cell) for cell in column.cells[:3])
            values = " · ".join(_code(value) for value in made.values[:3])
            what = f"{made.kind}: {values}"
            lines.append(f"| {section}: {column.title} | {cells} | {reader} | {what} |")
    return lines


def _code(cell: Value) -> str:
    return f"`{cell}`".replace("|", "\\|") if cell is not None else "missing"


def _versions(readers: list[str]) -> str:
    names = [f"{name} {importlib.metadata.version(name)}" for name in readers]
    return f"Python {platform.python_version()}, {', '.join(names)}"


HEAD = """\
# Readings compared

What four readers make of {n} columns, each as a CSV file of its own. The columns
and what is expected of them were written for this project and are those of its
tests: `tests/table/columns.py`. Written by `python benchmarks/readings.py` with
{versions}.

| reader | how it was asked |
|---|---|
| layerwise | `read` and `look`, all defaults |
| skrub | pandas' `read_csv`, then `TableVectorizer`, before it encodes words |
| pandas | `read_csv`, then `to_datetime` and `to_timedelta` where they are called for |
| polars | `read_csv(try_parse_dates=True)` |

**Right** is what was expected: the kind, and the cells as read. Where the cells
leave a doubt, such as `01/02/2024`, a reader is right only if it says so. Words
that stay words, yes and no as two words, names of rows and constants as they
stand are right for every reader, since the others have no kinds for them.

**Wrong** is anything else, when the reader said something: an error, a warning,
a message, for layerwise also the right kind offered beside the one it took.

**Wrong without a word** is anything else in silence: zeros that are lost, days
taken for months, words taken for missing, and numbers, dates and durations that
are left as text. The last of these can be seen in the column's type by whoever
looks, and so they are counted apart as well.

Any warning of another reader counts as a word; of layerwise, only one that names
the doubt. Columns that ask for what the user says of them are left out.

layerwise was built to read these columns, and the others were not. The sections
"written later" hold columns that were written when it could read all the others:
of the 87 that were tried then, it read 82 as expected at first sight. The other
five are among those kept, and it was mended for them; four of them it had read
wrong without a word."""


def main() -> None:
    """Compare all readers, and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DOCS)
    parser.add_argument("--wrong", action="store_true")
    asked = parser.parse_args()
    readers = [r for r in READERS if importlib.util.find_spec(r) is not None]
    for reader in READERS.keys() - readers:
        print(f"{reader} is not installed, so it is left out.", file=sys.stderr)
    found = compare(readers)
    lines = page(found)
    asked.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"Written to {asked.out}.")
    for section, judged in found.items() if asked.wrong else ():
        for reader, all_of_it in judged.items():
            for column, (word, made) in all_of_it:
                if word != "right":
                    print(f"{reader} | {word} | {section}: {column.title} | {made}")


if __name__ == "__main__":
    main()
