"""The machine below: right sums, and programs that are compiled once."""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import jaxlib.version
import numpy as np
import pytest

import layerwise as lw
from layerwise.errors import TrainingError
from layerwise.training import precision, refuse_wrong_jaxlib
from layerwise.training.devices import (
    REMEDY,
    WRONG_JAXLIBS,
    cache_folder,
    collecting_later,
)

# The sums that jaxlib 0.10.2 and 0.11.0 get wrong on CPU.

CONSTANT_MATRICES: dict[str, tuple[Callable[[Any], Any], float]] = {
    "ones": (jnp.ones, 1.0),
    "full": (lambda shape: jnp.full(shape, 0.5), 0.5),
    "zeros": (jnp.zeros, 0.0),
}


@pytest.mark.parametrize("name", CONSTANT_MATRICES)
@pytest.mark.parametrize(("n", "w"), [(64, 128), (256, 64), (1024, 256), (37, 50)])
def test_a_product_with_a_constant_matrix_is_summed_right(
    name: str, n: int, w: int
) -> None:
    """Exact: the sums are whole numbers, below 2^24 but for one power of two."""
    matrix, value = CONSTANT_MATRICES[name]
    total = jax.jit(lambda x: (x @ matrix((w, w))).sum())(jnp.ones((n, w)))
    assert float(total) == n * w * w * value


@pytest.mark.parametrize("w", [16, 32, 64, 128])
@pytest.mark.parametrize("activation", [jnp.tanh, jax.nn.relu])
def test_an_activation_before_the_sum_changes_nothing(
    w: int, activation: Callable[[Any], Any]
) -> None:
    """tanh(16) is 1 in float32. The fault came in half of the compilations: three."""
    for offset in (0.0, 1.0, 2.0):  # another program each time
        total = jax.jit(
            lambda x, offset=offset: activation(x @ jnp.ones((w, w))).sum() + offset
        )(jnp.ones((64, w)))
        each = float(activation(jnp.float32(w)))
        assert float(total) == 64 * w * each + offset


@pytest.mark.parametrize("n", [1025, 4097, 32_769, 65_537])
def test_compiled_row_sums_are_the_eager_ones(n: int) -> None:
    """jax-ml/jax issue 39103."""
    M = jnp.eye(3)
    x = np.zeros((n, 3), np.float32)
    x[:, 0] = np.arange(n)
    norms = jax.vmap(lambda row: jnp.sum((M @ row) ** 2))
    assert np.array_equal(jax.jit(norms)(x), norms(x))
    assert np.array_equal(norms(x), x[:, 0] ** 2)


@pytest.mark.parametrize("version", ["0.10.2", "0.11.0"])
def test_a_jaxlib_known_to_be_wrong_is_refused(
    version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XLA_FLAGS", f"--xla_cpu_enable_fast_math=false {REMEDY}some")
    with pytest.raises(TrainingError) as caught:
        refuse_wrong_jaxlib(version)
    assert str(caught.value) == (
        f"jaxlib {version} computes wrong numbers on CPU, so nothing is trained with "
        'it. Install another one: pip install "jax>=0.9,!=0.10.2,!=0.11.0".'
    )


@pytest.mark.parametrize("version", WRONG_JAXLIBS)
def test_with_the_fault_switched_off_it_is_accepted(
    version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XLA_FLAGS", f"--xla_cpu_enable_fast_math=false {REMEDY}")
    refuse_wrong_jaxlib(version)


def test_the_installed_one_is_accepted() -> None:
    refuse_wrong_jaxlib()
    refuse_wrong_jaxlib("0.10.1")


TABLE = {"x": [0.0, 1.0, 2.0, 3.0], "y": [1.0, 3.0, 5.0, 7.0]}


def test_training_and_prediction_refuse_a_wrong_jaxlib(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = lw.train(TABLE, "y", layers="linear", valid_fraction=0)
    installed = jaxlib.version.__version__
    monkeypatch.setattr("layerwise.training.devices.WRONG_JAXLIBS", (installed,))
    with pytest.raises(TrainingError, match=f"^jaxlib {installed} computes wrong"):
        lw.train(TABLE, "y", layers="linear", valid_fraction=0)
    with pytest.raises(TrainingError, match=f"^jaxlib {installed} computes wrong"):
        model.predict(TABLE)


def test_precision() -> None:
    with precision(np.float64):
        assert jnp.asarray(1.0).dtype == np.float64
    with precision(np.float32):
        assert jnp.asarray(1.0).dtype == np.float32


# The cache of compiled programs.


def test_the_cache_is_a_private_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "deep" / "programs"
    monkeypatch.setenv("LAYERWISE_CACHE", str(folder))
    assert cache_folder() == folder
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777])
def test_a_folder_that_others_could_write_to_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    monkeypatch.setenv("LAYERWISE_CACHE", str(tmp_path))
    tmp_path.chmod(mode)
    assert cache_folder() is None


def test_no_cache_where_none_can_be_or_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAYERWISE_CACHE", "off")
    assert cache_folder() is None
    (tmp_path / "file").touch()
    monkeypatch.setenv("LAYERWISE_CACHE", str(tmp_path / "file" / "folder"))
    assert cache_folder() is None


def test_without_a_wish_it_is_in_the_user_s_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LAYERWISE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "layerwise" / "compiled"


# Compiled once: in one process, and across processes.


def some_table(n: int, seed: int) -> dict[str, Any]:
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(n, 5))
    kind = np.array(["red", "green", "blue"])[np.arange(n) % 3]
    y = np.where(x[:, 0] + draw.normal(size=n) > 0, "yes", "no")
    return {f"x{j}": x[:, j] for j in range(5)} | {"kind": kind, "y": y}


@pytest.mark.parametrize("layers", ["linear", "7 relu, dropout 0.1"])
def test_a_second_training_of_the_same_shape_compiles_nothing(
    layers: str, compiled: list[str]
) -> None:
    asked: dict[str, Any] = {} if layers == "linear" else {"epochs": 3}
    lw.train(some_table(60, 0), "y", layers=layers, **asked)
    assert compiled
    compiled.clear()
    if asked:
        asked = {"epochs": 30, "learning_rate": 0.1, "patience": 2}
    lw.train(some_table(60, 1), "y", layers=layers, l2=0.3, seed=5, **asked)
    assert compiled == []


def test_any_number_of_rows_is_predicted_by_one_program(compiled: list[str]) -> None:
    model = lw.train(some_table(60, 0), "y", layers="9 relu", epochs=1)
    compiled.clear()
    for n in (1, 2, 255, 256, 257, 5000):
        assert model.predict(some_table(n, 2)).shape == (n,)
    assert compiled == []  # training already predicted its validation rows


COUNT_MISSES = """
import json
import jax
import numpy as np

found = {"cache_hits": 0, "cache_misses": 0}

def listen(event, **facts):
    name = event.rpartition("/")[2]
    if name in found:
        found[name] += 1

jax.monitoring.register_event_listener(listen)
import layerwise as lw

draw = np.random.default_rng(0)
x = draw.normal(size=80)
for layers, y in (("linear", x > 0), ("5 relu, dropout 0.1", 3 * x)):
    asked = {} if layers == "linear" else {"epochs": 2}
    model = lw.train({"x": x, "y": y}, "y", layers=layers, **asked)
    for n in (1, 300):
        model.predict({"x": draw.normal(size=n)})
print(json.dumps(found))
"""


def test_a_new_process_takes_every_program_from_the_disk(tmp_path: Path) -> None:
    environment = os.environ | {"LAYERWISE_CACHE": str(tmp_path / "cache")}
    environment.pop("JAX_COMPILATION_CACHE_DIR", None)
    first, second = (
        json.loads(
            subprocess.run(
                [sys.executable, "-c", COUNT_MISSES],
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        for _ in range(2)
    )
    assert first["cache_misses"] > 0
    assert second == {"cache_misses": 0, "cache_hits": sum(first.values())}


def test_the_garbage_collector_rests_only_while_it_is_told_to() -> None:
    assert gc.isenabled()
    with collecting_later():
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with collecting_later():
            pass
        assert not gc.isenabled()  # as its user wanted
    finally:
        gc.enable()
