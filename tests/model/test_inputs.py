"""The input layer that training makes, and what it makes of the unknown."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import pytest
from small_models import COLUMNS, table

import layerwise as lw
from layerwise.layers import (
    CategoryUnits,
    Pbld,
    Piecewise,
    Plr,
    TextUnits,
    mixed_bins,
    quantile_bins,
)
from layerwise.model import recipes
from layerwise.model.inputs import LINE_FORM, ROBUST_FORM, InputForm, input_layer
from layerwise.plain import to_plain
from layerwise.table import learn, look, read

WHOLE = {name: table()[name] for name in COLUMNS}


def made(form: InputForm, rows=None, weight=None):
    rows = read(WHOLE) if rows is None else rows
    schema = learn(rows, look(rows), weights=weight, one_hot_only=form == LINE_FORM)
    return schema, input_layer(schema, schema.encode(rows).numbers, weight, form)


def test_numbers_are_scaled_by_quartiles_and_bent_before_hidden_layers():
    schema, layer = made(ROBUST_FORM)
    price = np.array([float(cell[1:].replace(",", "")) for cell in WHOLE["price"]])
    low, middle, high = np.quantile(
        price, [0.25, 0.5, 0.75], method="averaged_inverted_cdf"
    )
    at = schema.number_names.index("price")
    assert (layer.center[at], layer.scale[at]) == (middle, high - low)
    assert (layer.smooth_clip, layer.other_rate) == (3.0, 0.02)
    # 18 shops occur twice, and some cells are missing; every job is frequent
    assert layer.categories == (CategoryUnits(19, 8), CategoryUnits(3, 0, True))
    assert layer.texts == (TextUnits(32, has_flag=True),)
    assert layer.n_units == schema.n_units


def test_without_hidden_layers_nothing_is_bent_or_random():
    schema, layer = made(LINE_FORM)
    price = np.array([float(cell[1:].replace(",", "")) for cell in WHOLE["price"]])
    at = schema.number_names.index("price")
    assert layer.center[at] == pytest.approx(price.mean(), rel=1e-12)
    assert layer.scale[at] == pytest.approx(price.std(), rel=1e-12)
    assert (layer.smooth_clip, layer.other_rate) == (0, 0)
    # only where rare shops were pooled is there something to learn for the others
    assert layer.categories == (CategoryUnits(19, 0, True), CategoryUnits(3))


def test_without_categories_nothing_is_random():
    assert made(ROBUST_FORM, rows=read({"x": [1.0, 2.0, 4.0]}))[1].other_rate == 0


def test_the_formula_travels_as_plain_data():
    plain = json.loads(json.dumps(to_plain(made(ROBUST_FORM)[1])))
    assert (plain["smooth_clip"], plain["other_rate"]) == (3.0, 0.02)
    assert plain["texts"] == [{"width": 32, "has_flag": True}]


FORMS = {
    "line": LINE_FORM,
    "robust": ROBUST_FORM,
    "quantile": InputForm("quantile"),
    "piecewise": InputForm("quantile", encoding="piecewise", n_bins=12, width=3),
    "mixed": InputForm("robust", 3.0, encoding="piecewise-codes", bins="mixed"),
    "pbld": InputForm("robust", 3.0, encoding="pbld", width=4),
    "plr": InputForm("standard", encoding="plr", width=8),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_weight_is_worth_that_many_rows(form):
    weight = np.random.default_rng(0).integers(0, 4, len(WHOLE["size"]))
    rows = read(WHOLE)
    repeated = rows.rows(np.repeat(np.arange(rows.n_rows), weight))
    schema, layer = made(form, rows, weight.astype(float))
    other_schema, other = made(form, repeated)
    assert schema.unit_names == other_schema.unit_names
    np.testing.assert_allclose(layer.center, other.center, rtol=1e-13)
    np.testing.assert_allclose(layer.scale, other.scale, rtol=1e-13)
    if form.scaling != "standard":
        assert layer == other


def test_bins_are_learned_where_numbers_are_scaled_and_bent():
    for form, edges_of in (
        (FORMS["piecewise"], quantile_bins),
        (FORMS["mixed"], mixed_bins),
    ):
        schema, layer = made(form)
        numbers = schema.encode(read(WHOLE)).numbers
        s = layer.scaled(numbers)
        if form.smooth_clip:
            s = s / np.sqrt(1 + (s / 3) ** 2)
        for j, edges in enumerate(layer.encoding.bins):
            expected = edges_of(s[:, j], None, form.n_bins)
            np.testing.assert_allclose(edges, expected, atol=1e-12)
        for u, count in zip(
            layer.encoding.places(s).T, layer.encoding.counts, strict=True
        ):
            # a number that is always the same stands in the middle of its only bin
            ends = (0, count) if len(np.unique(u)) > 1 else (0.5, 0.5)
            np.testing.assert_allclose((np.nanmin(u), np.nanmax(u)), ends, atol=1e-9)


def test_each_form_makes_its_encoding():
    schema, layer = made(FORMS["piecewise"])
    assert isinstance(layer.encoding, Piecewise)
    assert (layer.encoding.width, max(layer.encoding.counts)) == (3, 12)
    assert len(layer.quantiles[0]) == 10  # for 120 rows the least
    assert made(FORMS["mixed"])[1].encoding.width == 0
    assert made(FORMS["pbld"])[1].encoding == Pbld(16, 4, 0.1)
    assert made(FORMS["plr"])[1].encoding == Plr(48, 8, 0.01)
    no_numbers = read({"job": WHOLE["job"]})
    assert made(FORMS["piecewise"], no_numbers)[1].encoding is None


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("quantile", 0.1),
        ("piecewise", 0.5),
        ("mixed", 0.5),
        ("pbld", 0.5),
        ("plr", 0.5),
    ],
)
def test_a_network_learns_and_remembers_its_form(name, least, monkeypatch, tmp_path):
    """Trained, saved and opened again; a wave of one column is what they are for.

    PBLD learns with a tenth of the learning rate.
    """
    monkeypatch.setattr(recipes, "ROBUST_FORM", FORMS[name])
    x = np.random.default_rng(0).uniform(0, 1, 1500)
    rows = {"x": x.tolist(), "y": np.sin(12 * x).tolist()}
    rate = 0.01 if name == "pbld" else 0.001
    model = lw.train(
        rows, "y", layers="16 relu", epochs=30, patience=0, learning_rate=rate
    )
    assert model.facts.valid["r2"] > least
    assert not model.is_equation
    model.save(tmp_path / "wave.safetensors")
    again = lw.load(tmp_path / "wave.safetensors")
    assert again.network == model.network
    assert again.predict(rows).tobytes() == model.predict(rows).tobytes()
    one = {name: cells[:1] for name, cells in rows.items()}
    assert again.predict(one)[0] == model.predict(rows)[0]


def test_an_encoded_line_is_no_equation(monkeypatch):
    rows = {"x": [0.0, 1.0, 2.0, 3.0] * 20, "y": [3.0, 5.0, 7.0, 8.0] * 20}
    for form in (InputForm("quantile"), InputForm(encoding="piecewise-codes")):
        monkeypatch.setattr(recipes, "LINE_FORM", form)
        model = lw.train(rows, "y", layers="linear", valid_fraction=0)
        assert not model.is_equation
        with pytest.raises(lw.LayerwiseError, match="is one equation"):
            model.equation()


def towns(n: int, n_towns: int) -> tuple[dict[str, list], float]:
    """Make rows whose target is their town's; every town is frequent."""
    rng = np.random.default_rng(0)
    effects = 10 + np.exp(rng.normal(size=n_towns))
    ids = np.arange(n) % n_towns
    y = effects[ids] + rng.normal(0, 0.1, n)
    return {"town": [f"t{i}" for i in ids], "y": y.tolist()}, float(y.mean())


@pytest.mark.parametrize("n_towns", [6, 40])
def test_an_unknown_category_is_trained_though_training_has_no_rare_one(
    n_towns, monkeypatch
):
    """It is predicted near the average; untrained, it is wherever it started."""
    rows, mean = towns(1200, n_towns)
    errors = []
    for rate in (ROBUST_FORM.other_rate, 0.0):
        monkeypatch.setattr(
            recipes, "ROBUST_FORM", replace(ROBUST_FORM, other_rate=rate)
        )
        model = lw.train(rows, "y", layers="16 tanh", epochs=60, patience=0)
        assert model.facts.valid["r2"] > 0.9, "the known ones are known"
        with pytest.warns(lw.LayerwiseWarning, match="training did not know"):
            errors.append(abs(model.predict({"town": ["never seen"]})[0] - mean))
        if n_towns > 16:
            moved = np.abs(model.params["layers"][0]["E0"][0]).max()
            assert moved > 0.01 if rate else moved == 0
        else:
            assert model.schema.unit_names[-1] == "town=other"
    assert errors[0] < 0.5 * np.std(rows["y"])
    assert errors[0] < 0.8 * errors[1]


def test_texts_teach_what_their_words_say():
    """No text occurs twice: only their pieces can tell."""
    rng = np.random.default_rng(1)
    words = np.array(["lake", "garden", "noisy", "cellar", "balcony", "garage"])
    worth = np.array([3.0, 2.0, -3.0, -2.0, 1.0, 1.5])
    has = rng.random((1500, 6)) < 0.4
    texts = [f"no {i}: " + " ".join(words[row]) for i, row in enumerate(has)]
    rows = {"text": texts, "y": has @ worth + rng.normal(0, 0.1, 1500)}
    for layers in ("linear", "32 relu"):
        model = lw.train(rows, "y", layers=layers)
        assert model.facts.valid["r2"] > 0.8, layers


def same_rows_everywhere(folder, n: int = 120) -> dict[str, object]:
    """Write the same typed rows to files and frames of many kinds."""
    rows = {name: cells[:n] for name, cells in table(seed=3).items() if name in COLUMNS}
    frame = pl.DataFrame(rows).with_columns(
        count=pl.Series([i * 37 % 11 for i in range(n)]),
        share=pl.Series([None if i % 9 == 4 else i * 0.37 for i in range(n)]),
        when=pl.Series(
            [f"2023-{i % 12 + 1:02}-{i % 28 + 1:02} {i % 24:02}:15" for i in range(n)]
        ),
    )
    frame = frame.with_columns(y=pl.Series([i % 7 * 1.5 + i % 3 for i in range(n)]))
    frame.write_csv(folder / "rows.csv")
    frame.write_parquet(folder / "rows.parquet")
    typed = frame.with_columns(
        pl.col("sold").str.to_date(),
        pl.col("when").str.to_datetime("%Y-%m-%d %H:%M"),
        pl.col("size").cast(pl.Float64),
        pl.col("paid") == "yes",
    )
    return {
        "csv": folder / "rows.csv",
        "parquet": folder / "rows.parquet",
        "polars": frame,
        "typed polars": typed,
        "arrow": typed.to_arrow(),
        "pandas": pd.DataFrame(frame.to_dict(as_series=False)),
        "typed pandas": pd.DataFrame(typed.to_dict(as_series=False)),
        "another order of columns": frame.select(sorted(frame.columns, reverse=True)),
    }


@pytest.mark.parametrize("layers", ["linear", "8 relu"])
def test_a_row_is_predicted_the_same_wherever_it_comes_from(tmp_path, layers):
    sources = same_rows_everywhere(tmp_path)
    model = lw.train(
        sources["csv"],
        "y",
        layers=layers,
        **({} if layers == "linear" else {"epochs": 3}),
    )
    kinds = {column.encoding for column in model.schema.columns}
    assert kinds == {"number", "date", "hashed", "one-hot"} | (
        set() if layers == "linear" else {"embedding"}
    )
    expected = model.predict(sources["csv"])
    for name, source in sources.items():
        assert model.predict(source).tobytes() == expected.tobytes(), name
        assert (
            model.schema.ledger(read(source))
            .drop("cell")
            .equals(model.schema.ledger(read(sources["csv"])).drop("cell"))
        ), name
