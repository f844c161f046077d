"""The results of a sweep as columns, and their statistics: medians and shares of variance.

Runs that diverged have no loss or accuracy here: they are counted, never averaged.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..recipe.moment import Moment
from ..recipe.recipe import FIELDS, Recipe
from ..recipe.table import MOST_LINK
from ..training.history import METRICS
from .errors import SweepError
from .plan import Plan

Array = NDArray[np.float64]

_SEEDS = ("seed", "data_seed")


@dataclass(frozen=True)
class Summary:
    """All runs of a results file, in its order.

    ``fields`` are those varied, with seeds if there are several; ``texts`` their values by field,
    one a run, and ``order`` the different ones in their order. ``metrics`` and ``targets`` are
    arrays with a number a run, NaN where there is none. ``pages`` are what links start with, and
    ``room`` is what these have for own data.
    """

    recipes: list[Recipe]
    epochs: list[int]
    varied: list[str]
    fields: list[str]
    texts: dict[str, list[str]]
    order: dict[str, list[str]]
    metrics: dict[str, Array]
    targets: dict[str, Array]
    diverged: list[str | None]
    pages: list[str]
    room: int = MOST_LINK

    def __len__(self) -> int:
        return len(self.recipes)

    @cached_property
    def links(self) -> list[str]:
        return [self.link(run) for run in range(len(self))]

    def link(self, run: int) -> str:
        """The link that opens a run at its end."""
        return f"{self.pages[run]}?{self.moment(run).to_query(self.room)}"

    def moment(self, run: int) -> Moment:
        """A run at its end."""
        return Moment(self.recipes[run], self.epochs[run])

    @cached_property
    def unlinked(self) -> list[int]:
        """The runs that are too long for a link."""
        return [run for run, recipe in enumerate(self.recipes) if recipe.excess]

    @property
    def loss(self) -> str:
        """The loss to compare runs by: of the test part, or of the training part without one."""
        return "train_loss" if np.isnan(self.metrics["test_loss"]).all() else "test_loss"

    @property
    def accuracy(self) -> str:
        return self.loss.replace("loss", "accuracy")

    def groups(self, fields: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
        """The runs of every combination of values of these fields."""
        groups: dict[tuple[str, ...], list[int]] = {}
        for run in range(len(self)):
            key = tuple(self.texts[name][run] for name in fields)
            groups.setdefault(key, []).append(run)
        return groups

    def median_run(self, runs: Sequence[int]) -> int:
        """The run with the median loss; diverged ones come last, the lower of two in the middle."""
        losses = self.metrics[self.loss]
        ranked = sorted(runs, key=lambda run: (np.isnan(losses[run]), losses[run], run))
        finite = sum(bool(np.isfinite(losses[run])) for run in runs)
        return ranked[max(finite - 1, 0) // 2]

    def shares(self, metric: str) -> dict[str, float]:
        """The share of the variance of a metric that each field explains by itself, 0…1.

        η² = Σ_v n_v (m_v − m)² / Σ_i (x_i − m)², where m_v is the mean of the n_v runs with the
        field's value v, and m that of all; over runs that did not diverge.
        """
        values = self.metrics[metric]
        known = np.flatnonzero(np.isfinite(values))
        total = float(((values[known] - values[known].mean()) ** 2).sum()) if len(known) else 0.0
        shares = {}
        for name in self.fields:
            texts = np.array(self.texts[name])[known]
            parts = [values[known][texts == text] for text in set(texts.tolist())]
            between = sum(len(p) * float(p.mean() - values[known].mean()) ** 2 for p in parts)
            shares[name] = between / total if total else 0.0
        return shares


def summarise(rows: Iterable[Mapping[str, Any]]) -> Summary:
    """Read the rows of a results file; raises :class:`SweepError` for rows of something else."""
    rows = list(rows)
    if not rows:
        raise SweepError("the file holds no run yet")
    try:
        columns = list(rows[0])
        recipes = [Recipe.from_json(row["recipe"]) for row in rows]
        names = [*columns[: columns.index("seed")], *_SEEDS]
        values = {name: [getattr(recipe, name) for recipe in recipes] for name in names}
        return _summary(recipes, rows, columns, values)
    except (KeyError, ValueError, TypeError, OverflowError):
        raise SweepError("the file is not one of a sweep's results") from None


def summary_so_far(
    plan: Plan, recipes: Iterable[Recipe], rows: Iterable[Mapping[str, Any]]
) -> Summary:
    """The summary of the runs of a plan that have ended, with the places of all others.

    ``recipes`` are those of the completed ``rows``.
    """
    values = {**plan.vary, "seed": plan.seeds, "data_seed": plan.data_seeds}
    return _summary(list(recipes), list(rows), plan.columns, values)


def _summary(
    recipes: list[Recipe],
    rows: list[Mapping[str, Any]],
    columns: list[str],
    values: Mapping[str, Sequence[Any]],
) -> Summary:
    """The summary of rows; ``values`` are those of the varied fields and of the seeds, at last."""
    order = {
        name: _ordered(name, of_field)
        for name, of_field in values.items()
        if name not in _SEEDS or len(set(of_field)) > 1
    }
    diverged = [row["diverged"] and str(row["diverged"]) for row in rows]
    numbers = {
        name: np.array([_number(row[name]) for row in rows])
        for name in columns
        if name in METRICS or name.startswith("epochs_to_")
    }
    gone = np.array([why is not None for why in diverged], bool)
    for name in METRICS:
        numbers[name][gone] = math.nan
    return Summary(
        recipes, [int(row["epoch"]) for row in rows],
        [name for name in values if name not in _SEEDS], list(order),
        {n: [FIELDS[n].write(getattr(recipe, n)) for recipe in recipes] for n in order}, order,
        {name: numbers[name] for name in METRICS},
        {name: line for name, line in numbers.items() if name not in METRICS},
        diverged, [_page(str(row["link"])) for row in rows],
    )  # fmt: skip


def _ordered(name: str, values: Iterable[Any]) -> list[str]:
    """The different values of a field: numbers by size, others as they come."""
    different = list(dict.fromkeys(values))
    if all(isinstance(value, (int, float)) for value in different):
        different.sort()
    return [FIELDS[name].write(value) for value in different]


def _number(cell: Any) -> float:
    return math.nan if cell is None or cell == "" else float(cell)


def _page(link: str) -> str:
    """What comes before the query of a link; another scheme than that of a page is not followed."""
    page = link.partition("?")[0]
    if not page.startswith(("http://", "https://", "/")):
        raise ValueError(link)
    return page
