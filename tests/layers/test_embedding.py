"""Category columns as units."""

import re

import jax
import numpy as np
import pytest

from layerwise.errors import ParameterError
from layerwise.layers import CategoryUnits

IDS = np.array([0, 1, 3], np.int32)


def test_one_hot_marks_the_category_and_leaves_the_unseen_dark() -> None:
    units = CategoryUnits(3).forward({}, IDS, np.dtype("float32"))
    assert units.tolist() == [[0, 0, 0], [1, 0, 0], [0, 0, 1]]


def test_other_categories_have_the_last_unit_where_they_have_one() -> None:
    units = CategoryUnits(3, has_other=True).forward({}, IDS, np.dtype("float32"))
    assert units.tolist() == [[0, 0, 0, 1], [1, 0, 0, 0], [0, 0, 1, 0]]
    assert CategoryUnits(3, has_other=True).n_units == 4


def test_an_embedding_with_a_unit_for_others_is_refused() -> None:
    with pytest.raises(ParameterError) as caught:
        CategoryUnits(20, 8, has_other=True)
    assert str(caught.value) == (
        "An embedding has a row for other categories, so no unit for them. Got width 8 "
        "and has_other True."
    )


def test_an_embedding_is_a_row_of_its_table() -> None:
    E = np.arange(8, dtype=np.float32).reshape(4, 2)
    units = CategoryUnits(3, 2).forward({"E": E}, IDS, np.dtype("float32"))
    assert units.tolist() == [[0, 1], [2, 3], [6, 7]]


def test_first_embeddings_have_length_about_one_and_the_unseen_is_zero() -> None:
    E = np.asarray(CategoryUnits(5000, 8).init(jax.random.key(0))["E"], np.float64)
    assert E.shape == (5001, 8)
    assert not E[0].any()
    # 40,000 normal numbers: the mean square has a standard error of 0.7 %
    assert np.mean(E[1:] ** 2) == pytest.approx(1 / 8, rel=0.035)


@pytest.mark.parametrize(
    ("size", "width"), [(-1, 0), (1_000_001, 0), (3, -1), (3, 1025)]
)
def test_sizes_that_no_table_has_are_refused(size: int, width: int) -> None:
    message = (
        "A category column has up to 1,000,000 categories and an embedding of up to "
        f"1024 numbers. Got size {size} and width {width}."
    )
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
        CategoryUnits(size, width)
