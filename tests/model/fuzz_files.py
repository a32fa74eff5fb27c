"""Broken model files, made from real ones by rules that know the format.

File number i of a fuzz is always the same file: every random number comes from
(seed, i). A file is taken apart into its manifest, its header and its tensors'
bytes, changed in one to three places, and put together again.

What JSON's own writer would refuse to write is marked in texts and written in
by hand: ``RAW`` before a text puts the text itself there, ``TWICE`` before a
key makes it the same as another.
"""

import copy
import json
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

RAW = "\x01"
TWICE = "\x02"

NUMBERS = (
    *(0, -1, 1, 2, 7, 64, 65_536, 65_537, 10**6, 2**31, 2**53 + 1, 2**60, 2**63),
    *(-(2**63), 2**64, 10**19, 10**30, -0.0, 0.5, 1.5, 1e-320, 1e300, -1e308, 3.5e38),
    *(RAW + "NaN", RAW + "Infinity", RAW + "-Infinity", RAW + "1e999", RAW + "-1e400"),
    *(
        RAW + "9" * 5_000,
        RAW + "01",
        RAW + "1e5",
        RAW + ".5",
        RAW + "0x10",
        RAW + "--1",
    ),
)
TEXTS = (
    *("", " ", "a", "../../etc/passwd", "/dev/zero", "\x00", "\ud800", "x\udfff", "é"),
    *("\u202e", "🙂" * 40, "\x1b[2J", "a" * 3_000, "$(reboot)", "__class__", "NaN"),
    *("regression", "binary", "multiclass", "relu", "softmax", "sigmoid", "identity"),
    *("squared", "huber", "binary-cross-entropy", "categorical-cross-entropy"),
    *("input", "linear", "dropout", "output", "number", "category", "date", "yes/no"),
    *(
        "one-hot",
        "embedding",
        "left out",
        "undecided",
        "day-first",
        "F32",
        "F64",
        "I64",
    ),
    *("text", "constant", "id", "empty", ",", ".", "%", "(", "\\", "numbers", "dates"),
)
ENDLESS = "{" + ":" * 200_000 + '"' + '\\"' * 100_000
"""A text that never ends, and so many colons that its keys are counted."""
OTHERS = (None, True, False, [], {}, [[]], [None], {"a": 1}, RAW + "[" * 3_000, RAW)


@dataclass
class Parts:
    """A model file taken apart."""

    manifest: Any
    header: dict[str, Any]
    tensors: bytearray

    @classmethod
    def of(cls, raw: bytes) -> "Parts":
        """Take a file apart."""
        (length,) = struct.unpack("<Q", raw[:8])
        header = json.loads(raw[8 : 8 + length])
        manifest = json.loads(header.pop("__metadata__")["layerwise"])
        return cls(manifest, header, bytearray(raw[8 + length :]))

    def joined(self) -> bytes:
        """Put the file together again."""
        metadata = self.header.pop("__metadata__", None)
        if metadata is None:
            metadata = {"layerwise": written(self.manifest)}
        text = written({"__metadata__": metadata, **self.header}).encode()
        text += b" " * (-len(text) % 8)
        return struct.pack("<Q", len(text)) + text + self.tensors


def written(value: Any) -> str:
    """Write JSON, clean or not."""
    text = json.dumps(value, separators=(",", ":"))
    text = text.replace(r"\u0002", "")
    return re.sub(r'"\\u0001([^"]*)"', r"\1", text)


Random = np.random.Generator
Change = Callable[[Random, Parts], None]


def pick(rng: Random, items: Any) -> Any:
    return items[int(rng.integers(len(items)))]


def place(rng: Random, tree: Any) -> tuple[Any, Any]:
    """Choose a place in a tree: a container in it, and one of its keys."""
    while True:
        key = pick(rng, list(tree) if isinstance(tree, dict) else range(len(tree)))
        inner = tree[key]
        if not isinstance(inner, dict | list) or not inner or rng.random() < 0.15:
            return tree, key
        tree = inner


def trees(rng: Random, parts: Parts) -> Any:
    """Choose what to change: the manifest mostly, else the header."""
    return parts.manifest if rng.random() < 0.75 else parts.header


def odd_value(rng: Random, old: Any) -> Any:
    """Make a value that could stand where another one stood."""
    kind = rng.random()
    if kind < 0.2:
        # a copy: what is put into one file must not be found in the next
        return copy.deepcopy(pick(rng, OTHERS))
    is_number = isinstance(old, int | float) and not isinstance(old, bool)
    if is_number and kind < 0.4:
        return old + pick(rng, (-1, 1, 0.5, -old, old, 1e-9))
    return pick(rng, NUMBERS if is_number == (kind < 0.85) else TEXTS)


def replace_value(rng: Random, parts: Parts) -> None:
    tree, key = place(rng, trees(rng, parts))
    tree[key] = odd_value(rng, tree[key])


def replace_word(rng: Random, parts: Parts) -> None:
    """Put another word of the format where a word stands."""
    for _ in range(20):
        tree, key = place(rng, parts.manifest)
        if isinstance(tree[key], str):
            tree[key] = pick(rng, TEXTS)
            return


def drop(rng: Random, parts: Parts) -> None:
    tree, key = place(rng, trees(rng, parts))
    del tree[key]


def duplicate(rng: Random, parts: Parts) -> None:
    tree, key = place(rng, trees(rng, parts))
    if isinstance(tree, list):
        n = pick(rng, (1, 2, 300))
        tree[key:key] = [copy.deepcopy(tree[key]) for _ in range(n)]
    else:
        tree[TWICE + key] = copy.deepcopy(
            pick(rng, (tree[key], odd_value(rng, tree[key])))
        )


def rename(rng: Random, parts: Parts) -> None:
    tree, key = place(rng, trees(rng, parts))
    if isinstance(tree, dict):
        value = tree.pop(key)
        tree[pick(rng, (key.upper(), key + " ", key[:-1], "é" + key, *TEXTS))] = value


def add_key(rng: Random, parts: Parts) -> None:
    tree, key = place(rng, trees(rng, parts))
    if isinstance(tree, dict):
        tree[pick(rng, TEXTS)] = copy.deepcopy(tree[key])
    else:
        tree.append(odd_value(rng, tree[key]))


def retarget(rng: Random, parts: Parts) -> None:
    """Put one part of the file in the place of another."""
    source, from_key = place(rng, trees(rng, parts))
    tree, key = place(rng, trees(rng, parts))
    tree[key] = json.loads(json.dumps(source[from_key]))


def swap(rng: Random, parts: Parts) -> None:
    tree, key = place(rng, trees(rng, parts))
    other = pick(rng, list(tree) if isinstance(tree, dict) else range(len(tree)))
    tree[key], tree[other] = tree[other], tree[key]


def change_layer(rng: Random, parts: Parts) -> None:
    """Change a layer, and the tensors with it now and then."""
    part = pick(rng, parts.manifest["parts"])
    layers = part["layers"]
    number = int(rng.integers(len(layers)))
    layer = layers[number]
    key = pick(rng, list(layer))
    layer[key] = odd_value(rng, layer[key])
    if key == "width" and isinstance(layer[key], int):
        for name, axis in ((f"layers/{number}/W", 1), (f"layers/{number}/b", 0)):
            parts.header[name]["shape"][axis] = layer[key]


def change_shape(rng: Random, parts: Parts) -> None:
    entry = parts.header[pick(rng, list(parts.header))]
    shape, size = entry["shape"], pick(rng, NUMBERS)
    kind = rng.integers(5)
    if kind == 0:
        entry["shape"] = [0, 2**60]
    elif kind == 1:
        shape.append(1)
    elif kind == 4:
        entry["shape"] = [2**62] * pick(rng, (3, 64, 65, 3_000))
    elif kind == 2:
        entry["shape"] = shape[::-1]
    else:
        shape[int(rng.integers(len(shape)))] = size


def change_offsets(rng: Random, parts: Parts) -> None:
    """Leave holes, let tensors overlap, or point outside."""
    entry = parts.header[pick(rng, list(parts.header))]
    offsets = entry["data_offsets"]
    kind = rng.integers(4)
    if kind == 0:
        entry["data_offsets"] = [offset + 4 for offset in offsets]
    elif kind == 1:
        other = parts.header[pick(rng, list(parts.header))]
        entry["data_offsets"] = other["data_offsets"]
    elif kind == 2:
        entry["data_offsets"] = offsets[::-1]
    else:
        offsets[int(rng.integers(2))] = pick(rng, NUMBERS)


def change_dtype(rng: Random, parts: Parts) -> None:
    dtype = pick(
        rng, ("F16", "BF16", "F32", "F64", "I64", "U8", "BOOL", "f32", 4, None)
    )
    if rng.random() < 0.5:
        parts.manifest["dtype"] = dtype
    for entry in parts.header.values():
        entry["dtype"] = dtype
        if rng.random() < 0.3:
            break


def add_tensors(rng: Random, parts: Parts) -> None:
    end = len(parts.tensors)
    for number in range(pick(rng, (1, 3, 400))):
        name = pick(rng, (f"layers/{number}/W", f"x{number}", f"last/{number}", "../x"))
        parts.header[name] = {
            "dtype": "F32",
            "shape": pick(rng, ([0], [0, 2**60], [])),
            "data_offsets": [end, end],
        }


def change_metadata(rng: Random, parts: Parts) -> None:
    text = written(parts.manifest)
    parts.header["__metadata__"] = pick(
        rng,
        (
            None,
            {},
            [],
            text,
            {"layerwise": text, "format": "pt"},
            {"layerwise": parts.manifest},
            {"Layerwise": text},
            {"layerwise": text[: len(text) // 2]},
            {"layerwise": text + "}"},
            {"layerwise": text.replace(",", " ,\n")},
            {"layerwise": pick(rng, NUMBERS)},
            {"layerwise": pick(rng, TEXTS)},
            {"layerwise": "[" * 100_000},
            {"layerwise": ENDLESS},
            {"layerwise": text, TWICE + "layerwise": text},
        ),
    )


def change_floats(rng: Random, parts: Parts) -> None:
    """Write other numbers into the tensors."""
    dtype = "<f8" if parts.manifest.get("dtype") == "F64" else "<f4"
    floats = np.frombuffer(parts.tensors, dtype, len(parts.tensors) // int(dtype[2]))
    if not len(floats):
        return
    many = pick(rng, (1, 3, len(floats)))
    where = rng.integers(len(floats), size=many)
    values = (np.nan, np.inf, -np.inf, 0.0, 1e-40, 1e30, -3e38, 1e300, 1.5, -2.0)
    kind = rng.integers(3)
    with np.errstate(over="ignore"):
        if kind == 0:
            floats[where] = pick(rng, values)
        elif kind == 1:
            floats[where] = rng.normal(size=many) * pick(rng, (1.0, 1e3, 1e20, 1e37))
        else:
            floats[where] = np.frombuffer(rng.bytes(many * floats.itemsize), dtype)


def resize_tensors(rng: Random, parts: Parts) -> None:
    size = pick(rng, (1, 4, 8, 100))
    if rng.random() < 0.5:
        parts.tensors += rng.bytes(size)
    else:
        del parts.tensors[-size:]


CHANGES: tuple[tuple[Change, int], ...] = (
    (replace_value, 8),
    (replace_word, 4),
    (drop, 3),
    (duplicate, 3),
    (rename, 2),
    (add_key, 2),
    (retarget, 4),
    (swap, 2),
    (change_layer, 5),
    (change_shape, 2),
    (change_offsets, 2),
    (change_dtype, 1),
    (add_tensors, 1),
    (change_metadata, 1),
    (change_floats, 6),
    (resize_tensors, 1),
)
LOTS = [change for change, weight in CHANGES for _ in range(weight)]


def with_changed_parts(rng: Random, raw: bytes) -> bytes:
    """Change one to three places of a file, knowing its format."""
    parts = Parts.of(raw)
    for _ in range(int(rng.integers(1, 4))):
        try:
            pick(rng, LOTS)(rng, parts)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            continue  # an earlier change took away what this one would change
    return parts.joined()


def with_changed_bytes(rng: Random, raw: bytes, other: bytes) -> bytes:
    """Change the bytes of a file, not knowing what they mean."""
    (length,) = struct.unpack("<Q", raw[:8])
    at, end = sorted(int(one) for one in rng.integers(len(raw) + 1, size=2))
    kind = int(rng.integers(10))
    if kind == 0:
        return raw[:at]
    if kind == 9:
        return struct.pack("<Q", len(ENDLESS)) + ENDLESS.encode() + raw[8 + length :]
    if kind == 1:
        return raw[:at] + other[at:]
    if kind == 2:
        return raw[:at] + rng.bytes(min(end - at, 50)) + raw[end:]
    if kind == 3:
        return raw[:at] + raw[end:]
    if kind == 4:
        changed = bytearray(raw)
        for where in rng.integers(len(raw), size=pick(rng, (1, 2, 30))):
            changed[where] ^= 1 << int(rng.integers(8))
        return bytes(changed)
    if kind == 5:
        odd = (0, 1, 7, length - 1, length + 1, length - 8, len(raw) - 8, len(raw))
        odd += (2**26, 2**31, 2**40, 2**62, 2**63, 2**64 - 1)
        return struct.pack("<Q", pick(rng, odd)) + raw[8:]
    if kind == 6:
        return rng.bytes(int(rng.integers(200)))
    if kind == 7:
        return other[: 8 + struct.unpack("<Q", other[:8])[0]] + raw[8 + length :]
    text = raw[8 : 8 + length].replace(b" ", pick(rng, (b"\xff", b"\t", b"\0", b",")))
    return raw[:8] + text + raw[8 + length :]


def broken_file(seed: int, number: int, files: list[bytes]) -> bytes:
    """Make file number so-and-so of a fuzz from real files."""
    rng = np.random.Generator(np.random.Philox(key=[seed, number]))
    raw, other = pick(rng, files), pick(rng, files)
    if rng.random() < 0.15:
        return with_changed_bytes(rng, raw, other)
    return with_changed_parts(rng, raw)
