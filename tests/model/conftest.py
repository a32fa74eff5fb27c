"""What the tests of models share: small real models of every kind."""

import sys
from pathlib import Path

import pytest

# so that a child process and a test take these modules by the same names
sys.path.insert(0, str(Path(__file__).parent))

from small_models import real_models


@pytest.fixture(scope="session")
def models():
    """Return one small trained model of each kind, by its name."""
    return real_models()
