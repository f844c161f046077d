"""Choosing a run: options, files and links give the same run."""

import json
from dataclasses import replace

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.cli.look import add_look, look_of
from nnviz.cli.parser import Parser
from nnviz.cli.runs import add_epoch, add_run, moment_of
from nnviz.recipe.look import Look
from nnviz.recipe.moment import Moment

RECIPE = Recipe(
    data="blobs", classes=4, samples=90, noise=0.2, hidden=[5, 3], activation="relu",
    inputs=["x1", "x2", "x1x2"], learning_rate=0.05, batch_size=16, l2=0.001, seed=7,
    standardise=False, edits=[[8, "learning_rate", 0.01], [9, "weight", -0.5, [0, 1, 2]]],
)  # fmt: skip
FLAGS = [
    "--data", "blobs", "--classes", "4", "--samples", "90", "--noise", "0.2", "--hidden", "5,3",
    "--activation", "relu", "--inputs", "x1,x2,x1x2", "--learning-rate", "0.05",
    "--batch-size", "16", "--l2", "0.001", "--seed", "7", "--standardise", "false",
    "--edits", "8:learning_rate:0.01,9:weight:-0.5:0.1.2",
]  # fmt: skip
MOMENT = Moment(RECIPE, 20)


def chosen(*arguments):
    parser = Parser("train", "", "")
    add_run(parser)
    add_epoch(parser)
    return moment_of(parser.read(arguments))


def test_options_alone_are_a_run():
    assert chosen() == Moment(Recipe(), 500)
    assert chosen(*FLAGS, "--epoch", "20") == MOMENT


@pytest.mark.parametrize(
    "link",
    [
        f"http://localhost:8501/?{MOMENT.to_query()}",
        f"https://example.org/sub/path/?{MOMENT.to_query()}",
        f"?{MOMENT.to_query()}",
        MOMENT.to_query(),
    ],
)
def test_a_link_is_the_moment_it_was_copied_at(link):
    assert chosen(link) == MOMENT
    assert chosen("--recipe", link) == MOMENT


def test_files_are_recipes_and_experiments(folder):
    (folder / "recipe.json").write_text(RECIPE.to_json(), encoding="utf-8")
    (folder / "a.nnviz.json").write_text(MOMENT.to_json(), encoding="utf-8")
    (folder / "data=xor").write_text(RECIPE.to_json(), encoding="utf-8")
    assert chosen("recipe.json") == Moment(RECIPE, 500)
    assert chosen("a.nnviz.json") == MOMENT
    assert chosen("--recipe", "a.nnviz.json") == MOMENT
    assert chosen("data=xor") == Moment(RECIPE, 500)


def test_the_epoch_is_the_option_s_then_the_link_s_then_500():
    assert chosen("?data=xor").epoch == 500
    assert chosen("?data=xor&epoch=0").epoch == 0
    assert chosen("?data=xor&epoch=30", "--epoch", "7").epoch == 7


def test_an_experiment_at_epoch_0_stays_there(folder):
    (folder / "a.nnviz.json").write_text(Moment(RECIPE, 0).to_json())
    assert chosen("a.nnviz.json").epoch == 0


def test_options_override_a_link():
    moment = chosen(MOMENT.to_query(), "--hidden", "none", "--edits", "", "--noise", "0")
    assert moment.recipe.hidden == moment.recipe.edits == ()
    assert (moment.recipe.noise, moment.recipe.data, moment.epoch) == (0, "blobs", 20)


SEEN = Moment(RECIPE, 20, Look("class", class_index=3, rings=True, unit=(2, 2), probe=(0.5, -1.0)))


def test_the_look_of_a_link_or_a_file_is_used(folder):
    (folder / "run.json").write_text(SEEN.to_json(), encoding="utf-8")
    assert chosen(SEEN.to_query()) == SEEN
    assert chosen("run.json") == SEEN


def test_a_look_that_the_changed_run_cannot_show_is_ignored():
    assert chosen(SEEN.to_query(), "--hidden", "none", "--edits", "") == Moment(
        replace(RECIPE, hidden=(), edits=()), 20
    )


def test_options_override_the_look():
    parser = Parser("render", "", "")
    add_run(parser)
    add_epoch(parser)
    add_look(parser)
    args = parser.read([SEEN.to_query(), "--view", "entropy", "--unit", "1,1"])
    assert look_of(args, moment_of(args)) == Look(
        "entropy", class_index=3, rings=True, unit=(1, 0), probe=(0.5, -1.0)
    )


def test_another_data_set_has_its_own_features():
    link = Recipe(data="iris", features=["sepal length (cm)", "sepal width (cm)"]).to_query()
    assert chosen(link, "--data", "wine").recipe.features == ("alcohol", "flavanoids")
    assert chosen(link, "--data", "moons").recipe.features == ()
    assert chosen(link, "--data", "iris", "--seed", "3").recipe.features[0] == "sepal length (cm)"
    assert chosen(link, "--data", "wine", "--features", "ash,hue").recipe.features == ("ash", "hue")


def test_options_may_be_written_with_underscores_or_an_equals_sign():
    for arguments in (["--learning_rate", "0.1"], ["--learning_rate=0.1"], ["--learning-rate=0.1"]):
        assert chosen(*arguments).recipe.learning_rate == 0.1


def weights_from(answer, folder):
    assert answer.code == 0, answer.err
    return dict(np.load(folder / "w.npz", allow_pickle=False))


def test_a_link_a_file_and_options_give_the_very_same_weights(nnviz, program, folder):
    (folder / "a.nnviz.json").write_text(MOMENT.to_json())
    trainer = Trainer(RECIPE)
    trainer.seek(20)
    of_program = program("train", f"http://x/?{MOMENT.to_query()}", "--weights", "w.npz")
    found = [weights_from(of_program, folder)]
    for arguments in ([*FLAGS, "--epoch", "20"], ["a.nnviz.json"]):
        found.append(weights_from(nnviz("train", *arguments, "--weights", "w.npz"), folder))
    for each in found:
        for layer, w in enumerate(trainer.network.weights, start=1):
            np.testing.assert_array_equal(each[f"W{layer}"], w)


def test_a_run_can_come_on_standard_input(program):
    answer = program("train", "-", "--json", text=Moment(Recipe(data="xor"), 3).to_json())
    assert json.loads(answer.out)["name"] == "xor-2-10-2-tanh-epoch-3"
