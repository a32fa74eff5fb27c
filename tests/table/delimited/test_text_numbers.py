"""Each different text has one number, whatever its hash."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwise.table.delimited import text_numbers
from layerwise.table.delimited.text_numbers import TextNumbers
from layerwise.table.distinct import is_repeated

CELLS = st.one_of(st.none(), st.text(max_size=3), st.integers(0, 99).map(str))


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, max_size=40), max_size=5))
def test_numbers_stand_for_texts_in_the_order_of_their_coming(chunks):
    known = TextNumbers()
    expected: dict[str, int] = {}
    for cells in chunks:
        found = known.number(pl.Series(cells, dtype=pl.String))
        for cell in cells:
            if cell is not None:
                expected.setdefault(cell, len(expected))
        assert found.to_list() == [expected.get(cell) for cell in cells]
        assert known.written(found).to_list() == cells
        kept = known.kept_once(found)
        assert is_repeated(kept)
        assert kept.cast(pl.String).to_list() == cells
    assert known.texts.to_list() == list(expected)


@pytest.mark.parametrize("slots", [1, 4, 2**12])
def test_taken_slots_are_passed_over(slots, monkeypatch):
    monkeypatch.setattr(text_numbers, "SLOTS", slots)
    monkeypatch.setattr(text_numbers, "SLOTS_PER_TEXT", 1)
    known = TextNumbers()
    texts = [f"text {i % 700}" for i in range(2_000)]
    for start in range(0, 2_000, 250):
        part = texts[start : start + 250]
        found = known.number(pl.Series(part))
        assert found.to_list() == [int(text.split()[1]) for text in part]


def test_two_texts_of_one_hash_are_told(monkeypatch):
    known = TextNumbers()
    assert known.number(pl.Series(["a", "b"])).to_list() == [0, 1]
    known._hashes[:] = 3
    monkeypatch.setattr(
        pl.Series, "hash", lambda self, seed: pl.Series(np.full(len(self), 3, "u8"))
    )
    assert TextNumbers().number(pl.Series(["a", "a"])).to_list() == [0, 0]
    assert TextNumbers().number(pl.Series(["a", "b"])) is None
