"""Dropout: random only with a key, and right on average."""

import re

import jax
import numpy as np
import pytest

from layerwise.errors import ParameterError
from layerwise.layers import Dropout


def test_each_entry_is_silenced_or_scaled_up() -> None:
    x = np.arange(1.0, 1001.0, dtype=np.float32)[:, None]
    a = np.asarray(Dropout(0.5).forward({}, x, jax.random.key(0)))
    assert set(np.unique(a / x)) == {0.0, 2.0}


@pytest.mark.parametrize("drop_rate", [0.1, 0.5, 0.9])
def test_the_share_silenced_and_the_mean(drop_rate: float) -> None:
    x = np.ones((200, 500), np.float32)
    a = np.asarray(jax.jit(Dropout(drop_rate).forward)({}, x, jax.random.key(1)))
    # 100,000 draws: the share has a standard error of at most 0.0016
    assert np.mean(a == 0) == pytest.approx(drop_rate, abs=0.008)
    assert a.mean() == pytest.approx(
        1, abs=5 * (drop_rate / (1 - drop_rate) / 1e5) ** 0.5
    )


def test_another_key_silences_others() -> None:
    x = np.ones((4, 50), np.float32)
    one, two = (Dropout(0.5).forward({}, x, jax.random.key(seed)) for seed in (1, 2))
    assert not np.array_equal(one, two)


@pytest.mark.parametrize("drop_rate", [-0.1, 1, 1.5, float("nan")])
def test_a_rate_out_of_range_is_refused(drop_rate: float) -> None:
    message = (
        f"The 'drop_rate' of dropout must be at least 0 and below 1. Got {drop_rate!r}."
    )
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
        Dropout(drop_rate)
