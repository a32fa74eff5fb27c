"""Measures of one family have a known ratio; others have none."""

import pytest

from layerwise.table.measures import ratio, same_measure


@pytest.mark.parametrize(
    ("measure", "base", "factor"),
    [
        ("kg", "g", 1000),
        ("g", "kg", 0.001),
        ("lbs", "kg", 0.45359237),
        ("ft", "m", 0.3048),
        ("GB", "MB", 1000),
        ("KiB", "B", 1024),
        ("MHz", "kHz", 1000),
        ("‰", "%", 0.1),
        ("rooms", "room", 1),
        ("KM", "km", None),
        ("Meters", "km", 0.001),
        ("kg", "cm", None),
        ("°C", "°F", None),
        ("mW", "MW", 1e-9),
        ("apples", "pears", None),
    ],
)
def test_the_ratio_of_two_measures(measure, base, factor):
    found = ratio(measure, base)
    assert found is None if factor is None else found == pytest.approx(factor)


def test_short_measures_differ_by_their_case():
    assert same_measure("Room", "rooms")
    assert same_measure("lb.", "lb")
    assert not same_measure("mB", "MB")
