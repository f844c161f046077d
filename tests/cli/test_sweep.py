"""``nnviz sweep``: results in a file, stopped and gone on with; errors in one sentence."""

import json
import os
import signal
import subprocess
from pathlib import Path

import joblib
import numpy as np
import pytest

from nnviz.cli import sweep
from nnviz.sweeps import estimate
from nnviz.sweeps.lock import held
from tests.cli.conftest import accept_ctrl_c, command, environment, names

SMALL = ["sweep", "--samples", "40", "--vary", "hidden=2;none", "--seeds", "3", "--epoch", "5"]


@pytest.fixture(autouse=True)
def in_this_process():
    with joblib.parallel_config(n_jobs=1):
        yield


def rows_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_results_are_written_and_the_same_command_has_nothing_left_to_do(nnviz, folder):
    answer = nnviz(*SMALL, "--target", "test_accuracy=0.5", "-o", "a.jsonl")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == (
        "nnviz: 6 runs, about 1 s on 1 process\nnnviz: a.jsonl holds all 6 runs\n"
    )
    rows = rows_of(folder / "a.jsonl")
    assert sorted((row["hidden"], row["seed"]) for row in rows) == [
        (hidden, seed) for hidden in ("2", "none") for seed in range(3)
    ]
    assert "epochs_to_test_accuracy_0.5" in rows[0]
    before = (folder / "a.jsonl").read_bytes()
    again = nnviz(*SMALL, "--target", "test_accuracy=0.5", "-o", "a.jsonl")
    assert again.err == (
        "nnviz: 6 of 6 runs are in a.jsonl already\nnnviz: a.jsonl holds all 6 runs\n"
    )
    assert (folder / "a.jsonl").read_bytes() == before


def test_a_link_and_seeds_listed(nnviz, folder):
    answer = nnviz("sweep", "?data=xor&samples=40&epoch=4", "--seeds", "3,7", "-o", "a.jsonl")
    assert answer.code == 0
    assert [(row["seed"], row["epoch"]) for row in rows_of(folder / "a.jsonl")] == [(3, 4), (7, 4)]


def test_an_interrupted_sweep_keeps_its_rows_and_goes_on(nnviz, folder, monkeypatch):
    from nnviz.sweeps import run

    trained, left = run.trained, [4]

    def some(each):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return trained(each)

    monkeypatch.setattr(run, "trained", some)
    assert nnviz(*SMALL, "-o", "a.csv").code == 130
    monkeypatch.setattr(run, "trained", trained)
    kept = (folder / "a.csv").read_text()
    assert len(kept.splitlines()) >= 2
    answer = nnviz(*SMALL, "-o", "a.csv")
    assert "of 6 runs are in a.csv already" in answer.err
    assert (folder / "a.csv").read_text().startswith(kept)
    assert len((folder / "a.csv").read_text().splitlines()) == 7


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_killed_sweep_goes_on_where_it_stopped(nnviz, folder):
    arguments = ["sweep", "--data", "xor", "--samples", "40", "--seeds", "40", "--epoch", "300"]
    arguments += ["--jobs", "1", "-o", "a.jsonl"]
    with subprocess.Popen(
        command(*arguments), cwd=folder, env=environment(), stderr=subprocess.PIPE,
        preexec_fn=accept_ctrl_c,
    ) as process:  # fmt: skip
        while not (folder / "a.jsonl").exists() or b"\n" not in (folder / "a.jsonl").read_bytes():
            assert process.poll() is None, process.stderr.read()
        process.send_signal(signal.SIGKILL)
    kept = (folder / "a.jsonl").read_bytes()
    assert nnviz(*arguments).code == 0
    assert (folder / "a.jsonl").read_bytes().startswith(kept[: kept.rfind(b"\n") + 1])
    assert sorted(row["seed"] for row in rows_of(folder / "a.jsonl")) == list(range(40))


def test_a_large_sweep_asks_first(nnviz, folder, monkeypatch):
    monkeypatch.setattr(estimate, "MOST_RUNS", 5)
    answer = nnviz(*SMALL, "-o", "a.csv")
    assert (answer.code, names(folder)) == (2, [])
    assert answer.err == (
        "nnviz: error: 6 runs, about 1 s on 1 process: more than 5 runs or 10 min need --yes\n"
    )
    assert nnviz(*SMALL, "--yes", "-o", "a.csv").code == 0


@pytest.mark.parametrize(("typed", "code"), [("y", 0), ("", 1), ("no", 1)])
def test_on_a_terminal_the_user_is_asked(nnviz, folder, monkeypatch, typed, code):
    monkeypatch.setattr(estimate, "MOST_RUNS", 5)
    monkeypatch.setattr(sweep, "_can_ask", lambda: True)
    monkeypatch.setattr("builtins.input", lambda: typed)
    answer = nnviz(*SMALL, "-o", "a.csv")
    assert answer.code == code
    assert "more than 5 runs or 10 min. Start? [y/N]\n" in answer.err
    assert names(folder) == (["a.csv"] if code == 0 else [])


def test_combinations_left_out_are_named(nnviz, folder):
    answer = nnviz(
        "sweep", "--output", "sigmoid", "--vary", "data=xor,iris", "--epoch", "1", "-o", "a.csv"
    )
    assert answer.code == 0
    assert answer.err.startswith(
        "nnviz: 1 of 2 combinations are left out, such as data=iris: output must be softmax for 3 "
        "classes; got sigmoid\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-o", "a.txt"], "-o: the file name must end in one of .csv, .jsonl, .parquet; got a.txt"),
        (["-o", "a.csv", "--vary", "seed=1"],
         "--vary: seed cannot be varied: it varies with the number of weight seeds"),
        (["-o", "a.csv", "--seeds", "many"],
         "--seeds: seed must be a whole number 0…4294967295; got many"),
        (["-o", "a.csv", "--seeds", "0"], ("seeds must be a number 1…1000000 or a list of "
         "different seeds 0…4294967295; got 0")),
        (["-o", "a.csv", "--target", "speed=1"], ("--target: target must be one of train_loss, "
         "test_loss, train_accuracy, test_accuracy with a number, such as test_accuracy=0.95; "
         "got speed=1")),
        (["-o", "a.csv", "--sample", "0"],
         "--sample: sample must be a whole number 1…1000000; got 0"),
        (["-o", "a.csv", "--stop-loss", "low"],
         "--stop-loss: stop loss must be none or a number 0 or more; got low"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_sentence_and_code_2(nnviz, folder, arguments, sentence):
    answer = nnviz("sweep", *arguments)
    assert answer.err == f"nnviz: error: {sentence}\n"
    assert (answer.code, names(folder)) == (2, [])


def test_data_too_long_for_links_are_named(nnviz, folder):
    points = np.random.default_rng(0).normal(size=(3000, 2)).round(3)
    rows = "".join(f"{x},{y},{'uv'[int(x > y)]}\n" for x, y in points)
    (folder / "own.csv").write_text(f"a,b,c\n{rows}")
    answer = nnviz("sweep", "--data", "own.csv", "--seeds", "2", "--epoch", "1", "-o", "a.csv")
    assert answer.code == 0
    assert answer.err.splitlines()[-1] == (
        "nnviz: note: own.csv takes 15 kB, and a link holds 7.5, so no link opens these runs; the "
        "report saves each as a file that does"
    )


def test_another_sweep_is_not_overwritten(nnviz, folder):
    assert nnviz(*SMALL, "-o", "a.csv").code == 0
    before = (folder / "a.csv").read_bytes()
    answer = nnviz(*SMALL, "--vary", "noise=0,0.2", "-o", "a.csv")
    assert answer.code == 1
    assert answer.err.startswith("nnviz: error: a.csv holds results of another sweep, which has ")
    assert (folder / "a.csv").read_bytes() == before


def test_two_sweeps_do_not_write_one_file(nnviz, folder):
    with held(Path("a.csv")):
        answer = nnviz(*SMALL, "-o", "a.csv")
    assert (answer.code, answer.err) == (
        1,
        "nnviz: error: another sweep is writing a.csv; wait until it ends, or name another file\n",
    )
    assert names(folder) == []
    assert nnviz(*SMALL, "-o", "a.csv").code == 0


def test_a_report_is_made_of_a_file(nnviz, folder):
    assert nnviz(*SMALL, "-o", "a.parquet").code == 0
    answer = nnviz("sweep", "report", "a.parquet", "-o", "a.html")
    assert answer.code == 0
    assert "6 runs: hidden × seed" in (folder / "a.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["gone.csv", "-o", "a.html"], 1, "gone.csv cannot be read: no such file"),
        (["other.csv", "-o", "a.html"], 1, "other.csv: the file is not one of a sweep's results"),
        (["other.txt", "-o", "a.html"], 2,
         "the file name must end in one of .csv, .jsonl, .parquet; got other.txt"),
        (["other.csv", "-o", "a.pdf"], 2,
         "-o: the file name must end in one of .html; got a.pdf"),
        (["other.csv", "--picture", "pie", "-o", "a.png"], 2,
         ("--picture: picture must be one of boundaries, loss, accuracy, curves, shares, parallel; "
          "got pie")),
        (["-o", "a.html"], 2, "sweep report needs FILE; see nnviz sweep report --help"),
    ],
)  # fmt: skip
def test_wrong_reports_are_one_sentence(nnviz, folder, arguments, code, sentence):
    for name in ("other.csv", "other.txt"):
        (folder / name).write_text("a,b\n1,2\n")
    answer = nnviz("sweep", "report", *arguments)
    assert (answer.code, answer.err) == (code, f"nnviz: error: {sentence}\n")
    assert not (folder / "a.html").exists()
