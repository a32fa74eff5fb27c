"""The tree of errors is the one that is drawn."""

import pickle
import re

import pytest

from layerwise import errors
from layerwise.errors import LayerwiseWarning, did_you_mean, listed


def test_drawn_tree_is_the_real_one():
    drawn, parents = {}, {}
    for line in errors.__doc__.splitlines():
        found = re.match(r"    ([│├└─ ]*)(.*)", line)
        if found and "Error" in line and (found[1] or line.strip() == "LayerwiseError"):
            depth = len(found[1]) // 4
            for name in re.findall(r"^\w+", found[2]):
                parents[depth] = name
                drawn[name] = parents.get(depth - 1)
    real = {
        name: getattr(errors, name).__mro__[1].__name__
        for name in errors.__all__
        if name.endswith("Error")
    }
    assert drawn.pop("LayerwiseError") is None
    assert real.pop("LayerwiseError") == "Exception"
    assert drawn == real


@pytest.mark.parametrize(
    ("name", "pythons"),
    [
        ("ReadError", ValueError),
        ("ColumnError", ValueError),
        ("SchemaError", ValueError),
        ("TargetError", ValueError),
        ("ShapeError", ValueError),
        ("ParameterError", ValueError),
        ("BundleError", ValueError),
        ("TrainingError", RuntimeError),
        ("DivergedError", ArithmeticError),
        ("MissingPackageError", ImportError),
    ],
)
def test_errors_are_pythons_own_too(name, pythons):
    assert issubclass(getattr(errors, name), pythons)


def test_closest_word_is_offered_whatever_its_case():
    assert did_you_mean("PRISE", ["Price", "size"]) == " Did you mean 'Price'?"
    assert did_you_mean("zzz", ["price"]) == ""


def test_few_items_are_listed_and_the_rest_counted():
    assert listed("abc") == "'a', 'b', 'c'"
    assert listed(range(8), most=5) == "0, 1, 2, 3, 4 and 3 more"


def test_warning_shows_a_few_sentences_and_keeps_all():
    warning = LayerwiseWarning(*(f"{i}." for i in range(7)))
    assert str(warning) == "0. 1. 2. 3. 4. And 2 more like these."
    assert len(warning.sentences) == 7
    assert pickle.loads(pickle.dumps(warning)).sentences == warning.sentences
