"""One full-batch epoch against scikit-learn and PyTorch: 500 points, 2-10-2, tanh, softmax."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from statistics import median

import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from nnviz import Recipe, Trainer
from tests.bench.report import note, say

EPOCHS = 1000
ROUNDS = 9
RATE = 0.5


def main() -> None:
    print("Engine: one full-batch SGD epoch, 500 points, 2-10-2 tanh softmax, float64")
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        recipe = Recipe(samples=500, test_share=0.0, learning_rate=RATE)
        trainer = Trainer(recipe)
        X = trainer.preparation.apply(trainer.dataset.train)
        y = trainer.dataset.train_labels
        # the same 500 points, and 125 more watched as a test part
        watched = Recipe(samples=625, test_share=0.2, learning_rate=RATE)
        sides: dict[str, Callable[[], None]] = {
            "weights only": lambda: _weights_only(Trainer(recipe)),
            "recorded": lambda: _recorded(Trainer(watched)),
            "MLPClassifier": lambda: _sklearn(X, y),
        }
        if torch_run := _torch(X, y):
            sides["PyTorch eager"] = torch_run
        times: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(ROUNDS):  # in turn, so that a slow moment hits all sides
            for name, run in sides.items():
                start = time.perf_counter()
                run()
                times[name].append((time.perf_counter() - start) / EPOCHS * 1e6)
    for name, values in times.items():
        note(f"{name}: {median(values):.0f} µs an epoch (median of {ROUNDS})")
    sigma = np.tanh
    z = np.random.default_rng(0).normal(size=(10, 500))
    start = time.perf_counter()
    for _ in range(1000):
        sigma(z)
    note(f"of which np.tanh of 10 × 500 alone: {(time.perf_counter() - start) * 1e3:.0f} µs")
    _compare(times, "MLPClassifier", "weights only", 3)
    _compare(times, "MLPClassifier", "recorded", 2)
    if "PyTorch eager" in times:
        _compare(times, "PyTorch eager", "weights only", 5)
    else:
        note("PyTorch is not installed here; that comparison is left out")


def _compare(times: dict[str, list[float]], other: str, ours: str, promised: float) -> None:
    ratio = median(theirs / mine for theirs, mine in zip(times[other], times[ours], strict=True))
    say(f"{other} / nnviz, {ours}", ratio, promised, "×")


def _weights_only(trainer: Trainer) -> None:
    descent, settings = trainer._descent, trainer._settings
    for epoch in range(EPOCHS):
        descent.epoch(settings, (0, epoch))


def _recorded(trainer: Trainer) -> None:
    trainer.advance(EPOCHS)


def _sklearn(X: np.ndarray, y: np.ndarray) -> None:
    MLPClassifier(
        (10,), activation="tanh", solver="sgd", learning_rate_init=RATE, momentum=0.0, alpha=0.0,
        batch_size=len(X), shuffle=False, max_iter=EPOCHS, tol=0.0, n_iter_no_change=EPOCHS + 1,
        random_state=0,
    ).fit(X, y)  # fmt: skip


def _torch(X: np.ndarray, y: np.ndarray) -> Callable[[], None] | None:
    try:
        import torch
    except ModuleNotFoundError:
        return None
    torch.set_num_threads(1)
    inputs, labels = torch.from_numpy(X), torch.from_numpy(y)

    def run() -> None:
        layers = torch.nn.Linear(2, 10), torch.nn.Tanh(), torch.nn.Linear(10, 2)
        network = torch.nn.Sequential(*layers).double()
        optimiser = torch.optim.SGD(network.parameters(), lr=RATE)
        for _ in range(EPOCHS):
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(network(inputs), labels).backward()
            optimiser.step()

    return run
