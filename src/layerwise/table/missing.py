"""Which texts stand for a cell that is not there.

Two lists, because the same word can be absence in one column and a value in
another. Among numbers, dates and yes/no, `none` and `-` can only mean "no
value". Among words they may be a category of their own ("none" of several
allergies), so a column of words loses only the marks nobody uses as a value.

    column of            missing is
    words                an empty cell, ? NA N/A #N/A NaN NULL, marks of programs
    numbers, dates,      also - -- . None nil
    durations, yes/no

Both lists are compared without regard to case. A column may add words of its
own: those the user named, and those found among its numbers, such as `unknown`
or `on request`. They belong to the column's rule, and are said.
"""

import polars as pl

from layerwise.errors import ParameterError, listed

__all__ = [
    "AMONG_VALUES",
    "AMONG_WORDS",
    "MOST_MISSING",
    "OF_ABSENCE",
    "check_missing",
    "present",
    "stripped",
    "without",
]

AMONG_WORDS: tuple[str, ...] = (
    *("?", "#n/a", "n/a", "na", "nan", "null"),
    # What spreadsheets, databases and data frames write for nothing.
    *("#na", "<na>", "\\n", "(null)", "[null]", "<null>", "nat", "-nan"),
    *("#value!", "#ref!", "#div/0!", "#num!", "#name?", "#null!", "1.#qnan"),
    *("1.#ind", "-1.#ind", "-1.#qnan", "#n/a n/a"),
)
AMONG_VALUES: tuple[str, ...] = (
    *AMONG_WORDS,
    *("none", "nil", "-", "--", "---", "–", "—", ".", "..", "...", "…"),
)
# Among numbers and dates, one cell of these is enough to see what it means.
OF_ABSENCE: tuple[str, ...] = (
    *("unknown", "missing", "undefined", "(blank)", "blank", "not available"),
    *("n.a.", "n.a", "n/d", "k.a.", "k. a.", "nd", "s/d", "tbd", "tba", "pending"),
    *("not known", "not applicable", "no data", "unspecified", "not specified"),
    *("on request", "upon request", "auf anfrage", "sur demande", "*", "??", "???"),
)
# Further texts that one column has for "no value".
MOST_MISSING = 20
LONGEST_MISSING = 100


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


def present(
    texts: pl.Series, words: tuple[str, ...], own: tuple[str, ...] = ()
) -> pl.Series:
    """Keep the cells that are there, without the blanks around them.

    Args:
        texts: A text column.
        words: Words in lower case that stand for no value.
        own: Texts that stand for no value in this column only.

    Returns:
        The same rows, null where missing.

    Example:
        >>> present(pl.Series([" 5", "nil"]), AMONG_VALUES, ("5",)).to_list()
        [None, None]
    """
    cells = without(stripped(texts), words)
    if not own:
        return cells
    return cells.set(cells.is_in(list(own)).fill_null(value=False), None)


def check_missing(own: tuple[str, ...]) -> None:
    """Refuse words of absence that no column has; they may come from a file.

    Raises:
        ParameterError: When there are too many, too long ones, or one twice.

    Example:
        >>> check_missing(("on request",))
    """
    is_long = any(len(word) > LONGEST_MISSING for word in own)
    if len(own) > MOST_MISSING or len(set(own)) < len(own) or is_long:
        raise ParameterError(
            f"A column has up to {MOST_MISSING} different texts of its own that mean "
            f"no value, each of up to {LONGEST_MISSING} characters. Got "
            f"{listed(word[:9] for word in own)}."
        )
