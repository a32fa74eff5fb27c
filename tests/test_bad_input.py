"""What goes wrong with real files and real hands, and the sentence that says so.

Every message is read whole: it must let a stranger go on. Exit codes: 0 done,
1 the work failed, 2 the command line is wrong.
"""

import errno
import json
import os
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse

import layerwise as lw
from layerwise.errors import (
    BundleError,
    DivergedError,
    ParameterError,
    ReadError,
    SchemaError,
    TargetError,
)

N = 80
SMALL = {"layers": "4 relu", "epochs": 2}


@pytest.fixture(scope="module")
def columns() -> dict[str, np.ndarray]:
    """Return two numbers, and a target of each kind."""
    random = np.random.default_rng(0)
    a, b = random.normal(size=(2, N)).round(6)
    y = (a - b + random.normal(size=N) / 10).round(6)
    return {"a": a, "b": b, "y": y, "deposit": np.where(y > 0, "yes", "no")}


@pytest.fixture
def table(columns, tmp_path):
    """Return a function that writes a CSV of two numbers, a number and a label.

    ``table(y=[...], c=[...])`` replaces or adds columns.
    """

    def write(name: str = "bank.csv", **changed) -> Path:
        frame = pl.DataFrame(columns | changed, strict=False)
        path = tmp_path / name
        frame.write_csv(path)
        return path

    return write


@pytest.fixture
def fails(command, tmp_path):
    """Return a function that trains from the command line and expects a failure."""

    def message(*args: object, code: int = 1) -> str:
        out = tmp_path / "model.safetensors"
        ran = command("train", *args, "--out", out, "--epochs", 2, "--layers", "4")
        assert (ran.code, ran.out) == (code, ""), ran.err
        assert not out.exists()
        *progress, last = ran.err.split("Error: ")
        return last.removesuffix("\n")

    return message


@pytest.fixture
def trains(command, tmp_path):
    """Return a function that trains from the command line and succeeds."""

    def plain(*args: object) -> dict:
        out = tmp_path / "model.safetensors"
        small = ("--epochs", 2, "--layers", "4", "--out", out, "--json")
        trained = command("train", *args, *small).json
        assert all(
            value is None or np.isfinite(value) for value in trained["valid"].values()
        )
        lw.load(out)
        return trained

    return plain


def replaced(values: np.ndarray, row: int, cell: object) -> list[object]:
    return [cell if i == row else value for i, value in enumerate(values)]


# files


def test_missing_file(fails):
    assert fails("none.csv", "--target", "y") == (
        "Could not read 'none.csv': there is no such file."
    )


def test_folder(fails, tmp_path):
    assert fails(tmp_path, "--target", "y") == (
        f"Could not read '{tmp_path.name}': it is a folder without Parquet files. "
        "Name a file in it, or a pattern such as 'folder/*.parquet'."
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty."),
        (b"\n\n", "it is empty."),
        (b"a,b,y\n", "it has a header but no rows."),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "it is a PNG image, not a table."),
        (b"PAR1" + bytes(40), None),
        (b"\x1f\x8b" + bytes(40), None),
        (b"a,y\n1,2\n\0\0\0\n", "it holds zero bytes, so it is not a text file."),
        (
            b"a,b,y\n1,2,3\n4,5,6\n7,8,9,10\n",
            "row 2 has 4 cells, but the header has 3 columns. Look for an unquoted "
            "comma in row 2 (line 4 of the file).",
        ),
    ],
    ids=[
        "empty",
        "blank",
        "header",
        "png",
        "parquet",
        "gzip",
        "zero bytes",
        "long row",
    ],
)
def test_file_that_is_no_table(fails, tmp_path, content, why):
    path = tmp_path / "bank.csv"
    path.write_bytes(content)
    message = fails(path, "--target", "y")
    assert message.startswith("Could not read 'bank.csv': ")
    assert why is None or message == f"Could not read 'bank.csv': {why}"


@pytest.mark.parametrize("verb", ["show", "evaluate", "predict"])
def test_model_file_that_is_a_csv(command, table, verb):
    path = table()
    ran = command(verb, path, *([] if verb == "show" else [path]))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Error: 'bank.csv' is not a model file, or only the beginning of one. Give the "
        "file that 'layerwise train' wrote.\n"
    )


def test_missing_model_file(command, table):
    ran = command("predict", "none.safetensors", table())
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Error: Could not open the model file 'none.safetensors': No such file or "
        "directory.\n"
    )


# rows


def test_one_row(fails, tmp_path):
    path = tmp_path / "bank.csv"
    path.write_text("a,b,y\n1,2,3\n")
    assert fails(path, "--target", "y") == (
        "The table has 1 row, and training takes 2 at least. Add rows."
    )


def test_two_rows_of_which_one_is_held_out(fails, tmp_path):
    path = tmp_path / "bank.csv"
    path.write_text("a,y\n1,2.5\n2,7.25\n")
    assert fails(path, "--target", "y") == (
        "The table has 2 rows, of which 1 is held out, and training takes 2 at least. "
        "Add rows, or hold none out."
    )


def test_two_rows_are_a_line():
    two = {"x": [1.0, 2.0], "y": [2.5, 7.25]}
    line = lw.train(two, target="y", layers="linear", valid_fraction=0)
    assert line.equation()["y"] == pytest.approx({"x": 4.75, "b": -2.25})


@pytest.mark.parametrize("empty", [{"a": [], "y": []}, {}, np.zeros((0, 3))])
def test_no_rows_or_no_columns(empty):
    with pytest.raises(ReadError, match=r"A table needs at least one of each\.$"):
        lw.train(empty, target="y")


# the target


def test_missing_target(fails, table):
    assert fails(table(), "--target", "price") == (
        "The table has no column 'price' to predict. It has 'a', 'b', 'y', 'deposit'."
    )


@pytest.mark.parametrize("name", ["depsoit", "Deposit", "deposits"])
def test_misspelled_target(fails, table, name):
    assert fails(table(), "--target", name) == (
        f"The table has no column {name!r} to predict. It has 'a', 'b', 'y', "
        "'deposit'. Did you mean 'deposit'?"
    )


def test_target_that_is_no_name(columns):
    with pytest.raises(ParameterError) as raised:
        lw.train(columns, target=3)
    assert str(raised.value) == (
        "The 'target' parameter of train must be the name of a column. Got 3 instead."
    )


@pytest.mark.parametrize("empty", [None, "nan", "NA"])
def test_target_with_empty_cells(fails, table, columns, empty):
    y = replaced(replaced(columns["y"], 9, empty), 3, empty)
    path = table(y=pl.Series([None if c is None else str(c) for c in y]))
    assert fails(path, "--target", "y") == (
        "The target 'y' is missing in 2 of 80 rows; the first is row 3. Fill these "
        "cells, or leave the rows out."
    )


def test_target_that_is_nan(columns):
    y = np.where(np.arange(N) == 5, np.nan, columns["y"])
    with pytest.raises(TargetError) as raised:
        lw.train(columns | {"y": y}, target="y")
    assert str(raised.value) == (
        "The target 'y' is missing in 1 of 80 rows; the first is row 5. Fill these "
        "cells, or leave the rows out."
    )


def test_target_that_is_infinite(fails, table, columns):
    path = table(y=pl.Series(map(str, replaced(columns["y"], 7, "-inf"))))
    assert fails(path, "--target", "y") == (
        "The target 'y' holds '-inf' in row 7, which is not finite. Correct the cell, "
        "or leave the row out."
    )


def test_target_of_few_whole_numbers_and_one_that_is_infinite(fails, table):
    """It would look like classes, one of them called inf."""
    path = table(y=["0", "1"] * (N // 2 - 1) + ["0", "inf"])
    assert fails(path, "--target", "y") == (
        f"The target 'y' holds 'inf' in row {N - 1}, which is not finite. Correct the "
        "cell, or leave the row out."
    )


def test_target_of_numbers_too_large_to_square(columns):
    with pytest.raises(TargetError) as raised:
        lw.train(columns | {"y": columns["y"] * 1e200}, target="y", **SMALL)
    largest = np.abs(columns["y"]).max() * 1e200
    assert str(raised.value) == (
        f"The target 'y' holds numbers up to {largest:.2g}, and the square of an error "
        "that large is no number any more. Divide the column by a power of ten first."
    )


def test_one_class(fails, table):
    assert fails(table(deposit=["yes"] * N), "--target", "deposit") == (
        "The target 'deposit' has one class only, 'yes': there is nothing to tell "
        "apart."
    )


def test_class_with_one_member(trains, table, columns):
    trained = trains(
        table(deposit=replaced(columns["deposit"], 4, "perhaps")), "--target", "deposit"
    )
    assert trained["task"] == "multiclass"
    assert trained["warnings"] == [
        "The rows held out lack the class 'perhaps', so nothing measures how well it "
        "is learned."
    ]
    assert trained["valid"]["auc"] is None


def test_class_that_no_training_row_has(columns):
    later = {"when": np.arange(N), "deposit": np.repeat(["no", "yes"], [70, 10])}
    with pytest.warns(lw.LayerwiseWarning) as said:
        lw.train(columns | later, target="deposit", valid_by="when", **SMALL)
    assert [str(one.message) for one in said] == [
        "The training rows lack the class 'yes', so it cannot be learned."
    ]


def test_target_of_text(fails, table):
    path = table(deposit=[f"some words {i}" for i in range(N)])
    assert fails(path, "--target", "deposit") == (
        "The target 'deposit' holds text: 80 different values in 80 rows are too many "
        "to be classes. Name another target."
    )


# columns


def test_all_columns_left_out(fails, tmp_path):
    path = tmp_path / "bank.csv"
    rows = [f"C-{i},{'same'},{i % 3 / 2}" for i in range(30)]
    path.write_text("\n".join(["code,land,y", *rows]))
    assert fails(path, "--target", "y") == (
        "No column is left to learn from: 'code' is id (all 30 values differ and look "
        "like identifiers); 'land' is constant (every cell is the same). Add columns "
        "that say something about the target."
    )


def test_only_a_column_of_undecided_dates_is_left(fails, tmp_path):
    path = tmp_path / "days.csv"
    rows = [f"0{i % 9 + 1}/0{i % 7 + 1}/2020,{i % 11 / 2}" for i in range(60)]
    path.write_text("\n".join(["when,y", *rows]))
    assert fails(path, "--target", "y") == (
        "No column is left to learn from: 'when' is date (all 60 cells are dates, but "
        "nothing decides whether the day or the month comes first). Say which with "
        "--dates day-first or --dates month-first, or add columns that say something "
        "about the target."
    )


def test_all_columns_dropped(fails, table):
    assert fails(table(), "--target", "y", "--drop", "a,b,deposit") == (
        "No column is left to learn from: the table has the target only. Add columns "
        "that say something about the target."
    )


def test_infinite_values(fails, table, columns):
    path = table(a=pl.Series(map(str, replaced(columns["a"], 7, "inf"))))
    assert fails(path, "--target", "y") == (
        "Column 'a' holds inf in row 7, and a network takes finite numbers only. "
        "Correct the cell, or empty it."
    )


def test_missing_values_are_handled(columns):
    a = np.where(np.arange(N) % 9 == 0, np.nan, columns["a"])
    model = lw.train(columns | {"a": a}, target="y", drop=["deposit"], **SMALL)
    assert model.schema.unit_names == ("a", "b", "a is missing")
    assert np.isfinite(model.predict({"a": [None], "b": [0.5]})).all()


def test_constant_and_all_missing_columns_are_left_out_with_a_word(trains, table):
    trained = trains(table(land=["GB"] * N, note=[None] * N), "--target", "y")
    assert trained["left_out"] == ["land", "note"]
    assert trained["warnings"] == [
        "2 columns are left out: constant 'land'; empty 'note'."
    ]


def test_constant_column_may_hold_anything_later(columns):
    with pytest.warns(lw.LayerwiseWarning, match="1 column is left out: constant 'k'"):
        model = lw.train(columns | {"k": [7] * N}, target="y", **SMALL)
    later = {"a": [1.0], "b": [2.0], "deposit": ["yes"], "k": ["words"]}
    assert np.isfinite(model.predict(later)).all()
    del later["k"]
    assert np.isfinite(model.predict(later)).all()


def test_duplicate_column_names(trains, table, tmp_path):
    path = table()
    text = path.read_text().replace("a,b,y,deposit\n", "a,a,y,deposit\n")
    path.write_text(text)
    trained = trains(path, "--target", "y")
    assert trained["warnings"] == [
        "1 column name was empty or repeated, and became 'a_2'."
    ]


@pytest.mark.parametrize("layers", ["linear", "4 relu"])
def test_duplicate_and_collinear_columns(columns, layers):
    more = {"again": columns["a"], "sum": columns["a"] + columns["b"]}
    epochs = None if layers == "linear" else 2
    model = lw.train(columns | more, target="y", layers=layers, epochs=epochs)
    assert np.isfinite(model.predict(columns | more)).all()
    assert np.isfinite(model.history["train_loss"]).all()


@pytest.mark.parametrize("size", [1e30, 1e300])
def test_very_large_number_is_clipped(columns, size):
    a = np.where(np.arange(N) == 3, size, columns["a"])
    model = lw.train(columns | {"a": a}, target="y", **SMALL)
    assert np.isfinite(model.history["train_loss"]).all()
    assert np.isfinite(model.history["valid_loss"]).all()
    assert np.isfinite(model.predict(columns | {"a": -a})).all()


def test_category_that_training_did_not_know(columns):
    known = {"job": ["cook", "clerk", "nun", "cook"] * (N // 4)}
    model = lw.train(columns | known, target="y", features=["a", "job"], **SMALL)
    with pytest.warns(lw.LayerwiseWarning) as said:
        predicted = model.predict({"a": [0.0, 0.0], "job": ["pilot", "cook"]})
    assert [str(one.message) for one in said] == [
        "Column 'job': 1 cell with 1 value that training did not know, such as 'pilot'."
    ]
    assert np.isfinite(predicted).all()


def test_very_many_categories_are_left_out_with_a_word():
    n = 20_000
    many = {"word": [f"w{i}" for i in range(n)], "x": np.arange(n) % 97 / 7}
    with pytest.warns(lw.LayerwiseWarning, match="1 column is left out: id 'word'"):
        model = lw.train(many | {"y": many["x"] * 2}, target="y", **SMALL)
    assert model.input_columns == ("x",)


def test_leading_zeros_are_codes_and_not_numbers(trains, table):
    trained = trains(table(code=[f"{i % 9:05d}" for i in range(N)]), "--target", "y")
    assert trained["warnings"] == [
        "Column 'code' is not read as numbers: cells such as '00000' begin with a "
        "zero, as codes do."
    ]


def test_column_lacking_at_prediction(columns):
    model = lw.train(columns, target="y", **SMALL)
    with pytest.raises(SchemaError) as raised:
        model.predict({"a": [1.0], "B": [2.0]})
    assert str(raised.value) == (
        "The table lacks 2 columns that the model was trained on: 'b', 'deposit'. It "
        "has 'a', 'B'. Did you mean 'B' for 'b'?"
    )


@pytest.mark.parametrize("option", ["--features", "--drop", "--valid-by"])
def test_misspelled_column_of_an_option(fails, table, option):
    assert fails(table(), "--target", "y", option, "depsit") == (
        "The table has no column 'depsit'. It has 'a', 'b', 'y', 'deposit'. "
        "Did you mean 'deposit'?"
    )


@pytest.mark.parametrize(
    ("option", "which"), [("--features", "features"), ("--drop", "columns to drop")]
)
def test_target_among_the_columns_of_an_option(fails, table, option, which):
    assert fails(table(), "--target", "y", option, "a,y") == (
        f"The column 'y' is the target, so it cannot be among the {which}."
    )


def test_one_group_cannot_be_split(fails, table):
    path = table(land=["GB"] * N)
    assert fails(path, "--target", "y", "--valid-by", "land", code=2) == (
        "The rows cannot be split by groups: there is one group only."
    )


# tables in memory


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            scipy.sparse.csr_matrix(np.eye(4)),
            "A table is a path, a data frame, a 2-D array or a dict of columns. Got "
            "csr_matrix instead.",
        ),
        (
            None,
            "A table is a path, a data frame, a 2-D array or a dict of columns. Got "
            "NoneType instead.",
        ),
        (
            np.zeros((3, 3, 3)),
            "An array must have 2 dimensions, rows and columns. This one has shape "
            "(3, 3, 3).",
        ),
    ],
    ids=["sparse", "none", "three dimensions"],
)
def test_what_is_no_table(source, message):
    with pytest.raises(ReadError) as raised:
        lw.train(source, target="x0")
    assert str(raised.value) == message


@pytest.mark.parametrize(
    "frame", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"]
)
def test_frames_are_read_like_dicts(columns, frame):
    expected = lw.train(columns, target="y", **SMALL).predict(columns)
    found = lw.train(frame(columns), target="y", **SMALL).predict(frame(columns))
    np.testing.assert_array_equal(found, expected)


# options


def test_layers_text_that_is_wrong(command, table):
    ran = command("train", table(), "--target", "y", "--layers", "64 rleu, 8")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "Error: The layers text has the word 'rleu', which is not an activation. Did "
        "you mean 'relu'?\n"
        "  64 rleu, 8\n"
        "     ^^^^\n"
    )


def test_layers_name_that_is_wrong(command, table):
    ran = command("train", table(), "--target", "y", "--layers", "linaer")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "Error: The catalog has no network 'linaer'. Did you mean 'linear'? It has "
        "linear, mlp, quick, strong, smooth, waves, realmlp, tabm, tabm-mini. Or write "
        "the layers: '64 relu, 32 relu'.\n"
    )


def test_layers_are_checked_before_the_table_is_read(command):
    assert command("train", "none.csv", "--target", "y", "--layers", "0").code == 2


@pytest.mark.parametrize(
    ("target", "loss", "message"),
    [
        (
            "y",
            "cross-entropy",
            "The loss 'cross-entropy' compares two classes, but the target is a "
            "number. Losses that fit it: squared, absolute, huber.",
        ),
        (
            "deposit",
            "squared",
            "The loss 'squared' compares numbers, but the target is one of two "
            "classes. Losses that fit it: binary-cross-entropy.",
        ),
        (
            "y",
            "sqared",
            "There is no loss 'sqared'. Did you mean 'squared'? Losses that fit the "
            "target: squared, absolute, huber.",
        ),
    ],
)
def test_loss_that_does_not_fit(fails, table, target, loss, message):
    assert fails(table(), "--target", target, "--loss", loss, code=2) == message


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (
            "yse=3",
            "--class-weight must give weights of at least 0 to the classes 'no', "
            "'yes'. Got {'yse': 3.0} instead.",
        ),
        (
            "yes=0,no=0",
            "--class-weight gives every training row the weight 0, so there is "
            "nothing to learn. Got {'yes': 0.0, 'no': 0.0}.",
        ),
        (
            "yes",
            "--class-weight is 'balanced' or a weight for each class, such as "
            "'yes=5,no=1'. Got 'yes' instead.",
        ),
        (
            "",
            "--class-weight is 'balanced' or a weight for each class, such as "
            "'yes=5,no=1'. Got '' instead.",
        ),
    ],
)
def test_class_weight_that_is_wrong(fails, table, weight, message):
    args = ("--target", "deposit", "--class-weight", weight)
    assert fails(table(), *args, code=2) == message


def test_class_weight_of_a_number(fails, table):
    args = ("--target", "y", "--class-weight", "balanced")
    assert fails(table(), *args, code=2) == (
        "--class-weight weighs classes, but the target 'y' is a number. Leave it out."
    )


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("learning_rate", -1, "a number in the range (0.0, inf) or None"),
        ("valid_fraction", 1, "a float in the range [0.0, 1.0)"),
        ("batch_size", 0, "an int in the range [1, inf) or None"),
        ("patience", -1, "an int in the range [0, inf) or None"),
        ("seed", -1, "an int in the range [0, 4294967295]"),
        ("l2", float("nan"), "a number in the range [0.0, inf)"),
        ("layers", 64, "a text or None"),
    ],
)
def test_option_out_of_range(columns, name, value, rule):
    with pytest.raises(ParameterError) as raised:
        lw.train(columns, target="y", **{name: value})
    assert str(raised.value) == (
        f"The {name!r} parameter of train must be {rule}. Got {value!r} instead."
    )


def test_optimizer_that_is_wrong(fails, table):
    args = ("--target", "y", "--optimizer", "adma")
    assert fails(table(), *args, code=2) == (
        "--optimizer must be one of sgd, momentum, adam, adamw, lbfgs. Got 'adma' "
        "instead. Did you mean 'adam'?"
    )


def test_cost_that_diverges(columns):
    with pytest.raises(DivergedError) as raised:
        lw.train(columns, target="y", learning_rate=1e30, optimizer="sgd", **SMALL)
    message = str(raised.value)
    assert message.startswith("The cost became ")
    assert "epoch 1, iteration " in message
    assert message.endswith(
        "3 tries with half the learning rate each did not help. Lower learning_rate "
        "(now 1e+30) or set clip_norm=1.0."
    )


# files that are written


def test_no_folder_to_write_to(command, table, tmp_path):
    out = tmp_path / "none" / "m.safetensors"
    ran = command("train", table(), "--target", "y", "--out", out)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        f"Error: Could not write 'm.safetensors': there is no folder '{out.parent}'. "
        "Make it first, or choose another.\n"
    )


def test_model_is_not_written_over_a_table(command, table):
    path = table()
    before = path.read_bytes()
    ran = command("train", path, "--target", "y", "--out", path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "Error: The file of --out ends in .safetensors. Got 'bank.csv'.\n"
    )
    assert path.read_bytes() == before


def full_disk(monkeypatch, after: int) -> None:
    """Let the disk take a few bytes more."""
    write = os.write
    room = [after]

    def writes(file: int, data: bytes) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken = write(file, bytes(data)[: room[0]])
        room[0] -= taken
        return taken

    monkeypatch.setattr("layerwise.files.os.write", writes)


@pytest.mark.parametrize("after", [0, 1000])
def test_disk_full_while_saving(columns, tmp_path, monkeypatch, after):
    path = tmp_path / "m.safetensors"
    lw.train(columns, target="y", seed=1, **SMALL).save(path)
    before = path.read_bytes()
    model = lw.train(columns, target="y", seed=2, **SMALL)
    full_disk(monkeypatch, after)
    with pytest.raises(BundleError) as raised:
        model.save(path)
    assert str(raised.value) == (
        "Could not write 'm.safetensors': No space left on device. What was there "
        "before is untouched. Choose another folder or make room."
    )
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_disk_full_while_predictions_are_written(
    command, columns, table, tmp_path, monkeypatch
):
    model, out = tmp_path / "m.safetensors", tmp_path / "p.csv"
    # every row trains, so that none is out of the range of training
    lw.train(columns, target="y", **SMALL, valid_fraction=0).save(model)
    full_disk(monkeypatch, 10)
    ran = command("predict", model, table(), "--out", out)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Error: Could not write 'p.csv': No space left on device. What was there "
        "before is untouched. Choose another folder or make room.\n"
    )
    assert not out.exists()


# what Python says, the terminal says too


def test_warnings_of_python_are_lines_of_the_terminal(command, table, tmp_path):
    path = table(land=["GB"] * N, code=[f"{i % 9:05d}" for i in range(N)])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        lw.train(path, target="y", **SMALL)
    (said,) = [one.message for one in caught]
    out = tmp_path / "m.safetensors"
    small = ("--layers", "4", "--epochs", 2, "--out", out)
    ran = command("train", path, "--target", "y", *small)
    lines = [line for line in ran.err.splitlines() if not line.startswith("epoch ")]
    assert lines == list(said.sentences)
    assert str(said) == " ".join(said.sentences)


def test_repair_is_said_even_when_the_work_fails(command, table):
    path = table()
    path.write_text(path.read_text() + "1,2\n")
    ran = command("train", path, "--target", "y")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "1 row was short; its missing cells are empty.\n"
        "Error: The target 'y' is missing in 1 of 81 rows; the first is row 80. Fill "
        "these cells, or leave the rows out.\n"
    )


def test_failure_leaves_json_readers_without_output(command, table):
    ran = command("train", table(), "--target", "none", "--json")
    assert (ran.code, ran.out) == (1, "")
    with pytest.raises(json.JSONDecodeError, match="Expecting value"):
        json.loads(ran.out)
