"""layerwise show: the layers of a model."""

import pytest


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
        "Predicts 'loan' (binary) from 3 columns: 'pay', 'job', 'age'.",
        "",
        "layer       in   out  activation                  learnable parameters",
        "input       [3]  [6]  -                                              0",
        "linear 1    [6]  [8]  relu                              6 x 8 + 8 = 56",
        "linear 2    [8]  [1]  sigmoid                            8 x 1 + 1 = 9",
        "output      [1]  [1]  loss: binary-cross-entropy                     0",
        "all layers                                                          65",
        "",
    ]
    assert lines[9] == "Decision rule: 'yes' if p >= 0.5, else 'no'."
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
