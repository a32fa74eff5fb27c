"""What every test stands on: the shared folder, small tables, strictness."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


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
