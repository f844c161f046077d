"""The page of one visitor: what happens in the browser → what it is to show.

It is the state of the served page, :mod:`nnviz.ui.state`, with other widgets around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from ...recipe.form import changes
from ...ui.events import Confirmed, Params, UrlChanged, Visited, WidgetsChanged
from ...ui.remedies import remedy
from ...ui.state import Observation, next_state, updated
from .sidebar import chosen, groups_json


class Page:
    """Opened by the query of a link; ``handle`` takes what happens next."""

    def __init__(self, params: Params):
        self.state = next_state(None, Visited(token_hex(8), params))

    def handle(self, message: Mapping[str, Any]) -> None:
        """Apply ``params`` of a link or Back, ``changed`` widgets, or a ``report`` of the stage."""
        state = self.state
        if "params" in message:
            state = next_state(state, UrlChanged(message["params"]))
        if "changed" in message:
            state = next_state(state, WidgetsChanged(chosen(state.values, message["changed"])))
        if "report" in message:
            observed = Observation(state.params, state.values, report=message["report"])
            state = updated(state, observed)
        # the browser has one message after the other, and so shows what this one has
        self.state = next_state(state, Confirmed(state.params, state.values))

    def shown(self) -> dict[str, Any]:
        """What the browser shows: the form, the URL's query, and the message for the stage."""
        state = self.state
        return {
            "message": {**state.message(), "panel": None, "follow": False, "sample": None},
            "params": state.params,
            "groups": groups_json(state.values, state.opened.moment.recipe),
            "changes": changes(state.recipe),
            "problems": [f"{text}. {remedy(field)}" for field, text in state.problems.items()],
        }
