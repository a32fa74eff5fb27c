"""What the bytes of a chunk prove is what a search row by row finds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwise.table.delimited import proof
from layerwise.table.delimited.dialect import Dialect
from layerwise.table.delimited.proof import look_at_bytes

CODE = re.compile(r"-?0[0-9]|-?\+[0-9]|\+0")
CELLS = st.sampled_from(
    [
        *("1", "0", "0.5", "-0", "-0.5", "-", "+", ".0", "x05", "1-05", "2024-01-05"),
        *("05", "-05", "+5", "00", "é", "", "a b", "1e05"),
    ]
)


@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=30),
    mark=st.sampled_from(",;\t|"),
    is_quoted=st.booleans(),
    end=st.sampled_from(["\n", "\r\n", ""]),
    piece=st.sampled_from([1, 2, 3, 7, 64, 2**16]),
)
def test_bytes_tell_what_cells_tell(rows, mark, is_quoted, end, piece):
    quote = '"' if is_quoted else ""
    lines = [mark.join(f"{quote}{cell}{quote}" for cell in row) for row in rows]
    text = "\n".join(lines) + end
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proof, "PIECE", piece)
        found = look_at_bytes(text.encode(), Dialect(delimiter=mark))
    assert found.holds_codes == any(CODE.match(cell) for row in rows for cell in row)
    assert (found.n_lines, found.n_marks) == (len(rows), len(rows))
    assert found.raw == text.encode()


@pytest.mark.parametrize("raw", [b"a,\0\n", b"a,b\rc,d\n", b"x" * (2**24 + 1)])
def test_what_may_hide_a_line_end_has_no_lines(raw):
    assert look_at_bytes(raw, Dialect()).n_lines is None


def test_no_bytes_are_one_line_without_a_mark():
    assert look_at_bytes(b"", Dialect())[1:] == (False, 1, 0)
