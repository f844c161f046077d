"""Sweeps: two processes against one and against GridSearchCV, overhead, memory, going on."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from joblib import parallel_config
from sklearn.model_selection import GridSearchCV, PredefinedSplit
from sklearn.neural_network import MLPClassifier

import nnviz
from nnviz import Recipe, Trainer
from nnviz.sweeps.threads import one_thread
from tests.bench.report import note, say

EPOCHS, ROUNDS = 500, 3
RATES, SEEDS = [float(f"{rate:.3g}") for rate in np.geomspace(0.05, 1, 20)], 10  # 200 runs
SMALL_RUNS, SMALL_EPOCHS = 200, 100  # for the overhead
MANY_RUNS = 1000  # that do nearly nothing

Clock = Callable[[], float]

_COORDINATOR = """
import resource
from nnviz.cli import main
main(["sweep", "--samples", "40", "--epoch", "2", "--seeds", "{runs}", "--yes", "-o", r"{path}"])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
"""


def main() -> None:
    print("Sweeps: 200 runs of circles, 2-10-2, 500 epochs")
    os.environ["PYTHONWARNINGS"] = "ignore"  # scikit-learn's, of runs that have not converged
    warnings.simplefilter("ignore")
    _processes()
    _overhead("serial, processor time", "sequential", 5, time.process_time)
    _dask()
    _coordinator()


def _processes() -> None:
    _swept(2, 5)  # starts the processes
    times = []
    for _ in range(ROUNDS):
        times.append([_seconds(lambda: _swept(1)), _seconds(lambda: _swept(2)), _seconds(_grid)])
    one, two, grid = (median(side) for side in zip(*times, strict=True))
    note(f"one process {one:.1f} s, two {two:.1f} s, GridSearchCV on two {grid:.1f} s")
    say("two processes / one", median(t[0] / t[1] for t in times), 1.7, "×")
    say("GridSearchCV / nnviz.sweep, both on two", median(t[2] / t[1] for t in times), 3, "×")


def _swept(jobs: int | None, epoch: int = EPOCHS) -> None:
    nnviz.sweep(Recipe(), {"learning_rate": RATES}, seeds=SEEDS, epoch=epoch, jobs=jobs)


def _grid() -> None:
    """The same grid, epochs and processes; scikit-learn evaluates the test part at the end only."""
    trainer = Trainer(Recipe())
    data = trainer.dataset
    X = trainer.preparation.apply(np.concatenate([data.train, data.test]))
    y = np.concatenate([data.train_labels, data.test_labels])
    split = PredefinedSplit([-1] * len(data.train) + [0] * len(data.test))
    network = MLPClassifier(
        (10,), activation="tanh", solver="sgd", momentum=0.0, alpha=0.0, batch_size=len(data.train),
        shuffle=False, max_iter=EPOCHS, tol=0.0, n_iter_no_change=EPOCHS + 1,
    )  # fmt: skip
    grid = {"learning_rate_init": RATES, "random_state": list(range(SEEDS))}
    GridSearchCV(network, grid, cv=split, refit=False, n_jobs=2).fit(X, y)


def _overhead(what: str, backend: str, promised: float, clock: Clock, **options: object) -> None:
    """Time of a sweep beyond that of its trainers, a run."""
    recipe = Recipe()
    nnviz.sweep(recipe, epoch=1)

    def trained() -> None:
        for seed in range(SMALL_RUNS):
            with one_thread:
                Trainer(Recipe(seed=seed)).advance(SMALL_EPOCHS)

    with parallel_config(backend=backend, **options):
        nnviz.sweep(recipe, seeds=5, epoch=1)
        pairs = [
            (_seconds(lambda: nnviz.sweep(recipe, seeds=SMALL_RUNS, epoch=SMALL_EPOCHS), clock),
             _seconds(trained, clock))
            for _ in range(ROUNDS)
        ]  # fmt: skip
    extra = median(1000 * (swept - alone) / SMALL_RUNS for swept, alone in pairs)
    say(f"overhead a run, {what}", extra, promised, "ms", at_least=False)


def _dask() -> None:
    try:
        from distributed import Client, LocalCluster
    except ModuleNotFoundError:
        note("distributed is not installed")
        return
    times = {}
    for workers in (1, 2):
        with (
            LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address=None
            ) as cluster,
            Client(cluster) as client,
            parallel_config(backend="dask", client=client),
        ):
            if workers == 1:
                _overhead("Dask, one worker", "dask", 10, time.perf_counter, client=client)
            else:
                _ceiling()
            _swept(None, 5)
            times[workers] = _seconds(lambda: _swept(None))
    note(f"Dask, two workers / one: {times[1] / times[2]:.2f} ×")


def _ceiling() -> None:
    """What the coordinator and the scheduler do for a run, which all workers wait for.

    Both are in this process, whose time is taken; the runs are so short that it is never idle.
    """
    nnviz.sweep(Recipe(samples=40), seeds=MANY_RUNS, epoch=1)
    of_run = _seconds(
        lambda: nnviz.sweep(Recipe(samples=40), seeds=MANY_RUNS, epoch=1), time.process_time
    ) / MANY_RUNS  # fmt: skip
    note(
        f"coordinator and scheduler {1000 * of_run:.2f} ms of processor time a run: at most "
        f"{1 / of_run:.0f} runs/s, and 1,000 workers are busy where a run takes "
        f"{1000 * of_run:.1f} s or longer"
    )


def _coordinator() -> None:
    with tempfile.TemporaryDirectory() as folder:
        memory = {}
        for runs in (100, 2000):
            path = Path(folder) / f"{runs}.csv"
            memory[runs] = float(_python(_COORDINATOR.format(runs=runs, path=path)))
        note(f"peak memory of the coordinator: {memory[100]:.0f} MB, {memory[2000]:.0f} MB")
        say("2,000 runs more than 100", memory[2000] - memory[100], 20, "MB", at_least=False)
        again = _COORDINATOR.format(runs=2000, path=Path(folder) / "2000.csv")
        say("going on with 2,000 finished runs", min(
            _seconds(lambda: _python(again)) for _ in range(ROUNDS)), 2, "s", at_least=False,
        )  # fmt: skip


def _python(script: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True
    ).stdout


def _seconds(work: Callable[[], object], clock: Clock = time.perf_counter) -> float:
    start = clock()
    work()
    return clock() - start
