"""One run of a sweep: its recipe trained to its end, and the row of results made of it."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..problems import field_title, short_text
from ..recipe.look import DEFAULT_LOOK, Look
from ..recipe.moment import Moment
from ..recipe.recipe import Recipe
from ..training.history import METRICS
from ..training.pieces import Work, done
from ..training.trainer import Trainer
from .errors import SweepError
from .threads import one_thread

MOST_POINTS = 100  # of a thinned history
_LEAST_CHUNK = 100  # epochs trained between two looks at the rules

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Target:
    """A value of a metric to be reached: a loss at most, an accuracy (0…1) at least.

    Raises :class:`SweepError` for a value that the metric cannot have.
    """

    metric: str
    value: float

    def __post_init__(self) -> None:
        is_accuracy = self.metric.endswith("accuracy")
        if self.value < 0 or (is_accuracy and self.value > 1):
            rule = "0…1" if is_accuracy else "0 or more"
            raise SweepError(
                f"{field_title(self.metric)} to reach must be {rule}; got {self.value:g}"
            )

    @property
    def column(self) -> str:
        return f"epochs_to_{self.metric}_{self.value:g}"

    def reached(self, history: np.recarray[Any, Any]) -> int | None:
        """The first epoch at which the target is reached, or None."""
        line = history[self.metric]
        hits = line >= self.value if self.metric.endswith("accuracy") else line <= self.value
        return int(hits.argmax()) if hits.any() else None

    @classmethod
    def read(cls, text: str) -> Target:
        """``test_accuracy=0.95`` as a target; raises :class:`SweepError`."""
        metric, _, number = text.partition("=")
        metric = metric.strip().replace("-", "_")
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if metric not in METRICS or not math.isfinite(value):
            example = f"one of {', '.join(METRICS)} with a number, such as test_accuracy=0.95"
            raise SweepError(f"target must be {example}; got {short_text(text)}")
        return cls(metric, value)


@dataclass(frozen=True)
class Run:
    """A recipe and where its run ends: at ``epoch``, or before by the rules of the ``look``.

    The rules are ``stop_loss`` and ``stop_patience``, as on the page.
    """

    recipe: Recipe
    epoch: int
    look: Look = DEFAULT_LOOK
    targets: tuple[Target, ...] = ()
    curves: bool = False

    @property
    def key(self) -> str:
        """The recipe as JSON; it tells the runs of a sweep apart."""
        return self.recipe.to_json()

    def query(self, epoch: int) -> str:
        """The query of the link to this run at an epoch."""
        return Moment(self.recipe, epoch, self.look).to_query()


def row_of(run: Run) -> dict[str, Any]:
    """Train a run and return its results by column; see :func:`row_from`."""
    start = time.perf_counter()
    trainer = trained(run)
    return row_from(run, trainer, time.perf_counter() - start)


def row_from(run: Run, trainer: Trainer, seconds: float) -> dict[str, Any]:
    """The results of a run by column; missing numbers are None.

    ``trainer`` is at the run's end, which took ``seconds``. A run that diverges ends at its last
    finite epoch, and ``diverged`` says why.
    """
    history = trainer.history
    row: dict[str, Any] = {
        "seed": run.recipe.seed,
        "data_seed": run.recipe.data_seed,
        "epoch": trainer.epoch,
        **{name: _finite(history[name][-1]) for name in METRICS},
        **_best(history["test_loss"]),
        "diverged": trainer.diverged,
        **{target.column: target.reached(history) for target in run.targets},
        "seconds": round(seconds, 6),
        "recipe": run.key,
        "link": run.query(trainer.epoch),
    }
    return row | {"curves": thinned(history)} if run.curves else row


def trained(run: Run) -> Trainer:
    """A trainer at the end of a run."""
    return done(training(run, is_due=lambda: False))


def training(run: Run, is_due: Callable[[], bool]) -> Work[Trainer]:
    """Train a run to its end, with a pause wherever one ``is_due``."""
    with one_thread:
        trainer = Trainer(run.recipe)
        while trainer.epoch < run.epoch and not trainer.finished:
            chunk = run.epoch if run.look == DEFAULT_LOOK else max(_LEAST_CHUNK, trainer.epoch // 4)
            last = min(trainer.epoch + chunk, run.epoch)
            while trainer.epoch < last and not trainer.finished:
                yield from trainer.striding(last - trainer.epoch, is_due)
            end = _end(trainer.rows(0), run.look)
            if end is not None:
                trainer.seek(end)
                break
    return trainer


def thinned(history: np.recarray[Any, Any], most: int = MOST_POINTS) -> dict[str, list[Any]]:
    """A history as lists by metric, of at most ``most`` epochs, dense at the start."""
    spaced = np.geomspace(1, len(history), most) - 1
    epochs = np.arange(len(history)) if len(history) <= most else np.unique(np.rint(spaced))
    kept = epochs.astype(int).tolist()
    lines = {name: [_finite(history[name][epoch]) for epoch in kept] for name in METRICS}
    return {"epoch": kept, **{name: _short(line) for name, line in lines.items()}}


def to_text(cell: Any) -> Any:
    """A cell as a file stores it: thinned histories as JSON."""
    return json.dumps(cell, separators=(",", ":")) if isinstance(cell, dict) else cell


def _end(rows: Array, look: Look) -> int | None:
    """The first epoch at which a rule of the look ends the run, or None."""
    ends = []
    epochs = np.arange(len(rows))
    if look.stop_loss is not None:
        ends.append(rows[:, METRICS.index("train_loss")] <= look.stop_loss)
    if look.stop_patience is not None:
        losses = rows[:, METRICS.index("test_loss")]
        best = np.minimum.accumulate(losses)
        lower = np.concatenate([[True], losses[1:] < best[:-1]])
        waited = epochs - np.maximum.accumulate(np.where(lower, epochs, 0))
        ends.append((waited >= look.stop_patience) & ~np.isnan(losses))
    hits = [int(each.argmax()) for each in ends if each.any()]
    return min(hits, default=None)


def _best(test_losses: Array) -> dict[str, Any]:
    """The epoch with the lowest test loss, and that loss; None without a test part."""
    if np.isnan(test_losses).all():
        return {"best_epoch": None, "best_test_loss": None}
    best = int(np.nanargmin(test_losses))
    return {"best_epoch": best, "best_test_loss": float(test_losses[best])}


def _finite(number: Any) -> float | None:
    return float(number) if math.isfinite(number) else None


def _short(line: Sequence[float | None]) -> list[float | None]:
    return [None if number is None else float(f"{number:.5g}") for number in line]
