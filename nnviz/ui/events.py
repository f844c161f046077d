"""The events of the page, and the reports that the stage sends from the browser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..problems import RecipeError
from ..recipe.companions import Companion
from ..recipe.look import LOOK_FIELDS
from ..recipe.recipe import LAST_EPOCH, MOST_SAMPLES, Recipe
from ..recipe.table import Table

LAST_NUMBER = 2**53  # the largest integer that JavaScript counts to

_PAGE = re.compile(r"[0-9a-z]{1,64}")

Params = Mapping[str, str]  # of a URL's query


@dataclass(frozen=True)
class Visited:
    """A browser opened the page; ``page`` is the name of the new session."""

    page: str
    params: Params


@dataclass(frozen=True)
class UrlChanged:
    """The user followed a link in the same tab or went Back."""

    params: Params


@dataclass(frozen=True)
class WidgetsChanged:
    """The user changed widgets; ``values`` maps their keys to the new values."""

    values: Mapping[str, Any]


@dataclass(frozen=True)
class PointChosen:
    """The user chose another training point, counted from 0, in the maths panel."""

    sample: int


@dataclass(frozen=True)
class PanelChanged:
    """The user opened another panel, or closed it (None)."""

    panel: str | None


@dataclass(frozen=True)
class ExperimentOpened:
    """The user dropped a file with this text on the stage; ``number`` is the stage's count."""

    number: int
    text: str


@dataclass(frozen=True)
class TableAccepted:
    """The user accepted a table of their own."""

    table: Table


@dataclass(frozen=True)
class Reported:
    """A report of the stage, checked by :func:`report_of`.

    ``page`` is the page session it belongs to and ``heard`` the number of that page's last message
    that the stage has applied; ``number`` is the stage's own count. ``sample`` is the training
    point picked on the stage, if any, and ``point`` the point pinned that is none. ``seen`` holds
    ``(number, heard)`` of the last message that this browser has received from the page, and
    ``beside`` the runs shown side by side. ``tries`` counts what the browser has sent, repetitions
    too.
    """

    page: str
    heard: int
    number: int
    recipe: Recipe
    epoch: int
    sample: int | None
    point: tuple[float, float] | None
    experiment: ExperimentOpened | None
    seen: tuple[int, int] = (0, 0)
    beside: tuple[Companion, ...] = ()
    tries: int = 0


@dataclass(frozen=True)
class Confirmed:
    """The browser shows this query and these widget values, and has sent so many reports."""

    params: Params
    values: Mapping[str, Any]
    tries: int = 0


Event = (
    Visited | UrlChanged | WidgetsChanged | TableAccepted | PointChosen | PanelChanged
    | ExperimentOpened | Reported | Confirmed
)  # fmt: skip


# --- reading reports ---------------------------------------------------------------


def report_of(value: object) -> Reported | None:
    """The report sent by a browser, or None if it is invalid."""
    if not isinstance(value, Mapping):
        return None
    page, sample = value.get("page"), value.get("sample")
    if not isinstance(page, str) or not _PAGE.fullmatch(page):
        return None
    if not _is_count(value.get("heard")) or not _is_count(value.get("number"), low=1):
        return None
    if not _is_count(value.get("epoch"), high=LAST_EPOCH):
        return None
    if sample is not None and not _is_count(sample, high=MOST_SAMPLES - 1):
        return None
    recipe, experiment = value.get("recipe"), value.get("experiment")
    if not isinstance(recipe, Mapping):
        return None
    try:
        run = Recipe.from_json(recipe)
        point = LOOK_FIELDS["probe"].check("probe", value.get("point"))
        beside = LOOK_FIELDS["beside"].check("beside", value.get("beside", ()))
    except RecipeError:
        return None
    opened = _experiment_of(experiment)
    if opened is None and experiment is not None:
        return None
    return Reported(
        page, value["heard"], value["number"], run, value["epoch"], sample, point, opened,
        _seen_of(value.get("seen")), beside, _tries_of(value.get("tries")),
    )  # fmt: skip


def _seen_of(value: object) -> tuple[int, int]:
    is_pair = isinstance(value, list) and len(value) == 2 and all(map(_is_count, value))
    return (value[0], value[1]) if is_pair else (0, 0)  # type: ignore[index]


def _tries_of(value: object) -> int:
    return value if _is_count(value) else 0  # type: ignore[return-value]


def _experiment_of(value: object) -> ExperimentOpened | None:
    if not isinstance(value, Mapping) or not _is_count(value.get("number"), low=1):
        return None
    text = value.get("text")
    return ExperimentOpened(value["number"], text) if isinstance(text, str) else None


def _is_count(value: object, low: int = 0, high: int = LAST_NUMBER) -> bool:
    return type(value) is int and low <= value <= high
