"""Plain data: through JSON and back is the identity, and nothing else comes back."""

import json
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwise.errors import BundleError, ParameterError
from layerwise.plain import from_plain, to_plain


@dataclass(frozen=True)
class Point:
    x: int
    y: float = 0.0

    def __post_init__(self):
        if self.x > self.y > 0:
            raise ParameterError(f"x is beyond y: {self.x!r}.")


@dataclass(frozen=True)
class Circle:
    radius: float


@dataclass(frozen=True)
class Picture:
    title: str
    shapes: tuple[Point | Circle, ...]
    middle: Point | Circle | None
    corner: tuple[int, float]
    sizes: dict[str, float | None]
    mode: Literal["light", "dark", 1]
    is_old: bool
    nothing: None = None


pictures = st.builds(
    Picture,
    title=st.text(st.characters(exclude_categories=["Cs"])),
    shapes=st.lists(
        st.builds(Point, st.integers(-9, 0), st.floats(0, 9))
        | st.builds(Circle, st.floats(allow_nan=False, allow_infinity=False))
    ).map(tuple),
    middle=st.none() | st.builds(Circle, st.just(1.5)),
    corner=st.tuples(st.integers(-(2**63), 2**63 - 1), st.just(0.5)),
    sizes=st.dictionaries(st.sampled_from("abc"), st.none() | st.just(2.5)),
    mode=st.sampled_from(["light", "dark", 1]),
    is_old=st.booleans(),
)


@given(pictures)
def test_through_json_and_back_is_the_identity(picture):
    assert from_plain(Picture, json.loads(json.dumps(to_plain(picture)))) == picture


def test_an_integer_is_a_float_too_but_nothing_else_is():
    assert from_plain(float, 3) == 3.0
    assert type(from_plain(float, 3)) is float
    assert type(from_plain(Literal["a", 1], 1)) is int


@pytest.mark.parametrize(
    ("kind", "data", "message"),
    [
        (int, "1", "at: expected int, found '1'."),
        (int, True, "at: expected int, found True."),
        (int, 1.0, "at: expected int, found 1.0."),
        (int, 2**63, "at: the integer is beyond 64 bits."),
        (int, -(2**63) - 1, "at: the integer is beyond 64 bits."),
        (int, 10**4_000, "at: the integer is beyond 64 bits."),
        (str, 10**4_000, "at: expected a text, found an integer beyond 64 bits."),
        (float, 10**400, "at: the integer is beyond 64 bits."),
        (float, float("nan"), "at: expected a finite number, found nan."),
        (float, float("-inf"), "at: expected a finite number, found -inf."),
        (float, False, "at: expected a finite number, found False."),
        (float, None, "at: expected a finite number, found None."),
        (str, 1, "at: expected a text, found 1."),
        (str, "a\ud800", "at: the text holds half a character."),
        (str, ["a" * 99], "at: expected a text, found a list."),
        (bool, 1, "at: expected true or false, found 1."),
        (bool, "a" * 99, f"at: expected true or false, found {'a' * 50!r}."),
        (type(None), {}, "at: expected null, found an object."),
        (Literal["a", 1], True, "at: expected one of 'a', 1, found True."),
        (Literal["a", 1], 1.0, "at: expected one of 'a', 1, found 1.0."),
        (tuple[int, ...], {"0": 1}, "at: expected a list, found an object."),
        (tuple[int, ...], [1, "2"], "at/1: expected int, found '2'."),
        (tuple[int, int], [1], "at: expected 2 entries, found 1."),
        (dict[str, int], [1], "at: expected an object, found a list."),
        (dict[str, int], {"a": None}, "at/a: expected int, found None."),
        (dict[str, int], {"\x1b]0;a\x07": "x"}, r"at/'\x1b]0;a\x07': expected int"),
        (dict[str, int], {"\udfff": 1}, "at: the text holds half a character."),
        (int | None, "x", "at: expected int, found 'x'."),
        (Point, [], "at: expected an object, found a list."),
        (Point, {"x": 1}, "at: it lacks keys: 'y'."),
        (Point, {"x": 1, "y": 2, "z": 3}, "at: it has unknown keys: 'z'."),
        (Point, {"x": 1, "y": "2"}, "at/y: expected a finite number, found '2'."),
        (Point, {"x": 2, "y": 1}, "at: x is beyond y: 2."),
        (Point | Circle, None, "at: expected an object, found None."),
        (Point | Circle | None, 3, "at: expected an object, found 3."),
        (
            Point | Circle,
            {"x": 1},
            "at: expected the keys 'x', 'y' or 'radius', found 'x'.",
        ),
        (Point | Circle, {"radius": None}, "at/radius: expected a finite number, fo"),
    ],
)
def test_what_is_not_expected_is_refused_with_its_place(kind, data, message):
    with pytest.raises(BundleError) as caught:
        from_plain(kind, data, "at")
    assert str(caught.value).startswith(message)


def test_keys_of_any_length_are_shown_short():
    with pytest.raises(BundleError) as caught:
        from_plain(Point | Circle, {"k" * 10**6: 1}, "at")
    assert len(str(caught.value)) < 200


def test_many_unknown_keys_are_counted_not_listed():
    with pytest.raises(BundleError, match=r"unknown keys: '0', .* and 95 more\."):
        from_plain(Point, {str(k): 0 for k in range(100)}, "at")


def test_an_annotation_that_no_file_may_hold_is_a_mistake_in_the_program():
    with pytest.raises(TypeError, match="No file may hold a typing.Any"):
        from_plain(Any, 1, "at")
