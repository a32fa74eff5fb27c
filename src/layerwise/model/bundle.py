"""The model file: one .safetensors file with a manifest that describes it whole.

    __metadata__["layerwise"]  the manifest: layers, schema, target, history, facts
    layers/1/W, layers/1/b     the parameters of the best epoch
    last/layers/1/W, ...       those of the last epoch, where they were kept

The manifest is plain data, read against a closed description (``plain``). From
its layers follow the name, dtype and shape of every tensor; they must agree
with what the file holds before anything is allocated. No pickle, no code, no
names of classes, and no second way in.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save as safetensors_bytes

from layerwise.errors import BundleError, LayerwiseError
from layerwise.layers import LAYERS, Layer
from layerwise.model.container import (
    MOST_HEADER_BYTES,
    Container,
    checked_places,
    opened,
    strict_json,
)
from layerwise.model.files import write_whole
from layerwise.network import Network, NetworkParams
from layerwise.plain import from_plain, to_plain
from layerwise.table import Schema, Target
from layerwise.training import History, Regime

__all__ = ["FORMAT", "Bundle", "Facts", "read_bundle", "write_bundle"]

FORMAT = 1

KEYS = {
    "format",
    "dtype",
    "layers",
    "schema",
    "target",
    "history",
    "facts",
    "keeps_last",
}
DTYPE_NAMES = {"F32": np.float32, "F64": np.float64}


@dataclass(frozen=True)
class Facts:
    """How a model was trained, and how good it was.

    Args:
        layers: The layers as the user wrote them.
        n_rows: Rows of the table.
        n_train: Rows trained on.
        n_valid: Rows held out.
        seed: Where every random number came from.
        regime: How long and how.
        valid: Metrics on the held-out rows; of the training rows where none were.
        baseline: The same metrics for the mean or the majority.
        versions: Of the packages that computed it.
    """

    layers: str
    n_rows: int
    n_train: int
    n_valid: int
    seed: int
    regime: Regime
    valid: dict[str, float | None]
    baseline: dict[str, float | None]
    versions: dict[str, str]


@dataclass(frozen=True)
class Bundle:
    """All that a model file holds."""

    network: Network
    params: NetworkParams
    schema: Schema
    target: Target
    history: History
    facts: Facts
    last_params: NetworkParams | None


def write_bundle(path: str | Path, bundle: Bundle) -> None:
    """Write a model file, whole or not at all.

    Raises:
        BundleError: When it cannot be written, or its columns are too many.
    """
    tensors = _named(bundle.params)
    if bundle.last_params is not None:
        tensors |= {f"last/{k}": v for k, v in _named(bundle.last_params).items()}
    dtype = np.dtype(next(iter(tensors.values())).dtype)
    manifest = {
        "format": FORMAT,
        "dtype": "F64" if dtype == np.float64 else "F32",
        "layers": [
            {"kind": layer.kind, **to_plain(layer)} for layer in bundle.network.layers
        ],
        "schema": bundle.schema.to_json(),
        "target": bundle.target.to_json(),
        "history": to_plain(bundle.history),
        "facts": to_plain(bundle.facts),
        "keeps_last": bundle.last_params is not None,
    }
    # plain ASCII without spaces, keys in the order written: the same bytes each time
    text = json.dumps(manifest, separators=(",", ":"), allow_nan=False)
    if 2 * len(text) > MOST_HEADER_BYTES:
        raise BundleError(
            f"The model's description has {len(text):,} characters, more than a model "
            "file may hold. Train on fewer columns, or on fewer categories."
        )
    write_whole(path, safetensors_bytes(tensors, {"layerwise": text}))


def _named(params: NetworkParams) -> dict[str, Any]:
    return {
        f"layers/{l}/{name}": np.ascontiguousarray(value)
        for l, layer in enumerate(params["layers"])
        for name, value in layer.items()
    }


def read_bundle(path: str | Path) -> Bundle:
    """Read a model file strictly.

    Raises:
        BundleError: When anything in it is not as it must be.
    """
    with opened(path) as container:
        return _bundle(container)


def _bundle(container: Container) -> Bundle:
    name = container.name
    text = container.metadata.get("layerwise")
    if not isinstance(text, str) or len(container.metadata) != 1:
        raise BundleError(
            f"{name!r} is a .safetensors file, but layerwise did not write it: it has "
            f"no manifest. To count its parameters: layerwise count {name}"
        )
    manifest = strict_json(text, name, container.tensor_bytes)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BundleError(
            f"{name!r} is a model file of another format than {FORMAT}, which this "
            "version of layerwise reads. Save it anew with a version that reads both."
        )
    if set(manifest) != KEYS:
        raise BundleError(
            f"{name!r} has a manifest with other keys than {sorted(KEYS)}."
        )
    try:
        return _described(container, manifest)
    except BundleError as error:
        message = str(error)
        if message.startswith(repr(name)):
            raise
        raise BundleError(
            f"{name!r} has a manifest that is wrong: {message}"
        ) from error


def _described(container: Container, manifest: dict[str, Any]) -> Bundle:
    network = _network(manifest["layers"])
    schema = Schema.from_json(manifest["schema"])
    target = Target.from_json(manifest["target"])
    history = from_plain(History, manifest["history"], "history")
    facts = from_plain(Facts, manifest["facts"], "facts")
    keeps_last = from_plain(bool, manifest["keeps_last"], "keeps_last")
    _agree(network, schema, target)
    dtype = manifest["dtype"]
    if dtype not in DTYPE_NAMES:
        raise BundleError(f"dtype: expected F32 or F64, found {str(dtype)[:20]!r}.")
    expected = {
        f"layers/{l}/{name}": shape
        for l, shapes in enumerate(network.shapes())
        for name, shape in shapes.items()
    }
    if keeps_last:
        expected |= {f"last/{name}": shape for name, shape in expected.items()}
    places = checked_places(container, expected, dtype)
    tensors = {name: container.read(name, place) for name, place in places.items()}

    def params(prefix: str) -> NetworkParams:
        return {
            "layers": [
                {name: tensors[f"{prefix}layers/{l}/{name}"] for name in shapes}
                for l, shapes in enumerate(network.shapes())
            ]
        }

    last = params("last/") if keeps_last else None
    return Bundle(network, params(""), schema, target, history, facts, last)


def _network(plain: Any) -> Network:
    if not isinstance(plain, list) or len(plain) > 1024:
        raise BundleError("layers: expected a list of up to 1024 layers.")
    layers: list[Layer] = []
    for l, one in enumerate(plain):
        kind = one.pop("kind", None) if isinstance(one, dict) else None
        if not isinstance(kind, str) or kind not in LAYERS:
            raise BundleError(f"layers/{l}: there is no layer {str(kind)[:40]!r}.")
        layers.append(from_plain(LAYERS[kind], one, f"layers/{l}"))
    try:
        return Network(tuple(layers))
    except LayerwiseError as error:
        raise BundleError(f"layers: {error}") from error


def _agree(network: Network, schema: Schema, target: Target) -> None:
    """Refuse a schema that makes other columns than the input layer takes."""
    inputs = network.input
    sizes = tuple(category.size for category in inputs.categories)
    neurons = len(target.classes) if target.task == "multiclass" else 1
    if (
        len(schema.number_names) != inputs.n_numbers
        or tuple(schema.category_sizes) != sizes
        or network.output.task != target.task
        or network.widths[-1] != neurons
    ):
        raise BundleError("the schema, the layers and the target do not fit together.")
