"""What every test stands on: the shared folder, small tables, strictness."""

import contextlib
import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from layerwise.cli.main import run

ROOT = Path(__file__).resolve().parent.parent

# other work on the machine is not a failure
settings.register_profile("layerwise", deadline=None)
settings.load_profile("layerwise")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--golden", action="store_true", help="rewrite the golden files, to be reviewed"
    )


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real tables and hostile files, or skip."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared with real tables and files is not here")
    return folder


@pytest.fixture(scope="module", autouse=True)
def programs_are_let_go() -> Iterator[None]:
    """Let a module's compiled programs go: each holds pieces of memory of its own.

    A process may have 65,530 such pieces, and thousands of programs exceed them; what
    is loaded then ends the process. The next module takes what it needs from the disk.
    """
    yield
    if "jax" in sys.modules:
        sys.modules["jax"].clear_caches()


@pytest.fixture(autouse=True)
def width_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw as wide as without a terminal, wherever the tests are run."""
    monkeypatch.delenv("COLUMNS", raising=False)


@dataclass(frozen=True)
class Ran:
    """What a command line left: its exit code, its output, its messages."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Return the one JSON object on standard output."""
        assert self.code == 0, self.err
        return json.loads(self.out)


@pytest.fixture(scope="session")
def command() -> Callable[..., Ran]:
    """Return a function that runs ``layerwise ...`` in this process."""

    def ran(*args: object) -> Ran:
        out, err = (
            io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
            for _ in range(2)
        )
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run([str(arg) for arg in args])
            out.flush()
            err.flush()
        texts = [one.buffer.getvalue().decode("utf-8") for one in (out, err)]
        return Ran(code, *texts)

    return ran
