"""Small pictures of many runs, compared with the classes that their networks predict."""

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis import miniatures
from nnviz.analysis.field import Extent, Grid
from nnviz.analysis.miniatures import CLEAR, SIDE, Miniatures
from nnviz.training.pieces import done


@pytest.mark.parametrize(
    "recipe", [Recipe(), Recipe(data="iris"), Recipe(data="blobs", classes=6)], ids=str
)
def test_a_picture_holds_the_class_and_how_clear_it_is(recipe):
    trainers = [Trainer(Recipe.from_json(recipe.to_json()))]
    trainers[0].seek(200)
    (picture,) = done(Miniatures().making(trainers))
    assert (picture.shape, picture.dtype) == ((SIDE, SIDE), np.uint8)
    x1, x2 = (np.linspace(low, high, SIDE) for low, high in _extent(trainers[0]))
    points = np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2)
    network = trainers[0].network
    p = network.predict_proba(trainers[0].preparation.apply(points))
    k = p.shape[1]
    clear = (p.max(axis=1) * k - 1) / (k - 1) * CLEAR
    sure = np.sort(p, axis=1)[:, -1] - np.sort(p, axis=1)[:, -2] > 1e-4
    assert sure.mean() > 0.9
    flat = picture.ravel().astype(int)
    np.testing.assert_array_equal((flat // 32)[sure], p.argmax(axis=1)[sure])
    np.testing.assert_allclose(flat % 32, clear, atol=0.51)


def _extent(trainer):
    extent = Extent.around(trainer.dataset)
    return extent.x1, extent.x2


@pytest.mark.parametrize("size", [0.0, 1e3, 1e6])
@pytest.mark.parametrize("k", [2, 3, 6])
def test_of_classes_as_probable_none_is_clear_and_a_certain_one_is(k, size):
    trainer = Trainer(Recipe(data="blobs", classes=k, hidden=()))
    for column in range(k):
        for row in range(3):
            trainer.edit("weight", size if (row, column) == (0, k - 1) else 0.0, (0, row, column))
    (picture,) = done(Miniatures().making([trainer]))
    assert np.unique(picture).tolist() == ([(k - 1) * (CLEAR + 1) + CLEAR] if size else [0])


def test_the_grid_of_a_run_is_made_once(monkeypatch):
    made = []
    monkeypatch.setattr(miniatures, "Grid", lambda *args: made.append(Grid(*args)) or made[-1])
    trainers, maker = [Trainer(Recipe(data=name)) for name in ("xor", "iris")], Miniatures()
    first, again = (done(maker.making(trainers)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert [grid.extent for grid in made] == [Extent.around(each.dataset) for each in trainers]


def test_the_last_class_that_is_certain_fits_in_a_byte():
    assert 7 * (CLEAR + 1) + CLEAR == 255
