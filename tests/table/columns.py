"""More than 250 columns, and what each should be read as: the reading contract.

The columns stand in five files beside this one, a section for each promise.
Read them to learn what layerwise makes of a table: a title, the cells as a file
has them, and the first of them as read.
"""

import columns_later as later
import columns_numbers as numbers
import columns_times as times
import columns_traps as traps
import columns_words as words
from expected import Expected

__all__ = ["SECTIONS"]

SECTIONS: dict[str, list[Expected]] = {
    "plain numbers": numbers.PLAIN,
    "thousands and fractions": numbers.MARKS,
    "money": numbers.MONEY,
    "percent and units": numbers.UNITS,
    "missing numbers": numbers.MISSING,
    "numbers that are lost": numbers.LOST,
    "yes and no": words.YES_NO,
    "categories": words.CATEGORIES,
    "ordered words": words.ORDERED,
    "ordered by the user": words.ORDERED_BY_THE_USER,
    "texts": words.TEXTS,
    "names of rows": words.ROWS,
    "nothing to learn": words.NOTHING,
    "dates, year first": times.YEAR_FIRST,
    "dates in words": times.NAMED,
    "day or month first": times.ORDERS,
    "times and durations": times.TIMES,
    "codes": traps.CODES,
    "versions and lists": traps.VERSIONS,
    "places": traps.PLACES,
    "what the user says": traps.OVERRIDES,
    "numbers, written later": later.NUMBERS,
    "words, written later": later.WORDS,
    "times, written later": later.TIMES,
}
