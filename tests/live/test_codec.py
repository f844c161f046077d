"""Reply bytes: unpacking reverses packing, and the layout is the one the browser reads."""

import base64
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from nnviz.live.codec import TYPES, pack, unpack

VECTOR = json.loads(Path(__file__).with_name("frame-vector.json").read_text(encoding="utf-8"))

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text(), values, max_size=4),
    max_leaves=10,
)
headers = st.dictionaries(st.text().filter(lambda name: name != "arrays"), json_values, max_size=6)
numpy_arrays = st.sampled_from(list(TYPES.values())).flatmap(
    lambda dtype: arrays_of.arrays(
        dtype, arrays_of.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=5)
    )
)
contents = st.dictionaries(st.text(), numpy_arrays, max_size=6)


def same(a, b):
    """Equal to the bit, NaN included."""
    return (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())


@given(headers, contents)
def test_unpack_returns_what_was_packed(header, arrays):
    found_header, found_arrays = unpack(pack(header, arrays))
    assert found_header == header
    assert found_arrays.keys() == arrays.keys()
    assert all(same(found_arrays[name], array) for name, array in arrays.items())


@given(headers, contents)
def test_every_array_lies_on_a_multiple_of_its_item_size(header, arrays):
    reply = pack(header, arrays)
    (length,) = struct.unpack_from("<I", reply)
    start = 4 + length
    for name, kind, shape in json.loads(reply[4:start])["arrays"]:
        assert start % TYPES[kind].itemsize == 0
        bytes_there = reply[start : start + arrays[name].nbytes]
        assert bytes_there == arrays[name].tobytes()
        assert shape == list(arrays[name].shape)
        start += arrays[name].nbytes
    assert start == len(reply)


def test_an_array_that_is_not_contiguous_is_packed_in_reading_order():
    columns = np.arange(6, dtype="<f4").reshape(2, 3).T
    assert unpack(pack({}, {"columns": columns}))[1]["columns"].tolist() == columns.tolist()


def test_arrays_read_from_a_reply_cannot_be_written():
    _, arrays = unpack(pack({}, {"planes": np.zeros(3, "u1")}))
    with pytest.raises(ValueError, match="read-only"):
        arrays["planes"][0] = 1


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_json_does_not_have_are_refused(number):
    # a browser's JSON.parse would fail on the whole reply
    with pytest.raises(ValueError, match="not JSON compliant"):
        pack({"loss": number}, {})


# --- the vector shared with codec.js --------------------------------------------------


def vector_arrays():
    return {
        name: np.array(a["values"], TYPES[a["type"]]).reshape(a["shape"])
        for name, a in VECTOR["arrays"].items()
    }


def test_packing_the_shared_content_gives_the_shared_bytes():
    assert pack(VECTOR["header"], vector_arrays()) == base64.b64decode(VECTOR["reply"])


def test_unpacking_the_shared_bytes_gives_the_shared_content():
    header, arrays = unpack(base64.b64decode(VECTOR["reply"]))
    assert header == VECTOR["header"]
    expected = vector_arrays()
    assert arrays.keys() == expected.keys()
    assert all(same(arrays[name], array) for name, array in expected.items())


def test_the_shared_vector_holds_every_type_and_an_empty_array():
    arrays = VECTOR["arrays"].values()
    assert {a["type"] for a in arrays} == set(TYPES)
    assert any(0 in a["shape"] for a in arrays)
