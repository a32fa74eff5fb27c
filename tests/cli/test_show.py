"""layerwise show: the layers of a model."""

import io
import re

import pytest
from rich.console import Console

import layerwise as lw
from layerwise.cli.drawings import layers_about, layers_table
from layerwise.layers import Input, Output
from layerwise.network import LayerSummary, assemble, plan_of, summarize


def test_json_has_the_keys_of_the_contract(command, people_model):
    plain = command("show", people_model.path, "--json").json
    assert set(plain) >= {"layers", "n_parameters", "task", "input_columns"}
    trained = people_model.ran.json
    assert plain["layers"] == trained["layers"]
    assert plain["n_parameters"] == trained["n_parameters"]
    assert plain["input_columns"] == ["pay", "job", "age"]
    assert plain["task"] == "binary"


def test_drawing(command, people_model, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    out = command("show", people_model.path).out
    lines = [line.rstrip() for line in out.splitlines()]
    assert lines[:9] == [
        "Predicts 'loan' ('no' or 'yes') from 3 columns: 'pay', 'job', 'age'.",
        "",
        "layer       in         out  activation                  learnable parameters",
        "input       3 columns  [7]  -                                              0",
        "linear 1    [7]        [8]  relu                              7 x 8 + 8 = 64",
        "linear 2    [8]        [1]  sigmoid                            8 x 1 + 1 = 9",
        "output      [1]        [1]  loss: binary cross-entropy                     0",
        "all layers                                                                73",
        "",
    ]
    assert lines[9:17] == [
        "input     turns the cells of a row into numbers, the units",
        "linear 1  each neuron weighs all that comes in and adds it up, and bends the "
        "sum",
        "          with relu",
        "linear 2  each neuron weighs all that comes in and adds it up",
        "output    decides for one of the two classes; while training, the loss says "
        "how",
        "          wrong it is",
        "",
        "Decision rule: 'yes' if p >= 0.5, else 'no'.",
    ]
    assert "on 30 rows it never saw" in out


@pytest.mark.parametrize(
    ("model", "rule"),
    [
        ("line_model", "the prediction is "),
        ("flowers_model", "the class with the largest p, of 'iris', 'lily', 'rose'"),
    ],
)
def test_decision_rule_follows_the_task(command, request, model, rule):
    path = request.getfixturevalue(model).path
    assert f"Decision rule: {rule}" in command("show", path).out
    assert command("show", path, "--json").json["decision_rule"].startswith(rule)


def test_equation_of_a_line(command, line_model):
    plain = command("show", line_model.path, "--json").json
    assert plain["equation"] == line_model.ran.json["equation"]
    assert "y = " in command("show", line_model.path).out


def test_softmax_regression_says_where_its_equations_are(command, flowers_model):
    out = command("show", flowers_model.path).out
    assert "One equation of 3 terms for each of 3 classes" in out


def test_metrics_are_those_of_training(command, people_model):
    plain = command("show", people_model.path, "--json").json
    assert plain["valid"] == people_model.ran.json["valid"]
    assert (plain["train"], plain["n_train"], plain["n_valid"]) == (None, 120, 30)


@pytest.fixture(scope="module")
def days(tables, command):
    """Train a line on a yes/no column and a moment, with every row."""
    path = tables.folder / "days.csv"
    rows = [
        f"{'no' if i % 3 else 'yes'},2024-03-{i % 28 + 1:02} {i % 24:02}:30,"
        f"{2 * i + 10 * (i % 3 == 0)}.5"
        for i in range(60)
    ]
    path.write_text("\n".join(["paid,time,price", *rows]) + "\n")
    args = ("--target", "price", "--layers", "linear", "--valid-fraction", 0)
    model = tables.folder / "days.safetensors"
    return command("train", path, *args, "--out", model, "--json").json


def test_where_nothing_was_held_out_the_measures_are_of_training(command, days):
    plain = command("show", days["model"], "--json").json
    assert days["valid"] is plain["valid"] is None
    assert days["train"] == plain["train"]
    assert set(plain["train"]) == {"rmse", "mae", "r2"}
    assert (plain["n_train"], plain["n_valid"]) == (60, 0)


def test_input_layer_reads_columns(command, days):
    layers = command("show", days["model"], "--json").json["layers"]
    assert (layers[0]["shape_in"], layers[0]["shape_out"]) == ([2], [11])
    assert "\ninput       2 columns  [11]" in command("show", days["model"]).out


def test_equation_can_be_worked_out_by_hand(command, days, flowers_model, tables):
    out = command("show", days["model"]).out
    assert " x paid (yes = 1)\n" in out
    assert " x time days since 1970-01-01\n" in out
    assert " x time sin\n" in out
    assert " p = " not in out
    path = tables.folder / "two.safetensors"
    args = ("--target", "loan", "--layers", "linear", "--l2", 0.1, "--out", path)
    out = command("train", tables.people, *args).out
    assert "\nz =    " in out
    assert "\np = 1 / (1 + exp(-z)) is the probability of 'yes'.\n" in out


def test_sum_of_the_embeddings_is_shown(command, tables):
    path = tables.folder / "towns.csv"
    rows = [f"town {i % 30},shop {i % 20},{i}" for i in range(200)]
    path.write_text("\n".join(["town,shop,price", *rows]) + "\n")
    model = tables.folder / "towns.safetensors"
    args = ("--target", "price", "--layers", "4 relu", "--epochs", 1, "--out", model)
    assert command("train", path, *args).code == 0
    assert "31 x 8 + 21 x 8 = 416\n" in command("show", model).out
    plain = command("show", model, "--json").json
    assert [layer["arithmetic"] for layer in plain["layers"]] == [
        *("31 x 8 + 21 x 8 = 416", "16 x 4 + 4 = 68", "4 x 1 + 1 = 5", "0")
    ]


def test_sum_of_very_many_embeddings_is_cut():
    sum_of_9 = " + ".join(["9 x 8"] * 9)
    many = LayerSummary("input", (9,), (72,), None, 648, sum_of_9, "reads")
    assert "9 x 8 + 1 more = 648" in "".join(
        drawn(layers_table([many], "squared"), 200)
    )


@pytest.fixture(scope="module")
def default_model(tables, command):
    """Train what is trained where nothing is asked for: the strong network."""
    path = tables.folder / "default.safetensors"
    args = ("--target", "loan", "--epochs", 2, "--out", path, "--json")
    ran = command("train", tables.people, *args)
    assert ran.code == 0, ran.err
    return path


def drawn(drawing, width=80):
    console = Console(file=io.StringIO(), width=width)
    console.print(drawing)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_members_are_drawn_beside_units():
    """Shapes are members x units, from the members layer to the heads."""
    inputs, output = Input((0.0,) * 3, (1.0,) * 3), Output("binary", "any")
    network = assemble(inputs, plan_of("tabm", "binary"), output, 2)
    layers = summarize(network)
    lines = [line.split("  ") for line in drawn(layers_table(layers, "any"), 100)]
    cells = [[cell.strip() for cell in line if cell] for line in lines]
    assert cells[2] == ["members 1", "[3]", "[32 x 3]", "-", "32 x 3 = 96"]
    assert cells[9][:3] == ["member heads 8", "[32 x 512]", "[32 x 1]"]
    assert cells[10] == ["output", "[32 x 1]", "[1]", "loss: any", "0"]
    said = dict(line.split("  ", 1) for line in drawn(layers_about(layers), 200))
    assert list(said) == [
        *("input", "members 1", "member linear 2", "dropout 3, 5, 7"),
        *("member linear 4, 6", "member heads 8", "output"),
    ]
    assert said["dropout 3, 5, 7"].strip() == (
        "while training, silences 10% of the neurons at random, so that none is relied "
        "on alone"
    )


def test_nothing_asked_for_is_the_strong_network(command, default_model):
    assert lw.load(default_model).facts.layers == "strong"
    said = command("show", default_model).out
    assert all(layer.name in said for layer in lw.load(default_model).layers[:3])


@pytest.mark.parametrize("width", [40, 60, 80])
@pytest.mark.parametrize("model", ["people_model", "default_model"])
def test_narrow_terminal_cuts_nothing(command, request, model, monkeypatch, width):
    found = request.getfixturevalue(model)
    monkeypatch.setenv("COLUMNS", str(width))
    out = command("show", getattr(found, "path", found)).out
    assert max(map(len, out.splitlines())) <= width
    assert "…" not in out
    assert not re.search(r" $", out, re.MULTILINE)


@pytest.fixture(scope="module")
def far_model(tables, command):
    """Train beyond the best epoch and keep the last as well."""
    path = tables.folder / "far.safetensors"
    ran = command(
        *("train", tables.people, "--target", "loan", "--layers", "16 relu"),
        *("--patience", 0, "--epochs", 150, "--schedule", "constant"),
        *("--learning-rate", 0.03, "--out", path),
    )
    assert "the file keeps the last one too" in ran.out
    return path


def test_last_epoch_can_be_shown_measured_and_asked(command, far_model, tables):
    last = lw.load(far_model).last
    evaluated = command("evaluate", far_model, tables.people, "--last", "--json").json
    assert evaluated["metrics"] == last.evaluate(tables.people)
    best = command("evaluate", far_model, tables.people, "--json").json
    assert best["metrics"] != evaluated["metrics"]
    predicted = command("predict", far_model, tables.people, "--last", "--json").json
    p = [row["p_yes"] for row in predicted["predictions"]]
    assert p == last.predict_proba(tables.people)[:, 1].tolist()
    shown = command("show", far_model, "--last", "--json").json
    assert shown["valid"] is shown["train"] is None
    assert "these are the parameters of the last epoch" in (
        command("show", far_model, "--last").out
    )


def test_last_epoch_that_was_not_kept(command, tables, tmp_path):
    path = tmp_path / "m.safetensors"
    command(
        *("train", tables.people, "--target", "loan", "--features", "age"),
        *("--layers", "16 relu", "--patience", 1, "--learning-rate", 0.1),
        *("--out", path),
    )
    ran = command("show", path, "--last")
    assert ran.code == 2
    assert ran.err == (
        "Error: This model kept only its best epoch. Train with --patience 0 to train "
        "all epochs and keep the last one as well.\n"
    )
