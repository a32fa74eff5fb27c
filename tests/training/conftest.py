"""Small problems for training; few shapes, so that few programs are compiled."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np
import pytest

from layerwise.layers import (
    Dropout,
    Input,
    MemberLinear,
    NTPLinear,
    Output,
    Piecewise,
    Scale,
    Task,
    quantile_bins,
)
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


PLANS = {
    "ensemble": Plan(
        (MemberLinear(5, "tanh", 3, has_r=False), Dropout(0.25)), members=3
    ),
    "fitted": Plan(
        (Scale(), NTPLinear(6, "selu", parametric=True), Dropout(0.25)), is_ntp=True
    ),
}
"""Three networks in one, and one whose first parameters look at rows."""


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
        plan: str | None = None,
        bins: int = 0,
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
        inputs = Input((0.0,) * 3, (1.0,) * 3)
        if bins:
            edges = tuple(quantile_bins(column, None, bins) for column in x.T)
            inputs = replace(inputs, encoding=Piecewise(edges, 2))
        nothing = np.zeros((n + n_valid, 0))
        columns = inputs.rows(x, nothing.astype(np.int32), nothing, dtype)
        rows = [
            Rows(
                {name: column[part] for name, column in columns.items()},
                y[part],
                np.ones(len(y[part]), dtype),
            )
            for part in (slice(n), slice(n, None))
        ]
        network = assemble(
            inputs,
            PLANS[plan] if plan else Plan(layers_from_text(hidden) if hidden else ()),
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
