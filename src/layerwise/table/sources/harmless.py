"""Which text files are read in the process itself, and why that is safe.

A child costs a quarter of a second to start, and handing over its frame costs
about as much as reading it did. Parsers of plain text cannot be made to
allocate more than what the size of the text bounds, as long as rows are not
padded without end. So a text stays here when its cells are provably few:

    each cell of a frame takes 16 bytes, however short it is; all cells together
    may take 4 times the bytes of the text, beside a fixed 64 MiB

    the widest of the first lines, times the number of lines, may be 4 times the
    cells that were counted: what is missing in short rows is made up

JSON stays here up to 1 MiB: its values take up to 30 times their text, and rows
with keys of their own make 50 cells of one.
"""

from itertools import islice

from layerwise.table.delimited.quotes import count_byte

__all__ = ["LARGEST_JSON", "has_few_cells", "is_harmless"]

FIXED_BYTES = 2**26
CELL_BYTES = 16
MOST_GROWTH = 4
LARGEST_JSON = 2**20
SAMPLE_LINES = 200
SAMPLE_BYTES = 2**18
FIXED_CELLS = 2**18
# Below this the counting itself is not worth it for wide tables.
WIDEST = 20_000
_DELIMITERS = ",;\t|"


def is_harmless(raw: bytes) -> bool:
    r"""Tell whether a text can be read without a child process.

    Args:
        raw: The whole file.

    Example:
        >>> is_harmless(b"a,b\n1,2\n")
        True
        >>> is_harmless(b"a,b" + b"\n" * 10 ** 7)
        False
    """
    n_lines = count_byte(raw, "\n") + raw.count(b"\r") + 1
    sample = raw[:SAMPLE_BYTES].replace(b"\r", b"\n")
    first = list(islice(filter(None, sample.split(b"\n")), SAMPLE_LINES))
    for mark in _DELIMITERS:
        n_cells = count_byte(raw, mark) + n_lines
        widest = 1 + max((line.count(mark.encode()) for line in first), default=0)
        is_padded = n_lines * widest > MOST_GROWTH * n_cells + FIXED_CELLS
        is_few = has_few_cells(n_cells, len(raw))
        if widest > WIDEST or is_padded or not is_few:
            return False
    return True


def has_few_cells(n_cells: int, n_bytes: int) -> bool:
    """Tell whether the cells of a text take no more memory than its size bounds.

    Example:
        >>> has_few_cells(100, 200), has_few_cells(10**8, 2 * 10**8)
        (True, False)
    """
    return CELL_BYTES * n_cells <= MOST_GROWTH * n_bytes + FIXED_BYTES
