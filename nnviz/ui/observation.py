"""What a run of the page's script reads, and the events in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..recipe.table import Table
from .events import (
    Confirmed,
    Event,
    PanelChanged,
    Params,
    PointChosen,
    Reported,
    TableAccepted,
    UrlChanged,
    WidgetsChanged,
    report_of,
)
from .state import SAMPLE, PageState, next_state


@dataclass(frozen=True)
class Observation:
    """What a run of the script reads: query, widget values, panel, training points and report.

    ``table`` has just been accepted. ``has_message`` says that the run carries a message of the
    field for one's own data, which is no choice in a widget.
    """

    params: Params
    values: Mapping[str, Any]
    panel: str | None = None
    point: int = 0
    chosen_point: int | None = None  # by the button, also where the widget shows another
    report: object = None
    table: Table | None = None
    has_message: bool = False

    @property
    def shown(self) -> dict[str, Any]:
        """What the widgets show, as :attr:`PageState.shown`."""
        return {**self.values, SAMPLE: self.point}


def updated(state: PageState, observation: Observation) -> PageState:
    """The state after all events since the last run of the script."""
    for event in events_of(state, observation):
        state = next_state(state, event)
    return state


def events_of(state: PageState, observed: Observation) -> list[Event]:
    """The events in an observation, in the order in which they are applied.

    An old query or value that the page has replaced is outdated if it comes together with other
    events, a message or a repeated report: the browser has not received the new one yet. If it
    comes alone, or if the report shows that the browser has the new one, the user has chosen it
    again. A report cannot show that of the training point: panels are drawn long after the stage
    has its message.
    """
    report = report_of(observed.report)
    events = [*_reports(state, report), *_choices(state, observed)]
    differing = {key: value for key, value in observed.shown.items() if value != state.shown[key]}
    is_up_to_date = report is not None and report.seen == (state.number, state.heard)
    replaced = {
        key: old for key, old in state.replaced.items() if key == SAMPLE or not is_up_to_date
    }
    outdated = {key for key, value in differing.items() if value in replaced.get(key, ())}
    tries = report.tries if report else state.tries
    is_alone = not (events or observed.has_message or tries != state.tries)
    is_alone = is_alone and observed.params in state.urls
    if outdated != differing.keys() or not is_alone:
        differing = {key: value for key, value in differing.items() if key not in outdated}
    typed = differing.pop(SAMPLE, None)
    if (point := typed if observed.chosen_point is None else observed.chosen_point) is not None:
        events.append(PointChosen(point))
    if differing:
        events.append(WidgetsChanged(differing))
    if observed.params != state.urls[-1] and not (events and observed.params in state.urls):
        events.append(UrlChanged(observed.params))
    return [Confirmed(observed.params, observed.shown, tries), *events]


def _reports(state: PageState, report: Reported | None) -> Iterator[Event]:
    if report is None or not state.is_news(report):
        return
    yield report
    if report.experiment and report.experiment.number > state.experiment:
        yield report.experiment


def _choices(state: PageState, observed: Observation) -> Iterator[Event]:
    if observed.table:
        yield TableAccepted(observed.table)
    if observed.panel != state.panel:
        yield PanelChanged(observed.panel)
