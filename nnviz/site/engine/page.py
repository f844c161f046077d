"""The page of one visitor: what happens in the browser → what it is to show.

It is the state of the served page, :mod:`nnviz.ui.state`, with other widgets around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from ...recipe.form import changes
from ...tables.upload import file_of
from ...ui.events import (
    Confirmed,
    PanelChanged,
    Params,
    PointChosen,
    TableAccepted,
    UrlChanged,
    Visited,
    WidgetsChanged,
)
from ...ui.observation import Observation, updated
from ...ui.remedies import remedy
from ...ui.state import next_state
from .sidebar import chosen, groups_json

if TYPE_CHECKING:
    from .own_data import OwnDataStep
    from .panels import PagePanels


class Page:
    """Opened by the query of a link; ``handle`` takes what happens next.

    ``browser`` is what only the browser knows, see :class:`.panels.PagePanels`.
    """

    def __init__(self, params: Params, browser: Mapping[str, Any] | None = None):
        self._browser = browser or {}
        self.state = next_state(None, Visited(token_hex(8), params))
        self._file: dict[str, str] | None = None  # of results, with the next answer
        self._step: OwnDataStep | None = None  # with a file of the visitor's own

    @cached_property
    def _panels(self) -> PagePanels:
        from .panels import PagePanels  # imports what draws figures, which the first picture is not

        return PagePanels(**self._browser)

    def handle(self, message: Mapping[str, Any]) -> None:
        """Apply ``params`` of a link or Back, ``changed`` widgets, a ``panel`` opened or None, the
        training ``point`` to show in it, a ``report`` of the stage, a ``file`` of the visitor's
        own, widgets ``chosen`` in its step and whether to ``use`` it or not, what
        :meth:`.panels.PagePanels.take` takes, or a ``sweep``, as :meth:`.sweeps.Sweeps.take` has
        it; ``results`` of the sweep, see :meth:`.sweeps.Sweeps.file`, are in the answer.
        """
        state = self.state
        if "file" in message:
            self._open(message["file"])
        if "chosen" in message and self._step:
            self._step.choose(message["chosen"])
        if "use" in message and self._step:
            table = self._step.table(state.recipe) if message["use"] else None
            state = next_state(state, TableAccepted(table)) if table else state
            self._step = None
        if state.panel:
            self._panels.take(message)
        if "sweep" in message:
            self._panels.sweeps.take(message["sweep"])
        self._file = self._panels.sweeps.file(message) if "results" in message else None
        if "params" in message:
            state = next_state(state, UrlChanged(message["params"]))
        if "changed" in message:
            state = next_state(state, WidgetsChanged(chosen(state.values, message["changed"])))
        if "panel" in message:
            state = next_state(state, PanelChanged(message["panel"]))
        if "point" in message:
            state = next_state(state, PointChosen(message["point"]))
        if "report" in message:
            state = updated(state, Observation(
                state.params, state.values, state.panel, state.points[-1], report=message["report"]
            ))  # fmt: skip
        # the browser has one message after the other, and so shows what this one has
        self.state = next_state(state, Confirmed(state.params, state.values))

    def _open(self, upload: object) -> None:
        from .own_data import (
            OwnDataStep,
        )  # imports what reads files, which the first picture is not

        file = file_of(upload, 1)
        self._step = OwnDataStep(file) if file else None

    def shown(self) -> dict[str, Any]:
        """What the browser shows: form, panel, the URL's query, and the message for the stage."""
        state = self.state
        has_point = state.panel == "maths"
        return {
            "message": {
                **state.message(), "panel": None,  # the page itself brings it into view
                "follow": state.panel is not None,
                "sample": state.sample(self._panels.points(state)) if has_point else None,
            },
            "params": state.params,
            "kept": state.unlinked,
            "groups": groups_json(state.values, state.opened.moment.recipe),
            "panel": self._panels.shown(state) if state.panel else None,
            "download": self._file,
            "step": self._step.shown(state.recipe) if self._step else None,
            "changes": changes(state.recipe),
            "problems": [f"{text}. {remedy(field)}" for field, text in state.problems.items()],
        }  # fmt: skip
