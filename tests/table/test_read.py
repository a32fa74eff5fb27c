"""Files, frames and arrays become tables, or a sentence that says why not."""

import gzip
import os
import pathlib
import subprocess
import sys
import threading

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import layerwise.table
from layerwise.errors import ReadError
from layerwise.table.read import read
from layerwise.table.schema import learn, look

SOURCE = pathlib.Path(layerwise.table.__file__).parents[2]
SEED = pathlib.Path(__file__).parents[2] / "examples" / "sales.csv"


def _write(folder: pathlib.Path, raw: bytes, name: str = "t.csv") -> pathlib.Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def test_seed_table_is_read_as_texts():
    table = read(SEED)
    assert table.source == "sales.csv"
    assert table.notes == ()
    assert table.n_rows == 6
    assert table.columns == ("Date", "US_Sales", "UK_Sales", "Canada_Sales")
    assert table.frame.row(0) == ("01/01/2024", "$9,300.52", "£4,270.45", "$8,330.70")
    assert set(table.frame.dtypes) == {pl.String}


def test_a_table_is_returned_as_it_is():
    table = read({"a": [1]})
    assert read(table) is table


def test_rows_are_taken_in_the_order_of_the_indices():
    taken = read({"a": [5, 6, 7]}).rows(np.array([2, 0]))
    assert taken.frame["a"].to_list() == [7, 5]


def test_all_sources_give_the_same_numbers(tmp_path):
    frame = pl.DataFrame({"a": [1.5, 2.25, None], "b": ["x", "y", "x"]})
    frame.write_csv(tmp_path / "t.csv")
    frame.write_csv(tmp_path / "t.tsv", separator="\t")
    frame.write_parquet(tmp_path / "t.parquet")
    _write(tmp_path, gzip.compress((tmp_path / "t.csv").read_bytes()), "t.csv.gz")
    columns = frame.to_dict(as_series=False)
    sources = [tmp_path / f"t.{end}" for end in ("csv", "tsv", "parquet", "csv.gz")]
    sources += [str(sources[0]), frame, frame.lazy(), frame.to_arrow(), columns]
    schema = learn(read(frame), look(read(frame)))
    for source in sources:
        table = read(source)
        assert [r.kind for r in look(table)] == ["number", "category"]
        encoded = schema.encode(table)
        np.testing.assert_array_equal(encoded.numbers, [[1.5], [2.25], [np.nan]])
        np.testing.assert_array_equal(encoded.categories, [[1], [2], [1]])


def test_the_bytes_decide_what_a_file_is_not_its_name(tmp_path):
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "t.csv")
    assert read(tmp_path / "t.csv").frame["a"].to_list() == [1]
    path = _write(tmp_path, gzip.compress(b"a,b\n1,2\n", mtime=0), "u.txt")
    assert read(path).columns == ("a", "b")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "it is empty."),
        (b"\n\r\n", "it is empty."),
        (b"a,b\n", "it has a header but no rows."),
        (b"\x89PNG\r\n\x1a\n\0\0", "it is a PNG image, not a table."),
        (
            b"PK\x03\x04rest",
            "it is a zip archive, not a table.",
        ),
        (
            (40).to_bytes(8, "little") + b'{"a":1}',
            "it is a .safetensors model file, not a table.",
        ),
        (b"a,b\n1,\0\n", "it holds zero bytes, so it is not a text file."),
        (
            b"a,b\n1,2\n3,4,5\n",
            "row 1 has 3 cells, but the header has 2 columns. Look for an unquoted "
            "comma in row 1 (line 3 of the file).",
        ),
        (
            b'a,b\n1,2\n3,"4\n5,6\n',
            'a " opens in line 3 and is never closed. Close it, or double it if it '
            "is part of the cell.",
        ),
        (
            gzip.compress(b"a,b\n1,2\n", mtime=0)[:-9],
            "it is a damaged gzip file (Compressed file ended before the "
            "end-of-stream marker was reached).",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(tmp_path, raw, message):
    path = _write(tmp_path, raw, "sales.csv")
    with pytest.raises(ReadError) as caught:
        read(path)
    assert str(caught.value) == f"Could not read 'sales.csv': {message}"


def test_missing_file_and_folder_are_refused(tmp_path):
    with pytest.raises(ReadError) as caught:
        read("none.csv")
    assert str(caught.value) == "Could not read 'none.csv': there is no such file."
    (tmp_path / "folder").mkdir()
    with pytest.raises(ReadError) as caught:
        read(tmp_path / "folder")
    assert str(caught.value) == (
        "Could not read 'folder': it is a folder without Parquet files. Name a file in "
        "it, or a pattern such as 'folder/*.parquet'."
    )


def test_damaged_parquet_is_refused(tmp_path):
    pl.DataFrame({"a": [1, 2, 3]}).write_parquet(tmp_path / "t.parquet")
    raw = (tmp_path / "t.parquet").read_bytes()
    path = _write(tmp_path, raw[: len(raw) // 2], "bad.parquet")
    with pytest.raises(ReadError, match=r"^Could not read 'bad.parquet': it is a dam"):
        read(path)


def test_parquet_without_rows_is_refused(tmp_path):
    pl.DataFrame({"a": []}).write_parquet(tmp_path / "t.parquet")
    with pytest.raises(ReadError) as caught:
        read(tmp_path / "t.parquet")
    assert str(caught.value) == (
        "Could not read 't.parquet': it has columns but no rows."
    )


def test_a_gzip_bomb_stops_at_the_limit(tmp_path):
    path = _write(tmp_path, gzip.compress(b"a\n" * 2**20), "t.csv.gz")
    with pytest.raises(ReadError) as caught:
        read(path, most_bytes=1_000_000)
    assert str(caught.value) == (
        "Could not read 't.csv.gz': it unpacks to more than 977 KiB. Unpack it "
        "first, or pass a larger most_bytes."
    )


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            3,
            "A table is a path, a data frame, a 2-D array or a dict of columns. Got "
            "int instead.",
        ),
        (
            {"a": []},
            "The dict has 0 rows and 1 columns. A table needs at least one of each.",
        ),
        (
            np.zeros((0, 2)),
            "The array has 0 rows and 2 columns. A table needs at least one of each.",
        ),
    ],
)
def test_sources_that_hold_no_table_are_refused(source, message):
    with pytest.raises(ReadError) as caught:
        read(source)
    assert str(caught.value) == message


CELLS = st.text(
    st.characters(
        codec="utf-8", exclude_characters="\0\x1f", exclude_categories=["Cs"]
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6),
    separator=st.sampled_from(",;\t|"),
)
def test_writing_then_reading_a_csv_is_the_identity(tmp_path_factory, rows, separator):
    # Four quoted columns in each row settle the delimiter, the numbers the header.
    frame = pl.DataFrame(
        {
            "first": [row[0] for row in rows],
            "second": [row[1] for row in rows],
            "third": [row[2] for row in rows],
            "n": [1.5] * len(rows),
        }
    )
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    frame.write_csv(path, separator=separator, quote_style="always")
    table = read(path)
    expected = frame.cast(pl.String).with_columns(
        pl.when(pl.all() != "").then(pl.all())
    )
    assert table.frame.equals(expected)


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "parquet"])
def test_a_pipe_is_read_whole(tmp_path, ending):
    """A pipe gives its bytes once: nothing of them may be lost."""
    n = 20_000
    frame = pl.DataFrame({"a": range(n), "b": [f"row {i}" for i in range(n)]})
    file = tmp_path / f"t.{ending}"
    text = frame.write_csv().encode()
    file.write_bytes(gzip.compress(text) if ending == "csv.gz" else text)
    if ending == "parquet":
        frame.write_parquet(file)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(file.read_bytes()))
    writer.start()
    table = read(pipe)
    writer.join()
    assert table.frame.equals(read(file).frame)
    assert table.n_rows == n


@pytest.mark.skipif(not pathlib.Path("/dev/stdin").exists(), reason="no /dev/stdin")
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_standard_input_and_the_output_of_a_program_are_read(tmp_path, ending):
    file = tmp_path / f"t.{ending}"
    frame = pl.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    (frame.write_csv if ending == "csv" else frame.write_parquet)(file)
    program = "import sys; from layerwise.table.read import read; "
    program += "sys.stdout.write(str(read(sys.argv[1]).frame.rows()))"
    run = f"{sys.executable} -c '{program}'"
    for line in (f"cat {file} | {run} /dev/stdin", f"{run} <(cat {file})"):
        ran = subprocess.run(
            ["bash", "-c", line],
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": str(SOURCE)},
        )
        assert (ran.stdout, ran.stderr) == (str(read(file).frame.rows()), "")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"a": 5}, "'a' is 5"),
        ({"a": "text"}, "'a' is 'text'"),
        ({1: [1], "1": [2]}, "two columns of one name"),
        ("a\0b.csv", "embedded null byte"),
        ("~nobody at all/t.csv", "home directory"),
        (pl.scan_csv("nowhere.csv"), "cannot be computed"),
    ],
)
def test_odd_sources_are_refused_with_a_reason(source, message):
    with pytest.raises(ReadError, match=message):
        read(source)


def test_masked_cells_are_missing():
    masked = np.ma.masked_array([[1.0, 2.0], [3.0, 4.0]], [[False, True], [False] * 2])
    assert read(masked).frame.rows() == [(1.0, None), (3.0, 4.0)]


def test_a_frame_of_the_user_keeps_its_names():
    frame = pl.DataFrame({"a": [1]})
    read(frame).frame.columns = ["b"]
    assert frame.columns == ["a"]
