"""One epoch: every row presented once, as one compiled program.

The program is a scan over iterations. Nothing crosses to Python between them:
rows are shuffled, cut and gathered on the device, and the losses and measures
ride along. What could change between two trainings of one shape (rows,
learning rate, penalties, number of epochs) is an argument, so one shape
compiles once.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array

from layerwise.network import Network, NetworkParams, folded
from layerwise.training.batches import in_batches, n_batches, shuffled
from layerwise.training.cost import Penalties, Rows, batch_cost, measure
from layerwise.training.optimizers import clipped, optimizer_named, updated
from layerwise.training.schedules import SCHEDULES

__all__ = [
    "Keys",
    "Knobs",
    "Program",
    "Record",
    "State",
    "epoch_batches",
    "first_state",
    "iteration",
    "run_epoch",
]

SMALL = 65_536
"""Below this many parameters they are updated as one flat array: fewer, larger
operations. Above it the copying costs more than it saves."""


@dataclass(frozen=True)
class Program:
    """What is fixed when an epoch is compiled.

    Args:
        network: The layers, without constants.
        optimizer: A name of ``OPTIMIZERS``.
        schedule: A name of ``SCHEDULES``.
        batch_size: Rows of one batch.
        clips: Whether gradients are shortened to ``clip_norm``.
        beta2: Of Adam: how slowly its mean of squared gradients moves.
        decays: Whether weights shrink by ``weight_decay``.
        fade: A name of ``SCHEDULES``: how dropout and weight decay change.
        own_batches: Whether each member of an ensemble has batches of its own.
        ranks: Whether the AUC of two classes is measured.
    """

    network: Network
    optimizer: str
    schedule: str
    batch_size: int
    clips: bool = False
    beta2: float = 0.999
    decays: bool = False
    fade: str = "constant"
    own_batches: bool = False
    ranks: bool = False

    @property
    def direction(self) -> optax.GradientTransformation:
        """Return optax's transformation from gradients to directions."""
        direction = optimizer_named(self.optimizer).direction(self.beta2)
        if self.network.n_parameters < SMALL:
            return optax.flatten(direction)
        return direction


class Knobs(NamedTuple):
    """What may change without compiling anew.

    Args:
        learning_rate: Before the schedule.
        iterations: Those that the schedule takes; inf holds it where it starts.
        clip_norm: Largest length of a gradient; inf for none.
        prices: The penalties.
        weight_decay: Share by which weights shrink, times the learning rate.
        start: The iteration at which the schedule starts.
    """

    learning_rate: Any
    iterations: Any
    clip_norm: Any
    prices: Penalties
    weight_decay: Any = np.float32(0)
    start: Any = np.float32(0)


class State(NamedTuple):
    """All that training carries from one iteration to the next."""

    params: NetworkParams
    opt_state: Any
    iteration: Array


class Record(NamedTuple):
    """What an epoch reports.

    Args:
        losses: (n_batches,): each iteration's mean loss.
        measures: (n_groups,) each: training rows, validation rows.
        finite: Whether every loss, measure and parameter is finite.
    """

    losses: Array
    measures: dict[str, Array]
    finite: Array


class Keys(NamedTuple):
    """The random keys of one training, all made from its seed."""

    order: Array
    noise: Array


@partial(jax.jit, static_argnames="program")
def first_state(program: Program, seed: Array, x: Any = None) -> tuple[State, Keys]:
    """Draw the first parameters, and make the keys of a training from its seed.

    Args:
        program: What is compiled.
        seed: Where every random number comes from.
        x: Training rows, where first parameters are drawn by what they hold.
    """
    key = jax.random.key(seed, impl="threefry2x32")  # whatever JAX's default is
    first, order, noise = folded(key, range(3))
    params = program.network.init(first, x)
    state = State(params, program.direction.init(params), jnp.zeros((), jnp.int32))
    return state, Keys(order, noise)


def iteration(
    program: Program,
    knobs: Knobs,
    key: Array,
    state: State,
    batch: tuple[Rows, Array],
) -> tuple[State, Array]:
    """Feed one batch: its loss, the gradient, one update of the parameters.

    params = params - learning_rate * schedule(progress) * direction(gradient)

    and before it, where weights decay, a share of them is taken away.
    """
    rows, real = batch
    network = program.network
    noise = jax.random.fold_in(key, state.iteration) if network.is_random else None
    done = state.iteration.astype(jnp.float32) - knobs.start
    progress = done / knobs.iterations
    fade = SCHEDULES[program.fade](progress)

    def cost(params: NetworkParams) -> tuple[Array, Array]:
        return batch_cost(network, params, rows, real, knobs.prices, noise, fade)

    grads, loss = jax.grad(cost, has_aux=True)(state.params)
    if program.clips:
        grads = clipped(grads, knobs.clip_norm)
    # NOTE[XLA] optax raises a float to an int power, which strict promotion refuses
    with jax.numpy_dtype_promotion("standard"):
        directions, opt_state = program.direction.update(
            grads, state.opt_state, state.params
        )
    params = updated(
        state.params,
        directions,
        network.rates(),
        network.decays(),
        knobs.learning_rate * SCHEDULES[program.schedule](progress),
        knobs.weight_decay * fade if program.decays else None,
    )
    return State(params, opt_state, state.iteration + 1), loss


def epoch_batches(
    program: Program, key: Array, epoch: Array, train: Rows
) -> tuple[Rows, Array]:
    """Shuffle the rows for one epoch and cut them into batches.

    Shape:
        n rows -> (n_batches, batch_size, ...), or where members have batches of
        their own (n_batches, batch_size, members, ...)
    """
    key, n = jax.random.fold_in(key, epoch), train.y.shape[0]
    if not program.own_batches:
        return in_batches(train, shuffled(key, n), program.batch_size)
    keys = jax.vmap(partial(jax.random.fold_in, key))(
        jnp.arange(program.network.output.members, dtype=jnp.uint32)
    )
    order = jax.vmap(partial(shuffled, n=n), out_axes=1)(keys)  # (n, members)
    batches, real = in_batches(train, order, program.batch_size)
    return batches, jnp.broadcast_to(real[..., None], batches.y.shape)


@partial(jax.jit, static_argnames="program")
def run_epoch(
    program: Program,
    state: State,
    knobs: Knobs,
    keys: Keys,
    train: Rows,
    watched: Rows,
) -> tuple[State, Record]:
    """Present every training row once, then measure.

    Args:
        program: What is compiled.
        state: Where the last epoch ended.
        knobs: Learning rate, penalties and the like.
        keys: For the order of rows, and for dropout.
        train: All training rows.
        watched: The rows that are measured afterwards, in groups.
    """
    epoch = state.iteration // n_batches(train.y.shape[0], program.batch_size)
    batches = epoch_batches(program, keys.order, epoch, train)
    state, losses = jax.lax.scan(
        partial(iteration, program, knobs, keys.noise), state, batches
    )
    measures = measure(
        program.network, state.params, watched, knobs.prices, ranks=program.ranks
    )
    leaves = jax.tree.leaves((losses, measures, state.params))
    finite = jnp.stack([jnp.isfinite(leaf).all() for leaf in leaves]).all()
    return state, Record(losses, measures, finite)
