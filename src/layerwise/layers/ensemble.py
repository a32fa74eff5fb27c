"""Ensembles in one network: members that share weights and differ by vectors.

``members`` networks answer side by side: every array between here and the
output layer is (n, members, width). They share the large matrices W, so they
cost little more memory than one network, and differ by what each has of its
own: vectors that scale what goes in and comes out, biases, and a last layer.

    Members       a_i = x * r_i                          what each member looks at
    MemberLinear  z_i = ((a_i * r_i) @ W) * s_i + b_i    W shared
    MemberHeads   z_i = a_i @ W_i + b_i                  nothing shared

Each member learns from its own loss; the output layer takes their mean answer.

Source:
    Gorishniy, Kotelnikov and Babenko, "TabM", 2024; Wen et al., "BatchEnsemble",
    2020.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import jax
import jax.numpy as jnp
from jax import Array

from layerwise.errors import ParameterError, ShapeError
from layerwise.layers.layer import Layer, Params, Strength
from layerwise.layers.linear import LinearLayer
from layerwise.layers.output import MOST_MEMBERS

__all__ = ["MemberHeads", "MemberLinear", "Members"]


def refuse_wrong_members(members: int) -> None:
    """Refuse an ensemble that cannot be.

    Raises:
        ParameterError: When it has no members or too many.
    """
    if not 1 <= members <= MOST_MEMBERS:
        raise ParameterError(
            f"An ensemble has 1 to {MOST_MEMBERS} members. Got {members!r}."
        )


@dataclass(frozen=True)
class Members(Layer):
    """Every member looks at the units with weights of its own.

    a_i = x * r_i

    The units that one column makes share their first weight: a member sees more
    of a column or less, not half a category.

    Args:
        members: How many networks answer side by side.
        groups: How many units each column makes, in order.
        first: First weights r: "normal" N(0, 1), "signs" 1 or -1, or "ones".

    Shape:
        x: (n, d) -> (n, members, d); or, where each member has rows of its own,
        (n, members, d) -> (n, members, d)

    Example:
        >>> Members(32, (4, 3)).arithmetic(7)
        '32 x 7 = 224'
    """

    kind: ClassVar[str] = "members"

    members: int
    groups: tuple[int, ...]
    first: Literal["normal", "signs", "ones"] = "normal"

    def __post_init__(self) -> None:
        """Refuse an ensemble that cannot be."""
        refuse_wrong_members(self.members)
        if not all(size >= 0 for size in self.groups):
            raise ParameterError(f"Groups have 0 units or more. Got {self.groups!r}.")

    def shapes(self, d_in: int) -> dict[str, tuple[int, ...]]:
        """Return the shape of r."""
        return {"r": (self.members, d_in)}

    def d_out(self, d_in: int) -> int:
        """Return d_in."""
        return d_in

    def init(self, key: Array, d_in: int) -> Params:
        """Draw r, one number for each member and column.

        Raises:
            ShapeError: When the groups do not make up d_in units.
        """
        if sum(self.groups) != d_in:
            raise ShapeError(
                f"The groups of units add up to {sum(self.groups)}, but {d_in} units "
                "come in."
            )
        shape = (self.members, len(self.groups))
        r = {
            "normal": lambda: jax.random.normal(key, shape, jnp.float32),
            "signs": lambda: jax.random.rademacher(key, shape, jnp.float32),
            "ones": lambda: jnp.ones(shape, jnp.float32),
        }[self.first]()
        sizes = jnp.asarray(self.groups, jnp.int32)
        return {"r": jnp.repeat(r, sizes, axis=1, total_repeat_length=d_in)}

    def forward(
        self,
        params: Params,
        x: Array,
        key: Array | None = None,
        strength: Strength = 1.0,
    ) -> Array:
        """Return x * r_i for each member."""
        r = params["r"]  # (members, d)
        return (x[..., None, :] if x.ndim == 2 else x) * r

    def decays(self, name: str) -> bool:
        """Return True: TabM shrinks r like a weight."""
        return True

    def about(self) -> str:
        """Say what the layer is for."""
        return (
            f"here one network becomes {self.members} members: each gives the columns "
            "weights of its own, so that each sees the table in its own way"
        )

    def arithmetic(self, d_in: int) -> str:
        """Write members x d_in = n."""
        return f"{self.members} x {d_in} = {self.n_parameters(d_in):,}"


@dataclass(frozen=True)
class MemberLinear(LinearLayer):
    """A linear layer whose weights all members share, scaled by each for itself.

    z_i = ((x_i * r_i) @ W) * s_i + b_i,  a_i = activation(z_i)

    Args:
        width: Neurons in this layer.
        activation: A name of ``ACTIVATIONS``.
        members: How many networks answer side by side.
        has_r: Whether each member scales what comes in.
        has_s: Whether each member scales what goes out.

    Shape:
        x: (n, members, d_in) -> (n, members, width)

    Example:
        >>> MemberLinear(64, "relu", 32).arithmetic(3)
        '3 x 64 + 32 x (3 + 64 + 64) = 4,384'

    Source:
        Gorishniy et al., "TabM", 2024, section 3.3. First values: r and s are 1, W
        and b uniform within 1 / sqrt(d_in), the same b for all members.
    """

    kind: ClassVar[str] = "member linear"

    width: int
    activation: str
    members: int
    has_r: bool = True
    has_s: bool = True

    def __post_init__(self) -> None:
        """Refuse a layer that cannot be."""
        self.refuse_wrong_width()
        refuse_wrong_members(self.members)

    def shapes(self, d_in: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes of W, r, s and b."""
        shapes: dict[str, tuple[int, ...]] = {"W": (d_in, self.width)}
        if self.has_r:
            shapes["r"] = (self.members, d_in)
        if self.has_s:
            shapes["s"] = (self.members, self.width)
        return shapes | {"b": (self.members, self.width)}

    def init(self, key: Array, d_in: int) -> Params:
        """Draw W and one b for all; r and s are 1."""
        W, b = _uniform(key, d_in, (d_in, self.width), (self.width,))
        ones = {
            name: jnp.ones(shape, jnp.float32)
            for name, shape in self.shapes(d_in).items()
            if name in ("r", "s")
        }
        return {"W": W, **ones, "b": jnp.tile(b, (self.members, 1))}

    def z(self, params: Params, x: Array) -> Array:
        """Return ((x_i * r_i) @ W) * s_i + b_i.

        Raises:
            ShapeError: When x does not have d_in features.
        """
        W, b = params["W"], params["b"]
        self.refuse_wrong_rows(W.shape[0], x)
        z = (x * params["r"] if self.has_r else x) @ W  # (n, members, width)
        return (z * params["s"] if self.has_s else z) + b

    def weights(self, params: Params) -> Array:
        """Return r_i W s_i of each member."""
        W = jnp.broadcast_to(params["W"], (self.members, *params["W"].shape))
        W = params["r"][:, :, None] * W if self.has_r else W
        return W * params["s"][:, None, :] if self.has_s else W

    def decays(self, name: str) -> bool:
        """Return whether it is a weight, r and s included."""
        return name != "b"

    def about(self) -> str:
        """Say what the layer is for."""
        own = [*["what comes in"] * self.has_r, *["what goes out"] * self.has_s]
        scales = f"scales {' and '.join(own)} for itself and " if own else ""
        return (
            f"all members share one table of weights; each {scales}has its own biases, "
            f"and bends the sum with {self.activation}"
        )

    def arithmetic(self, d_in: int) -> str:
        """Write d_in x width + members x (d_in + width + width) = n."""
        own = [*[d_in] * self.has_r, *[self.width] * self.has_s, self.width]
        each = f"({' + '.join(map(str, own))})" if len(own) > 1 else str(own[0])
        n = self.n_parameters(d_in)
        return f"{d_in} x {self.width} + {self.members} x {each} = {n:,}"


@dataclass(frozen=True)
class MemberHeads(LinearLayer):
    """A last linear layer for each member, with nothing shared.

    z_i = x_i @ W_i + b_i,  a_i = activation(z_i)

    Args:
        width: Neurons of each member's layer.
        activation: A name of ``ACTIVATIONS``.
        members: How many networks answer side by side.

    Shape:
        x: (n, members, d_in) -> (n, members, width)

    Example:
        >>> MemberHeads(1, "sigmoid", 32).arithmetic(64)
        '32 x (64 x 1 + 1) = 2,080'

    Source:
        Gorishniy et al., "TabM", 2024, section 3.3.
    """

    kind: ClassVar[str] = "member heads"

    width: int
    activation: str
    members: int

    def __post_init__(self) -> None:
        """Refuse a layer that cannot be."""
        self.refuse_wrong_width()
        refuse_wrong_members(self.members)

    def shapes(self, d_in: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes of every member's W and b."""
        k = self.members
        return {"W": (k, d_in, self.width), "b": (k, self.width)}

    def init(self, key: Array, d_in: int) -> Params:
        """Draw W and b for each member."""
        W, b = _uniform(key, d_in, *self.shapes(d_in).values())
        return {"W": W, "b": b}

    def z(self, params: Params, x: Array) -> Array:
        """Return x_i @ W_i + b_i.

        Raises:
            ShapeError: When x does not have d_in features.
        """
        W, b = params["W"], params["b"]  # (members, d_in, width)
        self.refuse_wrong_rows(W.shape[1], x)
        if self.width == 1:  # NOTE[XLA] as a sum: several times faster than products
            return (x * W[..., 0]).sum(axis=-1, keepdims=True) + b
        return jnp.einsum("nkd,kdw->nkw", x, W) + b

    def weights(self, params: Params) -> Array:
        """Return W_i of each member."""
        return params["W"]

    def about(self) -> str:
        """Say what the layer is for."""
        return f"each of the {self.members} members gives an answer of its own"

    def arithmetic(self, d_in: int) -> str:
        """Write members x (d_in x width + width) = n."""
        n = self.n_parameters(d_in)
        return f"{self.members} x ({d_in} x {self.width} + {self.width}) = {n:,}"


def _uniform(
    key: Array, d_in: int, W: tuple[int, ...], b: tuple[int, ...]
) -> tuple[Array, Array]:
    """Draw W and b uniformly between -1 / sqrt(d_in) and 1 / sqrt(d_in)."""
    most = max(d_in, 1) ** -0.5
    keys = jax.random.fold_in(key, 0), jax.random.fold_in(key, 1)
    return (
        jax.random.uniform(keys[0], W, jnp.float32, -most, most),
        jax.random.uniform(keys[1], b, jnp.float32, -most, most),
    )
