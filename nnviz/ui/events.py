"""What can happen to the page, and the stage's reports, which come from a browser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..problems import RecipeError
from ..recipe.recipe import LAST_EPOCH, MOST_SAMPLES, Recipe

LAST_NUMBER = 2**53  # the largest that JavaScript counts to

_PAGE = re.compile(r"[0-9a-z]{1,64}")

Params = Mapping[str, str]  # of a URL's query


@dataclass(frozen=True)
class Visited:
    """A browser has opened the page, whose session is to be called ``page``."""

    page: str
    params: Params


@dataclass(frozen=True)
class UrlChanged:
    """A link was followed in the same tab, or Back."""

    params: Params


@dataclass(frozen=True)
class WidgetsChanged:
    """A person changed widgets; their new values by their keys."""

    values: Mapping[str, Any]


@dataclass(frozen=True)
class PointChosen:
    """Another training point, from 0, was chosen in the maths panel."""

    sample: int


@dataclass(frozen=True)
class PanelChanged:
    """Another panel was opened, or none."""

    panel: str | None


@dataclass(frozen=True)
class ExperimentOpened:
    """A file was dropped on the stage, the ``number``-th thing done there; its text."""

    number: int
    text: str


@dataclass(frozen=True)
class Reported:
    """What the stage says; checked by :func:`report_of`.

    ``page`` and ``heard`` are the page session it answers and the number of that page's that it
    has applied; ``number`` is its own count. ``sample`` is the training point picked, if one is.
    ``seen`` is ``(number, heard)`` of the last that this browser has had of the page.
    """

    page: str
    heard: int
    number: int
    recipe: Recipe
    epoch: int
    sample: int | None
    experiment: ExperimentOpened | None
    seen: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Confirmed:
    """The browser was seen to show this query and these values of widgets."""

    params: Params
    values: Mapping[str, Any]


Event = (
    Visited | UrlChanged | WidgetsChanged | PointChosen | PanelChanged | ExperimentOpened
    | Reported | Confirmed
)  # fmt: skip


# --- reports, as they come ---------------------------------------------------------------


def report_of(value: object) -> Reported | None:
    """The report that came from a browser, or None where it is not one to be believed."""
    if not isinstance(value, Mapping):
        return None
    page, sample = value.get("page"), value.get("sample")
    if not isinstance(page, str) or not _PAGE.fullmatch(page):
        return None
    if not _counts(value.get("heard")) or not _counts(value.get("number"), low=1):
        return None
    if not _counts(value.get("epoch"), high=LAST_EPOCH):
        return None
    if sample is not None and not _counts(sample, high=MOST_SAMPLES - 1):
        return None
    recipe, experiment = value.get("recipe"), value.get("experiment")
    if not isinstance(recipe, Mapping):
        return None
    try:
        run = Recipe.from_json(recipe)
    except RecipeError:
        return None
    opened = _experiment_of(experiment)
    if opened is None and experiment is not None:
        return None
    return Reported(
        page, value["heard"], value["number"], run, value["epoch"], sample, opened,
        _seen_of(value.get("seen")),
    )  # fmt: skip


def _seen_of(value: object) -> tuple[int, int]:
    is_pair = isinstance(value, list) and len(value) == 2 and all(map(_counts, value))
    return (value[0], value[1]) if is_pair else (0, 0)  # type: ignore[index]


def _experiment_of(value: object) -> ExperimentOpened | None:
    if not isinstance(value, Mapping) or not _counts(value.get("number"), low=1):
        return None
    text = value.get("text")
    return ExperimentOpened(value["number"], text) if isinstance(text, str) else None


def _counts(value: object, low: int = 0, high: int = LAST_NUMBER) -> bool:
    return type(value) is int and low <= value <= high
