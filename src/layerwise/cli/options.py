"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Literal

import typer

__all__ = ["Dates", "Drop", "Features", "Json", "ModelFile", "TableFile", "names"]

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
    bool, typer.Option("--json", help="Print one JSON object and nothing else.")
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
    """Split a comma-separated option into column names.

    Example:
        >>> names("age, job")
        ['age', 'job']
    """
    if text is None:
        return None
    return [name.strip() for name in text.split(",") if name.strip()]
