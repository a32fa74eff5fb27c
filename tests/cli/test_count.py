"""layerwise count: how many learnable parameters."""

import json
import struct
import sys

import numpy as np
import onnx
import pytest
from safetensors.numpy import save_file


def test_json_of_a_layers_text(command):
    ran = command("count", "64 relu, 32 relu", "--inputs", 3, "--json")
    assert ran.json == {
        "n_parameters": 3 * 64 + 64 + 64 * 32 + 32 + 32 + 1,
        "parts": [
            {"name": "layers/1/W", "shape": [3, 64], "n_parameters": 192},
            {"name": "layers/1/b", "shape": [64], "n_parameters": 64},
            {"name": "layers/2/W", "shape": [64, 32], "n_parameters": 2048},
            {"name": "layers/2/b", "shape": [32], "n_parameters": 32},
            {"name": "layers/3/W", "shape": [32, 1], "n_parameters": 32},
            {"name": "layers/3/b", "shape": [1], "n_parameters": 1},
        ],
    }


def test_a_line_has_two(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    ran = command("count", "linear")
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        "part        shape  learnable parameters",
        "layers/1/W  1 x 1                     1",
        "layers/1/b  1                         1",
        "all parts                             2",
        "",
        "2 ▲----------------------------------------------------- 685 billion",
        "A line has 2. DeepSeek R1 has about 685,000,000,000: 342 billion times as "
        "many as this.",
    ]


def test_narrow_terminal_keeps_every_digit(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    out = command("count", "6400 relu, 12800 relu", "--inputs", 3).out
    assert max(map(len, out.splitlines())) <= 40
    assert "…" not in out
    assert "81,920,000" in out


def test_model_file_counts_what_show_shows(command, people_model):
    counted = command("count", people_model.path, "--json").json
    assert counted["n_parameters"] == people_model.ran.json["n_parameters"]
    assert [part["name"] for part in counted["parts"]] == [
        "layers/1/W",
        "layers/1/b",
        "layers/2/W",
        "layers/2/b",
    ]


def test_foreign_safetensors_file(command, tmp_path):
    path = tmp_path / "foreign.safetensors"
    tensors = {
        "model.embed": np.zeros((10, 4), np.float16),
        "head.weight": np.zeros((4, 3), np.float32),
    }
    save_file(tensors, path)
    counted = command("count", path, "--json").json
    assert counted["n_parameters"] == 52
    assert {part["name"]: part["shape"] for part in counted["parts"]} == {
        "model.embed": [10, 4],
        "head.weight": [4, 3],
    }


@pytest.fixture
def onnx_file(tmp_path):
    weights = onnx.numpy_helper.from_array(np.zeros((5, 2), np.float32), "W")
    graph = onnx.helper.make_graph([], "g", [], [], [weights])
    path = tmp_path / "m.onnx"
    onnx.save(onnx.helper.make_model(graph), path)
    return path


def test_onnx_file(command, onnx_file):
    counted = command("count", onnx_file, "--json").json
    assert counted == {
        "n_parameters": 10,
        "parts": [{"name": "W", "shape": [5, 2], "n_parameters": 10}],
    }


def test_only_floating_point_tensors_of_onnx_are_learnable(command, tmp_path):
    tensors = [
        onnx.numpy_helper.from_array(np.zeros((5, 2), np.float16), "W"),
        onnx.numpy_helper.from_array(np.array([2, 2], np.int64), "shape"),
        onnx.numpy_helper.from_array(np.zeros(7, np.bool_), "mask"),
        onnx.TensorProto(name="odd", data_type=99, dims=[3]),
    ]
    path = tmp_path / "m.onnx"
    onnx.save(
        onnx.helper.make_model(onnx.helper.make_graph([], "g", [], [], tensors)), path
    )
    ran = command("count", path, "--json")
    assert ran.json == {
        "n_parameters": 10,
        "parts": [{"name": "W", "shape": [5, 2], "n_parameters": 10}],
    }
    assert ran.err == (
        "Left out: 12 entries that are not floating-point, in 'shape', 'mask', 'odd'.\n"
    )


def test_only_floating_point_tensors_are_learnable(command, tmp_path):
    path = tmp_path / "foreign.safetensors"
    tensors = {
        "bn.weight": np.zeros(4, np.float64),
        "bn.num_batches_tracked": np.array(9, np.int64),
    }
    save_file(tensors, path)
    ran = command("count", path)
    assert ran.err == (
        "Left out: 1 entry that is not floating-point, in 'bn.num_batches_tracked'.\n"
    )
    assert "num_batches" not in ran.out
    (total,) = [x for x in ran.out.splitlines() if x.startswith("all parts")]
    assert total.split()[-1] == "4"


@pytest.mark.parametrize("dims", [[-1], [2**62] * 2, [1] * 65])
def test_onnx_shape_that_is_none(command, tmp_path, dims):
    tensor = onnx.TensorProto(name="W", data_type=1, dims=dims)
    path = tmp_path / "m.onnx"
    onnx.save(
        onnx.helper.make_model(onnx.helper.make_graph([], "g", [], [], [tensor])), path
    )
    ran = command("count", path)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("Error: The tensor 'W' has ")


def test_shape_of_300_large_axes(command, tmp_path):
    place = {"dtype": "F32", "shape": [2**62] * 300, "data_offsets": [0, 0]}
    header = json.dumps({"w": place}).encode()
    path = tmp_path / "foreign.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    ran = command("count", path)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "Error: The tensor 'w' has 300 axes; at most 64 fit.\n"


@pytest.mark.parametrize("name", ["models", ".", "models.onnx", "models.safetensors"])
def test_a_folder_is_no_file(command, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).mkdir(exist_ok=True)
    ran = command("count", name)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        f"Error: {name!r} is a folder, not a model file. Give the file that "
        "'layerwise train' wrote.\n"
    )


@pytest.mark.parametrize("layers", ["linear", "mlp", "64", "64 relu"])
def test_layers_are_counted_though_a_folder_has_their_name(
    command, tmp_path, monkeypatch, layers
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / layers).mkdir()
    assert command("count", layers).code == 0


def test_layers_longer_than_any_file_name(command):
    ran = command("count", ", ".join(["2 relu"] * 600), "--json")
    assert ran.json["n_parameters"] == 2 + 2 + 599 * 6 + 3


def test_onnx_file_without_onnx(command, onnx_file, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    ran = command("count", onnx_file)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Error: Counting an ONNX file needs the package 'onnx', which is not "
        'installed. Install it with: pip install "layerwise[onnx]"\n'
    )


def test_many_parts_are_added_up(command):
    out = command("count", ", ".join(["2 relu"] * 30), "--inputs", 2).out
    lines = out.splitlines()
    assert any(line.startswith("22 more parts") for line in lines)
    (total,) = [line for line in lines if line.startswith("all parts")]
    assert total.split()[-1] == str(30 * 6 + 3)


@pytest.mark.parametrize("outputs", [0, -1, 1_000_001])
def test_outputs_out_of_range(command, outputs):
    ran = command("count", "linear", "--outputs", outputs)
    assert ran.code == 2
    assert ran.err == (
        f"Error: The 'outputs' of a network are from 1 to 1,000,000. Got {outputs}.\n"
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "none.safetensors",
            None,
            "Could not open the model file 'none.safetensors': No such file or "
            "directory.",
        ),
        (
            "none.onnx",
            None,
            "Could not open the model file 'none.onnx': No such file or directory.",
        ),
        ("odd.onnx", b"\xff" * 40, "'odd.onnx' cannot be read as ONNX."),
    ],
)
def test_file_that_cannot_be_counted(command, tmp_path, name, content, message):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    ran = command("count", path)
    assert (ran.code, ran.out, ran.err) == (1, "", f"Error: {message}\n")
