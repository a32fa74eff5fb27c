"""The text form of layers: "64 relu, dropout 0.1, 32 relu"."""

import re
from collections.abc import Sequence
from functools import partial
from itertools import accumulate

from layerwise.errors import ParameterError, did_you_mean
from layerwise.layers import ACTIVATIONS, LARGEST_WIDTH, Dropout, Layer, Linear

__all__ = ["layers_from_text", "layers_to_text"]

LARGEST_DEPTH = 1_000


def layers_from_text(text: str) -> tuple[Layer, ...]:
    """Read hidden layers from text, separated by commas.

    Each is a number of neurons and an activation (relu if none is named), or
    "dropout" and its rate.

    Raises:
        ParameterError: With the text and a mark under the word that does not fit.

    Example:
        >>> layers_from_text("64 relu, dropout 0.1")
        (Linear(width=64, activation='relu'), Dropout(drop_rate=0.1))
        >>> layers_from_text("64 rleu")
        Traceback (most recent call last):
            ...
        layerwise.errors.ParameterError: The layers text has the word 'rleu', which is not an activation. Did you mean 'relu'?
          64 rleu
             ^^^^
    """  # noqa: E501
    parts = text.split(",")
    if not any(part.strip() for part in parts):
        raise ParameterError(
            "The layers text is empty. Write layers such as '64 relu, 32 relu', "
            "or 'linear' for none."
        )
    if len(parts) > LARGEST_DEPTH:
        raise ParameterError(
            f"The layers text has {len(parts)} layers; at most {LARGEST_DEPTH} fit."
        )
    starts = accumulate((len(part) + 1 for part in parts[:-1]), initial=0)
    return tuple(map(partial(_layer, text), parts, starts))


def _layer(text: str, part: str, start: int) -> Layer:
    words = list(re.finditer(r"\S+", part))
    if not words:
        raise ParameterError(_pointing(text, start, 1, "an empty layer"))
    spots = [(word.group().lower(), start + word.start()) for word in words]
    (first, at), *rest = spots
    if len(rest) > 1:
        extra, where = rest[1]
        what = f"the word {extra!r}, where a comma was expected"
        raise ParameterError(_pointing(text, where, len(extra), what))
    if first == "dropout":
        return _dropout(text, at, rest)
    return _linear(text, first, at, rest)


def _linear(text: str, first: str, at: int, rest: list[tuple[str, int]]) -> Layer:
    if not re.fullmatch(r"[0-9]{1,9}", first):
        what = f"the word {first!r} where a number of neurons was expected"
        hint = did_you_mean(first, ["dropout"])
        raise ParameterError(_pointing(text, at, len(first), what, hint))
    if not 1 <= int(first) <= LARGEST_WIDTH:
        what = f"{first} neurons; a layer has 1 to {LARGEST_WIDTH}"
        raise ParameterError(_pointing(text, at, len(first), what))
    activation, where = rest[0] if rest else ("relu", 0)
    if activation not in ACTIVATIONS or activation == "softmax":
        what = f"the word {activation!r}, which is not an activation"
        hidden = [name for name in ACTIVATIONS if name != "softmax"]
        hint = did_you_mean(activation, hidden) or f" There are {', '.join(hidden)}."
        raise ParameterError(_pointing(text, where, len(activation), what, hint))
    return Linear(int(first), activation)


def _dropout(text: str, at: int, rest: list[tuple[str, int]]) -> Layer:
    word, where = rest[0] if rest else ("", at)
    try:
        return Dropout(float(word))
    except (ValueError, ParameterError):
        what = "dropout without a rate from 0 to below 1, such as 'dropout 0.1'"
        raise ParameterError(
            _pointing(text, where, len(word) or len("dropout"), what)
        ) from None


def _pointing(text: str, at: int, length: int, what: str, hint: str = "") -> str:
    line = re.sub(r"\s", " ", text)
    mark = " " * at + "^" * max(length, 1)
    return f"The layers text has {what}.{hint}\n  {line}\n  {mark}"


def layers_to_text(layers: Sequence[Layer]) -> str:
    """Write hidden layers as the text that reads back as them.

    Example:
        >>> layers_to_text(layers_from_text("64,dropout .5"))
        '64 relu, dropout 0.5'
    """
    words = []
    for layer in layers:
        if isinstance(layer, Linear):
            words.append(f"{layer.width} {layer.activation}")
        elif isinstance(layer, Dropout):
            words.append(f"dropout {layer.drop_rate!r}")
    return ", ".join(words)
