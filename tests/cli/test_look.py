"""layerwise look: what each column was read as."""

import json
import re
from pathlib import Path

import pytest

SALES = Path(__file__).parents[2] / "examples" / "sales.csv"
SALES_COLUMNS = "US_Sales,UK_Sales,Canada_Sales"


def test_seed_table_makes_three_units_with_the_exact_numbers(command):
    plain = command("look", SALES, "--features", SALES_COLUMNS, "--json").json
    assert (plain["n_rows"], plain["units"]) == (6, 3)
    numbers = {column["name"]: column["examples"] for column in plain["columns"]}
    assert numbers == {
        "US_Sales": [9300.52, 6250.65, 6870.29, 5620.17, 9430.28, 9920.03],
        "UK_Sales": [4270.45, 5680.58, 8380.25, 9420.67, 8640.58, 2150.91],
        "Canada_Sales": [8330.70, 3650.58, 1900.04, 7260.93, 8180.83, 5900.60],
    }


def test_seed_table_says_the_currencies(command):
    plain = command("look", SALES, "--features", SALES_COLUMNS, "--json").json
    said = [column["why"] for column in plain["columns"]]
    assert said == [
        f"all 6 cells are numbers with '{sign}' before them and ',' between thousands"
        for sign in "$£$"
    ]


def test_seed_table_has_a_date_whose_order_is_undecided(command):
    date = command("look", SALES, "--json").json["columns"][0]
    assert (date["name"], date["kind"], date["units"]) == ("Date", "date", 0)
    assert date["why"] == (
        "all 6 cells are dates, but nothing decides whether the day or the month "
        "comes first"
    )
    assert date["warnings"] == [
        "Column 'Date' is left out: its dates can be read with the day first or with "
        "the month first. Say which with --dates day-first or --dates month-first."
    ]


def test_dates_option_decides(command):
    plain = command("look", SALES, "--dates", "month-first", "--json").json
    assert plain["columns"][0]["examples"][1] == "2024-02-01"
    assert plain["units"] > 3


def test_json_has_the_keys_of_the_contract(command, tables):
    plain = command("look", tables.people, "--json").json
    assert {"n_rows", "units", "columns"} <= set(plain)
    for column in plain["columns"]:
        assert {
            "name",
            "kind",
            "why",
            "n_missing",
            "units",
            "examples",
            "warnings",
        } <= set(column)
    by_name = {column["name"]: column for column in plain["columns"]}
    assert by_name["pay"]["kind"] == "number"
    assert by_name["age"]["n_missing"] == 15
    assert by_name["job"]["units"] == 3
    assert by_name["country"]["kind"] == "constant"
    assert plain["units"] == sum(column["units"] for column in plain["columns"])


def test_drawing_at_80_columns(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    ran = command("look", SALES)
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        "column        read as     units  examples, and why",
        "Date          date     left out  01/01/2024 · 02/01/2024 · 03/01/2024",
        "                                 all 6 cells are dates, but nothing decides",
        "                                 whether the day or the month comes first",
        "US_Sales      number          1  $9,300.52 → 9300.52 · $6,250.65 → 6250.65",
        "                                 all 6 cells are numbers with '$' before them",
        "                                 and ',' between thousands",
        "UK_Sales      number          1  £4,270.45 → 4270.45 · £5,680.58 → 5680.58",
        "                                 all 6 cells are numbers with '£' before them",
        "                                 and ',' between thousands",
        "Canada_Sales  number          1  $8,330.70 → 8330.7 · $3,650.58 → 3650.58",
        "                                 all 6 cells are numbers with '$' before them",
        "                                 and ',' between thousands",
        "",
        "6 rows. The input layer: 3 of 4 columns make [3] units.",
    ]
    assert ran.err.count("'Date'") == 1


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_asked(command, tables, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    lines = command("look", tables.people).out.splitlines()
    assert max(map(len, lines)) <= width


def test_left_out_columns_are_said_once(command, tables):
    ran = command("look", tables.people)
    assert "left out" in ran.out
    assert ran.err == ""


def test_target_is_no_input(command, tables):
    plain = command("look", tables.people, "--target", "loan", "--json").json
    assert plain["target"] == {
        "name": "loan",
        "task": "binary",
        "classes": ["no", "yes"],
    }
    units = {column["name"]: column["units"] for column in plain["columns"]}
    assert units == {"pay": 1, "job": 3, "age": 2, "country": 0, "loan": 0}
    assert plain["units"] == 6
    out = command("look", tables.people, "--target", "loan").out
    assert re.search(r"^loan +yes/no +target  ", out, re.MULTILINE)
    assert out.endswith(
        "\n150 rows. The input layer: 3 of 4 columns make [6] units.\n"
        "The target 'loan': 'no' or 'yes'.\n"
    )


def test_target_stays_beside_the_features(command, tables):
    args = ("--target", "loan", "--features", "pay", "--json")
    plain = command("look", tables.people, *args).json
    assert [column["name"] for column in plain["columns"]] == ["pay", "loan"]
    assert command("look", tables.people, "--json").json["target"] is None


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ("--target", "lone"),
            "The table has no column 'lone' to predict. It has 'pay', 'job', 'age', "
            "'country', 'loan'. Did you mean 'loan'?",
        ),
        (
            ("--target", "loan", "--drop", "loan"),
            "The column 'loan' is the target, so it cannot be among the columns of "
            "--features or --drop.",
        ),
    ],
)
def test_target_that_cannot_be(command, tables, args, message):
    ran = command("look", tables.people, *args)
    assert (ran.code, ran.out, ran.err) == (1, "", f"Error: {message}\n")


def test_units_of_an_embedding_are_learned(command, tmp_path):
    path = tmp_path / "towns.csv"
    path.write_text("\n".join(["town", *(f"town {i % 30}" for i in range(900))]) + "\n")
    assert command("look", path).out.endswith(
        "\n900 rows. The input layer: 1 column makes [8] units, 8 of them learned "
        "numbers (embeddings).\n"
    )


@pytest.mark.parametrize("args", [(), ("--target", "loan")])
def test_no_line_ends_in_blanks(command, tables, args):
    out = command("look", tables.people, *args).out
    assert not re.search(r" $", out, re.MULTILINE)


def test_many_columns_are_counted_after_the_first_hundred(command, tmp_path):
    path = tmp_path / "wide.csv"
    names = [f"c{j}" for j in range(130)]
    rows = [",".join(str((i * 7 + j) % 11) for j in range(130)) for i in range(20)]
    path.write_text("\n".join([",".join(names), *rows]) + "\n")
    out = command("look", path).out
    assert "and 30 more columns: 30 number. --json lists them all." in out
    assert len(command("look", path, "--json").json["columns"]) == 130


def test_cells_cannot_steer_the_terminal(command, tmp_path):
    path = tmp_path / "escape.csv"
    cells = ["red\x1b[31m", "blue\x1b]0;title\x07"] * 10
    path.write_text(
        "\n".join(["a\x1b[2J,b", *(f"{c},{i}" for i, c in enumerate(cells))])
    )
    for args in (("look", path), ("look", path, "--json")):
        ran = command(*args)
        assert ran.code == 0
        assert "\x1b" not in ran.out + ran.err
        assert "\x07" not in ran.out + ran.err


def test_json_is_one_object_and_nothing_else(command, tables):
    ran = command("look", tables.people, "--json")
    assert ran.out.count("\n") == 1
    assert isinstance(json.loads(ran.out), dict)
