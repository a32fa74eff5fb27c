"""The estimate: how long a training will take, told before it begins."""

from typing import Any

import numpy as np
import pytest

import layerwise as lw
from layerwise.errors import LayerwiseWarning
from layerwise.model import estimate
from layerwise.model.estimate import Work, duration_note, work_of

ROWS = {"x": np.arange(40.0), "y": np.arange(40.0) * 0.7}


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this machine one that is slow, and never the same."""
    monkeypatch.setattr(estimate, "LEAST_PRODUCTS", 0)
    monkeypatch.setattr(estimate, "rate", lambda: 1e5)


def noted(**options: Any) -> str:
    with pytest.warns(LayerwiseWarning) as caught:
        lw.train(ROWS, "y", **options)
    return str(caught[0].message)


@pytest.mark.usefixtures("slow")
def test_a_long_training_is_told_before_it_begins() -> None:
    # 5 x 30 epochs x 6 x 32 rows x 84 products, 20,000 a second: 121 s
    said = noted(layers="16 relu, 4 relu", folds=5)
    assert said == "Training 5 networks will take about 2 min."
    # 200 epochs x 6 x 40 rows x 84 products: 202 s
    said = noted(layers="16 relu, 4 relu", epochs=200, valid_fraction=0)
    assert said == "Training a network will take about 3 min."


@pytest.mark.usefixtures("slow")
def test_what_ends_in_time_is_not_told() -> None:
    lw.train(ROWS, "y", layers="16 relu, 4 relu", folds=5, seconds=100, epochs=2)
    lw.train(ROWS, "y", layers="2 relu", epochs=2)


def test_a_short_training_does_not_ask_how_fast_the_machine_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(estimate, "rate", lambda: pytest.fail("it was asked"))
    lw.train(ROWS, "y", layers="16 relu, 4 relu", epochs=3, refits=1)


def test_the_rate_is_that_of_a_machine() -> None:
    assert 1e8 < estimate.rate() < 1e16
    (said,) = duration_note(Work(12, 2, 1e20), None)
    assert said.startswith("Training 12 networks will take about ")
    assert said.endswith(" h.")


def test_work_counts_what_is_trained() -> None:
    assert work_of([], 10, 5, None) == Work(0, 0, 0.0)
