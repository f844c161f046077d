"""The page script: collects what has changed, computes the next state and draws it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from secrets import token_hex
from typing import Any

import streamlit as st

from nnviz.recipe.form import PAGE_KEYS
from nnviz.ui import controls, own_data, panels, pending, stage, sweep_panel, tab
from nnviz.ui.escaping import escape_markdown
from nnviz.ui.events import Visited, report_of
from nnviz.ui.observation import Observation, updated
from nnviz.ui.remedies import remedy
from nnviz.ui.state import PageState, next_state

CONTROLS = "controls"  # in the query: the fields whose controls are shown, under the stage

ICON = str(Path(__file__).with_name("icon.png"))


def main() -> None:
    st.set_page_config("nnviz: neural networks, live", ICON, "wide")
    waiting = pending.of_session()
    own_data.collect()
    sweep_panel.restore()
    has_widgets = "drawn" in st.session_state  # a first run may end before it draws them
    state = _next() if has_widgets else st.session_state.get("page") or _first()
    st.session_state.page = state
    if has_widgets:
        waiting.clear()  # nothing can break off the run between it and the state stored
    if _params() != state.params:
        st.query_params.from_dict({**state.params, **_shown_controls()})
    if state.problems:
        _show_problems(state)
    stage.show(state, sample=panels.sample(state))
    stage_was_running = not has_widgets and _is_from_before(state)
    if not has_widgets and not stage_was_running:
        _set_widgets(state)
    # after the stage, which starts up while the widgets are drawn
    if fields := _shown_controls().get(CONTROLS):
        with st.container(key="few_controls"):
            drawn = controls.draw_few(state.values, fields.split(","))
    else:
        with st.sidebar:
            drawn = controls.draw(state.values, state.recipe, state.opened.moment.recipe)
    st.session_state.drawn = drawn | st.session_state.get("drawn", set())
    st.session_state.drawn = drawn | panels.draw(state)  # unless another run interrupts this one
    own_data.show_step(state.recipe)
    if stage_was_running:
        st.rerun()  # with the browser's widget values and the report


def _params() -> dict[str, str]:
    """The part of the query that describes the moment."""
    return {name: text for name, text in st.query_params.to_dict().items() if name != CONTROLS}


def _shown_controls() -> dict[str, str]:
    """The part of the query that names the controls to show, instead of all in the sidebar."""
    return {CONTROLS: st.query_params[CONTROLS]} if st.query_params.get(CONTROLS) else {}


def _first() -> PageState:
    params = _params()
    tab.restored(params, ())
    return next_state(None, Visited(token_hex(8), params))


def _next() -> PageState:
    """The state after all changes since the last run; sets the widgets accordingly."""
    before = st.session_state.page
    state = updated(before, _observe(before))
    _set_widgets(state, st.session_state.drawn)
    return state


def _set_widgets(state: PageState, drawn: Collection[str] = ()) -> None:
    """Set the widgets; those not ``drawn`` before too, or they would show their lowest value."""
    values = {key: state.values[key] for key in PAGE_KEYS}
    for key, value in {**values, **panels.widget_values(state)}.items():
        if key not in drawn or key not in st.session_state or _read(key, None) != value:
            st.session_state[key] = list(value) if isinstance(value, tuple) else value


def _observe(state: PageState) -> Observation:
    """The browser's state; widgets that were not drawn have no value of the user's."""
    drawn = st.session_state.drawn
    values = {
        key: _read(key, state.values[key]) if key in drawn else state.values[key]
        for key in PAGE_KEYS
    }
    params = _params()
    return Observation(
        tab.restored(params, state.unlinked) or params, values, report=_report(),
        table=pending.of_session().table, has_message=tab.has_message(),
        **panels.observe(state, drawn),
    )  # fmt: skip


def _is_from_before(state: PageState) -> bool:
    """Whether the stage was running while the server restarted: it reports to another session."""
    report = report_of(_report())
    return report is not None and report.page != state.page


def _report() -> object:
    return getattr(st.session_state.get(stage.KEY), "report", None)


def _read(key: str, default: Any) -> Any:
    value = st.session_state.get(key, default)
    return tuple(value) if isinstance(value, list) else value


def _show_problems(state: PageState) -> None:
    """Show all problems in one box; several scroll, so that the stage stays in view."""
    lines = [
        f"- {escape_markdown(problem)}. {remedy(field)}"
        for field, problem in state.problems.items()
    ]
    with st.container(height="content" if len(lines) == 1 else 110, border=False):
        st.warning("\n".join(lines), icon=":material/link_off:")


main()
