"""Dropout: silence some neurons at random while training."""

import math
from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
from jax import Array

from layerwise.errors import ParameterError
from layerwise.layers.layer import Layer, Params, Strength

__all__ = ["Dropout"]

STEPS = 256.0
"""A byte of randomness for each neuron."""


@dataclass(frozen=True)
class Dropout(Layer):
    """Silence a share of the neurons, and scale the others up to make good for it.

    a = x * kept / (1 - drop_rate),  kept ~ Bernoulli(1 - drop_rate)

    with strength * drop_rate in its place where a schedule asks for less. Rates are
    kept in steps of 1/256.

    Without a key nothing is silenced: a = x. That is how the network predicts.

    Args:
        drop_rate: Share of neurons silenced, 0 <= drop_rate < 1.

    Shape:
        x: (n, d) -> (n, d)

    Raises:
        ParameterError: When drop_rate is not in [0, 1).

    Source:
        Srivastava et al., "Dropout", 2014; scaled while training, so that
        prediction needs no change.
    """

    kind: ClassVar[str] = "dropout"

    drop_rate: float = 0.1

    def __post_init__(self) -> None:
        """Refuse a rate that would silence everything."""
        if not 0 <= self.drop_rate < 1:
            raise ParameterError(
                "The 'drop_rate' of dropout must be at least 0 and below 1. "
                f"Got {self.drop_rate!r}."
            )

    def shapes(self, d_in: int) -> dict[str, tuple[int, ...]]:
        """Return nothing: dropout has no parameters."""
        return {}

    @property
    def is_random(self) -> bool:
        """Return whether any neuron is ever silenced."""
        return self.drop_rate > 0

    def d_out(self, d_in: int) -> int:
        """Return d_in: every neuron has its place."""
        return d_in

    def about(self) -> str:
        """Say what the layer is for."""
        return (
            f"while training, silences {self.drop_rate:.0%} of the neurons at random, "
            "so that none is relied on alone"
        )

    def init(self, key: Array, d_in: int) -> Params:
        """Return no parameters."""
        return {}

    def forward(
        self,
        params: Params,
        x: Array,
        key: Array | None = None,
        strength: Strength = 1.0,
    ) -> Array:
        """Return x with a share of its entries silenced, or x without a key."""
        if key is None or not self.is_random:
            return x
        rate = jnp.float32(self.drop_rate) * jnp.float32(strength)
        keep = jnp.maximum(jnp.round(STEPS * (1 - rate)), 1)  # of 256 neurons
        kept = _bytes(key, x.shape) < keep.astype(jnp.uint16)
        return jnp.where(kept, x * (STEPS / keep).astype(x.dtype), jnp.zeros_like(x))


def _bytes(key: Array, shape: tuple[int, ...]) -> Array:
    """Draw a number from 0 to 255 for each neuron, four from each random word.

    NOTE[XLA] random words take longer than the matrix product before them.
    """
    size = math.prod(shape)
    words = jax.random.bits(key, (-(-size // 4),), jnp.uint32)
    drawn = jax.lax.bitcast_convert_type(words, jnp.uint8).reshape(-1)
    return drawn[:size].reshape(shape).astype(jnp.uint16)
