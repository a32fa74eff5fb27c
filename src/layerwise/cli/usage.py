"""What is wrong with a command line, in the words of all other messages."""

import re
from typing import Any

import typer

from layerwise.errors import did_you_mean

__all__ = ["in_options", "usage_message"]

TAKES = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
}

OPTIONS = (
    *("target", "layers", "loss", "l1", "l2", "optimizer", "learning_rate"),
    *("schedule", "batch_size", "epochs", "patience", "valid_fraction", "valid_by"),
    *("class_weight", "label_smoothing", "clip_norm", "best_by", "folds", "refits"),
    *(
        "features",
        "drop",
        "dates",
        "reading",
        "kind",
        "task",
        "seed",
        "effort",
        "seconds",
        "sql",
        "sheet",
    ),
)
"""Of train: a parameter of Python each, and an option of the command line."""
_KNOWN = "|".join(OPTIONS)
_IN_PYTHON = re.compile(
    rf"The '(?P<parameter>{_KNOWN})' parameter(?: of train)?"
    rf"|\b(?P<name>{_KNOWN})=(?P<value>'[^']*'|[\d.]+\d|\d)"
    r"|(?P<quoted>(?<!\w)'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    rf"|\b(?P<bare>{'|'.join(name for name in OPTIONS if '_' in name)})\b"
)
_RANGES = (
    (r"an int\b", "a whole number"),
    (r"a float\b", "a number"),
    (r"in the range \[([\d.]+?)(?:\.0)?, inf\)", r"of at least \1"),
    (r"in the range \(([\d.]+?)(?:\.0)?, inf\)", r"above \1"),
    (r"in the range \[([\d.]+?)(?:\.0)?, ([\d.]+?)(?:\.0)?\)", r"from \1 to below \2"),
    (r"in the range \[([\d.]+), ([\d.]+)\]", r"from \1 to \2"),
    (r" or None\b", ""),
)


def in_options(message: str) -> str:
    """Say in options what a message says in parameters of Python.

    Args:
        message: Of an error or a warning; what it quotes stays as it is.

    Example:
        >>> in_options("The 'epochs' parameter of train must be an int in the range "
        ...            "[1, inf) or None. Got 0 instead.")
        '--epochs must be a whole number of at least 1. Got 0 instead.'
        >>> in_options("Use layers='linear' without batch_size.")
        'Use --layers linear without --batch-size.'
    """
    said = _IN_PYTHON.sub(_option, message)
    if said.startswith("--") and " must be " in said:
        rule, got, found = said.partition(" Got ")
        for pattern, words in _RANGES:
            rule = re.sub(pattern, words, rule)
        return rule + got + found
    return said


def _option(found: re.Match[str]) -> str:
    if found["quoted"]:
        return found["quoted"]
    name = found["parameter"] or found["name"] or found["bare"]
    option = f"--{name.replace('_', '-')}"
    if found["value"] is None:
        return option
    value = found["value"].strip("'")
    return f"{option} {value}" if " " not in value else f'{option} "{value}"'


def usage_message(error: typer.TyperException) -> str:
    """Say what was wrong, what was found and what to do.

    Args:
        error: What parsing a command line raised.

    Returns:
        One to three sentences.
    """
    option = getattr(error, "option_name", None)
    if option is not None and hasattr(error, "possibilities"):
        known = _options(getattr(error, "ctx", None))
        return f"There is no option {option!r}.{did_you_mean(option, known)}"
    param = getattr(error, "param", None)
    if param is None:
        return error.format_message().removeprefix("Invalid value: ").rstrip(".") + "."
    name = max(param.opts, key=len) if param.opts else param.name
    what = f"{name} {param.metavar}" if name.startswith("-") else param.metavar
    if hasattr(error, "param_type"):
        return f"{what} is missing: {_lower(param.help)}"
    return f"{name} {_wrong(error)}"


def _options(context: Any) -> list[str]:
    params = context.command.params if context is not None else []
    return [option for param in params for option in param.opts if option[0] == "-"]


def _wrong(error: Any) -> str:
    """Say which value is wrong, from pydantic's account of it."""
    details: list[Any] = getattr(error.__cause__, "errors", list)()
    if not details:
        return f"does not fit: {error.message.rstrip('.')}."
    found, kind = details[0]["input"], details[0]["type"]
    if kind in TAKES:
        return f"takes {TAKES[kind]}. Got {found!r} instead."
    reason = str(error.message).removeprefix("Value error, ").rstrip(".")
    _, between, known = reason.partition(" is not one of ")
    if between:
        words = known.replace("'", "").split(", ")
        hint = did_you_mean(str(found), words)
        return f"is one of {', '.join(words)}. Got {found!r} instead.{hint}"
    return f"does not fit: {reason}."


def _lower(text: str | None) -> str:
    return text[0].lower() + text[1:] if text else "it must be given."
