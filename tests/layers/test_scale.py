"""The scaling layer."""

import numpy as np

from layerwise.layers import Scale


def test_each_unit_has_its_factor() -> None:
    x = np.float32([[1, 2], [3, 4]])
    a = Scale().forward({"s": np.float32([10, 0])}, x)
    assert a.tolist() == [[10, 0], [30, 0]]


def test_it_learns_fast_and_fades() -> None:
    assert Scale().rate("s") == 6.0
    assert Scale().decays("s")
