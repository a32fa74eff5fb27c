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


@pytest.mark.filterwarnings("ignore:Column .* out of the range of training")
@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_file_follows_the_ending(command, flowers_model, tables, tmp_path, ending):
    path = tmp_path / f"p{ending}"
    ran = command("predict", flowers_model.path, tables.flowers, "--out", path)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines()[-1] == f"150 predictions: {path}"
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


STRANGE_ROWS = """\
pay,job,age,country,loan
"$2,000.00",cook,31,GB,no
"$9,000,000.00",nun,?,GB,no
on request,=1+1,31,GB,no
"$2,000.00",clerk,31,GB,no
"""


@pytest.fixture
def strange(tmp_path):
    path = tmp_path / "strange.csv"
    path.write_text(STRANGE_ROWS)
    return path


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_ledger_lists_what_training_did_not_know(
    command, people_model, strange, tmp_path, ending
):
    path, out = tmp_path / f"ledger{ending}", tmp_path / "p.csv"
    ran = command("predict", people_model.path, strange, "--ledger", path, "--out", out)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines()[-1] == (
        "4 cells in 2 of 4 rows: 1 unreadable, 1 unseen, 1 out of range, 1 missing; "
        f"most in 'pay' (2), 'age' (1), 'job' (1). The ledger: {path}"
    )
    frame = pl.read_csv(path) if ending == ".csv" else pl.read_parquet(path)
    assert frame.columns == ["row", "column", "problem", "cell", "detail"]
    assert frame.drop("detail").rows() == [
        (1, "age", "missing", "?"),
        (1, "pay", "out of range", "$9,000,000.00"),
        (2, "job", "unseen", "'=1+1" if ending == ".csv" else "=1+1"),
        (2, "pay", "unreadable", "on request"),
    ]
    assert pl.read_csv(out).height == 4


def test_a_ledger_is_asked_for_once(command, tmp_path):
    names = "abcdefg"
    path = tmp_path / "m.safetensors"
    table = {n: [(i * k) % 41 + 0.5 for i in range(40)] for k, n in enumerate(names, 3)}
    lw.train(table, target="a", layers="linear").save(path)
    rows = tmp_path / "rows.csv"
    rows.write_text(f"{','.join(names)}\n{','.join('?' * len(names))}\n")
    more = "1 more cell of 1 column had such problems."
    without = command("predict", path, rows).err.splitlines()
    assert without[-1] == (
        f"{more} The ledger lists every one: layerwise predict --ledger FILE."
    )
    ledger = tmp_path / "l.csv"
    beside = command("predict", path, rows, "--ledger", ledger).err.splitlines()
    assert beside == [
        *without[:-1],
        more,
        "6 cells in 1 of 1 row: 6 missing; most in 'b' (1), 'c' (1), 'd' (1). The "
        f"ledger: {ledger}",
    ]


def test_ledger_changes_no_prediction(command, people_model, strange, tmp_path):
    without = command("predict", people_model.path, strange)
    beside = command(
        "predict", people_model.path, strange, "--ledger", tmp_path / "l.csv"
    )
    assert beside.out == without.out


def test_ledger_of_known_rows_says_so(command, line_model, tables, tmp_path):
    path = tmp_path / "ledger.csv"
    ran = command("predict", line_model.path, tables.line, "--ledger", path, "--json")
    problems = ran.json["problems"]
    assert list(problems) == ["unreadable", "unseen", "out of range", "missing"]
    # rows that were held out may lie beyond those that trained
    assert sum(problems.values()) == problems["out of range"]
    assert ran.json["ledger"] == str(path)
    assert path.read_text().startswith("row,column,problem,cell,detail\n")


def test_files_do_not_replace_each_other(command, line_model, tables, tmp_path):
    path = tmp_path / "p.csv"
    args = ("predict", line_model.path, tables.line, "--out", path, "--ledger")
    ran = command(*args, tmp_path / "." / "p.csv")
    assert (ran.code, ran.err) == (
        2,
        "Error: --out and --ledger are the same file 'p.csv', so that one of them "
        "would be lost. Give another name.\n",
    )
    ran = command(*args, tmp_path / "l.txt")
    assert (ran.code, ran.err) == (
        2,
        "Error: The file of --ledger ends in .csv or .parquet. Got 'l.txt'.\n",
    )
    assert list(tmp_path.iterdir()) == []
