"""The model file: one .safetensors file with a manifest that describes it whole.

    __metadata__["layerwise"]  the manifest: layers, schema, target, history, facts
    layers/1/W, layers/1/b     the parameters of the best epoch
    last/layers/1/W, ...       those of the last epoch, where they were kept
    others/0/layers/1/W, ...   those of other networks, part by part

The manifest is plain data, read against a closed description (``plain``). From
its parts follow the name, dtype and shape of every tensor; they must agree
with what the file holds before anything is allocated. No pickle, no code, no
names of classes, and no second way in.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save as safetensors_bytes

from layerwise.errors import BundleError, LayerwiseError, ParameterError
from layerwise.files import write_whole
from layerwise.layers import LAST_ACTIVATION, LAYERS, Layer, LinearLayer, Output
from layerwise.losses import LOSSES
from layerwise.model.container import (
    DTYPES,
    MOST_HEADER_BYTES,
    Container,
    checked_places,
    file_name,
    opened,
)
from layerwise.model.inputs import category_units, text_units
from layerwise.model.part import Part
from layerwise.model.strict import refuse_large, strict_json
from layerwise.network import Network, NetworkParams
from layerwise.plain import from_plain, to_plain
from layerwise.table import Schema, Target
from layerwise.training import History, Regime

__all__ = ["FORMAT", "Bundle", "Facts", "read_bundle", "write_bundle"]

FORMAT = 1
MOST_LAYERS = 1024
MOST_PARTS = 16
MOST_NETWORKS = 128
"""Of all parts together."""
LONGEST_NAME = 50_000
"""Of a part: it may be the text of a thousand layers."""
LEAST_OFF = 1e-6
"""What weights that add up to 1 may be off by."""

KEYS = (
    "format",
    "dtype",
    "parts",
    "schema",
    "target",
    "history",
    "facts",
    "keeps_last",
)
PART_KEYS = ("name", "weight", "networks", "layers")
_DTYPE: Any = Literal["F32", "F64"]


@dataclass(frozen=True)
class Facts:
    """How a model was trained, and how good it was.

    Args:
        layers: The layers as the user wrote them.
        n_rows: Rows of the table.
        n_train: Rows trained on.
        n_valid: Rows held out, in folds those of the first.
        n_measured: Rows that the metrics are from: those held out of all folds, or the
            training rows where none were.
        seed: Where every random number came from.
        regime: How long and how.
        valid: Metrics on the held-out rows; of the training rows where none were.
        baseline: The same metrics for the mean or the majority.
        versions: Of the packages that computed it.
        tried: The networks that were trained, of which a mixture may use fewer.
        folds: How many networks were trained, each with other rows held out.
        refit_epochs: Epochs of each refit on all rows; 0 where there was none, and
            the measures are those of the parameters.
    """

    layers: str
    n_rows: int
    n_train: int
    n_valid: int
    n_measured: int
    seed: int
    regime: Regime
    valid: dict[str, float | None]
    baseline: dict[str, float | None]
    versions: dict[str, str]
    tried: tuple[str, ...]
    folds: int = 1
    refit_epochs: int = 0

    def __post_init__(self) -> None:
        """Refuse words that would write over a terminal when they are shown."""
        words = [self.regime.optimizer, self.regime.schedule]
        words += [*self.valid, *self.baseline, *self.versions, *self.versions.values()]
        if not all(word.isprintable() for word in words):
            raise ParameterError("There are words that cannot be printed.")
        if self.refit_epochs < 0 or self.folds < 1:
            raise ParameterError("There is one fold or more, of 0 epochs or more.")


@dataclass(frozen=True)
class Bundle:
    """All that a model file holds."""

    parts: tuple[Part, ...]
    schema: Schema
    target: Target
    history: History
    facts: Facts
    last_params: NetworkParams | None


def write_bundle(path: str | Path, bundle: Bundle) -> None:
    """Write a model file, whole or not at all.

    Raises:
        BundleError: When it cannot be written, or holds what no file may hold.
    """
    first, *others = (params for part in bundle.parts for params in part.networks)
    tensors = _named(first)
    if bundle.last_params is not None:
        tensors |= {f"last/{k}": v for k, v in _named(bundle.last_params).items()}
    for i, params in enumerate(others):
        tensors |= {f"others/{i}/{k}": v for k, v in _named(params).items()}
    for tensor, values in tensors.items():
        if not np.isfinite(values).all():
            raise BundleError(
                f"The model's {tensor} holds nan or infinite numbers, so its "
                "predictions would mean nothing, and it was not saved."
            )
    name, text = file_name(path), _manifest_text(bundle, tensors)
    if 2 * len(text) > MOST_HEADER_BYTES:
        raise BundleError(
            f"The model's description has {len(text):,} characters, more than a model "
            "file may hold. Train on fewer columns, categories or epochs."
        )
    refuse_large(text, name, sum(values.nbytes for values in tensors.values()))
    write_whole(path, safetensors_bytes(tensors, {"layerwise": text}))


def _named(params: NetworkParams) -> dict[str, NDArray[Any]]:
    return {
        f"layers/{l}/{name}": np.ascontiguousarray(value)
        for l, layer in enumerate(params["layers"])
        for name, value in layer.items()
    }


def _manifest_text(bundle: Bundle, tensors: dict[str, NDArray[Any]]) -> str:
    """Write the manifest: the same bytes each time, plain ASCII without spaces."""
    dtype = next(iter(tensors.values())).dtype
    manifest = {
        "format": FORMAT,
        "dtype": next(name for name, known in DTYPES.items() if known == dtype),
        "parts": [_plain_part(part) for part in bundle.parts],
        "schema": to_plain(bundle.schema),
        "target": to_plain(bundle.target),
        "history": to_plain(bundle.history),
        "facts": to_plain(bundle.facts),
        "keeps_last": bundle.last_params is not None,
    }
    try:
        return json.dumps(manifest, separators=(",", ":"), allow_nan=False)
    except ValueError as error:
        raise BundleError(
            "The model's history or its metrics hold nan or infinite numbers, so it "
            "was not saved. Bring the target to a smaller unit and train again."
        ) from error


def _plain_part(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "weight": part.weight,
        "networks": len(part.networks),
        "layers": [
            {"kind": layer.kind, **to_plain(layer)} for layer in part.network.layers
        ],
    }


def read_bundle(path: str | Path) -> Bundle:
    """Read a model file strictly.

    Raises:
        BundleError: When anything in it is not as it must be.
    """
    with opened(path) as container:
        manifest = _manifest(container)
        try:
            return _bundle(container, manifest)
        except BundleError as error:
            name, message = repr(container.name), str(error)
            if message.startswith(name):
                raise
            raise BundleError(
                f"{name} was changed after it was saved, or is no model file: {message}"
            ) from error


def _manifest(container: Container) -> dict[str, Any]:
    """Take the manifest out of the header and parse it."""
    name = container.name
    text = container.metadata.pop("layerwise", None)
    if not isinstance(text, str) or container.metadata:
        raise BundleError(
            f"{name!r} is a .safetensors file, but layerwise did not write it: it has "
            f"no manifest. To count its parameters: layerwise count {name}"
        )
    manifest = strict_json(text, name, container.tensor_bytes)
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if type(found) is int and found > FORMAT:
        raise BundleError(
            f"{name!r} was saved by a newer version of layerwise, in format {found}. "
            f"This version reads format {FORMAT}. Update it: pip install -U layerwise"
        )
    if type(found) is not int or found != FORMAT or set(manifest) != set(KEYS):
        raise BundleError(
            f"{name!r} does not describe itself as model files do, with "
            f"{', '.join(KEYS)}."
        )
    return dict(manifest)


def _bundle(container: Container, manifest: dict[str, Any]) -> Bundle:
    said = _said_parts(manifest["parts"])
    schema = from_plain(Schema, manifest["schema"], "schema")
    target = from_plain(Target, manifest["target"], "target")
    history = from_plain(History, manifest["history"], "history")
    facts = from_plain(Facts, manifest["facts"], "facts")
    keeps_last = from_plain(bool, manifest["keeps_last"], "keeps_last")
    dtype: str = from_plain(_DTYPE, manifest["dtype"], "dtype")
    for one in said:
        for wrong in _disagreements(one.network, schema, target):
            raise BundleError(wrong)
    _refuse_other_units([one.network.output for one in said])
    every = [one.network for one in said for _ in range(one.n)]
    n_arrays = sum(one.n * one.network.n_arrays for one in said)
    if n_arrays > 2 * len(container.places) + MOST_LAYERS:  # no name is made for them
        raise BundleError(
            f"parts: they have {n_arrays:,} tensors, but the file holds "
            f"{len(container.places):,}."
        )
    prefixes = ["", *(f"others/{i}/" for i in range(len(every) - 1))]
    places = list(zip(prefixes, every, strict=True))
    kept = [*places, *[("last/", every[0])] * keeps_last]
    expected = {
        f"{prefix}layers/{l}/{name}": shape
        for prefix, network in kept
        for l, shapes in enumerate(network.shapes())
        for name, shape in shapes.items()
    }
    found = checked_places(container, expected, dtype)
    tensors = {name: container.read(name, place) for name, place in found.items()}
    params = (_params(network, tensors, prefix) for prefix, network in places)
    parts = tuple(
        Part(one.name, one.network, tuple(islice(params, one.n)), one.weight)
        for one in said
    )
    last = _params(every[0], tensors, "last/") if keeps_last else None
    return Bundle(parts, schema, target, history, facts, last)


class _SaidPart(NamedTuple):
    """A part as the manifest has it: how many networks, but not their parameters."""

    name: str
    weight: float
    n: int
    network: Network


def _said_parts(plain: Any) -> list[_SaidPart]:
    """Read what the manifest says of the parts."""
    if not isinstance(plain, list) or not 1 <= len(plain) <= MOST_PARTS:
        raise BundleError(f"parts: expected a list of 1 to {MOST_PARTS} parts.")
    parts = [_said_part(one, f"parts/{i}") for i, one in enumerate(plain)]
    if not sum(part.n for part in parts) <= MOST_NETWORKS:
        raise BundleError(f"parts: a model has up to {MOST_NETWORKS} networks.")
    if abs(sum(part.weight for part in parts) - 1) > LEAST_OFF:
        raise BundleError("parts: the weights do not add up to 1.")
    return parts


def _said_part(plain: Any, path: str) -> _SaidPart:
    if not isinstance(plain, dict) or set(plain) != set(PART_KEYS):
        raise BundleError(f"{path}: expected an object of {', '.join(PART_KEYS)}.")
    n = from_plain(int, plain["networks"], f"{path}/networks")
    if not 1 <= n <= MOST_NETWORKS:
        raise BundleError(f"{path}/networks: a part has 1 to {MOST_NETWORKS} of them.")
    weight = from_plain(float, plain["weight"], f"{path}/weight")
    if not 0 < weight <= 1:
        raise BundleError(
            f"{path}: its weight is above 0 and at most 1. Found {weight!r}."
        )
    name = from_plain(str, plain["name"], f"{path}/name")
    if not name.isprintable() or len(name) > LONGEST_NAME:
        raise BundleError(
            f"{path}/name: expected up to {LONGEST_NAME} characters that can be "
            "printed."
        )
    return _SaidPart(name, weight, n, _network(plain["layers"], f"{path}/layers"))


def _refuse_other_units(outputs: list[Output]) -> None:
    """Refuse parts whose answers are not of one kind: their mean means nothing."""
    first = outputs[0]
    for i, other in enumerate(outputs):
        if (other.center, other.scale) != (first.center, first.scale):
            raise BundleError(f"parts/{i}: it predicts in other units than the first.")
        if other.threshold != first.threshold:
            raise BundleError(f"parts/{i}: it decides otherwise than the first.")


def _params(
    network: Network, tensors: dict[str, NDArray[Any]], prefix: str
) -> NetworkParams:
    layers: Any = [
        {name: tensors[f"{prefix}layers/{l}/{name}"] for name in shapes}
        for l, shapes in enumerate(network.shapes())
    ]
    return {"layers": layers}


def _network(plain: Any, path: str) -> Network:
    if not isinstance(plain, list) or len(plain) > MOST_LAYERS:
        raise BundleError(f"{path}: expected a list of up to {MOST_LAYERS} layers.")
    layers: list[Layer] = []
    for l, one in enumerate(plain):
        kind = one.pop("kind", None) if isinstance(one, dict) else None
        if not isinstance(kind, str) or kind not in LAYERS:
            raise BundleError(f"{path}/{l}: there is no layer {str(kind)[:40]!r}.")
        layers.append(from_plain(LAYERS[kind], one, f"{path}/{l}"))
    try:
        return Network(tuple(layers))
    except LayerwiseError as error:
        raise BundleError(f"{path}: {error}") from error


def _disagreements(network: Network, schema: Schema, target: Target) -> Iterator[str]:
    """Say what does not fit together among parts that are right by themselves."""
    inputs, output, task = network.input, network.output, target.task
    if output.task != task:
        yield f"the output layer is for {output.task!r}, the target for {task!r}."
    if output.loss not in LOSSES or task not in LOSSES[output.loss].tasks:
        yield f"the output layer has the loss {output.loss[:40]!r} for {task!r}."
    *hidden, last = (
        layer for layer in network.layers if isinstance(layer, LinearLayer)
    )
    if any(layer.activation == "softmax" for layer in hidden):
        yield "layers: softmax only ends a network."
    if last.activation != LAST_ACTIVATION[task]:
        yield f"layers: {last.activation} does not end a network for {task!r}."
    neurons = len(target.classes) if task == "multiclass" else 1
    if last.width != neurons:
        yield f"layers: the last has {last.width} neurons, the target needs {neurons}."
    made = (
        *(len(schema.number_names), schema.flag_numbers),
        *(category_units(schema), text_units(schema)),
    )
    if made != (inputs.n_numbers, inputs.flags, inputs.categories, inputs.texts):
        yield "the schema makes other units than the input layer takes."
    if not inputs.n_units:
        yield "the input layer has no units."
