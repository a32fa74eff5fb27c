"""Text files: what is found out about them, and what is repaired aloud."""

import io

import polars as pl
import pytest

from layerwise.errors import ReadError
from layerwise.table.delimited import text
from layerwise.table.delimited.report import Report
from layerwise.table.delimited.text import parse_large, parse_text


def _cells(raw: bytes) -> dict[str, list[str | None]]:
    return parse_text(raw)[0].to_dict(as_series=False)


def _notes(raw: bytes) -> tuple[str, ...]:
    return parse_text(raw)[1]


@pytest.mark.parametrize(
    ("raw", "cells"),
    [
        (b"a,b\r1,2\r3,4", {"a": ["1", "3"], "b": ["2", "4"]}),
        (b"a,b\r\n1,2\r\n3,4\r\n", {"a": ["1", "3"], "b": ["2", "4"]}),
        (b"a,b\n1,2\r\n3,4", {"a": ["1", "3"], "b": ["2", "4"]}),
        (b"\n\na,b\n1,2\n\n\n", {"a": ["1"], "b": ["2"]}),
        (b"a;b\n1,5;2,5\n3,5;4,5\n", {"a": ["1,5", "3,5"], "b": ["2,5", "4,5"]}),
        (b"a\tb\nx\ty z\n", {"a": ["x"], "b": ["y z"]}),
        (b"a|b\nx|y\n", {"a": ["x"], "b": ["y"]}),
        (b"name\nhello, you\nfoo\nx, y\n", {"name": ["hello, you", "foo", "x, y"]}),
        (b"x\n1,5\n2,5\n", {"x": ["1,5", "2,5"]}),
        (b"one\n1\n2\n", {"one": ["1", "2"]}),
        (b'a\n1\n\n2\n""\n', {"a": ["1", None, "2", None]}),
        (b'a,b\n"x\ny",2\n,\n', {"a": ["x\ny", None], "b": ["2", None]}),
        (b'a,b\n"say ""hi""",2\n', {"a": ['say "hi"'], "b": ["2"]}),
        (b"a,b\n'x,y','z'\n'u,v','w'\n", {"a": ["x,y", "u,v"], "b": ["z", "w"]}),
        (b'a,b\n1,5" x\n3,4" y\n', {"a": ["1", "3"], "b": ['5" x', '4" y']}),
        (b'a,b\n1,5" x\n3,4\n', {"a": ["1", "3"], "b": ['5" x', "4"]}),
        (b"\xef\xbb\xbfa,b\n1,2\n", {"a": ["1"], "b": ["2"]}),
        (b"zip,n\n00501,1\n", {"zip": ["00501"], "n": ["1"]}),
        (b"a,b\n  x ,2\n", {"a": ["  x "], "b": ["2"]}),
        (b"country,2019,2020\nUS,1,2\nUK,3,4\n",
         {"country": ["US", "UK"], "2019": ["1", "3"], "2020": ["2", "4"]}),
    ],
)  # fmt: skip
def test_cells_are_read_as_they_stand(raw, cells):
    assert _cells(raw) == cells
    assert _notes(raw) == ()


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        (
            "a,b\nx,ü\n".encode("cp1252"),
            "The text is not UTF-8; it was read as Windows-1252.",
        ),
        ("a,b\nx,ü\n".encode("utf-16"), "The text is UTF-16."),
        ("a,b\nx,ü\n".encode("utf-16-le"), "The text is UTF-16."),
        (
            b"31,clerk\n45,cook\n",
            "The file has no header; its columns are called x0 to x1.",
        ),
        (b"31\n45\n", "The file has no header; its column is called x0."),
        (b"a,b\n1\n3,4\n", "1 row was short; its missing cells are empty."),
        (b"a,b\n1\n3\n5,6\n", "2 rows were short; their missing cells are empty."),
        (b"a,b\n1,2\n\n3,4\n", "1 blank line was skipped."),
        (
            b"a,b\n1,2,\n3,4,\n",
            "2 rows ended in empty cells beyond the last column; they were left out.",
        ),
        (
            b"a,a,\n1,2,3\n",
            "2 column names were empty or repeated, and became 'a_2', 'unnamed'.",
        ),
    ],
)
def test_what_was_found_or_repaired_is_said(raw, note):
    assert _notes(raw) == (note,)


def test_latin_text_keeps_its_letters():
    assert _cells("a,b\nx,ü\n".encode("cp1252")) == {"a": ["x"], "b": ["ü"]}
    assert _cells("a,b\nx,ü\n".encode("utf-16")) == {"a": ["x"], "b": ["ü"]}


def test_quoted_short_rows_are_counted():
    raw = b'a,b\n"x,y"\n"u,v",w\n'
    assert _cells(raw) == {"a": ["x,y", "u,v"], "b": [None, "w"]}
    assert _notes(raw) == ("1 row was short; its missing cells are empty.",)


def test_long_row_without_header_is_told_against_row_0():
    with pytest.raises(ReadError) as caught:
        parse_text(b"1,2\n3,4\n5,6,7\n")
    assert str(caught.value) == (
        "row 2 has 3 cells, but row 0 has 2. Look for an unquoted comma in row 2 "
        "(line 3 of the file)."
    )


def test_many_rows_read_alike_on_both_ways():
    rows = "".join(f"{i},{i * i}\n" for i in range(120_000))
    fast, *_ = parse_text(f"a,b\n{rows}".encode())
    slow, notes, _ = parse_text(f"a,b\n{rows}7\n".encode())
    assert slow[:-1].equals(fast)
    assert slow.row(-1) == ("7", None)
    assert notes == ("1 row was short; its missing cells are empty.",)


def test_the_report_says_the_same_in_numbers():
    body = "1;2\n" * 20 + "3\n4;5;\n# x\n6;ÿ\n\n7;8\n"
    raw = f"Sales\n\n# us\nä;b\n{body}\nSource: us\n"
    frame, notes, report = parse_text(raw.encode("cp1252"))
    assert frame.columns == ["ä", "b"]
    assert frame.rows() == [
        *[("1", "2")] * 20,
        *[("3", None), ("4", "5"), ("6", "ÿ"), ("7", "8")],
    ]
    assert notes == (
        "The text is not UTF-8; it was read as Windows-1252.",
        "1 line above the table was skipped: 'Sales'.",
        "2 lines below the table were skipped, first 'Source: us'.",
        "2 comment lines were skipped.",
        "1 row was short; its missing cells are empty.",
        "1 row ended in an empty cell beyond the last column; it was left out.",
        "2 blank lines were skipped.",
    )
    assert report == Report(
        delimiter=";",
        quote='"',
        escape='"',
        comment="#",
        n_rows=24,
        n_columns=2,
        encoding="cp1252",
        has_header=True,
        n_repaired=2,
        n_skipped_lines=7,
        is_careful=True,
    )


def test_a_plain_file_is_read_the_fast_way():
    for raw in (b"a,b\n1,2\n", b'a,b\n"x,y",""\n', b"a\n1\n", b'a,b\n"\\"",1\n'):
        assert not parse_text(raw)[2].is_careful


# The hostile files of reference/reliability.md, section 5.3: what is read, what is
# said of it; or why it is refused.
HOSTILE = [
    ("empty", b"", "it is empty."),
    ("header only", b"a,b,c\n", "it has a header but no rows."),
    ("only newlines", b"\n\r\n\n", "it is empty."),
    ("UTF-8 BOM", "a,b\nü,2\n".encode("utf-8-sig"), ["a", "b"], [("ü", "2")]),
    (
        "UTF-16LE BOM",
        b"\xff\xfe" + "a,b\nü,2\n".encode("utf-16-le"),
        ["a", "b"],
        [("ü", "2")],
        "The text is UTF-16.",
    ),
    (
        "Latin-1",
        "a,b\nü,2\n".encode("latin-1"),
        ["a", "b"],
        [("ü", "2")],
        "The text is not UTF-8; it was read as Windows-1252.",
    ),
    (
        "NUL in a field",
        b"a,b\n1,\0\n",
        "it holds zero bytes, so it is not a text file.",
    ),
    (
        "NUL tail",
        b"a,b\n1,2\n\0\0\0",
        ["a", "b"],
        [("1", "2")],
        "The file ends in 3 zero bytes; they were left out.",
    ),
    (
        "ragged, more",
        b"a,b\n1,2\n3,4,5\n",
        "row 1 has 3 cells, but the header has 2 columns. Look for an unquoted comma "
        "in row 1 (line 3 of the file).",
    ),
    (
        "ragged, fewer",
        b"a,b\n1\n3,4\n",
        ["a", "b"],
        [("1", None), ("3", "4")],
        "1 row was short; its missing cells are empty.",
    ),
    (
        "duplicate names",
        b"a,a\n1,2\n",
        ["a", "a_2"],
        [("1", "2")],
        "1 column name was empty or repeated, and became 'a_2'.",
    ),
    (
        "empty names",
        b",b\n1,2\n",
        ["unnamed", "b"],
        [("1", "2")],
        "1 column name was empty or repeated, and became 'unnamed'.",
    ),
    (
        "trailing separator",
        b"a,b,\n1,2,\n",
        ["a", "b"],
        [("1", "2")],
        "Each line ends in a delimiter; no column is behind it.",
    ),
    (
        "unclosed quote",
        b'a,b\n1,"2\n3,4\n5,6\n',
        'a " opens in line 2 and is never closed. Close it, or double it if it is '
        "part of the cell.",
    ),
    ("quote in mid-field", b'a,b\n1,5" x\n', ["a", "b"], [("1", '5" x')]),
    ("embedded newline", b'a,b\n"x\ny",2\n', ["a", "b"], [("x\ny", "2")]),
    ("CR only", b"a,b\r1,2\r3,4\r", ["a", "b"], [("1", "2"), ("3", "4")]),
    ("mixed line ends", b"a,b\n1,2\r\n3,4\r", ["a", "b"], [("1", "2"), ("3", "4")]),
    ("semicolon", b"a;b\n1;2\n", ["a", "b"], [("1", "2")]),
    (
        "type flips late",
        b"a,b\n" + b"1,2\n" * 20_000 + b"x,2\n",
        ["a", "b"],
        [*[("1", "2")] * 20_000, ("x", "2")],
    ),
    (
        "integers around 2^63",
        b"a,b\n9223372036854775807,1\n9223372036854775808,2\n",
        ["a", "b"],
        [("9223372036854775807", "1"), ("9223372036854775808", "2")],
    ),
    (
        "extreme floats",
        b"a,b\n1e309,1\nnan,2\ninf,3\n",
        ["a", "b"],
        [("1e309", "1"), ("nan", "2"), ("inf", "3")],
    ),
    (
        "formulas",
        b"a,b\n=1+1,@x\n-cmd,+2\n",
        ["a", "b"],
        [("=1+1", "@x"), ("-cmd", "+2")],
    ),
    (
        "20,000 columns",
        ",".join(f"c{j}" for j in range(20_000)).encode()
        + b"\n"
        + b"1," * 19_999
        + b"1",
        [f"c{j}" for j in range(20_000)],
        [("1",) * 20_000],
    ),
    (
        "5 MB field",
        b"a,b\n" + b"x" * 5_000_000 + b",2\n",
        ["a", "b"],
        [("x" * 5_000_000, "2")],
    ),
    ("space separated", b"a b c\n1 2 3\n", ["a", "b", "c"], [("1", "2", "3")]),
    (
        "numeric header",
        b"2019,2020,2021\n1.5,2,3\n",
        ["2019", "2020", "2021"],
        [("1.5", "2", "3")],
    ),
    (
        "mixed booleans",
        b"a,b\ntrue,1\nF,0\nyes,1\n",
        ["a", "b"],
        [("true", "1"), ("F", "0"), ("yes", "1")],
    ),
    ("leading zeros", b"a,b\n007,0.50\n", ["a", "b"], [("007", "0.50")]),
    (
        "NA words",
        b"a,b\nNA,1\nnull,2\n-,3\n",
        ["a", "b"],
        [("NA", "1"), ("null", "2"), ("-", "3")],
    ),
    (
        "surrogate bytes",
        "a,b\nüöäßé,1\n".encode() + b"\xed\xa0\x80,2\n",
        ["a", "b"],
        [("üöäßé", "1"), ("���", "2")],
        "3 letters were no UTF-8 and became �.",
    ),
    (
        "invalid UTF-8 late",
        "a,b\nüö,1\n".encode() + b"x,1\n" * 30_000 + b"\xff,2\n",
        ["a", "b"],
        [("üö", "1"), *[("x", "1")] * 30_000, ("�", "2")],
        "1 letter was no UTF-8 and became �.",
    ),
    ("one column without final newline", b"a\n1\n2", ["a"], [("1",), ("2",)]),
    (
        "Ctrl-Z",
        b"a,b\n1,2\n\x1a",
        ["a", "b"],
        [("1", "2")],
        "The file ends in Ctrl-Z, which was left out.",
    ),
    # The 35th, a gzip bomb, is no text: see test_read.py.
]


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case[0])
def test_hostile_files_are_read_or_refused_aloud(case):
    _, raw, *expected = case
    if isinstance(expected[0], str):
        with pytest.raises(ReadError) as caught:
            parse_text(raw)
        assert str(caught.value) == expected[0]
        return
    columns, rows, *said = expected
    frame, notes, report = parse_text(raw)
    assert frame.columns == columns
    assert frame.rows() == rows
    assert notes == tuple(said)
    assert (report.n_rows, report.n_columns) == frame.shape


HEADER = "Day,Time,Qty,Price,About\n"
ROWS = ('2018-01-28,00:00,2,$74.69,"warm, dry"\n', "2018-05-31,15:30,3,$9.49,light\n")
CELLS = [
    ("2018-01-28", "00:00", "2", "$74.69", "warm, dry"),
    ("2018-05-31", "15:30", "3", "$9.49", "light"),
]
TABLE = HEADER + "".join(ROWS)
# The kinds of pollution that the Pollock benchmark found in files of the world.
POLLUTED = {
    "title": ("Report\n" + TABLE, "1 line above the table was skipped: 'Report'."),
    "titles and a blank line": (
        "Report\nby us, 2018\n\n" + TABLE,
        "2 lines above the table were skipped, first 'Report'.",
        "1 blank line was skipped.",
    ),
    "padded title": (
        "Report,,,,\n,,,,\n" + TABLE,
        "2 lines above the table were skipped, first 'Report'.",
    ),
    "wide title": (
        "Sales,of,us,and,all,others\n" + TABLE,
        "1 line above the table was skipped: 'Sales of us and all others'.",
    ),
    "delimiter told": (
        "sep=,\n" + TABLE,
        "1 line above the table was skipped: 'sep=,'.",
    ),
    "note": (
        TABLE + "\nSource: us\n",
        "2 lines below the table were skipped, first 'Source: us'.",
    ),
    "padded note": (
        TABLE + "Source: us,,,,\n",
        "1 line below the table was skipped: 'Source: us'.",
    ),
    "number of rows": (
        TABLE + "(2 rows)",
        "1 line below the table was skipped: '(2 rows)'.",
    ),
    "header repeated": (
        HEADER + ROWS[0] + HEADER + ROWS[1],
        "1 line repeated the header and was skipped.",
    ),
    "blank line": (
        HEADER + "\n" + "".join(ROWS),
        "1 blank line was skipped.",
    ),
    "comments": ("# by us\n" + TABLE + "# end\n", "2 comment lines were skipped."),
    "trailing delimiter": (
        TABLE.replace("\n", ",\n"),
        "Each line ends in a delimiter; no column is behind it.",
    ),
    "cells beyond the header": (
        HEADER + "".join(row.replace("\n", ",\n") for row in ROWS),
        "2 rows ended in empty cells beyond the last column; they were left out.",
    ),
    "semicolon": (TABLE.replace(",", ";").replace("warm;", "warm,"),),
    "tab": (TABLE.replace(",", "\t").replace("warm\t", "warm,"),),
    "bar": (TABLE.replace(",", "|").replace("warm|", "warm,"),),
    "tilde": (TABLE.replace(",", "~").replace("warm~", "warm,"),),
    "blank": (TABLE.replace(",", " ").replace("warm  dry", "warm, dry"),),
    "single quote": (TABLE.replace('"', "'"),),
    "blank before quotes": (TABLE.replace(',"', ', "'),),
    "carriage returns": (TABLE.replace("\n", "\r"),),
    "Windows line ends": (TABLE.replace("\n", "\r\n"),),
    "no last line end": (TABLE.rstrip(),),
}


@pytest.mark.parametrize("kind", POLLUTED)
def test_polluted_files_hold_the_same_table(kind):
    raw, *said = POLLUTED[kind]
    frame, notes, _ = parse_text(raw.encode())
    assert frame.columns == HEADER.rstrip().split(",")
    assert frame.rows() == CELLS
    assert notes == tuple(said)


@pytest.mark.parametrize(
    ("raw", "columns", "rows", "said"),
    [
        (
            b'"x" "y"\n"r1" 1 2\n"r2" 3 4\n',
            ["unnamed", "x", "y"],
            [("r1", "1", "2"), ("r2", "3", "4")],
            ("The header has no name for the first column; it is called 'unnamed'.",),
        ),
        (
            b"name     age  town\nBob Ray   31  Rome\nAnn Lee   45  Oslo\n",
            ["name", "age", "town"],
            [("Bob Ray", "31", "Rome"), ("Ann Lee", "45", "Oslo")],
            ("Its columns are aligned; runs of blanks part the cells.",),
        ),
        (
            b"  1.5  2   3\n 10.5 20  30\n 11.5 21  31\n",
            ["x0", "x1", "x2"],
            [("1.5", "2", "3"), ("10.5", "20", "30"), ("11.5", "21", "31")],
            (
                "Its columns are aligned; runs of blanks part the cells.",
                "The file has no header; its columns are called x0 to x2.",
            ),
        ),
        (
            b"# x y z\n1 2 3\n4 5 6\n",
            ["x", "y", "z"],
            [("1", "2", "3"), ("4", "5", "6")],
            (),
        ),
        (
            b"a,b\nx,1\ny,2\nTotal,3\n",
            ["a", "b"],
            [("x", "1"), ("y", "2"), ("Total", "3")],
            (
                "The last row begins with 'Total' and was kept; take it out of the "
                "file if it is a sum of the others.",
            ),
        ),
        (
            b'a,b\n"x",1\n' * 1 + b'"y",2\n' * 300 + b'"say \\"hi\\" \\N",3\n',
            ["a", "b"],
            [("x", "1"), *[("y", "2")] * 300, ('say "hi" \\N', "3")],
            (),
        ),
    ],
)
def test_what_other_programs_write_is_read(raw, columns, rows, said):
    frame, notes, _ = parse_text(raw)
    assert frame.columns == columns
    assert frame.rows() == rows
    assert notes == said


def test_a_few_long_rows_do_not_stop_a_file():
    raw = b"a,b\n" + b"1,2\n" * 20 + b"3,4,5\n"
    frame, notes, report = parse_text(raw)
    assert frame.rows()[-1] == ("3", "4")
    assert frame.height == 21
    assert (report.n_repaired, report.n_cells_dropped) == (1, 1)
    assert notes == (
        "1 row had more cells than there are columns; those beyond the last column "
        "were left out (line 22).",
    )


def test_a_large_file_says_that_it_was_read_row_by_row(monkeypatch):
    monkeypatch.setattr("layerwise.table.delimited.text.LARGE_BYTES", 8)
    assert _notes(b"a,b\n1,2\n3\n") == (
        "Its rows are not all alike, so they were read one by one.",
        "1 row was short; its missing cells are empty.",
    )


def test_one_column_may_hold_every_delimiter():
    raw = b"text\n" + b"a,b;c\td|e\x1ff\n" + b"x\n" * 5
    frame, *_ = parse_text(raw)
    assert frame.row(0) == ("a,b;c\td|e\x1ff",)
    marks = bytes({*range(1, 32)} - {9, 10, 13})
    with pytest.raises(ReadError) as caught:
        parse_text(b"text\n" + marks + b"\n")
    assert str(caught.value) == "it holds every control character, so it is no table."


EVEN = "".join(f"{i},word {i % 7},{i}.5\n" for i in range(3_000))
HEAD = "n,word,x\n"
MIDDLE = HEAD + EVEN[: EVEN.index("\n1500,") + 1]
REST = EVEN[EVEN.index("\n1500,") + 1 :]


@pytest.fixture
def small_chunks(monkeypatch):
    """Make small texts large."""
    monkeypatch.setattr("layerwise.table.delimited.text.LARGE_BYTES", 8)
    monkeypatch.setattr("layerwise.table.delimited.text.ENDS_BYTES", 2**13)
    monkeypatch.setattr("layerwise.table.delimited.chunks.CHUNK_BYTES", 2**12)


def _large(raw, may_hold=lambda n_cells, n_bytes: True):
    return parse_large(io.BytesIO(raw), may_hold)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + EVEN,
        HEAD + EVEN[:-1],
        EVEN,
        (HEAD + EVEN).replace("\n", "\r\n"),
        (HEAD + EVEN).replace(",", ";"),
        "A title\n\n" + HEAD + EVEN,
        HEAD + EVEN + '7,"word, quoted",1.5\n',
        HEAD + EVEN + "7,wörd,1.5\n",
        MIDDLE + HEAD + REST,
        HEAD + EVEN + "Total,,5\n",
        "a,b,\n" + "x,y,\nx,,z\n" * 900 + "a,b,\n" + "x,y,\n" * 900,  # pages
        "\n".join(f"word {i}" for i in range(3_000)),
    ],
)
def test_a_large_file_reads_as_its_bytes_do(text, small_chunks):
    large, whole = _large(text.encode()), parse_text(text.encode())
    assert large is not None
    frame, notes, report = large
    assert frame.columns == whole[0].columns
    assert frame.cast(pl.String).equals(whole[0].cast(pl.String))
    assert (notes, report) == whole[1:]
    assert not report.is_careful


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"a\n", b"\xef\xbb\xbf" + (HEAD + EVEN).encode()),
        (HEAD + EVEN).encode("utf-16"),
        (HEAD + EVEN).encode() + b"\n\n",
        (HEAD + EVEN).encode() + b"\0\0",
        (HEAD + EVEN).encode() + b"\nSource: us\n",
        b"sep=,\n" + (HEAD + EVEN).encode(),
        ("word,x\n" + EVEN).encode(),  # the first column lacks a name
        (MIDDLE + "7,w\xf6rd,5\n" + REST).encode("cp1252"),
        (MIDDLE + '7,"say \\"so\\"",5\n' + REST).encode(),
        (MIDDLE + '7,"two\nlines",5\n' + REST).encode(),
        (MIDDLE + "7,short\n" + REST).encode(),
        (MIDDLE + "7,w,5,long\n" + REST).encode(),
        (MIDDLE + "\n" + REST).encode(),
        (MIDDLE + "7,zero\0,5\n" + REST).encode(),
        (MIDDLE + "7,return\r,5\n" + REST).encode(),
        "\n".join(f"{'w' * 3_000},{i}" for i in range(40)).encode(),
    ],
)
def test_what_is_not_even_is_left_to_the_careful_way(raw, small_chunks, monkeypatch):
    monkeypatch.setattr("layerwise.table.delimited.text.SAMPLE_BYTES", 2**13)
    assert _large(raw) is None


def test_a_large_file_of_too_many_cells_or_columns_is_left(small_chunks, monkeypatch):
    raw = (HEAD + EVEN).encode()
    asked = []

    def may_hold(n_cells, n_bytes):
        asked.append((n_cells, n_bytes))
        return n_cells < 4_500

    assert _large(raw, may_hold) is None
    assert asked[0] == (3, len(HEAD))
    assert _large(raw, lambda n_cells, n_bytes: n_cells <= 9_003) is not None
    assert _large(raw, lambda n_cells, n_bytes: n_bytes < len(raw)) is None
    monkeypatch.setattr("layerwise.table.delimited.text.WIDEST", 2)
    assert _large(raw) is None


def test_a_large_file_that_cannot_be_read_is_left_to_say_so(small_chunks):
    assert _large(b"a,\0\n" * 9_000) is None


def test_blank_lines_among_wide_rows_are_refused_where_they_are_millions(monkeypatch):
    row = b",".join([b"7"] * 40) + b"\n"
    raw = (row + b"\n" * 100) * 20
    assert len(_cells(raw)) == 40
    monkeypatch.setattr(text, "MOST_IN_LINES", 1000)
    said = (
        "^it has 1,919 lines, and most of them are blank or far too short for rows of "
        r"40 cells\. Look whether its first line belongs to the table\.$"
    )
    with pytest.raises(ReadError, match=said):
        parse_text(raw)
    # Few blank lines are none too many, however long the file is.
    assert len(_cells((row + b"\n" * 3) * 100)) == 40
