"""The container: written by us or by others, opened once and read strictly."""

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
                pytest.raises(BundleError, match="Could not|is a folder"),
                opened(path),
            ):
                pass
        with pytest.raises(BundleError, match="cut short"), opened(bad) as container:
            checked_places(container, {"W": (1,)}, "F32")
    assert len(os.listdir("/dev/fd")) == before
