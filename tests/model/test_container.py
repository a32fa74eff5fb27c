"""The container: written by us or by others, opened once and read strictly."""

import json
import os
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from safetensors.numpy import save

from layerwise.errors import BundleError
from layerwise.model.container import checked_places, opened
from layerwise.model.count import count_file

arrays = hnp.arrays(
    np.float32,
    hnp.array_shapes(max_dims=3, max_side=4),
    elements=st.floats(-9, 9, width=32),
)


@given(st.dictionaries(st.from_regex(r"[a-z/0-9]{1,9}", fullmatch=True), arrays))
def test_what_safetensors_writes_is_read_back(tmp_path_factory, tensors):
    path = tmp_path_factory.getbasetemp() / "tensors.safetensors"
    path.write_bytes(save(tensors))
    with opened(path) as container:
        shapes = {name: array.shape for name, array in tensors.items()}
        places = checked_places(container, shapes, "F32")
        for name, place in places.items():
            assert container.read(name, place).tobytes() == tensors[name].tobytes()


def test_doubles_are_read_as_doubles(tmp_path):
    path, W = tmp_path / "x", np.array([[1.0, 1e300]])
    path.write_bytes(save({"W": W}))
    with opened(path) as container:
        (place,) = checked_places(container, {"W": (1, 2)}, "F64").values()
        assert container.read("W", place).tolist() == W.tolist()


def foreign(header):
    text = header.encode()
    return struct.pack("<Q", len(text)) + text


def test_a_foreign_file_may_hold_any_characters(tmp_path):
    path = tmp_path / "foreign.safetensors"
    place = '{"dtype":"BF16","shape":[3,2],"data_offsets":[0,0]}'
    path.write_bytes(foreign(f'{{"gewicht/größe":{place}}}'))
    (part,) = count_file(path)
    assert (part.name, part.shape, part.n_parameters) == ("gewicht/größe", (3, 2), 6)
    with (
        pytest.raises(BundleError, match="characters that model files write as esc"),
        opened(path),
    ):
        pass


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (b"{\xff}", "has a header that is not a text"),
        (b"{" + "é".encode() * 2**23 + b"}", "characters that model files write"),
        (b'{"a":1,"a":1}', "a key stands twice"),
        (b'{"a":[]}', "The tensor 'a' has no shape"),
        (b'{"a":{"shape":[-1]}}', "The tensor 'a' has no shape"),
        (b'{"a":{"shape":[true]}}', "The tensor 'a' has no shape"),
        (b'{"a":{"shape":[9223372036854775808]}}', "The tensor 'a' has no shape"),
        (b'{"a":{"shape":[1,1]}}', "The tensor 'a' has no dtype"),
        (b'{"a":{"shape":[1,1],"dtype":[]}}', "The tensor 'a' has no dtype"),
        (b'{"a":{"shape":[4611686018427387904,2]}}', "'a' has more entries than any"),
        (b'{"__metadata__":[]}', "has a header that is not a description"),
    ],
)
def test_a_foreign_file_is_refused_where_it_makes_no_sense(tmp_path, header, message):
    path = tmp_path / "foreign.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    with pytest.raises(BundleError, match=message):
        count_file(path)


def test_a_foreign_file_of_any_size_is_counted_by_its_header(tmp_path):
    path = tmp_path / "large.safetensors"
    place = '{"dtype":"F32","shape":[1000000,1000000],"data_offsets":[0,4000000000000]}'
    path.write_bytes(foreign(f'{{"W":{place}}}'))
    os.truncate(path, 2**36)
    assert count_file(path)[0].n_parameters == 10**12


@pytest.mark.parametrize(
    ("n_axes", "message"),
    [
        (64, "The tensor 'w' has more entries than any file can hold."),
        (300, "The tensor 'w' has 300 axes; at most 64 fit."),
        # a product of so many would take a minute
        (150_000, "The tensor 'w' has 150,000 axes; at most 64 fit."),
    ],
)
def test_a_shape_of_many_large_axes_is_refused_at_once(tmp_path, n_axes, message):
    path = tmp_path / "shape.safetensors"
    place = {"dtype": "F32", "shape": [2**62] * n_axes, "data_offsets": [0, 0]}
    path.write_bytes(foreign(json.dumps({"w": place})))
    with pytest.raises(BundleError) as caught:
        count_file(path)
    assert str(caught.value) == message


def test_a_shape_without_entries_has_none_however_large_its_axes(tmp_path):
    path = tmp_path / "empty.safetensors"
    place = {"dtype": "F32", "shape": [2**62, 2**62, 0], "data_offsets": [0, 0]}
    path.write_bytes(foreign(json.dumps({"w": place})))
    assert count_file(path)[0].n_parameters == 0


@pytest.mark.parametrize(
    ("dtype", "n_parameters"),
    [
        *(("F64", 6), ("F32", 6), ("F16", 6), ("BF16", 6), ("F8_E4M3", 6), ("F4", 6)),
        *(("I64", 0), ("I8", 0), ("U8", 0), ("BOOL", 0), ("odd", 0)),
    ],
)
def test_only_floating_point_numbers_are_learnable(tmp_path, dtype, n_parameters):
    path = tmp_path / "foreign.safetensors"
    path.write_bytes(foreign(json.dumps({"a": {"dtype": dtype, "shape": [3, 2]}})))
    (part,) = count_file(path)
    assert (part.n_entries, part.n_parameters) == (6, n_parameters)


def test_every_open_file_is_closed_again(tmp_path):
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(save({"W": np.zeros(1, np.float32)}))
    bad.write_bytes(good.read_bytes()[:-1] + b"")
    before = len(os.listdir("/dev/fd"))
    for _ in range(50):
        with opened(good):
            pass
        for path in (tmp_path, tmp_path / "nowhere", "/dev/null"):
            with (
                pytest.raises(BundleError, match="Could not|is a (folder|pipe)"),
                opened(path),
            ):
                pass
        with pytest.raises(BundleError, match="cut short"), opened(bad) as container:
            checked_places(container, {"W": (1,)}, "F32")
    assert len(os.listdir("/dev/fd")) == before
