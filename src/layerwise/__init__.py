"""layerwise: deep learning for tables, in layers you can see.

    import layerwise as lw

    model = lw.train("bank.csv", target="deposit")
    model.predict("new.csv")
    model.save("deposit.safetensors")

Names are loaded when they are first used, so that ``import layerwise`` is fast
and ``layerwise.table`` never loads JAX.
"""

import importlib
import os
from typing import TYPE_CHECKING, Any

# a program taken from the cache makes XLA log two harmless lines about
# "prefer-no-gather", as errors; what truly fails is raised as an exception
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

if TYPE_CHECKING:
    from layerwise.errors import LayerwiseError, LayerwiseWarning
    from layerwise.estimators import NetworkClassifier, NetworkRegressor
    from layerwise.model import Model, load, train
    from layerwise.model.compare import compare
    from layerwise.table import Table, read

__all__ = [
    "LayerwiseError",
    "LayerwiseWarning",
    "Model",
    "NetworkClassifier",
    "NetworkRegressor",
    "Table",
    "compare",
    "load",
    "read",
    "train",
]

_HOMES = {
    "LayerwiseError": "layerwise.errors",
    "LayerwiseWarning": "layerwise.errors",
    "Model": "layerwise.model",
    "NetworkClassifier": "layerwise.estimators",
    "NetworkRegressor": "layerwise.estimators",
    "Table": "layerwise.table",
    "compare": "layerwise.model.compare",
    "load": "layerwise.model",
    "read": "layerwise.table",
    "train": "layerwise.model",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its room on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'layerwise' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
