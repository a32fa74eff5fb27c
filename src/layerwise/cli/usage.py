"""What is wrong with a command line, in the words of all other messages."""

from typing import Any

import typer

from layerwise.errors import did_you_mean

__all__ = ["usage_message"]

TAKES = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
}


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
