"""Texts become units by hashing their pieces, the same on every machine."""

import math
import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwise.table import hashing
from layerwise.table.hashing import HASHED_UNITS, hashed_texts


def murmur_finalizer(x: int) -> int:
    """MurmurHash3 fmix32, as its author wrote it."""
    x ^= x >> 16
    x = x * 0x85EBCA6B % 2**32
    x ^= x >> 13
    x = x * 0xC2B2AE35 % 2**32
    return x ^ (x >> 16)


def by_hand(text: str) -> list[float]:
    """The module's text, one piece after the other."""
    marked = b"\x02" + text[:4096].lower().encode() + b"\x03"
    v = [0] * HASHED_UNITS
    for a, b, c in zip(marked, marked[1:], marked[2:], strict=False):
        bits = f"{murmur_finalizer(65536 * a + 256 * b + c):032b}"
        v[int(bits[:5], 2)] += -1 if bits[5] == "1" else 1
    length = math.sqrt(sum(x * x for x in v)) or 1.0
    return [x / length for x in v]


def test_the_hash_is_the_published_one():
    """Values of fmix32 that other implementations print."""
    x = np.array([0, 1, 0xFFFFFFFF], np.uint32)
    assert hashing._hash(x).tolist() == [0, 0x514E28B7, 0x81F16F39]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40)))
def test_the_code_is_the_description(texts):
    # Polars and Python may lower a rare letter differently: it is given lowered.
    texts = [text for text in texts if text == text.lower()]
    units = hashed_texts(pl.Series(texts, dtype=pl.String))
    assert units.shape == (len(texts), HASHED_UNITS)
    assert units.dtype == np.float32
    for row, text in zip(units, texts, strict=True):
        np.testing.assert_allclose(row, by_hand(text), rtol=1e-6)


def test_case_does_not_matter_and_missing_texts_are_nan():
    units = hashed_texts(pl.Series(["Cook II", None, "COOK ii"]))
    np.testing.assert_array_equal(units[0], units[2])
    assert np.isnan(units[1]).all()
    assert hashed_texts(pl.Series([None], dtype=pl.String)).shape == (1, HASHED_UNITS)


def test_chunks_do_not_change_a_text(monkeypatch):
    draw = random.Random(0)
    texts = ["".join(draw.choices("abc é", k=draw.randrange(60))) for _ in range(400)]
    texts = pl.Series([*texts, *texts[:50], None])
    whole = hashed_texts(texts)
    monkeypatch.setattr(hashing, "CHUNK_CHARACTERS", 100)
    np.testing.assert_array_equal(hashed_texts(texts), whole)
    alone = [hashed_texts(texts[i : i + 1])[0] for i in range(len(texts))]
    np.testing.assert_array_equal(alone, whole)


def test_the_rest_of_a_long_text_is_not_looked_at():
    start = "word " * 1000
    one, two = hashed_texts(pl.Series([start[:4096] + "a", start[:4096] + "bcd"]))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, hashed_texts(pl.Series([start[:4095]]))[0])


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("Senior Police Officer", "police officer III", "School Bus Driver"),
        ("sunny flat near the lake", "flat by the lake, sunny", "parking included"),
    ],
)
def test_texts_that_share_pieces_are_near(text, near, far):
    a, b, c = hashed_texts(pl.Series([text, near, far])).astype(float)
    assert a @ b > a @ c + 0.2


def test_products_are_cosines_of_counts_up_to_noise():
    """Signed hashing keeps products right on average; with 32 units one of them errs
    by about 1 / sqrt(32) = 0.18, and the mean of 2,000 pairs by 0.004."""
    draw = random.Random(1)
    words = [
        "".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=20)) for _ in range(4000)
    ]
    units = hashed_texts(pl.Series(words)).astype(float)
    products = (units[:2000] * units[2000:]).sum(axis=1)
    assert abs(products.mean()) < 0.02
    assert products.std() == pytest.approx(HASHED_UNITS**-0.5, rel=0.2)
