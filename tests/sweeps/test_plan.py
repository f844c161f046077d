"""The plan: all combinations, a sample of them, seeds, and combinations that no recipe allows."""

import itertools

import pytest

from nnviz import Recipe
from nnviz.sweeps.errors import SweepError
from nnviz.sweeps.plan import MOST_COMBINATIONS, make_plan

GRID = {"hidden": [(4,), (16, 16)], "learning_rate": [0.1, 1]}


def test_a_plan_is_a_grid_times_data_seeds_times_seeds():
    plan = make_plan(Recipe(seed=5, data_seed=7), GRID, seeds=3, data_seeds=[1, 2], epoch=40)
    found = [
        (r.recipe.hidden, r.recipe.learning_rate, r.recipe.data_seed, r.recipe.seed) for r in plan
    ]
    assert found == list(itertools.product([(4,), (16, 16)], [0.1, 1.0], [1, 2], [5, 6, 7]))
    assert len(plan) == len(found) == 24
    assert {run.epoch for run in plan} == {40}


def test_without_fields_only_seeds_vary():
    assert [run.recipe for run in make_plan(Recipe(data="xor"), {}, seeds=[3, 1])] == [
        Recipe(data="xor", seed=3), Recipe(data="xor", seed=1),
    ]  # fmt: skip


def test_a_sample_is_drawn_by_its_seed_from_a_grid_of_any_size():
    vary = {name: f"0..1:{n}" for name, n in (("l1", 9999), ("l2", 9998), ("learning_rate", 1))}
    vary["learning_rate"] = "0.1..1:9997"
    draws = [make_plan(Recipe(), vary, sample=20, sample_seed=s).combinations for s in (0, 0, 1)]
    assert draws[0] == draws[1] != draws[2]
    assert len(set(draws[0])) == 20
    whole = make_plan(Recipe(), GRID)
    assert make_plan(Recipe(), GRID, sample=99).combinations == whole.combinations
    drawn = make_plan(Recipe(), GRID, sample=2).combinations
    assert set(drawn) < set(whole.combinations)


def test_combinations_that_no_recipe_allows_are_named_left_out_and_counted():
    plan = make_plan(Recipe(), {"data": ["circles", "iris"], "output": ["softmax", "sigmoid"]})
    assert [(r.data, r.output) for r in plan.combinations] == [
        ("circles", "softmax"), ("circles", "sigmoid"), ("iris", "softmax"),
    ]  # fmt: skip
    assert plan.left_out_sentence == (
        "1 of 4 combinations are left out, such as data=iris, output=sigmoid: output must be "
        "softmax for 3 classes; got sigmoid"
    )
    assert make_plan(Recipe(), GRID).left_out_sentence is None
    with pytest.raises(
        SweepError, match=r"^no recipe allows any of the combinations, such as data"
    ):
        make_plan(Recipe(), {"data": ["iris"], "output": ["sigmoid"]})


def test_another_data_set_has_its_own_features():
    plan = make_plan(Recipe(data="iris"), {"data": ["iris", "wine", "xor"]})
    assert [recipe.data for recipe in plan.combinations] == ["iris", "wine", "xor"]


def test_columns_are_those_of_the_results_file():
    assert make_plan(Recipe(), GRID).columns == [
        "hidden", "learning_rate", "seed", "data_seed", "epoch", "train_loss", "test_loss",
        "train_accuracy", "test_accuracy", "best_epoch", "best_test_loss", "diverged", "seconds",
        "recipe", "link",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"epoch": -1}, "epoch must be a whole number 0…1000000; got -1"),
        ({"seeds": 0}, ("seeds must be a number 1…1000000 or a list of different seeds "
         "0…4294967295; got 0")),
        ({"seeds": [1, 1]}, "seeds must be .*; got \\[1, 1\\]"),
        ({"data_seeds": "x"}, "data seeds must be .*; got x"),
        ({"seeds": True}, "seeds must be .*; got True"),
        ({"sample": 0}, "sample must be a whole number 1…1000000; got 0"),
        ({"stop_loss": -1.0}, "stop loss must be none or a number 0 or more; got -1.0"),
        ({"stop_patience": 0}, "stop patience must be none or a whole number 1…1000000; got 0"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_one_sentence(arguments, sentence):
    with pytest.raises(SweepError, match=f"^{sentence}$"):
        make_plan(Recipe(), GRID, **arguments)


def test_a_grid_too_large_asks_for_a_sample():
    vary = {"l1": "0..1:1001", "l2": "0..1:1001"}
    with pytest.raises(
        SweepError, match=f"at most {MOST_COMBINATIONS} combinations, or a sample of them"
    ):
        make_plan(Recipe(), vary)
