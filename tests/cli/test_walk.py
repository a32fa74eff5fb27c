"""layerwise walk: one row through every layer, with the numbers."""

import re

import pytest

from layerwise.cli.walk import _cells


def test_a_line_is_written_out(line_model, tables, command):
    ran = command("walk", line_model.path, tables.line, "--row", 2)
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "Row 2 of line.csv, through the network."
    assert any(line.startswith("z is the sum of") for line in lines)
    assert any(line.startswith("(x - ") for line in lines)
    assert lines[-2].startswith("Predicted 'y': ")
    predicted = command("predict", line_model.path, tables.line).out.splitlines()[3]
    assert float(lines[-2].split(": ")[1].rstrip(".")) == pytest.approx(
        float(predicted), rel=1e-4
    )


def test_json_holds_the_contract(people_model, tables, command):
    ran = command("walk", people_model.path, tables.people, "--row", 3, "--json")
    walk = ran.json
    assert (ran.code, walk["row"]) == (0, 3)
    assert {"name", "raw", "value"} == set(walk["units"][0])
    assert [layer["name"] for layer in walk["layers"]] == [
        "input",
        "linear 1",
        "linear 2",
        "output",
    ]
    assert walk["layers"][0]["z"] is None
    assert len(walk["layers"][1]["z"]) == len(walk["layers"][1]["a"]) == 8
    assert walk["layers"][0]["a"] == [unit["value"] for unit in walk["units"]]
    assert walk["prediction"] in ("yes", "no")
    assert sum(walk["p"].values()) == pytest.approx(1)
    assert walk["p"]["yes"] == pytest.approx(walk["layers"][-1]["a"][0])


def test_the_sum_of_a_neuron(people_model, tables, command):
    args = ("walk", people_model.path, tables.people, "--neuron", "1:5")
    own = command(*args, "--json").json["neuron"]
    total = sum(term["product"] for term in own["terms"]) + own["b"]
    assert total == pytest.approx(own["z"], rel=1e-5)
    assert own["a"] == max(own["z"], 0)
    ran = command(*args)
    assert "z is the sum of" in ran.out
    second = command("walk", people_model.path, tables.people, "--neuron", "2:0")
    assert "neuron 0" in second.out


def test_a_bent_unit_is_written_out(people_model, tables, command):
    ran = command("walk", people_model.path, tables.people, "--row", 2, "--json")
    unit = ran.json["units"][0]
    shown = command("walk", people_model.path, tables.people, "--row", 2).out
    (line,) = [one for one in shown.splitlines() if one.startswith("pay ")]
    text = line.split("(pay")[1].replace(",", "")
    center, scale, s, bent = (
        float(found.replace(" ", ""))
        for found in re.findall(r"[-+]?\s?[\d.]+", text)[:4]
    )
    pay = float(unit["raw"].strip("$").replace(",", ""))
    assert (pay + center) / scale == pytest.approx(s, abs=2e-3)
    assert s / (1 + (s / 3) ** 2) ** 0.5 == pytest.approx(bent, abs=2e-3)
    assert bent == pytest.approx(unit["value"], abs=2e-3)


def test_neurons_are_no_units_though_there_are_as_many(tables, command):
    path = tables.folder / "as_many.safetensors"
    args = ("--target", "y", "--layers", "1 tanh, 1 tanh", "--epochs", 2, "--out", path)
    command("train", tables.line, *args)
    for layer, name in ((1, "x"), (2, "neuron 0"), (3, "neuron 0")):
        ran = command("walk", path, tables.line, "--neuron", f"{layer}:0", "--json")
        assert [term["name"] for term in ran.json["neuron"]["terms"]] == [name]


def test_a_cell_that_cannot_be_read_is_in_its_own_row(people_model, tables, command):
    args = ("--row", 7, "--set", "age=old")
    ran = command("walk", people_model.path, tables.people, *args)
    assert "row 7 holds 'old'" in ran.err


def test_unchanged_columns_are_counted(people_model, tables, command):
    ran = command("walk", people_model.path, tables.people, "--set", "job=nun")
    assert "2 columns unchanged" in ran.out


def test_a_changed_cell_stands_beside_the_old_one(people_model, tables, command):
    args = ("walk", people_model.path, tables.people, "--set", "pay=$9,000")
    walk = command(*args, "--json").json
    assert walk["changed"]["units"][0]["raw"] == "$9,000"
    assert walk["changed"]["p"] != walk["p"]
    ran = command(*args, "--set", "job=cook")
    lines = ran.out.splitlines()
    assert "changed to" in lines[2]
    assert any(line.startswith("Changed: Predicted 'loan'") for line in lines)


def test_what_cannot_be_read_is_said_and_counts_as_missing(
    people_model, tables, command
):
    ran = command("walk", people_model.path, tables.people, "--set", "age=old")
    assert ran.code == 0
    assert "cannot be read as numbers and became missing" in ran.err
    assert "Traceback" not in ran.err
    assert "Warning" not in ran.err


def test_several_classes(flowers_model, tables, command):
    ran = command("walk", flowers_model.path, tables.flowers, "--row", 149)
    assert "Predicted 'kind': 'rose', p = " in ran.out
    assert "of 'rose'" in ran.out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--row", 150), "The table has the rows 0 to 149. There is no row 150."),
        (("--row", -1), "There is no row -1."),
        (
            ("--set", "agee=3"),
            "The model knows no column 'agee'. Did you mean 'age'? It uses",
        ),
        (("--set", "country=FR"), "The model does not use column 'country'. It uses"),
        (("--set", "=3"), "Got '=3' instead."),
        (("--neuron", ""), "--neuron is a layer's number"),
        (("--set", "age"), "--set is a column and what its cell is to be, such as"),
        (("--neuron", "1"), "--neuron is a layer's number and a neuron's, such as 1:0"),
        (("--neuron", "0:1"), "Layer 0 has no neurons. Those with neurons are"),
        (("--neuron", "1:0:2"), "linear 1 has no members. Name a neuron as 1:2."),
    ],
)
def test_what_is_wrong_is_told(people_model, tables, command, options, told):
    ran = command("walk", people_model.path, tables.people, *options)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_cells_may_hold_an_equals_sign():
    assert _cells(["note=a=b", "empty="]) == {"note": "a=b", "empty": ""}
