"""Which texts stand for a cell that is not there.

Two lists, because the same word can be absence in one column and a value in
another. Among numbers, dates and yes/no, `none` and `-` can only mean "no
value". Among words they may be a category of their own ("none" of several
allergies), so a column of words loses only the marks nobody uses as a value.

    column of            missing is
    numbers, dates,      an empty cell, ? - -- . NA N/A NaN NULL None nil,
    yes/no               in any case
    words                an empty cell, ? NA N/A #N/A NaN NULL
"""

import polars as pl

__all__ = ["AMONG_VALUES", "AMONG_WORDS", "stripped", "without"]

# Both lists are compared in lower case.
AMONG_WORDS: tuple[str, ...] = ("?", "#n/a", "n/a", "na", "nan", "null")
AMONG_VALUES: tuple[str, ...] = (
    *AMONG_WORDS,
    *("none", "nil", "-", "--", "---", "–", "—", ".", "<na>"),
)


def stripped(texts: pl.Series) -> pl.Series:
    """Take the blanks around each cell away; a blank cell becomes null.

    Args:
        texts: A text column.

    Returns:
        The same rows.

    Example:
        >>> stripped(pl.Series([" a", "  ", None])).to_list()
        ['a', None, None]
    """
    bare = texts.str.strip_chars()
    return bare.set(bare == "", None)


def without(texts: pl.Series, words: tuple[str, ...]) -> pl.Series:
    """Turn every cell that is one of the words, in any case, into null.

    Args:
        texts: A text column without blanks around its cells.
        words: Words in lower case.

    Returns:
        The same rows.

    Example:
        >>> without(pl.Series(["NA", "n/a", "Nantes"]), AMONG_WORDS).to_list()
        [None, None, 'Nantes']
    """
    # Lower case costs a pass over all bytes; only short cells can match.
    longest = max(map(len, words), default=0)
    short = texts.str.len_bytes() <= 4 * longest
    absent = texts.set(~short, None).str.to_lowercase().is_in(list(words))
    return texts.set(absent.fill_null(value=False), None)
