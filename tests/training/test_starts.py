"""Many starts: each is the run that its recipe gives alone, whatever all of them went through."""

import operator
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz import Edit, Recipe, Trainer
from nnviz.recipe.recipe import LAST_SEED
from nnviz.training.pieces import done
from nnviz.training.starts import COUNTS, VARIED, Starts
from tests.training.runs import assert_as_alone

SMALL = Recipe(samples=30, hidden=[3], batch_size=10, learning_rate=0.3)
DIVERGING = Recipe(samples=30, activation="identity", learning_rate=10.0, init="normal")


def go(starts, recipe, epoch, has_time=lambda: True):
    return done(starts.going(recipe, epoch, is_due=lambda: True, has_time=has_time))


def assert_alone(starts, recipe, varied="seed"):
    """Each is at its epoch as a trainer of its own recipe is."""
    for seed, trainer in zip(starts.seeds, starts.trainers, strict=True):
        assert trainer.recipe == replace(recipe, **{varied: seed})
        assert_as_alone(trainer)


@pytest.mark.parametrize("varied", VARIED)
def test_all_of_25_are_the_runs_of_their_recipes(varied):
    recipe = Recipe(data="moons", samples=60)
    starts = Starts(varied, 25)
    assert go(starts, recipe, 60)
    assert [trainer.epoch for trainer in starts.trainers] == [60] * 25
    assert_alone(starts, recipe, varied)


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("seed", [0, 7, 24, 30, LAST_SEED])
def test_the_run_itself_is_one_of_them(count, seed):
    starts = Starts("seed", count)
    go(starts, replace(SMALL, seed=seed), 0)
    assert len(starts.seeds) == count
    assert seed in starts.seeds
    assert starts.seeds[0] >= 0
    assert starts.seeds[-1] <= LAST_SEED


def test_another_of_the_same_starts_changes_nothing():
    starts = Starts("seed", 9)
    go(starts, SMALL, 20)
    before = list(starts.trainers)
    go(starts, replace(SMALL, seed=5), 20)
    assert starts.trainers == before
    go(starts, replace(SMALL, seed=9), 20)
    assert starts.seeds == list(range(9, 18))


def test_without_time_they_get_on_together_bit_by_bit():
    starts, epochs = Starts("seed", 9), []
    for _ in range(50):
        arrived = go(starts, SMALL, 12, has_time=lambda: False)
        epochs.append({trainer.epoch for trainer in starts.trainers})
        if arrived:
            break
    # one start after the other is made, then an epoch at a time
    assert epochs == 9 * [{0}] + [{epoch} for epoch in range(1, 13)]
    assert_alone(starts, SMALL)


def test_rounds_are_twice_as_long_while_there_is_time_and_half_when_there_is_none():
    starts, seen = Starts("seed", 9), []
    go(starts, SMALL, 0)

    def has_time():
        seen.append({trainer.epoch for trainer in starts.trainers})
        return len(seen) not in (5, 6)

    while not go(starts, SMALL, 100, has_time):
        pass
    # rounds of 1, 2, 4, 8, 16 epochs, out of time, 8, out of time again, 4, 8, 16, 32
    assert seen == [{epoch} for epoch in (1, 3, 7, 15, 31, 39, 43, 51, 67, 99, 100)]


def test_an_edit_is_made_in_the_runs_there_are():
    starts, edited = Starts("seed", 9), SMALL.with_edit(Edit(20, "learning_rate", 0.1))
    assert starts.seeds == []
    go(starts, SMALL, 30)
    before = list(starts.trainers)
    go(starts, edited, 25)
    assert starts.trainers == before
    assert_alone(starts, edited)


def test_together_they_have_the_memory_of_one():
    """With less memory there are fewer epochs to go back to, so each has to go further back."""
    recipe = Recipe(samples=10, hidden=(64, 64, 64))  # 0.2 MB for each such epoch, of 8 MB
    starts, alone = Starts("seed", 9), Trainer(recipe)
    go(starts, recipe, 81)
    alone.seek(81)
    assert alone.rewind(79) == 60
    assert {trainer.rewind(79) for trainer in starts.trainers} == {40}


def test_diverged_ones_stay_where_they_ended():
    starts = Starts("seed", 9)
    assert go(starts, DIVERGING, 3000)
    ended = [trainer.epoch for trainer in starts.trainers if trainer.diverged]
    assert ended
    assert max(ended) < 3000
    assert starts.stuck[[bool(trainer.diverged) for trainer in starts.trainers]].all()
    assert_alone(starts, DIVERGING)
    too_late = DIVERGING.with_edit(Edit(3000, "learning_rate", 0.1))
    assert go(starts, too_late, 3000)
    assert [trainer.epoch for trainer in starts.trainers if trainer.diverged] == ended
    assert_alone(starts, too_late)


def test_stuck_ones_are_distinguished_from_the_others():
    starts = Starts("seed", 25)
    recipe = Recipe(data="xor", hidden=[2], noise=0.05, learning_rate=1.0)
    go(starts, recipe, 0)
    assert not starts.stuck.any()  # too early
    alone = Starts("seed", 25)
    go(alone, Recipe(data="xor", hidden=()), 0)
    first = alone.metrics[:, 0]
    assert np.quantile(first, 0.25) < 0.9 * np.median(first)
    assert not alone.stuck.any()  # too early, however far apart they begin
    go(starts, recipe, 1500)
    accuracy = starts.metrics[:, 2]
    assert 0 < starts.stuck.sum() < 25
    assert accuracy[starts.stuck].max() < accuracy[~starts.stuck].min()


MOVES = st.sampled_from(["go", "edit", "stop"])
EDITS = st.one_of(
    st.builds(lambda value: ("learning_rate", value, None), st.floats(0.01, 2)),
    st.builds(lambda value: ("weight", value, (0, 1, 1)), st.floats(-3, 3)),
    st.just(("optimiser", "adam", None)),
)


@settings(max_examples=30)
@given(st.lists(st.tuples(MOVES, st.integers(0, 60), EDITS), max_size=8))
def test_whatever_happens_they_are_the_runs_of_the_recipe(moves):
    starts, recipe, epoch = Starts("seed", 9), SMALL, 0
    for move, to, (field, value, at) in moves:
        if move == "edit":
            recipe = recipe.with_edit(Edit(epoch, field, value, at))
        else:
            epoch = to
        work = starts.going(recipe, epoch, lambda: True, partial(operator.eq, move, "go"))
        if move == "stop":  # called off on the way
            for _ in zip(range(to), work, strict=False):
                pass
            work.close()
        else:
            done(work)
    assert go(starts, recipe, epoch)
    assert [trainer.epoch for trainer in starts.trainers] == [epoch] * 9
    assert_alone(starts, recipe)
