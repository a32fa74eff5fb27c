"""Parquet files: what they claim is checked, and what breaks becomes a sentence."""

import io

import polars as pl
import pytest

from layerwise.errors import ReadError
from layerwise.table.sources.parquet import read_parquet


def _raw(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


def test_a_panic_of_polars_is_an_error_of_ours(monkeypatch):
    def panic(*_args, **_kwargs):
        raise pl.exceptions.PanicException("index out of bounds\nin some.rs")

    monkeypatch.setattr(pl, "read_parquet_schema", panic)
    with pytest.raises(ReadError) as caught:
        read_parquet([b"PAR1"], 100)
    assert str(caught.value) == (
        "it is a damaged Parquet file, or of a kind not known here (index out of "
        "bounds)."
    )


def test_the_limit_holds_for_all_files_together():
    raw = _raw(pl.DataFrame({"a": [1.5] * 100}))
    assert read_parquet([raw, raw], 1600).height == 200
    with pytest.raises(ReadError) as caught:
        read_parquet([raw, raw], 1599)
    assert str(caught.value) == (
        "in the file: it holds 100 rows of 1 columns, which take at least 800 bytes; "
        "the limit is 799 bytes. Pass a larger most_bytes."
    )


def test_lost_rows_are_noticed(monkeypatch):
    collected = pl.LazyFrame.collect

    def loses(lazy, **options):
        frame = collected(lazy, **options)
        return frame[1:] if frame.columns == ["a"] else frame

    raw = _raw(pl.DataFrame({"a": [1, 2, 3]}))
    monkeypatch.setattr(pl.LazyFrame, "collect", loses)
    with pytest.raises(ReadError) as caught:
        read_parquet([raw], 1000)
    assert str(caught.value) == ("it says that it holds 3 rows, but 2 can be read.")


def test_files_without_columns_or_rows_are_refused():
    with pytest.raises(ReadError, match=r"^it has columns but no rows\.$"):
        read_parquet([_raw(pl.DataFrame({"a": []}))], 100)
    with pytest.raises(ReadError, match=r"^it has no columns\.$"):
        read_parquet([_raw(pl.DataFrame())], 100)
