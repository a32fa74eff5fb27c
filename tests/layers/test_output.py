"""The output layer: the decision rule and the target's own units."""

import re

import numpy as np
import pytest

from layerwise.errors import ParameterError
from layerwise.layers import Output

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
