"""Piecewise-linear encoding: places, codes and sums by hand; edges by their law."""

from typing import Any

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwise.errors import ParameterError, ShapeError
from layerwise.layers import LARGEST_UNIT, Piecewise, mixed_bins, quantile_bins

NAN = np.nan
BINS = ((-1.0, 0.0, 0.5, 2.0), (0.0, 10.0), (-3.0, -2.0, 4.0))


def code(s: float, edges: tuple[float, ...]) -> list[float]:
    """Work out e as it is written in the paper, without places."""
    if np.isnan(s):
        return [0.0] * (len(edges) - 1)
    e = []
    last = len(edges) - 2
    for t, (low, high) in enumerate(zip(edges, edges[1:], strict=False)):
        share = (s - low) / (high - low)
        share = share if t == 0 else max(share, 0.0)
        e.append(share if t == last else min(share, 1.0))
    return e


# each expectation follows from the edges by hand
PLACES: dict[str, tuple[float, float]] = {
    "the first edge": (-1.0, 0.0),
    "within the first bin": (-0.25, 0.75),
    "an inner edge": (0.0, 1.0),
    "within the last bin": (1.25, 2.5),
    "the last edge": (2.0, 3.0),
    "below": (-3.0, -2.0),
    "above": (5.0, 5.0),
    "missing": (NAN, NAN),
    "far": (1e300, LARGEST_UNIT),
}


@pytest.mark.parametrize(("s", "u"), PLACES.values(), ids=PLACES)
def test_the_place_among_the_bins(s: float, u: float) -> None:
    np.testing.assert_array_equal(Piecewise(BINS[:1], 0).places(np.array([[s]])), [[u]])


def numbers(n: int = 200) -> Any:
    s = np.random.default_rng(0).normal(0, 3, (n, 3))
    s[::7, 1] = NAN
    s[:4] = [BINS[0][:3], [0.0, 10.0, -2.0], [2.0, -5.0, -3.0], [9.0, 30.0, 4.0]]
    return s


def test_codes_are_the_papers() -> None:
    layer, s = Piecewise(BINS, 0), numbers()
    u = layer.places(s).astype(np.float32)
    e = layer.forward({}, np.nan_to_num(s).astype(np.float32), u)
    expected = [
        [x for j, edges in enumerate(BINS) for x in code(row[j], edges)] for row in s
    ]
    np.testing.assert_allclose(e, expected, rtol=1e-5, atol=1e-6)
    assert layer.units(3) == (3, 1, 2)


@pytest.mark.parametrize("activation", ["identity", "relu"])
def test_sums_are_the_line_and_the_codes_times_v(activation: str) -> None:
    layer, s = Piecewise(BINS, 4, activation), numbers()
    params = {k: np.array(v) for k, v in layer.init(jax.random.key(0), 3).items()}
    assert not params["V"].any()
    params["V"] = np.random.default_rng(1).normal(size=(6, 4)).astype(np.float32)
    u, zero = layer.places(s).astype(np.float32), np.nan_to_num(s)
    found = layer.forward(params, zero.astype(np.float32), u)
    start, blocks = 0, []
    for j, edges in enumerate(BINS):
        V = params["V"][start : start + len(edges) - 1]
        e = np.array([code(x, edges) for x in s[:, j]])
        blocks.append(zero[:, j, None] * params["w"][j] + params["c"][j] + e @ V)
        start += len(edges) - 1
    expected = np.hstack(blocks)
    if activation == "relu":
        expected = np.maximum(expected, 0)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_the_gradient_of_v_is_the_codes() -> None:
    layer, s = Piecewise(BINS, 1), numbers(20)
    params = layer.init(jax.random.key(0), 3)
    u = layer.places(s).astype(np.float32)
    by_row = jax.jacobian(
        lambda V: layer.forward(params | {"V": V}, np.nan_to_num(s).astype("f4"), u)
    )(params["V"])
    start = 0
    for j, edges in enumerate(BINS):
        e = np.array([code(x, edges) for x in s[:, j]])
        found = np.asarray(by_row)[:, j, :, 0]
        np.testing.assert_allclose(
            found[:, start : start + len(edges) - 1], e, rtol=1e-5, atol=1e-5
        )
        assert not np.delete(found, range(start, start + len(edges) - 1), axis=1).any()
        start += len(edges) - 1


def test_first_parameters_are_drawn_as_the_source_says() -> None:
    params = Piecewise(((0.0, 1.0),) * 500, 16).init(jax.random.key(0), 500)
    for name in ("w", "c"):
        drawn = np.asarray(params[name])
        # U(-1/4, 1/4)
        assert np.abs(drawn).max() == pytest.approx(0.25, rel=0.01)
        assert drawn.std() == pytest.approx(0.25 / 3**0.5, rel=0.03)


# each expectation follows from the numbers by hand
EDGES: dict[str, tuple[Any, list[float], list[float]]] = {
    "five numbers": ([1, 2, 3, 4, 9], [1, 2, 3, 4, 9], [1, 3, 9]),
    "one value": ([7, 7, 7], [6.5, 7.5], [6.5, 7.5]),
    "missing ones": ([NAN, 1, NAN, 2], [1, 1.5, 2], [1, 1.5, 2]),
    "all missing": ([NAN, NAN], [-0.5, 0.5], [-0.5, 0.5]),
    "nothing": ([], [-0.5, 0.5], [-0.5, 0.5]),
    "many zeros": ([0] * 96 + [1, 2, 3, 4], [0, 4], [0, 2, 4]),
}


@pytest.mark.parametrize(("s", "rows", "mixed"), EDGES.values(), ids=EDGES)
def test_edges(s: Any, rows: list[float], mixed: list[float]) -> None:
    assert list(quantile_bins(np.array(s, float), None, 4)) == rows
    assert list(mixed_bins(np.array(s, float), None, 4)) == mixed


@given(
    st.lists(st.floats(-1e6, 1e6) | st.just(NAN), max_size=60),
    st.integers(2, 40),
    st.data(),
)
def test_edges_hold_every_number_and_repeat_none(
    s: list[float], n_bins: int, data: st.DataObject
) -> None:
    column = np.array(s, float)
    repeats = data.draw(st.lists(st.integers(0, 3), min_size=len(s), max_size=len(s)))
    weights = np.array(repeats, float)
    repeated = np.repeat(column, np.array(repeats, int))
    known = repeated[~np.isnan(repeated)]
    for bins in (quantile_bins, mixed_bins):
        edges = bins(column, weights, n_bins)
        assert edges == bins(repeated, None, n_bins)
        assert 2 <= len(edges) <= n_bins + 1
        assert len(known) == 0 or edges[0] <= known.min() <= known.max() <= edges[-1]
        u = Piecewise((edges,), 0).places(known[:, None])
        assert ((u >= 0) & (u <= len(edges) - 1)).all()
        assert (np.diff(u[np.argsort(known), 0]) >= 0).all()


def bins_message(n: int, most: int) -> str:
    return (
        "A piecewise encoding has 1 to 1024 bins for each number, and 262,144 for all "
        f"of them if each had as many as the one with most. Got {n} numbers of up to "
        f"{most} bins."
    )


WRONG: dict[str, tuple[Any, str]] = {
    "no bin": (lambda: Piecewise(((0.0,),), 4), bins_message(1, 0)),
    "too many bins": (
        lambda: Piecewise((tuple(map(float, range(1026))),), 4),
        bins_message(1, 1025),
    ),
    "too many in all": (
        lambda: Piecewise(((0.0, 1.0),) * 999 + (tuple(map(float, range(1001))),), 4),
        bins_message(1000, 1000),
    ),
    "equal edges": (
        lambda: Piecewise(((0.0, 1.0), (0.0, 0.0)), 4),
        "The edges of bins grow from one to the next, within 2,000,000 of 0. Those of "
        "number 1 do not.",
    ),
    "an edge out of reach": (
        lambda: Piecewise(((0.0, 1e7),), 4),
        "The edges of bins grow from one to the next, within 2,000,000 of 0. Those of "
        "number 0 do not.",
    ),
    "too wide": (
        lambda: Piecewise(((0.0, 1.0),), 257),
        "A piecewise encoding has up to 256 units for each number. Got 257.",
    ),
    "codes that lead into relu": (
        lambda: Piecewise(((0.0, 1.0),), 0, "relu"),
        "A piecewise encoding of width 0 leads into no relu.",
    ),
    "softmax": (
        lambda: Piecewise(((0.0, 1.0),), 3, "softmax"),
        "A piecewise encoding of width 3 leads into no softmax.",
    ),
}


@pytest.mark.parametrize(("make", "message"), WRONG.values(), ids=WRONG)
def test_bins_of_no_encoding_are_refused(make: Any, message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        make()
    assert str(caught.value) == message


def test_what_does_not_fit_the_bins_is_told() -> None:
    layer = Piecewise(BINS, 0)
    with pytest.raises(ShapeError) as caught:
        layer.places(np.zeros((4, 2)))
    assert str(caught.value) == (
        "The piecewise encoding takes 3 numbers, but the array has shape (4, 2)."
    )
    with pytest.raises(ShapeError) as caught:
        layer.forward({}, jax.numpy.zeros((4, 3)), None)
    assert str(caught.value) == (
        "The piecewise encoding takes places, but there are none."
    )
