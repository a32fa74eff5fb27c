"""Rows and columns, before any arithmetic.

    read      a file, a data frame or an array becomes a Table
    look      what each column means, and why
    learn     what training rows say about the columns: a Schema
    encode    Schema.encode: a table becomes numbers and ids
    split     which rows train, and which only check

This room never imports JAX, so that looking at a file starts at once.
"""

from layerwise.table.column import Column
from layerwise.table.dates import DateOrder, DateRule
from layerwise.table.encode import Encoded
from layerwise.table.kinds import infer
from layerwise.table.numbers import NumberRule
from layerwise.table.overrides import Override
from layerwise.table.read import Table, read
from layerwise.table.reading import Kind, Reading
from layerwise.table.said import said_of
from layerwise.table.schema import Schema, learn, look
from layerwise.table.split import folds, split
from layerwise.table.target import Target, Task, infer_target, target_column

__all__ = [
    "Column",
    "DateOrder",
    "DateRule",
    "Encoded",
    "Kind",
    "NumberRule",
    "Override",
    "Reading",
    "Schema",
    "Table",
    "Target",
    "Task",
    "folds",
    "infer",
    "infer_target",
    "learn",
    "look",
    "read",
    "said_of",
    "split",
    "target_column",
]
