"""Panels under the stage that look inside the run, one at a time or none.

A closed panel costs nothing: no trainer, no figure. An open one shows the run at the epoch
at which the stage last came to rest, which the stage reports as its ``moment``, replayed here
from the recipe by a trainer kept for as long as a panel is open.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ..recipe import LAST_EPOCH, MOST_SAMPLES, Recipe
from ..training import Trainer
from . import gallery, maths

_CSS = Path(__file__).with_name("panels.css")

PANELS = {
    "maths": ("Maths of one step", maths.draw),
    "gallery": ("Activation functions", gallery.draw),
}


def sample(recipe: Recipe) -> int | None:
    """The training point, from 0, that the maths panel shows; None where that is closed."""
    return maths.chosen(_trainer(recipe)) if opened() == "maths" else None


def opened() -> str | None:
    """Name of the open panel."""
    name = st.session_state.get("panel")
    return name if name in PANELS else None


def adopt(recipe: Recipe, moment: object) -> None:
    """Take over where the stage has come to rest: its epoch, and the point picked there."""
    if not isinstance(moment, dict):
        return
    epoch, picked = moment.get("epoch"), moment.get("sample")
    if type(epoch) is int and 0 <= epoch <= LAST_EPOCH:
        st.session_state.moment = recipe, epoch
    if type(picked) is int and 0 <= picked < MOST_SAMPLES:
        st.session_state.sample = picked + 1


def draw(recipe: Recipe, on_change: Callable[[], None]) -> None:
    """The choice of panels, and the panel chosen; ``on_change`` is called when it changes."""
    st.segmented_control(
        "Look inside", list(PANELS), key="panel", on_change=on_change,
        format_func=lambda name: PANELS[name][0],
        help="Panels about the run at the epoch it rests at. A closed one costs nothing.",
    )  # fmt: skip
    name = opened()
    if name is None:
        st.session_state.pop("trainer", None)
        return
    trainer = _trainer(recipe)
    _seek(trainer, _epoch(recipe))
    title, draw_panel = PANELS[name]
    with st.container(key="panel_open"):
        st.html(_CSS)
        st.subheader(title, anchor=False)
        st.caption(
            f"Numbers of epoch {trainer.epoch}. "
            "While the run plays they stay; pause to see the newest."
        )
        if trainer.diverged:
            st.warning(trainer.diverged, icon=":material/warning:")
        draw_panel(trainer, on_change)


# --- the run at the moment ----------------------------------------------------------------


def _trainer(recipe: Recipe) -> Trainer:
    state = st.session_state
    if "trainer" not in state or state.trainer.recipe != recipe:
        state.trainer = Trainer(recipe)
    return state.trainer


def _epoch(recipe: Recipe) -> int:
    """The epoch of the last moment; 0 where that was of another run."""
    moment = st.session_state.get("moment")
    return moment[1] if moment and recipe.goes_on_from(moment[0]) else 0


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
