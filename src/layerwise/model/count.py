"""Counting learnable parameters; of .safetensors files by their headers alone.

Only floating-point numbers are learned. What else a file holds, such as shapes,
masks and counters, is a part too, but none that is learnable.
"""

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layerwise.errors import (
    BundleError,
    MissingPackageError,
    ParameterError,
    listed,
)
from layerwise.layers import Input, Output
from layerwise.model.container import file_name, open_file, opened
from layerwise.model.strict import strict_json
from layerwise.network import assemble, plan_of

__all__ = ["Part", "count_file", "count_layers", "is_file_name"]

INDEX = ".safetensors.index.json"
ENDINGS = (".safetensors", ".onnx", INDEX)
MOST_INDEX_BYTES = 64 * 2**20
MOST_SHARDS = 4096
FLOATING = ("F", "BF", "C", "DOUBLE")
"""How the names of floating-point types begin, in .safetensors and in ONNX."""
MOST_AXES = 64
MOST_SHOWN = 60


@dataclass(frozen=True)
class Part:
    """One array of numbers, which are learnable parameters or not."""

    name: str
    shape: tuple[int, ...]
    n_entries: int
    is_learnable: bool = True

    @property
    def n_parameters(self) -> int:
        """Count the learnable parameters."""
        return self.n_entries if self.is_learnable else 0


def is_file_name(text: str) -> bool:
    """Tell a file name from a layers text; a folder's name is for files as well.

    Example:
        >>> is_file_name("model.safetensors"), is_file_name("64 relu")
        (True, False)
        >>> is_file_name(".")
        True
    """
    if text.endswith(ENDINGS) or os.path.isfile(text):
        return True
    return os.path.isdir(text) and not _is_layers(text)


def _is_layers(text: str) -> bool:
    try:
        plan_of(text, "binary")
    except ParameterError:
        return False
    return True


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
    plan = plan_of(text, task.task)
    network = assemble(Input(ones, ones), plan, task, outputs)
    return tuple(
        _part(f"layers/{l}/{name}", shape)
        for l, shapes in enumerate(network.shapes())
        for name, shape in shapes.items()
    )


def count_file(path: str | Path) -> tuple[Part, ...]:
    """Count the parameters of a .safetensors or an .onnx file.

    Of a model file, the parameters of the best epoch are counted. Of a
    .safetensors file only the header is read; an .onnx file is read whole. An index
    (.safetensors.index.json) stands for all files that it names.

    Raises:
        BundleError: When the file is none of them, or a shape in it is none.
        MissingPackageError: When an .onnx file needs the package onnx.
    """
    if str(path).endswith(".onnx"):
        return _count_onnx(path)
    if str(path).endswith(INDEX):
        return _count_index(Path(path))
    with opened(path, foreign=True) as container:
        places = container.places
        own = "layerwise" in container.metadata
        return tuple(
            _tensor(name, place)
            for name, place in sorted(places.items())
            if not (own and name.startswith("last/"))
        )


def _count_index(path: Path) -> tuple[Part, ...]:
    """Count the tensors of all files that an index names, each of which must be there.

    Names of files with a folder in them are refused: an index from a stranger opens
    nothing but its neighbours.
    """
    name = path.name
    with open_file(path) as file:
        raw = file.read(MOST_INDEX_BYTES + 1) or b""
    if len(raw) > MOST_INDEX_BYTES:
        raise BundleError(f"{name!r} is larger than any index: {MOST_INDEX_BYTES:,}.")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise BundleError(f"{name!r} is no text.") from error
    index = strict_json(text, name, MOST_INDEX_BYTES)
    places = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(places, dict) or not all(
        isinstance(shard, str) and _is_neighbour(shard) for shard in places.values()
    ):
        raise BundleError(
            f"{name!r} does not say which .safetensors file beside it holds which "
            "tensor, under 'weight_map'."
        )
    shards = sorted(set(places.values()))
    if len(shards) > MOST_SHARDS:
        raise BundleError(f"{name!r} names more than {MOST_SHARDS:,} files.")
    parts = [part for shard in shards for part in count_file(path.parent / shard)]
    found = {part.name for part in parts}
    if len(parts) != len(places) or found != set(places):
        odd = listed(one[:MOST_SHOWN] for one in sorted(found ^ set(places)))
        raise BundleError(
            f"{name!r} and the files that it names do not hold the same tensors"
            f"{f': {odd}' if odd else ', or one twice'}."
        )
    return tuple(sorted(parts, key=lambda part: part.name))


def _is_neighbour(shard: str) -> bool:
    """Tell a name of a .safetensors file from a path.

    Example:
        >>> _is_neighbour("model-00001.safetensors"), _is_neighbour("../a.safetensors")
        (True, False)
    """
    is_plain = shard == Path(shard).name and not set(shard) & set('/\\:"\0')
    return is_plain and shard.endswith(".safetensors")


def _part(name: str, shape: tuple[int, ...], is_learnable: bool = True) -> Part:
    return Part(name, shape, math.prod(shape), is_learnable)


def _tensor(name: str, place: Any) -> Part:
    place = place if isinstance(place, dict) else {}
    shape, dtype = _shape(name, place.get("shape")), place.get("dtype")
    if not isinstance(dtype, str):
        raise BundleError(f"The tensor {name[:MOST_SHOWN]!r} has no dtype.")
    return _part(name, shape, dtype.startswith(FLOATING))


def _shape(name: str, shape: Any) -> tuple[int, ...]:
    """Return a shape whose sizes, and their product, are numbers of 64 bits."""
    shown = repr(name[:MOST_SHOWN])
    if isinstance(shape, list) and len(shape) > MOST_AXES:
        raise BundleError(
            f"The tensor {shown} has {len(shape):,} axes; at most {MOST_AXES} fit."
        )
    if not isinstance(shape, list) or not all(
        type(size) is int and 0 <= size < 2**63 for size in shape
    ):
        raise BundleError(f"The tensor {shown} has no shape.")
    if math.prod(shape) >= 2**63:
        raise BundleError(
            f"The tensor {shown} has more entries than any file can hold."
        )
    return tuple(shape)


def _count_onnx(path: str | Path) -> tuple[Part, ...]:
    try:
        import onnx
    except ImportError as error:
        raise MissingPackageError(
            "Counting an ONNX file needs the package 'onnx', which is not installed. "
            'Install it with: pip install "layerwise[onnx]"'
        ) from error
    with open_file(path) as file:
        try:
            graph = onnx.load_model_from_string(file.readall()).graph
        except (OSError, MemoryError):
            raise
        except Exception as error:  # onnx raises protobuf's own errors
            raise BundleError(f"{file_name(path)!r} cannot be read as ONNX.") from error
    types = {number: word for word, number in onnx.TensorProto.DataType.items()}
    return tuple(
        _part(
            tensor.name,
            _shape(tensor.name, list(tensor.dims)),
            types.get(tensor.data_type, "").startswith(FLOATING),
        )
        for tensor in graph.initializer
    )
