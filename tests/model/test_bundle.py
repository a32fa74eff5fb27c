"""The model file, attack by attack: each is refused with a sentence that says why."""

import copy
import json
import os
import pickle
import re
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fuzz_files import RAW, TWICE, Parts, written
from safetensors.numpy import save_file
from small_models import table

import layerwise as lw
from layerwise.errors import BundleError, DivergedError
from layerwise.model import container
from layerwise.model.bundle import FORMAT, read_bundle, write_bundle

WHERE = "'model.safetensors' "


@pytest.fixture
def attacked(models, tmp_path):
    """Return a function that changes a real model file and gives its path."""

    def attack(kind, change):
        path = tmp_path / "model.safetensors"
        models[kind].save(path)
        parts = Parts.of(path.read_bytes())
        result = change(parts)
        path.write_bytes(result if isinstance(result, bytes) else parts.joined())
        return path

    return attack


def put(*keys_and_value):
    """Return a change that puts a value at a place of the manifest."""
    *keys, last, value = keys_and_value
    if last == "layers" or "layers" in keys[:1]:
        keys = ["parts", 0, *keys]

    def change(parts):
        tree = parts.manifest
        for key in keys:
            tree = tree[key]
        tree[last] = value

    return change


def tensor(name, **entry):
    """Return a change of what the header says about a tensor."""
    return lambda parts: parts.header[name].update(entry)


def parts_of(*changes):
    """Return a change that repeats the first part, each time with a value of its own.

    A value of its output layer, if the part has none of that name.
    """

    def change(parts):
        (first,) = parts.manifest["parts"]
        made = [copy.deepcopy(first) | {"weight": 1 / len(changes)} for _ in changes]
        for part, own in zip(made, changes, strict=True):
            if own:
                tree = part if own[0] in part else part["layers"][-1]
                tree[own[0]] = own[1]
        parts.manifest["parts"] = made

    return change


def removed(*keys):
    if keys[0] == "layers":
        keys = ("parts", 0, *keys)

    def change(parts):
        tree = parts.manifest
        for key in keys[:-1]:
            tree = tree[key]
        del tree[keys[-1]]

    return change


def with_float(value):
    def change(parts):
        parts.tensors[:4] = struct.pack("<f", value)

    return change


def metadata(make):
    """Return a change of the header's metadata, made from the manifest's text."""

    def change(parts):
        parts.header["__metadata__"] = make(written(parts.manifest))

    return change


def wide(parts):
    """Give the layers a W of 16 GiB, and the file none of it."""
    for number in (1, 3):
        parts.manifest["parts"][0]["layers"][number]["width"] = 65_536
    parts.header["layers/3/W"]["shape"] = [65_536, 65_536]


def empty_tensors(parts):
    end = len(parts.tensors)
    entry = {"dtype": "F32", "shape": [0], "data_offsets": [end, end]}
    parts.header |= {f"layers/{k}/x": entry for k in range(100_000)}


def without_units(parts):
    parts.manifest["parts"][0]["layers"][0] |= {"center": [], "scale": [], "flags": []}
    parts.manifest["schema"]["columns"] = []
    parts.header["layers/1/W"]["shape"] = [0, 1]


def two_inputs(parts):
    layers = parts.manifest["parts"][0]["layers"]
    layers.insert(1, layers[0])


def overlap(parts):
    parts.header["layers/1/b"]["data_offsets"] = parts.header["layers/3/b"][
        "data_offsets"
    ]


def hole(parts):
    for entry in parts.header.values():
        entry["data_offsets"] = [offset + 8 for offset in entry["data_offsets"]]
    parts.tensors[:0] = bytes(8)


HEADER = "has a header that is not clean JSON: "
TORN = "was changed after it was saved, or is no model file: "

ATTACKS = {
    # the header and the manifest as JSON
    "a key twice": ("mixed", put(TWICE + "format", 1), HEADER + "a key stands twice"),
    "a tensor twice": (
        "mixed",
        lambda parts: parts.header.update({TWICE + "layers/1/b": {}}),
        HEADER + "a key stands twice",
    ),
    "nan": (
        "mixed",
        put("layers", 0, "center", 0, RAW + "NaN"),
        HEADER + "NaN is not a number",
    ),
    "infinity": (
        "mixed",
        put("layers", 0, "scale", 0, RAW + "-Infinity"),
        HEADER + "-Infinity is not a number",
    ),
    "an infinite exponent": (
        "mixed",
        put("layers", 0, "scale", 0, RAW + "1e999"),
        TORN + "parts/0/layers/0/scale/0: expected a finite number, found inf",
    ),
    "an integer of 5,000 digits": (
        "mixed",
        put("facts", "seed", RAW + "9" * 5_000),
        HEADER + "an integer is beyond 64 bits",
    ),
    "an integer of 65 bits": (
        "mixed",
        put("facts", "seed", 2**64),
        TORN + "facts/seed: the integer is beyond 64 bits",
    ),
    "an integer for a float, beyond floats": (
        "mixed",
        put("facts", "regime", "l2", 10**19),
        TORN + "facts/regime/l2: the integer is beyond 64 bits",
    ),
    "true for 1": (
        "mixed",
        put("layers", 1, "width", True),
        TORN + "parts/0/layers/1/width: expected int, found True",
    ),
    "1.0 for 1": (
        "mixed",
        put("layers", 1, "width", 8.0),
        TORN + "parts/0/layers/1/width: expected int, found 8.0",
    ),
    "nesting": (
        "mixed",
        metadata(lambda text: {"layerwise": "[" * 200_000 + "]" * 200_000}),
        HEADER + "it cannot be parsed",
    ),
    "nesting of a million": (
        "mixed",
        metadata(lambda text: {"layerwise": "[" * 1_000_000 + "]" * 1_000_000}),
        "describes itself with more values than a model file of its size",
    ),
    "half a character": (
        "mixed",
        put("schema", "columns", 0, "name", "\ud800"),
        TORN + "schema/columns/0/name.*half a character",
    ),
    "half a character in a key": (
        "mixed",
        put("facts", "versions", {"\udfff": "1"}),
        TORN + "facts/versions: the text holds half a character",
    ),
    "characters beyond ASCII": (
        "mixed",
        lambda parts: parts.joined().replace(b"deposit", b"d\xc3\xa9posi"),
        "has a header with characters that model files write as escapes",
    ),
    "blanks between values": (
        "mixed",
        metadata(lambda text: {"layerwise": text.replace('{"', '{ "')[:-1]}),
        HEADER + "it cannot be parsed",
    ),
    # the metadata
    "no manifest": ("mixed", metadata(lambda text: {}), "layerwise did not write it"),
    "more than a manifest": (
        "mixed",
        metadata(lambda text: {"layerwise": text, "format": "pt"}),
        "layerwise did not write it",
    ),
    "a manifest that is no text": (
        "mixed",
        metadata(lambda text: {"layerwise": 5}),
        "layerwise did not write it",
    ),
    "metadata that is a list": (
        "mixed",
        metadata(lambda text: [text]),
        "has a header that is not a description",
    ),
    "a manifest that is a list": (
        "mixed",
        metadata(lambda text: {"layerwise": f"[{text}]"}),
        "does not describe itself as model files do",
    ),
    # the manifest
    "a later format": (
        "mixed",
        put("format", FORMAT + 1),
        f"was saved by a newer version of layerwise, in format {FORMAT + 1}. .*Update",
    ),
    "an earlier format": ("mixed", put("format", 0), "does not describe itself"),
    "a format that is true": ("mixed", put("format", True), "does not describe itself"),
    "a format that is a text": ("mixed", put("format", "1"), "does not describe"),
    "a key too many": ("mixed", put("pickle", "gASV"), "does not describe itself"),
    "a key too few": ("mixed", removed("facts"), "does not describe itself"),
    "facts of another type": (
        "mixed",
        put("facts", "n_rows", "120"),
        TORN + "facts/n_rows: expected int, found '120'",
    ),
    "facts with a key too few": (
        "mixed",
        removed("facts", "regime", "l1"),
        TORN + "facts/regime: it lacks keys: 'l1'",
    ),
    "facts with a key too many": (
        "mixed",
        put("facts", "regime", "__class__", "os.system"),
        TORN + "facts/regime: it has unknown keys: '__class__'",
    ),
    "a history of other things": (
        "mixed",
        put("history", "loss", {"a": 1}),
        TORN + "history/loss: expected a list, found an object",
    ),
    "a history with a best epoch that never was": (
        "mixed",
        put("history", "best_epoch", 99),
        TORN + "history: A history keeps .* Got every 1 and the best epoch 99",
    ),
    "a history that keeps every 0th iteration": (
        "mixed",
        put("history", "every", 0),
        TORN + "history: A history keeps .* Got every 0 and",
    ),
    "a history whose epochs measure different things": (
        "mixed",
        put("history", "epochs", 1, {"train_loss": 0.5}),
        TORN + "history: The epochs of a history do not all measure the same",
    ),
    "a dtype that is a list": (
        "mixed",
        put("dtype", ["F32"]),
        TORN + "dtype: expected one of 'F32', 'F64', found a list",
    ),
    "a dtype of integers": (
        "mixed",
        put("dtype", "I64"),
        TORN + "dtype: expected one of 'F32', 'F64', found 'I64'",
    ),
    "a history that rewrites the terminal": (
        "mixed",
        put("history", "stopped", "\x1b[2J"),
        TORN + "history: A history has words that cannot be printed",
    ),
    "an optimizer that rewrites the terminal": (
        "mixed",
        put("facts", "regime", "optimizer", "adam\x07"),
        TORN + "facts: There are words that cannot be printed",
    ),
    # layers
    "layers that are no list": (
        "mixed",
        put("layers", {"0": "input"}),
        TORN + "parts/0/layers: expected a list of up to 1024 layers",
    ),
    "too many layers": (
        "mixed",
        put("layers", [{"kind": "dropout", "drop_rate": 0.1}] * 1_025),
        TORN + "parts/0/layers: expected a list of up to 1024 layers",
    ),
    "a layer that is code": (
        "mixed",
        put("layers", 1, "kind", "keras.layers.Lambda"),
        TORN + "parts/0/layers/1: there is no layer 'keras.layers.Lambda'",
    ),
    "a layer that is a list": (
        "mixed",
        put("layers", 1, []),
        TORN + "parts/0/layers/1: there is no layer 'None'",
    ),
    "a layer of another's settings": (
        "mixed",
        put("layers", 2, "kind", "linear"),
        TORN + "parts/0/layers/2: it has unknown keys: 'drop_rate'",
    ),
    "no neurons": (
        "mixed",
        put("layers", 1, "width", 0),
        TORN + "parts/0/layers/1: A linear layer has 1 to 65536 neurons. Got 0",
    ),
    "a W larger than memory": (
        "mixed",
        wide,
        "holds layers/1/W as F32 of shape .*, but its manifest describes F32",
    ),
    "an unknown activation": (
        "mixed",
        put("layers", 1, "activation", "os.system"),
        TORN + "parts/0/layers/1: There is no activation 'os.system'",
    ),
    "a hidden softmax": (
        "mixed",
        put("layers", 1, "activation", "softmax"),
        TORN + "layers: softmax only ends a network",
    ),
    "a last activation that does not fit the task": (
        "mixed",
        put("layers", 4, "activation", "identity"),
        TORN + "layers: identity does not end a network for 'binary'",
    ),
    "a loss that does not fit the task": (
        "mixed",
        put("layers", 5, "loss", "squared"),
        TORN + "the output layer has the loss 'squared' for 'binary'",
    ),
    "an unknown loss": (
        "mixed",
        put("layers", 5, "loss", "__import__"),
        TORN + "the output layer has the loss '__import__' for 'binary'",
    ),
    "an output for another task than the target's": (
        "mixed",
        put("layers", 5, "task", "regression"),
        TORN + "the output layer is for 'regression', the target for 'binary'",
    ),
    "an output scale of nothing": (
        "both",
        put("layers", -1, "scale", 0.0),
        TORN + "parts/0/layers/3: The output scale is above 0",
    ),
    "more classes than neurons": (
        "classes",
        put("target", "classes", ["a", "b", "c", "d"]),
        TORN + "layers: the last has 3 neurons, the target needs 4",
    ),
    "no output": (
        "mixed",
        removed("layers", 5),
        TORN + "parts/0/layers: A network is an input layer, then its layers",
    ),
    "two inputs": (
        "mixed",
        two_inputs,
        TORN + "parts/0/layers: A network is an input layer, then its layers",
    ),
    "an input that divides by 0": (
        "mixed",
        put("layers", 0, "scale", 0, 0.0),
        TORN + "parts/0/layers/0: An input layer has one scale above 0 for each center",
    ),
    "a flag for a number that is not there": (
        "mixed",
        put("layers", 0, "flags", [2**40]),
        TORN + "parts/0/layers/0: The missing flags of an input layer are positions",
    ),
    "an input of a million entries": (
        "mixed",
        put("layers", 0, "center", [0] * 1_000_000),
        "describes itself with more values than a model file of its size",
    ),
    "an input of half a million entries": (
        "mixed",
        put("layers", 0, "center", [0.5] * 500_000),
        TORN + "parts/0/layers/0: An input layer has one scale above 0 for each center",
    ),
    "a category size beyond any": (
        "mixed",
        put("layers", 0, "categories", 0, "size", 2**40),
        TORN + "parts/0/layers/0/categories/0: A category column has up to 1,000,000",
    ),
    "a category size below any": (
        "mixed",
        put("layers", 0, "categories", 0, "size", -1),
        TORN + "parts/0/layers/0/categories/0: A category column has up to 1,000,000",
    ),
    "a text of more units than any": (
        "mixed",
        put("layers", 0, "texts", 0, "width", 2**40),
        TORN + "parts/0/layers/0/texts/0: A text column makes 1 to 1024 units",
    ),
    "a text of other units than its hash": (
        "mixed",
        put("layers", 0, "texts", 0, "width", 16),
        TORN + "the schema makes other units than the input layer takes",
    ),
    "no unit for other values": (
        "mixed",
        put("schema", "columns", 5, "has_other", False),
        TORN + "the schema makes other units than the input layer takes",
    ),
    "a bound below 0": (
        "mixed",
        put("layers", 0, "smooth_clip", -3.0),
        TORN + "parts/0/layers/0: The 'smooth_clip' of an input layer is 0 for none",
    ),
    "edges out of order": (
        "piecewise",
        put("layers", 0, "encoding", "bins", 0, 1, 9.0),
        TORN + "parts/0/layers/0/encoding: The edges of bins grow from one to the next",
    ),
    "more bins than any": (
        "codes",
        put("layers", 0, "encoding", "bins", 1, [float(t) for t in range(2000)]),
        TORN + "parts/0/layers/0/encoding: A piecewise encoding has 1 to 1024 bins",
    ),
    "a bin without a row of weights": (
        "piecewise",
        put("layers", 0, "encoding", "bins", 0, [0.0, 1.0]),
        "'model.safetensors' holds layers/0/V as F32 of shape",
    ),
    "bins of another number": (
        "codes",
        removed("layers", 0, "encoding", "bins", 0),
        TORN + "parts/0/layers/0: An input layer has bins for each of its 2 numbers",
    ),
    "quantiles of another number": (
        "piecewise",
        removed("layers", 0, "quantiles", 0),
        TORN + "parts/0/layers/0: An input layer has 2 to 1,000 quantiles for each",
    ),
    "quantiles out of order": (
        "piecewise",
        put("layers", 0, "quantiles", 1, 0, 1e9),
        TORN + "parts/0/layers/0: The quantiles of number 1 are not in order",
    ),
    "an endless quantile": (
        "piecewise",
        put("layers", 0, "quantiles", 1, 0, RAW + "1e999"),
        TORN + "parts/0/layers/0/quantiles/1/0: expected a finite number",
    ),
    "wider waves than any": (
        "pbld",
        put("layers", 0, "encoding", "width", 2**40),
        TORN + "parts/0/layers/0/encoding: A PBLD encoding has 1 to 256 frequencies",
    ),
    "waves without a spread": (
        "plr",
        put("layers", 0, "encoding", "sigma", 0),
        TORN + "parts/0/layers/0/encoding: A PLR encoding has 1 to 256 frequencies",
    ),
    "an encoding of two kinds": (
        "plr",
        put("layers", 0, "encoding", "bins", []),
        TORN + "parts/0/layers/0/encoding: expected the keys",
    ),
    "members of another number": (
        "members",
        put("layers", 1, "members", 4),
        TORN + "parts/0/layers: An ensemble is a members layer, then its layers",
    ),
    "an answer of no members": (
        "members",
        put("layers", -1, "members", 0),
        TORN + "parts/0/layers: An ensemble is a members layer, then its layers",
    ),
    "a million members": (
        "members",
        put("layers", 1, "members", 10**6),
        TORN + r"parts/0/layers/1: An ensemble has 1 to 1024 members\.",
    ),
    "members that look at other units": (
        "members",
        put("layers", 1, "groups", 0, 5),
        TORN + r"parts/0/layers: The members look at \d+ units, but \d+ come in",
    ),
    "members that look at less than nothing": (
        "members",
        put("layers", 1, "groups", 0, -1),
        TORN + "parts/0/layers/1: Groups have 0 units or more",
    ),
    "first weights of no kind": (
        "members",
        put("layers", 1, "first", "zeros"),
        TORN + "parts/0/layers/1/first: expected one of 'normal', 'signs', 'ones'",
    ),
    "a scale for each member or not": (
        "members",
        put("layers", 2, "has_r", 1),
        TORN + "parts/0/layers/2/has_r: expected true or false",
    ),
    "scales of members that are not in the file": (
        "members",
        put("layers", 2, "has_r", RAW + "false"),
        "do not hold the same tensors: 'layers/2/r'",
    ),
    "a fitted layer without neurons": (
        "fitted",
        put("layers", 2, "width", 0),
        TORN + "parts/0/layers/2: ",
    ),
    "an activation that is learned, and is not there": (
        "fitted",
        put("layers", 4, "parametric", RAW + "true"),
        "do not hold the same tensors: 'layers/4/alpha'",
    ),
    "bounds the wrong way round": (
        "fitted",
        put("layers", -1, "low", 1e9),
        TORN + "parts/0/layers/5: The bounds of the output layer are the least and the",
    ),
    "only other values": (
        "mixed",
        put("layers", 0, "other_rate", 1),
        TORN + "parts/0/layers/0: The 'other_rate' of an input layer must be at",
    ),
    "a range that ends before it starts": (
        "mixed",
        put("schema", "columns", 1, "least", 1e9),
        TORN + "schema/columns/1: The column 'price' has a range of numbers from",
    ),
    "no units": ("line", without_units, TORN + "the input layer has no units"),
    # schema and target
    "a schema with a column too few": (
        "mixed",
        removed("schema", "columns", 0),
        TORN + "the schema makes other units than the input layer takes",
    ),
    "a schema with another vocabulary": (
        "mixed",
        put("schema", "columns", 5, "vocabulary", ["cook", "clerk"]),
        TORN + "the schema makes other units than the input layer takes",
    ),
    "a one-hot for an embedding": (
        "mixed",
        put("schema", "columns", 4, "encoding", "one-hot"),
        TORN + "the schema makes other units than the input layer takes",
    ),
    "a flag that the schema does not have": (
        "mixed",
        put("schema", "columns", 0, "has_missing", False),
        TORN + "the schema makes other units than the input layer takes",
    ),
    "a number rule for dates": (
        "mixed",
        put("schema", "columns", 0, "kind", "date"),
        TORN + "schema/columns/0",
    ),
    "a target with one class": (
        "mixed",
        put("target", "classes", ["yes"]),
        TORN + "target",
    ),
    "a target with a class twice": (
        "mixed",
        put("target", "classes", ["yes", "yes"]),
        TORN + "target",
    ),
    # tensors
    "a dtype that is not the manifest's": (
        "mixed",
        tensor("layers/1/W", dtype="F64"),
        "holds layers/1/W as F64 of shape .*57, 8.*describes F32 of shape .*save the",
    ),
    "a shape that is not the manifest's": (
        "mixed",
        tensor("layers/1/W", shape=[8, 20]),
        "holds layers/1/W as F32 of shape .*8, 20.*, but its manifest describes F32",
    ),
    "a shape of true": (
        "mixed",
        tensor("layers/4/b", shape=[True]),
        TORN + "layers/4/b/shape/0: expected int, found True",
    ),
    "a shape of nothing times everything": (
        "mixed",
        tensor("layers/1/W", shape=[0, 2**60]),
        "holds layers/1/W as F32 of shape .*1152921504606846976",
    ),
    "offsets that overlap": ("mixed", overlap, "has layers/.* at a place"),
    "a hole before the tensors": ("mixed", hole, "at a place where it is not"),
    "offsets that run backwards": (
        "mixed",
        tensor("layers/1/b", data_offsets=[32, 0]),
        "at a place where it is not",
    ),
    "offsets below zero": (
        "mixed",
        tensor("layers/1/b", data_offsets=[-32, 0]),
        "at a place where it is not",
    ),
    "three offsets": (
        "mixed",
        tensor("layers/1/b", data_offsets=[0, 32, 64]),
        TORN + "layers/1/b/data_offsets: expected 2 entries, found 3",
    ),
    "an offset that is a float": (
        "mixed",
        tensor("layers/1/b", data_offsets=[0.0, 32]),
        TORN + "layers/1/b/data_offsets/0: expected int, found 0.0",
    ),
    "a tensor that is a text": (
        "mixed",
        lambda parts: parts.header.update({"layers/1/b": "zeros"}),
        TORN + "layers/1/b: expected an object, found 'zeros'",
    ),
    "a tensor too many": (
        "mixed",
        lambda parts: parts.header.update({"../../etc/x": {}}),
        "do not hold the same tensors: '../../etc/x'",
    ),
    "a tensor too few": (
        "mixed",
        lambda parts: parts.header.pop("layers/1/b"),
        "do not hold the same tensors: 'layers/1/b'",
    ),
    "100,000 empty tensors": ("mixed", empty_tensors, "more values than a model file"),
    "a last epoch that was not kept": (
        "mixed",
        put("keeps_last", True),
        "do not hold the same tensors: 'last/layers/0/E",
    ),
    "a last epoch that is not said": (
        "both",
        put("keeps_last", False),
        "do not hold the same tensors: 'last/layers/1/W'",
    ),
    "networks that are not there": (
        "mixed",
        put("parts", 0, "networks", 3),
        "do not hold the same tensors: 'others/0/layers/0/E",
    ),
    "networks that are not said": (
        "refits",
        put("parts", 0, "networks", 2),
        "do not hold the same tensors: 'others/1/layers/1/W'",
    ),
    "more networks than a file holds": (
        "mixed",
        put("parts", 0, "networks", 129),
        TORN + "parts/0/networks: a part has 1 to 128 of them",
    ),
    "parts of more networks than a file holds": (
        "mixed",
        parts_of(["networks", 100], ["networks", 100]),
        TORN + "parts: a model has up to 128 networks",
    ),
    "no part": ("mixed", put("parts", []), "parts: expected a list of 1 to 16 parts"),
    "many parts": ("mixed", parts_of(*[[]] * 17), "parts: expected a list of 1 to 16"),
    "a part that is a text": (
        "mixed",
        put("parts", 0, "layers"),
        TORN + "parts/0: expected an object of name, weight, networks, layers",
    ),
    "weights of more than all": (
        "mixed",
        parts_of(["weight", 0.75], ["weight", 0.5]),
        TORN + "parts: the weights do not add up to 1",
    ),
    "a weight below 0": (
        "mixed",
        parts_of(["weight", -0.5], ["weight", 1.5]),
        TORN + "parts/0: its weight is above 0 and at most 1. Found -0.5",
    ),
    "a part in other units": (
        "line",
        parts_of([], ["center", 7.0]),
        TORN + "parts/1: it predicts in other units than the first",
    ),
    "a part that decides otherwise": (
        "mixed",
        parts_of([], ["threshold", 0.75]),
        TORN + "parts/1: it decides otherwise than the first",
    ),
    "a part of a name that steers a terminal": (
        "mixed",
        put("parts", 0, "name", "a\x1b[2J"),
        TORN + "parts/0/name: expected up to 50000 characters that can be",
    ),
    "a refit of less than no epochs": (
        "mixed",
        put("facts", "refit_epochs", -1),
        "facts: There is one fold or more, of 0 epochs or more",
    ),
    "a byte too many": (
        "mixed",
        lambda parts: parts.tensors.append(0),
        "is cut short, or has bytes after its tensors",
    ),
    "a nan": ("mixed", with_float(np.nan), "holds nan or infinite numbers in 'layers/"),
    "an infinite weight": ("mixed", with_float(-np.inf), "nan or infinite numbers in"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_and_the_message_says_why(attacked, name):
    kind, change, message = ATTACKS[name]
    path = attacked(kind, change)
    with pytest.raises(BundleError, match=message) as caught:
        lw.load(path)
    said = str(caught.value)
    assert said.startswith(WHERE)
    assert len(said) < 500
    assert said.isprintable()


def some_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")


NO_MODEL = "'other' is not a model file, or only the beginning of one. Give the file"
NO_FILE = "'other' is a pipe or a device, not a model file. Give the file"
OTHER_FILES = {
    "a CSV": (lambda path: path.write_text("price,area\n1,2\n" * 9), NO_MODEL),
    "a PNG": (
        lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99)),
        NO_MODEL,
    ),
    "a pickle": (lambda path: path.write_bytes(pickle.dumps([1] * 99)), NO_MODEL),
    "a zip": (some_zip, NO_MODEL),
    "nothing": (lambda path: path.write_bytes(b""), NO_MODEL),
    "eight bytes": (lambda path: path.write_bytes(bytes(8)), NO_MODEL),
    "JSON": (lambda path: path.write_text('{"layers": []}'), NO_MODEL),
    "a folder": (
        lambda path: path.mkdir(),
        "'other' is a folder, not a model file. Give the file that",
    ),
    "a pipe": (os.mkfifo, NO_FILE),
    "a device": (lambda path: path.symlink_to("/dev/zero"), NO_FILE),
    "a link to nothing": (
        lambda path: path.symlink_to("nowhere"),
        "Could not open the model file 'other': No such file or directory.",
    ),
    "a link to itself": (
        lambda path: path.symlink_to(path),
        "Could not open the model file 'other': Too many levels of symbolic links.",
    ),
    "no file": (
        lambda path: None,
        "Could not open the model file 'other': No such file or directory.",
    ),
    "another's tensors": (
        lambda path: save_file({"x": np.zeros(3)}, path),
        "'other' is a .safetensors file, but layerwise did not write it: it has no "
        "manifest. To count its parameters: layerwise count other",
    ),
    "a header of 100 MB": (
        lambda path: path.write_bytes(struct.pack("<Q", 10**8) + b"{" + bytes(10**8)),
        "'other' is larger than any model file: 100,000,009 bytes, of which "
        "100,000,000 describe it.",
    ),
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_what_is_no_model_file_is_refused(tmp_path, name):
    make, message = OTHER_FILES[name]
    make(tmp_path / "other")
    with pytest.raises(BundleError, match="^" + re.escape(message)):
        lw.load(tmp_path / "other")


@pytest.mark.parametrize("name", [".", "..", "/", Path("."), Path("")])
def test_a_folder_is_named_as_it_was_given(name):
    with pytest.raises(BundleError) as caught:
        lw.load(name)
    assert str(caught.value) == (
        f"{str(name)!r} is a folder, not a model file. Give the file that 'layerwise "
        "train' wrote."
    )


def test_a_file_of_5_gib_is_refused_unread(tmp_path):
    path = tmp_path / "other"
    with path.open("wb") as file:
        file.write(struct.pack("<Q", 16) + b'{"a":   1}      ')
        file.truncate(5 * 2**30)
    with pytest.raises(BundleError, match="is larger than any model file: 5,368,709"):
        lw.load(path)


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(container.os, "open", refuse)
    with pytest.raises(BundleError, match="model file 'x': Permission denied"):
        lw.load(tmp_path / "x")


def test_a_disk_that_fails_while_reading(models, tmp_path, monkeypatch):
    path = tmp_path / "model.safetensors"
    models["line"].save(path)

    class Broken(container.FileIO):
        def readinto(self, buffer):
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(container, "FileIO", Broken)
    with pytest.raises(BundleError, match="Could not read .*: Input/output error"):
        lw.load(path)


def test_a_file_that_shrinks_while_it_is_read(models, tmp_path, monkeypatch):
    path = tmp_path / "model.safetensors"
    models["line"].save(path)
    size = path.stat().st_size
    real = container.parse_header

    def cut(*arguments):
        os.truncate(path, size - 3)
        return real(*arguments)

    monkeypatch.setattr(container, "parse_header", cut)
    with pytest.raises(BundleError, match="became shorter while it was read"):
        lw.load(path)


def test_memory_that_runs_out_is_said(models, tmp_path, monkeypatch):
    path = tmp_path / "model.safetensors"
    models["line"].save(path)

    def full(*_):
        raise MemoryError

    monkeypatch.setattr(container.np, "empty", full)
    with pytest.raises(BundleError, match="does not fit into the memory of this mach"):
        lw.load(path)


@pytest.mark.parametrize("name", ["zero\0byte", "a" * 300])
def test_a_name_that_no_file_can_have(tmp_path, name):
    with pytest.raises(BundleError, match="There is no file of the name|name too long"):
        lw.load(tmp_path / name)


def test_every_truncation_is_refused(models, tmp_path):
    path = tmp_path / "model.safetensors"
    models["classes"].save(path)
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        with pytest.raises(BundleError, match="model.safetensors"):
            read_bundle(path)
    path.write_bytes(whole)
    assert read_bundle(path).facts == models["classes"].facts


def test_the_whole_message_for_parts_that_were_not_saved_together(attacked):
    path = attacked("both", tensor("layers/1/W", shape=[4, 9]))
    with pytest.raises(BundleError) as caught:
        lw.load(path)
    assert str(caught.value) == (
        "'model.safetensors' holds layers/1/W as F32 of shape (4, 9), but its manifest "
        "describes F32 of shape (9, 4). The two were not saved together: save the "
        "model again."
    )


def test_weights_that_overflow_are_said_when_predicting(attacked):
    def huge(parts):
        floats = np.frombuffer(parts.tensors, "<f4")
        floats[:] = 3e38

    model = lw.load(attacked("both", huge))
    with pytest.raises(DivergedError, match="for row 0 is beyond the range of numbers"):
        model.predict(table())


def test_a_target_unit_that_overflows_is_said_when_predicting(attacked):
    model = lw.load(attacked("line", put("layers", -1, "scale", 1e308)))
    with pytest.raises(DivergedError, match="is beyond the range of numbers"):
        model.predict({"price": ["$9", "$1e9"], "size": ["1", "2"]})


def test_a_model_that_holds_nan_is_not_saved(models, tmp_path):
    model, path = models["both"], tmp_path / "model.safetensors"
    path.write_bytes(b"before")
    layers = [dict(layer) for layer in model.params["layers"]]
    layers[1]["W"] = np.full_like(np.asarray(layers[1]["W"]), np.nan)
    part = replace(model.parts[0], networks=({"layers": layers},))
    with pytest.raises(BundleError, match="layers/1/W holds nan or .* was not saved"):
        write_bundle(path, replace(model, parts=(part,)))
    history = replace(model.history, loss=(float("inf"),))
    with pytest.raises(
        BundleError, match="history or its metrics hold nan or infinite"
    ):
        write_bundle(path, replace(model, history=history))
    assert path.read_bytes() == b"before"


def test_a_description_too_large_to_be_read_is_not_written(models, tmp_path):
    model, path = models["both"], tmp_path / "model.safetensors"
    line = model.history.epochs[0]
    many = replace(model, history=replace(model.history, epochs=(line,) * 60_000))
    with pytest.raises(BundleError, match="more values than a model file of its size"):
        many.save(path)
    long = replace(model, facts=replace(model.facts, layers="x" * 2**25))
    with pytest.raises(BundleError, match="33,55.,... characters, more than a model"):
        long.save(path)
    assert not path.exists()


def test_35_000_epochs_are_written_and_read(models, tmp_path):
    model, path = models["both"], tmp_path / "model.safetensors"
    line = model.history.epochs[0]
    many = replace(model, history=replace(model.history, epochs=(line,) * 35_000))
    many.save(path)
    assert lw.load(path).history == many.history


def test_the_file_is_what_the_format_says(models, tmp_path):
    path = tmp_path / "model.safetensors"
    models["mixed"].save(path)
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    manifest = json.loads(header.pop("__metadata__")["layerwise"])
    assert manifest["parts"][0]["layers"][1] == {
        "kind": "linear",
        "width": 8,
        "activation": "relu",
    }
    assert header["layers/1/W"]["shape"] == [57, 8]
    assert raw[8 : 8 + length].isascii()
    assert length % 8 == 0
