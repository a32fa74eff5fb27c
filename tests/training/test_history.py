"""History: columns that read like the question."""

import numpy as np
import pytest

from layerwise.errors import ParameterError
from layerwise.layers import Output
from layerwise.training import History
from layerwise.training.history import MOST_POINTS, epoch_line, shortest, thinned

HISTORY = History(
    every=2,
    loss=(0.9, 0.7, 0.5),
    epochs=(
        {"train_loss": 0.8, "valid_cost": 0.6},
        {"train_loss": 0.5, "valid_cost": 0.7},
    ),
    best_epoch=1,
    iterations=6,
    stopped="all epochs were run",
)


def test_columns() -> None:
    assert HISTORY.columns == ("iteration", "loss", "train_loss", "valid_cost")
    assert HISTORY["iteration"].tolist() == [1, 3, 5]
    assert HISTORY["loss"].tolist() == [0.9, 0.7, 0.5]
    assert HISTORY["valid_cost"].tolist() == [0.6, 0.7]


def test_an_unknown_column_is_told() -> None:
    with pytest.raises(ParameterError) as caught:
        HISTORY["val_cost"]
    assert str(caught.value) == (
        "The history has no column 'val_cost'. Did you mean 'valid_cost'? It has "
        "iteration, loss, train_loss, valid_cost."
    )


def test_a_record_that_is_not_one_of_columns_is_refused() -> None:
    with pytest.raises(ParameterError) as caught:
        History(0, (), ({"train_loss": 0.8},), 2, 1, "")
    assert str(caught.value) == (
        "A history keeps every first, second, ... iteration, and its best epoch is one "
        "of its 1. Got every 0 and the best epoch 2."
    )
    with pytest.raises(ParameterError, match=r"^The epochs of a history do not all"):
        History(1, (), ({"train_loss": 0.8}, {"valid_loss": 0.8}), 1, 1, "")


@pytest.mark.parametrize(
    ("n", "every", "kept"),
    [
        (0, 1, 0),
        (1, 1, 1),
        (MOST_POINTS, 1, MOST_POINTS),
        (MOST_POINTS + 1, 2, MOST_POINTS // 2 + 1),
        (100_000, 5, MOST_POINTS),
    ],
)
def test_losses_are_thinned_evenly_beyond_20_000(n: int, every: int, kept: int) -> None:
    assert MOST_POINTS == 20_000
    found_every, losses = thinned([float(i) for i in range(n)])
    assert (found_every, len(losses)) == (every, kept)
    assert losses == tuple(float(i) for i in range(0, n, every))


@pytest.mark.parametrize("value", [0.1, 3.0e-5, 123456.7, -2.5, 0.0])
def test_a_float32_is_written_in_its_shortest_decimals(value: float) -> None:
    assert shortest(float(np.float32(value))) == value


@pytest.mark.parametrize("value", [1.2345678901e300, 1.2345678901e-300])
def test_a_number_beyond_float32_stays_as_it_is(value: float) -> None:
    assert shortest(value) == value


def test_errors_are_in_the_target_s_own_units() -> None:
    output = Output("regression", "squared", center=50.0, scale=10.0)
    measures = {
        "loss": [0.25, 1.0],
        "cost": [0.5, 1.25],
        "squared_error": [0.25, 1.0],
        "absolute_error": [0.5, 0.75],
    }
    assert epoch_line(measures, output) == {
        "train_loss": 0.25,
        "train_cost": 0.5,
        "train_rmse": 5.0,
        "train_mae": 5.0,
        "valid_loss": 1.0,
        "valid_cost": 1.25,
        "valid_rmse": 10.0,
        "valid_mae": 7.5,
    }
    output = Output("binary", "binary-cross-entropy")
    measures = {"loss": [0.3], "cost": [0.4], "accuracy": [0.75]}
    assert epoch_line(measures, output) == {
        "train_loss": 0.3,
        "train_cost": 0.4,
        "train_accuracy": 0.75,
    }
    measures["auc"] = [0.875]
    assert epoch_line(measures, output)["train_auc"] == 0.875
