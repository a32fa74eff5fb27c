"""Training, seen from the terminal."""

import io
import threading
from dataclasses import replace

import pytest
from rich.console import Console

from layerwise.cli import progress as seen
from layerwise.training import Progress


def after(epoch: int, best: int, epochs: int = 60, valid: bool = True) -> Progress:
    lines = []
    for e in range(1, epoch + 1):
        line = {"train_loss": 1 / e, "train_cost": 1 / e}
        if valid:
            line |= {"valid_loss": 0.3, "valid_cost": 0.3 + abs(e - best) / 100}
        lines.append(line)
    return Progress(epoch, epochs, 57 * epoch, 0.20843, best, lines)


def drawn(progress: Progress | None, width: int, is_over: bool = False) -> list[str]:
    out = Console(
        file=io.StringIO(), width=width, force_terminal=True, color_system=None
    )
    display = seen._Display(threading.Event(), out)
    if progress is not None:
        display.show(progress)
    display.is_over = is_over
    out.print(display.drawing())
    return [line.rstrip() for line in out.file.getvalue().splitlines()]


def test_curve_falls_and_rises():
    assert seen.curve([4.0, 1.0, 2.5]) == "█▁▅"


def test_curve_of_one_height_is_low():
    assert seen.curve([1.0, 1.0]) == "▁▁"


def test_curve_of_nothing():
    assert seen.curve([]) == ""


def test_long_curve_keeps_both_ends():
    line = seen.curve([9.0, *[1.0] * 1000, 5.0], width=10)
    assert (len(line), line[0], line[-1]) == (10, "█", "▅")


def test_display_at_80_columns():
    head, train, valid, mark, foot = drawn(after(12, best=8), 80)
    assert head.startswith("epoch 12 of 60  ")
    assert head.endswith("  iteration 684")
    assert train == "train cost  █▄▃▂▂▂▁▁▁▁▁▁  0.08333"
    assert valid == "valid cost  █▇▆▅▄▃▂▁▂▃▄▅  0.3400"
    assert mark == "                   ▲ best epoch: 8, cost 0.3000"
    assert mark.index("▲") == valid.index("▁")
    assert foot.startswith("loss 0.2084   at most ")
    assert foot.endswith(" left   Ctrl-C keeps the best epoch so far")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("epoch", [1, 2, 30, 500])
@pytest.mark.parametrize("best", [1, 7, 500])
def test_display_fits_and_points_at_the_best_epoch(width, epoch, best):
    best = min(best, epoch)
    lines = drawn(after(epoch, best, epochs=500), width)
    assert max(map(len, lines)) <= width
    _, train, valid, mark, *_ = lines
    assert valid[mark.index("▲")] == "▁"
    assert len(train) <= width


def test_display_without_rows_held_out():
    lines = drawn(after(5, best=5, valid=False), 80)
    assert len(lines) == 3
    assert "▲" not in "".join(lines)


def test_display_before_the_first_epoch():
    assert drawn(None, 80) == ["Reading the columns and making the network ready ..."]


def test_display_of_a_training_that_failed_leaves_nothing():
    assert "".join(drawn(None, 80, is_over=True)) == ""


def test_display_at_the_end_says_nothing_of_ctrl_c():
    assert "Ctrl-C" not in "".join(drawn(after(60, best=8), 80, is_over=True))


def test_time_left_is_that_of_the_epochs_after_the_first(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(seen.time, "monotonic", lambda: now[0])
    out = Console(file=io.StringIO(), width=80)
    display = seen._Display(threading.Event(), out)
    display.show(after(1, 1))  # however long that took: it was compiled then
    assert "left" not in display._foot(after(1, 1))
    now[0] = 110.0  # ten epochs in ten seconds
    assert "at most 49 s left" in display._foot(after(11, 8))


def test_lines_are_the_first_the_last_and_one_now_and_then(monkeypatch, capsys):
    now = [100.0]
    monkeypatch.setattr(seen.time, "monotonic", lambda: now[0])
    with seen.watching() as watch:
        for epoch in range(1, 9):
            now[0] += 1
            assert not watch(after(epoch, epoch))
    said = capsys.readouterr().err.splitlines()
    assert [line.split("  ")[0] for line in said] == [
        "epoch 1 of 60",
        "epoch 6 of 60",
        "epoch 8 of 60",
    ]
    assert said[0] == (
        "epoch 1 of 60  iteration 57  loss 0.2084  train cost 1.000  valid cost 0.3000"
    )


@pytest.mark.parametrize("width", [60, 80, 120])
def test_display_of_one_of_many_trainings_is_not_cut(width):
    one = replace(after(12, best=8, epochs=150), part=2, parts=3, fold=4, folds=5)
    one = replace(one, kind="smooth")
    head, *_, foot = drawn(one, width)
    assert head.startswith("smooth 2 of 3, fold 4 of 5: epoch 12 of 150  ")
    assert "…" not in head
    assert len(head) <= width
    assert width < 80 or foot.endswith(" left of this one   Ctrl-C keeps what is done")
