"""What every encoding keeps: its units, its parameters, its first numbers."""

import jax
import numpy as np
import pytest

from layerwise.layers import Encoding, Pbld, Piecewise, Plr
from layerwise.layers.encoding import uniform

ENCODINGS: dict[str, Encoding] = {
    "codes": Piecewise(((0.0, 1.0, 2.0), (0.0, 1.0)), 0),
    "piecewise": Piecewise(((0.0, 1.0, 2.0), (0.0, 1.0)), 3),
    "pbld": Pbld(),
    "plr": Plr(),
}


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
def test_units_parameters_and_their_rules_belong_together(encoding: Encoding) -> None:
    params = encoding.init(jax.random.key(0), 2)
    assert {name: leaf.shape for name, leaf in params.items()} == encoding.shapes(2)
    places = np.zeros((5, 2), np.float32)
    units = encoding.forward(params, np.ones((5, 2), np.float32), places)
    assert units.shape == (5, sum(encoding.units(2)))
    assert len(encoding.units(2)) == 2
    for name in params:
        assert 0 < encoding.rate(name) <= 1
        assert encoding.decays(name) in (True, False)


def test_uniform_numbers_fill_their_bounds() -> None:
    drawn = np.asarray(uniform(jax.random.key(0), (10_000,), 0.25))
    assert -0.25 <= drawn.min() < -0.249
    assert 0.249 < drawn.max() < 0.25
    # a standard error of 0.25 / sqrt(3 * 10,000)
    assert drawn.mean() == pytest.approx(0, abs=0.006)
