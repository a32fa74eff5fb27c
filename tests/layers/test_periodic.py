"""Periodic encodings: their formulas in plain NumPy, their first parameters."""

from typing import Any

import jax
import numpy as np
import pytest

from layerwise.errors import ParameterError
from layerwise.layers import Pbld, Plr

S = np.array([[0.0, 1.5], [-2.0, 0.3], [4.0, -0.7]], np.float32)


def test_pbld_is_its_formula() -> None:
    layer = Pbld(frequencies=5, width=3)
    params = layer.init(jax.random.key(0), 2)
    w1, b1, W2, b2 = (np.asarray(params[k], float) for k in ("w1", "b1", "W2", "b2"))
    expected = []
    for row in S.astype(float):
        units: list[float] = []
        for j, s in enumerate(row):
            waves = np.cos(2 * np.pi * w1[j] * s + b1[j])
            units += [s, *(W2[j].T @ waves + b2[j])]
        expected.append(units)
    np.testing.assert_allclose(layer.forward(params, S), expected, rtol=1e-5, atol=1e-6)


def test_plr_is_its_formula() -> None:
    layer = Plr(frequencies=5, width=3, sigma=0.2)
    params = layer.init(jax.random.key(0), 2)
    w, W, b = (np.asarray(params[k], float) for k in ("w", "W", "b"))
    expected = []
    for row in S.astype(float):
        units: list[float] = []
        for j, s in enumerate(row):
            angles = 2 * np.pi * w[j] * s
            waves = np.concatenate([np.cos(angles), np.sin(angles)])
            units += list(np.maximum(W[j].T @ waves + b[j], 0))
        expected.append(units)
    np.testing.assert_allclose(layer.forward(params, S), expected, rtol=1e-5, atol=1e-6)


def test_first_parameters_are_drawn_as_the_sources_say() -> None:
    p = 400
    pbld = {k: np.asarray(v) for k, v in Pbld().init(jax.random.key(0), p).items()}
    # 6,400 draws: the standard deviation has a standard error of 0.9 %
    assert pbld["w1"].std() == pytest.approx(0.1, rel=0.04)
    for name, bound in {"b1": np.pi, "W2": 0.25, "b2": 0.25}.items():
        assert np.abs(pbld[name]).max() == pytest.approx(bound, rel=0.01)
        assert pbld[name].std() == pytest.approx(bound / 3**0.5, rel=0.05)
    plr = {k: np.asarray(v) for k, v in Plr().init(jax.random.key(0), p).items()}
    assert np.abs(plr["w"]).max() == pytest.approx(0.03, rel=0.02)
    # cut at 3 sigma, a normal distribution has a standard deviation of 0.98658
    assert plr["w"].std() == pytest.approx(0.0098658, rel=0.02)
    for name in ("W", "b"):
        assert np.abs(plr[name]).max() == pytest.approx(96**-0.5, rel=0.01)


WRONG: dict[str, tuple[Any, str]] = {
    "no wave": (
        lambda: Pbld(frequencies=0),
        "A PBLD encoding has 1 to 256 frequencies, as many sums of them at most, and a "
        "sigma above 0. Got 0 frequencies, 3 sums and the sigma 0.1.",
    ),
    "the number alone": (
        lambda: Pbld(width=1),
        "A PBLD encoding has 1 to 256 frequencies, as many sums of them at most, and a "
        "sigma above 0. Got 16 frequencies, 0 sums and the sigma 0.1.",
    ),
    "no sigma": (
        lambda: Plr(sigma=0.0),
        "A PLR encoding has 1 to 256 frequencies, as many sums of them at most, and a "
        "sigma above 0. Got 48 frequencies, 24 sums and the sigma 0.0.",
    ),
    "a cut at nothing": (
        lambda: Plr(cut=0.0),
        "A PLR encoding cuts its first frequencies at 0.1 to 10 sigmas. Got 0.0.",
    ),
}


@pytest.mark.parametrize(("make", "message"), WRONG.values(), ids=WRONG)
def test_sizes_of_no_encoding_are_refused(make: Any, message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        make()
    assert str(caught.value) == message
