"""The recipe: its fields, edits, links and JSON."""

import json
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz import Edit, Recipe, RecipeError
from nnviz.choices.activations import ACTIVATIONS
from nnviz.choices.datasets import SOURCES
from nnviz.choices.initialisers import INITIALISERS
from nnviz.choices.inputs import INPUTS
from nnviz.choices.optimisers import OPTIMISERS
from nnviz.recipe.recipe import FIELDS, LAST_SEED

few = settings(deadline=None, max_examples=60)

LIVE_VALUES = {
    "optimiser": st.sampled_from(list(OPTIMISERS)),
    "learning_rate": st.floats(1e-5, 10),
    "batch_size": st.none() | st.integers(1, 2000),
    "l1": st.floats(0, 1),
    "l2": st.floats(0, 1),
}


@st.composite
def valid_recipes(draw):
    data = draw(st.sampled_from(list(SOURCES)))
    source = SOURCES[data]
    classes = draw(st.integers(*source.n_classes)) if source.has_class_choice else 3
    hidden = draw(st.lists(st.integers(1, 64), max_size=6))
    outputs = ["softmax"]
    if (classes if source.has_class_choice else source.n_classes[0]) == 2:
        outputs += ["sigmoid"] if hidden else ["sigmoid", "step"]
    live_edits = [
        st.tuples(st.integers(0, 10**6), st.just(name), values)
        for name, values in LIVE_VALUES.items()
    ]
    # every network has the first bias of the first layer
    weight_edits = st.tuples(
        st.integers(0, 10**6), st.just("weight"), st.floats(-1e6, 1e6), st.just((0, 0, 0))
    )
    features = st.permutations(source.features).map(lambda names: names[:2])
    return Recipe(
        data=data,
        classes=classes,
        features=draw(features) if source.is_measured else (),
        samples=draw(st.integers(10, 2000)),
        noise=draw(st.floats(0, 0.5)),
        test_share=draw(st.floats(0, 0.9)),
        data_seed=draw(st.integers(0, LAST_SEED)),
        standardise=draw(st.booleans()),
        inputs=draw(st.lists(st.sampled_from(list(INPUTS)), min_size=1)),
        hidden=hidden,
        activation=draw(st.sampled_from(list(ACTIVATIONS))),
        output=draw(st.sampled_from(outputs)),
        init=draw(st.sampled_from(list(INITIALISERS))),
        seed=draw(st.integers(0, LAST_SEED)),
        **{name: draw(values) for name, values in LIVE_VALUES.items()},
        edits=draw(st.lists(st.one_of(*live_edits, weight_edits), max_size=4)),
    )


# --- a value like any other -----------------------------------------------------------


def test_the_default_is_circles_with_ten_hidden_tanh_units():
    recipe = Recipe()
    assert (recipe.data, recipe.hidden, recipe.activation) == ("circles", (10,), "tanh")
    assert recipe.sizes == (2, 10, 2)
    assert recipe.batch_size is None


def test_equal_recipes_compare_and_hash_equal():
    one = Recipe(hidden=[8, 4], l1=0, inputs=["x2", "x1"], edits=[[5, "learning_rate", 1]])
    other = Recipe(hidden=(8.0, 4), l1=0.0, edits=(Edit(5, "learning_rate", 1.0),))
    assert one == other
    assert hash(one) == hash(other)


def test_a_recipe_is_frozen():
    with pytest.raises(FrozenInstanceError):
        Recipe().seed = 1


def test_every_field_of_the_table_is_an_argument_with_its_default():
    assert {name: getattr(Recipe(), name) for name in FIELDS} == {
        name: kind.default for name, kind in FIELDS.items()
    }


@pytest.mark.parametrize(
    ("fields", "n_classes", "sizes"),
    [
        ({"output": "sigmoid", "hidden": ()}, 2, (2, 1)),
        ({"data": "blobs", "classes": 5}, 5, (2, 10, 5)),
        ({"data": "iris", "inputs": ["x1", "x2", "x1x2"], "hidden": (4, 6)}, 3, (3, 4, 6, 3)),
        ({"data": "xor", "classes": 6}, 2, (2, 10, 2)),  # xor always has two
    ],
)
def test_classes_and_layer_sizes_follow_from_the_fields(fields, n_classes, sizes):
    assert Recipe(**fields).n_classes == n_classes
    assert Recipe(**fields).sizes == sizes


def test_a_measured_set_without_features_shows_its_default_ones():
    assert Recipe(data="iris").features == ("petal length (cm)", "petal width (cm)")


# --- edits ----------------------------------------------------------------------------


def test_settings_at_an_epoch_are_the_last_ones_set_by_then():
    recipe = Recipe(l1=0.1, edits=[[10, "l1", 0.2], [10, "l2", 0.5], [20, "l1", 0.3]])
    assert [recipe.settings_at(epoch)["l1"] for epoch in (0, 9, 10, 19, 20)] == [
        0.1, 0.1, 0.2, 0.2, 0.3,
    ]  # fmt: skip
    assert recipe.settings_at(15) == {
        "optimiser": "sgd", "learning_rate": 0.5, "batch_size": None, "l1": 0.2, "l2": 0.5,
    }  # fmt: skip


def test_folded_starts_with_the_last_settings_and_has_no_edits():
    recipe = Recipe(edits=[[10, "l1", 0.2], [20, "l1", 0.3], [5, "weight", 1.0, [0, 0, 0]]])
    assert recipe.folded() == Recipe(l1=0.3)


def test_a_run_can_go_on_with_other_live_fields_but_not_with_another_network():
    run = Recipe(hidden=(3,), edits=[[4, "l1", 0.1], [5, "weight", 1, [0, 0, 0]]])
    for field, value in (("optimiser", "adam"), ("learning_rate", 0.1), ("batch_size", 8),
                         ("l1", 0.2), ("l2", 0.2), ("edits", ())):  # fmt: skip
        assert replace(run, **{field: value}).goes_on_from(run)
        assert run.goes_on_from(replace(run, **{field: value}))
    for field, value in (("hidden", (4,)), ("seed", 1), ("data", "moons"), ("init", "he")):
        assert not replace(run, edits=(), **{field: value}).goes_on_from(run)


def test_a_new_edit_drops_later_ones_and_replaces_one_of_the_same_target():
    recipe = Recipe(edits=[[10, "l1", 0.1], [10, "l2", 0.2], [30, "l1", 0.3]])
    assert recipe.with_edit(Edit(20, "l1", 0.9)) == Recipe(
        edits=[[10, "l1", 0.1], [10, "l2", 0.2], [20, "l1", 0.9]]
    )
    assert recipe.with_edit(Edit(10, "l1", 0.9)) == Recipe(edits=[[10, "l2", 0.2], [10, "l1", 0.9]])


def test_edits_of_different_weights_at_one_epoch_are_all_kept():
    recipe = Recipe().with_edit(Edit(3, "weight", 1.0, (0, 0, 0)))
    recipe = recipe.with_edit(Edit(3, "weight", 2.0, (0, 0, 1)))
    recipe = recipe.with_edit(Edit(3, "weight", 5.0, (0, 0, 0)))
    assert [(e.value, e.at) for e in recipe.edits] == [(2.0, (0, 0, 1)), (5.0, (0, 0, 0))]


def test_an_edit_at_epoch_0_becomes_the_initial_value():
    recipe = Recipe(edits=[[0, "l1", 0.1], [9, "l1", 0.2]])
    assert recipe.with_edit(Edit(0, "l1", 0.3)) == Recipe(l1=0.3)
    assert recipe.with_edit(Edit(0, "weight", 1.0, (0, 0, 0))) == Recipe(
        edits=[[0, "l1", 0.1], [0, "weight", 1.0, [0, 0, 0]]]
    )


@pytest.mark.parametrize("field", ["hidden", "data", "edits", "weight", "nonsense"])
@pytest.mark.parametrize("epoch", [0, 7])
def test_other_than_live_fields_cannot_be_edited_at_any_epoch(field, epoch):
    with pytest.raises(RecipeError):
        Recipe().with_edit(Edit(epoch, field, 3))


# --- codecs ---------------------------------------------------------------------------


@given(recipe=valid_recipes())
@few
def test_every_recipe_can_be_written_and_read_as_json_query_and_mapping(recipe):
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert Recipe.from_json(recipe.to_json().encode()) == recipe
    assert Recipe.from_json(json.loads(recipe.to_json())) == recipe
    assert Recipe.from_query(recipe.to_query()) == recipe
    assert Recipe.from_query("?" + recipe.to_query()) == recipe
    assert Recipe.from_query(recipe.to_params()) == recipe
    assert Recipe.salvage_query(recipe.to_params()) == (recipe, {})


@given(recipe=valid_recipes())
@few
def test_settings_at_the_end_are_those_of_the_folded_recipe(recipe):
    assert recipe.folded().settings_at(0) == recipe.settings_at(10**6)


def test_the_query_of_the_default_reads_as_people_would_write_it():
    assert Recipe().to_query() == (
        "data=circles&classes=3&samples=200&noise=0.1&test_share=0.2&data_seed=0"
        "&standardise=true&inputs=x1,x2&hidden=10&activation=tanh&output=softmax&init=glorot"
        "&seed=0&optimiser=sgd&learning_rate=0.5&batch_size=full&l1=0&l2=0"
    )


def test_the_query_of_measured_data_quotes_the_names_of_its_features():
    query = Recipe(data="wine", features=("OD280/OD315", "malic acid")).to_query()
    assert "&features=OD280%2FOD315,malic%20acid&" in query


def test_json_of_the_default_is_plain_names_and_numbers():
    values = json.loads(Recipe().to_json())
    assert values["hidden"] == [10]
    assert values["batch_size"] is None
    assert values["standardise"] is True
    assert not {"features", "edits"} & set(values)  # they do not apply here


@pytest.mark.parametrize("text", ["{}", b"{}", {}])
def test_fields_left_out_of_json_get_their_default(text):
    assert Recipe.from_json(text) == Recipe()


def test_fields_left_out_of_a_query_get_their_default():
    assert Recipe.from_query("") == Recipe.from_query("?") == Recipe()
    assert Recipe.from_query("seed=7&hidden=none") == Recipe(seed=7, hidden=())


def test_json_and_query_give_the_same_recipe_as_replace():
    recipe = replace(Recipe(), seed=3, edits=[[4, "optimiser", "adam"]])
    assert Recipe.from_json('{"seed": 3, "edits": [[4, "optimiser", "adam"]]}') == recipe
    assert Recipe.from_query("seed=3&edits=4:optimiser:adam") == recipe


def test_numpy_values_give_the_same_recipe_as_python_values():
    recipe = Recipe(
        data=np.str_("iris"), seed=np.int64(3), hidden=np.array([3, 4]), noise=np.float64(0.25),
        standardise=np.bool_(False), inputs=np.array(["x2", "x1"]), batch_size=np.uint16(8),
        features=np.array(["sepal width (cm)", "petal width (cm)"]),
        edits=[[np.int64(4), "l2", np.float64(0.5)], Edit(np.int64(5), "l1", np.float64(1))],
    )  # fmt: skip
    same = Recipe(
        data="iris", seed=3, hidden=(3, 4), noise=0.25, standardise=False, inputs=("x1", "x2"),
        batch_size=8, features=("sepal width (cm)", "petal width (cm)"),
        edits=[[4, "l2", 0.5], [5, "l1", 1.0]],
    )  # fmt: skip
    assert recipe == same
    assert hash(recipe) == hash(same)
    assert recipe.to_json() == same.to_json()
    assert recipe.to_query() == same.to_query()


def test_a_feature_of_any_name_can_be_written_in_links_and_files(monkeypatch):
    names = ("a, b", "50 % + größe & co: 数=#?")
    source = replace(SOURCES["iris"], features=names, default_features=names)
    monkeypatch.setitem(SOURCES, "iris", source)
    recipe = Recipe(data="iris", features=names)
    assert names[1] in recipe.to_json()  # as people write it
    assert Recipe.from_query(recipe.to_query()) == recipe
    assert Recipe.from_query(recipe.to_params()) == recipe
    assert Recipe.from_json(recipe.to_json()) == recipe


def test_values_are_those_that_json_gives_back():
    recipe = Recipe(hidden=(3, 2), inputs=("x1", "x2"), edits=[[3, "weight", 0.5, (0, 1, 0)]])
    assert recipe.to_values() == json.loads(recipe.to_json())
