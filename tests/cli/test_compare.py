"""layerwise compare: the ladder on one's own table."""

import pytest

RUNGS = ("--rungs", "mean; linear; 4 relu; boosted trees")


def test_json_holds_the_contract(tables, command):
    ran = command("compare", tables.line, "--target", "y", *RUNGS, "--json")
    found = ran.json
    assert (ran.code, found["score_name"], found["n_folds"]) == (0, "rmse", 5)
    assert [rung["name"] for rung in found["rungs"]] == [
        "mean",
        "linear",
        "4 relu",
        "boosted trees",
    ]
    assert {"name", "n_parameters", "seconds", "score", "low", "high", "pays"} <= set(
        found["rungs"][0]
    )
    mean, line, *above = found["rungs"]
    assert mean["low"] < mean["score"] < mean["high"]
    assert (mean["pays"], mean["gain"], line["pays"]) == (None, None, True)
    assert line["gain"]["mean"] == pytest.approx(mean["score"] - line["score"])
    assert [rung["pays"] for rung in above] == [False, False]
    assert found["best"] == "linear"


def test_the_ladder_is_drawn(tables, command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    ran = command("compare", tables.line, "--target", "y", *RUNGS, "--folds", 3)
    lines = ran.out.splitlines()
    assert lines[0] == ("line.csv: 'y' of 150 rows, in 3 folds. RMSE, lower is better.")
    assert lines[2].split()[:2] == ["rung", "parameters"]
    assert lines[-1] == (
        "Enough: linear, with 2 parameters; no rung above it is better beyond doubt."
    )
    assert "rung 2 of 4: linear, fold 1 of 3" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--target", "y", "--rungs", "linaer"), 2, "Did you mean 'linear'?"),
        (
            ("--target", "y", "--folds", 1),
            2,
            "--folds of compare must be a whole number from 2 to 32. Got 1 instead.",
        ),
        (("--target", "z"), 1, "'z'"),
        ((), 2, "--target"),
    ],
)
def test_what_is_wrong_is_told(tables, command, options, code, told):
    ran = command("compare", tables.line, *options)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err
