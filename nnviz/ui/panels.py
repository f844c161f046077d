"""Panels under the stage that look inside the run, one at a time or none.

A closed panel costs nothing: no trainer, no figure. An open one shows the run at the epoch
at which the stage last came to rest, which the stage reports, replayed here from the recipe by
a trainer kept for as long as a panel is open.
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
    """The training point, from 0, that the maths panel shows; None where that is closed."""
    return state.sample(_n_points(state)) if state.panel == "maths" else None


def seen(state: PageState) -> dict[str, Any]:
    """The panel that is chosen and the number of the point, as the widgets have them."""
    name, number = (st.session_state.get(key, value) for key, value in values(state).items())
    is_number = isinstance(number, int) and 1 <= number <= MOST_SAMPLES
    return {
        "panel": name if name in PANELS else None,
        "point": number - 1 if is_number else state.points[-1],
    }


def values(state: PageState) -> dict[str, Any]:
    """What the widgets of panels show, by their keys."""
    return {"panel": state.panel, "sample": state.points[-1] + 1}


def draw(state: PageState) -> None:
    """The choice of panels, and the panel chosen."""
    st.segmented_control(
        "Look inside", list(PANELS), key="panel", format_func=lambda name: PANELS[name][0],
        help="Panels about the run at the epoch it rests at. A closed one costs nothing.",
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
            "While the run plays they stay; pause to see the newest."
        )
        if trainer.diverged:
            st.warning(trainer.diverged, icon=":material/warning:")
        draw_panel(trainer, state)


# --- the run at the moment ----------------------------------------------------------------


def _trainer(recipe: Recipe) -> Trainer:
    state = st.session_state
    if "trainer" not in state or state.trainer.recipe != recipe:
        state.trainer = Trainer(recipe)
    return state.trainer


def _n_points(state: PageState) -> int:
    return len(_trainer(state.run).dataset.train)


def _seek(trainer: Trainer, epoch: int) -> None:
    """Go to ``epoch``, with a bar where that takes long; whatever interrupts it, it goes on."""
    trainer.rewind(epoch)
    start, told = trainer.epoch, trainer.epoch
    bar = None
    while trainer.epoch < epoch and trainer.stride(epoch - trainer.epoch):
        if trainer.epoch - told >= max(200, (epoch - start) // 50):
            told = trainer.epoch
            share = (told - start) / (epoch - start)
            text = f"Replaying the run to epoch {epoch}: at epoch {told}"
            bar = bar or st.empty()
            bar.progress(share, text)
    if bar:
        bar.empty()
