"""The command ``layerwise``: its commands are loaded when they are called.

Listing them needs no JAX, so ``layerwise --help`` answers at once. Exit codes:
0 done, 1 the work failed, 2 the command line is wrong. No traceback reaches a
user; ``LAYERWISE_TRACEBACK=1`` asks for one.
"""

import contextlib
import errno
import importlib
import io
import os
import shutil
import sys
import textwrap

import typer
from typer.core import TyperCommand

from layerwise.cli.render import visible_lines
from layerwise.cli.usage import in_options, usage_message
from layerwise.errors import LayerwiseError, ParameterError, did_you_mean

__all__ = ["COMMANDS", "command_named", "main", "run"]

COMMANDS = {
    "look": "What each column was read as, why, and the input layer it makes.",
    "train": "Train a network that predicts one column from the others.",
    "show": "The layers of a model: shapes, activations, learnable parameters.",
    "evaluate": "Measure a model on rows whose target is known.",
    "predict": "Predict the target of every row of a table.",
    "walk": "One row through every layer, with the numbers.",
    "compare": "The ladder from the mean to boosted trees, on your own table.",
    "count": "Learnable parameters of a model, an ONNX file, or layers as text.",
}

HELP = """\
layerwise: deep learning for tables, in layers you can see.

Usage: layerwise COMMAND ...

{commands}

Start with:  layerwise look TABLE
then:        layerwise train TABLE --target COLUMN
More of one: layerwise COMMAND --help
The version: layerwise --version
"""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NARROWEST = 52
"""Of a terminal for which help is wrapped without being asked."""


def help_text() -> str:
    """Return what ``layerwise --help`` prints."""
    lines = [f"  {name:<10}{about}" for name, about in COMMANDS.items()]
    return HELP.format(commands="\n".join(lines))


def command_named(name: str) -> TyperCommand:
    """Import one command."""
    module = importlib.import_module(f"layerwise.cli.{name}")
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    about = f"{COMMANDS[name]}\n\n{module.run.__doc__}"
    settings = {**_SETTINGS, "terminal_width": _narrow()}
    single.command(name, help=about, context_settings=settings)(module.run)
    command = typer.main.get_command(single)
    if not isinstance(command, TyperCommand):
        raise TypeError(f"{name} is not one command")
    return command


def _narrow() -> int | None:
    """Return the width of a terminal that is too narrow for the usual help."""
    width = shutil.get_terminal_size().columns
    return width if width < NARROWEST else None


def _dashes(token: str) -> str:
    """Read --learning_rate as --learning-rate: Python's spelling is not wrong."""
    return token.replace("_", "-")


_SETTINGS = {
    "help_option_names": ["-h", "--help"],
    "token_normalize_func": _dashes,
}


def main() -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):  # a letter that they lack is no failure
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(args: list[str]) -> int:
    """Run a command line and return its exit code."""
    try:
        code = _answer(args)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read our output has enough, as `head` does
        _drop_output()
        return 0
    except (KeyboardInterrupt, typer.Abort):
        _say("Stopped before anything was finished; nothing was written.")
        return 1
    except Exception as error:  # the last line of defense: no traceback for a user
        return _failed(error)


def _answer(args: list[str]) -> int:
    if not args or args[0] in ("-h", "--help", "help"):
        print(help_text(), end="")
        return 0 if args else 2
    if args[0] == "--version":
        print(importlib.import_module("importlib.metadata").version("layerwise"))
        return 0
    name, *rest = args
    if name not in COMMANDS:
        _say(
            f"Error: There is no command {name!r}.{did_you_mean(name, COMMANDS)} "
            "Run 'layerwise --help' to see them all."
        )
        return 2
    return _run(name, rest)


def _run(name: str, args: list[str]) -> int:
    try:
        command = command_named(name)
        # not command.main, which turns Ctrl-C and a closed pipe into codes of its own
        with command.make_context(f"layerwise {name}", args) as context:
            command.invoke(context)
    except typer.Exit as done:  # after --help
        return done.exit_code
    except typer.TyperException as error:
        _say(f"Error: {usage_message(error)}\nFor help: layerwise {name} --help")
        return error.exit_code
    return 0


def _drop_output() -> None:
    """Let nothing that waits to be written fail once more when Python ends."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _failed(error: Exception) -> int:
    if os.environ.get("LAYERWISE_TRACEBACK"):
        raise error
    if isinstance(error, LayerwiseError):
        _say(f"Error: {in_options(str(error))}")
    elif isinstance(error, OSError) and error.errno in NO_ROOM:
        _drop_output()
        _say(
            f"Error: Could not write: {error.strerror}. Make room, or write elsewhere."
        )
    elif isinstance(error, MemoryError):
        _say("Error: The memory of this machine is too small for this table.")
    else:
        _say(
            f"Error: layerwise met something it does not know: {type(error).__name__}: "
            f"{error}. LAYERWISE_TRACEBACK=1 shows where."
        )
    return 2 if isinstance(error, ParameterError) else 1


def _say(text: str) -> None:
    """Print on standard error; a terminal breaks lines between words."""
    text = visible_lines(text)
    if sys.stderr.isatty():
        wrap = textwrap.TextWrapper(
            shutil.get_terminal_size().columns,
            break_on_hyphens=False,
            break_long_words=False,
        )
        lines = text.splitlines()
        text = "\n".join(
            line if line.startswith(" ") else wrap.fill(line) for line in lines
        )
    print(text, file=sys.stderr)
