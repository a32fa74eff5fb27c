"""Periodic encodings: waves of learned frequencies, one set for each number.

    Pbld   the number itself and a few sums of 16 waves; RealMLP's
    Plr    48 waves and a linear layer that leads into relu

A sum of waves can bend as often as its frequencies allow: low first frequencies
(``sigma``) start as gentle bends, and learning raises those that help.
"""

from dataclasses import dataclass
from math import pi

import jax
import jax.numpy as jnp
from jax import Array

from layerwise.errors import ParameterError
from layerwise.layers.encoding import Encoding, uniform
from layerwise.layers.layer import Params

__all__ = ["Pbld", "Plr"]

WIDEST = 256


@dataclass(frozen=True)
class Pbld(Encoding):
    """Periodic, bias, linear, dense: each number beside sums of its waves.

    e(s) = [s, cos(2 pi w1 s + b1) @ W2 + b2]

    Its parameters learn with a tenth of the learning rate, and all of them decay.

    Args:
        frequencies: Waves of each number.
        width: Units of each number, the number itself among them.
        sigma: Standard deviation of the first frequencies.

    Shape:
        s: (n, p) -> (n, p * width)

    Source:
        Holzmüller et al., "Better by Default" (RealMLP), 2024, section 3 and
        table A.1. NOTE[DIFF] the units of a number stand together; there all
        numbers come last.

    Example:
        >>> Pbld().units(2)
        (4, 4)
    """

    frequencies: int = 16
    width: int = 4
    sigma: float = 0.1

    def __post_init__(self) -> None:
        """Refuse sizes that no encoding has."""
        _check("PBLD", self.frequencies, self.width - 1, self.sigma)

    def units(self, p: int) -> tuple[int, ...]:
        """Return the width, p times."""
        return (self.width,) * p

    def shapes(self, p: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes of w1, b1, W2 and b2."""
        waves, sums = self.frequencies, self.width - 1
        return {
            "w1": (p, waves),
            "b1": (p, waves),
            "W2": (p, waves, sums),
            "b2": (p, sums),
        }

    def init(self, key: Array, p: int) -> Params:
        """Draw w1 ~ N(0, sigma^2), b1 ~ U(-pi, pi), W2 and b2 by their waves."""
        bounds = {"b1": pi, "W2": self.frequencies**-0.5, "b2": self.frequencies**-0.5}
        shapes = self.shapes(p)
        keys = dict(zip(shapes, jax.random.split(key, len(shapes)), strict=True))
        w1 = jax.random.normal(keys["w1"], shapes["w1"], jnp.float32)
        return {"w1": w1 * jnp.float32(self.sigma)} | {
            name: uniform(keys[name], shapes[name], bound)
            for name, bound in bounds.items()
        }

    def forward(self, params: Params, s: Array, places: Array | None = None) -> Array:
        """Return [s, cos(2 pi w1 s + b1) @ W2 + b2], number by number."""
        w1, b1, W2, b2 = (_each(params[name]) for name in ("w1", "b1", "W2", "b2"))
        numbers = _by_number(s)
        waves = jnp.cos(2 * pi * w1 * numbers + b1)  # (p, n, frequencies)
        e = jnp.concatenate([numbers, waves @ W2 + b2], axis=-1)  # (p, n, width)
        return _by_row(e, s)

    def about(self) -> str:
        """Say what becomes of a number."""
        return f"itself and {self.width - 1} sums of learned waves"

    def rate(self, name: str) -> float:
        """Return 0.1."""
        return 0.1

    def decays(self, name: str) -> bool:
        """Return that every parameter decays, as there."""
        return True


@dataclass(frozen=True)
class Plr(Encoding):
    """Periodic, linear, relu: a small layer over the waves of each number.

    e(s) = relu([cos(2 pi w s), sin(2 pi w s)] @ W + b)

    Args:
        frequencies: Waves of each number.
        width: Units of each number.
        sigma: Standard deviation of the first frequencies, before they are cut.
        cut: How many sigmas a first frequency may be away from 0.

    Shape:
        s: (n, p) -> (n, p * width)

    Source:
        Gorishniy et al., "On Embeddings for Numerical Features", 2022, section 3.3,
        as in rtdl-num-embeddings 0.0.12: a linear layer for each number ("lite"
        shares it).

    Example:
        >>> Plr().units(2)
        (24, 24)
    """

    frequencies: int = 48
    width: int = 24
    sigma: float = 0.01
    cut: float = 3.0

    def __post_init__(self) -> None:
        """Refuse sizes that no encoding has."""
        _check("PLR", self.frequencies, self.width, self.sigma)
        if not 0.1 <= self.cut <= 10:
            raise ParameterError(
                f"A PLR encoding cuts its first frequencies at 0.1 to 10 sigmas. Got "
                f"{self.cut!r}."
            )

    def units(self, p: int) -> tuple[int, ...]:
        """Return the width, p times."""
        return (self.width,) * p

    def shapes(self, p: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes of w, W and b."""
        waves = self.frequencies
        return {
            "w": (p, waves),
            "W": (p, 2 * waves, self.width),
            "b": (p, self.width),
        }

    def init(self, key: Array, p: int) -> Params:
        """Draw w ~ N(0, sigma^2) within the cut, W and b by their waves."""
        shapes, bound = self.shapes(p), (2 * self.frequencies) ** -0.5
        keys = dict(zip(shapes, jax.random.split(key, len(shapes)), strict=True))
        cut = jnp.float32(self.cut)
        w = jax.random.truncated_normal(keys["w"], -cut, cut, shapes["w"], jnp.float32)
        return {"w": w * jnp.float32(self.sigma)} | {
            name: uniform(keys[name], shapes[name], bound) for name in ("W", "b")
        }

    def forward(self, params: Params, s: Array, places: Array | None = None) -> Array:
        """Return relu([cos(2 pi w s), sin(2 pi w s)] @ W + b), number by number."""
        w, W, b = (_each(params[name]) for name in ("w", "W", "b"))
        angles = 2 * pi * w * _by_number(s)  # (p, n, frequencies)
        waves = jnp.concatenate([jnp.cos(angles), jnp.sin(angles)], axis=-1)
        e = jax.nn.relu(waves @ W + b)  # (p, n, width)
        return _by_row(e, s)

    def about(self) -> str:
        """Say what becomes of a number."""
        return f"{self.width} units, each a bent sum of learned waves"

    def rate(self, name: str) -> float:
        """Return 1."""
        return 1.0

    def decays(self, name: str) -> bool:
        """Return whether it is W: frequencies and biases keep their size."""
        return name == "W"


def _each(parameter: Array) -> Array:
    """Let each number's own vector meet all rows; a matrix does by itself."""
    return parameter if parameter.ndim == 3 else parameter[:, None]


def _by_number(s: Array) -> Array:
    """Return s as (p, n, 1).

    NOTE[XLA] products of a matrix for each number are twice as fast where numbers
    come before rows.
    """
    return s.reshape(-1, s.shape[-1]).T[..., None]


def _by_row(e: Array, s: Array) -> Array:
    """Return e, (p, n, width), with the rows of s: number by number."""
    p, _, width = e.shape
    return jnp.moveaxis(e, 0, 1).reshape(*s.shape[:-1], p * width)


def _check(what: str, frequencies: int, sums: int, sigma: float) -> None:
    if not (1 <= frequencies <= WIDEST and 1 <= sums <= WIDEST and 0 < sigma <= 1e6):
        raise ParameterError(
            f"A {what} encoding has 1 to {WIDEST} frequencies, as many sums of them "
            f"at most, and a sigma above 0. Got {frequencies!r} frequencies, "
            f"{sums!r} sums and the sigma {sigma!r}."
        )
