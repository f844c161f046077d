"""The maths panel: a training step for a training point, or the pass of any other one."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import streamlit as st

from ..analysis.step import (
    WorkedExample,
    nearest_training_point,
    worked_example,
    worked_points,
)
from ..recipe.recipe import MOST_SAMPLES
from ..training.trainer import Trainer
from ..writing.derivation import (
    Block,
    Formula,
    NumberTable,
    Paragraph,
    Part,
    check,
    parts,
    point_parts,
)
from ..writing.step_script import step_script
from . import panel_texts as texts
from . import pending
from .html_table import html_table
from .pending import Pending
from .state import PageState

MOST_COLOURED = 12_000  # characters of code that a browser highlights in half a second


def draw(trainer: Trainer, state: PageState) -> None:
    """Draw the choice of a training point, and the parts of its step or of the pinned point."""
    n = len(trainer.dataset.train)
    if not n:
        st.info(texts.NO_POINTS, icon=":material/ink_eraser:")
        return
    sample = state.sample(n)
    st.number_input(
        texts.POINT, 1, MOST_SAMPLES, key="sample", step=1, width=220,
        help=texts.POINT_HELP.format(n=n),
    )  # fmt: skip
    if state.pin is not None:
        _offer(trainer, state.pin)
        _pinned(trainer, state.pin)
        return
    if state.points[-1] != sample:
        st.warning(texts.OTHER_POINT.format(n=n, number=sample + 1), icon=":material/pin_drop:")
    _derivation(trainer, sample)


def _offer(trainer: Trainer, pin: tuple[float, float]) -> None:
    """Describe the pinned point, and offer the training point next to it."""
    near = nearest_training_point(trainer, pin)
    st.markdown(texts.pinned(trainer.dataset.features, pin))
    st.info(texts.NEVER_LEARNED, icon=":material/pin_drop:")
    st.button(
        texts.NEAREST.format(number=near + 1), on_click=_choose, args=(pending.of_session(), near),
        key="nearest", icon=":material/near_me:",
    )  # fmt: skip


def _choose(pending: Pending, sample: int) -> None:
    pending.point = sample


@st.fragment
def _pinned(trainer: Trainer, pin: tuple[float, float]) -> None:
    """Draw the parts of a point that nothing is trained on."""
    st.caption(texts.ROUNDED)
    _parts(point_parts([texts.in_markdown(one) for one in worked_points(trainer, pin)]))


@st.fragment
def _derivation(trainer: Trainer, sample: int) -> None:
    """Draw all parts; opening one reruns this fragment and not the page."""
    found = worked_example(trainer, sample)
    written = texts.in_markdown(found)
    st.markdown(texts.heading(written))
    st.caption(texts.ROUNDED)
    if sentence := texts.batch(found):
        st.markdown(sentence)
    _parts(parts(written))
    st.markdown(f"#### {texts.CHECK_AND_COPY}")
    _check(found)
    _copy(found)


def _parts(found: list[Part]) -> None:
    for group, of_group in groupby(found, key=lambda part: part.group):
        st.markdown(f"#### {group}")
        for part in of_group:
            _part(part)


def _part(part: Part) -> None:
    with (room := st.expander(part.title, part.opened, key=f"part_{part.key}", on_change="rerun")):
        if room.open:
            _blocks(part.blocks(), part.key)


def _blocks(blocks: list[Block], key: str) -> None:
    for i, (is_column, group) in enumerate(groupby(blocks, key=_is_column)):
        if is_column:  # columns of numbers are shown side by side
            with st.container(horizontal=True, key=f"columns_{key}_{i}"):
                for block in group:
                    _block(block)
        else:
            for block in group:
                _block(block)


def _is_column(block: Block) -> bool:
    return isinstance(block, NumberTable) and block.values.shape[1] == 1


def _block(block: Block) -> None:
    if isinstance(block, Paragraph):
        st.markdown(block.text)
    elif isinstance(block, Formula):
        st.latex(block.latex)
    else:
        _table(block)


def _table(table: NumberTable) -> None:
    n_rows, n_columns = table.values.shape
    rows = [[f"{value:.4g}" for value in row] for row in table.values.tolist()]
    if n_columns > 1:
        st.caption(f"{table.caption}, {n_rows} × {n_columns}")
    st.html(html_table(table.caption, table.rows, table.columns, rows))


# --- check and copy -------------------------------------------------------------------------


def _check(found: WorkedExample) -> None:
    with (room := st.expander(texts.CHECK, key="part_check", on_change="rerun")):
        if room.open:
            for block in check(found, _weight(found)):
                _block(block)


def _weight(found: WorkedExample) -> tuple[int, int, int]:
    """Let the user choose a weight; returns layer, row and column, counted from 0."""
    boxes, names = st.columns(3), texts.layer_names(found)
    of_layer, of_row, of_column = texts.WEIGHT.items()
    layer = _choice(boxes[0], *of_layer, "check_layer", names)
    # one key per layer and width, because other networks have other names to choose from
    below, above = texts.weight_names(found, layer)
    key = f"check_{layer}_{len(below)}_{len(above)}"
    row = _choice(boxes[1], *of_row, f"{key}_row", below, start=1)
    column = _choice(boxes[2], *of_column, f"{key}_column", above)
    return layer, row, column


def _choice(
    room: Any, label: str, help_text: str, key: str, names: list[str], start: int = 0
) -> int:
    return room.selectbox(
        label, range(len(names)), start, format_func=names.__getitem__, key=key, help=help_text,
        persist_state="page",
    )  # fmt: skip


def _copy(found: WorkedExample) -> None:
    with (room := st.expander(texts.COPY, key="part_copy", on_change="rerun")):
        if not room.open:
            return
        st.markdown(texts.COPY_HELP)
        text = step_script(found)
        name = texts.script_name(found)
        if len(text) <= texts.MOST_CODE:
            language = "python" if len(text) <= MOST_COLOURED else None
            st.code(text, language, height=420)
        else:
            st.markdown(texts.TOO_LONG.format(kilobytes=len(text) // 1000))
        st.download_button("Download", text, name, "text/x-python", icon=":material/download:")
