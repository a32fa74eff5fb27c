"""What a column means, whatever the order of its rows."""

import datetime
from contextlib import suppress

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwise.errors import LayerwiseError
from layerwise.table.kinds import infer
from layerwise.table.missing import AMONG_VALUES, AMONG_WORDS, present
from layerwise.table.overrides import Override
from layerwise.table.reading import KINDS

WORDS = ["red", "green", "blue", "red", "green"]


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("x", ["1", "2.5", ""], "number"),
        ("x", ["0", "1", "1"], "number"),
        ("x", [str(i) for i in range(500)], "number"),
        ("id", [str(i) for i in range(500)], "id"),
        ("id", ["1", "1", "2"], "number"),
        ("x", ["NaN", "1", "2"], "number"),
        ("x", ["1", "inf"], "number"),
        ("x", ["95%", "80%", "N/A"], "number"),
        ("x", ["t", "f", "t", None], "yes/no"),
        ("x", ["Yes", "no", "NO"], "yes/no"),
        ("x", ["True", "False"], "yes/no"),
        ("x", ["on", "off", "-"], "yes/no"),
        ("x", WORDS, "category"),
        ("x", ["X", "", ""], "category"),
        ("x", ["M", "F", "M"], "category"),
        ("zip", ["00501", "10001", "00501"], "category"),
        ("x", ["None", "-", "None", "rash"], "category"),
        ("x", ["2024-01-01", "2024-01-02"], "date"),
        ("x", ["01/02/2024", "02/03/2024"], "date"),
        ("x", ["a", "b", "c"], "text"),
        ("x", ["same", "same"], "constant"),
        ("x", ["1", "1.0"], "constant"),
        ("x", ["none", "none"], "constant"),
        ("x", ["2024-01-01", "2024-01-01"], "constant"),
        ("x", ["AB-12", "CD-34"], "id"),
        ("x", ["9007199254740993", "9007199254740995"], "id"),
        ("x", ["", "?", "NA"], "empty"),
        ("x", [None, None], "empty"),
    ],
)
def test_kind_of_a_text_column(name, cells, kind):
    assert infer(name, pl.Series(cells, dtype=pl.String)).kind == kind


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("x", pl.Series([1, 2]), "number"),
        ("x", pl.Series([1.0, None]), "number"),
        ("x", pl.Series([2**60, 2**60 + 1, 2**60]), "category"),
        ("user_id", pl.Series([1, 2]), "id"),
        ("x", pl.Series([True, False]), "yes/no"),
        ("x", pl.Series([True, True]), "constant"),
        ("x", pl.Series([True, None, False]), "yes/no"),
        ("x", pl.Series(["a", "b"], dtype=pl.Categorical), "category"),
        ("x", pl.Series(["a", "a"], dtype=pl.Categorical), "constant"),
        ("x", pl.Series(["a", "b"], dtype=pl.Enum(["a", "b"])), "category"),
        ("x", pl.Series([datetime.date(2024, 1, 1), None]), "date"),
        ("x", pl.Series([datetime.datetime(2024, 1, 1, i) for i in (1, 2)]), "date"),
        ("x", pl.Series([datetime.timedelta(1), datetime.timedelta(2)]), "duration"),
        ("x", pl.Series([[1], [2]]), "text"),
        ("x", pl.Series([b"1", b"2"]), "text"),
        ("x", pl.Series([2**60, 0]).cast(pl.Datetime("us")), "date"),
        ("x", pl.Series([None, None]), "empty"),
        ("x", pl.Series([float("nan")] * 2), "empty"),
        ("x", pl.Series([1.5, 2.5]).cast(pl.Decimal(10, 2)), "number"),
    ],
)
def test_kind_of_a_typed_column(name, cells, kind):
    assert infer(name, cells).kind == kind


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (["$9,300.52", "$6,250.65"],
         "all 2 cells are numbers with '$' before them and ',' between thousands"),
        (["1", "2", ""], "2 of 3 cells are numbers"),
        (["yes", "no"], "all 2 cells are 'no' or 'yes'"),
        (WORDS, "3 different values in 5 cells"),
        (["2024-01-01", "2024-01-02"], "all 2 cells are dates, year first"),
        (["01/02/2024", "02/03/2024"],
         "all 2 cells are dates, but nothing decides whether the day or the month "
         "comes first"),
        (["a", "b"], "2 different values in 2 cells are too many to learn one by one"),
        (["a", "a"], "every cell is the same"),
        (["A1", "A2"], "all 2 values differ and look like identifiers"),
        ([None], "every cell is missing"),
    ],
)  # fmt: skip
def test_why_is_the_evidence(cells, why):
    assert infer("x", pl.Series(cells, dtype=pl.String)).why == why


def test_the_seed_table_reads_as_it_should():
    reading = infer("US_Sales", pl.Series(["$9,300.52", "$6,250.65", "$6,870.29"]))
    assert reading.examples == (9300.52, 6250.65, 6870.29)
    assert reading.cells == ("$9,300.52", "$6,250.65", "$6,870.29")
    assert reading.warnings == ()
    date = infer("Date", pl.Series([f"0{i}/01/2024" for i in range(1, 7)]))
    assert date.rule.order == "undecided"
    assert date.warnings == (
        "Column 'Date' is left out: its dates can be read with the day first or with "
        "the month first. Say which with --dates day-first or --dates month-first.",
    )
    assert not date.is_used


def test_the_user_settles_undecided_dates():
    cells = pl.Series(["01/02/2024", "03/04/2024"])
    assert infer("d", cells, "day-first").examples == ("2024-02-01", "2024-04-03")
    assert infer("d", cells, "month-first").examples == ("2024-01-02", "2024-03-04")


def test_codes_say_why_they_are_no_numbers():
    assert infer("zip", pl.Series(["00501", "10001", "00501"])).warnings == (
        "Column 'zip' is not read as numbers: cells such as '00501' begin with a "
        "zero, as codes do.",
    )


CELLS = [
    *("", " ", "NA", "-", "none", "unknown", "?", "NaN", "inf", "1e309", "\\N"),
    *("yes", "no", "True", "f", "ja", "oui", "0", "1", "1.0", "007", "-999", "9999"),
    *("$1", "€2", "3", "1,5", "1,500", "1.234", "(5)", "5-", "12,34,567", "95%", "<5"),
    *("5 kg", "500 g", "19M", "3k", "10+", "1 234", "1'000", "−3", "x", "½", "٣"),
    *("01/02/2024", "13/02/2024", "02/13/2024", "2024-03-01", "Mar 2024", "2024Q1"),
    *("20240301", "0000-00-00", "9999-12-31", "07JAN18", "24-03-15"),
    *("1:30", "14:30", "1:02:03", "90 min", "< 1 year", "PT1H", "2 PM", "5 m", "3D"),
    *("low", "high", "Medium", "1st", "10-19", "65+", "a@b.example", "http://a.b/c"),
    *(
        "Male",
        "male",
        " Male",
        "red",
        "C-17",
        "a" * 300,
        "\U0001f600",
        "\x00",
        "(",
        "[^",
    ),
]
NAMES = st.sampled_from(["x", "id", "zip", "phone", "lat", "", "Zip Code"])
COLUMNS = st.one_of(
    st.lists(st.sampled_from(CELLS), min_size=1, max_size=12),
    st.lists(st.sampled_from(CELLS), min_size=1, max_size=3, unique=True).flatmap(
        lambda few: st.lists(st.sampled_from(few), min_size=1, max_size=20)
    ),
    st.lists(st.text("ab1.,-:/ $%", max_size=6), min_size=1, max_size=9),
    st.lists(st.one_of(st.text(max_size=9), st.none()), min_size=1, max_size=9),
)


@settings(deadline=None)
@given(name=NAMES, cells=COLUMNS, data=st.data())
def test_kinds_do_not_depend_on_row_order(name, cells, data):
    shuffled = data.draw(st.permutations(cells))
    one = infer(name, pl.Series(cells, dtype=pl.String))
    other = infer(name, pl.Series(shuffled, dtype=pl.String))
    for what in (
        "kind",
        "why",
        "rule",
        "warnings",
        "alternatives",
        "lost",
        "n_missing",
    ):
        assert getattr(one, what) == getattr(other, what)


@settings(deadline=None)
@given(name=NAMES, cells=COLUMNS)
def test_every_cell_is_read_or_missing_or_lost(name, cells):
    series = pl.Series(cells, dtype=pl.String)
    reading = infer(name, series)
    is_word = reading.kind in ("category", "text", "id", "constant", "empty")
    own = reading.rule.missing if reading.rule else ()
    left = present(series, AMONG_WORDS if is_word else AMONG_VALUES, own)
    if reading.kind not in ("constant", "id", "empty"):
        assert reading.n_missing == left.null_count() + reading.n_lost
    assert len(reading.lost) == min(reading.n_lost, len(reading.lost))
    assert all(other.n_lost < len(cells) for other in reading.alternatives)


OVERRIDES = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from([None, *KINDS]),
        "is_used": st.booleans(),
        "order": st.sampled_from([None, "day-first", "month-first"]),
        "decimal": st.sampled_from([None, ",", "."]),
        "thousands": st.sampled_from([None, ",", "'", ""]),
        "yes": st.sampled_from([None, "yes", "male"]),
        "levels": st.sampled_from([(), ("low", "high"), ("a", "a")]),
        "missing": st.sampled_from([(), ("-999",), ("x", "1")]),
    },
)


@settings(deadline=None)
@given(name=NAMES, cells=COLUMNS, said=OVERRIDES)
def test_whatever_the_user_says_is_done_or_refused_with_a_reason(name, cells, said):
    with suppress(LayerwiseError):
        override = Override(**said)
        reading = infer(name, pl.Series(cells, dtype=pl.String), override=override)
        assert reading.n_missing <= len(cells)
        assert override.is_used or not reading.is_used
