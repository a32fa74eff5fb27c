"""One doubt: what it is about, its sentence, and the numbers behind it.

Plain data, made where something is found and shown by whoever asked.
"""

import shlex
from dataclasses import dataclass
from typing import Literal

__all__ = ["Doubt", "DoubtCode", "as_option", "leave_out"]

DoubtCode = Literal[
    "leak",
    "target-like name",
    "date split",
    "duplicates across the split",
    "duplicates",
    "contradictions",
    "few rows in a class",
    "id",
    "almost all missing",
]


@dataclass(frozen=True)
class Doubt:
    """Something that the user should hear before training.

    Attributes:
        code: What kind of finding it is.
        columns: The columns that it is about, maybe none.
        sentence: What was found, where, and what to do.
        evidence: The numbers behind it, each with its name.
    """

    code: DoubtCode
    columns: tuple[str, ...]
    sentence: str
    evidence: tuple[tuple[str, float], ...] = ()


def leave_out(name: str) -> str:
    """Say how a column is left out.

    Example:
        >>> leave_out("paid")
        'leave it out with --drop paid'
    """
    if not name.isprintable():
        return "leave it out"
    return f"leave it out with --drop {as_option(name)}"


def as_option(name: str) -> str:
    """Write a column as the command line takes it.

    Example:
        >>> as_option("paid"), as_option("total paid")
        ('paid', "'total paid'")
    """
    return shlex.quote(f'"{name}"' if "," in name else name)
