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

SMALL = Recipe(samples=30, hidden=[3], batch_size=10, learning_rate=0.3)
DIVERGING = Recipe(samples=30, activation="identity", learning_rate=10.0, init="normal")


def go(starts, recipe, epoch, has_time=lambda: True):
    return done(starts.going(recipe, epoch, is_due=lambda: True, has_time=has_time))


def assert_alone(starts, recipe, varied="seed"):
    """Each is at its epoch as a trainer of its own recipe is."""
    for seed, trainer in zip(starts.seeds, starts.trainers, strict=True):
        assert trainer.recipe == replace(recipe, **{varied: seed})
        alone = Trainer(trainer.recipe)
        alone.seek(trainer.epoch)
        assert alone.epoch == trainer.epoch
        np.testing.assert_array_equal(alone.rows(0), trainer.rows(0))
        for own, other in zip(alone.network.weights, trainer.network.weights, strict=True):
            np.testing.assert_array_equal(own, other)


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
        if go(starts, SMALL, 12, has_time=lambda: False):
            break
        epochs.append({trainer.epoch for trainer in starts.trainers})
    assert len(epochs) > 12  # one start after the other is made, then an epoch at a time
    assert all(max(seen) - min(seen) <= 1 for seen in epochs)
    assert_alone(starts, SMALL)


def test_diverged_ones_stay_where_they_ended():
    starts = Starts("seed", 9)
    assert go(starts, DIVERGING, 3000)
    ended = [trainer.epoch for trainer in starts.trainers if trainer.diverged]
    assert ended
    assert max(ended) < 3000
    assert starts.stuck[[bool(trainer.diverged) for trainer in starts.trainers]].all()
    assert_alone(starts, DIVERGING)


def test_stuck_ones_are_told_from_the_others():
    starts = Starts("seed", 25)
    recipe = Recipe(data="xor", hidden=[2], noise=0.05, learning_rate=1.0)
    go(starts, recipe, 0)
    assert not starts.stuck.any()  # too early
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
