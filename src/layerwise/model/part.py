"""Parts: a model may be more than one network, and of more than one kind.

The networks of a part have the same layers, and their mean is its answer. Parts have
weights that add up to 1, and the weighted mean is the model's answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwise.model.predict import Columns, finite, forward_rows
from layerwise.network import Network, NetworkParams

__all__ = ["Part", "weighted_mean"]


@dataclass(frozen=True)
class Part:
    """Networks of the same layers, and what they count for.

    Args:
        name: What they are called: a name of the catalog, or the layers as text.
        network: The layers in order.
        networks: The parameters of each network, one at least.
        weight: The share of the answer that is theirs, in (0, 1].
    """

    name: str
    network: Network
    networks: tuple[NetworkParams, ...]
    weight: float = 1.0

    @property
    def n_parameters(self) -> int:
        """Count the learnable parameters of all networks."""
        return self.network.n_parameters * len(self.networks)

    def forward(self, x: Columns) -> NDArray[Any]:
        """Return the mean of what the networks predict.

        Shape:
            n rows -> (n, 1), or (n, n_classes) for two or more classes
        """
        return forward_rows(self.network, self.networks, x)


def weighted_mean(parts: Sequence[Part], x: Columns) -> NDArray[Any]:
    """Return a = sum_p weight_p a_p.

    Shape:
        n rows -> (n, 1), or (n, n_classes) for two or more classes
    """
    first, *others = parts
    a = first.forward(x)
    if not others:
        return a
    a = a * a.dtype.type(first.weight)
    with np.errstate(over="ignore", invalid="ignore"):  # finite tells
        for part in others:
            a += part.forward(x) * a.dtype.type(part.weight)
    return finite(a)
