"""The parts of a picture that a request can ask for."""

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis.field import Extent, Grid, boundary_lines
from nnviz.analysis.units import Space, UnitMaps

NET = {"samples": 40, "hidden": [5, 3], "data": "moons"}
PLAIN = {"rows", "planes", "lines", "lineStarts"}


@pytest.fixture
def run(visitor):
    """A visitor three epochs into ``NET``; a trainer there, its grid."""
    visitor.open(**NET)
    visitor.ask("frame", epochs=3)
    trainer = Trainer(Recipe(**NET))
    trainer.seek(3)
    return visitor, trainer, Grid(Extent.around(trainer.dataset), trainer.preparation)


def test_only_the_requested_parts_are_returned(run):
    visitor, *_ = run
    assert set(visitor.ask("frame")[1]) == PLAIN
    assert set(visitor.ask("frame", predicted=True)[1]) == PLAIN | {"predicted"}
    assert set(visitor.ask("frame", unit=[1, 0], picture=False)[1]) == {"rows"}


def test_weights_and_maps_of_the_units_shown(run):
    visitor, trainer, grid = run
    header, arrays = visitor.ask("frame", network=[[0, 2], [2, 3], [0, 2], [1, 1]])
    first, second, last = trainer.network.weights
    expected = [
        first[:, 2:5].ravel(),
        second[[0, 3, 4, 5]][:, 0:2].ravel(),
        last[[0, 1, 2]][:, 1:2].ravel(),
    ]
    np.testing.assert_array_equal(arrays["weights"], np.concatenate(expected).astype("f4"))
    maps, scales = UnitMaps(grid).small(trainer.network)
    shown = np.concatenate([maps[0], maps[1][2:5], maps[2][:2], maps[3][1:2]])
    assert arrays["maps"].shape == shown.shape
    np.testing.assert_allclose((arrays["maps"] - 128.0) / 127, shown, atol=0.51 / 127)
    assert header["network"]["scales"] == pytest.approx(scales)
    assert header["network"]["windows"] == [[0, 2], [2, 3], [0, 2], [1, 1]]


def test_a_byte_of_128_is_exactly_0(visitor):
    visitor.open(**NET, activation="relu")
    _, arrays = visitor.ask("frame", network=[[0, 2], [0, 5], [0, 3], [0, 2]])
    assert (arrays["maps"][2:10] >= 128).all()  # a ReLU is never negative
    assert (arrays["maps"][2:10] == 128).any()


def test_one_unit_over_the_whole_plane(run):
    visitor, trainer, grid = run
    header, arrays = visitor.ask("frame", unit=[2, 1])
    activations, scale = UnitMaps(grid).large(trainer.network, 2, 1)
    np.testing.assert_allclose((arrays["unit"] - 128.0) / 127, activations, atol=0.51 / 127)
    bias = trainer.network.weights[1][0, 1]
    assert header["unitSeen"] == {"at": [2, 1], "scale": scale, "bias": pytest.approx(bias)}
    assert visitor.ask("frame", unit=[0, 1])[0]["unitSeen"]["bias"] is None  # an input


def test_the_plane_in_the_space_of_two_units(run):
    visitor, trainer, grid = run
    header, arrays = visitor.ask("frame", space=[2, 0, 2])
    space, data = Space(grid), trainer.dataset
    places = space.points(trainer.network, np.vstack([data.train, data.test]), 2, (0, 2))
    np.testing.assert_array_equal(arrays["spacePoints"], places.astype("f4"))
    mesh = space.mesh(trainer.network, 2, (0, 2))
    np.testing.assert_array_equal(arrays["spaceMesh"], mesh.astype("f4"))
    ends = np.concatenate(boundary_lines(grid.field(trainer.network)))
    moved = space.points(trainer.network, ends, 2, (0, 2))
    np.testing.assert_allclose(arrays["spaceLines"], moved, atol=1e-5)
    assert header["space"] == [2, 0, 2]


def test_a_threshold_moves_the_boundary_and_the_classes_predicted(run):
    visitor, trainer, grid = run
    _, arrays = visitor.ask("frame", threshold=0.3, predicted=True)
    data, network = trainer.dataset, trainer.network
    inputs = trainer.preparation.apply(np.vstack([data.train, data.test]))
    assert arrays["predicted"].tolist() == (network.predict_proba(inputs)[:, 1] > 0.3).tolist()
    ends = trainer.preparation.apply(arrays["lines"])
    np.testing.assert_allclose(network.predict_proba(ends)[:, 1], 0.3, atol=0.01)
    lines = boundary_lines(grid.field(network))
    assert not np.array_equal(arrays["lines"], np.concatenate(lines).astype("f4"))


def test_three_classes_have_no_threshold(visitor):
    visitor.open(data="iris")
    plain = visitor.ask("frame", predicted=True)[1]
    other = visitor.ask("frame", predicted=True, threshold=0.9)[1]
    np.testing.assert_array_equal(plain["lines"], other["lines"])
    np.testing.assert_array_equal(plain["predicted"], other["predicted"])


def test_a_seek_sends_its_picture_on_arrival(make_visitor):
    ticks = iter(range(10_000))
    visitor = make_visitor(lambda: next(ticks) / 100)  # every reading of the clock takes 10 ms
    visitor.open(samples=30)
    replies = [visitor.ask("seek", epoch=9)]
    while replies[-1][0]["epoch"] < 9:
        replies.append(visitor.ask("seek", epoch=9))
    assert len(replies) > 1
    assert ["planes" in arrays for _, arrays in replies] == [False] * (len(replies) - 1) + [True]


WINDOWS = "[first unit, number up to 32] for every layer"
SIZES = "of layers of [2, 5, 3, 2] units"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"unit": [1, 5]}, f"unit must name units {SIZES}; got [1, 5]"),
        ({"unit": [4, 0]}, f"unit must name units {SIZES}; got [4, 0]"),
        ({"unit": [1]}, "unit must be two whole numbers 0…63; got [1]"),
        ({"unit": [1, -1]}, "unit must be two whole numbers 0…63; got [1, -1]"),
        ({"unit": "a"}, "unit must be two whole numbers 0…63; got a"),
        ({"space": [1, 0, 7]}, f"space must name units {SIZES}; got [1, 0, 7]"),
        ({"space": [1, 0]}, "space must be three whole numbers 0…63; got [1, 0]"),
        ({"network": [[0, 2], [0, 5]]}, f"network must name units {SIZES}; got [(0, 2), (0, 5)]"),
        (
            {"network": [[0, 2], [0, 6], [0, 3], [0, 2]]},
            f"network must name units {SIZES}; got [(0, 2), (0, 6), (0, 3), (0, 2)]",
        ),
        (
            {"network": [[0, 0], [0, 5], [0, 3], [0, 2]]},
            f"network must be {WINDOWS}; got [[0, 0], [0, 5], [0, 3], [0, 2]]",
        ),
        ({"network": 7}, f"network must be {WINDOWS}; got 7"),
        ({"threshold": 0}, "threshold must be 0.01…0.99; got 0"),
        ({"threshold": 0.001}, "threshold must be 0.01…0.99; got 0.001"),
        ({"threshold": 1.0}, "threshold must be 0.01…0.99; got 1.0"),
        ({"threshold": True}, "threshold must be 0.01…0.99; got True"),
        ({"predicted": 1}, "predicted must be true or false; got 1"),
    ],
)
def test_units_that_do_not_exist_are_refused_with_a_sentence_and_change_nothing(
    run, asked, sentence
):
    visitor, *_ = run
    before = visitor.look()
    header, _ = visitor.ask("frame", epochs=5, **asked)
    assert header == {"type": "error", "message": sentence}
    assert visitor.look() == before
