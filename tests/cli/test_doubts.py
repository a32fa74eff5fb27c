"""The terminal says what to doubt: look of a target, and train before it trains."""

import numpy as np
import pytest

LEAK = (
    "Column 'state' alone predicts 'left' almost perfectly (AUC 1 on 200 rows held "
    "out, 0.5 by guessing): if it is known only afterwards, leave it out with --drop "
    "state."
)


@pytest.fixture(scope="module")
def leaking(tmp_path_factory):
    random = np.random.Generator(np.random.Philox(key=1))
    age, left = random.integers(18, 80, 200), random.integers(0, 2, 200)
    path = tmp_path_factory.mktemp("doubts") / "left.csv"
    rows = [f"{a},{'AB'[k]},{k}" for a, k in zip(age, left, strict=True)]
    path.write_text("\n".join(["age,state,left", *rows]))
    return path


def test_look_says_the_doubts_of_a_target(command, leaking):
    assert command("look", leaking, "--target", "left").err == f"{LEAK}\n"
    assert command("look", leaking).err == ""


def test_look_gives_the_doubts_as_data(command, leaking):
    assert command("look", leaking, "--target", "left", "--json").json["doubts"] == [
        {
            "code": "leak",
            "columns": ["state"],
            "sentence": LEAK,
            "evidence": {"AUC": 1.0, "guess": 0.5, "rows": 200},
        }
    ]
    assert command("look", leaking, "--json").json["doubts"] == []


def test_look_does_not_doubt_a_column_that_is_left_out(command, leaking):
    ran = command("look", leaking, "--target", "left", "--drop", "state")
    assert (ran.code, ran.err) == (0, "")


def test_look_says_why_a_target_cannot_be_learned(command, tmp_path):
    path = tmp_path / "gap.csv"
    path.write_text("a,b,y\n1,5,0\n2,6,\n3,7,1\n4,9,1\n")
    ran = command("look", path, "--target", "y")
    assert ran.code == 0
    assert ran.err == (
        "The target 'y' is missing in 1 of 4 rows; the first is row 1. Fill these "
        "cells, or leave the rows out.\n"
    )


def test_train_says_them_before_the_first_epoch(command, leaking, tmp_path):
    out = tmp_path / "left.safetensors"
    args = ("train", leaking, "--target", "left", "--epochs", "2", "--layers", "mlp")
    args += ("--out", out)
    ran = command(*args, "--json")
    first, second, *_ = ran.err.splitlines()
    assert first == LEAK
    assert second.startswith("epoch 1 of 2")
    assert ran.json["warnings"] == [LEAK]
