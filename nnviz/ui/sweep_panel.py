"""The sweep panel: many runs that differ in some settings, started, watched and opened here."""

from __future__ import annotations

from collections.abc import Callable

import plotly.graph_objects as go
import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ..live import sweeping
from ..live.sweeping import Sweep, Sweepers
from ..notation import counted
from ..sweeps import SweepError, estimate, markup
from ..sweeps import chosen as texts
from ..sweeps.offers import READY_MADE
from ..sweeps.pictures import FIGURES
from ..sweeps.plan import Plan
from ..sweeps.portrait import Portrait
from ..sweeps.report import shown_runs
from ..sweeps.results import FORMATS
from ..sweeps.summary import Summary, summary_so_far
from . import axes, sweep_form, tab
from .escaping import escape_markdown
from .state import PageState

KEY, _PROBLEM, _VIEW = "sweep", "sweep_problem", "sweep_view"  # in the session
_GONE = "sweep_gone"
REFRESH_SECONDS = 0.7  # while a sweep runs
MOST_PICTURES = 300  # a message to the browser may have 1 MB
MOST_CELLS = 3000
MOST_REDRAWN = 25  # times that cells are drawn while a sweep runs

_WHY_GONE = (
    "The sweep that this tab had is gone: the server keeps one for an hour after its end, as long "
    "as it has room, and none where it is started again itself."
)

View = tuple[Sweep, int, Summary, dict[int, Portrait]]  # of the first runs of a sweep, so many

_BARE = {"displayModeBar": False, "scrollZoom": False}


def restore() -> None:
    """Take up the sweep of this tab after a reload, if the server has it still."""
    name = tab.restored_sweep()
    if name is None or KEY in st.session_state:
        return
    if sweep := sweeping.of_server().found(name, _presence()):
        _take_up(sweep)
    else:
        st.session_state[_GONE] = True
        tab.keep_sweep("")


def draw(state: PageState) -> None:
    """Draw the form, or the sweep that was started; reruns of it leave the rest of the page."""
    sweep: Sweep | None = st.session_state.get(KEY)
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(escape_markdown(problem), icon=":material/error:")
    if sweep is None:
        st.fragment(_draw_form)(state)
        return
    is_live = sweep.is_running
    st.fragment(run_every=REFRESH_SECONDS if is_live else None)(_draw_sweep)(sweep, is_live)


# --- before -------------------------------------------------------------------------------


def _draw_form(state: PageState) -> None:
    sweepers = sweeping.of_server()
    if _GONE in st.session_state:
        st.info(_WHY_GONE, icon=":material/info:")
    st.markdown(texts.INTRODUCTION)
    with st.container(horizontal=True):
        for each in READY_MADE.values():
            ready = each.plan(sweep_form.page())
            if st.button(f"{each.label} {len(ready)} runs", key=f"sweep_ready_{each.name}"):
                _start(ready, sweepers)
    plan = sweep_form.draw(state, sweepers)
    if plan is None:
        return
    may_start = sweep_form.confirmed(plan, sweepers)
    if st.button("Start", type="primary", key="sweep_start", icon=":material/play_arrow:",
                 disabled=not may_start):  # fmt: skip
        _start(plan, sweepers)


def _start(plan: Plan, sweepers: Sweepers) -> None:
    try:
        _take_up(sweepers.start(plan, _presence(), st.context.ip_address or ""))
    except SweepError as error:
        st.session_state[_PROBLEM] = str(error)
    st.rerun()


def _take_up(sweep: Sweep) -> None:
    st.session_state[KEY] = sweep
    st.session_state.pop(_GONE, None)
    tab.keep_sweep(sweep.name)


def _presence() -> Callable[[], bool]:
    """Whether this visitor's page is open, to be asked from any thread."""
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return lambda: True
    return lambda: runtime.exists() and runtime.get_instance().is_active_session(context.session_id)


# --- during and after ---------------------------------------------------------------------


def _draw_sweep(sweep: Sweep, is_live: bool) -> None:
    if is_live != sweep.is_running:
        st.rerun()  # it is over: no more refreshes
    outcomes = list(sweep.outcomes)
    _progress(sweep, len(outcomes))
    _buttons(sweep)
    if sweep.problem:
        st.warning(escape_markdown(sweep.problem), icon=":material/timer_off:")
    summary, portraits = _summed_up(sweep, len(outcomes))
    if outcomes:
        st.html(markup.about(summary))
    _cells(summary, portraits, every=sweep.is_over)
    if sweep.is_over and outcomes:
        _downloads(sweep)
        _figures(sweep, summary, portraits)
        st.markdown("#### All runs")
        st.html(markup.table(summary))


def _progress(sweep: Sweep, done: int) -> None:
    total, left = len(sweep.plan), sweep.seconds_left
    text = f"{sweep.plan.title}: {done} of {counted(total, 'run')}"
    if sweep.is_running and left is not None:
        text += f", about {estimate.duration(left / sweeping.of_server().count)} left"
    elif sweep.is_paused and not sweep.is_over:
        text += ", paused"
    elif done < total and sweep.is_over:
        text += ", stopped"
    st.progress(done / total, text)


def _buttons(sweep: Sweep) -> None:
    with st.container(horizontal=True):
        if sweep.is_over:
            if st.button("New sweep", key="sweep_new", icon=":material/add:"):
                del st.session_state[KEY]
                sweeping.of_server().forget(sweep)
                tab.keep_sweep("")
                st.session_state.pop(_VIEW, None)
                st.rerun()
            return
        # callbacks, as one run of the script may carry out two clicks that come close together
        label, icon = ("Go on", "play_arrow") if sweep.is_paused else ("Pause", "pause")
        st.button(label, key="sweep_pause", icon=f":material/{icon}:", on_click=sweep.pause,
                  args=(not sweep.is_paused,))  # fmt: skip
        st.button("Stop", key="sweep_stop", icon=":material/stop:", on_click=sweep.stop)


def _summed_up(sweep: Sweep, done: int) -> tuple[Summary, dict[int, Portrait]]:
    """The summary of the runs that are done, and their portraits; kept until some more are.

    While a sweep of many runs goes on, it is not drawn anew for each of them, which would be too
    fast for a slow connection.
    """
    kept: View | None = st.session_state.get(_VIEW)
    few = len(sweep.plan) // MOST_REDRAWN if sweep.is_running else 0
    if kept is None or kept[0] is not sweep or done > kept[1] + few:
        rows = [row for row, _ in sweep.outcomes[:done]]
        summary = summary_so_far(sweep.plan, sweep.recipes[:done], rows)
        portraits = {number: each for number, (_, each) in enumerate(sweep.outcomes[:done])}
        kept = st.session_state[_VIEW] = sweep, done, summary, portraits
    return kept[2], kept[3]


def _cells(summary: Summary, portraits: dict[int, Portrait], every: bool) -> None:
    """The boundaries over two fields; with ``every``, the others of a cell too."""
    if markup.n_cells(summary) > MOST_CELLS:
        st.caption(texts.MANY_CELLS.format(most=MOST_CELLS))
        return
    shown = shown_runs(summary, MOST_PICTURES) if every else markup.fronts(summary)
    drawn = {run: portraits[run] for run in shown[:MOST_PICTURES]}
    st.html(markup.pictures(summary, drawn, st.context.theme.type or "light"))


def _downloads(sweep: Sweep) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Results (.csv)", lambda: _csv(sweep), "sweep.csv", "text/csv", key="sweep_csv",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "Report (.html)", lambda: sweeping.of_server().report(sweep), "sweep.html", "text/html",
            key="sweep_report", icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def _csv(sweep: Sweep) -> str:
    form = FORMATS["csv"]
    rows = [row for row, _ in sweep.outcomes]
    return form.head(sweep.plan.columns) + "".join(map(form.line, rows))


def _figures(sweep: Sweep, summary: Summary, portraits: dict[int, Portrait]) -> None:
    """The report's figures, in the page's colours; a click on a mark opens its run."""
    st.caption(markup.how_to_open(summary))
    shown = {run: portraits[run] for run in shown_runs(summary)}
    for record in FIGURES.values():
        if not record.on_page:
            continue
        st.markdown(f"#### {record.label}")
        drawn, key = record.draw(summary, shown), f"sweep_{record.name}"
        alt = texts.ALT.format(label=record.label)
        if record.has_axes:
            st.caption(texts.AXES)
            axes.show(drawn, key, alt)
        else:
            st.plotly_chart(_in_page_colours(drawn), key=key, config=_BARE, alt=alt)
        if record.name == "shares":
            st.latex(markup.SHARE)


def _in_page_colours(figure: go.Figure) -> go.Figure:
    """Without a background and colours of text, which are the page's theme's then."""
    clear = "rgba(0,0,0,0)"
    figure.update_layout(template=None, paper_bgcolor=clear, plot_bgcolor=clear,
                         font={"color": None})  # fmt: skip
    return figure.update_xaxes(gridcolor=None).update_yaxes(gridcolor=None)
