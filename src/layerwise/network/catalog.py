"""The catalog: ready networks by name, and the way from a name to layers.

    linear      input, output
    mlp         input, two hidden layers, output
    quick       input with encoded numbers, two hidden layers, output
    strong      the same as an ensemble: members, three shared layers, heads, output
    smooth      the same with an activation without a corner
    waves       the same behind numbers encoded by waves
    realmlp     input, scale, three NTP layers with dropout, output
    tabm        input, members, three shared layers with dropout, heads, output
    tabm-mini   the same, where members differ in what they look at and the heads

How a ready network is trained, and how its input layer shows numbers, stands
beside the training options: see ``layerwise.model.recipes``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from layerwise.errors import ParameterError, did_you_mean
from layerwise.layers import (
    LAST_ACTIVATION,
    Dropout,
    Input,
    Layer,
    Linear,
    LinearLayer,
    MemberHeads,
    MemberLinear,
    Members,
    NTPLinear,
    Output,
    Scale,
    Task,
)
from layerwise.network.network import Network
from layerwise.network.text import layers_from_text

__all__ = ["CATALOG", "Plan", "Ready", "assemble", "plan_of"]


USUAL_ROWS = 10_000
"""Training rows of a table that is not there yet."""


@dataclass(frozen=True)
class Plan:
    """What stands between an input layer and an output layer.

    Args:
        hidden: The layers between.
        members: Of an ensemble; 0 for a single network.
        first: First weights of what each member looks at, see ``Members``.
        is_ntp: Whether the last linear layer starts from the data, as the others.
    """

    hidden: tuple[Layer, ...]
    members: int = 0
    first: Literal["normal", "signs", "ones"] = "normal"
    is_ntp: bool = False

    @property
    def depth(self) -> int:
        """Return the number of hidden linear layers."""
        return sum(isinstance(layer, LinearLayer) for layer in self.hidden)

    @property
    def is_random(self) -> bool:
        """Return whether a layer is random while training."""
        return any(layer.is_random for layer in self.hidden)


def linear(task: Task, n_rows: int) -> Plan:
    """Return no layers: linear, logistic or softmax regression."""
    return Plan(())


def mlp(task: Task, n_rows: int) -> Plan:
    """Return two hidden layers of 128 neurons."""
    return Plan((Linear(128), Linear(128)))


def strong(task: Task, n_rows: int) -> Plan:
    """Return an ensemble of eight behind encoded numbers.

    Members share their weights and differ in what they look at, in their biases and
    in their last layer. Several classes take wider layers.

    Source:
        TabM-mini (Gorishniy et al., 2024) with the biases of TabM, and without
        dropout: a rate that settles ends before members learn rows by heart.
    """
    return _of_eight("relu", task)


def smooth(task: Task, n_rows: int) -> Plan:
    """Return strong with Mish, which has no corner: it is wrong in other places.

    Source:
        Misra, "Mish", 2019; RealMLP's activation for regression.
    """
    return _of_eight("mish", task)


def _of_eight(activation: str, task: Task) -> Plan:
    """Return three layers that eight members share."""
    width = 256 if task == "multiclass" else 128
    shared = MemberLinear(width, activation, 8, has_r=False, has_s=False)
    return Plan((shared, shared, shared), members=8)


def realmlp(task: Task, n_rows: int) -> Plan:
    """Return the layers of RealMLP.

    Source:
        Holzmüller et al., "Better by Default", 2024, RealMLP-TD.
    """
    activation = "mish" if task == "regression" else "selu"
    block = NTPLinear(256, activation, parametric=True), Dropout(0.15)
    return Plan((Scale(), *block, *block, *block), is_ntp=True)


def tabm(task: Task, n_rows: int) -> Plan:
    """Return the layers of TabM: members look at the first units with signs.

    Source:
        Gorishniy et al., "TabM", 2024, and the defaults of its package: 3 blocks of
        512 neurons, dropout 0.1, 32 members.
    """
    first = MemberLinear(512, "relu", 32, has_r=False), Dropout(0.1)
    block = MemberLinear(512, "relu", 32), Dropout(0.1)
    return Plan((*first, *block, *block), members=32, first="signs")


def tabm_mini(task: Task, n_rows: int) -> Plan:
    """Return the layers of TabM-mini, whose members share all but the two ends.

    Source:
        Gorishniy et al., "TabM", 2024, and the defaults of its package: 2 blocks
        after an encoding of numbers.
    """
    block = Linear(512), Dropout(0.1)
    return Plan((*block, *block), members=32)


@dataclass(frozen=True)
class Ready:
    """A ready network.

    Args:
        plan: Makes its layers for a task and a number of training rows.
        about: One sentence for people who choose.
    """

    plan: Callable[[Task, int], Plan]
    about: str


CATALOG: dict[str, Ready] = {
    "linear": Ready(linear, "no hidden layer: linear, logistic or softmax regression"),
    "mlp": Ready(mlp, "two hidden layers of 128 neurons"),
    "quick": Ready(mlp, "two hidden layers of 128 neurons behind encoded numbers"),
    "strong": Ready(strong, "eight networks in one behind encoded numbers"),
    "smooth": Ready(smooth, "strong with a smooth activation"),
    "waves": Ready(smooth, "smooth behind numbers encoded by waves"),
    "realmlp": Ready(realmlp, "RealMLP: three layers that start from the data"),
    "tabm": Ready(tabm, "TabM: 32 networks in one, which share their large weights"),
    "tabm-mini": Ready(
        tabm_mini, "TabM-mini: 32 networks, which share all but the ends"
    ),
}


def plan_of(layers: str, task: Task, n_rows: int = USUAL_ROWS) -> Plan:
    """Return the layers of a catalog name or a layers text.

    Args:
        layers: The name or the text.
        task: What the network is for.
        n_rows: Training rows, which some ready networks follow.

    Raises:
        ParameterError: When it is neither.

    Example:
        >>> plan_of("8 tanh", "binary").hidden
        (Linear(width=8, activation='tanh'),)
        >>> plan_of("tabm", "binary").members
        32
    """
    name = layers.strip().lower()
    if name in CATALOG:
        return CATALOG[name].plan(task, n_rows)
    if name.replace("-", "").isalpha() and name != "dropout":
        raise ParameterError(
            f"The catalog has no network {layers!r}.{did_you_mean(name, CATALOG)} It "
            f"has {', '.join(CATALOG)}. Or write the layers: '64 relu, 32 relu'."
        )
    return Plan(layers_from_text(layers))


def assemble(inputs: Input, plan: Plan, output: Output, n_classes: int) -> Network:
    """Put a network together: input layer, hidden layers, last linear layer, output.

    The last linear layer has n_classes neurons for several classes, else one. Around
    the layers of an ensemble stand what each member looks at, and its own last layer.

    Example:
        >>> output = Output("binary", "binary-cross-entropy")
        >>> assemble(Input((0.0,), (1.0,)), Plan(()), output, 2).n_parameters
        2
    """
    width = n_classes if output.task == "multiclass" else 1
    activation, members = LAST_ACTIVATION[output.task], plan.members
    if not members:
        last: LinearLayer = (NTPLinear if plan.is_ntp else Linear)(width, activation)
        return Network((inputs, *plan.hidden, last, output))
    look = Members(members, inputs.groups(), plan.first)
    heads = MemberHeads(width, activation, members)
    output = replace(output, members=members)
    return Network((inputs, look, *plan.hidden, heads, output))
