"""The output layer: the decision rule and the target's own units."""

import re
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from layerwise.errors import ParameterError
from layerwise.layers import Output, Task

BINARY = Output("binary", "binary-cross-entropy")


def test_two_classes_are_decided_by_the_threshold_on_the_sigmoid() -> None:
    p = np.array([[1.0, 0.0], [0.50001, 0.49999], [0.5, 0.5], [0.0, 1.0]])
    assert BINARY.decide(p).tolist() == [0, 0, 1, 1]
    careful = Output("binary", "binary-cross-entropy", threshold=0.9)
    assert careful.decide(p).tolist() == [0, 0, 0, 1]


def test_several_classes_are_decided_by_the_largest_and_the_first_of_equals() -> None:
    rule = Output("multiclass", "categorical-cross-entropy")
    p = np.array([[0.2, 0.5, 0.3], [0.4, 0.2, 0.4]])
    assert rule.decide(p).tolist() == [1, 0]


def test_restore_undoes_standardize() -> None:
    rule = Output("regression", "squared", center=1e9, scale=250.0)
    y = np.array([1e9, 1e9 - 1000, 1e9 + 0.25])
    assert rule.standardize(y).tolist() == [0.0, -4.0, 0.001]
    np.testing.assert_allclose(rule.restore(rule.standardize(y)), y, rtol=1e-15)


def test_a_float32_prediction_is_restored_in_float64() -> None:
    rule = Output("regression", "squared", center=1e9, scale=1.0)
    assert rule.restore(np.array([0.5], np.float32)).tolist() == [1e9 + 0.5]


def test_the_compiled_formula_holds_no_constants() -> None:
    one = Output("binary", "binary-cross-entropy", 0.1, 1.0, 2.0, 0.9)
    two = Output("binary", "binary-cross-entropy", 0.1)
    assert one.without_constants() == two.without_constants() == two


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan")])
def test_a_scale_that_is_not_above_0_is_refused(scale: float) -> None:
    message = f"The output scale is above 0. Got {scale!r}."
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
        Output("regression", "squared", scale=scale)


@pytest.mark.parametrize("name", ["threshold", "label_smoothing"])
@pytest.mark.parametrize("value", [-0.1, 1.5, float("nan")])
def test_shares_out_of_range_are_refused(name: str, value: float) -> None:
    message = f"The {name!r} of the output layer is from 0 to 1. Got {value!r}."
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
        Output("binary", "binary-cross-entropy", **{name: value})


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
def test_the_joint_z_leads_to_the_mean_of_the_members(task: Task) -> None:
    """In float64, and at logits that no float32 probability can show."""
    output = Output(task, "", members=3)
    draw = np.random.default_rng(0)
    z = draw.normal(size=(50, 3, 4)) * 30
    with jax.enable_x64(True):
        if task == "multiclass":
            joint = np.asarray(output.joint(jnp.asarray(z)))
            p = np.exp(joint) / np.exp(joint).sum(axis=-1, keepdims=True)
            each = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
        elif task == "binary":
            joint = np.asarray(output.joint(jnp.asarray(z[..., 0])))
            p, each = 1 / (1 + np.exp(-joint)), 1 / (1 + np.exp(-z[..., 0]))
        else:
            p = np.asarray(output.joint(jnp.asarray(z[..., 0])))
            each = z[..., 0]
    np.testing.assert_allclose(p, each.mean(axis=1), rtol=1e-9)


def test_without_members_the_joint_z_is_z() -> None:
    z = jnp.float32([1.0, -2.0])
    assert Output("binary", "binary-cross-entropy").joint(z) is z


def test_no_prediction_leaves_the_bounds() -> None:
    output = Output("regression", "squared", center=10.0, scale=2.0, low=8.0, high=11.0)
    assert output.restore(np.float32([-9, 0, 9])).tolist() == [8.0, 10.0, 11.0]
    assert output.without_constants().low is None


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"members": -1}, r"^An ensemble has up to 1024 members\. Got -1\.$"),
        ({"low": 2.0, "high": 1.0}, r"^The bounds of the output layer are the least "),
    ],
)
def test_an_output_layer_that_cannot_be_is_refused(settings: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        Output("regression", "squared", **settings)
