"""A large text read chunk by chunk stands as if it had been read at once."""

import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwise.table.delimited import chunks
from layerwise.table.delimited.chunks import read_chunks
from layerwise.table.delimited.dialect import Dialect
from layerwise.table.kinds import infer


def chunked(text, chunk_bytes=8, dialect=None, skip=0):
    return read_chunks(
        io.BytesIO(text.encode()), dialect or Dialect(), skip, chunk_bytes
    )


def kinds(frame):
    return [str(dtype).partition("(")[0] for dtype in frame.dtypes]


def test_numbers_become_numbers_and_repeated_texts_are_kept_once():
    frame = chunked("1,red,a\n2.5,blue,b\n-3e4,red,c\n")
    assert kinds(frame) == ["Float64", "Categorical", "Categorical"]
    assert frame.rows() == [
        (1.0, "red", "a"),
        (2.5, "blue", "b"),
        (-30000.0, "red", "c"),
    ]


def test_a_column_that_is_no_number_in_the_end_is_text_from_the_start():
    text = "".join(f"{i}.50,x\n" for i in range(100)) + "n/a,x\n"
    frame = chunked(text, 64)
    assert frame["0"].cast(pl.String).to_list() == [
        *(f"{i}.50" for i in range(100)),
        "n/a",
    ]


@pytest.mark.parametrize(
    "cell",
    [
        *("00501", "-007", "+01", "9007199254740993", "nan", "inf", "1 2", "1e999"),
        "+4915112345678",
    ],
)
def test_what_a_float_would_change_stays_text(cell):
    rows = ["1,2"] * 30
    for place in (0, 15, 30):
        lines = [*rows[:place], f"7,{cell}", *rows[place:]]
        frame = chunked("\n".join(lines), 32)
        assert frame["0"].dtype == pl.Float64
        assert frame["1"].cast(pl.String)[place] == cell
        assert frame["1"].cast(pl.String)[place - 1] == "2"


@pytest.mark.parametrize("cell", ["0.5", "0", "0.0", "-0.25", "", "1e-3", ".5", "5."])
def test_what_begins_with_a_zero_may_be_a_number(cell):
    frame = chunked(f"1,2\n3,{cell}\n" * 20, 16)
    assert frame.dtypes == [pl.Float64, pl.Float64]
    assert frame["1"][1] == (float(cell) if cell else None)


def test_a_mark_that_is_open_is_asked_of_the_texts():
    cells = ["1.230", "5.678", "12.340"] * 20
    (column,) = chunked("\n".join(cells), 32)
    assert column.cast(pl.String).to_list() == cells
    found, whole = infer("x", column), infer("x", pl.Series(cells))
    assert (found.rule, found.warnings) == (whole.rule, whole.warnings)
    assert whole.warnings == (
        "Column 'x': '.' was read as standing before the fraction, but every cell also "
        "fits between thousands.",
    )


def test_telephone_numbers_are_none_in_a_large_text_either():
    cells = [f"+49151123456{i}" for i in range(10)] * 9
    (column,) = chunked("\n".join(cells), 32)
    assert infer("x", column).kind == infer("x", pl.Series(cells)).kind == "category"


def test_texts_that_do_not_repeat_are_plain_texts():
    frame = chunked("".join(f"word {i},1\n" for i in range(5_000)), 4096)
    assert kinds(frame) == ["String", "Float64"]
    assert frame["0"][4_999] == "word 4999"


def test_texts_may_begin_to_repeat_late(monkeypatch):
    text = "".join(f"word {i % 1_500},1\n" for i in range(9_000))
    assert kinds(chunked(text, 4096)) == ["Categorical", "Float64"]
    monkeypatch.setattr(chunks, "FIRST_DISTINCT", 1_000)
    assert kinds(chunked(text, 4096)) == ["String", "Float64"]


@pytest.mark.parametrize(
    "text",
    [
        "1,2\n3\n",
        "1,2\n3,4,5\n",
        "1,2\n\n3,4\n",
        "1,2\r3,4\r",
        '1,"a\nb"\n2,c\n',
        '1,"a\n2,b\n',
        "1,\0\n2,b\n",
        "",
    ],
)
@pytest.mark.parametrize("chunk_bytes", [4, 1_000])
def test_what_cannot_be_proven_has_no_result(text, chunk_bytes):
    assert chunked(text, chunk_bytes) is None


def test_bytes_before_the_rows_are_passed_over():
    assert chunked("name\n1\n2\n", skip=5).rows() == [(1.0,), (2.0,)]


CELLS = st.one_of(
    st.integers(-50, 50).map(str),
    st.floats(-9, 9).map(str),
    st.sampled_from(["", "red", "blue", "007", "n/a", "$5", "2024-01-02", "é", "0.10"]),
)
QUOTED = st.sampled_from(['"a,b"', '"say ""so"""', '""', '"1"', '"007"'])


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, st.one_of(CELLS, QUOTED), CELLS), min_size=1),
    chunk_bytes=st.integers(1, 200),
    end=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
)
def test_chunks_of_any_size_give_what_one_reading_gives(rows, chunk_bytes, end, last):
    text = end.join(",".join(row) for row in rows) + end * last
    found = chunked(text, chunk_bytes)
    if found is None:  # only a null at the end of a quoted row leaves a doubt
        assert '"' in text
        return
    whole = pl.read_csv(
        text.encode(), has_header=False, infer_schema=False, raise_if_empty=False
    )
    for cells, expected in zip(found, whole, strict=True):
        if cells.dtype == pl.Float64:
            texts = expected.set(expected == "", None)
            assert cells.to_list() == texts.cast(pl.Float64).to_list()
        else:
            texts = [text or None for text in expected]
            assert cells.cast(pl.String).to_list() == texts


@pytest.mark.parametrize("length", [3, 50, 5_000, 40_000])
def test_a_line_may_be_longer_than_a_chunk(length):
    rows = [("x" * length, "1"), ("y", "2"), ("z" * length, "3")]
    frame = chunked("\n".join(",".join(row) for row in rows), 16)
    assert [(text, str(int(n))) for text, n in frame.rows()] == rows


def test_a_line_too_long_for_any_row_has_no_result(monkeypatch):
    monkeypatch.setattr(chunks, "LARGEST_CELL", 64)
    monkeypatch.setattr("layerwise.table.delimited.proof.LARGEST_CELL", 64)
    assert chunked("a,1\n" + "b" * 500 + ",2\nc,3\n", 16) is None
    assert chunked("a,1\n" + "b" * 50 + ",2\nc,3\n", 16).height == 3


class Changing(io.BytesIO):
    """A file that somebody writes into while it is read."""

    def __init__(self, before, after):
        super().__init__(before)
        self.after, self.n_walks = after, 0

    def seek(self, place, whence=0):
        if whence == io.SEEK_END:
            self.n_walks += 1
            if self.n_walks == 3:  # the first rows, all rows, and those read again
                self.__init__(self.after, self.after)
        return super().seek(place, whence)


@pytest.mark.parametrize("after", [b"1,2\n", b"1,2\n" * 99, b"\xff,\xff\n" * 5])
def test_a_file_that_changes_meanwhile_has_no_result(after, monkeypatch):
    monkeypatch.setattr(chunks, "SAMPLE_BYTES", 64)
    before = b"1,2\n" * 50 + b"1,n/a\n"
    assert read_chunks(io.BytesIO(before), Dialect(), 0, 64).height == 51
    assert read_chunks(Changing(before, after), Dialect(), 0, 64) is None


ROW = ",".join("1" * 50) + "\n"


@pytest.mark.parametrize(
    ("text", "sampled"),
    [
        (ROW * 90 + "\n" * 90_000 + ROW, 2**12),
        (ROW * 9 + "\n" * 90_000 + ROW, 2**18),
        (ROW * 90 + '"a"' + "," * 90_000 + "\n" + ROW * 90, 2**12),
        (ROW * 90 + "1\n" * 90_000, 2**12),
    ],
)
def test_no_cells_are_made_that_the_bytes_do_not_hold(text, sampled, monkeypatch):
    made = []

    def parsed(raw, *others):
        cells = parse(raw, *others)
        made.append(cells.height * cells.width / len(raw))
        return cells

    parse = chunks._parsed
    monkeypatch.setattr(chunks, "_parsed", parsed)
    monkeypatch.setattr(chunks, "SAMPLE_BYTES", sampled)
    monkeypatch.setattr(chunks, "MOST_SAMPLED", 2**18)
    assert chunked(text, 2**12) is None
    assert max(made, default=0) <= 1
