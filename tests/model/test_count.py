"""Models in many files: an index stands for all of them, and only headers are read."""

import json
import math
import struct
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from layerwise.errors import BundleError
from layerwise.model.count import count_file

Tensors = list[tuple[str, str, list[int]]]
SIZES = {"F8_E4M3": 1, "BF16": 2, "F32": 4}

HIDDEN, VOCABULARY, LAYERS, DENSE, EXPERT, EXPERTS = 7168, 129280, 61, 18432, 2048, 256
Q_RANK, KV_RANK, HEADS, PLAIN, ROTARY, VALUE = 1536, 512, 128, 128, 64, 128


def scaled(name: str, out: int, into: int) -> Tensors:
    """Return weights of 8 bits, with a scale for each block of 128 x 128."""
    blocks = [math.ceil(out / 128), math.ceil(into / 128)]
    return [
        (f"{name}.weight", "F8_E4M3", [out, into]),
        (f"{name}.weight_scale_inv", "F32", blocks),
    ]


def whole(name: str, *shape: int) -> Tensors:
    return [(f"{name}.weight", "BF16", list(shape))]


def mlp(name: str, width: int) -> Tensors:
    return [
        *scaled(f"{name}.gate_proj", width, HIDDEN),
        *scaled(f"{name}.up_proj", width, HIDDEN),
        *scaled(f"{name}.down_proj", HIDDEN, width),
    ]


def layer(l: int) -> Tensors:
    at, own = f"model.layers.{l}", f"model.layers.{l}.self_attn"
    tensors = [
        *whole(f"{at}.input_layernorm", HIDDEN),
        *whole(f"{at}.post_attention_layernorm", HIDDEN),
        *scaled(f"{own}.q_a_proj", Q_RANK, HIDDEN),
        *whole(f"{own}.q_a_layernorm", Q_RANK),
        *scaled(f"{own}.q_b_proj", HEADS * (PLAIN + ROTARY), Q_RANK),
        *scaled(f"{own}.kv_a_proj_with_mqa", KV_RANK + ROTARY, HIDDEN),
        *whole(f"{own}.kv_a_layernorm", KV_RANK),
        *scaled(f"{own}.kv_b_proj", HEADS * (PLAIN + VALUE), KV_RANK),
        *scaled(f"{own}.o_proj", HIDDEN, HEADS * VALUE),
    ]
    if l < 3:
        return [*tensors, *mlp(f"{at}.mlp", DENSE)]
    tensors += whole(f"{at}.mlp.gate", EXPERTS, HIDDEN)
    tensors += [(f"{at}.mlp.gate.e_score_correction_bias", "F32", [EXPERTS])]
    for e in range(EXPERTS):
        tensors += mlp(f"{at}.mlp.experts.{e}", EXPERT)
    return [*tensors, *mlp(f"{at}.mlp.shared_experts", EXPERT)]


def deepseek_r1() -> Tensors:
    """Return the tensors of DeepSeek R1, by its published configuration."""
    last = f"model.layers.{LAYERS}"
    return [
        *whole("model.embed_tokens", VOCABULARY, HIDDEN),
        *(tensor for l in range(LAYERS + 1) for tensor in layer(l)),
        *whole("model.norm", HIDDEN),
        *whole("lm_head", VOCABULARY, HIDDEN),
        *whole(f"{last}.embed_tokens", VOCABULARY, HIDDEN),
        *whole(f"{last}.enorm", HIDDEN),
        *whole(f"{last}.hnorm", HIDDEN),
        *whole(f"{last}.eh_proj", HIDDEN, 2 * HIDDEN),
        *whole(f"{last}.shared_head.head", VOCABULARY, HIDDEN),
        *whole(f"{last}.shared_head.norm", HIDDEN),
    ]


def write_sparse(path: Path, tensors: Tensors) -> None:
    """Write a file of the right size that takes no room but for its header."""
    header, end = {}, 0
    for name, dtype, shape in tensors:
        size = math.prod(shape) * SIZES[dtype]
        header[name] = {
            "dtype": dtype,
            "shape": shape,
            "data_offsets": [end, end + size],
        }
        end += size
    text = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + end)


def test_deepseek_r1_is_counted_by_its_headers(tmp_path: Path) -> None:
    tensors = deepseek_r1()
    n = 163
    places = {}
    for k in range(n):
        own = tensors[k::n]
        shard = f"model-{k + 1:05}-of-{n:06}.safetensors"
        try:
            write_sparse(tmp_path / shard, own)
        except OSError as error:
            pytest.skip(f"no large sparse files here: {error}")
        places |= {name: shard for name, _, _ in own}
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {"total_size": 1}, "weight_map": places}))
    began = time.perf_counter()
    parts = count_file(index)
    assert time.perf_counter() - began < 60  # 2 seconds, where nothing else runs
    assert len(parts) == 91_991
    # 684.531 billion is what its record says
    assert sum(part.n_parameters for part in parts) == 684_531_386_000
    # and 671 billion without the module that predicts one token more
    main = [p for p in parts if ".layers.61." not in p.name and "scale" not in p.name]
    assert round(sum(part.n_parameters for part in main) / 1e9) == 671


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Write a model in two files."""
    save_file({"a": np.zeros((2, 3), np.float32)}, tmp_path / "one.safetensors")
    two = {"b": np.zeros(5, np.float16), "steps": np.zeros(1, np.int64)}
    save_file(two, tmp_path / "two.safetensors")
    path = tmp_path / "model.safetensors.index.json"
    places = {
        "a": "one.safetensors",
        "b": "two.safetensors",
        "steps": "two.safetensors",
    }
    path.write_text(json.dumps({"weight_map": places}))
    return path


def test_an_index_stands_for_all_its_files(index: Path) -> None:
    assert [(part.name, part.n_parameters) for part in count_file(index)] == [
        ("a", 6),
        ("b", 5),
        ("steps", 0),
    ]


BROKEN: dict[str, tuple[Any, str]] = {
    "no object": ([1], "does not say which .safetensors file beside it"),
    "no map": ({"metadata": {}}, "under 'weight_map'"),
    "a map of lists": ({"weight_map": {"a": ["one.safetensors"]}}, "does not say"),
    "a path": ({"weight_map": {"a": "../one.safetensors"}}, "does not say which"),
    "a Windows path": ({"weight_map": {"a": "c:\\one.safetensors"}}, "does not say"),
    "another ending": ({"weight_map": {"a": "/etc/passwd"}}, "does not say which"),
    "itself": (
        {"weight_map": {"a": "model.safetensors.index.json"}},
        "does not say which",
    ),
    "a file that is not there": (
        {"weight_map": {"a": "none.safetensors"}},
        "Could not open the model file 'none.safetensors'",
    ),
    "a tensor too few": (
        {"weight_map": {"a": "one.safetensors", "b": "two.safetensors"}},
        "do not hold the same tensors: 'steps'",
    ),
    "a tensor too many": (
        {"weight_map": {"a": "one.safetensors", "c": "one.safetensors"}},
        "do not hold the same tensors: 'c'",
    ),
    "many files": (
        {"weight_map": {f"{i}": f"{i}.safetensors" for i in range(5000)}},
        "names more than 4,096 files",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_index_is_refused(index: Path, name: str) -> None:
    content, told = BROKEN[name]
    index.write_text(json.dumps(content))
    with pytest.raises(BundleError, match=told):
        count_file(index)


@pytest.mark.parametrize("raw", [b"", b"{", b'{"weight_map": {}, "weight_map": {}}'])
def test_what_is_no_clean_json_is_refused(index: Path, raw: bytes) -> None:
    index.write_bytes(raw)
    with pytest.raises(BundleError, match="is not clean JSON"):
        count_file(index)


def test_a_tensor_that_stands_twice_is_told(index: Path) -> None:
    save_file({"a": np.zeros(2, np.float32)}, index.with_name("three.safetensors"))
    places = json.loads(index.read_text())["weight_map"] | {"d": "three.safetensors"}
    index.write_text(json.dumps({"weight_map": places}))
    with pytest.raises(BundleError, match="do not hold the same tensors: 'd'"):
        count_file(index)
