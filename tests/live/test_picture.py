"""The picture of a frame: the field, the boundary and the probabilities at the probe."""

import json

import numpy as np
import pytest

from nnviz import Network, Recipe, Trainer
from nnviz.recipe.recipe import MOST_SAMPLES

PICTURE = {"planes", "lines", "lineStarts"}

RECIPES = [
    Recipe(samples=30),
    Recipe(samples=30, output="sigmoid"),
    Recipe(data="linear", samples=30, output="step", hidden=[]),
    Recipe(data="iris", inputs=["x1", "x1sq", "sinx2"]),
    Recipe(data="blobs", classes=5, samples=40),
]
names = [f"{recipe.data}-{recipe.output}" for recipe in RECIPES]


def trainer_at(recipe, epoch):
    trainer = Trainer(recipe)
    trainer.seek(epoch)
    return trainer


@pytest.mark.parametrize("recipe", RECIPES, ids=names)
def test_probe_gives_the_probabilities_of_the_network(visitor, recipe):
    visitor.open(**json.loads(recipe.to_json()))
    header, _ = visitor.ask("frame", epochs=5, probe=[0.4, -0.2])
    trainer = trainer_at(recipe, 5)
    inputs = trainer.preparation.apply(np.array([[0.4, -0.2]]))
    assert header["probe"] == {
        "at": [0.4, -0.2],
        "logits": trainer.network.forward(inputs).logits[:, 0].tolist(),
        "probabilities": trainer.network.predict_proba(inputs)[0].tolist(),
    }
    assert sum(header["probe"]["probabilities"]) == pytest.approx(1)


@pytest.mark.parametrize("recipe", RECIPES, ids=names)
def test_planes_are_255_times_the_probability(visitor, recipe):
    opened, _ = visitor.open(**json.loads(recipe.to_json()))
    _, arrays = visitor.ask("frame", epochs=5)
    trainer = trainer_at(recipe, 5)
    _, n_rows, n_columns = arrays["planes"].shape
    (left, right), (bottom, top) = opened["extent"]
    x1, x2 = np.meshgrid(np.linspace(left, right, n_columns), np.linspace(bottom, top, n_rows))
    points = trainer.preparation.apply(np.column_stack([x1.ravel(), x2.ravel()]))
    planes = 255 * trainer.network.predict_proba(points).T.reshape(-1, n_rows, n_columns)
    if recipe.n_classes == 2:  # class 0 is not sent
        planes = planes[1:]
    sent = arrays["planes"].astype(float)
    first = planes[: max(1, len(planes) - 1)]
    np.testing.assert_allclose(sent[: len(first)], first, rtol=0, atol=0.51)
    # the last of more than two is what the others leave of 255: their roundings add up
    np.testing.assert_allclose(sent, planes, rtol=0, atol=max(0.51, (len(planes) - 1) / 2 + 0.01))


def test_the_lines_lie_where_the_two_classes_are_equally_probable(visitor):
    visitor.open(samples=200)
    visitor.seek_to(200)
    _, arrays = visitor.ask("frame")
    trainer = trainer_at(Recipe(samples=200), 200)
    assert len(arrays["lines"]) > 20
    probabilities = trainer.network.predict_proba(trainer.preparation.apply(arrays["lines"]))
    np.testing.assert_allclose(probabilities[:, 0], 0.5, atol=0.02)


def test_line_starts_cut_the_lines_where_they_jump(visitor):
    opened, _ = visitor.open(data="xor", samples=200, hidden=[8], seed=1)
    visitor.seek_to(400)
    _, arrays = visitor.ask("frame")
    starts, lines = arrays["lineStarts"].tolist(), arrays["lines"]
    assert starts[0] == 0
    assert len(starts) > 1
    (left, right), _ = opened["extent"]
    for piece in np.split(lines, starts[1:]):
        steps = np.linalg.norm(np.diff(piece, axis=0), axis=1)
        assert steps.max() < (right - left) / 50  # no longer than across one grid cell or so


@pytest.mark.parametrize(
    "op", [{"op": "open", "recipe": {}}, {"op": "frame"}, {"op": "seek", "epoch": 1}]
)
def test_a_reply_without_a_picture_leaves_out_the_field_and_the_boundary(visitor, op):
    visitor.open(samples=30)
    assert visitor.ask(**op)[1].keys() >= PICTURE
    assert not PICTURE & visitor.ask(**op, picture=False)[1].keys()


def test_a_picture_in_the_middle_of_an_epoch(visitor):
    recipe = Recipe(data="linear", output="step", hidden=(), batch_size=1, learning_rate=0.1)
    visitor.open(**json.loads(recipe.to_json()))
    trainer = trainer_at(recipe, 1)
    visitor.ask("frame", epochs=1)
    steps = trainer.steps_of_epoch()
    first = int(np.flatnonzero(np.diff(steps.corrections))[0]) + 2  # the second that is wrong
    for n_steps in (first - 1, first, len(steps)):
        header, _ = visitor.ask("frame", steps=n_steps, probe=[0.4, -0.2])
        assert header["epoch"] == 1
        assert header["steps"] == n_steps
        assert header["samples"] == steps.samples[n_steps - 1].tolist()
        assert header["corrections"] == trainer.corrections + steps.corrections[n_steps - 1]
        network = Network(steps.weights[n_steps - 1], output="step")
        inputs = trainer.preparation.apply(np.array([[0.4, -0.2]]))
        assert header["probe"]["logits"] == network.forward(inputs).logits[:, 0].tolist()
        assert header["wrong"] == (n_steps == first)
    header, last = visitor.ask("frame", steps=MOST_SAMPLES)
    assert header["steps"] == len(steps)
    trainer.advance()
    header, expected = visitor.ask("frame", epochs=1)
    assert header["corrections"] == trainer.corrections
    np.testing.assert_array_equal(last["planes"], expected["planes"])


def test_only_a_perceptron_is_shown_in_the_middle_of_an_epoch(visitor, monkeypatch):
    # the weights after each step of a large network would fill the memory
    monkeypatch.setattr(Trainer, "steps_of_epoch", None)
    visitor.open(**json.loads(Recipe(hidden=[64, 64], batch_size=1).to_json()))
    header, arrays = visitor.ask("frame", steps=5)
    assert "steps" not in header
    assert header["epoch"] == 0
    assert arrays.keys() >= PICTURE
