"""Layers compute in the dtype they are given: nothing is promoted on the way."""

from collections.abc import Iterator

import jax
import pytest


@pytest.fixture(autouse=True)
def strict_promotion() -> Iterator[None]:
    """Refuse arithmetic between two dtypes."""
    with jax.numpy_dtype_promotion("strict"):
        yield
