"""The model as a thing to hold: its name, its layers, its last epoch."""

import math
import re
from datetime import datetime

import pytest

import layerwise as lw

ROWS = {
    "x": [0.1, 0.7, 0.3, 0.9, 0.5, 0.2, 0.8, 0.4, 0.6, 1.0] * 4,
    "day": [f"2024-03-{i + 1:02}" for i in range(10)] * 4,
    "y": ["no", "yes", "no", "yes", "no", "no", "yes", "yes", "no", "yes"] * 4,
}


def test_a_model_names_itself_in_one_line():
    model = lw.train(ROWS, "y", layers="4 relu", epochs=2)
    accuracy = re.escape(f"{model.facts.valid['accuracy']:.4g}")
    assert re.fullmatch(
        rf"<Model of 'y': binary, layers '4 relu', 45 parameters, "
        rf"accuracy {accuracy} on rows held out>",
        repr(model),
    )
    line = lw.train(
        {"x": [0.0, 1.0, 2.0], "y": [1.0, 2.0, 3.5]},
        "y",
        layers="linear",
        valid_fraction=0,
    )
    assert repr(line) == (
        "<Model of 'y': regression, layers 'linear', 2 parameters, rmse 0.1179 on "
        "training rows>"
    )


def test_a_date_is_one_column_and_several_units():
    model = lw.train(ROWS, "y", layers="4 relu", epochs=2)
    assert (model.layers[0].shape_in, model.layers[0].shape_out) == ((2,), (9,))


def test_the_equation_can_be_worked_out_by_hand():
    rows = {
        "paid": ["yes", "no", "no", "yes", "no", "yes", "no", "no"] * 5,
        "job": ["cook", "clerk", "cook", "nun"] * 10,
        "at": [
            f"2024-{i % 11 + 1:02}-{i % 27 + 1:02} {i % 24:02}:30" for i in range(40)
        ],
        "price": [3.0 * i + i * i % 7 for i in range(40)],
    }
    model = lw.train(rows, "price", layers="linear", valid_fraction=0)
    weights = model.equation()["price"]
    at = datetime(2024, 6, 6, 5, 30)  # row 5, a Thursday
    month, day = 2 * math.pi * 5 / 12, 2 * math.pi * 5 / 30
    weekday, hour = 2 * math.pi * 3 / 7, 2 * math.pi * 5.5 / 24
    units = {
        "b": 1.0,
        "paid": 1.0,
        "job=cook": 0.0,
        "job=clerk": 1.0,
        "job=nun": 0.0,
        "at days since 1970-01-01": (at - datetime(1970, 1, 1)).total_seconds() / 86400,
        "at year": 2024.0,
        "at month sin": math.sin(month),
        "at month cos": math.cos(month),
        "at day sin": math.sin(day),
        "at day cos": math.cos(day),
        "at weekday sin": math.sin(weekday),
        "at weekday cos": math.cos(weekday),
        "at time sin": math.sin(hour),
        "at time cos": math.cos(hour),
    }
    assert units.keys() == weights.keys()
    by_hand = sum(weights[name] * value for name, value in units.items())
    assert by_hand == pytest.approx(model.predict(rows)[5], rel=1e-6)


def test_the_last_epoch_has_no_metrics_of_the_best():
    model = lw.train(
        ROWS | {"y": (["no", "yes", "yes"] * 14)[:40]},
        "y",
        layers="16 relu",
        epochs=60,
        patience=0,
        learning_rate=0.1,
        schedule="constant",
    )
    assert model.history.best_epoch < 60, "the best epoch is not to be the last"
    assert model.facts.valid
    assert model.last.facts.valid == {}
    assert repr(model.last).endswith("parameters>")
