"""Model files that ask for as much memory as they can without being refused at once.

Each holds one costly thing as many times as the strict parser lets through.
"""

from collections.abc import Callable
from typing import Any

from fuzz_files import Parts, written

from layerwise.model.strict import ROOM, most_memory

Grow = Callable[[Parts, int], None]


def put(*keys: Any) -> Callable[[Callable[[int], Any]], Grow]:
    """Return a way to put something that grows at a place of the manifest."""

    def by(make: Callable[[int], Any]) -> Grow:
        def grow(parts: Parts, n: int) -> None:
            tree = parts.manifest["parts"][0] if keys[0] == "layers" else parts.manifest
            for key in keys[:-1]:
                tree = tree[key]
            tree[keys[-1]] = make(n)

        return grow

    return by


def columns(parts: Parts, n: int) -> None:
    """Let the schema have n columns more, as it might."""
    column = parts.manifest["schema"]["columns"][0]
    own = [column | {"name": f"{k} {column['name']}"} for k in range(n)]
    parts.manifest["schema"]["columns"] += own


def inputs(parts: Parts, n: int) -> None:
    """Let the input layer have n numbers more, each of its own size."""
    layer = parts.manifest["parts"][0]["layers"][0]
    layer["center"] += [k / 7 for k in range(n // 2)]
    layer["scale"] += [1 + k / 7 for k in range(n // 2)]


def piecewise(bins: list[Any]) -> dict[str, Any]:
    """Describe an encoding of many bins."""
    return {"bins": bins, "width": 0, "activation": "identity"}


def epochs(parts: Parts, n: int) -> None:
    history = parts.manifest["history"]
    (first, *_) = history["epochs"]
    lines = [{name: k / 7 + i for i, name in enumerate(first)} for k in range(n)]
    history["epochs"] = lines


def tensors(parts: Parts, n: int) -> None:
    end = len(parts.tensors)
    entry = {"dtype": "F32", "shape": [0], "data_offsets": [end, end]}
    parts.header |= {f"layers/{k}/W": entry for k in range(n)}


GREEDY: dict[str, Grow] = {
    "edges": put("layers", 0, "encoding")(
        lambda n: piecewise([[k / 7 for k in range(n)]])
    ),
    "bins": put("layers", 0, "encoding")(lambda n: piecewise([[0, 1]] * n)),
    "quantiles": put("layers", 0, "quantiles")(lambda n: [[0.5, 1.5]] * n),
    "zeros": put("history", "loss")(lambda n: [0] * n),
    "floats": put("history", "loss")(lambda n: [k / 7 for k in range(n)]),
    "short texts": put("history", "loss")(lambda n: [f"{k:x}" for k in range(n)]),
    "empty objects": put("history", "epochs")(lambda n: [{}] * n),
    "small objects": put("history", "epochs")(lambda n: [{"a": 0}] * n),
    "keys": put("facts", "valid")(lambda n: {f"{k:x}": k / 7 for k in range(n)}),
    "objects of other keys": put("history", "epochs")(
        lambda n: [{f"{k:x}": 0} for k in range(n)]
    ),
    "rules": put("schema", "columns")(
        lambda n: [{"rule": {"order": k}} for k in range(n)]
    ),
    "categories": put("layers", 0, "categories")(
        lambda n: [{"size": 300 + k, "width": 0, "has_other": False} for k in range(n)]
    ),
    "texts": put("layers", 0, "texts")(
        lambda n: [{"width": 300 + k, "has_flag": False} for k in range(n)]
    ),
    "columns": columns,
    "inputs": inputs,
    "epochs": epochs,
    "tensors": tensors,
}


def price(parts: Parts) -> int:
    """Return what the strict parser thinks that a file may cost, less its length."""
    texts = written(parts.manifest), written(parts.header)
    return max(most_memory(text) - len(text) for text in texts)


def greedy_files(raw: bytes, grow: Grow) -> tuple[bytes, bytes]:
    """Make a file that costs nearly all that is allowed, and one that costs more."""

    def grown(n: int) -> Parts:
        parts = Parts.of(raw)
        grow(parts, n)
        return parts

    few, some = 5_000, 15_000
    slope = (price(grown(some)) - price(grown(few))) / (some - few)
    n = int(0.95 * ROOM / slope)
    return grown(n).joined(), grown(int(n * 1.1)).joined()
