"""What others may build on: names, parameters, commands, options, dependencies.

The golden file is reviewed by a person whenever it changes: ``make golden``.
"""

import inspect
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import layerwise as lw
from layerwise.cli.main import COMMANDS, command_named

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden" / "public_names.txt"
ROOMS = ("errors", "table", "layers", "losses", "network", "training", "model")


def parameters(function: object) -> str:
    """Write parameters with their defaults, without their types."""
    signature = inspect.signature(function)
    bare = [
        parameter.replace(annotation=parameter.empty)
        for parameter in signature.parameters.values()
    ]
    signature = signature.replace(parameters=bare, return_annotation=signature.empty)
    return str(signature)


def members(name: str, owner: type) -> Iterator[str]:
    yield f"{name}{parameters(owner)}"
    for word in sorted(set(dir(owner))):
        home = next((base for base in owner.__mro__ if word in vars(base)), object)
        if word.startswith("_") or not home.__module__.startswith("layerwise"):
            continue
        member = inspect.getattr_static(owner, word)
        is_called = callable(member) or isinstance(member, classmethod | staticmethod)
        yield f"{name}.{word}{parameters(getattr(owner, word)) if is_called else ''}"


def described() -> Iterator[str]:
    yield "# layerwise"
    for name in lw.__all__:
        thing = getattr(lw, name)
        if inspect.isclass(thing) and not issubclass(thing, Exception):
            yield from members(name, thing)
        elif inspect.isfunction(thing):
            yield f"{name}{parameters(thing)}"
        else:
            yield name
    for room in ROOMS:
        yield f"\n# layerwise.{room}"
        yield from import_module(f"layerwise.{room}").__all__
    yield "\n# commands"
    for name in COMMANDS:
        options = [
            max(param.opts, key=len) if param.opts[0][0] == "-" else param.metavar
            for param in command_named(name).params
        ]
        yield f"layerwise {name} {' '.join(options)}"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    yield "\n# dependencies"
    yield from project["project"]["dependencies"]
    for extra, names in project["project"]["optional-dependencies"].items():
        if extra != "dev":
            yield from (f"[{extra}] {name}" for name in names)


def test_public_names_are_those_of_the_golden_file(pytestconfig):
    text = "\n".join(described()) + "\n"
    if pytestconfig.getoption("golden"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_all_public_names_are_listed():
    assert sorted(lw.__all__) == lw.__all__
    assert dir(lw) == lw.__all__
    assert all(getattr(lw, name) is not None for name in lw.__all__)


def test_unknown_name():
    with pytest.raises(AttributeError) as raised:
        lw.trian
    assert str(raised.value) == "module 'layerwise' has no attribute 'trian'"
