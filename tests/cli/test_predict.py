"""layerwise predict: one line for each row, in order."""

import io
import os
import pty

import numpy as np
import polars as pl
import pytest

import layerwise as lw
from layerwise.cli.main import run


def test_standard_output_is_a_csv_in_row_order(command, people_model, tables):
    ran = command("predict", people_model.path, tables.people)
    frame = pl.read_csv(io.StringIO(ran.out))
    assert frame.columns == ["prediction", "p_no", "p_yes"]
    model = lw.load(people_model.path)
    assert frame["prediction"].to_list() == model.predict(tables.people).tolist()
    p = frame.select("p_no", "p_yes").to_numpy().astype(np.float32)
    np.testing.assert_array_equal(p, model.predict_proba(tables.people))


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_file_follows_the_ending(command, flowers_model, tables, tmp_path, ending):
    path = tmp_path / f"p{ending}"
    ran = command("predict", flowers_model.path, tables.flowers, "--out", path)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"150 predictions: {path}\n"
    frame = pl.read_csv(path) if ending == ".csv" else pl.read_parquet(path)
    assert frame.columns == ["prediction", "p_iris", "p_lily", "p_rose"]
    expected = lw.load(flowers_model.path).predict(tables.flowers).tolist()
    assert frame["prediction"].to_list() == expected
    assert frame.select("p_iris", "p_lily", "p_rose").sum_horizontal().to_numpy() == (
        pytest.approx(np.ones(150))
    )


def test_numbers_are_in_the_units_of_the_target(command, line_model, tables):
    ran = command("predict", line_model.path, tables.line)
    frame = pl.read_csv(io.StringIO(ran.out))
    assert frame.columns == ["prediction"]
    expected = lw.load(line_model.path).predict(tables.line)
    np.testing.assert_array_equal(frame["prediction"].to_numpy(), expected)


def test_json_holds_the_predictions(command, line_model, tables):
    plain = command("predict", line_model.path, tables.line, "--json").json
    assert (plain["n_rows"], plain["out"]) == (150, None)
    expected = lw.load(line_model.path).predict(tables.line).tolist()
    assert [row["prediction"] for row in plain["predictions"]] == expected


def test_json_beside_a_file_names_it(command, line_model, tables, tmp_path):
    path = tmp_path / "p.csv"
    ran = command("predict", line_model.path, tables.line, "--out", path, "--json")
    assert ran.json == {"n_rows": 150, "out": str(path)}


def test_columns_are_matched_by_name(command, people_model, tables, tmp_path):
    frame = pl.read_csv(tables.people, infer_schema=False)
    path = tmp_path / "turned.csv"
    frame.select(reversed(frame.columns)).drop("loan").write_csv(path)
    turned = command("predict", people_model.path, path)
    assert turned.out == command("predict", people_model.path, tables.people).out


def test_row_without_a_column_of_training(command, people_model, tmp_path):
    path = tmp_path / "lacking.csv"
    path.write_text("pay,jobs,age\n$1,cook,3\n")
    ran = command("predict", people_model.path, path)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Error: The table lacks 1 column that the model was trained on: 'job'. "
        "It has 'pay', 'jobs', 'age'. Did you mean 'jobs'?\n"
    )


def test_out_that_is_a_folder_is_found_before_the_work(
    command, line_model, tables, tmp_path, monkeypatch
):
    monkeypatch.setattr("layerwise.cli.predict.load", None)
    path = tmp_path / "folder.csv"
    path.mkdir()
    ran = command("predict", line_model.path, tables.line, "--out", path)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Error: Could not write 'folder.csv': a folder or a device has that name. Give "
        "another name.\n"
    )


def test_table_itself_is_not_overwritten(command, line_model, tables, tmp_path):
    path = tmp_path / "line.csv"
    path.write_bytes(tables.line.read_bytes())
    ran = command("predict", line_model.path, path, "--out", path)
    assert ran.code == 2
    assert ran.err == (
        "Error: The file of --out is the table 'line.csv' itself, which would be "
        "lost. Give another name.\n"
    )
    assert path.read_bytes() == tables.line.read_bytes()


STEERING = "\x1b]0;PWNED\x07no"


@pytest.fixture
def steering_model(tmp_path):
    """Return a model with a class that steers a terminal."""
    path = tmp_path / "steering.safetensors"
    table = {"x": [0.0, 1.0] * 20, "y": [STEERING, "yes"] * 20}
    lw.train(table, target="y", layers="linear", l2=0.1).save(path)
    return path


@pytest.fixture
def two_rows(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("x\n0\n1\n")
    return path


def test_terminal_is_not_steered_by_a_class(steering_model, two_rows, monkeypatch):
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal, monkeypatch.context() as patch:
        patch.setattr("sys.stdout", terminal)
        assert run(["predict", str(steering_model), str(two_rows)]) == 0
    seen = os.read(ours, 4096).decode()
    os.close(ours)
    lines = seen.split("\r\n")
    assert lines[0] == r"prediction,p_\x1b]0;PWNED\x07no,p_yes"
    assert lines[1].startswith(r"\x1b]0;PWNED\x07no,")
    assert all(line.isprintable() for line in lines)


def test_a_file_holds_classes_as_they_are(command, steering_model, two_rows):
    frame = pl.read_csv(io.StringIO(command("predict", steering_model, two_rows).out))
    assert frame["prediction"].to_list() == [STEERING, "yes"]
