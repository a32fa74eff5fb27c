"""The command ``layerwise``: its commands are loaded when they are called.

Listing them needs no JAX, so ``layerwise --help`` answers at once. Exit codes:
0 done, 1 the work failed, 2 the command line is wrong. No traceback reaches a
user; ``LAYERWISE_TRACEBACK=1`` asks for one.
"""

import importlib
import os
import sys
from typing import Any

import click
import typer
from typer.core import TyperGroup

from layerwise.errors import LayerwiseError, ParameterError, did_you_mean

__all__ = ["COMMANDS", "app", "main"]

COMMANDS = {
    "look": "What each column was read as, why, and the input layer it makes.",
    "train": "Train a network that predicts one column from the others.",
    "show": "The layers of a model: shapes, activations, learnable parameters.",
    "evaluate": "Measure a model on rows whose target is known.",
    "predict": "Predict the target of every row of a table.",
    "count": "Learnable parameters of a model file, an ONNX file, or a layers text.",
}


class LazyGroup(TyperGroup):
    """A group whose commands are imported only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of a first visit."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a stand-in that knows its one line of help."""
        if name not in COMMANDS:
            return None
        return click.Command(name, help=COMMANDS[name], short_help=COMMANDS[name])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Load the command that was called, or say which was meant."""
        name = args[0]
        if name not in COMMANDS:
            raise click.UsageError(
                f"There is no command {name!r}.{did_you_mean(name, COMMANDS)} "
                "Run 'layerwise --help' to see them all.",
                ctx,
            )
        return name, load_command(name), args[1:]


def load_command(name: str) -> click.Command:
    """Import one command."""
    module = importlib.import_module(f"layerwise.cli.{name}")
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command(name, help=COMMANDS[name] + "\n\n" + (module.run.__doc__ or ""))(
        module.run
    )
    command = typer.main.get_command(single)
    # --learning_rate is --learning-rate: Python's spelling of an option is not wrong
    command.context_settings["token_normalize_func"] = _dashes
    command.context_settings["help_option_names"] = ["-h", "--help"]
    return command


def _dashes(token: str) -> str:
    return token.replace("_", "-") if token.startswith("--") or "_" in token else token


app = typer.Typer(
    cls=LazyGroup,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(
    help="layerwise: deep learning for tables, in layers you can see.",
    epilog="Start with: layerwise look TABLE, then: layerwise train TABLE --target C",
)
def _root() -> None:
    pass


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(sys.argv[1:] if args is None else args))


def run(args: list[str]) -> int:
    """Run the command line and return its exit code."""
    command = typer.main.get_command(app)
    try:
        done = command.main(args, prog_name="layerwise", standalone_mode=False)
        return done if isinstance(done, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        _say(error.format_message())
        return 2
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "layerwise"
        _say(f"Error: {error.format_message()}\nFor help: {where} --help")
        return 2
    except click.ClickException as error:
        _say(f"Error: {error.format_message()}")
        return 1
    except ParameterError as error:
        return _failed(error, 2)
    except LayerwiseError as error:
        return _failed(error, 1)
    except (KeyboardInterrupt, click.Abort):
        _say("Stopped before anything was finished; nothing was written.")
        return 1
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0
    except MemoryError:
        _say("Error: The memory of this machine is too small for this table.")
        return 1
    except Exception as error:  # the last line of defense: no traceback for a user
        return _failed(error, 1, unexpected=True)


def _failed(error: Exception, code: int, unexpected: bool = False) -> int:
    if os.environ.get("LAYERWISE_TRACEBACK"):
        raise error
    if unexpected:
        _say(
            f"Error: layerwise met something it does not know: {type(error).__name__}: "
            f"{error}. LAYERWISE_TRACEBACK=1 shows where."
        )
    else:
        _say(f"Error: {error}")
    return code


def _say(text: str) -> None:
    print(text, file=sys.stderr)
