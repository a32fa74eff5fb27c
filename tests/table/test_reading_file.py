"""The file that says how columns are read: every name comes back, nothing else does."""

import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from layerwise.errors import ParameterError, ReadError
from layerwise.table import look, read
from layerwise.table.dates import DateRule
from layerwise.table.numbers import NumberRule
from layerwise.table.overrides import Override, agrees, as_override
from layerwise.table.reading import Alternative, Reading
from layerwise.table.reading_file import is_open, read_readings, write_readings

NAMES = [
    *("", " ", "yes", "No", "ON", "null", "~", "y", "1", "1.0", "1e5", "0x1F", ".inf"),
    *(
        "2024-01-01",
        "12:30",
        "=",
        "<<",
        "---",
        "...",
        "-",
        "?",
        ":",
        "a: b",
        "a:",
        ":a",
    ),
    *(
        "# no remark",
        "a # b",
        "'",
        '"',
        "\\",
        "\\n",
        "a\nb",
        "\n",
        "\r\n",
        "\t",
        "\x00",
    ),
    *(
        "\x1b[2J",
        "\x85",
        "\u2028",
        "\ufeff",
        "\ufffe",
        "&a",
        "*a",
        "!!str",
        "%YAML 1.2",
    ),
    *("[a]", "{a: b}", "a, b", "|", ">", "@", "`", "温度", "é", "😀", "\U0010ffff"),
    *("x" * 3000, "é" * 1023, "net price (€)", " leading", "trailing ", "a  b"),
]


def written(path, text):
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "reading.yaml"


def test_file_of_a_table_as_a_person_sees_it():
    readings = (
        Reading(
            "when",
            "date",
            "all 6 cells are dates, but nothing decides the order",
            rule=DateRule("undecided"),
            alternatives=(Alternative("category"),),
        ),
        Reading(
            "net price",
            "number",
            "99 of 100 cells are numbers",
            rule=NumberRule(",", "."),
            n_lost=1,
            lost=("on request",),
            alternatives=(Alternative("text", "", 2, ("12",)),),
        ),
        Reading("yes", "id", "a different value in each row"),
    )
    assert write_readings(readings, "my\nsales.csv") == (
        "# How the columns of my\\nsales.csv are read. Change what is wrong, and hand "
        "it\n"
        "# to train or look with --reading. Lines with # are remarks.\n"
        "\n"
        "when:\n"
        "  # all 6 cells are dates, but nothing decides the order\n"
        "  kind: date\n"
        "  # left out until you remove the # before one of these two lines:\n"
        "  # order: day-first\n"
        "  # order: month-first\n"
        "  # could also be: category (no cell lost)\n"
        "net price:\n"
        "  # 99 of 100 cells are numbers\n"
        "  # 1 cell cannot be read, such as 'on request'\n"
        "  kind: number\n"
        '  decimal: ","\n'
        '  thousands: "."\n'
        "  # could also be: text (2 cells lost, such as '12')\n"
        '"yes":\n'
        "  # a different value in each row\n"
        "  kind: id\n"
        "  use: false\n"
    )


def test_every_name_comes_back(path):
    readings = tuple(Reading(name, "number", name) for name in NAMES)
    text = write_readings(readings)
    expected = [Override("number")] * len(NAMES)
    assert list(yaml.safe_load(text)) == NAMES
    assert list(read_readings(written(path, text)).items()) == list(
        zip(NAMES, expected, strict=True)
    )
    assert write_readings(readings) == text


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.dictionaries(TEXTS, st.tuples(TEXTS, TEXTS), max_size=5))
def test_any_name_any_reason_and_any_word_come_back(tmp_path_factory, columns):
    readings = tuple(
        Reading(
            name,
            "number",
            why,
            rule=NumberRule(missing=(word,)),
            lost=(why,),
            n_lost=1,
            alternatives=(Alternative("text", why, 1, (word,)),),
        )
        for name, (why, word) in columns.items()
    )
    text = write_readings(readings)
    path = written(tmp_path_factory.mktemp("any") / "r.yaml", text)
    said = read_readings(path)
    assert list(said) == list(columns)
    assert list(yaml.safe_load(text) or {}) == list(columns)
    for reading in readings:
        # the decimal point and no mark between thousands go without saying
        assert said[reading.name].missing == as_override(reading).missing
        assert agrees(said[reading.name], reading)


def test_what_was_written_of_a_table_agrees_with_it(path):
    table = read(
        {
            "when": ["13/01/2024", "02/01/2024"] * 6,
            "price": ["$1,200.50", "$3,400.25", "$2.75"] * 4,
            "zip": ["01234", "98101", "98102", "00001"] * 3,
            "is new": ["t", "f"] * 6,
            "open": ["01/02/2024", "03/04/2024"] * 6,
            "note": [f"a long remark, number {i}, about it" for i in range(12)],
            "same": ["x"] * 12,
            "nothing": [""] * 12,
        }
    )
    readings = look(table)
    said = read_readings(written(path, write_readings(readings)))
    assert list(said) == list(table.columns)
    assert all(agrees(said[reading.name], reading) for reading in readings)
    assert [reading.name for reading in readings if is_open(reading)] == ["open"]


def test_texts_stay_texts(path):
    text = "yes:\n  yes: no\n1.0:\n  missing: [null, 2, on]\n? 2024-01-01\n:\n"
    assert read_readings(written(path, text)) == {
        "yes": Override(yes="no"),
        "1.0": Override(missing=("null", "2", "on")),
        "2024-01-01": Override(),
    }


def test_nothing_is_said(path):
    for text in ("", "# only a remark\n", "~\n", "---\n...\n"):
        assert read_readings(written(path, text)) == {}
    assert read_readings(written(path, "a:\nb: ~\nc:\n  order:\n  kind:\n")) == {
        "a": Override(),
        "b": Override(),
        "c": Override(),
    }


def test_use_is_a_truth_in_all_its_words(path):
    for word, is_used in (("false", 0), ("No", 0), ("OFF", 0), ("true", 1), ("yes", 1)):
        said = read_readings(written(path, f"a:\n  use: {word}\n"))
        assert said["a"].is_used == bool(is_used)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "price:\n  kind: number\n  thousand: ','\n",
            "line 1, column 'price': There is no key 'thousand' for a column. The keys "
            "are 'kind', 'use', 'order', 'decimal', 'thousands', 'yes', 'levels', "
            "'missing'. Did you mean 'thousands'?",
        ),
        (
            "a:\n  kind: number\nb:\n  kind: category\n  decimal: ','\n",
            "line 3, column 'b': The 'decimal' of a column is for the kind 'number', "
            "but its kind is 'category'. Leave out 'decimal', or change the kind.",
        ),
        ("a:\n  kind: number\n  kind: date\n", "line 3 names 'kind' again. Keep one of "
         "the two."),
        ("a:\n  kind: date\na:\n", "line 3 names 'a' again. Keep one of the two."),
        (
            "a:\n\tkind: date\n",
            "line 2 is not YAML: found character that cannot start any token. Correct "
            "it, or put the text in quotes.",
        ),
        (
            "a:\n  kind: 'number\n",
            "line 3 is not YAML: found unexpected end of stream. Correct it, or put "
            "the text in quotes.",
        ),
        (
            "a: \x07\n",
            "it is not YAML: it holds a character that may not be. Correct it, or put "
            "the text in quotes.",
        ),
        ("a: number\n", "line 1 should hold lines such as 'kind: number' below 'a', "
         "and holds a text."),
        ("- a\n- b\n", "line 1 should hold columns, each with a colon after it, and "
         "holds a list."),
        ("price\n", "line 1 should hold columns, each with a colon after it, and holds "
         "a text."),
        ("a:\n  kind: {b: c}\n", "line 2 should hold a text or a list of texts, and "
         "holds a mapping."),
        ("a:\n  levels: [[b], c]\n", "line 2 should hold a text, and holds a list."),
        ("[a]: b\n", "line 1 should hold a column, and holds a list."),
        ("a:\n---\nb:\n", "it holds a second document, after ---. Keep one."),
        (
            "a: &x\n  kind: date\nb: *x\n",
            "line 1 has a tag, an anchor or an alias (!, & or *), which a reading file "
            "does not need. Put the text in quotes.",
        ),
        (
            "a: !!python/object/apply:os.system ['echo']\n",
            "line 1 has a tag, an anchor or an alias (!, & or *), which a reading file "
            "does not need. Put the text in quotes.",
        ),
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_refused_with_its_line(path, text, message):
    with pytest.raises(ReadError) as raised:
        read_readings(written(path, text))
    assert str(raised.value) == f"Could not read 'reading.yaml': {message}"


def test_bytes_that_are_no_text(path):
    path.write_bytes(b"a:\n  kind: \xff\n")
    with pytest.raises(ReadError) as raised:
        read_readings(path)
    assert str(raised.value) == (
        "Could not read 'reading.yaml': line 2 is not UTF-8. Save the file as UTF-8."
    )


def test_mark_of_utf8_is_no_part_of_the_first_name(path):
    path.write_bytes(b"\xef\xbb\xbfa:\r\n  kind: date\r\n")
    assert read_readings(path) == {"a": Override("date")}


def test_file_that_is_not_there(path):
    message = (
        "Could not read 'reading.yaml': there is no such file. Write it with: "
        "layerwise look TABLE --write reading.yaml"
    )
    with pytest.raises(ReadError, match=f"^{re.escape(message)}$"):
        read_readings(path)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (".", "Could not read '.': Is a directory. Name the file that look --write "),
        ("a\0b", "Could not read 'a\\x00b': embedded null byte. Name the file that "),
    ],
)
def test_path_that_is_no_file(tmp_path, monkeypatch, name, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ReadError) as raised:
        read_readings(name)
    assert str(raised.value).startswith(message)


def test_size_has_a_limit_both_ways(path):
    path.write_bytes(b"#" * 2**20 + b"#")
    message = "Could not read 'reading.yaml': it is larger than 1 MiB, and no reading"
    with pytest.raises(ReadError, match=f"^{message} file is.$"):
        read_readings(path)
    readings = tuple(Reading(f"column {i}", "number", "so" * 20) for i in range(20_000))
    message = (
        "How 20,000 columns are read takes more than 1 MiB, and a reading file holds "
        "no more. Name the columns that you want to change with features."
    )
    with pytest.raises(ParameterError, match=f"^{message}$"):
        write_readings(readings)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 2**20,
        "{a: " * 2**18,
        "- " * 2**19,
        "? " * 2**19,
        "a: &a [*a, *a]\n" * 2**16,
    ],
    ids=["lists", "mappings", "dashes", "keys", "aliases"],
)
def test_hostile_files_are_refused_at_once(path, text):
    began = time.monotonic()
    with pytest.raises(ReadError):
        read_readings(written(path, text))
    assert time.monotonic() - began < 3


def test_file_of_the_page_is_read(path):
    page = (Path(__file__).parents[2] / "docs" / "reading.md").read_text("utf-8")
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    said = read_readings(written(path, text))
    assert said["joined"] == Override("date", order="day-first")
    assert said["grade"].levels == ("low", "medium", "high")
    assert not said["office"].is_used
