"""Any dialect: what was written as a text is read back as it was."""

import csv
import io
import re
from dataclasses import dataclass, replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from layerwise.table.delimited.text import parse_text


@dataclass(frozen=True)
class Written:
    """How a table is written."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    line_end: str = "\n"
    encoding: str = "utf-8"
    quotes_all: bool = False
    ends_in_delimiter: bool = False
    has_last_line_end: bool = True
    above: str = ""


def write(rows, how):
    """Write a table: cells with marks, line ends or blanks at an edge are quoted."""
    end = (how.delimiter if how.ends_in_delimiter else "") + how.line_end
    lines = (how.delimiter.join(cell_text(cell, how) for cell in row) for row in rows)
    text = how.above.replace("\n", how.line_end) + end.join(lines) + end
    if not how.has_last_line_end:
        text = text.removesuffix(how.line_end)
    return text.encode(how.encoding)


def cell_text(cell, how):
    marks = {how.delimiter, how.quote, "\r", "\n"}
    if not how.quotes_all and not marks & {*cell} and cell == cell.strip():
        return cell.replace("\\", "\\\\") if how.escape else cell
    inner = cell.replace(how.quote, 2 * how.quote)
    if how.escape:
        inner = re.sub(rf"([\\{how.quote}])", r"\\\1", cell)
    return how.quote + inner + how.quote


WRITTEN = st.builds(
    Written,
    delimiter=st.sampled_from(",;\t|"),
    quote=st.sampled_from("\"'"),
    escape=st.sampled_from(["", "\\"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"]),
    quotes_all=st.booleans(),
    ends_in_delimiter=st.booleans(),
    has_last_line_end=st.booleans(),
    above=st.sampled_from(
        ["", "Sales of the year 2024\n\n", "# made by hand\n# in March\n"]
    ),
)
LETTERS = st.one_of(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    st.sampled_from(list(",;|\t\"'\\\n\r #%-/:. ~^aé€0\x1f\x1a")),
)
CELLS = st.text(LETTERS, max_size=8)
NAMES = st.text(LETTERS, min_size=1, max_size=6).filter(
    lambda name: name == name.strip() not in ("", "n")
)


def is_ambiguous(table, how):
    """Whether the same bytes can be read in another way that is as good.

    Nothing is left out for any other reason than these.
    """
    plain = replace(how, above="", ends_in_delimiter=False, encoding="utf-8")
    text = write(table, plain).decode()
    first_cells = [row[0] for row in table if "\n" not in cell_text(row[0], how)]
    return (
        # Ã© in Windows-1252 is é in UTF-8, and the first letter may be a mark.
        (how.encoding == "cp1252" and is_utf8_in_part(text.encode("cp1252")))
        or (how.encoding == "utf-8" and text.startswith("\ufeff"))
        # Below comments, a line that begins like one is one.
        or ("#" in how.above and any(is_marked(cell, how) for cell in first_cells))
        # Nothing shows that ' is the quote, so a cell that begins with " is quoted.
        or (how.quote == "'" and "'" not in text and any(map(opens, cells_of(table))))
        # Another dialect cuts all lines into as many cells, with no quote amiss.
        or any(other not in (None, table) for other in other_readings(text, how))
    )


def cells_of(table):
    return [cell for row in table for cell in row]


def opens(cell):
    return cell.startswith('"')


def is_utf8_in_part(raw):
    return raw.isascii() or bool(re.search(rb"[\xc2-\xf4][\x80-\xbf]", raw))


def is_marked(cell, how):
    return cell_text(cell, how).lstrip(" ").startswith("#")


def other_readings(text, how):
    for delimiter in ",;\t|":
        for quote in "\"'":
            for escape in (None, "\\"):
                rows = whole_rows(text, delimiter, quote, escape)
                if (delimiter, quote, escape or "") != (
                    how.delimiter,
                    how.quote,
                    how.escape,
                ):
                    yield rows


def whole_rows(text, delimiter, quote, escape):
    """Read with Python's csv module; None unless all rows have several cells."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quotechar=quote,
        escapechar=escape,
        doublequote=not escape,
        strict=True,
    )
    try:
        rows = list(reader)
    except csv.Error:
        return None
    return rows if len(rows[0]) > 1 and len({*map(len, rows)}) == 1 else None


@settings(max_examples=300)
@given(data=st.data(), how=WRITTEN)
def test_what_was_written_is_read_back(data, how):
    names = data.draw(st.lists(NAMES, min_size=2, max_size=4, unique=True))
    rows = data.draw(st.lists(st.tuples(*[CELLS] * len(names)), min_size=2, max_size=6))
    if how.encoding == "cp1252":
        texts = "".join([*names, *(cell for row in rows for cell in row)])
        assume(texts.encode("cp1252", "replace").decode("cp1252") == texts)
    # Numbers settle that the first row is a header.
    table = [[*names, "n"], *([*row, f"{i}.5"] for i, row in enumerate(rows))]
    assume(not is_ambiguous(table, how))
    raw = write(table, how)
    frame, _, report = parse_text(raw)
    expected = [tuple(cell or None for cell in row) for row in table[1:]]
    assert frame.columns == table[0]
    assert frame.rows() == expected
    assert report.n_rows == len(rows)
