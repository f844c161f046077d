"""``nnviz.sweep``: the table of all runs, on one process or several."""

import joblib
import pandas as pd
import pytest

import nnviz
from nnviz import Moment, Recipe, Trainer
from nnviz.sweeps import SweepError
from nnviz.sweeps.plan import make_plan

GRID = {"hidden": [(4,), (16, 16)], "learning_rate": [0.1, 1]}
SMALL = Recipe(samples=40)


def test_a_sweep_is_a_table_with_a_row_a_run():
    frame = nnviz.sweep(SMALL, vary=GRID, seeds=3, epoch=20, targets={"test_accuracy": 0.5})
    assert list(frame.columns) == [
        "hidden", "learning_rate", "seed", "data_seed", "epoch", "train_loss", "test_loss",
        "train_accuracy", "test_accuracy", "best_epoch", "best_test_loss", "diverged",
        "epochs_to_test_accuracy_0.5", "seconds", "recipe", "link",
    ]  # fmt: skip
    assert list(frame.hidden) == ["4"] * 6 + ["16,16"] * 6
    assert list(frame.learning_rate[:6]) == [0.1, 0.1, 0.1, 1.0, 1.0, 1.0]
    assert list(frame.seed) == [0, 1, 2] * 4
    row = frame.iloc[10]
    trainer = Trainer(Recipe.from_json(row.recipe))
    trainer.advance(20)
    assert row.test_loss == trainer.history.test_loss[-1]
    assert row.link.startswith("http://localhost:8501/?v=1&")
    assert Moment.from_query(row.link.partition("?")[2]) == Moment(trainer.recipe, 20)


def test_two_processes_give_the_same_table_bit_for_bit():
    with joblib.parallel_config(backend="loky", n_jobs=2):
        spread = nnviz.sweep(SMALL, vary=GRID, seeds=2, epoch=30, curves=True)
    serial = nnviz.sweep(SMALL, vary=GRID, seeds=2, epoch=30, curves=True)
    pd.testing.assert_frame_equal(
        spread.drop(columns="seconds"), serial.drop(columns="seconds"), check_exact=True
    )


def test_threads_of_a_configuration_are_used(monkeypatch):
    import threading

    seen = set()
    start = Trainer.__init__

    def noted(self, recipe):
        seen.add(threading.current_thread().name)
        start(self, recipe)

    monkeypatch.setattr(Trainer, "__init__", noted)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        nnviz.sweep(SMALL, seeds=4, epoch=2)
    assert threading.main_thread().name not in seen


def test_combinations_left_out_are_a_warning():
    with pytest.warns(UserWarning, match="^1 of 2 combinations are left out, such as data=iris: "):
        frame = nnviz.sweep(
            Recipe(samples=40, output="sigmoid"), {"data": ["circles", "iris"]}, epoch=1
        )
    assert len(frame) == 1


def test_tasks_are_taken_as_they_are_needed():
    from nnviz.sweeps.engine import unordered

    taken = []
    results = unordered(len, (taken.append(i) or "x" * i for i in range(1000)))
    next(results)
    assert len(taken) < 100
    results.close()


def test_ending_early_says_nothing_of_tasks_under_way(recwarn):
    from nnviz.sweeps.engine import unordered

    with joblib.parallel_config(backend="threading", n_jobs=2):
        results = unordered(len, ("x" * i for i in range(1000)))
        next(results)
        results.close()
    assert [str(each.message) for each in recwarn] == []


def test_a_worker_of_another_version_is_refused_by_name(monkeypatch):
    from nnviz.sweeps import engine

    versions = iter(["2.0", "1.0"])
    monkeypatch.setattr(engine, "own_version", lambda: next(versions))
    with pytest.raises(SweepError, match=r"^the worker on .+ must have nnviz 2\.0; it has 1\.0$"):
        nnviz.sweep(SMALL, epoch=1)


def test_only_a_recipe_is_swept():
    with pytest.raises(SweepError, match=r"^recipe must be a Recipe; got a dict$"):
        nnviz.sweep({"data": "xor"})


def test_links_lead_to_the_page_named():
    frame = nnviz.sweep(SMALL, epoch=1, page="https://example.org/nn/")
    assert frame.link[0].startswith("https://example.org/nn/?v=1&data=circles")


def test_every_run_has_a_key_of_its_own():
    plan = make_plan(SMALL, GRID, seeds=5, data_seeds=2)
    assert len({run.key for run in plan}) == len(plan) == 40
