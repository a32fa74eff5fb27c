"""The house: which room may import what, and how large a thing may grow.

The rooms follow the life of a table. A room imports only from rooms on floors
with a smaller number; everything here is read from the syntax trees.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

TESTS = Path(__file__).parent
SOURCE = TESTS.parent / "src" / "layerwise"


class Room(NamedTuple):
    floor: int
    own: list[str]
    outside: list[str]


BELOW = ["errors", "files", "plain"]
INNER = ["table", "layers", "losses", "network", "training", *BELOW]
ROOMS = {
    "errors": Room(0, [], []),
    "files": Room(0, ["errors"], []),
    "plain": Room(0, ["errors"], []),
    "table": Room(
        1,
        BELOW,
        [
            *("polars", "narwhals", "numpy", "clevercsv"),
            *("zstandard", "fastexcel", "psycopg", "yaml"),
        ],
    ),
    "layers": Room(2, BELOW, ["jax", "numpy", "scipy"]),
    "losses": Room(3, BELOW, ["jax"]),
    "network": Room(4, ["layers", *BELOW], ["jax"]),
    "training": Room(
        5,
        ["layers", "losses", "network", *BELOW],
        ["jax", "jaxlib", "numpy", "optax", "scipy"],
    ),
    "insight": Room(6, ["layers", "network", "training", *BELOW], ["jax", "numpy"]),
    "model": Room(
        7,
        ["insight", *INNER],
        ["jax", "numpy", "polars", "safetensors", "scipy", "sklearn", "onnx"],
    ),
    "export": Room(8, ["model", "insight", *INNER], ["numpy", "onnx"]),
    "estimators": Room(
        9, ["model", "insight", *INNER], ["numpy", "polars", "narwhals", "sklearn"]
    ),
    "serve": Room(9, ["model", *INNER], ["starlette", "uvicorn"]),
    "studio": Room(9, ["model", "insight", *INNER], ["starlette", "uvicorn"]),
    "cli": Room(
        10,
        ["serve", "studio", "export", "model", "insight", *INNER],
        ["typer", "rich", "polars"],
    ),
    "__main__": Room(11, ["cli"], []),
    "__init__": Room(
        11, ["errors", "estimators", "model", "table"], []
    ),  # for type checkers; at run time it loads on demand
}
LOADERS = {"__init__.py", "cli/main.py"}
LONGEST_FILE, LONGEST_FUNCTION = 500, 40
REASONS = {
    "cli/train.py:run": "a line for each option, and each is handed on",
    "estimators/classifier.py:__init__": "a line for each option, and each is kept",
    "model/fit.py:train": "a line for each option, and each is handed on",
}
NO_HOME = {"utils", "helpers", "common", "base", "misc"}
RUN_CODE = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def room_of(path: Path) -> str:
    return Path(name_of(path)).parts[0].removesuffix(".py")


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node, node.module or "."


def wrong_imports(path: Path) -> Iterator[str]:
    own_room = room_of(path)
    room = ROOMS[own_room]
    for node, module in imports(tree_of(path)):
        first, *rest = module.split(".")
        where = f"{name_of(path)}:{node.lineno} imports {module}"
        if first == "layerwise":
            if not rest or (rest[0] != own_room and rest[0] not in room.own):
                yield f"{where}; {own_room} may import only {sorted(room.own)}."
        elif first not in sys.stdlib_module_names and first not in room.outside:
            yield f"{where}; {own_room} may use only {sorted(room.outside)}."


def test_every_module_is_in_a_room():
    assert {room_of(path) for path in modules()} <= set(ROOMS)


def test_rooms_import_only_from_floors_below():
    for name, room in ROOMS.items():
        for other in room.own:
            assert ROOMS[other].floor < room.floor or (
                name in ("files", "plain") and other == "errors"
            )


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_keep_to_their_room(path):
    assert list(wrong_imports(path)) == []


def test_message_of_a_wrong_import(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "SOURCE", tmp_path)
    path = tmp_path / "layers" / "linear.py"
    path.parent.mkdir()
    path.write_text("import layerwise.table\nimport polars\n")
    assert list(wrong_imports(path)) == [
        "layers/linear.py:1 imports layerwise.table; layers may import only "
        "['errors', 'files', 'plain'].",
        "layers/linear.py:2 imports polars; layers may use only "
        "['jax', 'numpy', 'scipy'].",
    ]


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_own_imports_stand_at_the_top_and_are_absolute(path):
    tree = tree_of(path)
    relative = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == [], "imports are absolute"
    hidden = [
        node.lineno
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node, module in imports(function)
        if module.split(".")[0] == "layerwise"
    ]
    assert hidden == [], "the own package is imported at the top of a module"
    loads = "import_module(" in path.read_text(encoding="utf-8")
    assert not loads or name_of(path) in LOADERS


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_nothing_runs_what_a_file_says(path):
    found = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Assert):
            found.append(f"{node.lineno}: assert")
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            shell = any(word.arg == "shell" for word in node.keywords)
            if called in ("eval", "exec", "compile", "__import__", "os.system") or (
                # parse tells what stands where, and makes no value of it
                (called.startswith("yaml.") and called != "yaml.parse") or shell
            ):
                found.append(f"{node.lineno}: {called}")
    modules_used = {module.split(".")[0] for _, module in imports(tree_of(path))}
    assert (found, modules_used & RUN_CODE) == ([], set())


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_names_are_nouns_with_a_home(path):
    words = set(re.split(r"[/_.]", name_of(path)))
    assert not words & NO_HOME


def too_large() -> Iterator[str]:
    for path in modules():
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE:
            yield name_of(path)
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first, *rest = node.body
                n = node.end_lineno - node.lineno + 1
                if ast.get_docstring(node) is not None:
                    n -= first.end_lineno - first.lineno + 1
                if n > LONGEST_FUNCTION:
                    yield f"{name_of(path)}:{node.name}"


def test_what_is_large_has_a_written_reason():
    assert sorted(too_large()) == sorted(REASONS)


def sort_key(name: str) -> tuple[bool, bool, str]:
    """CONSTANTS, then Classes, then functions."""
    return (not name.isupper(), not name[0].isupper(), name)


def defined(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(a.asname or a.name).split(".")[0] for a in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def public(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return ast.literal_eval(node.value)
    return None


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_public_names_are_listed_sorted_and_exist(path):
    tree = tree_of(path)
    names = public(tree)
    if names is None:
        has_code = any(
            isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body
        )
        assert not has_code, "a module with code has an __all__"
        return
    assert names == sorted(names, key=sort_key)
    assert len(names) == len(set(names))
    assert set(names) <= defined(tree)


def test_rooms_use_only_what_other_modules_offer():
    offered = {}
    for path in modules():
        dotted = ("layerwise/" + name_of(path)).removesuffix(".py").replace("/", ".")
        offered[dotted.removesuffix(".__init__")] = public(tree_of(path)) or []
    wrong = [
        f"{name_of(path)}:{node.lineno} takes {alias.name} from {node.module}"
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("layerwise")
        for alias in node.names
        if f"{node.module}.{alias.name}" not in offered
        and alias.name not in offered[node.module]
    ]
    assert wrong == []


def test_every_module_says_what_it_decides():
    silent = [
        name_of(path) for path in modules() if not ast.get_docstring(tree_of(path))
    ]
    assert silent == []


def test_tests_mirror_the_rooms():
    rooms = {room_of(path) for path in modules() if path.parent != SOURCE}
    folders = {path.parent.name for path in TESTS.glob("*/test_*.py")}
    assert folders == rooms
