"""A sweep as it is typed on a page: texts, and the plan that they make."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ..recipe.form import FormValues, form
from ..recipe.recipe import Recipe
from .errors import SweepError
from .plan import Plan, make_plan
from .run import Target
from .vary import VARIED, Vary, read, read_seeds

MOST_TYPED = 2000  # characters of a field

INTRODUCTION = "Many runs that differ in some settings, each from several starts. Ready made:"
ALT = "{label}; the table below has all numbers."
AXES = (
    "Each line is a run, from blue for the lowest loss to orange; grey: diverged. Drag the name of "
    "an axis to move it, or press ← or → on it."
)
MANY_CELLS = "More than {most} cells are not drawn; see the charts and all runs."

FIRST = ("learning_rate",)  # what varies until something else is chosen
SYNTAX = (
    "Values with commas between them: `0.1,1`; with semicolons where a value has commas itself: "
    "`4;8;16,16`; a range: `0.01..1:log:5`, `0..0.5:6` or `50..60`; or `*` for every choice."
)
FIELDS = "What varies of the sidebar's settings"
VALUES = "{label}: values"
LABELS = {
    "seeds": "Weight seeds", "data_seeds": "Data seeds", "epoch": "Last epoch",
    "stop_loss": "Or where the training loss is at most",
    "stop_patience": "Or after epochs without a lower test loss",
    "target": "Count runs that reach", "sample": "Combinations, drawn at random",
}  # fmt: skip
HELP = {
    "seeds": "How many, or which: `3,5` or `5..14`.", "data_seeds": "How many, or which.",
    "target": "A loss or an accuracy of the training or test part, or nothing.",
}  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """The values of the form, as they were typed."""

    recipe: Recipe
    vary: Mapping[str, str]
    seeds: str = "5"
    data_seeds: str = "1"
    epoch: int = 300
    stop_loss: float | None = None  # rules to stop before
    stop_patience: int | None = None
    sample: int | None = None  # all combinations
    target: str = "test_accuracy=0.95"

    def read(self) -> tuple[Vary, int]:
        """What varies, and how many runs that makes at most; raises :class:`SweepError`."""
        vary = read(f"{name}={values}" for name, values in self.vary.items())
        combinations = math.prod(map(len, vary.values()))
        if self.sample:
            combinations = min(combinations, self.sample)
        seeds = (read_seeds(text) for text in (self.seeds, self.data_seeds))
        return vary, combinations * math.prod(n if isinstance(n, int) else len(n) for n in seeds)

    def check_size(self, runs: int, most_runs: int, most_bytes: int) -> None:
        """Raise :class:`SweepError` for more runs than a page keeps, each with its recipe."""
        most = min(most_runs, most_bytes // len(self.recipe.to_json()))
        if runs > most:
            rule = f"at most {most} runs on the page, and any number by nnviz sweep"
            raise SweepError(f"a sweep of these data must have {rule}; got {runs}")

    def plan(self, vary: Vary, page: str) -> Plan:
        """The plan of what varies; links lead to ``page``. Raises :class:`SweepError`."""
        return make_plan(
            self.recipe, vary, seeds=read_seeds(self.seeds),
            data_seeds=read_seeds(self.data_seeds), epoch=self.epoch, sample=self.sample,
            stop_loss=self.stop_loss, stop_patience=self.stop_patience,
            targets=[Target.read(self.target)] if self.target.strip() else [], page=page,
        )  # fmt: skip


def offered(values: FormValues) -> list[str]:
    """The fields that a form shows, but for seeds."""
    shown = {w.field for group in form(values) for w in group.widgets if w.shown}
    return [name for name in VARIED if name in shown]
