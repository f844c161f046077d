"""``data``, ``train``, ``export`` and ``code``: their output is read by independent readers."""

import csv
import io
import json
import re
import subprocess
import sys

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis.snapshot import Snapshot
from nnviz.cli.train import _shown
from nnviz.export.data_files import DATA_FILES
from nnviz.recipe.moment import Moment
from nnviz.recipe.recipe import FIELDS
from nnviz.writing.programs import differences, program
from tests.cli.conftest import command, environment, names

XOR = ["--data", "xor", "--samples", "60"]
DIVERGES = ["--data", "circles", "--activation", "identity", "--learning-rate", "10", "--l2", "1"]


def snapshot_of(epoch, **fields):
    trainer = Trainer(Recipe(**fields))
    trainer.seek(epoch)
    return Snapshot(trainer)


# --- data -----------------------------------------------------------------------------


def test_data_lists_every_choice_with_its_purpose(nnviz):
    out = nnviz("data").out
    for name, kind in FIELDS.items():
        for key, record in getattr(kind, "table", {}).items():
            assert re.search(rf"^  {key} +{re.escape(getattr(record, 'purpose', record.label))}$",
                             out, re.M), (name, key)  # fmt: skip


def test_data_prints_json(nnviz):
    printed = json.loads(nnviz("data", "--json").out)
    assert list(printed) == ["data", "inputs", "activation", "output", "init", "optimiser"]
    assert [entry["name"] for entry in printed["data"]] == list(FIELDS["data"].table)
    iris = next(entry for entry in printed["data"] if entry["name"] == "iris")
    assert iris["classes"] == [3]
    assert iris["features"][0] == "sepal length (cm)"


def test_a_reader_that_closes_the_pipe_is_no_error(folder):
    with subprocess.Popen(
        command("data"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_characters_that_the_output_cannot_encode_are_no_error(program):
    answer = program("data", PYTHONIOENCODING="ascii")
    assert (answer.code, answer.err) == (0, "")
    assert "x?" in answer.out


# --- train ----------------------------------------------------------------------------


def test_train_prints_some_epochs_of_the_history(nnviz):
    answer = nnviz("train", *XOR, "--epoch", "30")
    assert (answer.code, answer.err) == (0, "")
    snapshot = snapshot_of(30, data="xor", samples=60)
    caption, empty, head, *rows = answer.out.splitlines()
    assert caption == snapshot.caption
    assert empty == ""
    assert head.split("  ")[-4:] == ["train loss", "test loss", "train accuracy", "test accuracy"]
    assert [int(row.split()[0]) for row in rows] == [0, 1, 2, 5, 10, 20, 30]
    for row in rows:
        epoch, train_loss, test_loss, train_accuracy, test_accuracy = row.replace(" %", "").split()
        of = snapshot.history[int(epoch)]
        assert float(train_loss) == pytest.approx(of["train_loss"], abs=6e-6)
        assert float(test_loss) == pytest.approx(of["test_loss"], abs=6e-6)
        assert float(train_accuracy) == pytest.approx(100 * of["train_accuracy"], abs=0.06)
        assert float(test_accuracy) == pytest.approx(100 * of["test_accuracy"], abs=0.06)


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0.6931471, "0.69315"), (0.00123456, "0.0012346"), (12.5, "12.500"), (1e200, "1.0000e+200")],
)
def test_a_loss_has_five_digits_however_large_it_is(number, shown):
    assert _shown("train_loss", number) == shown


def test_the_table_has_a_dash_where_there_is_no_test_part(nnviz):
    *_, last = nnviz("train", *XOR, "--test-share", "0", "--epoch", "0").out.splitlines()
    epoch, _, test_loss, _, _, test_accuracy = last.split()
    assert (epoch, test_loss, test_accuracy) == ("0", "–", "–")


def test_train_prints_json(nnviz):
    printed = json.loads(nnviz("train", *XOR, "--test-share", "0", "--epoch", "8", "--json").out)
    snapshot = snapshot_of(8, data="xor", samples=60, test_share=0.0)
    assert Recipe.from_json(printed["recipe"]) == snapshot.recipe
    assert (printed["epoch"], printed["diverged"]) == (8, None)
    assert printed["history"]["epoch"] == list(range(9))
    assert printed["history"]["train_loss"] == snapshot.history.train_loss.tolist()
    assert printed["history"]["test_loss"] == [None] * 9


@pytest.mark.parametrize("name", ["w.npz", "w.json", "W.JSON"])
def test_train_writes_weights(nnviz, folder, name):
    answer = nnviz("train", *XOR, "--epoch", "5", "--weights", name)
    assert answer.code == 0
    assert re.fullmatch(rf"nnviz: wrote {name} \(\d+ (bytes|kB)\)\n", answer.err)
    if name == "w.npz":
        with np.load(name, allow_pickle=False) as read:
            weights = [read["W1"], read["W2"]]
    else:
        weights = json.loads((folder / name).read_text(encoding="utf-8"))["weights"]
    for read, own in zip(
        weights, snapshot_of(5, data="xor", samples=60).network.weights, strict=True
    ):
        np.testing.assert_array_equal(read, own)


def test_a_run_that_diverges_is_an_error_with_its_epoch(nnviz, folder):
    trainer = Trainer(Recipe(activation="identity", learning_rate=10.0, l2=1.0))
    trainer.seek(500)
    assert 0 < trainer.epoch < 500
    end = (
        f"nnviz: error: the run ends at epoch {trainer.epoch}, before epoch 500: the loss is no "
        f"longer finite at epoch {trainer.epoch + 1}: the learning rate 10 times L2 1 is above 2\n"
    )
    answer = nnviz("train", *DIVERGES, "--weights", "w.npz")
    assert (answer.code, answer.err) == (1, end)
    assert answer.out.splitlines()[-1].split()[0] == str(trainer.epoch)
    printed = json.loads(nnviz("train", *DIVERGES, "--json").out)
    assert (printed["epoch"], printed["diverged"]) == (trainer.epoch, trainer.diverged)
    for arguments in (
        ["render", "-o", "a.html"], ["animate", "-o", "a.html", "--frames", "5"],
        ["export", "-o", "a.npz"],
    ):  # fmt: skip
        answer = nnviz(*arguments, *DIVERGES)
        assert (answer.code, answer.out, answer.err) == (1, "", end)
    assert names(folder) == []


# --- export ---------------------------------------------------------------------------


@pytest.mark.parametrize("what", DATA_FILES)
def test_export_writes_what_its_table_makes(nnviz, folder, what):
    name = f"a{DATA_FILES[what].suffix}"
    assert nnviz("export", *XOR, "--epoch", "5", "--what", what, "-o", name).code == 0
    assert (folder / name).read_bytes() == DATA_FILES[what].make(
        snapshot_of(5, data="xor", samples=60)
    )
    assert names(folder) == [name]


@pytest.mark.parametrize(
    ("name", "what"),
    [("a.npz", "weights"), ("a.nnviz.json", "experiment"), ("a.json", "weights_json")],
)
def test_the_ending_of_the_name_decides_if_it_can(nnviz, folder, name, what):
    assert nnviz("export", *XOR, "--epoch", "5", "-o", name).code == 0
    assert (folder / name).read_bytes() == DATA_FILES[what].make(
        snapshot_of(5, data="xor", samples=60)
    )


def test_text_goes_to_standard_output(nnviz):
    answer = nnviz("export", "--what", "history", *XOR, "--epoch", "5")
    rows = list(csv.reader(io.StringIO(answer.out), strict=True))
    assert [row[0] for row in rows] == ["epoch", "0", "1", "2", "3", "4", "5"]


def test_bytes_go_into_a_pipe():
    done = subprocess.run(
        command("export", "--what", "weights", "--epoch", "3"), capture_output=True,
        env=environment(), check=True,
    )  # fmt: skip
    with np.load(io.BytesIO(done.stdout), allow_pickle=False) as read:
        assert read["W1"].shape == (3, 10)


def test_an_experiment_opens_again_as_the_same_run(nnviz, folder):
    link = Moment(Recipe(data="xor", hidden=[3], edits=[[2, "l1", 0.1]]), 7).to_query()
    assert nnviz("export", link, "-o", "a.nnviz.json").code == 0
    of_link = nnviz("train", link, "--json").out
    assert nnviz("train", "a.nnviz.json", "--json").out == of_link


# --- code -----------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", ["numpy", "sklearn", "torch"])
def test_code_is_the_program_of_that_run(nnviz, folder, flavour):
    arguments = ["code", *XOR, "--epoch", "5", "--flavour", flavour]
    recipe = Recipe(data="xor", samples=60)
    script = program(recipe, 5, flavour)
    answer = nnviz(*arguments)
    assert (answer.code, answer.out) == (0, script)
    notes = "".join(f"nnviz: note: {note}\n" for note in differences(recipe, 5, flavour))
    assert " ".join(answer.err.split()) == " ".join(notes.split())
    assert nnviz(*arguments, "-o", "a.py").out == ""
    assert (folder / "a.py").read_text(encoding="utf-8") == script


def test_the_script_runs_from_a_pipe(program):
    answer = program("code", *XOR, "--epoch", "5")
    assert (answer.code, answer.err) == (0, "")
    script = answer.out + "\nprint(repr(float(losses[-1])))\n"
    done = subprocess.run(
        [sys.executable, "-"], input=script, capture_output=True, encoding="utf-8", check=True,
        env=environment(),
    )  # fmt: skip
    loss = float(done.stdout.split()[-1])
    history = snapshot_of(5, data="xor", samples=60).history
    assert loss == pytest.approx(history.train_loss[-1], abs=1e-9)


def test_code_that_cannot_express_the_run_is_an_error(nnviz):
    answer = nnviz("code", "--flavour", "sklearn", "--data", "linear", "--activation", "sine")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("nnviz: error: --flavour sklearn: ")
    assert answer.err.count("\n") == 1
