"""One question after the other; a refusal may carry a reason and an alternative."""

import polars as pl
import pytest

from layerwise.table.date_question import as_date, as_duration
from layerwise.table.number_question import as_number
from layerwise.table.questions import (
    RefusedColumn,
    Texts,
    lacking,
    lost_sentence,
    words_of_absence,
)
from layerwise.table.reading import Alternative
from layerwise.table.word_question import as_yes_no


@pytest.mark.parametrize("question", [as_yes_no, as_duration, as_number, as_date])
def test_words_are_refused_by_all_but_the_last_question(question):
    with pytest.raises(RefusedColumn, match="^$") as caught:
        question(Texts("color", pl.Series(["red", "green", "blue"])))
    assert caught.value.alternative is None


@pytest.mark.parametrize(
    ("cells", "reasons", "alternative"),
    [
        (
            ["$5", "£4"],
            ("its cells mix the currencies '$' and '£'",),
            Alternative("number", "'$' before them", 1, ("£4",)),
        ),
        (
            ["00501"],
            ("cells such as '00501' begin with a zero, as codes do",),
            Alternative("number", "as amounts, without leading zeros"),
        ),
        (["3", "soon"], (), Alternative("number", "", 1, ("soon",))),
    ],
)
def test_a_refusal_tells_its_reason_and_what_half_of_the_cells_would_be(
    cells, reasons, alternative
):
    with pytest.raises(RefusedColumn) as caught:
        as_number(Texts("x", pl.Series(cells)))
    assert caught.value.args == reasons
    assert caught.value.alternative == alternative


def test_the_cells_of_a_column_are_prepared_once():
    column = Texts("x", pl.Series([" a ", "?", "none", "a", None]))
    assert column.words.to_list() == ["a", None, "none", "a", None]
    assert column.values.to_list() == ["a", None, None, "a", None]
    assert column.counts.rows() == [("a", 2)]
    assert column.n == 2


def _absent(cells: dict[str, int], unread: list[str]) -> tuple[str, ...]:
    frame = pl.DataFrame({"text": list(cells), "n": list(cells.values())})
    return words_of_absence(frame, frame.filter(pl.col("text").is_in(unread)))


NUMBERS = {str(i): 10 for i in range(10)}


@pytest.mark.parametrize(
    ("cells", "unread", "absent"),
    [
        (NUMBERS | {"soon": 2}, ["soon"], ("soon",)),
        (NUMBERS | {"soon": 1}, ["soon"], ()),
        (NUMBERS | {"soon2": 9}, ["soon2"], ()),
        (NUMBERS | {"soon": 101}, ["soon"], ()),
        (NUMBERS | dict.fromkeys("abcd", 5), [*"abcd"], ()),
        ({"5": 10, "soon": 2}, ["soon"], ()),
        ({"5": 1, "TBD": 1}, ["TBD"], ("TBD",)),
        ({"2024-01-01": 2, "0000-00-00": 1}, ["0000-00-00"], ("0000-00-00",)),
        ({"5": 1, "unknown": 2}, ["unknown"], ()),
    ],
)
def test_words_that_mean_no_number_are_known_or_come_again_and_again(
    cells, unread, absent
):
    assert _absent(cells, unread) == absent


def test_what_is_lost_is_said():
    unread = pl.DataFrame({"text": ["a", "b"], "n": [1, 2]})
    assert lost_sentence(unread, 300, "date") == [
        "3 of 300 cells are not dates and count as missing, such as 'a', 'b'"
    ]
    assert lost_sentence(unread.clear(), 300, "date") == []
    assert lacking(("soon",)) == ["'soon' counts as missing"]
    assert lacking(()) == []
