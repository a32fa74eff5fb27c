"""layerwise look: what each column was read as."""

import json
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
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
    assert by_name["job"]["units"] == 4  # three jobs, and any other
    assert by_name["country"]["kind"] == "constant"
    assert plain["units"] == sum(column["units"] for column in plain["columns"])


def test_json_reports_how_a_text_was_read(command, tmp_path):
    path = tmp_path / "t.csv"
    rows = "".join(f"{i};{i / 4}\n" for i in range(20))
    path.write_bytes(f"Café\n\na;b\n{rows}3\n".encode("cp1252"))
    report = command("look", path, "--json").json["report"]
    assert report["encoding"] == "cp1252"
    assert report["delimiter"] == ";"
    assert (report["n_rows"], report["n_repaired"]) == (21, 1)
    assert report["n_skipped_lines"] == 2
    parquet = tmp_path / "t.parquet"
    pl.DataFrame({"a": [1, 2]}).write_parquet(parquet)
    assert command("look", parquet, "--json").json["report"] is None


def test_drawing_at_80_columns(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    ran = command("look", SALES)
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        "column        read as     units  values, and why",
        "Date          date     left out  01/01/2024 · 02/01/2024 · 03/01/2024",
        "                                 all 6 cells are dates, but nothing decides",
        "                                 whether the day or the month comes first",
        "US_Sales      number          1  5,620 ▄▄ ▄      █▄ 9,920",
        "                                 $9,300.52 → 9300.52 · $6,250.65 → 6250.65",
        "                                 all 6 cells are numbers with '$' before them",
        "                                 and ',' between thousands",
        "UK_Sales      number          1  2,151 ▄  ▄ ▄    █▄ 9,421",
        "                                 £4,270.45 → 4270.45 · £5,680.58 → 5680.58",
        "                                 all 6 cells are numbers with '£' before them",
        "                                 and ',' between thousands",
        "Canada_Sales  number          1  1,900 ▄  ▄   ▄  ▄█ 8,331",
        "                                 $8,330.70 → 8330.7 · $3,650.58 → 3650.58",
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
    assert units == {"pay": 1, "job": 4, "age": 2, "country": 0, "loan": 0}
    assert plain["units"] == 7
    out = command("look", tables.people, "--target", "loan").out
    assert re.search(r"^loan +yes/no +target  ", out, re.MULTILINE)
    assert out.endswith(
        "\n150 rows. The input layer: 3 of 4 columns make [7] units.\n"
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


def test_json_says_how_values_are_spread_and_what_else_a_column_could_be(
    command, tables
):
    columns = command("look", tables.people, "--json").json["columns"]
    by_name = {column["name"]: column for column in columns}
    pay, job, country = by_name["pay"], by_name["job"], by_name["country"]
    assert sum(pay["distribution"]["counts"]) == 150
    assert pay["rule"]["before"] == "$"
    assert (pay["n_lost"], pay["lost"]) == (0, [])
    assert sorted(job["distribution"]["values"]) == ["clerk", "cook", "nun"]
    assert job["distribution"]["n_present"] == 150
    assert (country["distribution"], country["rule"]) == (None, None)
    assert all(isinstance(column["alternatives"], list) for column in columns)


def test_missing_cells_and_shares_are_drawn(command, tables):
    lines = command("look", tables.people).out.splitlines()
    (age,) = (line for line in lines if line.startswith("age "))
    assert re.search(r" number +2 +10 %  0 [▁-█ ]{10} 49$", age)
    (job,) = (line for line in lines if line.startswith("job "))
    assert re.search(r" category +4 +-  (\w+ \d\d % · ){2}\w+ \d\d %$", job)


def test_reading_file_is_written(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = command("look", SALES, "--features", "Date,US_Sales", "--write", "r.yaml")
    assert (ran.code, ran.err.splitlines()[0]) == (
        0,
        "How the columns are read: r.yaml",
    )
    text = (tmp_path / "r.yaml").read_text()
    assert text.startswith("# How the columns of sales.csv are read.")
    assert "\nDate:\n  # all 6 cells are dates" in text
    assert list(tmp_path.iterdir()) == [tmp_path / "r.yaml"]


def test_reading_file_that_a_person_changed_is_not_lost(command, tmp_path):
    path = tmp_path / "r.yaml"
    args = ("look", SALES, "--write", path)
    assert command(*args).code == 0
    assert command(*args, "--json").code == 0  # the same once more
    changed = path.read_text().replace("  # order: month", "  order: month")
    path.write_text(changed)
    ran = command(*args)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "Error: The file 'r.yaml' is there, and what was changed in it would be lost. "
        "Name another with --write, or add --reading r.yaml.\n"
    )
    assert path.read_text() == changed


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (
            ("--write", "r.txt"),
            2,
            "The file of --write ends in .yaml or .yml. Got 'r.txt'.",
        ),
        (
            ("--write", "no/r.yaml"),
            1,
            "Could not write 'r.yaml': there is no folder 'no'. Make it first, or "
            "choose another.",
        ),
        (
            ("--kind", "US_Sale=number"),
            1,
            "The table has no column 'US_Sale', though a reading is given for it. It "
            "has 'Date', 'US_Sales', 'UK_Sales', 'Canada_Sales'. Did you mean "
            "'US_Sales'?",
        ),
        (
            ("--kind", "US_Sales"),
            2,
            "--kind takes COLUMN=KIND, such as US_Sales=category. Got 'US_Sales' "
            "instead.",
        ),
        (
            ("--kind", "US_Sales=catgory"),
            2,
            "The kind of 'US_Sales' must be one of 'number', 'yes/no', 'category', "
            "'ordered', 'date', 'duration', 'text', 'constant', 'id', 'empty'. Got "
            "'catgory' instead. Did you mean 'category'?",
        ),
        (
            ("--dates", "Date=dayfirst"),
            2,
            "--dates takes day-first or month-first, or COLUMN=ORDER with one of them. "
            "Got 'Date=dayfirst' instead. Did you mean 'day-first'?",
        ),
        (
            ("--dates", "day-first", "--dates", "month-first"),
            2,
            "--dates says day-first and month-first. Give one of them, or name the "
            "column: --dates COLUMN=month-first.",
        ),
        (
            ("--reading", "no.yaml"),
            1,
            "Could not read 'no.yaml': there is no such file. Write it with: "
            "layerwise look TABLE --write no.yaml",
        ),
    ],
)
def test_what_is_said_wrong(command, tmp_path, monkeypatch, args, code, message):
    monkeypatch.chdir(tmp_path)
    ran = command("look", SALES, *args)
    assert (ran.code, ran.out, ran.err) == (code, "", f"Error: {message}\n")


def test_untouched_file_changes_nothing(command, tables, tmp_path):
    path = tmp_path / "r.yaml"
    before = command("look", tables.people, "--write", path, "--json")
    assert command("look", tables.people, "--reading", path, "--json").out == before.out


def test_changed_file_is_followed_and_flags_are_stronger(command, tables, tmp_path):
    path = tmp_path / "r.yaml"
    path.write_text("age:\n  kind: category\njob:\n  use: false\n")

    def kinds(*args):
        columns = command("look", tables.people, "--json", *args).json["columns"]
        return {c["name"]: (c["kind"], c["units"] > 0) for c in columns}

    read = kinds("--reading", path)
    assert read["age"] == ("category", True)
    assert not read["job"][1]
    read = kinds("--reading", path, "--kind", "age=number", "--kind", "job=category")
    assert (read["age"], read["job"]) == (("number", True), ("category", True))


def test_order_of_one_column_of_dates(command, tmp_path):
    path = tmp_path / "dates.csv"
    path.write_text("from,to\n01/02/2024,03/04/2024\n05/06/2024,07/08/2024\n")
    args = ("--dates", "from=day-first", "--dates", "month-first")
    columns = command("look", path, *args, "--json").json["columns"]
    assert [c["rule"]["order"] for c in columns] == ["day-first", "month-first"]
    assert [c["distribution"]["low"] for c in columns] == ["2024-02-01", "2024-03-04"]


def test_reading_of_the_target_is_told(command, tables):
    ran = command("look", tables.people, "--target", "age", "--kind", "age=category")
    assert "The reading given for 'age' has no effect: it is the target" in ran.err


def test_look_loads_only_what_it_needs():
    code = (
        "import sys; from layerwise.cli.main import run; "
        f"code = run(['look', {str(SALES)!r}]); "
        "print(code, [m for m in ('jax', 'yaml') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout.splitlines()[-1] == "0 []"
