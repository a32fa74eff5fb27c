"""The machine below: which jaxlib may be trusted, how wide floats are, the cache."""

import gc
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jax
import jaxlib.version
import numpy as np

from layerwise.errors import TrainingError

__all__ = [
    "WRONG_JAXLIBS",
    "collecting_later",
    "precision",
    "prepare",
    "refuse_wrong_jaxlib",
]

WRONG_JAXLIBS = ("0.10.2", "0.11.0")
"""jaxlibs whose CPU build computes wrong numbers without a word."""

REMEDY = "--xla_cpu_experimental_ynn_fusion_type="
"""With this flag the fusion at fault is off and 0.10.2 computes right."""


def refuse_wrong_jaxlib(version: str = jaxlib.version.__version__) -> None:
    """Refuse to compute with a jaxlib that is known to compute wrong numbers.

    Source:
        jax-ml/jax issue 39103: a fusion that is on by default from 0.10.2 on
        returns wrong sums on CPU.

    Raises:
        TrainingError: When the version is known to be wrong.
    """
    flags = os.environ.get("XLA_FLAGS", "").split()
    if version in WRONG_JAXLIBS and REMEDY not in flags:
        raise TrainingError(
            f"jaxlib {version} computes wrong numbers on CPU, so nothing is trained "
            'with it. Install another one: pip install "jax>=0.9,!=0.10.2,!=0.11.0".'
        )


def prepare() -> None:
    """Check the jaxlib and keep compiled programs on disk between runs."""
    refuse_wrong_jaxlib()
    if jax.config.values["jax_compilation_cache_dir"] is not None:
        return  # the user has a place of their own for them
    folder = cache_folder()
    if folder is not None:
        for name, value in (
            ("jax_compilation_cache_dir", str(folder)),
            ("jax_persistent_cache_min_compile_time_secs", 0.0),
            ("jax_persistent_cache_min_entry_size_bytes", -1),
        ):
            jax.config.update(name, value)  # type: ignore[no-untyped-call]


def cache_folder() -> Path | None:
    """Return the private folder for compiled programs, or None where there is none.

    ``LAYERWISE_CACHE`` names another folder; ``LAYERWISE_CACHE=off`` turns the
    cache off. A folder that another user could write to is not used: a program
    taken from it would be run.
    """
    asked = os.environ.get("LAYERWISE_CACHE")
    if asked == "off":
        return None
    try:
        home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
        folder = Path(asked) if asked else Path(home) / "layerwise" / "compiled"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except (OSError, RuntimeError):  # RuntimeError: there is no home
        return None
    foreign = hasattr(os, "getuid") and status.st_uid != os.getuid()
    open_to_others = bool(status.st_mode & (stat.S_IWGRP | stat.S_IWOTH))
    return None if foreign or open_to_others else folder


@contextmanager
def collecting_later() -> Iterator[None]:
    """Let the garbage collector rest while a program is traced and compiled.

    Tracing makes so many objects that Python may go through all those of the process
    once more, which took a seventh of a small training.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def precision(dtype: Any) -> Iterator[None]:
    """Compute in float64 where dtype is float64, else in JAX's usual float32."""
    if np.dtype(dtype) == np.float64:
        with jax.enable_x64(True):
            yield
    else:
        yield
