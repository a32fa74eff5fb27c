"""Small problems for training; few shapes, so that few programs are compiled."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
import pytest

from layerwise.layers import Input, Output, Task
from layerwise.losses import loss_for
from layerwise.network import Network, Plan, assemble, layers_from_text
from layerwise.training import Regime, Rows, prepare


@pytest.fixture(autouse=True)
def strict_promotion() -> Iterator[None]:
    """Refuse arithmetic between two dtypes."""
    with jax.numpy_dtype_promotion("strict"):
        yield


@pytest.fixture(scope="session", autouse=True)
def compile_cache() -> None:
    """Take programs from the cache on disk where it has them."""
    prepare()


@dataclass(frozen=True)
class Problem:
    """A network and the rows it is to learn."""

    network: Network
    train: Rows
    valid: Rows


@pytest.fixture(scope="session")
def problem() -> Callable[..., Problem]:
    """Return what makes a problem: y depends on x, with noise."""

    def make(
        task: Task = "regression",
        hidden: str = "",
        n: int = 48,
        n_valid: int = 16,
        seed: int = 0,
        dtype: Any = np.float32,
        loss: str | None = None,
    ) -> Problem:
        draw = np.random.default_rng(seed)
        x = draw.normal(size=(n + n_valid, 3))
        z = x @ [1.0, -2.0, 0.0] + 0.5 + draw.normal(size=n + n_valid)
        if task == "regression":
            y = z.astype(dtype)
        elif task == "binary":
            y = (z > 0).astype(dtype)
        else:
            y = np.digitize(z, [-1, 1]).astype(np.int32)
        rows = [
            Rows(
                {
                    "numbers": x[part].astype(dtype),
                    "categories": np.zeros((len(y[part]), 0), np.int32),
                },
                y[part],
                np.ones(len(y[part]), dtype),
            )
            for part in (slice(n), slice(n, None))
        ]
        network = assemble(
            Input((0.0,) * 3, (1.0,) * 3),
            Plan(layers_from_text(hidden) if hidden else ()),
            Output(task, loss_for(task, loss)),
            3,
        )
        return Problem(network, *rows)

    return make


@pytest.fixture(scope="session")
def regime() -> Callable[..., Regime]:
    """Return what makes a regime: 5 epochs of plain gradient steps, unless asked."""

    def make(**asked: Any) -> Regime:
        plain = {
            "optimizer": "sgd",
            "learning_rate": 0.05,
            "schedule": "constant",
            "batch_size": 16,
            "epochs": 5,
            "patience": 0,
        }
        return Regime(**(plain | asked))

    return make


@pytest.fixture
def compiled() -> Iterator[list[str]]:
    """Name what XLA is asked to compile, from memory, disk or anew, as it comes."""
    names: list[str] = []

    def listen(event: str, seconds: float, **facts: Any) -> None:
        if event == "/jax/core/compile/backend_compile_duration":
            names.append(str(facts.get("fun_name")))

    jax.monitoring.register_event_duration_secs_listener(listen)
    yield names
    jax.monitoring.unregister_event_duration_listener(listen)
