"""Counting learnable parameters, without loading any."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layerwise.errors import BundleError, MissingPackageError, ParameterError
from layerwise.layers import Input, Output
from layerwise.model.container import opened
from layerwise.network import assemble, hidden_layers

__all__ = ["Part", "count_file", "count_layers", "is_file_name"]

ENDINGS = (".safetensors", ".onnx")


@dataclass(frozen=True)
class Part:
    """One array of learnable parameters."""

    name: str
    shape: tuple[int, ...]
    n_parameters: int


def is_file_name(text: str) -> bool:
    """Tell a file name from a layers text.

    Example:
        >>> is_file_name("model.safetensors"), is_file_name("64 relu")
        (True, False)
    """
    return text.endswith(ENDINGS) or Path(text).is_file()


def count_layers(text: str, inputs: int, outputs: int = 1) -> tuple[Part, ...]:
    """Count the parameters of layers on a number of input units.

    Example:
        >>> [part.n_parameters for part in count_layers("64 relu", 3)]
        [192, 64, 64, 1]
    """
    for name, value in (("inputs", inputs), ("outputs", outputs)):
        if not 1 <= value <= 1_000_000:
            raise ParameterError(
                f"The {name!r} of a network are from 1 to 1,000,000. Got {value}."
            )
    ones = (1.0,) * inputs
    task = Output("multiclass", "") if outputs > 1 else Output("regression", "")
    network = assemble(Input(ones, ones), hidden_layers(text), task, outputs)
    return tuple(
        _part(f"layers/{l}/{name}", shape)
        for l, shapes in enumerate(network.shapes())
        for name, shape in shapes.items()
    )


def count_file(path: str | Path) -> tuple[Part, ...]:
    """Count the parameters of a .safetensors or an .onnx file by its header.

    Of a model file, the parameters of the best epoch are counted.

    Raises:
        BundleError: When the file is neither.
        MissingPackageError: When an .onnx file needs the package onnx.
    """
    if str(path).endswith(".onnx"):
        return _count_onnx(path)
    with opened(path, foreign=True) as container:
        places = container.places
        own = "layerwise" in container.metadata
        return tuple(
            _part(name, _shape(name, place))
            for name, place in sorted(places.items())
            if not (own and name.startswith("last/"))
        )


def _part(name: str, shape: tuple[int, ...]) -> Part:
    return Part(name, shape, math.prod(shape))


def _shape(name: str, place: Any) -> tuple[int, ...]:
    shape = place.get("shape") if isinstance(place, dict) else None
    if not isinstance(shape, list) or not all(
        type(size) is int and 0 <= size < 2**63 for size in shape
    ):
        raise BundleError(f"The tensor {name[:60]!r} has no shape.")
    return tuple(shape)


def _count_onnx(path: str | Path) -> tuple[Part, ...]:
    try:
        import onnx
    except ImportError as error:
        raise MissingPackageError(
            "Counting an ONNX file needs the package 'onnx', which is not installed. "
            'Install it with: pip install "layerwise[onnx]"'
        ) from error
    try:
        graph = onnx.load(str(path), load_external_data=False).graph
    except OSError as error:
        why = error.strerror or error
        raise BundleError(f"Could not open {Path(path).name!r}: {why}.") from error
    except Exception as error:  # onnx raises protobuf's own errors
        raise BundleError(f"{Path(path).name!r} cannot be read as ONNX.") from error
    return tuple(_part(t.name, tuple(t.dims)) for t in graph.initializer)
