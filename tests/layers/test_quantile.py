"""Quantiles and places in a normal distribution, beside scikit-learn's."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr
from sklearn.preprocessing import QuantileTransformer

from layerwise.errors import ParameterError
from layerwise.layers import Input, normal_quantiles
from layerwise.layers.quantile import quantiles, to_normal

NAN = np.nan


def sklearns(x: Any, count: int) -> QuantileTransformer:
    return QuantileTransformer(
        n_quantiles=count, output_distribution="normal", subsample=None
    ).fit(x)


def columns(n: int = 3000) -> Any:
    draw = np.random.default_rng(0)
    x = draw.normal(size=(n, 4)) * [1, 100, 1e9, 1]
    x[:, 1] = np.exp(x[:, 1] / 100)
    x[:, 3] = np.round(x[:, 3])  # many equal ones, in the middle of the column
    x[::11, 2] = NAN
    return x


def test_with_the_same_quantiles_places_are_scikit_learns() -> None:
    x = columns()
    theirs = sklearns(x, 100)
    references = tuple(map(tuple, theirs.quantiles_.T.tolist()))
    # some beyond the training rows; the ends of column 3 are many equal numbers
    new = np.vstack([x, x[:50] * 3])[:, :3]
    found = to_normal(new, references[:3])
    np.testing.assert_allclose(found, theirs.transform(np.c_[new, new[:, 0]])[:, :3])
    inner = np.arange(-2.0, 3.0)[:, None]
    found = to_normal(inner, references[3:])
    expected = theirs.transform(np.repeat(inner, 4, axis=1))[:, 3:]
    np.testing.assert_allclose(found, expected)


def test_quantiles_are_scikit_learns_up_to_one_row() -> None:
    x = columns()
    references = normal_quantiles(x)
    assert [len(one) for one in references] == [100] * 4
    theirs = sklearns(x, 100).quantiles_.T
    for j, reference in enumerate(references[:3]):
        here = np.sort(x[~np.isnan(x[:, j]), j])
        ours_at, theirs_at = (
            np.searchsorted(here, one, "right") for one in (reference, theirs[j])
        )
        assert np.abs(ours_at - theirs_at).max() <= 1
    found, expected = to_normal(x, references), sklearns(x, 100).transform(x)
    difference = np.abs(ndtr(found[:, :3]) - ndtr(expected[:, :3]))
    # a tenth of the way from one quantile to the next: one row of thirty moves little
    assert np.nanmax(difference) <= 0.001


def test_a_mass_at_an_end_stays_in_its_middle_as_with_noise() -> None:
    """Of 1,000 numbers 900 are 0: below 0.45 of the rows, not at the end of all."""
    draw = np.random.default_rng(0)
    x = np.where(draw.random((1000, 1)) < 0.9, 0.0, draw.exponential(size=(1000, 1)))
    share = float((x == 0).mean()) / 2
    found = ndtr(to_normal(np.zeros((1, 1)), normal_quantiles(x)))[0, 0]
    assert found == pytest.approx(share, abs=1 / 32)
    noisy = sklearns(x + draw.normal(0, 1e-5, x.shape), 33)
    assert found == pytest.approx(ndtr(noisy.transform([[0.0]]))[0, 0], abs=0.05)
    assert ndtr(sklearns(x, 33).transform([[0.0]]))[0, 0] < 2e-7


def test_places_look_normal() -> None:
    x = np.random.default_rng(0).lognormal(0, 2, (30_000, 1))
    s = to_normal(x, normal_quantiles(x))[:, 0]
    # the standard error is 0.006; shares lie on lines between 1000 quantiles
    assert s.mean() == pytest.approx(0, abs=0.01)
    assert s.std() == pytest.approx(1, abs=0.02)
    assert np.quantile(s, [0.16, 0.84]) == pytest.approx([-0.9945, 0.9945], abs=0.01)


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=False), min_size=1, max_size=50)
)
def test_places_keep_the_order_and_the_missing(x: list[float]) -> None:
    column = np.array(x)[:, None]
    s = to_normal(column, normal_quantiles(column))[:, 0]
    assert np.array_equal(np.isnan(s), np.isnan(x))
    known = s[~np.isnan(s)]
    assert (np.abs(known) <= 5.2).all()
    order = np.argsort(np.array(x)[~np.isnan(s)], kind="stable")
    # rounding errors of two interpolations
    assert (np.diff(known[order]) >= -1e-12).all()


def test_a_weight_is_worth_that_many_equal_rows() -> None:
    draw = np.random.default_rng(0)
    x = draw.normal(size=(400, 2))
    x[::7, 1] = NAN
    repeats = draw.integers(0, 4, 400)
    repeated = np.repeat(x, repeats, axis=0)
    levels = np.linspace(0, 1, 17)  # whole sixteenths, which floats hold exactly
    for j in range(2):
        here = ~np.isnan(x[:, j]) & (repeats > 0)
        weighted = quantiles(x[here, j], repeats[here].astype(float), levels)
        rows = repeated[~np.isnan(repeated[:, j]), j]
        assert np.array_equal(weighted, quantiles(rows, None, levels))
        by_numpy = np.quantile(rows, levels, method="averaged_inverted_cdf")
        np.testing.assert_allclose(weighted, by_numpy, rtol=1e-13)
    ten, same = normal_quantiles(x, repeats.astype(float)), normal_quantiles(x)
    assert len(ten[0]) == 13
    assert ten != same


@pytest.mark.parametrize(
    ("n", "p", "count"), [(0, 1, 10), (100, 1, 10), (600, 2, 20), (60_000, 1, 1000)]
)
def test_the_number_of_quantiles_follows_the_rows(n: int, p: int, count: int) -> None:
    assert [len(one) for one in normal_quantiles(np.zeros((n, p)))] == [count] * p


def test_very_many_numbers_get_fewer_quantiles_and_make_a_layer() -> None:
    p = 30_000
    references = normal_quantiles(np.zeros((3, p)))
    assert len(references[0]) == 8  # 262,144 // 30,000
    Input((0.0,) * p, (1.0,) * p, quantiles=references)


WRONG: dict[str, tuple[Any, str]] = {
    "one only": (
        ((1.0,), (2.0,)),
        "An input layer has 2 to 1,000 quantiles for each of its numbers, as many for "
        "each, and up to 262,144 in all. Got 1 for 2 of 2 numbers.",
    ),
    "not as many": (
        ((1.0, 2.0), (1.0, 2.0, 3.0)),
        "An input layer has 2 to 1,000 quantiles for each of its numbers, as many for "
        "each, and up to 262,144 in all. Got 2, 3 for 2 of 2 numbers.",
    ),
    "out of order": (
        ((1.0, 1.0), (2.0, 1.0)),
        "The quantiles of number 1 are not in order.",
    ),
}


@pytest.mark.parametrize(("references", "message"), WRONG.values(), ids=WRONG)
def test_quantiles_that_nothing_has_are_refused(references: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
        Input((0.0, 0.0), (1.0, 1.0), quantiles=references)
