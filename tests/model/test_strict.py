"""Strict JSON: what a file cannot pay for, or says twice, is refused."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwise.errors import BundleError
from layerwise.model.strict import ROOM, most_memory, refuse_large, strict_json

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)  # fmt: skip


@given(plain)
def test_clean_json_is_read_as_python_reads_it(value):
    assert strict_json(json.dumps(value), "x") == value
    assert strict_json(json.dumps(value, indent=1, ensure_ascii=False), "x") == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1, "a": 1}', "a key stands twice."),
        ('{"b": {"a": 1, "\\u0061": 2}}', "a key stands twice."),
        ("[NaN]", "NaN is not a number."),
        ("[-Infinity]", "-Infinity is not a number."),
        ("[" + "9" * 21 + "]", "an integer is beyond 64 bits."),
        ("[" * 5_000 + "]" * 5_000, "it cannot be parsed."),
        ("", "it cannot be parsed."),
        ("{'a': 1}", "it cannot be parsed."),
        ('{"a": 1,}', "it cannot be parsed."),
        ('"\n"', "it cannot be parsed."),
        ("[1] [2]", "it cannot be parsed."),
        ("[01]", "it cannot be parsed."),
    ],
)
def test_what_is_not_clean_is_refused(text, message):
    with pytest.raises(BundleError) as caught:
        strict_json(text, "x")
    assert str(caught.value) == "'x' has a header that is not clean JSON: " + message


def test_a_large_file_may_say_more_of_itself_than_a_small_one():
    text = "[" + "0," * 800_000 + "0]"
    with pytest.raises(BundleError, match="more values than a model file of its size"):
        refuse_large(text, "x", tensor_bytes=0)
    refuse_large(text, "x", tensor_bytes=2**26)


def test_a_key_that_is_met_again_costs_less():
    again = "[" + ",".join(['{"a":0}'] * 100_000) + "]"
    other = "[" + ",".join(f'{{"{k}":0}}' for k in range(100_000)) + "]"
    assert most_memory(other) > most_memory(again) + 100_000 * 200
    refuse_large(again, "x", 0)
    with pytest.raises(BundleError, match="more values"):
        refuse_large(other, "x", 0)


def test_keys_are_found_whatever_texts_hold():
    # no text can look like a key, and no key like a text
    hidden = {f":{k}": "," for k in range(50)} | {"\\": '":', '"': "\\"}
    plain = {f"{k}": "" for k in range(52)}
    marks = sum(len(v) for v in hidden.values())
    assert most_memory(json.dumps(hidden)) >= most_memory(json.dumps(plain))
    assert most_memory(json.dumps(hidden)) < ROOM + marks


NO_END = {
    "quotes": '"' + '\\"' * 50_000,
    "quotes and a backslash": '"' + '\\"' * 50_000 + "\\",
    "line breaks": '"' + '\\\n"' * 50_000,
    "blanks": ('""' + " " * 1_000) * 1_000,
}


@pytest.mark.parametrize("name", NO_END)
def test_a_text_that_never_ends_takes_no_time(name):
    # so many colons that the keys are counted one by one
    text = "{" + ":" * 200_000 + NO_END[name]
    began = time.process_time()
    with pytest.raises(BundleError, match="it cannot be parsed"):
        strict_json(text, "x")
    # some milliseconds; it was 14 seconds when each quote was tried as a beginning
    assert time.process_time() - began < 2


def test_keys_before_a_text_that_never_ends_are_counted():
    assert most_memory('{"a":0,"b":"\\"c:') == most_memory('{"a":0,"b":0:')


def test_a_price_is_counted_no_further_than_it_matters():
    text = "{" + ",".join(f'"{k}":0' for k in range(1_000)) + "}"
    assert 200_000 < most_memory(text, enough=200_000) < 201_000 < most_memory(text)
