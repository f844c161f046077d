"""Runs side by side in a look: their kind, in JSON and in links."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz import Edit, Recipe, RecipeError
from nnviz.recipe.companions import MOST_NAME, MOST_RUNS, Companion, unlinked
from nnviz.recipe.look import Look
from nnviz.recipe.moment import Moment

ADAM = Recipe(optimiser="adam")
EDITED = Recipe(data="iris", hidden=[3, 2]).with_edit(Edit(7, "learning_rate", 0.25))

names = st.text(max_size=MOST_NAME).filter(
    lambda text: text.isprintable() and text == text.strip() and text.isascii()
) | st.sampled_from(["Größe; a=b&c%3B", "学习率"])
companions = st.builds(Companion, st.sampled_from([ADAM, EDITED, Recipe()]), names)


@given(st.lists(companions, min_size=1, max_size=MOST_RUNS - 1), st.integers(0, 3), names)
def test_links_and_files_hold_them(others, place, name):
    beside = [*others]
    beside.insert(place, Companion(name=name))
    moment = Moment(Recipe(), 3, Look(beside=tuple(beside)))
    assert moment.look.beside == tuple(beside)
    assert Moment.from_query(moment.to_query()) == moment
    assert Moment.from_json(moment.to_json()) == moment
    assert Look.from_dict(json.loads(json.dumps(moment.look.to_dict()))) == moment.look


def test_the_run_itself_comes_first_unless_it_has_a_place():
    assert Look(beside=[{"recipe": {}}]).beside == (Companion(), Companion(Recipe()))


@pytest.mark.parametrize("alone", [[], [{}], [{"name": "Adam"}]])
def test_a_run_alone_is_beside_none(alone):
    assert Look(beside=alone) == Look()


def test_a_recipe_may_be_a_query():
    assert Look(beside=[{"recipe": "optimiser=adam"}]).beside[1] == Companion(ADAM)


@pytest.mark.parametrize(
    ("beside", "sentence"),
    [
        ("none", "beside must be a list of runs; got none"),
        (7, "beside must be a list of runs; got 7"),
        ([7], "beside must be a list of runs, each with a recipe and a name; got 7"),
        ([{"seed": 1}], ("beside must be a list of runs, each with a recipe and a name; "
                        "got {'seed': 1}")),
        ([{"recipe": {}}] * 5, "beside must be 4 runs at most; got 5"),
        ([{"recipe": {}}] * 4, "beside must be 4 runs at most; got 5"),
        ([{}, {}, {"recipe": {}}], ("beside must be runs of which one at most has no recipe: the "
                                   "run itself; got 2 without")),
        ([{"recipe": 3}], "in beside, a recipe must be a JSON object or a query; got 3"),
        ([{"recipe": {"seed": -1}}], "in beside, seed must be a whole number 0…4294967295; got -1"),
        ([{"recipe": {}, "name": "x" * 41}], ("in beside, a name must be a text of 40 characters "
                                             f"at most; got {'x' * 41}")),
        ([{"recipe": {}, "name": "a\nb"}], ("in beside, a name must be a text of 40 characters at "
                                           "most; got a\\nb")),
        ([{"recipe": {}, "name": 3}], ("in beside, a name must be a text of 40 characters at most; "
                                      "got 3")),
    ],
)  # fmt: skip
def test_what_is_no_list_of_runs_is_refused_in_a_sentence(beside, sentence):
    with pytest.raises(RecipeError) as caught:
        Look(beside=beside)
    assert str(caught.value) == sentence


def test_a_link_with_a_bad_list_opens_the_run_alone():
    moment, problems = Moment.salvage_query("data=moons&beside=data%3Dnope")
    assert moment == Moment(Recipe(data="moons"))
    assert problems["beside"].startswith("in beside, data must be one of circles")


def test_runs_of_much_data_are_for_files():
    points = np.random.default_rng(0).normal(size=(1200, 2)).round(2)
    table = Recipe.from_table(points, [i % 2 for i in range(1200)])
    assert not Moment(table).too_long
    assert not Moment(Recipe(), look=Look(beside=[Companion(ADAM)])).too_long
    sentence = Moment(table, look=Look(beside=[Companion(table)])).too_long
    assert sentence.startswith("The runs side by side take 9 kB, and a link holds ")
    assert sentence.endswith("save the experiment as a file, which holds all of them.")


def test_in_a_link_a_digest_stands_for_runs_that_are_too_long():
    points = np.random.default_rng(0).normal(size=(1200, 2)).round(2)
    table = Recipe.from_table(points, [i % 2 for i in range(1200)])
    runs = (Companion(name="a;b"), Companion(table, "c"))
    params = Moment(table, look=Look(beside=runs)).to_params()
    ((link, text),) = unlinked(table, runs).items()
    assert params["beside"] == link
    assert len(link) < 30
    assert Moment.from_query(params | {"beside": text}).look.beside == runs
    moment, problems = Moment.salvage_query(params)
    assert moment == Moment(table)
    assert str(problems["beside"]).startswith("the link names runs side by side, but does not hold")
    assert unlinked(Recipe(), (Companion(), Companion(ADAM))) == {}
