"""Full-batch epochs against scikit-learn and PyTorch, small and deep; a fit; and a seek."""

from __future__ import annotations

import functools
import time
import timeit
import warnings
from collections.abc import Callable
from statistics import median

import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from nnviz import NeuralNetworkClassifier, Recipe, Trainer
from nnviz.live.codec import unpack
from nnviz.live.session import LiveSession
from tests.bench.report import note, say

EPOCHS = 500  # a run; the cost of setting up is left out of ours and is small in theirs
ROUNDS = 15
RATE = 0.5
SEEK_EPOCHS = 5000
FIT_EPOCHS = 1500
DEEP, DEEP_RATE, DEEP_EPOCHS = (64,) * 6, 0.01, 100


def main() -> None:
    print("Engine: one full-batch SGD epoch, 500 points, 2-10-2 tanh softmax, float64")
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        recipe = Recipe(samples=500, test_share=0.0, learning_rate=RATE)
        # the same number of points to train on, and 125 more only evaluated as a test part
        with_test = Recipe(samples=625, test_share=0.2, learning_rate=RATE)
        trainer = Trainer(recipe)
        X = trainer.preparation.apply(trainer.dataset.train)
        y = trainer.dataset.train_labels
        weights_only = _trainer_of(recipe, _weights_only)
        recorded = _trainer_of(with_test, _recorded)
        _compare("MLPClassifier", lambda: _sklearn(X, y), "weights only", weights_only, 3)
        _compare("MLPClassifier", lambda: _sklearn(X, y), "recorded", recorded, 2)
        if torch_run := _torch(X, y):
            _compare("PyTorch eager", torch_run, "weights only", weights_only, 5)
        else:
            note("PyTorch is not installed here; that comparison is left out")
        _compare(
            "MLPClassifier",
            lambda: _sklearn(X, y, FIT_EPOCHS),
            "NeuralNetworkClassifier.fit",
            lambda: lambda: _fit(X, y),
            3.5,
            FIT_EPOCHS,
        )
        _deep()
        _seek()
    z = np.random.default_rng(0).normal(size=(10, 500))
    alone = min(timeit.repeat(lambda: np.tanh(z), number=100, repeat=20)) * 1e4
    note(f"for comparison, np.tanh of 10 × 500 alone: {alone:.0f} µs")


def _deep() -> None:
    """Six hidden layers of 64, without a test part and with one of 250 more points.

    scikit-learn has no test part: it evaluates the 250 points that it learns from and no
    others, so the promise is about the first.
    """
    with_test = Recipe(samples=500, test_share=0.5, hidden=DEEP, learning_rate=DEEP_RATE)
    alone = Recipe(samples=250, test_share=0.0, hidden=DEEP, learning_rate=DEEP_RATE)
    trainer = Trainer(with_test)
    X, y = trainer.preparation.apply(trainer.dataset.train), trainer.dataset.train_labels
    both = (alone, "no test part", 1.2), (with_test, "and as many evaluated", None)
    for recipe, what, promised in both:
        _compare(
            "MLPClassifier",
            lambda: _sklearn(X, y, DEEP_EPOCHS, DEEP, DEEP_RATE),
            f"6 hidden layers of 64, 250 points, {what}",
            _trainer_of(recipe, lambda trainer: _recorded(trainer, DEEP_EPOCHS)),
            promised,
            DEEP_EPOCHS,
        )


def _seek() -> None:
    """To any epoch of a run of 5,000 on circles, with the picture, as a visitor's scrubber asks."""
    session = LiveSession()
    session.handle({"op": "open", "recipe": {}})
    epoch = 0
    while epoch < SEEK_EPOCHS:
        epoch = unpack(session.handle({"op": "frame", "epochs": 500, "picture": False}))[0]["epoch"]
    targets = np.random.default_rng(0).integers(0, SEEK_EPOCHS, 300).tolist()
    times = []
    for target in targets:
        start = time.perf_counter()
        while unpack(session.handle({"op": "seek", "epoch": target}))[0]["epoch"] != target:
            pass
        times.append(1000 * (time.perf_counter() - start))
    note(f"seek in a run of {SEEK_EPOCHS} epochs: median {median(times):.1f} ms of {len(times)}")
    say("the slowest of these seeks, with its picture", max(times), 50, "ms", at_least=False)


def _compare(
    other: str,
    theirs: Callable[[], None],
    what: str,
    prepared: Callable[[], Callable[[], None]],
    promised: float | None,
    epochs: int = EPOCHS,
) -> None:
    """Both in turn, so that a slow moment of the machine hits both; the median of ratios.

    ``prepared`` sets up one run of ours, which is not timed, and returns it. Nothing is
    ``promised`` of a ratio that is only worth knowing.
    """
    times = []
    for _ in range(ROUNDS):
        mine = _time(prepared(), epochs)
        times.append((mine, _time(theirs, epochs)))
    mine, their = (median(side) for side in zip(*times, strict=True))
    note(f"nnviz, {what}: {mine:.0f} µs an epoch; {other}: {their:.0f} µs (medians of {ROUNDS})")
    ratio = median(their / mine for mine, their in times)
    if promised is None:
        note(f"{other} / nnviz, {what}: {ratio:.2f} ×")
    else:
        say(f"{other} / nnviz, {what}", ratio, promised, "×")


def _time(run: Callable[[], None], epochs: int) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) / epochs * 1e6


def _trainer_of(recipe: Recipe, run: Callable[[Trainer], None]) -> Callable[[], Callable[[], None]]:
    return lambda: functools.partial(run, Trainer(recipe))


def _weights_only(trainer: Trainer) -> None:
    descent, settings = trainer._descent, trainer._settings
    for epoch in range(EPOCHS):
        descent.epoch(settings, (0, epoch))


def _recorded(trainer: Trainer, epochs: int = EPOCHS) -> None:
    trainer.advance(epochs)


def _fit(X: np.ndarray, y: np.ndarray) -> None:
    NeuralNetworkClassifier(
        (10,), output="softmax", solver="sgd", learning_rate_init=RATE, max_iter=FIT_EPOCHS,
        tol=0.0, n_iter_no_change=FIT_EPOCHS + 1, random_state=0,
    ).fit(X, y)  # fmt: skip


def _sklearn(
    X: np.ndarray,
    y: np.ndarray,
    epochs: int = EPOCHS,
    hidden: tuple[int, ...] = (10,),
    rate: float = RATE,
) -> None:
    MLPClassifier(
        hidden, activation="tanh", solver="sgd", learning_rate_init=rate, momentum=0.0, alpha=0.0,
        batch_size=len(X), shuffle=False, max_iter=epochs, tol=0.0, n_iter_no_change=epochs + 1,
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
