"""Text columns as units."""

import re

import numpy as np
import pytest

from layerwise.errors import ParameterError
from layerwise.layers import TextUnits

NAN = np.nan
CELLS = np.array([[0.5, -0.5], [NAN, NAN]], np.float32)


def test_a_missing_text_is_dark_and_has_a_flag_where_training_had_some() -> None:
    assert TextUnits(2).forward(CELLS).tolist() == [[0.5, -0.5], [0, 0]]
    flagged = TextUnits(2, has_flag=True).forward(CELLS)
    assert flagged.tolist() == [[0.5, -0.5, 0], [0, 0, 1]]
    assert flagged.dtype == np.float32


@pytest.mark.parametrize("width", [0, -1, 1025])
def test_widths_that_no_text_has_are_refused(width: int) -> None:
    message = f"A text column makes 1 to 1024 units. Got {width}."
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
        TextUnits(width)
