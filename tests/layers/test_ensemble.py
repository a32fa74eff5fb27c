"""Members, against a plain loop over them."""

import jax
import numpy as np
import pytest

from layerwise.errors import ParameterError, ShapeError
from layerwise.layers import MemberHeads, MemberLinear, Members


def draw(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype("f4")


def test_members_look_at_units_with_weights_of_their_own() -> None:
    x, r = draw(4, 3), draw(2, 3, seed=1)
    layer = Members(2, (3,))
    a = np.asarray(layer.forward({"r": r}, x))
    for i in range(2):
        np.testing.assert_array_equal(a[:, i], x * r[i])
    own_rows = np.stack([x, x[::-1]], axis=1)
    a = np.asarray(layer.forward({"r": r}, own_rows))
    np.testing.assert_array_equal(a[:, 1], x[::-1] * r[1])


@pytest.mark.parametrize("first", ["normal", "signs", "ones"])
def test_the_units_of_one_column_share_their_first_weight(first: str) -> None:
    r = np.asarray(Members(50, (2, 0, 3), first).init(jax.random.key(0), 5)["r"])
    assert (r[:, 0] == r[:, 1]).all()
    assert (r[:, 2:] == r[:, 2:3]).all()
    if first == "ones":
        assert (r == 1).all()
    elif first == "signs":
        assert set(r.ravel().tolist()) == {-1.0, 1.0}
    else:
        assert not (r[:, 1] == r[:, 2]).any()


def test_groups_that_do_not_make_up_the_units_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"^The groups of units add up to 3, but 5 "):
        Members(2, (1, 2)).init(jax.random.key(0), 5)


@pytest.mark.parametrize("has_r", [True, False])
@pytest.mark.parametrize("has_s", [True, False])
def test_a_member_linear_layer_is_a_linear_layer_for_each(
    has_r: bool, has_s: bool
) -> None:
    layer = MemberLinear(4, "tanh", 2, has_r, has_s)
    x = draw(5, 2, 3)
    params = {
        name: draw(*shape, seed=2 + j)
        for j, (name, shape) in enumerate(layer.shapes(3).items())
    }
    a = np.asarray(layer.forward(params, x))
    for i in range(2):
        z = (x[:, i] * params["r"][i] if has_r else x[:, i]) @ params["W"]
        z = (z * params["s"][i] if has_s else z) + params["b"][i]
        np.testing.assert_allclose(a[:, i], np.tanh(z), rtol=1e-4, atol=1e-6)


def test_members_start_with_the_same_bias_and_no_scales() -> None:
    params = MemberLinear(4, "relu", 3).init(jax.random.key(0), 5)
    b = np.asarray(params["b"])
    assert (b == b[0]).all()
    assert np.abs(b).max() <= 5**-0.5
    assert (np.asarray(params["r"]) == 1).all()
    assert (np.asarray(params["s"]) == 1).all()


@pytest.mark.parametrize("width", [1, 3])
def test_heads_share_nothing(width: int) -> None:
    layer = MemberHeads(width, "identity", 2)
    x, params = draw(5, 2, 3), layer.init(jax.random.key(0), 3)
    a = np.asarray(layer.forward(params, x))
    for i in range(2):
        W, b = np.asarray(params["W"])[i], np.asarray(params["b"])[i]
        np.testing.assert_allclose(a[:, i], x[:, i] @ W + b, rtol=1e-5, atol=1e-6)
    assert not np.array_equal(params["W"][0], params["W"][1])


@pytest.mark.parametrize("members", [0, 100_000])
def test_an_ensemble_that_cannot_be_is_refused(members: int) -> None:
    with pytest.raises(ParameterError, match=r"^An ensemble has 1 to 1024 members\."):
        Members(members, (1,))
    with pytest.raises(ParameterError, match=r"^An ensemble has 1 to 1024 members\."):
        MemberLinear(3, "relu", members)
    with pytest.raises(ParameterError, match=r"^An ensemble has 1 to 1024 members\."):
        MemberHeads(3, "identity", members)
