"""The panels below the stage, which show details of the run; at most one is open.

An open panel shows the run at the epoch at which the stage last paused, as reported by the stage. A
trainer, kept while a panel is open, replays the recipe up to that epoch. A closed panel computes
nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from ..recipe.recipe import MOST_SAMPLES, Recipe
from ..training.trainer import Trainer
from . import gallery, maths
from .state import PageState

_CSS = Path(__file__).with_name("panels.css")

PANELS = {
    "maths": ("Maths of one step", maths.draw),
    "gallery": ("Activation functions", gallery.draw),
}


def sample(state: PageState) -> int | None:
    """The training point that the maths panel shows, counted from 0; None if it is closed."""
    return state.sample(_n_points(state)) if state.panel == "maths" else None


def observe(state: PageState) -> dict[str, Any]:
    """The panel and the training point (from 0) chosen in the widgets, and whether just now."""
    name, number = (st.session_state.get(key, value) for key, value in widget_values(state).items())
    is_number = isinstance(number, int) and 1 <= number <= MOST_SAMPLES
    return {
        "panel": name if name in PANELS else None,
        "point": number - 1 if is_number else state.points[-1],
        "is_chosen": st.session_state.pop(maths.CHOSEN, False),
    }


def widget_values(state: PageState) -> dict[str, Any]:
    """The values of the panels' widgets, by key."""
    return {"panel": state.panel, "sample": state.points[-1] + 1}


def draw(state: PageState) -> None:
    """Draw the choice of panels and the open panel."""
    st.segmented_control(
        "Look inside", list(PANELS), key="panel", format_func=lambda name: PANELS[name][0]
    )  # fmt: skip
    if state.panel is None:
        st.session_state.pop("trainer", None)
        return
    trainer = _trainer(state.run)
    _seek(trainer, state.epoch)
    title, draw_panel = PANELS[state.panel]
    with st.container(key="panel_open"):
        st.html(_CSS)
        st.subheader(title, anchor=False)
        st.caption(
            f"Numbers of epoch {trainer.epoch}. "
            "They do not change while the run plays; pause to update them."
        )
        if trainer.diverged:
            st.warning(trainer.diverged, icon=":material/warning:")
        draw_panel(trainer, state)


# --- the run at its epoch ----------------------------------------------------------------


def _trainer(recipe: Recipe) -> Trainer:
    state = st.session_state
    if "trainer" not in state or state.trainer.recipe != recipe:
        state.trainer = Trainer(recipe)
    return state.trainer


def _n_points(state: PageState) -> int:
    return len(_trainer(state.run).dataset.train)


def _seek(trainer: Trainer, epoch: int) -> None:
    """Go to ``epoch``, with a progress bar if that takes long.

    If the script is interrupted, its next run continues from the epoch reached.
    """
    trainer.rewind(epoch)
    start, shown = trainer.epoch, trainer.epoch
    bar = None
    while trainer.epoch < epoch and trainer.stride(epoch - trainer.epoch):
        if trainer.epoch - shown >= max(200, (epoch - start) // 50):
            shown = trainer.epoch
            share = (shown - start) / (epoch - start)
            text = f"Replaying the run to epoch {epoch}: at epoch {shown}"
            bar = bar or st.empty()
            bar.progress(share, text)
    if bar:
        bar.empty()
