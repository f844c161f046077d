"""Reply bytes: unpacking reverses packing, and the layout is the one the browser reads."""

import base64
import json
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from nnviz.analysis.snapshot import Snapshot
from nnviz.live.codec import TYPES, compressed, pack, plain, unpack
from tests import node

VECTOR = json.loads(Path(__file__).with_name("frame-vector.json").read_text(encoding="utf-8"))
NUMBERS = {"f32": "<f4", "u32": "<u4", "u8": "u1"}

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text(), values, max_size=4),
    max_leaves=10,
)
names = st.text().filter(lambda name: name not in {"lines", "planes", "unit", "maps"})
headers = st.dictionaries(st.text().filter(lambda name: name != "arrays"), json_values, max_size=6)
numpy_arrays = st.sampled_from(["<f4", "<u4", "u1"]).flatmap(
    lambda dtype: arrays_of.arrays(
        dtype, arrays_of.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=5)
    )
)
contents = st.dictionaries(names, numpy_arrays, max_size=6)
maps = arrays_of.arrays(
    "u1", arrays_of.array_shapes(min_dims=2, max_dims=3, min_side=0, max_side=9)
)
side = st.integers(1, 9)
planes = arrays_of.arrays("u1", st.tuples(st.integers(3, 6), side, side))
finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
lines = arrays_of.arrays("<f4", st.tuples(st.integers(0, 20), st.just(2)), elements=finite)


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
    reply = plain(header, arrays)
    (length,) = struct.unpack_from("<I", reply)
    start = 4 + length
    for name, kind, shape in json.loads(reply[4:start])["arrays"]:
        assert start % arrays[name].dtype.itemsize == 0
        assert kind == f"{arrays[name].dtype.kind}{8 * arrays[name].dtype.itemsize}"
        bytes_there = reply[start : start + arrays[name].nbytes]
        assert bytes_there == arrays[name].tobytes()
        assert shape == list(arrays[name].shape)
        start += arrays[name].nbytes
    assert start == len(reply)


def test_an_array_that_is_not_contiguous_is_packed_in_reading_order():
    columns = np.arange(6, dtype="<f4").reshape(2, 3).T
    assert unpack(pack({}, {"columns": columns}))[1]["columns"].tolist() == columns.tolist()


def test_arrays_read_from_a_reply_cannot_be_written():
    _, arrays = unpack(pack({}, {"planes": np.zeros((4, 1, 3), "u1"), "file": np.zeros(3, "u1")}))
    for array in arrays.values():
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_json_does_not_have_are_refused(number):
    # a browser's JSON.parse would fail on the whole reply
    with pytest.raises(ValueError, match="not JSON compliant"):
        pack({"loss": number}, {})


# --- pictures -------------------------------------------------------------------------


def sent(name, array):
    """An array as the browser gets it."""
    return unpack(pack({}, {name: array}))[1][name]


@given(st.sampled_from(["unit", "maps"]), maps)
def test_maps_come_back_to_the_bit(name, array):
    assert same(sent(name, array), array)


@given(arrays_of.arrays("u1", st.tuples(st.just(1), side, side)))
def test_planes_of_two_classes_come_back_to_the_bit(array):
    assert same(sent("planes", array), array)


@given(planes)
def test_of_more_planes_the_last_is_what_the_others_leave_of_255(array):
    found = sent("planes", array)
    assert found.shape == array.shape
    assert same(found[:-1], array[:-1])
    left = 255 - array[:-1].astype(int).sum(axis=0)
    assert found[-1].tolist() == np.maximum(left, 0).tolist()


@given(planes)
def test_of_rounded_probabilities_the_last_plane_is_within_half_their_number(array):
    weights = array + 1e-3
    probabilities = weights / weights.sum(axis=0)
    rounded = (255 * probabilities + 0.5).astype("u1")
    error = sent("planes", rounded)[-1].astype(int) - rounded[-1]
    assert np.abs(error).max() <= len(array) / 2


@given(lines)
def test_lines_are_within_half_a_level_of_their_range(array):
    found = sent("lines", array)
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    if not len(array):
        return
    exact = array.astype(float)
    level = np.ptp(exact, axis=0) / 65535
    rounding = np.abs(exact).max(axis=0) * 2.0**-24 + 2e-45  # to float32
    assert np.all(np.abs(found - exact) <= 0.501 * level + rounding)


def test_a_line_along_an_axis_and_a_single_point_are_exact():
    for places in ([[0.1, 5.0], [0.3, 5.0]], [[-1e-3, 7e8]]):
        array = np.array(places, "<f4")
        assert same(sent("lines", array), array)


def test_a_picture_keeps_the_class_of_every_point_that_is_not_on_an_edge(visitor):
    visitor.open(data="blobs", classes=6, samples=100)
    for epochs in (0, 5, 50, 200):
        visitor.ask("frame", epochs=epochs)
        trainer, plane = visitor.session._run
        exact = Snapshot(trainer, plane).field.probabilities
        _, arrays = visitor.ask("frame")
        found = arrays["planes"].argmax(axis=0)
        first, second = np.sort(exact, axis=0)[:-3:-1]
        certain = first - second > 3.5 / 255
        assert certain.mean() > 0.9 or epochs == 0
        assert np.array_equal(found[certain], exact.argmax(axis=0)[certain])


# --- compressed -----------------------------------------------------------------------


def test_a_large_reply_is_compressed_and_unpacked_again():
    header, arrays = {"epoch": 7}, {"unit": np.full((100, 100), 128, "u1")}
    reply = plain(header, arrays)
    assert len(reply) > 10_000
    assert unpack(reply)[1].keys() == arrays.keys()
    smaller = compressed(reply)
    assert pack(header, arrays) == smaller
    assert len(smaller) < 300
    assert smaller[:4] == bytes(4)
    assert zlib.decompress(smaller[4:]) == reply


def test_a_reply_that_comes_once_is_compressed_thoroughly():
    x = np.linspace(0, 3, 200)
    planes = np.rint(255 / (1 + np.exp(np.sin(x) - np.cos(x[:, None])))).astype("u1")
    arrays = {"planes": planes[None].repeat(2, axis=0)}
    playing, detail = (pack({"type": kind}, arrays) for kind in ("frame", "detail"))
    assert len(detail) < 0.8 * len(playing)
    assert np.array_equal(unpack(detail)[1]["planes"], unpack(playing)[1]["planes"])


def test_a_reply_stays_as_it_is_where_compression_would_not_help():
    small = plain({"text": "a" * 900}, {})
    noise = plain({}, {"file": np.random.default_rng(0).integers(0, 256, 5000, "u1")})
    assert compressed(small) == small
    assert compressed(noise) == noise


# --- the vector shared with codec.js --------------------------------------------------


def vector_arrays():
    return {
        name: np.array(a["values"], NUMBERS[a["type"]]).reshape(a["shape"])
        for name, a in VECTOR["arrays"].items()
    }


def test_packing_the_shared_content_gives_the_shared_bytes():
    assert plain(VECTOR["header"], vector_arrays()) == base64.b64decode(VECTOR["reply"])


@pytest.mark.parametrize("form", ["reply", "compressed"])
def test_unpacking_the_shared_bytes_gives_the_shared_content(form):
    header, arrays = unpack(base64.b64decode(VECTOR[form]))
    assert header == VECTOR["header"]
    expected = vector_arrays()
    assert arrays.keys() == expected.keys()
    assert all(same(arrays[name], array) for name, array in expected.items())


def test_the_shared_vector_holds_every_type_and_an_empty_array():
    reply = base64.b64decode(VECTOR["reply"])
    (length,) = struct.unpack_from("<I", reply)
    listing = json.loads(reply[4 : 4 + length])["arrays"]
    assert {kind for _, kind, _ in listing} == set(TYPES)
    assert any(0 in shape for _, _, shape in listing)


def as_text(content):
    return base64.b64encode(content).decode()


def test_the_browser_reads_pictures_as_python_does():
    rng = np.random.default_rng(0)
    replies = []
    for size in range(40):
        drawn = {
            "planes": rng.integers(0, 256, (1 + size % 6, 1 + size, 7), "u1"),
            "maps": rng.integers(0, 256, (size, 4, 3), "u1"),
            "unit": rng.integers(0, 256, (3, size), "u1"),
            "lines": (rng.normal(size=(size, 2)) * [1, 1e30]).astype("<f4"),
            "rows": rng.normal(size=(size, 4)).astype("<f4"),
        }
        replies.append(pack({"size": size}, drawn))
    read = node.evaluate(
        f"""const {{ unpack }} = await load("transport/codec.js");
        const base64 = ({{ buffer, byteOffset, byteLength }}) =>
          Buffer.from(buffer, byteOffset, byteLength).toString("base64");
        const found = [];
        for (const reply of {json.dumps(list(map(as_text, replies)))}) {{
          const {{ arrays }} = await unpack(Uint8Array.from(Buffer.from(reply, "base64")).buffer);
          found.push(Object.entries(arrays).map(
            ([name, {{ data, shape }}]) => [name, shape, base64(data)]));
        }}
        return found;"""
    )
    for reply, arrays in zip(replies, read, strict=True):
        expected = [
            [name, list(array.shape), as_text(array.tobytes())]
            for name, array in unpack(reply)[1].items()
        ]
        assert arrays == expected
