"""Runs side by side in an animation: in their order, each with the look that it can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from ..choices.datasets import Dataset
from ..recipe.look import Look
from ..recipe.recipe import Recipe
from ..training.trainer import dataset_of

Run = TypeVar("Run")


class HasDataset(Protocol):
    """A trainer, a snapshot or a :class:`Start`."""

    @property
    def dataset(self) -> Dataset: ...

    @property
    def recipe(self) -> Recipe: ...


@dataclass(frozen=True)
class Start:
    """A run of which nothing is trained."""

    recipe: Recipe
    dataset: Dataset

    @classmethod
    def of(cls, recipe: Recipe) -> Start:
        return cls(recipe, dataset_of(recipe))


def in_order(run: Run, others: Sequence[Run], look: Look) -> list[Run]:
    """The run and the ``others`` that the look names, in its order; the run alone if none."""
    left = iter(others)
    return [next(left) if other.recipe else run for other in look.beside] or [run]


def looks_of(runs: Sequence[HasDataset], look: Look) -> list[Look]:
    """The look of each: a unit is of the run itself, and others may have other classes."""
    if len(runs) == 1:
        return [look]
    return [
        replace(look.fitted(run.recipe), unit=None) if other.recipe else look
        for run, other in zip(runs, look.beside, strict=True)
    ]


def own_recipe(runs: Sequence[HasDataset], look: Look) -> Recipe:
    """The recipe of the run itself."""
    return next(
        run.recipe for run, other in zip(runs, look.beside, strict=True) if not other.recipe
    )
