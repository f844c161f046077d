"""The panels below the stage, which show details of the run, or many runs; at most one is open.

A panel of the run shows it at the epoch at which the stage last paused, as reported by the stage. A
trainer, kept while a panel is open, replays the recipe up to that epoch. A closed panel computes
nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from ..recipe.recipe import MOST_SAMPLES, Recipe
from ..training.pieces import Work
from ..training.trainer import Trainer
from . import gallery, maths, pending, sweep_panel
from . import panel_texts as texts
from .state import PageState

PIECE_SECONDS = 0.1  # of a replay, until it is another visitor's turn
_turn = threading.Lock()  # scripts run in threads, which would slow down the sockets together

_CSS = Path(__file__).with_name("panels.css")


@dataclass(frozen=True)
class Panel:
    """A panel; ``draw`` is given the page's state, and ``draw_run`` the run at its epoch before."""

    title: str
    draw: Callable[[PageState], None] | None = None
    draw_run: Callable[[Trainer, PageState], None] | None = None


PANELS = {
    "maths": Panel(texts.TITLES["maths"], draw_run=maths.draw),
    "gallery": Panel(texts.TITLES["gallery"], draw_run=gallery.draw),
    "sweep": Panel(texts.TITLES["sweep"], draw=sweep_panel.draw),
}


def sample(state: PageState) -> int | None:
    """The training point that the maths panel shows, counted from 0; None if it is closed."""
    return state.sample(_n_points(state)) if state.panel == "maths" else None


def observe(state: PageState, drawn: Collection[str]) -> dict[str, Any]:
    """The panel and the training point (from 0) in the widgets, or chosen by the button just now.

    Widgets that were not ``drawn`` have the values of ``state``.
    """
    name, number = (
        st.session_state.get(key, value) if key in drawn else value
        for key, value in widget_values(state).items()
    )
    is_number = isinstance(number, int) and 1 <= number <= MOST_SAMPLES
    return {
        "panel": name if name in PANELS else None,
        "point": number - 1 if is_number else state.points[-1],
        "chosen_point": pending.of_session().point,
    }


def widget_values(state: PageState) -> dict[str, Any]:
    """The values of the panels' widgets, by key."""
    return {"panel": state.panel, "sample": state.points[-1] + 1}


def draw(state: PageState) -> set[str]:
    """Draw the choice of panels and the open panel; returns the keys of the widgets drawn."""
    st.segmented_control(
        texts.LOOK_INSIDE, list(PANELS), key="panel", format_func=lambda name: PANELS[name].title
    )  # fmt: skip
    panel = PANELS[state.panel] if state.panel else None
    if panel is None or panel.draw_run is None:
        st.session_state.pop("trainer", None)
    if panel is None:
        return {"panel"}
    trainer = _replayed(state) if panel.draw_run else None
    with st.container(key="panel_open"):
        st.html(_CSS)
        st.subheader(panel.title, anchor=False)
        if panel.draw:
            panel.draw(state)
        if panel.draw_run and trainer:
            _introduce(trainer)
            panel.draw_run(trainer, state)
    return set(widget_values(state)) if state.panel == "maths" else {"panel"}


def _introduce(trainer: Trainer) -> None:
    st.caption(texts.AT_EPOCH.format(epoch=trainer.epoch))
    if trainer.diverged:
        st.warning(trainer.diverged, icon=":material/warning:")


# --- the run at its epoch ----------------------------------------------------------------


def _replayed(state: PageState) -> Trainer:
    trainer = _trainer(state.run)
    _seek(trainer, state.epoch)
    return trainer


def _trainer(recipe: Recipe) -> Trainer:
    state = st.session_state
    if "trainer" not in state or state.trainer.recipe != recipe:
        state.trainer = Trainer(recipe)
    return state.trainer


def _n_points(state: PageState) -> int:
    return len(_trainer(state.run).dataset.train)


def _seek(trainer: Trainer, epoch: int) -> None:
    """Go to ``epoch``, with a progress bar if that takes long.

    If the script is interrupted, its next run continues from the epoch reached. It ends at the next
    piece of work where nobody waits for it any more: showing progress raises then.
    """
    trainer.rewind(epoch)
    start, bar = trainer.epoch, None
    for _ in _pieces(trainer, epoch):
        bar = bar or st.empty()
        text = texts.REPLAYING.format(goal=epoch, epoch=trainer.epoch)
        bar.progress((trainer.epoch - start) / (epoch - start), text)
    if bar:
        bar.empty()


def _pieces(trainer: Trainer, epoch: int) -> Iterator[None]:
    """Train to ``epoch``, with a pause after each ``PIECE_SECONDS``; one visitor at a time."""
    ends = 0.0

    def all_of_it() -> Work[None]:
        while trainer.epoch < epoch and (
            yield from trainer.striding(epoch - trainer.epoch, lambda: time.monotonic() >= ends)
        ):
            if time.monotonic() >= ends:
                yield

    work = all_of_it()
    try:
        while True:
            with _turn:
                ends = time.monotonic() + PIECE_SECONDS
                try:
                    next(work)
                except StopIteration:
                    return
            yield
    finally:
        work.close()
