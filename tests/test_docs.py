"""The pages: their code runs, their outputs are real, nothing in them is stale."""

import doctest
import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import layerwise as lw
from layerwise import errors
from layerwise.cli.main import COMMANDS, command_named
from layerwise.layers import ACTIVATIONS
from layerwise.losses import LOSSES
from layerwise.network import CATALOG
from layerwise.training import OPTIMIZERS, SCHEDULES

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
BLOCK = re.compile(r"^```([\w-]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def blocks(path: Path, *languages: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, language and text of the blocks of a page."""
    text = path.read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        if found[1] in languages:
            yield text.count("\n", 0, found.start(2)), found[1], found[2]


def has(*languages: str) -> list[Path]:
    return [path for path in PAGES if any(blocks(path, *languages))]


def module(path: Path) -> ModuleType:
    """Load a script as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the tables that the pages speak of."""
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        module(ROOT / "examples" / "demo.py").write_tables()
    shutil.copytree(ROOT / "examples", folder / "examples")
    return folder


@pytest.mark.parametrize("path", has("python", "pycon"), ids=name_of)
def test_code_of_a_page_runs(path, folder, monkeypatch):
    monkeypatch.chdir(folder)
    space: dict[str, object] = {}
    for line, language, text in blocks(path, "python", "pycon"):
        if language == "python":
            exec(compile(text, f"{path.name}:{line}", "exec"), space)
            continue
        test = doctest.DocTestParser().get_doctest(
            text, space, path.name, str(path), line
        )
        said: list[str] = []
        runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
        failed, _ = runner.run(test, out=said.append, clear_globs=False)
        assert not failed, "".join(said)
        space |= test.globs


def test_demo_goes_the_whole_way(folder, command, monkeypatch, capsys):
    demo = module(ROOT / "examples" / "demo.py")
    typed = []

    def typed_and_run(*args):
        typed.append(args[0])
        ran = command(*args)
        assert ran.code == 0, ran.err

    monkeypatch.chdir(folder)
    monkeypatch.setattr(demo, "layerwise", typed_and_run)
    demo.main()
    assert typed == ["look", "train", "train", "show", "evaluate", "predict"]
    said = capsys.readouterr().out.splitlines()
    assert "prediction,p_benign,p_malignant" in said
    assert said[-1].endswith("The model: demo/diagnosis.safetensors")


def test_demo_stops_in_silence_when_nobody_reads(tmp_path):
    with subprocess.Popen(
        [sys.executable, str(ROOT / "examples" / "demo.py")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    ) as process:
        process.stdout.close()  # as `| head -0` does
        assert process.wait(60) == 0
        assert process.stderr.read() == ""


def masked(text: str) -> list[str]:
    """Return what must agree: all but numbers, and how many blanks stand between."""
    lines = [
        " ".join(re.sub(r"[\d.,+e-]*\d", "#", line).split())
        for line in text.splitlines()
    ]
    moving = ("epoch ", "train cost", "valid cost", "▲", "loss #")
    return [line for line in lines if line and not line.startswith(moving)]


def sessions(path: Path) -> Iterator[tuple[list[str], str]]:
    """Yield each command of a page, and what it is said to print."""
    for _, _, text in blocks(path, "console", "text"):
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            words = shlex.split(line)
            if words[0] == "layerwise":
                yield words[1:], output


@pytest.mark.parametrize(
    ("args", "output"),
    [
        pytest.param(*session, id=f"{path.name} {shlex.join(session[0])}")
        for path in PAGES
        for session in sessions(path)
    ],
)
def test_terminal_of_a_page_is_real(args, output, folder, command, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "80")
    ran = command(*args)
    assert ran.code == 0, ran.err
    assert masked(ran.out) == masked(output)


def test_generated_parts_are_fresh(pytestconfig, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for path, text in module(ROOT / "docs" / "generate.py").pages().items():
        if pytestconfig.getoption("golden"):
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text, (
            f"{path.name} is stale; write it anew with: make docs"
        )


@pytest.mark.parametrize(
    ("summary", "line"),
    [
        ("Return the mean.", "The mean."),
        ("a class.", "A class."),
        ("one-hot units.", "One-hot units."),
        ("y log(p).", "y log(p)."),
        ("r^2/2 where |r| < 1.", r"r^2/2 where \|r\| < 1."),
        ("exp(z) over its sum.", "exp(z) over its sum."),
    ],
)
def test_words_get_a_capital_and_formulas_keep_theirs(summary, line):
    def function(): ...

    function.__doc__ = summary
    assert module(ROOT / "docs" / "generate.py").first_line(function) == line


def all_text() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in PAGES)


def test_every_name_is_documented():
    text = all_text()
    names = [
        *(f"lw.{name}" for name in ("Table", "read", "train", "load")),
        *(name for name in lw.__all__ if name[0].isupper()),
        *(name for name in errors.__all__ if name.endswith("Error")),
        *(
            f"`{name}`"
            for name in vars(lw.Model)
            if name[0] != "_" and name != "target"
        ),
        *(
            f"`{name}`"
            for table in (ACTIVATIONS, CATALOG, LOSSES, OPTIMIZERS, SCHEDULES)
            for name in table
        ),
        *(f"layerwise {name}" for name in COMMANDS),
    ]
    assert [name for name in names if name not in text] == []


def test_every_option_is_documented():
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    training = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        for param in command_named(name).params:
            said = [*param.opts, str(param.metavar)]
            assert any(word in section for word in said)
            assert param.help, f"{name} {param.name} says nothing of itself"
    for param in command_named("train").params:
        if param.name not in ("table", "json", "help"):
            assert f"`{param.name}`" in training


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h).lower().replace(" ", "-") for h in headings}


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_links_lead_somewhere(path):
    text = BLOCK.sub("", path.read_text(encoding="utf-8"))
    wrong = []
    for link in re.findall(r"\]\(([^)]+)\)", text):
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.is_file() or (anchor and anchor not in anchors(target)):
            wrong.append(link)
    assert wrong == []


def test_every_page_is_in_the_index():
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    lacking = [
        path.name
        for path in PAGES
        if path.name != "index.md" and f"{path.name})" not in index
    ]
    assert lacking == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_pages_are_neat(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/(tmp|home|root|work|Users)/", text), "a path of one machine"
    assert not re.search(r"[ \t]$", text, re.MULTILINE), "blanks at the end of a line"
    assert text.count("```") % 2 == 0
    assert text.startswith("# ")


def test_every_dependency_has_its_sentence():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    extra = project["project"]["optional-dependencies"]["onnx"]
    for requirement in [*project["project"]["dependencies"], *extra]:
        name = re.match(r"[\w-]+", requirement)[0]
        assert f"`{name}`" in text, f"the change log does not say what {name} replaces"


def test_every_verb_is_described():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (line,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    known = set(re.findall(r"`make (\w+)`", text))
    assert known == set(line.split()) - {"install", "clean"}
