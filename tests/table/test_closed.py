"""Whatever is not expected is refused, with its path."""

import pytest

from layerwise.errors import BundleError
from layerwise.table import closed


def test_what_is_expected_comes_back():
    assert closed.record({"a": 1}, "p", ["a"]) == {"a": 1}
    assert closed.array([1], "p", 1) == [1]
    assert closed.texts(["a", "b"], "p", 2) == ("a", "b")
    assert closed.choice("a", "p", ["a", "b"]) == "a"
    assert closed.flag(False, "p") is False


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (lambda: closed.record([], "p", []), "p must be an object. Got a list."),
        (lambda: closed.array({}, "p", 1), "p must be a list. Got an object."),
        (lambda: closed.flag(None, "p"), "p must be true or false. Got None."),
        (lambda: closed.choice(True, "p", ["a"]), "p must be one of 'a'. Got True."),
        (
            lambda: closed.text(10**80, "p"),
            "p must be a text. Got 1" + "0" * 59 + ".",
        ),
    ],
)
def test_what_is_not_expected_is_refused(check, message):
    with pytest.raises(BundleError) as caught:
        check()
    assert str(caught.value) == message
