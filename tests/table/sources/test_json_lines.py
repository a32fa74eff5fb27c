"""JSON lines and arrays become tables, strictly and with every oddity counted."""

import json

import polars as pl
import pytest

from layerwise.errors import ReadError
from layerwise.table.sources.json_lines import CHUNK_ROWS, read_json

MOST = 2**30


def test_missing_keys_are_missing_cells():
    frame, notes = read_json(b'{"a": 1}\n{"b": "x", "a": null}\n', MOST)
    assert frame.rows() == [(1, None), (None, "x")]
    assert notes == ()


def test_an_array_is_the_same_table_as_its_lines():
    rows = [{"a": i, "b": str(i % 7), "c": i / 8} for i in range(100)]
    lines = "\n".join(json.dumps(row) for row in rows).encode()
    array = json.dumps(rows, indent=1).encode()
    assert read_json(array, MOST)[0].equals(read_json(lines, MOST)[0])
    assert read_json(b"\xef\xbb\xbf" + lines, MOST)[0].height == 100
    assert read_json(lines.decode().encode("utf-16"), MOST)[0].height == 100


@pytest.mark.parametrize(
    ("first", "last", "dtype", "texts"),
    [
        ("1", "2.5", pl.Float64, ["1.0", "2.5"]),
        ("1", '"x"', pl.String, ["1", "x"]),
        ("1.0", '"x"', pl.String, ["1.0", "x"]),
        ("true", "1", pl.String, ["True", "1"]),
        ("null", "1", pl.Int64, [None, "1"]),
        ("[1]", '{"k": "ü"}', pl.String, ["[1]", '{"k": "ü"}']),
        ("1", "[1]", pl.String, ["1", "[1]"]),
        ("NaN", "1", pl.Int64, [None, "1"]),
        ("1", str(2**64), pl.String, ["1", str(2**64)]),
    ],
)
@pytest.mark.parametrize("n", [1, CHUNK_ROWS])
def test_values_of_mixed_types_become_text(first, last, dtype, texts, n):
    """However far apart they are in the file."""
    raw = "\n".join([f'{{"a": {first}}}'] * n + [f'{{"a": {last}}}']).encode()
    frame, _ = read_json(raw, MOST)
    assert frame["a"].dtype == dtype
    assert frame["a"].cast(pl.String)[[0, -1]].to_list() == texts


def test_what_is_odd_is_counted_and_said():
    raw = b'{"a": NaN, "a": 2}\n\n{"a": Infinity}\n{"a": NaN, "b": {"c":1,"c":2}}\n'
    frame, notes = read_json(raw, MOST)
    assert frame.rows() == [(2.0, None), (float("inf"), None), (None, '{"c": 2}')]
    assert notes == (
        "1 blank line was skipped.",
        "2 values are NaN, which is no JSON; they are missing.",
        "1 value is Infinity, which is no JSON.",
        "2 objects have a key twice; the last one counts.",
    )


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b'{"a": 1}\n{"a": }\n', "line 2 is no JSON: Expecting value, at character 7."),
        (b'{"a": 1}\n[2]\n', 'line 2 is a list, not an object such as {"age": 31}.'),
        (b'{"a": 1}\nnull\n', 'line 2 is null, not an object such as {"age": 31}.'),
        (
            b'{"a": 1}{"a": 2}\n',
            "line 1 is no JSON: Extra data, at character 9.",
        ),
        (
            b'{\n "a": 1\n}\n',
            "it is one JSON object over several lines. A table is a list of objects, "
            "or one object in each line.",
        ),
        (
            b'[{"a": 1},\n 2]',
            'item 1 of its list is a number, not an object such as {"age": 31}.',
        ),
        (
            b'[{"a": 1},\n{"a"]',
            "line 2 is no JSON: Expecting ':' delimiter, at character 5.",
        ),
        (b"[]", "it holds no rows."),
        (b"{}", "its objects are empty: there are no columns."),
        (b" \n", "it is empty."),
        (b'{"a": "\xff"}', "line 1 is not UTF-8."),
        (
            b'{"a": "\\ud800"}',
            "line 1 holds half of a two-part character, which is no text.",
        ),
        (b'{"a": ' + b"9" * 5000 + b"}", "line 1 holds an endless number."),
        (b'{"a":' * 100_000, "line 1 nests too deep."),
        (b"[" * 100_000, "its list nests too deep."),
    ],
)
def test_what_is_no_table_is_refused_with_the_place(raw, message):
    with pytest.raises(ReadError) as caught:
        read_json(raw, MOST)
    assert str(caught.value) == message


def test_keys_that_all_differ_are_refused_before_they_fill_the_memory():
    raw = b"\n".join(b'{"k%d": 1}' % i for i in range(15_000))
    with pytest.raises(ReadError) as caught:
        read_json(raw, MOST)
    assert str(caught.value) == (
        "15,000 objects have 15,000 different keys, and nearly all cells would be "
        "missing. Write the keys as values, two in each object."
    )
    with pytest.raises(ReadError) as caught:
        read_json(b'{"a": 1, "b": 2}\n' * 100, 1000)
    assert str(caught.value) == (
        "100 objects with 2 different keys make more than 1,000 bytes. Pass a larger "
        "most_bytes."
    )
