"""Sheets of Excel workbooks become tables; cells keep their types."""

import sys

import pytest

from layerwise.errors import MissingPackageError, ReadError
from layerwise.table.read import read
from layerwise.table.sources.excel import read_excel

MOST = 2**27


def test_cells_keep_their_types_and_mixed_columns_become_text(workbook):
    rows = [
        ["n", "x", "ok", "mixed", "zip", None, "n"],
        [1, 0.5, True, 7, "00501", 1, 2],
        [2, None, False, "seven", "10001", 2, 3],
    ]
    frame, notes = read_excel(workbook({"May": rows}), None, MOST)
    assert frame.columns == ["n", "x", "ok", "mixed", "zip", "unnamed", "n_2"]
    assert frame.rows() == [
        (1, 0.5, True, "7", "00501", 1, 2),
        (2, None, False, "seven", "10001", 2, 3),
    ]
    assert notes == (
        "2 column names were empty or repeated, and became 'unnamed', 'n_2'.",
    )


def test_types_follow_from_the_whole_column(workbook):
    rows = [["a"], *([i] for i in range(3000)), ["late"]]
    frame, _ = read_excel(workbook({"May": rows}), None, MOST)
    assert frame["a"][[0, -1]].to_list() == ["0", "late"]


def test_the_first_sheet_is_read_or_the_one_that_is_named(workbook, tmp_path):
    raw = workbook({"May": [["a"], [1]], "June": [["b"], [2]]})
    path = tmp_path / "sales.xlsx"
    path.write_bytes(raw)
    table = read(path)
    assert table.frame.to_dict(as_series=False) == {"a": [1]}
    assert table.notes == ("Read the first sheet, 'May'; there also is 'June'.",)
    table = read(path, sheet="June")
    assert (table.columns, table.notes) == (("b",), ())
    with pytest.raises(ReadError) as caught:
        read(path, sheet="Jun")
    assert str(caught.value) == (
        "Could not read 'sales.xlsx': it has no sheet 'Jun', but 'May', 'June'. Did "
        "you mean 'June'?"
    )


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "its sheet 'May' is empty."),
        ([["a", "b"]], "its sheet 'May' has a header but no rows."),
    ],
)
def test_sheets_without_rows_are_refused(workbook, rows, message):
    with pytest.raises(ReadError) as caught:
        read_excel(workbook({"May": rows}), None, MOST)
    assert str(caught.value) == message


def test_damaged_workbooks_and_bombs_are_refused(workbook):
    raw = workbook({"May": [["a"], *([i] for i in range(1000))]})
    with pytest.raises(ReadError, match="it is a zip archive, not a table"):
        read_excel(raw[:-30], None, MOST)
    middle = len(raw) - 1200
    broken = raw[:middle] + b"\0" * 200 + raw[middle + 200 :]
    with pytest.raises(ReadError, match="it is no Excel workbook, or damaged"):
        read_excel(broken, None, MOST)
    with pytest.raises(ReadError, match="it is no Excel workbook, or damaged"):
        read_excel(b"\xd0\xcf\x11\xe0 but no more", None, MOST)
    with pytest.raises(ReadError, match=r"it unpacks to .* KiB; the limit is 977 KiB"):
        read_excel(workbook({"May": [["a" * 10**6], [1]]}), None, 10**6)


def test_a_missing_package_is_named(monkeypatch, workbook):
    monkeypatch.setitem(sys.modules, "fastexcel", None)
    with pytest.raises(MissingPackageError) as caught:
        read_excel(workbook({"May": [["a"], [1]]}), None, MOST)
    assert str(caught.value) == (
        "Reading Excel workbooks needs the package 'fastexcel', which is not "
        'installed. Install it with: pip install "layerwise[excel]"'
    )
