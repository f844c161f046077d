"""A snapshot: what can be shown of a trainer, in arrays and words."""

from dataclasses import replace

import numpy as np
import pytest

from nnviz import Network, Recipe, Trainer
from nnviz.analysis import units
from nnviz.analysis.field import Grid, boundary_lines
from nnviz.analysis.snapshot import Plane, Snapshot
from nnviz.recipe.look import Look
from nnviz.training.pieces import done


def taken(epochs=20, **recipe):
    trainer = Trainer(Recipe(**{"data": "circles", "samples": 60} | recipe))
    trainer.advance(epochs)
    return trainer, Snapshot(trainer)


def test_it_is_the_trainer_at_its_epoch():
    trainer, snapshot = taken()
    assert (snapshot.epoch, snapshot.recipe) == (20, trainer.recipe)
    assert snapshot.moment.name == "circles-2-10-2-tanh-epoch-20"
    np.testing.assert_array_equal(snapshot.history, trainer.history)
    inputs = trainer.preparation.apply(np.array([[0.3, -0.2]]))
    np.testing.assert_array_equal(
        snapshot.probabilities((0.3, -0.2)), trainer.network.predict_proba(inputs)[0]
    )


def test_it_stays_when_the_trainer_goes_on():
    trainer, snapshot = taken()
    before, field = snapshot.probabilities((0.3, -0.2)), snapshot.field.probabilities
    trainer.advance(100)
    np.testing.assert_array_equal(snapshot.probabilities((0.3, -0.2)), before)
    assert snapshot.field.probabilities is field
    assert not np.array_equal(Snapshot(trainer).probabilities((0.3, -0.2)), before)


def test_the_class_predicted_follows_the_threshold():
    _, snapshot = taken()
    samples = np.concatenate([snapshot.dataset.train, snapshot.dataset.test])
    p = np.array([snapshot.probabilities(tuple(point))[1] for point in samples])
    for look in (Look(), Look(view="threshold", threshold=0.3), Look(threshold=0.3)):
        cut = 0.3 if look.view == "threshold" else 0.5
        np.testing.assert_array_equal(snapshot.predicted(look), p > cut)


def test_boundary_lines_run_where_the_probability_is_the_threshold():
    _, snapshot = taken(epochs=200)
    for look, cut in ((Look(), 0.5), (Look(view="threshold", threshold=0.2), 0.2)):
        points = np.concatenate(snapshot.lines(look))[::7]
        p = [snapshot.probabilities(tuple(point))[1] for point in points]
        np.testing.assert_allclose(p, cut, atol=0.03)


def test_more_classes_than_two_know_no_threshold():
    _, snapshot = taken(data="iris")
    for line, same in zip(snapshot.lines_at(0.5), snapshot.lines_at(0.3), strict=True):
        np.testing.assert_array_equal(line, same)
    expected = boundary_lines(snapshot.field)
    for line, same in zip(snapshot.lines_at(0.5), expected, strict=True):
        np.testing.assert_array_equal(line, same)


def test_maps_are_what_the_units_say():
    trainer, snapshot = taken(hidden=(3,), inputs=("x1", "x1x2"))
    maps, scales = snapshot.maps
    assert [len(each) for each in maps] == [2, 3, 2]
    assert scales[1:] == [1, 1]
    assert snapshot.inputs == ["x₁", "x₁x₂"]
    corner = np.array([[snapshot.extent.x1[0], snapshot.extent.x2[0]]])
    x = trainer.preparation.apply(corner)[0]
    w = trainer.network.weights[0]
    np.testing.assert_allclose(maps[1][:, 0, 0], np.tanh(w[0] + x @ w[1:]), atol=1e-5)
    np.testing.assert_allclose(
        snapshot.chosen_map(Look(unit=(1, 2)))[0, 0], maps[1][2, 0, 0], atol=1e-5
    )


def test_an_output_unit_is_painted_as_its_class():
    _, snapshot = taken(data="iris")
    assert Look(unit=(2, 1)).painted(snapshot.network.sizes) == Look(view="class", class_index=1)
    assert Look(unit=(1, 1)).painted(snapshot.network.sizes) == Look(unit=(1, 1))
    _, single = taken(data="linear", hidden=(), output="step")
    assert Look(unit=(1, 0)).painted(single.network.sizes) == Look(view="class", class_index=1)


def test_it_is_a_picture_of_its_epoch_whatever_the_trainer_does_next():
    trainer, snapshot = taken(epochs=5)
    trainer.advance(100)
    trainer.seek(3)
    trainer.edit("learning_rate", 0.1)
    trainer.advance(10)
    _, same = taken(epochs=5)
    assert snapshot.caption == same.caption
    assert snapshot.recipe == same.recipe
    np.testing.assert_array_equal(snapshot.history, same.history)
    for mine, other in zip(snapshot.network.weights, same.network.weights, strict=True):
        np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize("is_made", [False, True])
def test_on_a_finer_grid_it_is_the_same_in_more_points(is_made):
    _, snapshot = taken()
    n = len(snapshot.plane.grid.x1)
    if is_made:
        assert snapshot.field.scores.shape == (2, n, n)
        assert snapshot.unit_map(1, 0)[0].shape == (n, n)
        assert snapshot.plane.space is not None
    fine = snapshot.on(Grid(snapshot.extent, snapshot.preparation, 2 * n - 1))
    for coarse, same in (
        (snapshot.field.probabilities, fine.field.probabilities),
        (snapshot.unit_map(1, 0)[0], fine.unit_map(1, 0)[0]),
    ):
        np.testing.assert_allclose(same[..., ::2, ::2], coarse, atol=1e-5)
    assert fine.moment == snapshot.moment


def test_the_field_can_be_made_with_pauses():
    trainer, snapshot = taken(data="iris")
    work = snapshot.evaluating()
    next(work)
    trainer.advance(5)
    done(work)
    np.testing.assert_array_equal(snapshot.field.scores, taken(data="iris")[1].field.scores)


def test_it_cannot_be_changed():
    _, snapshot = taken(epochs=1)
    with pytest.raises(AttributeError, match="a snapshot cannot be changed"):
        snapshot.look = Look("regions")
    for array in (snapshot.rows, snapshot.network.weights[0]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize("n_steps", [1, 2, 6])
def test_within_an_epoch_the_network_alone_is_that_of_the_step(n_steps):
    trainer, whole = taken(activation="relu", output="sigmoid", batch_size=8)
    steps = trainer.steps_of_epoch()
    snapshot = Snapshot(trainer, after_steps=(steps, n_steps))
    for w, stepped in zip(snapshot.network.weights, steps.weights[n_steps - 1], strict=True):
        np.testing.assert_array_equal(w, stepped)
    assert snapshot.network.activation is whole.network.activation
    assert snapshot.network.output is whole.network.output
    assert snapshot.moment == whole.moment
    np.testing.assert_array_equal(snapshot.rows, whole.rows)


def test_rows_from_an_epoch_on_need_no_copy_of_the_whole_history():
    trainer, whole = taken(epochs=20)
    latest = Snapshot(trainer, whole.plane, since=20)
    assert latest.rows.shape == (1, 4)
    np.testing.assert_array_equal(latest.rows[-1], whole.rows[-1])
    assert latest.caption == whole.caption


# --- the caption ------------------------------------------------------------------------


def test_the_caption_shows_data_network_training_epoch_scores_and_seeds():
    _, snapshot = taken(seed=3, data_seed=4)
    row = snapshot.history[-1]
    assert snapshot.caption == (
        "Circles, 60 points, noise 0.1 · 2–10–2 tanh, softmax · SGD, η 0.5, full batch · "
        "epoch 20 · "
        f"loss {row.train_loss:.4g} train, {row.test_loss:.4g} test · "
        f"accuracy {100 * row.train_accuracy:.1f} % train, {100 * row.test_accuracy:.1f} % test · "
        "seeds: data 4, weights 3"
    )


def test_the_caption_of_own_data_has_their_name_rows_classes_and_how_axes_were_made():
    points, labels = [[1, 2], [3, 4], [5, 7]], ["a", "a", "b"]
    table = Recipe.from_table(points, labels, name="flowers.csv").table
    table = replace(table, note="Principal components of u, v")
    caption = Snapshot(Trainer(Recipe(data=table))).caption
    assert caption.startswith(
        "flowers.csv, 3 rows, 2 classes, Principal components of u, v · 2–10–2 tanh"
    )


EDITS = [[2, "learning_rate", 0.1], [5, "batch_size", None], [9, "weight", 1, [0, 1, 1]]]


@pytest.mark.parametrize(
    ("epochs", "words"),
    [
        (2, "full batch · epoch 2"),
        (3, "full batch · from epoch 2 learning rate 0.1 · epoch 3"),
        (6, "learning rate 0.1 · from epoch 5 batch size full · epoch 6"),
        (9, "batch size full · weight set at epoch 9 · epoch 9"),
    ],
)
def test_the_caption_shows_what_was_changed_until_then(epochs, words):
    _, snapshot = taken(epochs=epochs, edits=EDITS)
    assert "SGD, η 0.5, full batch" in snapshot.caption
    assert words in snapshot.caption


def test_the_caption_counts_many_changes():
    edits = [[epoch, "learning_rate", 0.1] for epoch in range(1, 6)]
    _, snapshot = taken(epochs=9, edits=edits)
    assert " · 5 changes during the run · epoch 9 · " in snapshot.caption


def test_without_a_test_part_the_caption_has_one_number_each():
    _, snapshot = taken(test_share=0.0, hidden=(), batch_size=10)
    row = snapshot.history[-1]
    assert "2–2 softmax · SGD, η 0.5, batches of 10" in snapshot.caption
    text = f"loss {row.train_loss:.4g} · accuracy {100 * row.train_accuracy:.1f} % · seeds:"
    assert text in snapshot.caption


@pytest.mark.parametrize(
    ("look", "words"),
    [
        (Look(), ""),
        (Look(view="class", class_index=1), " · Class probability: inner"),
        (Look(view="surface", class_index=0), " · 3-D surface: outer"),
        (Look(view="entropy"), " · Entropy"),
        (Look(unit=(1, 2)), " · map of a₃[1], colours −1 … 1"),
        (Look(unit=(2, 0)), " · Class probability: outer"),
    ],
)
def test_the_caption_of_a_look_says_what_is_seen(look, words):
    _, snapshot = taken(epochs=1)
    assert snapshot.caption_of(look) == snapshot.caption + words
    assert snapshot.caption_of(look, with_plane=False) == snapshot.caption


def test_the_caption_of_a_threshold_shows_accuracies_there():
    trainer, snapshot = taken(epochs=1)
    data = trainer.dataset
    shares = [
        (trainer.network.predict_proba(trainer.preparation.apply(points))[:, 1] > 0.3) == labels
        for points, labels in ((data.train, data.train_labels), (data.test, data.test_labels))
    ]
    train, test = (f"{100 * share.mean():.1f} %" for share in shares)
    caption = snapshot.caption_of(Look(view="threshold", threshold=0.3))
    assert f"accuracy at 0.30: {train} train, {test} test" in caption
    assert caption.endswith(" · Threshold: 0.30")
    assert f"{train} train" not in snapshot.caption


@pytest.mark.parametrize(("threshold", "text"), [(0.8, "0.80"), (0.125, "0.125")])
def test_a_threshold_is_written_in_full_beside_other_views_words(threshold, text):
    _, snapshot = taken(epochs=1)
    caption = snapshot.caption_of(Look(view="threshold", threshold=threshold, unit=(2, 1)))
    assert f" · accuracy at {text}: " in caption
    assert caption.endswith(" · Class probability: inner")
    half = snapshot.caption_of(Look(view="threshold", unit=(2, 1)))
    assert "accuracy at" not in half


def test_the_caption_begins_with_the_settings_of_the_first_epoch():
    first = taken(epochs=3, edits=[(0, "learning_rate", 0.25)])[1].caption
    assert "η 0.25" in first
    assert "from epoch" not in first
    later = taken(epochs=3, edits=[(1, "learning_rate", 0.25)])[1].caption
    assert "η 0.5" in later
    assert "from epoch 1 learning rate 0.25" in later


def test_only_a_look_at_a_unit_has_a_map_and_an_input_has_its_name():
    _, snapshot = taken(epochs=1)
    assert snapshot.chosen_map(Look()) is None
    look = Look(unit=(0, 1))
    assert snapshot.chosen_map(look).shape == snapshot.field.scores.shape[1:]
    assert "map of x₂, colours" in snapshot.caption_of(look)


# --- points drawn during the run --------------------------------------------------------

START = Trainer(Recipe(samples=60)).dataset
AS_AT_THE_START = "60~" + "~".join(
    f"{i}_{START.train_labels[i]}_{x!r}_{y!r}" for i, (x, y) in enumerate(START.train[:5].tolist())
)
STROKES = [[5, "points", "60_1_0.5_0.5~61_1_0_0"], [9, "points", "61~0~1~2_1_0_0"],
           [11, "points", "3_0_0_0~4_1_0.5_0"], [12, "points", AS_AT_THE_START]]  # fmt: skip


@pytest.mark.parametrize(
    ("epochs", "words"),
    [(4, None), (5, "points from epoch 5 on: drawn 2"),
     (9, "points from epoch 5 on: drawn 1, moved 1, erased 2"),
     (11, "points from epoch 5 on: drawn 1, moved 3, erased 2"), (12, None)],
)  # fmt: skip
def test_the_caption_counts_the_points_drawn_until_then(epochs, words):
    trainer = Trainer(Recipe(samples=60, edits=STROKES))
    trainer.seek(epochs)
    parts = Snapshot(trainer).caption.split(" · ")
    assert [part for part in parts if "points from" in part] == ([words] if words else [])


@pytest.mark.parametrize("is_made", [False, True])
def test_a_snapshot_keeps_the_points_of_its_epoch_on_the_same_plane(is_made):
    trainer = Trainer(Recipe(samples=60, edits=STROKES))
    plane = Plane(trainer)
    if is_made:
        assert len(plane.samples) == len(plane.inputs) == len(plane.labels) == 60
    snapshots = []
    for epoch in (0, 5, 9):
        trainer.seek(epoch)
        snapshots.append(Snapshot(trainer, plane))
    assert [len(snapshot.predicted(Look())) for snapshot in snapshots] == [60, 62, 59]
    assert [len(snapshot.labels) for snapshot in snapshots] == [60, 62, 59]
    assert {snapshot.extent for snapshot in snapshots} == {plane.extent}
    assert all(snapshot.plane.grid is plane.grid for snapshot in snapshots)


@pytest.mark.parametrize(("n", "words"), [(60, "no points"), (48, "no training points")])
def test_without_training_points_the_caption_has_no_scores_of_them(n, words):
    erased = "~".join(map(str, range(n)))  # training points come first
    trainer = Trainer(Recipe(samples=60, edits=[[0, "points", erased]]))
    snapshot = Snapshot(trainer)
    assert "nan" not in snapshot.caption
    assert f" · {words} · " in snapshot.caption
    assert snapshot.advice is None


def test_where_classes_are_unequal_the_caption_has_the_accuracy_of_the_most_frequent():
    points = np.arange(40.0).reshape(20, 2)
    labels = ["rare"] * 4 + ["usual"] * 16
    recipe = Recipe.from_table(points, labels, hidden=(2,))
    snapshot = Snapshot(Trainer(recipe))
    data = snapshot.dataset
    train, test = ((part == 1).mean() for part in (data.train_labels, data.test_labels))
    assert data.majority == (1, pytest.approx(train), pytest.approx(test))
    words = f" · always usual: {train:.1%} train, {test:.1%} test · ".replace("%", " %")
    assert words in snapshot.caption
    whole = Recipe.from_table(points, labels, hidden=(2,), test_share=0.0)
    assert " · always usual: 80.0 % · " in Snapshot(Trainer(whole)).caption
    assert "always" not in Snapshot(Trainer(Recipe())).caption


def test_runs_beside_it_are_kept_in_their_order():
    first, second, third = (Snapshot(Trainer(Recipe(seed=seed))) for seed in (0, 1, 2))
    assert first.beside == ()
    both = Snapshot(Trainer(Recipe()), beside=[third, second])
    assert both.beside == (third, second)
    alone = both.with_beside([first])
    assert alone.beside == (first,)
    assert alone.network is both.network
    assert both.beside == (third, second)


def test_every_unit_has_a_map_of_its_own():
    snapshot = Snapshot(Trainer(Recipe(hidden=(4,))))
    for unit in (0, 3):
        expected, scale = snapshot.plane.maps.large(snapshot.network, 1, unit)
        values, found = snapshot.unit_map(1, unit)
        np.testing.assert_array_equal(values, expected)
        assert found == scale


def test_the_map_of_a_unit_can_be_made_with_pauses(monkeypatch):
    snapshot, other = (Snapshot(Trainer(Recipe(hidden=(4,)))) for _ in range(2))
    monkeypatch.setattr(units, "MOST_OUTPUTS", 4 * 100)
    pauses = sum(1 for _ in snapshot.evaluating((1, 2)))
    assert pauses >= snapshot.plane.grid.inputs.shape[1] / 100
    np.testing.assert_array_equal(snapshot.unit_map(1, 2)[0], other.unit_map(1, 2)[0])
    assert sum(1 for _ in snapshot.evaluating((1, 2))) == 0  # made once


def test_outputs_at_a_point_that_overflow_come_without_a_warning():
    snapshot = Snapshot(Trainer(Recipe(hidden=(4,), activation="relu", data="drawing")))
    weights = [np.full_like(w, 1e200) for w in snapshot.network.weights]
    network = Network(weights, "relu")
    logits, _ = snapshot.plane.outputs(network, (1.0, 1.0))
    assert not np.isfinite(logits).any()


def test_outputs_at_a_point_are_those_of_the_network_given():
    snapshot = Snapshot(Trainer(Recipe(hidden=(4,))))
    for activation in ("tanh", "relu"):
        network = Trainer(Recipe(hidden=(4,), activation=activation)).network
        _, probabilities = snapshot.plane.outputs(network, (0.3, -0.7))
        expected = network.predict_proba(snapshot.preparation.apply(np.array([[0.3, -0.7]])))[0]
        np.testing.assert_allclose(probabilities, expected)
