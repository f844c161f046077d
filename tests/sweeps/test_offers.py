"""What a page offers to sweep."""

from statistics import median

import pytest

from nnviz import Recipe
from nnviz.sweeps.offers import READY_MADE, VALUES, values_for
from nnviz.sweeps.plan import make_plan
from nnviz.sweeps.run import row_of
from nnviz.sweeps.vary import VARIED, read


@pytest.mark.parametrize("name", VARIED)
def test_every_field_has_values_to_start_from(name):
    recipe = Recipe(data="blobs" if name == "classes" else "circles")
    recipe = Recipe(data="iris") if name == "features" else recipe
    vary = read([f"{name}={values_for(name, recipe)}"])
    assert len(vary[name]) >= 2
    assert len(make_plan(recipe, vary)) >= 2


def test_no_field_more():
    assert {*VALUES, "features"} == set(VARIED)


def test_features_are_offered_in_pairs():
    assert values_for("features", Recipe(data="iris")).count(";") == 5


@pytest.mark.parametrize("name", READY_MADE)
def test_what_is_ready_made_is_within_the_default_bounds(name):
    plan = READY_MADE[name].plan("https://nnviz.test/")
    assert len(plan) <= 100
    assert not plan.left_out
    assert plan.page == "https://nnviz.test/"


def test_three_hidden_units_solve_xor_sometimes():
    plan = READY_MADE["xor"].plan("")
    runs = [run for run in plan if run.recipe.hidden == (3,)]
    solved = [row_of(run)["epochs_to_test_accuracy_0.95"] is not None for run in runs]
    assert 0.3 < sum(solved) / len(solved) < 0.95


def test_circles_break_at_a_large_learning_rate():
    best, largest = (
        median(row_of(run)["test_loss"] for run in READY_MADE["circles"].plan("")
               if run.recipe.learning_rate == rate)
        for rate in (2.0, 10.0)
    )  # fmt: skip
    assert largest > 2 * best
