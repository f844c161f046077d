"""What the page knows, and its reactions: ``next_state(state, event)`` is a pure function.

The page owns what its widgets say, the stage owns the run. Each numbers what a person did there,
and says up to which number it has taken in what the other did. So a change is pending until the
stage is heard to have applied it; a report that has not heard of the last run opened is older
than that; and messages may be lost, late or repeated without harm. Nothing waits on a clock.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..problems import RecipeError
from ..recipe.form import differences, following, form_values, recipe_of, settled
from ..recipe.look import SEEN
from ..recipe.moment import Moment
from ..recipe.recipe import Recipe
from .events import (
    Confirmed,
    Event,
    ExperimentOpened,
    PanelChanged,
    Params,
    PointChosen,
    Reported,
    UrlChanged,
    Visited,
    WidgetsChanged,
    report_of,
)
from .plain import clean

FROM_FILE = "experiment: "  # in front of the field of a problem that a file had
SAMPLE = "sample"  # in ``changed``: the training point of the maths panel, beside the fields


@dataclass(frozen=True)
class Opened:
    """What a link, Back or an experiment file asked for last, and with which number.

    ``epoch`` is None where the link names none, and ``look`` empty where it names neither epoch
    nor look: the stage then goes on from where it is, if it can, and looks on.
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
    """Everything the page knows between two runs of its script.

    ``run`` is the run as far as the stage has said (or it was opened), with its edits; ``rest``
    is the run and the epoch at which the stage last rested. ``values`` are those of the widgets.
    ``changed`` maps a field that was changed here to the number of that change, until the stage is
    heard to have applied it. ``points`` are the training points chosen, from 0, newest last.
    ``urls`` are the queries the browser may show: the last it was seen to show, then those that
    were written since. ``replaced`` are, by widget, the values that the page has replaced and the
    browser may still show.
    """

    page: str
    opened: Opened
    run: Recipe
    values: Mapping[str, Any]
    urls: tuple[Params, ...]
    number: int = 1
    heard: int = 0
    experiment: int = 0  # number of the last file opened
    changed: Mapping[str, int] = field(default_factory=dict)
    replaced: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    rest: tuple[Recipe, int] | None = None
    panel: str | None = None
    points: tuple[int, ...] = (0,)

    @property
    def asked(self) -> Recipe:
        """The settings that the widgets ask for, without edits."""
        return recipe_of(self.values, self.run)

    @property
    def recipe(self) -> Recipe:
        """The run with its edits, where the widgets ask for no other; else what they ask for."""
        asked = self.asked
        return self.run if asked == self.run.folded() else asked

    @property
    def params(self) -> dict[str, str]:
        """The recipe for the URL, with all else that a link said while it is that link's."""
        recipe, moment = self.recipe, self.opened.moment
        is_linked = moment.recipe == recipe and moment != Moment(recipe)
        return moment.to_params() if is_linked else recipe.to_params()

    @property
    def epoch(self) -> int:
        """Where the stage last rested; 0 where that was another run."""
        return self.rest[1] if self.rest and self.run.goes_on_from(self.rest[0]) else 0

    def sample(self, n_points: int) -> int:
        """The training point to show, from 0: the one chosen last of those that there are."""
        return next((point for point in reversed(self.points) if point < n_points), 0)

    def message(self) -> dict[str, Any]:
        """What the stage has to know; see :mod:`.stage`."""
        return {
            "page": self.page, "number": self.number, "heard": self.heard,
            "recipe": _json(self.recipe), "changed": dict(self.changed),
            "opened": self.opened.message(),
        }  # fmt: skip


# --- what has happened ----------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """What a run of the script finds: the query, values of widgets, the panel, the report."""

    params: Params
    values: Mapping[str, Any]
    panel: str | None = None
    point: int = 0
    report: object = None


def after(state: PageState, seen: Seen) -> PageState:
    """The state after all that has happened since the last run of the script."""
    for event in happened(state, seen):
        state = next_state(state, event)
    return state


def happened(state: PageState, seen: Seen) -> list[Event]:
    """What is new in what a run of the script finds, in the order in which it is to be taken in.

    A query or a value that the page has replaced since, and that comes along with something else,
    is late: the browser has yet to learn of the new one. Alone, or where the report says that the
    browser has had the new one, it was chosen again.
    """
    report = report_of(seen.report)
    news = [*_reports(state, report), *_choices(state, seen)]
    differing = {key: value for key, value in seen.values.items() if value != state.values[key]}
    is_up_to_date = report is not None and report.seen == (state.number, state.heard)
    replaced = {} if is_up_to_date else state.replaced
    late = {key for key, value in differing.items() if value in replaced.get(key, ())}
    if late != differing.keys() or news or seen.params not in state.urls:
        differing = {key: value for key, value in differing.items() if key not in late}
    if differing:
        news.append(WidgetsChanged(differing))
    if seen.params != state.urls[-1] and not (news and seen.params in state.urls):
        news.append(UrlChanged(seen.params))
    return [Confirmed(seen.params, seen.values), *news]


def _reports(state: PageState, report: Reported | None) -> Iterator[Event]:
    if report is None or not _is_news(state, report):
        return
    yield report
    if report.experiment and report.experiment.number > state.experiment:
        yield report.experiment


def _choices(state: PageState, seen: Seen) -> Iterator[Event]:
    if seen.point != state.points[-1]:
        yield PointChosen(seen.point)
    if seen.panel != state.panel:
        yield PanelChanged(seen.panel)


def _is_news(state: PageState, report: Reported) -> bool:
    if report.page != state.page:  # a stage that outlived its page, as long as no other is known
        return state.heard == 0
    return report.number > state.heard and report.heard <= state.number


# --- reactions ------------------------------------------------------------------------


def visited(page: str, params: Params) -> PageState:
    """The page on a first visit."""
    opened, problems = _link(1, params)
    run = opened.moment.recipe
    state = PageState(page, opened, run, settled(form_values(run)), (dict(params),))
    return _written(replace(state, problems=problems))


def next_state(state: PageState | None, event: Event) -> PageState:
    """The page after one event; there is no state before the first visit."""
    if isinstance(event, Visited):
        return visited(event.page, event.params)
    assert state is not None, "the first event is a visit"
    return _written(_REACTIONS[type(event)](state, event))


def _written(state: PageState) -> PageState:
    """The page with its query among those that the browser may show."""
    params = state.params
    return state if state.urls[-1] == params else replace(state, urls=(*state.urls, params))


def _confirm(state: PageState, event: Confirmed) -> PageState:
    urls = state.urls
    if event.params in urls:
        urls = urls[urls.index(event.params) :]
    shown = {key for key in state.replaced if event.values.get(key) == state.values[key]}
    replaced = {key: old for key, old in state.replaced.items() if key not in shown}
    return replace(state, urls=urls, replaced=replaced)


def _change_url(state: PageState, event: UrlChanged) -> PageState:
    opened, problems = _link(state.number + 1, event.params)
    return _open(replace(state, urls=(dict(event.params),)), opened, problems)


def _link(number: int, params: Params) -> tuple[Opened, dict[str, str]]:
    moment, problems = Moment.salvage_query(params)
    epoch = moment.epoch if "epoch" in params else None
    names_look = not params.keys().isdisjoint({"epoch", *SEEN})
    look = moment.look.to_dict() if names_look else {}
    return Opened(number, moment, epoch, look), _cleaned(problems)


def _cleaned(problems: Params) -> dict[str, str]:
    """Sentences that can be sent, whatever the names and values in them were."""
    return {clean(name): clean(sentence) for name, sentence in problems.items()}


def _open_experiment(state: PageState, event: ExperimentOpened) -> PageState:
    """The run of a file at its epoch; or, where the text is none, why not."""
    state = replace(state, experiment=event.number)
    try:
        moment = Moment.from_json(event.text)
    except RecipeError as error:
        problems = {f"{FROM_FILE}{name}": text for name, text in error.problems.items()}
        return replace(state, problems=_cleaned(problems))
    return _open(state, Opened(state.number + 1, moment, moment.epoch, moment.look.to_dict()), {})


def _open(state: PageState, opened: Opened, problems: Mapping[str, str]) -> PageState:
    """Another run, which no earlier report or change concerns."""
    run = opened.moment.recipe
    changed = {name: number for name, number in state.changed.items() if name == SAMPLE}
    state = _showing(state, settled({**state.values, **form_values(run)}))
    return replace(
        state, number=opened.number, opened=opened, run=run, changed=changed, problems=problems
    )


def _change_widgets(state: PageState, event: WidgetsChanged) -> PageState:
    """What needs a new network is another run; of other settings the stage says from when on."""
    before = state.asked
    state = replace(state, values={**state.values, **event.values}, replaced={
        key: old for key, old in state.replaced.items() if key not in event.values
    })  # fmt: skip
    state = _showing(state, settled(state.values))
    after = state.asked
    if not (names := differences(before, after)):
        return state
    number = state.number + 1
    return replace(
        state, number=number, changed={**state.changed, **dict.fromkeys(names, number)},
        run=state.run if after.goes_on_from(state.run) else after, problems={},
    )  # fmt: skip


def _showing(state: PageState, values: Mapping[str, Any]) -> PageState:
    """Widgets that are made to show other values, which the browser has still to learn."""
    replaced = {
        key: (*state.replaced.get(key, ()), state.values[key])
        for key in values
        if values[key] != state.values[key]
    }
    return replace(state, values=values, replaced={**state.replaced, **replaced})


def _choose_point(state: PageState, event: PointChosen) -> PageState:
    number = state.number + 1
    points = _with_point(state.points, event.sample)
    return replace(state, number=number, points=points, changed={**state.changed, SAMPLE: number})


def _with_point(points: tuple[int, ...], point: int) -> tuple[int, ...]:
    return (*(other for other in points if other != point), point)[-10:]


def _change_panel(state: PageState, event: PanelChanged) -> PageState:
    """A panel that opens shows the point chosen last, and so does the stage."""
    number = state.number + 1
    changed = state.changed if event.panel is None else {**state.changed, SAMPLE: number}
    return replace(state, number=number, panel=event.panel, changed=changed)


def _take_report(state: PageState, report: Reported) -> PageState:
    if not _is_news(state, report):
        return state
    if report.page != state.page:
        return _join(state, report)
    state = replace(state, heard=report.number)
    if report.heard < state.opened.number:
        return state  # older than what was opened
    pending = {name: number for name, number in state.changed.items() if number > report.heard}
    state = _showing(state, following(state.values, report.recipe, kept=pending))
    return _pick(_follow(replace(state, changed=pending), report), report)


def _follow(state: PageState, report: Reported) -> PageState:
    """The run as it is reported; where a pending change needs another network, that one's."""
    asked = recipe_of(state.values, report.recipe)
    run = report.recipe if asked.goes_on_from(report.recipe) else asked
    state = replace(state, run=run, rest=(report.recipe, report.epoch))
    unknown = set(differences(asked, report.recipe.folded())) - state.changed.keys()
    if not unknown:
        return state
    # what is pending does not go with the rest of the report, so that this was mended
    number = state.number + 1
    changed = {**state.changed, **dict.fromkeys(unknown, number)}
    return replace(state, number=number, changed=changed)


def _pick(state: PageState, report: Reported) -> PageState:
    if report.sample is None or SAMPLE in state.changed:
        return state
    return replace(state, points=_with_point(state.points, report.sample))


def _join(state: PageState, report: Reported) -> PageState:
    """The server was started anew, and the stage went on: so does the session it knows.

    Its run counts, whatever the URL of this first visit said; nothing is pending.
    """
    number = max(state.number, report.heard)
    opened = replace(state.opened, number=min(state.opened.number, report.heard))
    state = replace(state, page=report.page, number=number, opened=opened, changed={})
    state = _showing(state, settled({**state.values, **form_values(report.recipe)}))
    state = replace(state, heard=report.number, problems={})
    return _pick(_follow(state, report), report)


_REACTIONS: dict[type, Any] = {
    Confirmed: _confirm,
    UrlChanged: _change_url,
    WidgetsChanged: _change_widgets,
    PointChosen: _choose_point,
    PanelChanged: _change_panel,
    ExperimentOpened: _open_experiment,
    Reported: _take_report,
}


def _json(recipe: Recipe) -> dict[str, Any]:
    return json.loads(recipe.to_json())
