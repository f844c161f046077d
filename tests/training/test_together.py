"""Runs side by side: each is the run that its recipe gives alone, whatever happens to them."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz import Edit, Recipe, Trainer
from nnviz.training.pieces import done
from nnviz.training.together import Together
from tests.training.runs import assert_as_alone

SMALL = Recipe(samples=30, hidden=[3], batch_size=10, learning_rate=0.3)
RECIPES = (
    SMALL,
    replace(SMALL, optimiser="adam"),
    Recipe(data="moons", samples=30, hidden=[2, 2], activation="relu"),
    Recipe(samples=30, activation="identity", learning_rate=10.0, init="normal"),  # diverges
    SMALL.with_edit(Edit(20, "learning_rate", 0.01)),
)


def go(together, epoch, has_time=lambda: True):
    return done(together.going(epoch, is_due=lambda: True, has_time=has_time))


def assert_alone(together, recipes):
    """Each is at its epoch as a trainer of its own recipe is."""
    assert [trainer.recipe for trainer in together.trainers] == list(recipes)
    for trainer in together.trainers:
        assert_as_alone(trainer)


def test_all_are_the_runs_of_their_recipes():
    together = Together(len(RECIPES))
    together.follow(RECIPES)
    assert go(together, 60)
    assert all(t.epoch == 60 or t.diverged for t in together.trainers)
    assert_alone(together, RECIPES)


def test_a_run_that_stays_goes_on_wherever_it_is_in_the_list():
    first, second, third = RECIPES[:3]
    together = Together(3)
    together.follow([first, second])
    go(together, 30)
    before = together.trainers
    together.follow([third, second, first])
    go(together, 30)
    assert together.trainers[1:] == before[::-1]
    assert_alone(together, [third, second, first])


def test_two_of_one_recipe_go_their_own_ways():
    together = Together(2)
    together.follow([SMALL, SMALL])
    go(together, 10)
    edited = SMALL.with_edit(Edit(10, "learning_rate", 1.0))
    together.follow([edited, SMALL])
    go(together, 20)
    assert_alone(together, [edited, SMALL])


def test_a_trainer_is_exchanged_for_another_and_both_go_on():
    first, second, third = RECIPES[:3]
    together = Together(2)
    together.follow([second, third])
    go(together, 30)
    own = Trainer(first)
    own.seek(30)
    given, kept = together.trainers
    assert together.exchanged(first, own) is None
    assert together.trainers == [given, kept]
    assert together.exchanged(second, own) is given
    together.follow([first, third])
    assert together.trainers == [own, kept]
    given.seek(50)
    assert_as_alone(given)
    go(together, 50)
    assert_alone(together, [first, third])


MOVES = st.one_of(
    st.tuples(st.just("follow"), st.lists(st.sampled_from(RECIPES), max_size=3)),
    st.tuples(st.just("edit"), st.integers(0, 60)),
    st.tuples(st.just("go"), st.integers(0, 60)),
    st.tuples(st.just("hurry"), st.integers(0, 60)),
    st.tuples(st.just("call off"), st.integers(0, 60)),
)


@settings(max_examples=30)
@given(st.lists(MOVES, max_size=8))
def test_whatever_happens_they_are_the_runs_of_their_recipes(moves):
    together, recipes, epoch = Together(3), RECIPES[:2], 0
    together.follow(recipes)
    for move, to in moves:
        if move == "follow":
            recipes = to
        elif move == "edit":
            recipes = [recipe.with_edit(Edit(to, "l2", 0.01)) for recipe in recipes]
        else:
            epoch = to
        together.follow(recipes)
        work = together.going(epoch, lambda: True, lambda move=move: move != "hurry")
        if move == "call off":
            for _ in zip(range(to), work, strict=False):
                pass
            work.close()
        else:
            done(work)
    assert go(together, epoch)
    assert all(t.epoch == epoch or t.diverged for t in together.trainers)
    assert_alone(together, recipes)
