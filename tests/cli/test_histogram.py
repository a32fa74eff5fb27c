"""How values are spread, on one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from layerwise.cli.histogram import bars, percent, spread_line
from layerwise.table.distribution import Bins, Shares


def test_bars_show_what_is_few_and_what_is_none():
    assert bars((0, 1, 500, 1000)) == " ▁▄█"
    assert bars((3, 3, 3)) == "███"
    assert bars(()) == ""
    assert bars((0, 0)) == "  "


@given(st.lists(st.integers(0, 10**9), min_size=1))
def test_a_higher_count_never_has_a_lower_bar(counts):
    drawn = bars(tuple(counts))
    assert [c == " " for c in drawn] == [n == 0 for n in counts]
    order = sorted(range(len(counts)), key=counts.__getitem__)
    heights = [" ▁▂▃▄▅▆▇█".index(drawn[i]) for i in order]
    assert heights == sorted(heights)


@pytest.mark.parametrize(
    ("spread", "width", "line"),
    [
        (Bins(1000.5, 9300.52, (1, 0, 2)), 40, "1,000 ▄ █ 9,301"),
        (Bins(-3, 1_250_000, (1, 2)), 40, "-3 ▄█ 1,250,000"),
        (Bins(2.5, 2.5, (9,)), 40, "always 2.500"),
        (Bins("2010-01-31", "2024-12-01", (1, 2)), 40, "2010-01-31 ▄█ 2024-12-01"),
        (Bins("2010-01-31", "2024-12-01", (1, 2)), 20, "2010-01 ▄█ 2024-12"),
        (Bins("2010-01-31", "2024-12-01", (1, 2)), 10, "▄█"),
        (Shares(("cook",), (4,), 1, 4), 40, "cook 100 %"),
        (Shares(("a", "b"), (1, 1), 9, 4), 40, "a 25 % · b 25 % · 7 more"),
        (Shares(("a", "b"), (1, 1), 2, 2), 14, "a 50 % · 1 more"),
        (
            Shares(("a" * 40, "b"), (3, 1), 2, 4),
            60,
            f"{'a' * 23}… 75 % · b 25 %",
        ),
        (Shares(("a" * 40, "b"), (3, 1), 2, 4), 22, "aaaaaa… 75 % · b 25 %"),
        (Shares((" x\x1b[2J\n",), (1,), 1, 1), 40, r"x\x1b[2J 100 %"),
    ],
)  # fmt: skip
def test_line_of_a_spread(spread, width, line):
    assert spread_line(spread, width) == line


@pytest.mark.parametrize(
    ("low", "high", "line"),
    [
        (0, 90, "0 s █ 90 s"),
        (60.5, 600, "60.5 s █ 10 min"),
        (-7200, 100_000, "-120 min █ 27.8 h"),
        (0.0, 864_000, "0 s █ 10 days"),
    ],
)
def test_durations_are_told_in_words(low, high, line):
    assert spread_line(Bins(low, high, (1,)), 40, is_duration=True) == line


def test_shares_never_round_to_all_or_to_none():
    said = [percent(n, 1000) for n in (0, 1, 9, 10, 500, 990, 991, 999, 1000)]
    assert said == ["0 %", "<1 %", "<1 %", "1 %", "50 %", "99 %", ">99 %", ">99 %",
                    "100 %"]  # fmt: skip
    assert percent(0, 0) == "0 %"


@given(
    st.lists(
        st.tuples(st.text(max_size=60), st.integers(1, 99)), min_size=1, max_size=8
    ),
    st.integers(40, 120),
)
def test_no_line_is_wider_than_there_is_room(pairs, width):
    values, counts = zip(*pairs, strict=True)
    spread = Shares(values, counts, len(pairs) + 5, sum(counts) + 9)
    line = spread_line(spread, width)
    assert cell_len(line) <= width
    assert line.isprintable() or all(c.isprintable() or c.isspace() for c in line)
