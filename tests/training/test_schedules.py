"""Schedules by hand."""

import jax.numpy as jnp
import numpy as np
import pytest

from layerwise.training import SCHEDULES

HALF = 0.5**0.5

# share of the learning rate at 0, 1/20, 1/10, 1/4, 1/2 and the end
SCHEDULES_UNDER_TEST: dict[str, list[float]] = {
    "constant": [1, 1, 1, 1, 1, 1],
    "linear": [1, 0.95, 0.9, 0.75, 0.5, 0],
    "cosine": [1, 0.99384417, 0.97552826, (1 + HALF) / 2, 0.5, 0],
    "warmup-cosine": [0, 0.5, 1, 0.93301270, 0.58682409, 0],
    "flat-cosine": [1, 1, 1, 1, 1, 0],
    "log-cosine": [0, 0.32368900, 0.71835469, 0.49348927, 0.07361893, 0],
}
"""cos(pi/20) = 0.98768834 and cos(pi/10) = 0.95105652; falling from 1/10 on,
1/4 and 1/2 are a sixth and 4/9 of the way: cos(30°) and cos(80°) = 0.17364818.
log2(1 + 15/20) = 0.80735492, and cos(2 pi 0.80735492) = 0.35262199."""


def test_every_schedule_is_under_test() -> None:
    assert list(SCHEDULES_UNDER_TEST) == list(SCHEDULES)


@pytest.mark.parametrize(("name", "shares"), SCHEDULES_UNDER_TEST.items())
def test_shares_by_hand(name: str, shares: list[float]) -> None:
    progress = jnp.float32([0, 0.05, 0.1, 0.25, 0.5, 1])
    np.testing.assert_allclose(SCHEDULES[name](progress), shares, atol=1e-6)


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_share_stays_between_0_and_1(name: str) -> None:
    share = SCHEDULES[name](jnp.linspace(0, 1, 1001, dtype=jnp.float32))
    assert share.dtype == jnp.float32
    assert float(share.min()) >= 0
    assert float(share.max()) <= 1
