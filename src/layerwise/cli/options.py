"""Options that several commands share, and how their texts are read."""

import contextlib
import csv
import os
import tempfile
from pathlib import Path
from typing import Annotated, cast

import typer

from layerwise.errors import BundleError, ParameterError, did_you_mean
from layerwise.table.dates import DATE_ORDERS, DateOrder
from layerwise.table.overrides import Override
from layerwise.table.reading import KINDS
from layerwise.table.said import said_of

__all__ = [
    "Dates",
    "Drop",
    "Features",
    "Json",
    "Kinds",
    "Last",
    "ModelFile",
    "ReadingFile",
    "Sheet",
    "Sql",
    "TableFile",
    "Write",
    "names",
    "said",
    "to_write",
]

TableFile = Annotated[
    str,
    typer.Argument(
        metavar="TABLE",
        help="A table: .csv, .tsv, .jsonl, .parquet, .arrow or .xlsx, text also as "
        ".gz or .zst; a folder or a pattern of .parquet files; or the URL of a "
        "database.",
        show_default=False,
    ),
]
ModelFile = Annotated[
    Path,
    typer.Argument(
        metavar="MODEL", help="A model file that train wrote.", show_default=False
    ),
]
Json = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Print one JSON object on standard output; progress and messages still "
        "go to standard error.",
    ),
]
Last = Annotated[
    bool,
    typer.Option(
        "--last",
        help="Take the last epoch instead of the best; train --patience 0 keeps both.",
    ),
]
Features = Annotated[
    str | None,
    typer.Option(metavar="A,B", help="Use these columns only, separated by commas."),
]
Drop = Annotated[
    str | None, typer.Option(metavar="A,B", help="Leave these columns out.")
]
ReadingFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Read the columns as this file says: the one of look --write, changed.",
    ),
]
Write = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Write how the columns are read as .yaml, to be changed and handed to "
        "--reading.",
    ),
]
Kinds = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COLUMN=KIND",
        help=f"Read a column as {', '.join(KINDS[:-1])} or {KINDS[-1]}; may be given "
        "again.",
    ),
]
Dates = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ORDER",
        help="day-first or month-first, for date columns that do not decide it; or "
        "COLUMN=ORDER for one of them; may be given again.",
    ),
]
Sql = Annotated[
    str | None,
    typer.Option(
        metavar="QUERY", help='What to ask a database for: "select ... from ...".'
    ),
]
Sheet = Annotated[
    str | None, typer.Option(metavar="NAME", help="Which sheet of an Excel file.")
]


def names(text: str | None) -> list[str] | None:
    """Split an option into column names; quotes hold a comma together.

    Example:
        >>> names('age, "city, state"')
        ['age', 'city, state']
    """
    if text is None:
        return None
    (cells,) = csv.reader([text], skipinitialspace=True)
    return [name.strip() for name in cells if name.strip()]


def said(
    reading: Path | None, kinds: list[str] | None, dates: list[str] | None
) -> tuple[DateOrder | None, dict[str, Override]]:
    """Put together what the options say of columns.

    Args:
        reading: A reading file.
        kinds: "COLUMN=KIND" each; stronger than the file.
        dates: An order for all undecided columns, or "COLUMN=ORDER" each; stronger
            than the file.

    Returns:
        The order for undecided columns, and what is said of single columns.

    Example:
        >>> order, columns = said(None, ["zip=category"], ["day-first"])
        >>> order, columns["zip"].kind
        ('day-first', 'category')
    """
    order: str | None = None
    orders: dict[str, str] = {}
    for text in dates or ():
        name, is_column, value = text.rpartition("=")
        if value not in DATE_ORDERS:
            raise ParameterError(
                f"--dates takes {' or '.join(DATE_ORDERS)}, or COLUMN=ORDER with one "
                f"of them. Got {text!r} instead.{did_you_mean(value, DATE_ORDERS)}"
            )
        if is_column:
            orders[name] = value
        elif order not in (None, value):
            raise ParameterError(
                f"--dates says {order} and {value}. Give one of them, or name the "
                f"column: --dates COLUMN={value}."
            )
        else:
            order = value
    by_kind = dict(_column_and_kind(text) for text in kinds or ())
    _, overrides = said_of(reading, orders or None, by_kind)
    return cast("DateOrder | None", order), overrides


def _column_and_kind(text: str) -> tuple[str, str]:
    name, is_column, kind = text.rpartition("=")
    if not is_column:
        raise ParameterError(
            f"--kind takes COLUMN=KIND, such as {text or 'zip'}=category. Got {text!r} "
            "instead."
        )
    return name, kind


def to_write(
    path: Path, endings: tuple[str, ...], reads: str = "", option: str = "--out"
) -> Path:
    """Check a file that will be written, before the work and not after it.

    Args:
        path: Where to write.
        endings: Those that its name may have.
        reads: A file that is read and must not be replaced.
        option: The one that names it.

    Raises:
        ParameterError: When the name has another ending, or is that file's.
        BundleError: When its folder is not there or not to be written in, or a
            folder or a device has that name.
    """
    if path.suffix not in endings:
        raise ParameterError(
            f"The file of {option} ends in {' or '.join(endings)}. Got {path.name!r}."
        )
    try:
        _try_place(path, reads, option)
    except OSError as error:
        raise BundleError(
            f"Could not write {path.name!r} in the folder {str(path.parent)!r}: "
            f"{error.strerror}. Choose another name or folder."
        ) from error
    return path


def _try_place(path: Path, reads: str, option: str) -> None:
    """Refuse a place for a file, in the end by making one that is gone at once.

    Permissions alone do not tell: a disk may be read-only, or full.
    """
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        os.lstat(path)  # a name may be too long for the disk
    if reads and path.exists() and Path(reads).exists() and path.samefile(reads):
        raise ParameterError(
            f"The file of {option} is the table {path.name!r} itself, which would be "
            "lost. Give another name."
        )
    if not path.parent.is_dir():
        raise BundleError(
            f"Could not write {path.name!r}: there is no folder {str(path.parent)!r}. "
            "Make it first, or choose another."
        )
    if path.exists() and not path.is_file():
        raise BundleError(
            f"Could not write {path.name!r}: a folder or a device has that name. Give "
            "another name."
        )
    with tempfile.TemporaryFile(dir=Path(os.path.realpath(path)).parent):
        pass
