"""layerwise train: a table becomes a model file."""

import dataclasses
import errno
import inspect
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import layerwise as lw
from layerwise.cli.options import to_write
from layerwise.cli.train import _file_name, run
from layerwise.model import Settings

BEYOND = pytest.mark.filterwarnings("ignore:Column .* out of the range of training")
"""Rows that were held out may lie beyond those that trained."""
KEYS = {
    "task",
    "target",
    "n_rows",
    "n_train",
    "n_valid",
    "layers",
    "n_parameters",
    "batch_size",
    "n_batches",
    "epochs",
    "iterations",
    "best_epoch",
    "seconds",
    "valid",
    "baseline",
    "model",
}
LAYER_KEYS = {
    *("name", "shape_in", "shape_out", "activation", "n_parameters", "arithmetic")
}


def test_json_has_the_keys_of_the_contract(people_model):
    plain = people_model.ran.json
    assert set(plain) >= KEYS
    assert all(set(layer) == LAYER_KEYS for layer in plain["layers"])
    assert set(plain["valid"]) == {"log_loss", "accuracy", "auc"}
    assert set(plain["baseline"]) == set(plain["valid"])
    assert (plain["task"], plain["target"]) == ("binary", "loan")
    assert plain["n_rows"] == plain["n_train"] + plain["n_valid"] == 150
    assert plain["model"] == str(people_model.path)
    assert people_model.path.is_file()


def test_json_is_one_object_and_progress_is_elsewhere(people_model):
    ran = people_model.ran
    assert ran.out.count("\n") == 1
    assert isinstance(json.loads(ran.out), dict)
    first, *_ = ran.err.splitlines()
    assert first.startswith("epoch 1 of 30  iteration 3  loss ")
    assert "  train cost " in first
    assert "  valid cost " in first


def test_the_last_epoch_is_among_the_lines(people_model):
    plain, lines = people_model.ran.json, people_model.ran.err.splitlines()
    epochs = [line for line in lines if line.startswith("epoch ")]
    assert epochs[-1].startswith(f"epoch {plain['epochs']} of 30  ")


def test_iterations_are_epochs_times_batches(people_model):
    plain = people_model.ran.json
    assert plain["n_train"] == 120
    assert (plain["batch_size"], plain["n_batches"]) == (40, 3)
    assert plain["iterations"] == plain["epochs"] * plain["n_batches"]
    assert 1 <= plain["best_epoch"] <= plain["epochs"]


def test_parameters_are_counted_layer_by_layer(people_model):
    layers = {layer["name"]: layer for layer in people_model.ran.json["layers"]}
    d = layers["linear 1"]["shape_in"][0]
    assert layers["linear 1"]["n_parameters"] == d * 8 + 8
    assert layers["linear 2"]["n_parameters"] == 8 * 1 + 1
    assert layers["input"]["n_parameters"] == layers["output"]["n_parameters"] == 0
    assert people_model.ran.json["n_parameters"] == d * 8 + 8 + 9


def test_a_line_has_two_parameters_those_of_least_squares(command, tables, tmp_path):
    path = tmp_path / "m.safetensors"
    args = ("--target", "y", "--layers", "linear", "--valid-fraction", 0, "--json")
    plain = command("train", tables.line, *args, "--out", path).json
    assert plain["n_parameters"] == 2
    frame = pl.read_csv(tables.line)
    slope, intercept = np.polyfit(frame["x"], frame["y"], 1)
    assert plain["equation"]["y"] == {
        "x": pytest.approx(slope, abs=1e-9),
        "b": pytest.approx(intercept, abs=1e-9),
    }


def test_what_was_left_out_is_said(people_model):
    assert people_model.ran.json["left_out"] == ["country"]
    assert people_model.ran.json["warnings"] == [
        "1 column is left out: constant 'country'."
    ]
    assert people_model.ran.err.count("country") == 1


def test_drawing_shows_layers_arithmetic_metrics_and_the_file(
    command, tables, tmp_path, monkeypatch
):
    monkeypatch.setenv("COLUMNS", "80")
    path = tmp_path / "m.safetensors"
    ran = command(
        *("train", tables.line, "--target", "y", "--layers", "4 tanh"),
        *("--epochs", 2, "--patience", 0, "--batch-size", 25, "--out", path),
    )
    assert ran.code == 0
    lines = [line.rstrip() for line in ran.out.splitlines()]
    assert lines[:8] == [
        "Predicts 'y' (a number) from 1 column.",
        "",
        "layer       in        out  activation     learnable parameters",
        "input       1 column  [1]  -                                 0",
        "linear 1    [1]       [4]  tanh                  1 x 4 + 4 = 8",
        "linear 2    [4]       [1]  identity              4 x 1 + 1 = 5",
        "output      [1]       [1]  loss: squared                     0",
        "all layers                                                  13",
    ]
    assert lines[9] == "batches     120 training rows / 25 = 5, the last with 20"
    assert lines[10].startswith("iterations  2 epochs x 5 = 10, with adam, in ")
    assert lines[12] == "ended       because all epochs were run"
    assert lines[14] == "on 30 rows it never saw  network  always the mean"
    assert lines[-1] == f"Model: {path}"


def test_a_line_is_drawn_as_an_equation(command, tables, tmp_path):
    path = tmp_path / "m.safetensors"
    args = ("--target", "y", "--layers", "linear", "--out", path)
    out = command("train", tables.line, *args).out
    (left,) = [line for line in out.splitlines() if line.startswith("y = ")]
    (term,) = [line for line in out.splitlines() if line.rstrip().endswith(" x x")]
    assert float(left.split()[2]) == pytest.approx(3, abs=0.1)
    assert float(term.split()[1]) == pytest.approx(2, abs=0.1)
    assert "each iteration sees all 120 training rows" in out
    assert "because the lowest cost was reached" in out


@pytest.mark.parametrize("option", ["--learning-rate", "--learning_rate"])
def test_both_spellings_of_an_option(command, tables, tmp_path, option):
    path = tmp_path / "m.safetensors"
    args = ("--target", "y", "--layers", "2 relu", "--epochs", 1, "--out", path)
    ran = command("train", tables.line, *args, option, 0.125, "--json")
    assert ran.code == 0
    assert lw.load(path).facts.regime.learning_rate == 0.125


def test_model_is_named_for_its_target(command, tables, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    args = ("--target", "y", "--layers", "linear", "--json")
    assert command("train", tables.line, *args).json["model"] == "y.safetensors"
    assert (tmp_path / "y.safetensors").is_file()


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("net price (€)", "net_price"),
        ("温度", "温度"),
        ("हिन्दी", "हिन्दी"),
        ("../../etc/passwd", "etc_passwd"),
        ("a\x1b\nb", "a_b"),
        ("€", "model"),
        ("度" * 200, "度" * 66),
    ],
)
def test_file_name_keeps_the_letters_of_all_scripts(target, name):
    assert _file_name(target) == name


def test_model_of_another_target_is_not_lost(command, tables, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame = pl.read_csv(tables.line).rename({"y": "€"}).with_columns(pl.col("x"))
    frame.with_columns(pl.col("€").alias("$")).write_csv("line.csv")
    common = ("train", "line.csv", "--layers", "linear", "--json")
    assert command(*common, "--target", "€").json["model"] == "model.safetensors"
    before = Path("model.safetensors").read_bytes()
    ran = command(*common, "--target", "$")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "Error: The file 'model.safetensors' is there and holds a model of '€', which "
        "would be lost. Name another file with --out.\n"
    )
    assert Path("model.safetensors").read_bytes() == before
    assert command(*common, "--target", "€", "--seed", 1).code == 0
    Path("model.safetensors").write_bytes(b"mine")
    ran = command(*common, "--target", "€")
    assert "holds no model that this layerwise can read, which would be" in ran.err
    assert Path("model.safetensors").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("out", "message"),
    [
        (
            "folder.safetensors",
            "Could not write 'folder.safetensors': a folder or a device has that name. "
            "Give another name.",
        ),
        ("none/m.safetensors", "Could not write 'm.safetensors': there is no folder"),
        (f"{'m' * 300}.safetensors", "File name too long. Choose another name"),
    ],
)
def test_out_is_tried_before_the_work(
    command, tables, tmp_path, monkeypatch, out, message
):
    (tmp_path / "folder.safetensors").mkdir()
    monkeypatch.setattr("layerwise.cli.train.train", None)
    ran = command("train", tables.line, "--target", "y", "--out", tmp_path / out)
    assert (ran.code, ran.out) == (1, "")
    assert message in ran.err


def test_folder_that_takes_no_file_is_found_before_the_work(
    command, tables, tmp_path, monkeypatch
):
    def refuses(**options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("layerwise.cli.options.tempfile.TemporaryFile", refuses)
    monkeypatch.setattr("layerwise.cli.train.train", None)
    ran = command(
        *("train", tables.line, "--target", "y"),
        *("--out", tmp_path / "m.safetensors"),
    )
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        f"Error: Could not write 'm.safetensors' in the folder {str(tmp_path)!r}: "
        "Read-only file system. Choose another name or folder.\n"
    )


def test_trying_leaves_nothing_behind(tmp_path):
    path = to_write(tmp_path / "m.safetensors", (".safetensors",))
    assert (path.exists(), list(tmp_path.iterdir())) == (False, [])


def test_option_that_is_wrong_is_told_as_an_option(command, tables):
    ran = command("train", tables.line, "--target", "y", "--epochs", 0)
    assert ran.code == 2
    assert ran.err == (
        "Error: --epochs must be a whole number of at least 1. Got 0 instead.\n"
    )


def test_effort_and_measure_are_told_as_options(command, tables):
    common = ("train", tables.line, "--target", "y")
    ran = command(*common, "--effort", "quick", "--layers", "64 relu, 8")
    assert (ran.code, ran.err) == (
        2,
        "Error: --effort chooses the layers. Got --effort quick and --layers "
        '"64 relu, 8": leave one of them out.\n',
    )
    ran = command(*common, "--effort", "norml")
    assert (ran.code, ran.err) == (
        2,
        "Error: --effort must be one of quick, normal, thorough. Got 'norml' instead. "
        "Did you mean 'normal'?\n",
    )
    ran = command(*common, "--layers", "2", "--best-by", "auc")
    assert (ran.code, ran.err) == (
        2,
        "Error: --best-by is 'auc', but the target is a number. Use one of cost, loss, "
        "rmse, mae.\n",
    )


def test_effort_and_measure_reach_the_training(command, tables, tmp_path):
    path = tmp_path / "m.safetensors"
    common = ("train", tables.people, "--target", "loan", "--out", path)
    ran = command(*common, "--effort", "quick", "--best-by", "auc", "--epochs", 2)
    assert ran.code == 0, ran.err
    facts = lw.load(path).facts
    assert (facts.layers, facts.regime.best_by, facts.regime.epochs) == (
        *("quick", "auc"),
        2,
    )


@BEYOND
def test_refits_are_shown_and_told(command, tables, tmp_path):
    path = tmp_path / "y.safetensors"
    asked = ("--target", "y", "--layers", "4 relu", "--epochs", 3, "--out", path)
    ran = command("train", tables.line, *asked, "--refits", 2)
    one = 1 * 4 + 4 + 4 * 1 + 1
    drawn = " ".join(ran.out.split())
    assert f"all layers {one} 2 networks 2 x {one} = {2 * one}" in drawn
    assert "refits 2 networks, each on all 150 rows, " in drawn
    assert "on 30 rows it never saw, before the refits" in drawn
    assert "refit 2 of 2: epoch 1 of " in ran.err
    shown = command("show", path, "--json").json
    assert (shown["n_networks"], shown["n_parameters"]) == (2, 2 * one)
    alone = command("train", tables.line, *asked, "--refits", 1, "--json")
    assert alone.json["n_networks"] == 1
    assert alone.json["refit_epochs"] == alone.json["best_epoch"]
    assert "refit: epoch 1 of " in alone.err
    none = command("train", tables.line, *asked, "--refits", 0, "--json").json
    assert none["refit_epochs"] == 0
    assert none["valid"] == alone.json["valid"]


def test_names_of_optimizers_and_schedules_in_any_case(command, tables, tmp_path):
    path = tmp_path / "m.safetensors"
    args = ("--optimizer", "Adam", "--schedule", "COSINE", "--layers", "2 ReLU")
    common = ("train", tables.line, "--target", "y", "--epochs", 1, "--out", path)
    assert command(*common, *args, "--loss", "Squared").code == 0
    assert lw.load(path).facts.regime.optimizer == "adam"


@pytest.mark.parametrize(
    ("table", "target", "said"),
    [
        ("people", "loan", "Predicts 'loan' ('no' or 'yes') from 3 columns."),
        (
            "flowers",
            "kind",
            "Predicts 'kind' (one of 3 classes: 'iris', 'lily', 'rose') from 2 "
            "columns.",
        ),
    ],
)
def test_task_is_told_in_words(command, tables, tmp_path, table, target, said):
    args = (
        "--target",
        target,
        "--layers",
        "linear",
        "--out",
        tmp_path / "m.safetensors",
    )
    ran = command("train", getattr(tables, table), *args)
    assert ran.out.splitlines()[0] == said


def test_features_drop_and_seed_reach_the_training(command, tables, tmp_path):
    path = tmp_path / "m.safetensors"
    common = ("train", tables.people, "--target", "loan", "--layers", "linear")
    command(*common, "--features", "pay,job", "--out", path)
    assert lw.load(path).input_columns == ("pay", "job")
    command(*common, "--drop", "pay, country", "--out", path, "--seed", 7)
    assert lw.load(path).input_columns == ("job", "age")
    assert lw.load(path).facts.seed == 7


@BEYOND
def test_class_weight_is_read(command, tables, tmp_path):
    path = tmp_path / "m.safetensors"
    common = ("train", tables.people, "--target", "loan", "--layers", "linear")
    shares = []
    for weight in ("yes=9,no=1", "balanced", "yes=1,no=9"):
        ran = command(*common, "--class-weight", weight, "--out", path)
        assert ran.code == 0
        shares.append(float(np.mean(lw.load(path).predict(tables.people) == "yes")))
    assert shares[0] > shares[1] > shares[2]


@BEYOND
def test_beyond_overfitting_keeps_the_best_and_the_last(command, tables, tmp_path):
    path = tmp_path / "m.safetensors"
    ran = command(
        *("train", tables.people, "--target", "loan", "--layers", "16 relu"),
        *("--patience", 0, "--epochs", 150, "--schedule", "constant"),
        *("--learning-rate", 0.03, "--out", path),
    )
    model = lw.load(path)
    assert "the file keeps the last one too" in ran.out
    assert len(model.history.epochs) == 150 > model.history.best_epoch
    best = model.evaluate(tables.people)["log_loss"]
    assert model.last.evaluate(tables.people)["log_loss"] != best


def test_options_have_the_defaults_of_python():
    given = {
        name: parameter.default
        for name, parameter in inspect.signature(run).parameters.items()
    }
    python = {
        name: parameter.default
        for name, parameter in inspect.signature(lw.train).parameters.items()
    }
    settings = {field.name: field.default for field in dataclasses.fields(Settings)}
    # the kind of one column is a part of the reading in Python
    own_names = {"table", "target", "watch", "json", "out", "kind"}
    assert set(python) - own_names == set(given) - own_names
    for name in set(given) - own_names:
        assert given[name] == python[name], name
    for name, default in settings.items():
        assert python[name] == default, name


TRAINED = ("--layers", "4 relu", "--epochs", 3, "--valid-fraction", 0.2)


def trained(command, table, path, *args):
    ran = command("train", table, "--target", "loan", "--out", path, *TRAINED, *args)
    assert ran.code == 0, ran.err
    return ran, path.read_bytes()


def test_untouched_reading_file_gives_the_same_model_byte_for_byte(
    command, tables, tmp_path
):
    reading = tmp_path / "r.yaml"
    assert command("look", tables.people, "--write", reading).code == 0
    path = tmp_path / "m.safetensors"
    _, without = trained(command, tables.people, path)
    ran, beside = trained(command, tables.people, path, "--reading", reading)
    assert beside == without
    assert "has no effect" not in ran.err


def test_what_the_user_says_is_in_the_model(command, tables, tmp_path):
    reading, path = tmp_path / "r.yaml", tmp_path / "m.safetensors"
    reading.write_text("age:\n  kind: category\ncountry:\n  kind: constant\n")
    args = ("--reading", reading, "--kind", "job=text")
    trained(command, tables.people, path, *args)
    kinds = {c.name: c.kind for c in lw.load(path).schema.columns}
    assert (kinds["age"], kinds["job"], kinds["pay"]) == ("category", "text", "number")
    again = command("predict", path, tables.people)
    assert (again.code, again.out.count("\n")) == (0, 151)
    with pytest.warns(lw.LayerwiseWarning, match="left out: constant 'country'"):
        model = lw.train(
            tables.people,
            "loan",
            layers="4 relu",
            epochs=3,
            reading={"age": {"kind": "category"}, "job": "text"},
        )
    assert {c.name: c.kind for c in model.schema.columns} == kinds


def test_column_that_is_not_used_is_not_asked_for_again(command, tables, tmp_path):
    path = tmp_path / "m.safetensors"
    reading = tmp_path / "r.yaml"
    reading.write_text("age:\n  use: false\n")
    trained(command, tables.people, path, "--reading", reading)
    assert "age" not in lw.load(path).input_columns


def test_order_of_dates_is_in_the_model(command, tmp_path):
    table, path = tmp_path / "t.csv", tmp_path / "m.safetensors"
    rows = [
        f"0{i % 9 + 1}/0{i % 7 + 1}/2024,0{i % 5 + 1}/02/2024,{i}" for i in range(40)
    ]
    table.write_text("\n".join(["from,to,loan", *rows]) + "\n")
    trained(command, table, path, "--dates", "from=day-first", "--dates", "month-first")
    orders = {c.name: c.rule.order for c in lw.load(path).schema.columns}
    assert orders == {"from": "day-first", "to": "month-first"}
    model = lw.train(
        table, "loan", layers="2 relu", epochs=1, dates={"from": "day-first"},
        reading={"to": {"order": "month-first"}},
    )  # fmt: skip
    assert {c.name: c.rule.order for c in model.schema.columns} == orders


def test_reading_that_names_another_column(command, tables, tmp_path):
    args = ("--target", "loan", "--kind", "jop=text", "--layers", "mlp")
    ran = command("train", tables.people, *args)
    assert (ran.code, ran.err) == (
        1,
        "Error: The table has no column 'jop', though a reading is given for it. It "
        "has 'pay', 'job', 'age', 'country', 'loan'. Did you mean 'job'?\n",
    )
