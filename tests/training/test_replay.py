"""``recipe + epoch → exact state``: the same bits on every way to an epoch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz import Edit, Recipe, Trainer
from nnviz.choices.activations import ACTIVATIONS
from nnviz.choices.optimisers import OPTIMISERS
from nnviz.training import trainer as module
from nnviz.training.trainer import KEYFRAME_BYTES, MOST_KEYFRAMES

SMALL = Recipe(data="xor", samples=20, hidden=(3,))


def trained(epochs, **fields):
    trainer = Trainer(Recipe(**fields))
    trainer.advance(epochs)
    return trainer


def bits(trainer):
    """Everything a run shows, to the last bit."""
    return trainer.epoch, trainer.history.tobytes(), [w.tobytes() for w in trainer.network.weights]


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one.weights, other.weights, strict=True))


# --- ways to an epoch -----------------------------------------------------------------


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("batch_size", [None, 7])  # 16 samples train: the last batch is short
def test_every_way_to_an_epoch_ends_in_the_same_bits(optimiser, batch_size):
    recipe = Recipe(
        data="xor", samples=20, hidden=(3, 2), optimiser=optimiser, batch_size=batch_size,
        learning_rate=0.05, l1=0.001, l2=0.01,
    )  # fmt: skip
    at_once, in_pieces, back_and_forth = Trainer(recipe), Trainer(recipe), Trainer(recipe)
    at_once.advance(100)
    for epochs in (1, 2, 0, 50, 47):
        in_pieces.advance(epochs)
    for epoch in (40, 3, 90, 0, 64, 63, 100, 100):
        assert back_and_forth.seek(epoch) == epoch
    assert bits(at_once) == bits(in_pieces) == bits(back_and_forth)
    for trainer in (at_once, in_pieces, back_and_forth):
        trainer.advance(5)  # the memory of the optimiser is the same too
    assert bits(at_once) == bits(in_pieces) == bits(back_and_forth)


EDITS = [
    ("optimiser", "adam", None),
    ("learning_rate", 0.01, None),
    ("batch_size", 5, None),
    ("l1", 0.1, None),
    ("l2", 0.1, None),
    ("weight", 1.5, (0, 2, 1)),
    ("weight", -2.0, (1, 0, 0)),
]


@pytest.mark.parametrize(("field", "value", "at"), EDITS)
@pytest.mark.parametrize("optimiser", ["sgd", "momentum"])
def test_a_run_edited_on_the_way_replays_from_its_recipe(field, value, at, optimiser):
    edited = trained(10, data="xor", samples=20, hidden=(3,), optimiser=optimiser)
    before = edited.history
    edited.edit(field, value, at)
    edited.advance(30)
    replayed = Trainer(Recipe.from_query(edited.recipe.to_query()))
    replayed.advance(40)
    assert bits(replayed) == bits(edited)
    for epoch in (10, 9, 11, 0, 40):
        edited.seek(epoch)
        afresh = Trainer(edited.recipe)
        afresh.advance(epoch)
        assert bits(edited) == bits(afresh)
    # what went before the edit is untouched, what comes after is another run
    plain = trained(40, data="xor", samples=20, hidden=(3,), optimiser=optimiser)
    np.testing.assert_array_equal(edited.history[:10], before[:10])
    np.testing.assert_array_equal(edited.history[:10], plain.history[:10])
    assert not same(edited.network, plain.network)


@pytest.mark.parametrize(("field", "value", "at"), EDITS)
def test_a_run_edited_in_its_past_forgets_the_future_it_had(field, value, at):
    edited = trained(100, data="xor", samples=20, hidden=(3,))
    edited.seek(20)
    edited.edit(field, value, at)
    edited.seek(100)
    replayed = Trainer(edited.recipe)
    replayed.advance(100)
    assert bits(edited) == bits(replayed)


settings_of_a_run = {
    "optimiser": st.sampled_from(list(OPTIMISERS)),
    "learning_rate": st.floats(1e-5, 10),
    "batch_size": st.none() | st.integers(1, 20),
    "l1": st.floats(0, 1),
    "l2": st.floats(0, 1),
}
edits = st.one_of(
    *(st.tuples(st.just(name), values) for name, values in settings_of_a_run.items()),
    # row 0 to 2 of the only unit there is in the first layer of every recipe below
    st.tuples(
        st.just("weight"), st.floats(-5, 5), st.tuples(st.just(0), st.integers(0, 2), st.just(0))
    ),
)
moves = st.one_of(
    st.tuples(st.just("advance"), st.integers(0, 30)),
    st.tuples(st.just("seek"), st.integers(0, 60)),
    st.tuples(st.just("edit"), edits),
)
recipes = st.builds(
    Recipe,
    data=st.sampled_from(["xor", "spirals", "checkerboard"]),
    classes=st.integers(2, 4),
    samples=st.integers(10, 25),
    test_share=st.sampled_from([0.0, 0.3]),
    hidden=st.sampled_from([(), (3,), (2, 3)]),
    activation=st.sampled_from(list(ACTIVATIONS)),
    init=st.sampled_from(["glorot", "normal"]),
    seed=st.integers(0, 99),
    edits=st.lists(
        st.tuples(st.integers(0, 50), st.just("learning_rate"), st.floats(1e-5, 10)), max_size=2
    ),
    **settings_of_a_run,
)


@given(recipe=recipes, path=st.lists(moves, max_size=8))
@settings(deadline=None, max_examples=60)
def test_whatever_was_done_to_a_run_its_recipe_and_epoch_determine_its_state(recipe, path):
    trainer = Trainer(recipe)
    for move, argument in path:
        if move == "edit":
            trainer.edit(*argument)
        else:
            getattr(trainer, move)(argument)
    replayed = Trainer(Recipe.from_json(trainer.recipe.to_json()))
    replayed.advance(trainer.epoch)
    assert bits(replayed) == bits(trainer)
    assert trainer.advance(5) == replayed.advance(5)
    assert bits(replayed) == bits(trainer)
    assert trainer.diverged == replayed.diverged
    assert np.isfinite(trainer.history.train_loss).all()


# --- keyframes ------------------------------------------------------------------------


def run_to(recipe, epoch):
    trainer = Trainer(recipe)
    trainer.advance(epoch)
    return trainer


def known_epochs(trainer, end):
    return sorted({trainer.rewind(epoch) for epoch in range(end, -1, -1)})


def test_keyframes_thin_out_as_a_run_grows_but_seek_stays_exact():
    trainer, reference = Trainer(SMALL), Trainer(SMALL)
    trainer.advance(3000)
    final = trainer.network
    known = known_epochs(trainer, 3000)
    assert len(known) <= MOST_KEYFRAMES + 1  # and the epoch it was at
    assert max(np.diff([*known, 3000])) <= 3000 / 16  # spread over the whole run
    for epoch in (1, 17, 700, 701):
        trainer.seek(epoch)
        reference.advance(epoch - reference.epoch)
        assert same(trainer.network, reference.network)
    trainer.seek(3000)
    assert same(trainer.network, final)


@pytest.mark.parametrize(
    ("epoch", "known"),
    [
        (80, [0, 20, 40, 60, 80]),
        (100, [0, 40, 80, 100]),
        (160, [0, 40, 80, 120, 160]),
        (200, [0, 80, 160, 200]),
    ],
)
def test_where_keyframes_become_too_many_every_other_one_is_kept(monkeypatch, epoch, known):
    monkeypatch.setattr(module, "MOST_KEYFRAMES", 5)
    assert known_epochs(run_to(SMALL, epoch), epoch) == known  # and the epoch it is at


@pytest.mark.parametrize(
    ("room", "known"), [(4, [0, 40, 80]), (5, [0, 20, 40, 60, 80]), (0, [0, 40, 80])]
)
def test_keyframes_fit_into_their_memory_but_four_are_kept_in_any_case(monkeypatch, room, known):
    size = Trainer(SMALL)._descent.state.nbytes
    monkeypatch.setattr(module, "KEYFRAME_BYTES", room * size + size - 1)
    assert known_epochs(run_to(SMALL, 60), 60) == [0, 20, 40, 60]
    assert known_epochs(run_to(SMALL, 80), 80) == known


def test_keyframes_of_a_large_network_stay_within_their_memory():
    trainer = trained(400, data="xor", samples=10, hidden=(64,) * 6)
    numbers = sum(w.size for w in trainer.network.weights)
    assert len(known_epochs(trainer, 400)) * numbers * 8 <= KEYFRAME_BYTES
    one_by_one = trained(70, data="xor", samples=10, hidden=(64,) * 6)
    trainer.seek(70)
    assert same(trainer.network, one_by_one.network)


def test_an_edit_keeps_the_keyframes_before_it_and_none_after():
    recipe = SMALL.with_edit(Edit(33, "l2", 0.1))
    before = [epoch for epoch in known_epochs(run_to(recipe, 200), 200) if epoch < 110]
    assert len(before) > 5
    edited = run_to(recipe, 200)
    edited.seek(110)
    edited.edit("learning_rate", 0.01)
    assert edited.rewind(200) == 110  # what lay after it is another run's
    assert known_epochs(edited, 110) == [*before, 110]
    for epoch in (*before, 110):
        edited.rewind(epoch)
        assert same(edited.network, run_to(edited.recipe, epoch).network)


@pytest.mark.parametrize("epoch", [0, 7, 20, 27])
def test_rewinding_to_where_the_run_is_changes_nothing(epoch):
    trainer = Trainer(Recipe(samples=20, hidden=(3,)))
    trainer.advance(epoch)
    network = trainer.network
    assert trainer.rewind(epoch) == trainer.epoch == epoch
    for one, two in zip(trainer.network.weights, network.weights, strict=True):
        np.testing.assert_array_equal(one, two)


def test_rewinding_goes_to_a_known_state_at_or_before_without_training():
    trainer = trained(100, data="xor", samples=20)
    nearest = trainer.rewind(50)
    assert nearest <= 50
    assert trainer.epoch == nearest
    assert len(trainer.history) == nearest + 1
    assert same(trainer.network, trained(nearest, data="xor", samples=20).network)


# --- marks ----------------------------------------------------------------------------


def marked_run(most_bytes=None):
    """At epoch 84, with a mark at every seventh."""
    trainer = Trainer(SMALL, most_bytes)
    for _ in range(12):
        trainer.advance(7)
        trainer.mark()
    return trainer


def test_the_way_back_to_a_marked_epoch_needs_no_training():
    trainer = marked_run()
    for epoch in (77, 35):
        assert trainer.rewind(epoch) == epoch
        assert same(trainer.network, run_to(SMALL, epoch).network)
    assert trainer.rewind(34) == 20  # the eight last marks are kept, and every keyframe
    assert trainer.seek(84) == 84
    assert same(trainer.network, run_to(SMALL, 84).network)


def test_marks_have_an_eighth_of_the_memory_of_keyframes():
    size = Trainer(SMALL)._descent.state.nbytes
    trainer = marked_run(16 * size)
    assert trainer.rewind(76) == 60
    trainer.seek(84)
    assert trainer.rewind(77) == 77


def test_an_edit_forgets_the_marks_from_its_epoch_on():
    trainer = marked_run()
    trainer.seek(70)
    trainer.edit("points", "3")
    assert trainer.rewind(84) == 70
    assert same(trainer.network, run_to(trainer.recipe, 70).network)
    assert trainer.rewind(63) == 63


# --- epochs that were seen ------------------------------------------------------------


def test_of_the_epochs_seen_those_seen_last_are_kept(monkeypatch):
    monkeypatch.setattr(module, "MOST_MARKED", 2)
    trainer = Trainer(SMALL)
    for epoch in (5, 6, 5, 7):
        trainer.seek(epoch)
        trainer.mark()
    assert known_epochs(trainer, 7) == [0, 5, 7]


def test_a_state_seen_before_an_edit_is_not_that_of_its_epoch_any_more(monkeypatch):
    monkeypatch.setattr(module, "MOST_KEYFRAMES", 4)
    trainer = trained(10, data="xor", samples=20, hidden=(3,))
    trainer.mark()
    trainer.edit("weight", 5.0, (0, 0, 0))
    trainer.advance(500)  # so far that the keyframe at the edit is left out
    assert 10 not in known_epochs(trainer, 500)
    replayed = Trainer(trainer.recipe)
    assert trainer.seek(10) == replayed.seek(10)
    assert bits(trainer) == bits(replayed)
