"""The state of the page, and the pure function ``next_state(state, event)``.

The page owns the values of its widgets, the stage owns the run and the dials. Each side numbers the
actions of its user, and reports the last number of the other side that it has applied. A change is
pending until the stage reports that it has applied it. A report from before the last opened run is
ignored. Messages may be lost, late or repeated; nothing depends on time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from ..problems import RecipeError
from ..recipe import companions
from ..recipe.companions import Companion
from ..recipe.form import (
    PAGE_KEYS,
    TABLE,
    differing_fields,
    form_values,
    recipe_of,
    valid_values,
    values_after,
    values_chosen,
)
from ..recipe.look import LOOK_FIELDS, Look
from ..recipe.moment import Moment
from ..recipe.recipe import Recipe
from .escaping import replace_surrogates
from .events import (
    Confirmed,
    Event,
    ExperimentOpened,
    PanelChanged,
    Params,
    PointChosen,
    Reported,
    TableAccepted,
    UrlChanged,
    Visited,
    WidgetsChanged,
)

LINKS = 200  # read last, by any visitor: a class follows one

FROM_FILE = "experiment: "  # prefix of the field of a problem in a file
SAMPLE = "sample"  # key in ``changed`` for the training point of the maths panel


@dataclass(frozen=True)
class Opened:
    """The moment that a link, Back or an experiment file opened last.

    ``number`` is the page's count of user actions. ``epoch`` is None if the link names none; the
    stage then continues at its epoch if it can. ``look`` has only the runs side by side if the link
    names neither epoch nor another look; the stage then keeps its look.
    """

    number: int
    moment: Moment
    epoch: int | None
    look: Mapping[str, Any]

    def message(self) -> dict[str, Any]:
        return {
            "number": self.number, "recipe": _json(self.moment.recipe), "epoch": self.epoch,
            "look": self.look,
        }  # fmt: skip


@dataclass(frozen=True)
class PageState:
    """The state of the page between two runs of its script.

    ``run`` is the run with its edits, as opened or last reported by the stage; ``rest`` is the run
    and the epoch at which the stage last paused. ``values`` are the values of the widgets.
    ``changed`` maps each field with a pending change to the number of that change. ``points`` are
    the training points chosen, counted from 0, newest last. ``number`` counts the user's actions on
    the page; ``heard`` is the number of the last report applied. ``beside`` are the runs shown side
    by side, as opened or last reported. ``urls`` are the queries that the
    browser may show: the last one observed, then those written since. ``replaced`` maps a widget's
    key to values that the page has replaced, but the browser may still show.
    """

    page: str
    opened: Opened
    run: Recipe
    values: Mapping[str, Any]
    urls: tuple[Params, ...]
    number: int = 1
    heard: int = 0
    experiment: int = 0  # number of the last file opened
    tries: int = 0  # how many reports the browser had sent by the last run of the script
    changed: Mapping[str, int] = field(default_factory=dict)
    replaced: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    rest: tuple[Recipe, int] | None = None
    panel: str | None = None
    points: tuple[int, ...] = (0,)
    pin: tuple[float, float] | None = (
        None  # the point pinned on the stage that is no training point
    )
    beside: tuple[Companion, ...] = ()

    @cached_property
    def requested(self) -> Recipe:
        """The recipe of the widgets' settings, without edits."""
        return recipe_of(self.values, self.run)

    @cached_property
    def recipe(self) -> Recipe:
        """The run with its edits if it ends with the widgets' settings, else these settings."""
        requested = self.requested
        return self.run if requested == self.run.folded() else requested

    @cached_property
    def params(self) -> dict[str, str]:
        """The query for the URL: that of the recipe, and of the runs beside it.

        While both are those of the opened link, the query holds the link's epoch and look too.
        """
        recipe, moment = self.recipe, self.opened.moment
        is_linked = moment.recipe == recipe and moment.look.beside == self.beside
        if is_linked and moment not in (Moment(recipe), Moment(recipe, look=self._look)):
            return moment.to_params()
        return recipe.to_params() | companions.link_params(recipe, self.beside)

    @property
    def unlinked(self) -> dict[str, str]:
        """The texts that are too long for a link, by the digests that it has instead."""
        return self.run.unlinked | companions.unlinked(self.recipe, self.beside)

    @property
    def _look(self) -> Look:
        return Look(beside=self.beside)

    @property
    def epoch(self) -> int:
        """The epoch at which the stage last paused; 0 if that was another run."""
        return self.rest[1] if self.rest and self.run.goes_on_from(self.rest[0]) else 0

    def sample(self, n_points: int) -> int:
        """The training point to show, counted from 0: the last one chosen that exists."""
        return next((point for point in reversed(self.points) if point < n_points), 0)

    @property
    def shown(self) -> dict[str, Any]:
        """What the widgets are to show: the settings, and the training point, counted from 0."""
        return {**self.values, SAMPLE: self.points[-1]}

    def is_news(self, report: Reported) -> bool:
        """Whether a report is newer than the last one, and no promise of another page's."""
        if report.page != self.page:  # of a stage that was running before; only before any other
            return self.heard == 0
        return report.number > self.heard and report.heard <= self.number

    def message(self) -> dict[str, Any]:
        """The message for the stage; see :func:`nnviz.ui.stage.show`."""
        return {
            "page": self.page, "number": self.number, "heard": self.heard,
            "recipe": _json(self.recipe), "changed": dict(self.changed),
            "opened": self.opened.message(), "beside": self._look.to_dict()["beside"],
        }  # fmt: skip


# --- reactions ------------------------------------------------------------------------


def visited(page: str, params: Params) -> PageState:
    """The state on the first visit of session ``page`` with this query."""
    opened, problems = _link(1, params)
    run = opened.moment.recipe
    state = PageState(page, opened, run, valid_values(form_values(run)), (dict(params),))
    beside = opened.moment.look.beside
    return _with_url(replace(state, problems=problems, beside=beside))


def next_state(state: PageState | None, event: Event) -> PageState:
    """The state after one event; ``state`` is None before the first visit."""
    if isinstance(event, Visited):
        return visited(event.page, event.params)
    assert state is not None, "the first event is a visit"
    return _with_url(_REACTIONS[type(event)](state, event))


def _with_url(state: PageState) -> PageState:
    """The state with its query added to those that the browser may show."""
    params = state.params
    return state if state.urls[-1] == params else replace(state, urls=(*state.urls, params))


def _confirm(state: PageState, event: Confirmed) -> PageState:
    urls = state.urls
    if event.params in urls:
        urls = urls[urls.index(event.params) :]
    shown = {key for key in state.replaced if event.values.get(key) == state.shown[key]}
    replaced = {key: old for key, old in state.replaced.items() if key not in shown}
    return replace(state, urls=urls, replaced=replaced, tries=event.tries)


def _change_url(state: PageState, event: UrlChanged) -> PageState:
    held = state.unlinked  # which no link to another run of the same data holds either
    params = {name: held.get(text, text) for name, text in event.params.items()}
    opened, problems = _link(state.number + 1, params)
    return _open(replace(state, urls=(dict(event.params),)), opened, problems)


def _link(number: int, params: Params) -> tuple[Opened, dict[str, str]]:
    moment, problems = _read_link(tuple(params.items()))
    epoch = moment.epoch if "epoch" in params else None
    names_look = not params.keys().isdisjoint({"epoch", *LOOK_FIELDS} - {"beside"})
    look = moment.look.to_dict()
    if not names_look:
        look = {"beside": look["beside"]}
    return Opened(number, moment, epoch, look), _cleaned(problems)


@lru_cache(LINKS)
def _read_link(params: tuple[tuple[str, str], ...]) -> tuple[Moment, Params]:
    return Moment.salvage_query(dict(params))


def _cleaned(problems: Params) -> dict[str, str]:
    """Problems without lone surrogates, so that they can be sent to the browser."""
    return {
        replace_surrogates(name): replace_surrogates(sentence)
        for name, sentence in problems.items()
    }


def _open_experiment(state: PageState, event: ExperimentOpened) -> PageState:
    """Open the moment in a file, or show why the file is invalid."""
    state = replace(state, experiment=event.number)
    try:
        moment = Moment.from_json(event.text)
    except RecipeError as error:
        problems = {f"{FROM_FILE}{name}": text for name, text in error.problems.items()}
        return replace(state, problems=_cleaned(problems))
    return _open(state, Opened(state.number + 1, moment, moment.epoch, moment.look.to_dict()), {})


def _open(state: PageState, opened: Opened, problems: Mapping[str, str]) -> PageState:
    """Open another run; earlier reports and changes do not apply to it."""
    run = opened.moment.recipe
    changed = {name: number for name, number in state.changed.items() if name == SAMPLE}
    state = _with_values(state, valid_values({**state.values, **form_values(run)}))
    return replace(
        state,
        number=opened.number,
        opened=opened,
        run=run,
        changed=changed,
        problems=problems,
        beside=opened.moment.look.beside,
    )


def _change_widgets(state: PageState, event: WidgetsChanged) -> PageState:
    """Apply changed widgets.

    If the new settings need a new network, this starts another run. Otherwise the stage makes an
    edit and reports its epoch.
    """
    before = state.requested
    values = values_chosen(state.values, event.values)
    state = replace(state, values={**state.values, **event.values}, replaced={
        key: old for key, old in state.replaced.items() if key not in event.values
    })  # fmt: skip
    state = _with_values(state, values)
    requested = state.requested
    if not (names := differing_fields(before, requested)):
        return state
    number = state.number + 1
    return replace(
        state, number=number, changed={**state.changed, **dict.fromkeys(names, number)},
        run=state.run if requested.goes_on_from(state.run) else requested, problems={},
    )  # fmt: skip


def _accept_table(state: PageState, event: TableAccepted) -> PageState:
    """Show other data, with the same network; the axes are those of the table.

    No widget was changed, so the browser still shows the data before.
    """
    first, second = event.table.axes
    values = {"data": event.table, TABLE: event.table, "feature_1": first, "feature_2": second}
    after = _change_widgets(state, WidgetsChanged(values))
    return replace(after, replaced={**after.replaced, **_replaced(state, after.values)})


def _with_values(state: PageState, values: Mapping[str, Any]) -> PageState:
    """The state with new widget values, which the browser does not show yet."""
    return replace(state, values=values, replaced={**state.replaced, **_replaced(state, values)})


def _replaced(state: PageState, values: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """What the browser may show in place of new values that differ."""
    return {
        key: (*state.replaced.get(key, ()), state.values[key])
        for key in PAGE_KEYS
        if values[key] != state.values[key]
    }


def _choose_point(state: PageState, event: PointChosen) -> PageState:
    number = state.number + 1
    changed = {**state.changed, SAMPLE: number}
    return replace(_with_point(state, event.sample), number=number, pin=None, changed=changed)


def _with_point(state: PageState, point: int) -> PageState:
    """The state with a point chosen, which the browser may not show yet."""
    before = state.points[-1]
    if point == before:
        return state
    replaced = {**state.replaced, SAMPLE: (*state.replaced.get(SAMPLE, ()), before)}
    points = (*(other for other in state.points if other != point), point)[-10:]
    return replace(state, points=points, replaced=replaced)


def _change_panel(state: PageState, event: PanelChanged) -> PageState:
    """Open or close a panel; what is pinned on the stage keeps its place."""
    return replace(state, number=state.number + 1, panel=event.panel)


def _apply_report(state: PageState, report: Reported) -> PageState:
    if not state.is_news(report):
        return state
    if report.page != state.page:
        return _resume(state, report)
    state = replace(state, heard=report.number)
    if report.heard < state.opened.number:
        return state  # from before the last opened run
    state = replace(state, beside=report.beside)
    pending = {name: number for name, number in state.changed.items() if number > report.heard}
    state = _with_values(state, values_after(state.values, report.recipe, kept=pending))
    return _pick(_follow(replace(state, changed=pending), report), report)


def _follow(state: PageState, report: Reported) -> PageState:
    """The reported run, or another run if a pending change needs a new network."""
    requested = recipe_of(state.values, report.recipe)
    run = report.recipe if requested.goes_on_from(report.recipe) else requested
    state = replace(state, run=run, rest=(report.recipe, report.epoch))
    unknown = set(differing_fields(requested, report.recipe.folded())) - state.changed.keys()
    if not unknown:
        return state
    # pending changes made reported settings invalid; those were replaced, so the stage must know
    number = state.number + 1
    changed = {**state.changed, **dict.fromkeys(unknown, number)}
    return replace(state, number=number, changed=changed)


def _pick(state: PageState, report: Reported) -> PageState:
    """The point that is picked or pinned on the stage, unless another was chosen here since."""
    if SAMPLE in state.changed:
        return state
    state = replace(state, pin=report.point)
    if report.sample is None:
        return state
    return _with_point(state, report.sample)


def _resume(state: PageState, report: Reported) -> PageState:
    """Resume the session of a stage that kept running while the server restarted.

    The stage's run counts, not the URL of this first visit; nothing is pending.
    """
    number = max(state.number, report.heard)
    opened = replace(state.opened, number=min(state.opened.number, report.heard))
    state = replace(state, page=report.page, number=number, opened=opened, changed={})
    state = _with_values(state, valid_values({**state.values, **form_values(report.recipe)}))
    state = replace(state, heard=report.number, problems={}, beside=report.beside)
    return _pick(_follow(state, report), report)


_REACTIONS: dict[type, Any] = {
    Confirmed: _confirm,
    UrlChanged: _change_url,
    WidgetsChanged: _change_widgets,
    TableAccepted: _accept_table,
    PointChosen: _choose_point,
    PanelChanged: _change_panel,
    ExperimentOpened: _open_experiment,
    Reported: _apply_report,
}


def _json(recipe: Recipe) -> dict[str, Any]:
    return json.loads(recipe.to_json())
