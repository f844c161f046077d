"""The form of the sweep panel: what varies, seeds, and where runs end; it makes a plan."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from ..live.sweeping import Sweepers
from ..notation import counted
from ..recipe.moment import EPOCH
from ..recipe.recipe import FIELDS
from ..sweeps import SweepError, estimate
from ..sweeps import chosen as texts
from ..sweeps.chosen import HELP, LABELS, Chosen, offered
from ..sweeps.offers import values_for
from ..sweeps.plan import PAGE, Plan
from ..sweeps.vary import Vary
from .escaping import escape_markdown
from .state import PageState

# that are kept in memory, each with its recipe; the command line writes any number to a file
MOST_RUNS, MOST_BYTES = 20_000, 30_000_000
_TRIAL_SECONDS = 15.0  # to wait for an estimate, at most


def draw(state: PageState, sweepers: Sweepers) -> Plan | None:
    """Draw the form; the plan it makes, or None where something is wrong with it."""
    chosen = _choose(state)
    try:
        vary, n_runs = chosen.read()
        sweepers.check(n_runs)
        chosen.check_size(n_runs, MOST_RUNS, MOST_BYTES)
        plan = _planned(chosen, vary)
    except SweepError as error:
        st.error(escape_markdown(str(error)), icon=":material/error:")
        return None
    if plan.left_out_sentence:
        st.caption(escape_markdown(plan.left_out_sentence))
    return plan


def confirmed(plan: Plan, sweepers: Sweepers) -> bool:
    """Show how many runs there are and how long they take; return whether they may start."""
    runs, processes = len(plan), min(sweepers.count, len(plan))
    of_run = _seconds_of_a_run(plan, sweepers)
    seconds = (of_run or math.nan) * runs / processes
    known = estimate.sentence(runs, seconds, processes) if of_run else counted(runs, "run")
    st.markdown(f"**{known}**")
    if not estimate.is_large(runs, seconds):
        return True
    return st.checkbox(f"Yes, start {estimate.bound()}", key="sweep_yes")


def _seconds_of_a_run(plan: Plan, sweepers: Sweepers) -> float | None:
    """The time of a run, kept until the runs differ; None if it cannot be found out soon."""
    key = plan.combinations, plan.epoch, plan.look
    if st.session_state.get("sweep_estimate", (None,))[0] != key:
        with st.spinner("Trying some of the runs …"):
            seconds = sweepers.estimate(plan, _TRIAL_SECONDS)
        if seconds is None:
            return None
        st.session_state.sweep_estimate = key, seconds
    return st.session_state.sweep_estimate[1]


# --- widgets ------------------------------------------------------------------------------


def _choose(state: PageState) -> Chosen:
    fields = offered(state.values)
    is_new = "sweep_fields" not in st.session_state
    names = st.pills(
        texts.FIELDS, fields, selection_mode="multi",
        default=list(texts.FIRST) if is_new else None, key="sweep_fields", persist_state="page",
        format_func=lambda name: FIELDS[name].label,
    )  # fmt: skip
    columns = st.columns(max(1, min(2, len(names))))
    vary = {
        name: columns[i % len(columns)].text_input(
            texts.VALUES.format(label=FIELDS[name].label), values_for(name, state.requested),
            key=f"sweep_values_{name}", persist_state="page", max_chars=texts.MOST_TYPED,
            help=texts.SYNTAX,
        )
        for i, name in enumerate(names)
    }  # fmt: skip
    seeds, data_seeds, epoch = st.columns(3)
    loss, patience = st.columns(2)
    target, sample = st.columns(2)
    kept: dict[str, Any] = {"persist_state": "page"}
    text = kept | {"max_chars": texts.MOST_TYPED}
    return Chosen(
        state.requested,
        vary,
        seeds.text_input(LABELS["seeds"], "5", key="sweep_seeds", **text, help=HELP["seeds"]),
        data_seeds.text_input(LABELS["data_seeds"], "1", key="sweep_data_seeds", **text,
                              help=HELP["data_seeds"]),
        epoch.number_input(LABELS["epoch"], 0, EPOCH.high, 300, step=100, key="sweep_epoch",
                           **kept),
        loss.number_input(LABELS["stop_loss"], 0.0, None, None, format="%g", key="sweep_stop_loss",
                          step=0.01, placeholder="never", **kept),
        patience.number_input(LABELS["stop_patience"], 1, EPOCH.high, None, step=10,
                              key="sweep_stop_patience", placeholder="never", **kept),
        sample.number_input(LABELS["sample"], 1, None, None, key="sweep_sample",
                            step=1, placeholder="all", **kept),
        target.text_input(LABELS["target"], "test_accuracy=0.95", key="sweep_target", **text,
                          help=HELP["target"]),
    )  # fmt: skip


# --- from texts to a plan -----------------------------------------------------------------


def _planned(chosen: Chosen, vary: Vary) -> Plan:
    """The plan; kept until something else is chosen."""
    kept: tuple[Chosen, Plan] | None = st.session_state.get("sweep_plan")
    if kept is None or kept[0] != chosen:
        plan = chosen.plan(vary, page())
        kept = st.session_state.sweep_plan = chosen, plan
    return kept[1]


def page() -> str:
    """The address of this page, which links lead to."""
    url: Any = st.context.url
    return f"{url.rstrip('/')}/" if url else PAGE
