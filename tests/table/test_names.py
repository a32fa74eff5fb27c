"""What names say of columns of digits."""

import polars as pl
import pytest

from layerwise.table.names import coded_name, is_coded, is_postal, place_name


@pytest.mark.parametrize(
    ("name", "cell", "what"),
    [
        ("zip", "98122", "postal codes"),
        ("Zip Code", "98122", "postal codes"),
        ("customerZipCode", "98122.0", "postal codes"),
        ("PLZ", "1010", "postal codes"),
        ("phone_number", "+14155550134", "numbers to call"),
        ("isbn", "9780306406157", "names of things"),
    ],
)
def test_codes_are_known_by_name_and_shape(name, cell, what):
    assert coded_name(name, pl.Series([cell])) == (
        f"its name says that its cells are {what}, which are no amounts"
    )
    assert is_coded(name)
    assert coded_name(name, pl.Series([cell, "12"])) is None


@pytest.mark.parametrize("name", ["gzip", "unzipped size", "telling", "sales", "", "1"])
def test_other_names_say_nothing(name):
    assert coded_name(name, pl.Series(["98122"])) is None
    assert not is_coded(name)
    assert not is_postal(name)


def test_typed_codes_are_known_too():
    assert coded_name("zip", pl.Series([98122, 98101]))
    assert coded_name("zip", pl.Series([98122.0, 98101.0]))


@pytest.mark.parametrize(
    ("name", "least", "most", "place"),
    [
        ("latitude", -33.9, 90, ", degrees of latitude"),
        ("start_lat", -33.9, 90, ", degrees of latitude"),
        ("lng", -180, 151, ", degrees of longitude"),
        ("latitude", -91, 0, ""),
        ("longitude", 0, 181, ""),
        ("flat", 1, 2, ""),
    ],
)
def test_degrees_are_known_by_name_and_range(name, least, most, place):
    assert place_name(name, least, most) == place
