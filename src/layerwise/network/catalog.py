"""The catalog: ready networks by name, and the way from a name to layers."""

from dataclasses import dataclass

from layerwise.errors import ParameterError, did_you_mean
from layerwise.layers import LAST_ACTIVATION, Input, Layer, Linear, Output
from layerwise.network.network import Network
from layerwise.network.text import layers_from_text

__all__ = ["CATALOG", "Recipe", "assemble", "hidden_layers"]


@dataclass(frozen=True)
class Recipe:
    """A ready network.

    Args:
        text: Its hidden layers as text; empty for none.
        about: One sentence for people who choose.
    """

    text: str
    about: str


CATALOG: dict[str, Recipe] = {
    "linear": Recipe("", "no hidden layer: linear, logistic or softmax regression"),
    "mlp": Recipe("128 relu, 128 relu", "two hidden layers of 128 neurons"),
}


def hidden_layers(layers: str) -> tuple[Layer, ...]:
    """Return the hidden layers of a catalog name or a layers text.

    Raises:
        ParameterError: When it is neither.

    Example:
        >>> hidden_layers("linear")
        ()
        >>> hidden_layers("8 tanh")
        (Linear(width=8, activation='tanh'),)
    """
    name = layers.strip().lower()
    if name in CATALOG:
        text = CATALOG[name].text
        return layers_from_text(text) if text else ()
    if name.replace("-", "").isalpha() and name != "dropout":
        raise ParameterError(
            f"The catalog has no network {layers!r}.{did_you_mean(name, CATALOG)} It "
            f"has {', '.join(CATALOG)}. Or write the layers: '64 relu, 32 relu'."
        )
    return layers_from_text(layers)


def assemble(
    inputs: Input, hidden: tuple[Layer, ...], output: Output, n_classes: int
) -> Network:
    """Put a network together: input layer, hidden layers, last linear layer, output.

    The last linear layer has n_classes neurons for several classes, else one.

    Example:
        >>> output = Output("binary", "binary-cross-entropy")
        >>> assemble(Input((0.0,), (1.0,)), (), output, 2).n_parameters
        2
    """
    width = n_classes if output.task == "multiclass" else 1
    last = Linear(width, LAST_ACTIVATION[output.task])
    return Network((inputs, *hidden, last, output))
