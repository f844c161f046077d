"""The programs are run, and their numbers compared with the engine's."""

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz import Edit, Recipe, Trainer
from nnviz.analysis.snapshot import Snapshot
from nnviz.choices.activations import ACTIVATIONS
from nnviz.choices.datasets import SOURCES
from nnviz.choices.initialisers import INITIALISERS
from nnviz.choices.inputs import INPUTS
from nnviz.choices.optimisers import OPTIMISERS
from nnviz.choices.outputs import OUTPUTS
from nnviz.export.data_files import DATA_FILES
from nnviz.training.descent import Descent
from nnviz.writing.programs import FLAVOURS, NotExpressible, differences, program

EPOCHS = 50
TOLERANCE = {"numpy": 1e-9, "sklearn": 1e-6, "torch": 1e-6}
SMALL = {"samples": 40, "hidden": (4, 3), "learning_rate": 0.05}

EDITS = (
    Edit(0, "weight", -0.25, (0, 0, 1)),
    Edit(0, "l2", 0.01),
    Edit(6, "learning_rate", 0.2),
    Edit(9, "weight", 0.5, (1, 2, 1)),
    Edit(9, "weight", 0.75, (0, 0, 0)),
    Edit(12, "optimiser", "momentum"),
    Edit(18, "learning_rate", 0.05),  # while the optimiser's memory is not empty
    Edit(21, "batch_size", 7),
    Edit(24, "optimiser", "momentum"),  # the same again, with an empty memory
    Edit(28, "l2", 0.03),
    Edit(30, "optimiser", "nesterov"),
    Edit(33, "learning_rate", 0.02),
    Edit(36, "batch_size", None),
    Edit(40, "optimiser", "sgd"),
    Edit(42, "optimiser", "sgd"),
    Edit(EPOCHS, "weight", 1.5, (0, 1, 1)),
    Edit(EPOCHS, "optimiser", "adam"),  # never used
    Edit(EPOCHS + 1, "weight", 2.5, (0, 1, 1)),
)

CASES = [
    *({"activation": a, "output": o} for a, o in product(ACTIVATIONS, ("softmax", "sigmoid"))),
    *({"optimiser": o, "batch_size": b, "l2": 0.02, "learning_rate": 0.005}
      for o, b in product(OPTIMISERS, (None, 8, 7, 500))),
    *({"data": s, "classes": max(SOURCES[s].n_classes[0], 3)}
      for s in SOURCES if SOURCES[s].has_class_choice),
    *({"data": s} for s in SOURCES),
    *({"data": s, "standardise": False, "features": ()} for s in ("moons", "iris")),
    *({"inputs": (i,)} for i in INPUTS),
    {"inputs": tuple(INPUTS), "data": "wine", "features": ("hue", "ash")},
    *({"init": i, "data_seed": 3, "seed": 4} for i in INITIALISERS),
    *({"data": "linear", "output": o, "hidden": (), "batch_size": b, "init": i}
      for o, b, i in product(OUTPUTS, (None, 5), ("normal", "zeros"))),
    {"hidden": (), "data": "iris", "noise": 0.0, "activation": "sine"},
    {"test_share": 0.0},
    {"samples": 20, "batch_size": 1, "optimiser": "nesterov", "learning_rate": 0.005},
    {"samples": 10, "test_share": 0.9},  # one training point: its features are constant
    {"l1": 0.01, "l2": 0.02},
    {"l1": 0.01, "optimiser": "rmsprop", "batch_size": 7, "learning_rate": 0.005},
    {"samples": 600, "batch_size": 250},  # above scikit-learn's own batch size of 200
    {"edits": EDITS},
    {"edits": EDITS, "output": "sigmoid", "batch_size": 7, "optimiser": "nesterov"},
    {"edits": EDITS, "data": "iris", "activation": "relu", "batch_size": 500},
    {"edits": [*EDITS, Edit(5, "optimiser", "rmsprop"), Edit(11, "l1", 0.01)]},
    {"edits": [Edit(20, "optimiser", "adam"), Edit(30, "learning_rate", 0.01)]},
    {"edits": [Edit(20, "weight", 0.3, (0, 0, 0))], "activation": "step", "optimiser": "momentum"},
]  # fmt: skip


def recipe_of(fields):
    return Recipe(**SMALL | fields)


def run(text):
    """The names that a script defines, and its output."""
    names, printed = {}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, "program", "exec"), names)
    return names, printed.getvalue()


def needs(flavour):
    if flavour == "torch":
        pytest.importorskip("torch", reason="runs where PyTorch is installed")


def trained(recipe, epoch):
    trainer = Trainer(recipe)
    assert trainer.advance(epoch) == epoch
    return trainer


def gaps(recipe, epoch, flavour):
    """The largest difference of the program's losses from the engine's, and of all else."""
    trainer = trained(recipe, epoch)
    names, _ = run(program(recipe, epoch, flavour))
    losses = [(names["losses"], trainer.history.train_loss)]
    if not np.isnan(trainer.history.test_loss).all():
        losses.append((names["test_losses"], trainer.history.test_loss))
    else:
        assert names["test_losses"] == []
    raw = np.concatenate([trainer.dataset.train, [[0.25, -3.0]]])
    expected = trainer.network.predict_proba(trainer.preparation.apply(raw))
    rest = [
        *zip(names["weights"], trainer.network.weights, strict=True),
        (names["predict_proba"](raw), expected),
    ]
    return largest_difference(losses), largest_difference(rest)


def largest_difference(pairs):
    for ours, theirs in pairs:
        np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))  # of the same shape, too
    gaps = (np.nan_to_num(np.abs(np.subtract(ours, theirs))) for ours, theirs in pairs)
    return max(gap.max() for gap in gaps)


# --- the same run ---------------------------------------------------------------------


@pytest.mark.parametrize("fields", CASES, ids=str)
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_program_repeats_the_run(flavour, fields):
    needs(flavour)
    recipe = recipe_of(fields)
    try:
        losses, rest = gaps(recipe, EPOCHS, flavour)
    except NotExpressible:
        assert flavour == "sklearn"  # the other two can do everything
        return
    if differences(recipe, EPOCHS, flavour):
        assert losses < 1e-2
    else:
        assert losses < TOLERANCE[flavour]
        assert rest < 1e-6


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_scikit_learn_can_express_the_activations_it_has(flavour):
    expressible = {"identity", "sigmoid", "tanh", "relu"}
    for name in ACTIVATIONS:
        recipe = recipe_of({"activation": name})
        if flavour == "sklearn" and name not in expressible:
            with pytest.raises(NotExpressible):
                program(recipe, EPOCHS, flavour)
        else:
            assert program(recipe, EPOCHS, flavour)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.integers(0, 12), st.just("learning_rate"), st.floats(0.001, 0.2)),
            st.tuples(st.integers(0, 12), st.just("optimiser"), st.sampled_from([*OPTIMISERS])),
            st.tuples(st.integers(0, 12), st.just("batch_size"), st.sampled_from([None, 5, 90])),
            st.tuples(st.integers(0, 12), st.just("l2"), st.sampled_from([0.0, 0.1])),
            st.tuples(st.integers(0, 12), st.just("weight"), st.floats(-2, 2), st.just((0, 1, 2))),
        ),
        max_size=8,
    )
)
def test_edits_in_any_order_are_repeated(edits):
    recipe = recipe_of({"edits": edits, "data": "moons"})
    assert max(gaps(recipe, 10, "numpy")) < 1e-9


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("epoch", [0, 1])
def test_the_first_epochs(flavour, epoch):
    needs(flavour)
    recipe = recipe_of({"edits": [Edit(0, "weight", 0.5, (0, 0, 0)), Edit(1, "l2", 0.5)]})
    assert max(gaps(recipe, epoch, flavour)) < 1e-12


# --- as a reader runs it --------------------------------------------------------------


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("fields", [{}, {"edits": EDITS, "data": "iris"}], ids=["plain", "edited"])
def test_a_file_prints_the_run_without_warnings(tmp_path, flavour, fields):
    needs(flavour)
    recipe = recipe_of(fields)
    file = tmp_path / "run.py"
    file.write_text(program(recipe, EPOCHS, flavour), encoding="utf-8")
    # a console without Greek letters
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-W", "error", file.name],
        cwd=tmp_path, capture_output=True, text=True, env=environment, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    title, *rows = done.stdout.splitlines()
    assert title.split()[0] == "epoch"
    history = trained(recipe, EPOCHS).history
    assert [int(row.split()[0]) for row in rows] == list(range(0, EPOCHS + 1, 5))
    for row in rows:
        epoch, loss, accuracy, test_loss, test_accuracy = row.split()
        expected = history[int(epoch)]
        assert float(loss) == pytest.approx(expected.train_loss, abs=1e-6)
        assert float(test_loss) == pytest.approx(expected.test_loss, abs=1e-6)
        assert accuracy == f"{expected.train_accuracy:.1%}"
        assert test_accuracy == f"{expected.test_accuracy:.1%}"


def test_the_last_epoch_is_printed_too():
    _, printed = run(program(recipe_of({"test_share": 0}), 33, "numpy"))
    assert [row.split()[0] for row in printed.splitlines()] == [
        "epoch", *(str(i) for i in range(0, 34, 2)), "33",
    ]  # fmt: skip
    assert "test" not in printed


def test_a_linter_finds_nothing_in_programs(tmp_path):
    for i, (fields, flavour) in enumerate(product(CASES, FLAVOURS)):
        with contextlib.suppress(NotExpressible):
            text = program(recipe_of(fields), 20, flavour)
            (tmp_path / f"{flavour}_{i}.py").write_text(text, encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout


# --- the text -------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_only_what_the_run_needs_is_written(flavour):
    text = program(Recipe(), 500, flavour)
    assert len(text.splitlines()) <= 120
    assert max(map(len, text.splitlines())) <= 100
    for word in ("adam", "Adam", "l1", "permutation(n)", "sine", "relu", "set by hand"):
        assert word not in text
    assert text.isprintable() or set(text) - set(filter(str.isprintable, text)) == {"\n"}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_header_describes_the_run_and_what_to_install(flavour):
    names, _ = run(program(Recipe(data="linear"), 0, "numpy"))
    assert names["__doc__"].startswith("Linear, 2-10-2 network, tanh and softmax, untrained.\n")
    head = program(Recipe(data="linear", hidden=()), 30, flavour).split('"""')[1]
    assert head.startswith("Linear, 2-2 network, softmax, 30 epochs of SGD.\n")
    assert FLAVOURS[flavour].label in head
    packages = {"numpy": "numpy", "sklearn": "numpy scikit-learn", "torch": "numpy torch"}[flavour]
    assert f"pip install {packages}\n" in head
    assert "scikit-learn" in program(Recipe(), 30, flavour).split('"""')[1]


def test_an_optimiser_that_never_makes_a_step_is_left_out():
    recipe = recipe_of({"edits": [Edit(20, "optimiser", "adam")]})
    assert "adam" not in program(recipe, 20, "numpy")
    assert "def adam" in program(recipe, 21, "numpy")


# --- differences and errors -----------------------------------------------------------


def test_the_script_states_how_scikit_learn_s_adam_differs():
    recipe = recipe_of({"edits": [Edit(5, "optimiser", "adam")]})
    assert differences(recipe, 5, "sklearn") == []
    (sentence,) = differences(recipe, 6, "sklearn")
    assert "ε = 1e-8" in sentence
    assert sentence in " ".join(program(recipe, 6, "sklearn").split())
    assert differences(recipe, 6, "numpy") == differences(recipe, 6, "torch") == []


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"activation": "sine"}, "sine activation"),
        ({"output": "step", "hidden": ()}, "step (perceptron) output"),
        ({"optimiser": "rmsprop"}, "RMSProp"),
        ({"edits": [Edit(3, "l1", 0.1)]}, "L1 penalty"),
        ({"activation": "elu", "l1": 0.1, "optimiser": "rmsprop"},
         "ELU activation, RMSProp and L1 penalty"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("function", [program, differences])
def test_the_message_names_what_scikit_learn_does_not_have(fields, missing, function):
    with pytest.raises(NotExpressible) as caught:
        function(recipe_of(fields), EPOCHS, "sklearn")
    expected = f"scikit-learn's MLPClassifier has no {missing}; the NumPy script has"
    assert str(caught.value) == expected


def test_edits_after_the_epoch_do_not_matter():
    recipe = recipe_of({"edits": [Edit(10, "optimiser", "rmsprop"), Edit(12, "l1", 0.1)]})
    assert max(gaps(recipe, 10, "sklearn")) < 1e-9
    assert program(recipe_of({"activation": "sine", "hidden": ()}), 10, "sklearn")


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_data_set_without_source_text_raises(monkeypatch, flavour):
    monkeypatch.setitem(SOURCES, "moons", replace(SOURCES["moons"], code=()))
    with pytest.raises(NotExpressible) as caught:
        program(Recipe(data="moons"), 3, flavour)
    assert str(caught.value) == "there is no source text for the data set moons yet"


@pytest.mark.parametrize(
    ("epoch", "flavour", "sentence"),
    [
        (3, "R", "flavour must be one of numpy, sklearn, torch; got R"),
        (-1, "numpy", "epoch must be a whole number 0…1000000; got -1"),
        (1_000_001, "torch", "epoch must be a whole number 0…1000000; got 1000001"),
        (2.5, "numpy", "epoch must be a whole number 0…1000000; got 2.5"),
    ],
)
@pytest.mark.parametrize("function", [program, differences])
def test_invalid_arguments_raise(epoch, flavour, sentence, function):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 -- the whole message is compared
        function(Recipe(), epoch, flavour)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_writing_a_script_trains_nothing(flavour, monkeypatch):
    recipe = recipe_of({"edits": EDITS})
    expected = program(recipe, EPOCHS, flavour)
    for name in ("__init__", "train", "epoch", "evaluate"):
        monkeypatch.setattr(Descent, name, None)
    assert program(recipe, EPOCHS, flavour) == expected


def test_the_table_of_flavours():
    assert list(FLAVOURS) == ["numpy", "sklearn", "torch"]
    assert [flavour.label for flavour in FLAVOURS.values()] == ["NumPy", "scikit-learn", "PyTorch"]
    for name, flavour in FLAVOURS.items():
        assert flavour.name == name
        assert flavour.needs


# --- a user's own points ------------------------------------------------------------


def own(n):
    rng = np.random.default_rng(2)
    points = rng.normal(size=(n, 2)) * [1.0, 1000.0] - [1e-5, 0]
    names = ['a"""', "b\\", "{c}"]
    return Recipe.from_table(
        points, [names[i] for i in rng.integers(3, size=n)], feature_names=["a #1", "%{y}"],
        name='my """data\\".csv', hidden=(3,), learning_rate=0.05, test_share=0.25,
    )  # fmt: skip


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("n", [60, 600])
def test_a_program_repeats_a_run_of_own_points(flavour, n, tmp_path, monkeypatch):
    needs(flavour)
    monkeypatch.chdir(tmp_path)
    recipe = own(n)
    recipe = replace(recipe, features=recipe.features[::-1])
    snapshot = Snapshot(trained(recipe, 20))
    file = DATA_FILES["points"]
    (tmp_path / file.file_name(snapshot.moment)).write_bytes(file.make(snapshot))
    losses, rest = gaps(recipe, 20, flavour)
    if not differences(recipe, 20, flavour):
        assert losses < TOLERANCE[flavour]
        assert rest < 1e-6


# on 600 points of three classes: 450 to train, 150 to test
ON_MANY = [
    [[0, "points", "600_1_0.5_250.25~7_2_-1.5_12"], [6, "points", "3~601_0_0.25_-99.5~599_1_0_9"]],
    [[4, "points", "600_1_0.5_250.25"], [9, "points", "600"]],
    [[4, "points", "3~4~449~450~599"], [9, "points", "4_1_0.5_1.5"]],
    [[5, "points", "~".join(map(str, range(600)))]],
]  # fmt: skip


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("edits", ON_MANY, ids=range(len(ON_MANY)))
def test_a_program_draws_on_points_that_it_reads_from_the_exported_file(
    flavour, edits, tmp_path, monkeypatch
):
    needs(flavour)
    monkeypatch.chdir(tmp_path)
    recipe = replace(own(600), edits=edits)
    snapshot = Snapshot(trained(recipe, 12))
    file = DATA_FILES["points"]
    (tmp_path / file.file_name(snapshot.moment)).write_bytes(file.make(snapshot))
    losses, rest = gaps(recipe, 12, flavour)
    if not differences(recipe, 12, flavour):
        assert losses < TOLERANCE[flavour]
        assert rest < 1e-6
    assert len(program(recipe, 12, flavour)) < 12_000 or len(edits) == 1


def test_few_points_are_written_out_and_many_read_from_the_exported_file():
    assert "open(" not in program(own(60), 20, "numpy")
    assert 'open("my-data-2-3-3-tanh-epoch-20-points.csv"' in program(own(600), 20, "numpy")
    assert all(len(line) <= 100 for line in program(own(60), 20, "numpy").splitlines())


# --- points drawn during the run ------------------------------------------------------

STROKES = [
    [0, "points", "60_1_0.5_0.25~61_0_-0.5_0.5~3"],
    [4, "points", "62_1_0.1_0.1~63_0_-0.2_-0.2~64_1_0.3_0.3~65_1_0.35_0.3~58"],
    [9, "points", "62~5_1_0.75_-0.5~3_0_0.2_0.2"],
]
DRAWN = {"data": "xor", "samples": 60, "hidden": (3,), "edits": STROKES}


EVERYTHING = "~".join(map(str, range(60)))
CHANGING = [
    {}, {"batch_size": 7, "optimiser": "adam"}, {"output": "sigmoid", "test_share": 0.0},
    {"batch_size": 49}, {"edits": [*STROKES, [6, "batch_size", 5], [8, "batch_size", None]]},
    {"data": "blobs", "classes": 3}, {"l2": 0.02, "edits": [*STROKES, [4, "l2", 0.03]]},
    {"l2": 0.02, "batch_size": 9, "output": "sigmoid"},
    {"edits": [[3, "points", EVERYTHING], [6, "points", "60_1_0.5_0.25~61_0_-0.5_0.5"]]},
    {"edits": [[3, "points", EVERYTHING]], "batch_size": 7, "optimiser": "momentum"},
    {"data": "drawing", "classes": 2, "edits": STROKES},
    {"data": "drawing", "classes": 2, "edits": [[0, "points", "0_0_0.5_0.5~1_1_-0.5_-0.5"]]},
    {"data": "drawing", "classes": 2, "edits": [[5, "points", "0_0_0.5_0.5~1_1_-0.5_-0.5"]]},
]  # fmt: skip


@pytest.mark.parametrize("fields", CHANGING, ids=str)
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_program_draws_the_points_of_the_run(flavour, fields):
    needs(flavour)
    recipe = Recipe(**DRAWN | fields)
    if flavour == "sklearn" and not len(trained(recipe, 0).dataset.train):
        with pytest.raises(NotExpressible, match=r"^scikit-learn's MLPClassifier needs points to"):
            program(recipe, 20, flavour)
        return
    losses, rest = gaps(recipe, 20, flavour)
    if not differences(recipe, 20, flavour):
        assert losses < TOLERANCE[flavour]
        assert rest < 1e-6


def test_strokes_after_its_last_epoch_are_in_no_program():
    plain = Recipe(**DRAWN | {"edits": []})
    later = Recipe(**DRAWN | {"edits": STROKES[2:]})
    for flavour in FLAVOURS:
        assert program(later, 8, flavour) == program(plain, 8, flavour)
