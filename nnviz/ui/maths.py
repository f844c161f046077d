"""The maths panel: a training step for a training point, or the pass of any other one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any, TypeVar

import streamlit as st

from ..analysis.step import (
    WorkedExample,
    WorkedPoint,
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
from .escaping import escape_markdown
from .state import PageState

Worked = TypeVar("Worked", bound=WorkedPoint)

MOST_COLOURED = 12_000  # characters of code that a browser highlights in half a second
MOST_CODE = 150_000  # characters of code that are shown; a longer program can only be downloaded

CHOSEN = "is_sample_chosen"  # in the session, where the button has chosen a training point

_ROUNDED = (
    "Numbers are shown rounded: to six digits where something is calculated from them, to four "
    "where they are the result."
)
_NAMES = "name"  # heading of the column with the names of the rows


def draw(trainer: Trainer, state: PageState) -> None:
    """Draw the choice of a training point, and the parts of its step or of the pinned point."""
    n = len(trainer.dataset.train)
    if not n:
        st.info("All training points are erased at this epoch.", icon=":material/ink_eraser:")
        return
    sample = state.sample(n)
    st.number_input(
        "Training point", 1, MOST_SAMPLES, key="sample", step=1, width=220,
        help=f"Its number, 1…{n}. Or click any point in the plot.",
    )  # fmt: skip
    if state.pin is not None:
        _offer(trainer, state.pin)
        _pinned(trainer, state.pin)
        return
    if state.points[-1] != sample:
        st.warning(
            f"The training points are numbered 1…{n}; this is point {sample + 1}.",
            icon=":material/pin_drop:",
        )
    _derivation(trainer, sample)


def _offer(trainer: Trainer, pin: tuple[float, float]) -> None:
    """Say what the pinned point is, and offer the training point next to it."""
    near = nearest_training_point(trainer, pin)
    features = map(escape_markdown, trainer.dataset.features)
    st.markdown(f"**Pinned point: {_values(features, pin)}**")
    st.info(
        "This is no training point: the network never learns from it. Below is what the network "
        "computes for it, and which loss and gradient it would have in each class.",
        icon=":material/pin_drop:",
    )
    st.button(
        f"Show training point {near + 1}, the nearest", on_click=_choose, args=(near,),
        key="nearest", icon=":material/near_me:",
    )  # fmt: skip


def _choose(sample: int) -> None:
    st.session_state.sample = sample + 1
    st.session_state[CHOSEN] = True  # also where that number was chosen before


@st.fragment
def _pinned(trainer: Trainer, pin: tuple[float, float]) -> None:
    """Draw the parts of a point that nothing is trained on."""
    st.caption(_ROUNDED)
    _parts(point_parts([_in_markdown(one) for one in worked_points(trainer, pin)]))


@st.fragment
def _derivation(trainer: Trainer, sample: int) -> None:
    """Draw all parts; opening one reruns this fragment and not the page."""
    found = worked_example(trainer, sample)
    written = _in_markdown(found)
    _heading(written)
    _parts(parts(written))
    st.markdown("#### Check and copy")
    _check(found)
    _copy(found)


def _in_markdown(found: Worked) -> Worked:
    """The same with names that Markdown shows as they are: users give those of their own data."""
    first, second = map(escape_markdown, found.features)
    names = tuple(map(escape_markdown, found.class_names))
    return replace(found, class_names=names, features=(first, second))


def _heading(found: WorkedExample) -> None:
    values = _values(found.features, found.raw)
    st.markdown(f"**Point {found.sample + 1}: {found.class_phrase(found.label)}, {values}**")
    st.caption(_ROUNDED)
    step = found.step
    if step.batch > 1:
        before = step.batch - 1
        st.markdown(
            f"Batch {step.batch} of {step.n_batches}: the weights below are those after "
            f"{before} step{'s' if before > 1 else ''} of epoch {found.epoch + 1}, which are used "
            "for this point."
        )
    elif step.n_batches > 1:
        st.markdown(f"Batch 1 of {step.n_batches}, the first step of epoch {found.epoch + 1}.")


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
    columns = dict(zip(table.columns, table.values.T, strict=True))
    settings: dict[str, Any] = dict.fromkeys(
        table.columns, st.column_config.NumberColumn(format="%.4g")
    )
    settings[_NAMES] = st.column_config.TextColumn(pinned=True)
    with st.container(width="stretch" if n_columns > 1 else 240):
        if n_columns > 1:
            st.caption(f"{table.caption}, {n_rows} × {n_columns}")
        st.dataframe(
            {_NAMES: table.rows} | columns, column_config=settings, hide_index=True,
            height=min(320, 40 + 36 * n_rows),
            alt=f"{table.caption}, {n_rows} rows and {n_columns} columns of numbers",
        )  # fmt: skip


# --- check and copy -------------------------------------------------------------------------


def _check(found: WorkedExample) -> None:
    title = "9 · Check one weight by a finite difference"
    with (room := st.expander(title, key="part_check", on_change="rerun")):
        if room.open:
            for block in check(found, _weight(found)):
                _block(block)


def _weight(found: WorkedExample) -> tuple[int, int, int]:
    """Let the user choose a weight; returns layer, row and column, counted from 0."""
    boxes, names = st.columns(3), [f"Layer {i}" for i in range(1, found.n_hidden + 2)]
    layer = _choice(boxes[0], "Layer", "check_layer", names, "The layer of the weight.")
    # one key per layer and width, because other networks have other names to choose from
    below, above = ["1 (bias)", *found.units(layer)], found.units(layer + 1)
    key = f"check_{layer}_{len(below)}_{len(above)}"
    row = _choice(
        boxes[1], "From", f"{key}_row", below, "The input that the weight multiplies.", start=1
    )
    column = _choice(boxes[2], "To", f"{key}_column", above, "The unit that the weight belongs to.")
    return layer, row, column


def _choice(
    room: Any, label: str, key: str, names: list[str], help_text: str, start: int = 0
) -> int:
    return room.selectbox(
        label, range(len(names)), start, format_func=names.__getitem__, key=key, help=help_text,
        persist_state="page",
    )  # fmt: skip


def _copy(found: WorkedExample) -> None:
    with (room := st.expander("Copy as NumPy", key="part_copy", on_change="rerun")):
        if not room.open:
            return
        st.markdown(
            "A complete program: every array with all digits, and the formulas above in code."
        )
        text = step_script(found)
        name = f"step-epoch-{found.epoch}-point-{found.sample + 1}.py"
        if len(text) <= MOST_CODE:
            language = "python" if len(text) <= MOST_COLOURED else None
            st.code(text, language, height=420)
        else:
            st.markdown(f"The program is too long to show: {len(text) // 1000:,} kB.")
        st.download_button("Download", text, name, "text/x-python", icon=":material/download:")


def _values(features: Iterable[str], point: Iterable[float]) -> str:
    pairs = zip(features, point, strict=True)
    return ", ".join(f"{name} = {value:.4g}" for name, value in pairs).replace("-", "−")
