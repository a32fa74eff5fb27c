"""A sheet of an Excel workbook becomes a frame; cells keep their types.

The first row names the columns. A column of several types becomes text, and a
cell with an error (#DIV/0!) is missing.
"""

import io
import zipfile
from typing import TYPE_CHECKING

import polars as pl

from layerwise.errors import MissingPackageError, ReadError, did_you_mean, listed
from layerwise.table.delimited.headings import unique_names
from layerwise.table.sources.limits import MOST_COLUMNS, n_bytes, size_text

if TYPE_CHECKING:
    from fastexcel import ExcelReader, ExcelSheet

__all__ = ["read_excel"]

# What every workbook holds: .xlsx, .xlsb and .ods.
_PARTS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}


def read_excel(
    raw: bytes, sheet: str | None, most_bytes: int
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read one sheet of a workbook.

    Args:
        raw: The whole file.
        sheet: The name of the sheet; None for the first one.
        most_bytes: What the sheet may take.

    Returns:
        The frame, and what reading found, a sentence each.

    Raises:
        MissingPackageError: When fastexcel is not installed.
        ReadError: When it is no workbook, or has no such sheet or no rows.

    Example:
        >>> read_excel(b"PK", None, 1000)
        Traceback (most recent call last):
        ...
        layerwise.errors.ReadError: it is a zip archive, not a table.
    """
    _refuse_other_archives(raw, most_bytes)
    try:
        # Imported here: only workbooks need it, and it is an extra.
        import fastexcel
    except ImportError as error:
        raise MissingPackageError(
            "Reading Excel workbooks needs the package 'fastexcel', which is not "
            'installed. Install it with: pip install "layerwise[excel]"'
        ) from error
    try:
        book = fastexcel.read_excel(raw)
        name = _sheet_name(book, sheet)
        names, changes = _header(book, name)
        cells = book.load_sheet(
            name,
            header_row=None,
            skip_rows=1,
            column_names=[f"{j}" for j in range(len(names))],
            schema_sample_rows=None,
        )
        frame = _to_frame(cells)
    except (fastexcel.FastExcelError, pl.exceptions.PanicException) as error:
        first_line = str(error).partition("\n")[0]
        raise ReadError(
            f"it is no Excel workbook, or damaged ({first_line})."
        ) from error
    notes = _other_sheets(book, name) if sheet is None else ()
    frame.columns = names
    if not frame.height:
        raise ReadError(f"its sheet {name!r} has a header but no rows.")
    if n_bytes(frame) > most_bytes:
        raise ReadError(
            f"its sheet {name!r} takes {size_text(n_bytes(frame))}; the limit is "
            f"{size_text(most_bytes)}. Pass a larger most_bytes."
        )
    return frame, (*notes, *changes)


def _refuse_other_archives(raw: bytes, most_bytes: int) -> None:
    if not raw.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = set(archive.namelist())
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ReadError("it is a zip archive, not a table.") from error
    if not names & _PARTS:
        raise ReadError("it is a zip archive, not a table.")
    if size > most_bytes:
        raise ReadError(
            f"it unpacks to {size_text(size)}; the limit is {size_text(most_bytes)}. "
            "Pass a larger most_bytes."
        )


def _sheet_name(book: "ExcelReader", sheet: str | None) -> str:
    names = book.sheet_names
    if not names:
        raise ReadError("it has no sheets.")
    if sheet is None:
        return names[0]
    if sheet not in names:
        raise ReadError(
            f"it has no sheet {sheet!r}, but {listed(names)}."
            + did_you_mean(sheet, names)
        )
    return sheet


def _header(book: "ExcelReader", name: str) -> tuple[list[str], tuple[str, ...]]:
    first = _to_frame(book.load_sheet(name, header_row=None, n_rows=1, dtypes="string"))
    if not first.width or not first.height:
        raise ReadError(f"its sheet {name!r} is empty.")
    if first.width > MOST_COLUMNS:
        raise ReadError(
            f"its sheet {name!r} has {first.width:,} columns. A table may have "
            f"{MOST_COLUMNS:,}."
        )
    return unique_names([cell or "" for cell in first.row(0)])


def _to_frame(cells: "ExcelSheet") -> pl.DataFrame:
    # Never Sheet.to_arrow: that would need PyArrow.
    frame = cells.to_polars()
    return frame.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)))


def _other_sheets(book: "ExcelReader", name: str) -> tuple[str, ...]:
    others = [other for other in book.sheet_names if other != name]
    if not others:
        return ()
    return (f"Read the first sheet, {name!r}; there also is {listed(others)}.",)
