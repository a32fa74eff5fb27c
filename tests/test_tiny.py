"""The whole library in one short file: a tour for new readers.

Six rows are read, seen as units, learned, predicted, saved and loaded.
"""

from pathlib import Path

import numpy as np
import pytest

import layerwise as lw
from layerwise.table import learn, look

SALES = Path(__file__).parents[1] / "examples" / "sales.csv"


@pytest.fixture(scope="module")
def table() -> lw.Table:
    return lw.read(SALES)


@pytest.fixture(scope="module")
def line(table) -> lw.Model:
    """No hidden layer: the target is a weighted sum of the units."""
    return lw.train(
        table,
        target="US_Sales",
        features=["UK_Sales"],
        layers="linear",
        valid_fraction=0,
    )


@pytest.fixture(scope="module")
def network(table) -> lw.Model:
    """One hidden layer of four neurons, on all the other columns."""
    return lw.train(
        table,
        target="US_Sales",
        layers="4 relu",
        dates="day-first",
        valid_fraction=0,
        epochs=30,
        seed=1,
    )


def test_a_table_is_rows_and_columns(table):
    assert table.n_rows == 6
    assert table.columns == ("Date", "US_Sales", "UK_Sales", "Canada_Sales")


def test_columns_have_kinds_and_make_units(table):
    readings = look(table, dates="day-first")
    assert [reading.kind for reading in readings] == ["date", *["number"] * 3]
    assert learn(table, readings).unit_names[-3:] == (
        "US_Sales",
        "UK_Sales",
        "Canada_Sales",
    )


def test_a_line_has_two_learnable_parameters(line):
    assert line.n_parameters == 2
    assert [layer.name for layer in line.layers] == ["input", "linear 1", "output"]


def test_they_are_those_of_least_squares(line):
    us = [9300.52, 6250.65, 6870.29, 5620.17, 9430.28, 9920.03]
    uk = [4270.45, 5680.58, 8380.25, 9420.67, 8640.58, 2150.91]
    slope, intercept = np.polyfit(uk, us, 1)
    expected = {"UK_Sales": slope, "b": intercept}
    assert line.equation()["US_Sales"] == pytest.approx(expected, rel=1e-9)


def test_parameters_are_counted_with_a_formula(network):
    d = network.layers[0].shape_out[0]
    counts = [layer.n_parameters for layer in network.layers]
    assert counts == [0, d * 4 + 4, 4 * 1 + 1, 0]
    assert network.layers[2].arithmetic == "4 x 1 + 1 = 5"


def test_epochs_times_batches_are_iterations(network):
    assert network.facts.regime.batch_size == 6
    assert network.history.iterations == 30 * 1
    assert network.history["train_cost"][-1] < network.history["train_cost"][0]


def test_predictions_are_in_the_units_of_the_target(table, network):
    predicted = network.predict(table)
    assert predicted.shape == (6,)
    assert 1000 < predicted.mean() < 20_000


def test_a_row_alone_is_predicted_as_among_others(table, network):
    among = network.predict(table)
    alone = [network.predict(table.rows(np.array([i])))[0] for i in range(6)]
    assert alone == among.tolist()


def test_saved_and_loaded_it_predicts_the_same(table, network, tmp_path):
    path = tmp_path / "sales.safetensors"
    network.save(path)
    again = lw.load(path)
    assert again.predict(table).tolist() == network.predict(table).tolist()
    assert again.layers == network.layers
    assert again.evaluate(table) == network.evaluate(table)


def test_two_classes_have_a_probability():
    rows = {"x": [1.0, 2.0, 3.0, 4.0], "passed": ["no", "no", "yes", "yes"]}
    logistic = lw.train(
        rows, target="passed", layers="linear", l2=0.1, valid_fraction=0
    )
    p = logistic.predict_proba(rows)
    assert p.shape == (4, 2)
    assert p.sum(axis=1) == pytest.approx(np.ones(4))
    assert logistic.predict(rows).tolist() == rows["passed"]


def test_scikit_learn_knows_the_same_networks():
    X, y = [[0.0], [1.0], [2.0], [3.0]], [3.0, 5.0, 7.0, 9.0]
    line = lw.NetworkRegressor("linear", valid_fraction=0).fit(X, y)
    assert line.predict([[10.0]]) == pytest.approx([23.0])


def test_what_goes_wrong_is_said_in_a_sentence(table):
    with pytest.raises(lw.LayerwiseError, match="Did you mean 'US_Sales'"):
        lw.train(table, target="US_Sale")
