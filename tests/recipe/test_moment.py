"""Moments: links and experiment files, of this version and of earlier ones."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz import Edit, Recipe, RecipeError, Trainer
from nnviz.choices.datasets import SOURCES
from nnviz.choices.views import VIEWS
from nnviz.recipe.look import LOOK_FIELDS, PACES, POINTS, TABS, Look
from nnviz.recipe.moment import Moment
from nnviz.recipe.recipe import FIELDS, LAST_EPOCH

# links of earlier versions, which must always open
OLD_LINKS = {
    "?data=iris": Moment(Recipe(data="iris")),
    "data=linear&hidden=none&output=step": Moment(
        Recipe(data="linear", hidden=(), output="step")
    ),
    "data=moons&samples=300&noise=0.2&hidden=8,4&activation=relu&seed=7&batch_size=20"
    "&edits=120:learning_rate:0.01,300:weight:0.5:1.2.0": Moment(
        Recipe(
            data="moons", samples=300, noise=0.2, hidden=(8, 4), activation="relu", seed=7,
            batch_size=20,
            edits=(Edit(120, "learning_rate", 0.01), Edit(300, "weight", 0.5, (1, 2, 0))),
        )
    ),
    "v=1&data=circles&classes=3&samples=200&noise=0.1&test_share=0.2&data_seed=0&standardise=true"
    "&inputs=x1,x2&hidden=10&activation=tanh&output=softmax&init=glorot&seed=0&optimiser=sgd"
    "&learning_rate=0.5&batch_size=full&l1=0&l2=0&epoch=500": Moment(Recipe(), 500),
    "v=1&data=xor&hidden=3&epoch=4&view=threshold&class=1&threshold=0.25&rings=true&points=test"
    "&unit=1,2&probe=0.5,-1": Moment(
        Recipe(data="xor", hidden=(3,)), 4,
        Look(
            "threshold", class_index=1, threshold=0.25, rings=True, points="test", unit=(1, 2),
            probe=(0.5, -1.0),
        ),
    ),
    "v=1&data=iris&features=sepal%20length%20%28cm%29,petal%20width%20%28cm%29&hidden=4"
    "&edits=50:optimiser:adam,50:batch_size:full&epoch=120": Moment(
        Recipe(
            data="iris", features=("sepal length (cm)", "petal width (cm)"), hidden=(4,),
            edits=(Edit(50, "optimiser", "adam"), Edit(50, "batch_size", None)),
        ),
        120,
    ),
}  # fmt: skip

OLD_FILE = """{"nnviz": 1, "epoch": 7, "recipe": {"data": "xor", "hidden": [3],
"edits": [[5, "l2", 0.01], [5, "weight", -1.5, [0, 1, 2]]]}}"""


@st.composite
def recipes(draw):
    source = draw(st.sampled_from(list(SOURCES)))
    values = {"data": source}
    for name in ("samples", "data_seed", "seed"):
        kind = FIELDS[name]
        values[name] = draw(st.integers(kind.low, kind.high))
    for name in ("noise", "test_share", "learning_rate", "l1", "l2"):
        kind = FIELDS[name]
        values[name] = draw(st.floats(kind.low, kind.high))
    for name in ("activation", "init", "optimiser"):
        values[name] = draw(st.sampled_from(list(FIELDS[name].table)))
    inputs = list(FIELDS["inputs"].table)
    values["inputs"] = draw(st.lists(st.sampled_from(inputs), min_size=1, unique=True))
    values["hidden"] = draw(st.lists(st.integers(1, 64), max_size=6))
    values["batch_size"] = draw(st.none() | st.integers(1, 2000))
    values["standardise"] = draw(st.booleans())
    if SOURCES[source].is_measured:
        names = st.sampled_from(SOURCES[source].features)
        values["features"] = draw(st.lists(names, min_size=2, max_size=2, unique=True))
    edit = st.tuples(
        st.integers(0, LAST_EPOCH),
        st.sampled_from(["learning_rate", "l1", "l2"]),
        st.floats(1e-5, 1.0),
    ) | st.tuples(
        st.integers(0, LAST_EPOCH), st.just("weight"), st.floats(-1e6, 1e6),
        st.tuples(st.just(0), st.integers(0, len(values["inputs"])), st.just(0)),
    )  # fmt: skip
    values["edits"] = draw(st.lists(edit, max_size=5))
    return Recipe(**values)


@st.composite
def moments_of(draw):
    recipe = draw(recipes())
    views = [name for name, view in VIEWS.items() if recipe.n_classes == 2 or not view.two_classes]
    layer = draw(st.integers(0, len(recipe.sizes) - 1))
    look = Look(
        view=draw(st.sampled_from(views)),
        class_index=draw(st.integers(0, recipe.n_classes - 1)),
        threshold=draw(st.floats(0.01, 0.99)),
        rings=draw(st.booleans()),
        points=draw(st.sampled_from(list(POINTS))),
        unit=draw(st.none() | st.tuples(st.just(layer), st.integers(0, recipe.sizes[layer] - 1))),
        probe=draw(st.none() | st.tuples(near, near)),
        tab=draw(st.sampled_from(list(TABS))),
        pace=draw(st.sampled_from(PACES)),
        log_loss=draw(st.booleans()),
        log_epochs=draw(st.booleans()),
        stop_epoch=draw(st.none() | st.integers(1, LAST_EPOCH)),
        stop_loss=draw(st.none() | st.floats(0, allow_infinity=False)),
        stop_patience=draw(st.none() | st.integers(1, LAST_EPOCH)),
    )
    return Moment(recipe, draw(st.integers(0, LAST_EPOCH)), look)


near = st.floats(-1e9, 1e9)


moments = moments_of()


@given(moments)
def test_a_link_opens_the_moment_it_was_made_of(moment):
    assert Moment.from_query(moment.to_query()) == moment
    assert Moment.from_query("?" + moment.to_query()) == moment
    assert Moment.from_query(moment.to_params()) == moment


@given(moments)
def test_an_experiment_file_opens_the_moment_it_was_made_of(moment):
    assert Moment.from_json(moment.to_json()) == moment
    assert Moment.from_json(moment.to_json().encode()) == moment


@pytest.mark.parametrize("link", OLD_LINKS)
def test_old_links_open(link):
    assert Moment.from_query(link) == OLD_LINKS[link]


def test_an_old_experiment_file_opens():
    edits = (Edit(5, "l2", 0.01), Edit(5, "weight", -1.5, (0, 1, 2)))
    assert Moment.from_json(OLD_FILE) == Moment(Recipe(data="xor", hidden=(3,), edits=edits), 7)


def test_the_json_of_a_recipe_is_its_moment_at_epoch_0():
    assert Moment.from_json(Recipe(data="moons").to_json()) == Moment(Recipe(data="moons"), 0)


def test_pace_stop_rules_tab_and_axes_are_kept():
    look = Look(tab="space", pace=50, log_loss=True, log_epochs=True, stop_epoch=900,
                stop_loss=0.05, stop_patience=20)  # fmt: skip
    moment = Moment(Recipe(), 12, look)
    written = "&epoch=12&tab=space&pace=50&log_loss=true&log_epochs=true"
    stops = "&stop_epoch=900&stop_loss=0.05&stop_patience=20"
    assert moment.to_query().endswith(written + stops)
    assert json.loads(moment.to_json())["look"] == {
        "tab": "space", "pace": 50, "log_loss": True, "log_epochs": True, "stop_epoch": 900,
        "stop_loss": 0.05, "stop_patience": 20,
    }  # fmt: skip
    assert Moment.from_query("stop_epoch=none&stop_loss=none&pace=5&tab=curves") == Moment(Recipe())


def test_links_and_files_carry_their_version():
    moment = Moment(Recipe(), 3)
    assert moment.to_query().startswith("v=1&")
    assert json.loads(moment.to_json())["nnviz"] == 1


def test_the_name_describes_the_moment():
    assert Moment(Recipe(), 500).name == "circles-2-10-2-tanh-epoch-500"
    perceptron = Recipe(data="linear", hidden=(), output="step")
    assert Moment(perceptron).name == "linear-2-1-epoch-0"


def test_a_moment_is_a_state():
    """Two trainers sent to equal moments hold equal weights."""
    moment = Moment(Recipe(samples=40, edits=[[3, "learning_rate", 0.1]]), 6)
    found = []
    for read in (Moment.from_query(moment.to_query()), Moment.from_json(moment.to_json())):
        trainer = Trainer(read.recipe)
        trainer.seek(read.epoch)
        found.append([w.tobytes() for w in trainer.network.weights])
    assert found[0] == found[1]


def test_defaults_are_not_written():
    assert not LOOK_FIELDS.keys() & Moment(Recipe(), 3).to_params().keys()
    assert "look" not in json.loads(Moment(Recipe(), 3).to_json())


WRONG_LINKS = {
    "view=x": f"view must be one of {', '.join(VIEWS)}; got x",
    "data=iris&view=threshold": "view must be one for 3 classes; got threshold",
    "class=2": "class must be 0…1; got 2",
    "threshold=1": "threshold must be 0.01…0.99; got 1.0",
    "rings=perhaps": "rings must be true or false; got perhaps",
    "points=none": "points must be one of both, train, test; got none",
    "unit=1,10": "unit must be one of layers of 2, 10, 2 units; got 1,10",
    "unit=1": "unit must be two whole numbers 0…63; got 1",
    "probe=0.5,nan": "probe must be two numbers -1e+09…1e+09; got 0.5,nan",
    "pace=3": "pace must be one of 0, 1, 2, 5, 10, 20, 50; got 3",
    "pace=fast": "pace must be one of 0, 1, 2, 5, 10, 20, 50; got fast",
    "tab=house": "tab must be one of curves, network, space, starts; got house",
    "log_loss=perhaps": "log loss must be true or false; got perhaps",
    "stop_epoch=0": "stop epoch must be none or a whole number 1…1000000; got 0",
    "stop_loss=1e999": "stop loss must be none or a number 0 or more; got inf",
    "stop_patience=soon": "stop patience must be none or a whole number 1…1000000; got soon",
    "epoch=-1": "epoch must be a whole number 0…1000000; got -1",
    "epoch=soon": "epoch must be a whole number 0…1000000; got soon",
    "v=2": "version of the link must be 1, the newest version supported; got 2",
    "noise=7&epoch=3": "noise must be 0…0.5; got 7.0",
}

WRONG_FILES = {
    "{}": "experiment must be an object with the fields of a run; got none",
    '{"nnviz": 1, "look": 5}': "look must be a JSON object; got 5",
    '{"nnviz": 1, "look": {"colour": 1}}':
        f"look must be an object with only {', '.join(LOOK_FIELDS)}; got colour",
    '{"nnviz": 1, "look": {"unit": [3, 0]}}':
        "unit must be one of layers of 2, 10, 2 units; got 3,0",
    "[]": "experiment must be a JSON object; got []",
    '{"nnviz": 2}': "version of the experiment must be 1, the newest version supported; got 2",
    '{"nnviz": 1, "epoch": 1e9}': "epoch must be a whole number 0…1000000; got 1000000000.0",
    '{"nnviz": 1, "recipe": 5}': "recipe must be a JSON object; got 5",
    '{"nnviz": 1, "weights": []}':
        "experiment must be an object with only nnviz, epoch, recipe and look; got weights",
    '{"nnviz": 1, "recipe": {"noise": 9}}': "noise must be 0…0.5; got 9",
}  # fmt: skip


@pytest.mark.parametrize("link", WRONG_LINKS)
def test_an_invalid_link_is_refused_with_a_sentence(link):
    with pytest.raises(RecipeError) as caught:
        Moment.from_query(link)
    assert str(caught.value) == WRONG_LINKS[link]


@pytest.mark.parametrize("text", WRONG_FILES)
def test_an_invalid_file_is_refused_with_a_sentence(text):
    with pytest.raises(RecipeError) as caught:
        Moment.from_json(text)
    assert str(caught.value) == WRONG_FILES[text]


def test_a_file_that_is_no_json_is_refused():
    with pytest.raises(RecipeError, match="experiment must be a JSON object; got hello"):
        Moment.from_json("hello")


def test_the_valid_part_of_an_invalid_link_is_read():
    moment, problems = Moment.salvage_query("v=9&data=iris&noise=7&epoch=12")
    assert moment == Moment(Recipe(data="iris"), 12)
    assert list(problems) == ["v", "noise"]
