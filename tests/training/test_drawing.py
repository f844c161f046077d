"""Points drawn during a run: from their epoch on, it trains on them, and a replay does the same."""

import copy
import pickle

import numpy as np
import pytest

from nnviz import Recipe, RecipeError, Trainer
from nnviz.training.drawing import drawn
from nnviz.training.trainer import dataset_of

FIELDS = {"data": "xor", "samples": 20, "hidden": (3,)}
STROKES = [[3, "points", "20_1_0.5_0.5~21_0_0.5_-0.5"], [30, "points", "2~20_0_0.1_0.2"]]


def points(data):
    return {
        int(number): (int(label), *place)
        for number, label, place in zip(
            data.numbers if data.numbers is not None else range(len(data.framed)),
            [*data.train_labels, *data.test_labels],
            np.concatenate([data.train, data.test]).tolist(),
            strict=True,
        )
    }


def state(trainer):
    weights = np.concatenate([w.ravel() for w in trainer.network.weights])
    return weights.tobytes(), trainer.history.tobytes(), points(trainer.dataset)


# --- the data --------------------------------------------------------------------------


def test_points_are_added_moved_and_erased_at_their_epochs():
    trainer = Trainer(Recipe(**FIELDS, edits=STROKES))
    start = points(trainer.dataset)
    trainer.seek(2)
    assert points(trainer.dataset) == start
    trainer.seek(3)
    added = {20: (1, 0.5, 0.5), 21: (0, 0.5, -0.5)}
    assert points(trainer.dataset) == start | added
    trainer.seek(30)
    del start[2]
    assert points(trainer.dataset) == start | {20: (0, 0.1, 0.2), 21: (0, 0.5, -0.5)}


def test_a_point_of_the_start_is_moved_and_stays_in_its_part():
    initial = dataset_of(Recipe(**FIELDS))
    after = drawn(initial, ["1_0_0.25_-0.5~17_1_0_0"], 0.2, (0, 4))
    assert after.train[1].tolist() == [0.25, -0.5]
    assert after.test[1].tolist() == [0, 0]
    assert (len(after.train), len(after.test)) == (16, 4)


def test_new_points_are_split_by_the_test_share_each_by_its_own_draw():
    initial = dataset_of(Recipe(**FIELDS))
    marks = [f"{n}_0_0_0" for n in range(20, 420)]
    whole = drawn(initial, ["~".join(marks)], 0.3, (0, 4))
    assert 90 < len(whole.test) - 4 < 150
    half = drawn(initial, ["~".join(marks[::2])], 0.3, (0, 4))
    assert set(half.numbers[len(half.train) :]) < set(whole.numbers[len(whole.train) :])
    assert len(drawn(initial, ["~".join(marks)], 0.0, (0, 4)).test) == 4
    other = drawn(initial, ["~".join(marks)], 0.3, (1, 4))
    assert set(other.numbers[:300]) != set(whole.numbers[:300])


def test_numbers_may_be_left_out():
    after = drawn(dataset_of(Recipe(**FIELDS)), ["22_1_0_0", "25_0_0_0~23"], 0.0, (0, 4))
    assert set(points(after)) == {*range(20), 22, 25}


def test_the_plane_and_the_scale_stay_those_of_the_start():
    trainer = Trainer(Recipe(**FIELDS, edits=[[1, "points", "20_1_9_9"]]))
    before, framed = trainer.preparation, trainer.dataset.framed
    trainer.seek(5)
    assert trainer.preparation == before
    np.testing.assert_array_equal(trainer.dataset.framed, framed)


def test_a_short_key_names_the_points_of_an_epoch():
    trainer, other = Trainer(Recipe(**FIELDS, edits=STROKES)), Trainer(Recipe(**FIELDS))
    keys = []
    for epoch in (0, 2, 3, 29, 30, 40):
        trainer.seek(epoch)
        keys.append(trainer.data_key)
    start, _, drawn_on, _, again, _ = keys
    assert start == other.data_key == ""
    assert keys == [start, start, drawn_on, drawn_on, again, again]
    assert len({*keys}) == 3
    assert {len(key) for key in keys[2:]} == {16}
    other.edit("points", STROKES[0][2])  # the same points at another epoch
    assert other.data_key == drawn_on


# --- training on them ------------------------------------------------------------------


def test_before_it_the_run_is_as_without_and_after_it_is_another():
    plain, edited = Trainer(Recipe(**FIELDS)), Trainer(Recipe(**FIELDS, edits=STROKES))
    plain.advance(2), edited.advance(2)
    assert state(plain) == state(edited)
    plain.advance(2), edited.advance(2)
    assert state(plain)[0] != state(edited)[0]


def test_it_trains_as_on_a_table_of_these_points_from_the_start():
    """Two ways to one run: strokes at epoch 0, and the same points as the data set."""
    initial = dataset_of(Recipe(**FIELDS, test_share=0.0))
    table = Recipe.from_table(
        np.round(initial.train, 6), initial.train_labels, hidden=(3,), test_share=0.0,
        standardise=False,
    )  # fmt: skip
    first = Trainer(table)
    data = first.dataset
    marks = [f"{i}_{k}_{x!r}_{y!r}" for i, (k, (x, y)) in
             enumerate(zip(data.train_labels, data.train.tolist(), strict=True))]  # fmt: skip
    drawn_run = Trainer(
        Recipe(**FIELDS, test_share=0.0, standardise=False,
               edits=[[0, "points", "~".join(marks)]])
    )  # fmt: skip
    first.advance(50), drawn_run.advance(50)
    assert state(first)[:2] == state(drawn_run)[:2]


@pytest.mark.parametrize("more", [{}, {"batch_size": 4, "optimiser": "adam"}, {"hidden": (64, 64)}])
def test_a_replay_is_the_same_to_the_last_bit(more):
    fields = {**FIELDS, **more}
    live = Trainer(Recipe(**fields))
    live.advance(3)
    live.edit("points", STROKES[0][2])
    live.advance(27)
    live.edit("points", STROKES[1][2])
    live.edit("learning_rate", 0.1)
    live.edit("points", "22_1_0.3_0.3")
    live.advance(40)
    end = state(live)

    replayed = Trainer(live.recipe)
    replayed.advance(70)
    assert state(replayed) == end
    for epoch in (70, 29, 30, 3, 2, 0, 31, 70):
        live.seek(epoch)
        other = Trainer(live.recipe)
        for _ in range(epoch):
            other.stride(1)
        assert state(live) == state(other)
    assert state(live) == end
    assert state(pickle.loads(pickle.dumps(live))) == end


def test_a_copy_goes_its_own_way():
    trainer = Trainer(Recipe(**FIELDS))
    trainer.advance(5)
    kept = state(trainer)
    other = copy.copy(trainer)
    other.edit("points", "20_1_0_0~1")
    other.advance(5)
    assert state(trainer) == kept


def test_an_edit_drops_later_strokes():
    trainer = Trainer(Recipe(**FIELDS, edits=STROKES))
    trainer.advance(40)
    trainer.seek(10)
    trainer.edit("points", "22_0_0_0")
    trainer.advance(30)
    assert set(points(trainer.dataset)) == {*range(20), 20, 21, 22}


def test_strokes_of_one_epoch_add_up():
    trainer = Trainer(Recipe(**FIELDS))
    for stroke in ("20_1_0_0", "21_1_0_1", "20", "20_1_0_0"):
        trainer.edit("points", stroke)
    assert set(points(trainer.dataset)) == set(range(22))


@pytest.mark.parametrize(
    "more",
    [{}, {"output": "sigmoid"}, {"data": "blobs", "classes": 4}, {"hidden": (64, 64)},
     {"data": "linear", "output": "step", "hidden": (), "batch_size": 1}],
)  # fmt: skip
def test_all_points_can_be_erased_and_others_drawn(more):
    everything = "~".join(map(str, range(20)))
    trainer = Trainer(Recipe(**FIELDS | more, edits=[[2, "points", everything]]))
    trainer.seek(2)
    weights = trainer.network.weights
    trainer.advance(5)
    assert trainer.epoch == 7
    assert not trainer.finished
    for one, other in zip(weights, trainer.network.weights, strict=True):
        np.testing.assert_array_equal(one, other)
    assert np.isnan(list(trainer.history[-1])).all()
    steps = trainer.steps_of_epoch()
    assert (len(steps), steps.weights, steps.corrections) == (0, [], [])
    trainer.edit("points", "20_1_0.5_0.5~21_0_-0.5_-0.5")
    trainer.advance(50)
    assert trainer.history[-1].train_loss <= trainer.history[7].train_loss
    assert trainer.history[-1].train_accuracy == 1


@pytest.mark.parametrize("everything", [range(16), range(16, 20)])
def test_one_part_can_be_erased(everything):
    trainer = Trainer(Recipe(**FIELDS, edits=[[2, "points", "~".join(map(str, everything))]]))
    trainer.advance(30)
    last = trainer.history[-1]
    lost, kept = ("train", "test") if everything[0] == 0 else ("test", "train")
    assert np.isnan([last[f"{lost}_loss"], last[f"{lost}_accuracy"]]).all()
    assert np.isfinite([last[f"{kept}_loss"], last[f"{kept}_accuracy"]]).all()


def test_a_class_that_the_data_do_not_have_is_refused():
    trainer = Trainer(Recipe(**FIELDS))
    with pytest.raises(RecipeError, match=r"^edits must draw points of the classes 0…1; got 2$"):
        trainer.edit("points", "20_2_0_0")
    assert not trainer.recipe.edits


# --- a plane without points --------------------------------------------------------------


@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_a_drawing_learns_nothing_until_points_are_drawn(output):
    trainer = Trainer(Recipe(data="drawing", classes=2, hidden=(3,), output=output))
    start = trainer.network.weights
    trainer.advance(5)
    for weights, before in zip(trainer.network.weights, start, strict=True):
        np.testing.assert_array_equal(weights, before)
    assert np.isnan(trainer.history.train_loss).all()
    assert trainer.preparation.apply([[0.5, -0.25]]).tolist() == [[0.5, -0.25]]
    trainer.edit("points", "0_0_0.5_0.5~1_1_-0.5_-0.5")
    trainer.advance(50)
    assert trainer.history.train_accuracy[-1] == 1
    again = Trainer(trainer.recipe)
    again.seek(55)
    assert state(again) == state(trainer)
