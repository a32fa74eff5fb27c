"""The walk: the numbers of one row, and the sum behind each neuron."""

from dataclasses import replace
from typing import Any

import jax
import numpy as np
import pytest

import layerwise as lw
from layerwise.errors import LayerwiseWarning, ParameterError
from layerwise.insight import sum_of
from layerwise.layers import LinearLayer
from layerwise.network import CATALOG

N = 1000


def table(n: int = N, seed: int = 1) -> dict[str, Any]:
    """Make a table with numbers, holes, categories and texts."""
    rng = np.random.default_rng(seed)
    size, price = rng.normal(size=n), rng.gamma(2.0, 1000.0, n)
    jobs = rng.choice(["cook", "clerk", "nurse"], n)
    towns = rng.choice([f"town {i}" for i in range(30)], n)
    notes = [f"{jobs[i]} of {towns[i]}, {i}" for i in range(n)]
    return {
        "size": [None if i % 9 == 4 else x for i, x in enumerate(size)],
        "price": [f"${x:,.2f}" for x in price],
        "job": jobs.tolist(),
        "town": towns.tolist(),
        "note": notes,
        "y": size + (jobs == "cook") + np.log(price) / 3,
    }


ROWS = table()


@pytest.fixture(scope="module", params=CATALOG)
def model(request: pytest.FixtureRequest) -> lw.Model:
    """Train every network of the catalog a little."""
    options: dict[str, Any] = {"folds": 1, "refits": 0}
    if request.param != "linear":
        options["epochs"] = 1
    return lw.train(table(300, 2), "y", layers=request.param, **options)


def test_products_and_the_bias_are_z_of_the_engine(model: lw.Model) -> None:
    network, params = model.network, model.params
    encoded = model.encode(ROWS)
    dtype = np.asarray(params["layers"][-2]["W"]).dtype
    with jax.enable_x64(dtype == np.float64):
        x = network.input.rows(
            encoded.numbers, encoded.categories, encoded.texts, dtype
        )
        traces = jax.jit(network.without_constants().trace)(params, x)
    for l, layer in enumerate(network.layers):
        if not isinstance(layer, LinearLayer):
            continue
        own = params["layers"][l]
        w, b = (np.asarray(v, np.float64) for v in (layer.weights(own), own["b"]))
        a = np.asarray(traces[l - 1].a, np.float64)
        z = np.asarray(traces[l].z, np.float64)
        assert len(z) == N
        members = range(len(w)) if w.ndim == 3 else [slice(None)]
        for i in members:
            each = w[i] if w.ndim == 3 else w
            own_a, own_z = (v[:, i] if w.ndim == 3 else v for v in (a, z))
            found = own_a @ each + (b[i] if w.ndim == 3 else b)
            scale = np.abs(own_a) @ np.abs(each) + np.abs(b).max()
            assert np.abs(found - own_z).max() <= (1e-5 * scale).max()


def test_the_last_number_is_what_is_predicted(model: lw.Model) -> None:
    predicted = model.predict(ROWS)
    for row in (0, 4, 503, N - 1):
        walk = model.walk(ROWS, row)
        assert walk.prediction == walk.own == predicted[row]
        last = float(walk.layers[-1].a[0])
        restored = float(model.network.output.restore(np.float64(last)))
        assert restored == pytest.approx(walk.own, rel=1e-4, abs=1e-4)
        assert len(walk.layers) == len(model.network.layers)
        assert [unit.value for unit in walk.units] == walk.layers[0].a.tolist()


def test_the_sum_of_a_neuron_adds_up(model: lw.Model) -> None:
    walk = model.walk(ROWS, 7)
    network, params = model.network, model.params
    rng = np.random.default_rng(0)
    for l, layer in enumerate(network.layers):
        if not isinstance(layer, LinearLayer):
            continue
        a = walk.layers[l].a
        for neuron in rng.integers(0, layer.width, 5).tolist():
            i = int(rng.integers(len(a))) if a.ndim == 2 else None
            own = sum_of(network, params, walk.layers, l, neuron, i)
            total = own.products.sum() + own.b
            assert total == pytest.approx(own.z, rel=1e-5, abs=1e-5)
            np.testing.assert_allclose(own.products, own.x * own.w)


def test_a_line_is_walked_by_hand() -> None:
    line = {"x": np.arange(20.0), "y": 3 * np.arange(20.0) + 2}
    model = lw.train(line, "y", layers="linear", valid_fraction=0)
    walk = model.walk({"x": [30.0]})
    (unit,) = walk.units
    inputs, output = model.network.input, model.network.output
    assert (unit.name, unit.column, unit.raw) == ("x", "x", "30.0")
    assert unit.value == pytest.approx((30 - inputs.center[0]) / inputs.scale[0])
    own = sum_of(model.network, model.params, walk.layers, 1, 0)
    assert own.products.tolist() == [unit.value * own.w[0]]
    assert own.z == own.a
    assert walk.prediction == pytest.approx(92)
    assert output.center + output.scale * own.z == pytest.approx(92)


def test_units_know_their_column_and_their_cell() -> None:
    model = lw.train(table(200), "y", layers="8 relu", epochs=1)
    units = {unit.name: unit for unit in model.walk(ROWS, 4).units}
    assert (units["size"].raw, units["size"].column) == (None, "size")
    assert units["size is missing"].value == 1
    assert units["price"].raw == ROWS["price"][4]
    job = ROWS["job"][4]
    assert units[f"job={job}"].value == 1
    assert {unit.raw for unit in units.values() if unit.column == "job"} == {job}
    assert units["town[0]"].raw == ROWS["town"][4]
    assert units["note[text 0]"].raw == ROWS["note"][4]


def test_a_changed_cell_changes_what_follows_from_it() -> None:
    model = lw.train(table(200), "y", layers="8 relu", epochs=3)
    walk = model.walk(ROWS, 3)
    with pytest.warns(LayerwiseWarning, match="'job': 1 cell is missing"):
        other = model.walk(ROWS, 3, {"price": "$12", "job": ""})
    changed = {a.column for a, b in zip(walk.units, other.units, strict=True) if a != b}
    assert changed == {"price", "job"}
    assert walk.prediction != other.prediction
    rows = {name: [cells[3]] for name, cells in ROWS.items()}
    rows |= {"price": ["$12"], "job": [None]}
    with pytest.warns(LayerwiseWarning, match="'job': 1 cell is missing"):
        assert other.prediction == model.predict(rows)[0]
    same = model.walk(ROWS, 3, {"price": ROWS["price"][3]})
    assert same.prediction == walk.prediction


def test_of_several_networks_the_first_is_walked_and_all_answer() -> None:
    model = lw.train(table(200), "y", layers="8 relu", epochs=3, folds=3)
    walk = model.walk(ROWS, 5)
    (part,) = model.parts
    alone = replace(model, parts=(replace(part, networks=part.networks[:1]),))
    assert walk.n_networks == 3
    assert walk.own == alone.predict(ROWS)[5]
    assert walk.prediction == model.predict(ROWS)[5]
    assert walk.own != walk.prediction


def test_what_is_not_there_is_told() -> None:
    model = lw.train(table(200), "y", layers="8 relu, dropout 0.1, 4 tanh", epochs=1)
    with pytest.raises(ParameterError, match="rows 0 to 999. There is no row 1000"):
        model.walk(ROWS, 1000)
    with pytest.raises(
        ParameterError, match=r"knows no column 'prise'. Did you mean 'pri"
    ):
        model.walk(ROWS, 0, {"prise": "1"})
    steps = model.walk(ROWS, 0).layers
    for layer, neuron, member, told in (
        (2, 0, None, r"Layer 2 has no neurons. .* linear 1, linear 3, linear 4"),
        (-1, 0, None, "Layer -1 has no neurons"),
        (1, 8, None, "linear 1 has the neurons 0 to 7. There is no neuron 8"),
        (1, -1, None, "There is no neuron -1"),
        (1, 0, 2, "linear 1 has no members. Name a neuron as 1:0"),
    ):
        with pytest.raises(ParameterError, match=told):
            sum_of(model.network, model.params, steps, layer, neuron, member)
