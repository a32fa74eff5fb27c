"""What reading found in a text file and what it had to repair: plain data.

No row is ever left out in silence, nor at all: what is skipped are lines that
are no rows (titles, notes, comments, blank lines), and each kind is counted.
"""

from dataclasses import dataclass

__all__ = ["Repairs", "Report"]


@dataclass(frozen=True)
class Report:
    r"""How a text file was read, in numbers.

    Attributes:
        encoding: Such as `utf-8` or `cp1252` (Windows-1252).
        delimiter: The mark between cells; empty for a file of one column.
        quote: The mark around cells; empty where quotes are part of the cells.
        escape: What stands before a quote inside a cell: the quote itself, or `\\`.
        comment: What comment lines begin with; empty where there are none.
        has_header: Whether the first row names the columns.
        n_rows: Rows read, the header not counted.
        n_columns: Columns read.
        n_repaired: Rows that were too short or too long and were made to fit.
        n_cells_changed: Cells that are not as in the file: letters that were no
            UTF-8, and quotes that were neither doubled nor closed.
        n_cells_dropped: Cells with content beyond the last column, left out.
        n_skipped_lines: Lines that are no rows: above and below the table,
            comments, and blank lines.
        is_careful: Whether the rows were read one by one, because the fast way
            could not prove that it read them whole.
    """

    delimiter: str
    quote: str
    escape: str
    comment: str
    n_rows: int
    n_columns: int
    encoding: str = "utf-8"
    has_header: bool = True
    n_repaired: int = 0
    n_cells_changed: int = 0
    n_cells_dropped: int = 0
    n_skipped_lines: int = 0
    is_careful: bool = False


@dataclass
class Repairs:
    """A tally of repairs, filled while a file is read.

    Attributes:
        n_above: Lines above the table.
        above: The first of them.
        n_below: Lines below the table.
        below: The first of them.
        n_headers: Lines that repeat the header.
        n_comments: Comment lines.
        n_blank: Blank lines.
        n_short: Rows with too few cells.
        n_long: Rows with empty cells beyond the last column.
        n_cut: Rows with cells beyond the last column that are not empty.
        n_dropped: Those cells.
        cut: The lines of the first few such rows.
        n_quotes: Cells whose quotes are neither doubled nor closed.
        n_letters: Letters that are no UTF-8.
        n_letter_cells: The cells that hold them.
    """

    n_above: int = 0
    above: str = ""
    n_below: int = 0
    below: str = ""
    n_headers: int = 0
    n_comments: int = 0
    n_blank: int = 0
    n_short: int = 0
    n_long: int = 0
    n_cut: int = 0
    n_dropped: int = 0
    cut: tuple[int, ...] = ()
    n_quotes: int = 0
    n_letters: int = 0
    n_letter_cells: int = 0

    @property
    def n_lines(self) -> int:
        """Lines that are no rows."""
        skipped = self.n_above + self.n_below + self.n_headers
        return skipped + self.n_comments + self.n_blank

    def sentences(self) -> tuple[str, ...]:
        """Say each kind of repair in a sentence.

        Example:
            >>> Repairs(n_short=1, n_blank=2).sentences()
            ('1 row was short; its missing cells are empty.',
             '2 blank lines were skipped.')
        """
        lines = ", ".join(f"{line:,}" for line in self.cut)
        more = f" and {self.n_cut - len(self.cut):,} more" * (
            self.n_cut > len(self.cut)
        )
        place = f"line{'s' * (self.n_cut > 1)} {lines}{more}"
        said = [
            (self.n_letters, "letter was no UTF-8 and became �.",
             "letters were no UTF-8 and became �."),
            (self.n_above, f"line above the table was skipped: {self.above!r}.",
             f"lines above the table were skipped, first {self.above!r}."),
            (self.n_below, f"line below the table was skipped: {self.below!r}.",
             f"lines below the table were skipped, first {self.below!r}."),
            (self.n_headers, "line repeated the header and was skipped.",
             "lines repeated the header and were skipped."),
            (self.n_comments, "comment line was skipped.",
             "comment lines were skipped."),
            (self.n_short, "row was short; its missing cells are empty.",
             "rows were short; their missing cells are empty."),
            (self.n_long,
             "row ended in an empty cell beyond the last column; it was left out.",
             "rows ended in empty cells beyond the last column; they were left out."),
            (self.n_cut,
             "row had more cells than there are columns; those beyond the last "
             f"column were left out ({place}).",
             "rows had more cells than there are columns; those beyond the last "
             f"column were left out ({place})."),
            (self.n_quotes,
             "cell held a quote that was not doubled; it was kept as it stands.",
             "cells held quotes that were not doubled; they were kept as they stand."),
            (self.n_blank, "blank line was skipped.", "blank lines were skipped."),
        ]  # fmt: skip
        return tuple(
            f"{n:,} {one if n == 1 else several}" for n, one, several in said if n
        )
