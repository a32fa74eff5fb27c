"""Options that several commands share, and how their texts are read."""

import contextlib
import csv
import os
import tempfile
from pathlib import Path
from typing import Annotated, Literal

import typer

from layerwise.errors import BundleError, ParameterError

__all__ = [
    "Dates",
    "Drop",
    "Features",
    "Json",
    "Last",
    "ModelFile",
    "TableFile",
    "names",
    "to_write",
]

TableFile = Annotated[
    str,
    typer.Argument(
        metavar="TABLE",
        help="A table: .csv, .tsv, .csv.gz or .parquet.",
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
Dates = Annotated[
    Literal["day-first", "month-first"] | None,
    typer.Option(
        metavar="ORDER",
        help="day-first or month-first, for date columns that do not decide it.",
    ),
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


def to_write(path: Path, endings: tuple[str, ...], reads: str = "") -> Path:
    """Check a file that will be written, before the work and not after it.

    Args:
        path: Where to write.
        endings: Those that its name may have.
        reads: A file that is read and must not be replaced.

    Raises:
        ParameterError: When the name has another ending, or is that file's.
        BundleError: When its folder is not there or not to be written in, or a
            folder or a device has that name.
    """
    if path.suffix not in endings:
        raise ParameterError(
            f"The file of --out ends in {' or '.join(endings)}. Got {path.name!r}."
        )
    try:
        _try_place(path, reads)
    except OSError as error:
        raise BundleError(
            f"Could not write {path.name!r} in the folder {str(path.parent)!r}: "
            f"{error.strerror}. Choose another name or folder."
        ) from error
    return path


def _try_place(path: Path, reads: str) -> None:
    """Refuse a place for a file, in the end by making one that is gone at once.

    Permissions alone do not tell: a disk may be read-only, or full.
    """
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        os.lstat(path)  # a name may be too long for the disk
    if reads and path.exists() and Path(reads).exists() and path.samefile(reads):
        raise ParameterError(
            f"The file of --out is the table {path.name!r} itself, which would be "
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
