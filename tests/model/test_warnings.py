"""What is wrong with a table is said before a network is trained on it."""

import warnings

import numpy as np
import pytest

import layerwise as lw


def leaking(n=200):
    random = np.random.Generator(np.random.Philox(key=1))
    left = random.integers(0, 2, n)
    return {"age": random.integers(18, 80, n), "state": left * 7, "left": left}


def test_the_warning_comes_before_the_first_epoch():
    said_by_then = []

    def watch(progress):
        said_by_then.append(len(caught))
        return True

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        lw.train(leaking(), "left", layers="4 relu", epochs=1, watch=watch)
    assert said_by_then == [1]
    (warning,) = caught
    assert warning.category is lw.LayerwiseWarning
    assert str(warning.message) == (
        "Column 'state' alone predicts 'left' almost perfectly (AUC 1 on 200 rows held "
        "out, 0.5 by guessing): if it is known only afterwards, leave it out with "
        "--drop state."
    )
    assert warning.filename == __file__


def test_a_warning_made_an_error_stops_before_training():
    said = "^Column 'state' alone predicts 'left' almost perfectly"
    with pytest.raises(lw.LayerwiseWarning, match=said):  # as pytest is set up
        lw.train(leaking(), "left", watch=pytest.fail)


def test_what_is_left_out_is_not_doubted():
    lw.train(leaking(), "left", layers="linear", epochs=1, drop=["state"])


def test_a_split_by_date_is_not_doubted():
    n = 300
    day = np.arange(n)
    random = np.random.Generator(np.random.Philox(key=2))
    columns = {
        "date": (np.datetime64("2022-01-01") + day).astype(str),
        "size": random.normal(0, 1, n),
        "paid": day / 50 + random.normal(0, 1, n),
    }
    options = {"target": "paid", "layers": "linear", "epochs": 1}
    with pytest.warns(lw.LayerwiseWarning, match="^The rows follow 'date', and 'paid'"):
        lw.train(columns, **options)
    lw.train(columns, valid_by="date", **options)
    lw.train(columns, valid_fraction=0, **options)


def test_the_estimators_do_not_doubt():
    columns = leaking()
    left = columns.pop("left")
    x = np.stack(list(columns.values()), axis=1).astype(float)
    lw.NetworkClassifier(layers="linear", epochs=1).fit(x, left)
