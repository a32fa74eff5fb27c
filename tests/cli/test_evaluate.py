"""layerwise evaluate: how good a model is on rows whose target is known."""

import io

import numpy as np
import polars as pl
import pytest
from rich.console import Console
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score

import layerwise as lw
from layerwise.cli.drawings import metrics_table


def test_regression_has_rmse_mae_and_r2(command, line_model, tables):
    plain = command("evaluate", line_model.path, tables.line, "--json").json
    assert set(plain) == {"n_rows", "metrics"}
    assert plain["n_rows"] == 150
    assert set(plain["metrics"]) == {"rmse", "mae", "r2"}
    y = pl.read_csv(tables.line)["y"].to_numpy()
    error = lw.load(line_model.path).predict(tables.line) - y
    assert plain["metrics"]["rmse"] == pytest.approx(np.sqrt(np.mean(error**2)))
    assert plain["metrics"]["mae"] == pytest.approx(np.mean(np.abs(error)))


@pytest.mark.parametrize("model", ["people_model", "flowers_model"])
def test_classes_have_log_loss_accuracy_and_auc(command, request, tables, model):
    path = request.getfixturevalue(model).path
    table = {"people_model": tables.people, "flowers_model": tables.flowers}[model]
    fitted = lw.load(path)
    y = pl.read_csv(table)[fitted.target.name].to_numpy()
    p = fitted.predict_proba(table).astype(np.float64)
    p /= p.sum(axis=1, keepdims=True)
    auc = roc_auc_score(y, p[:, 1] if p.shape[1] == 2 else p, multi_class="ovr")
    assert command("evaluate", path, table, "--json").json == {
        "n_rows": 150,
        "metrics": {
            "log_loss": pytest.approx(log_loss(y, p)),
            "accuracy": pytest.approx(accuracy_score(y, fitted.predict(table))),
            "auc": pytest.approx(auc),
        },
    }


def test_drawing(command, people_model, tables):
    out = command("evaluate", people_model.path, tables.people).out
    first, *rest = [line.rstrip() for line in out.splitlines()]
    assert first == "on 150 rows                 network"
    assert [line.split("  ")[0] for line in rest] == [
        "log-loss (lower is better)",
        "accuracy (share right)",
        "AUC (1 is best)",
    ]


def test_measure_that_the_rows_do_not_give_is_explained(
    command, people_model, line_model, tmp_path
):
    path = tmp_path / "new.csv"
    path.write_text('pay,job,age,loan\n"$2,000.00",cook,4,yes\n')
    out = command("evaluate", people_model.path, path).out
    assert out.startswith("on 1 row  ")
    assert out.endswith("\nNo AUC: it takes rows of every class.\n")
    path.write_text("x,y\n1,2\n")
    out = command("evaluate", line_model.path, path).out
    assert out.endswith("\nNo R²: it takes rows whose targets differ.\n")


def test_a_measure_of_nothing_has_no_sign():
    drawn = Console(file=io.StringIO())
    drawn.print(metrics_table("on 9 rows", {"r2": -0.00001}))
    assert drawn.file.getvalue().split()[-1] == "0.0000"


def test_what_training_did_not_know_is_said(command, people_model, tmp_path):
    path = tmp_path / "new.csv"
    path.write_text('pay,job,age,loan\n"$2,000.00",pilot,x,yes\n"$900.00",cook,4,no\n')
    ran = command("evaluate", people_model.path, path, "--json")
    assert ran.json["n_rows"] == 2
    assert ran.err.splitlines() == [
        "Column 'job': 1 cell with 1 value that training did not know, such as "
        "'pilot'.",
        "Column 'age': 1 cell cannot be read as numbers and became missing; row 0 "
        "holds 'x'.",
    ]
