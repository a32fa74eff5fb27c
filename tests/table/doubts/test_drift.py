"""Whether a column says when its row happened."""

import numpy as np
import pytest

from layerwise.table.doubts.drift import follows_rows, names_event, spans_time


@pytest.mark.parametrize(
    "name",
    [
        *("date", "Date", "DATE", "order_date", "OrderDate", "created_at", "timestamp"),
        *("time of the call", "sold on", "Invoice-Date", "week", "year", "trip month"),
    ],
)
def test_names_of_events(name):
    assert names_event(name)


@pytest.mark.parametrize(
    "name",
    [
        *("date_first_hired", "host_since", "first_review", "Last Updated", "birthday"),
        *("order", "sale", "price", "", "_", "model_year", "signup_date", "x"),
    ],
)
def test_other_names(name):
    assert not names_event(name)


def test_rows_in_order_of_a_column():
    rows = np.arange(100)
    assert follows_rows(rows * 2.0, rows)
    assert follows_rows(-rows * 2.0, rows)
    shuffled = np.argsort(np.sin(rows * 1e4))
    assert follows_rows(shuffled * 2.0, shuffled)
    assert not follows_rows(shuffled * 2.0, rows)
    with_missing = np.where(rows % 3 == 0, np.nan, rows)
    assert follows_rows(with_missing, rows)
    assert not follows_rows(np.full(100, 3.0), rows)
    assert not follows_rows(np.full(100, np.nan), rows)


def test_few_times_do_not_span_time():
    assert not spans_time(np.arange(100) % 9.0)
    assert spans_time(np.arange(100) % 10.0)
    assert not spans_time(np.full(100, np.nan))
