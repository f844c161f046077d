"""The sidebar: draws the widgets of the form with Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from ..recipe.form import FormValues, Group, Widget, form
from ..recipe.recipe import Recipe
from . import dials

FORMS = 200  # drawn last, for any visitor: a class has the same one


def groups(values: FormValues, recipe: Recipe) -> Sequence[Group]:
    """The widgets for valid values, as :func:`nnviz.recipe.form.form`."""
    return _groups(tuple(values.items()), recipe)


@lru_cache(FORMS)
def _groups(values: tuple[tuple[str, Any], ...], recipe: Recipe) -> Sequence[Group]:
    return form(dict(values), recipe)


def draw(groups: Sequence[Group]) -> None:
    """Draw the widgets of all groups.

    A widget shows its value in ``st.session_state``. A new session has none; the widget then shows
    the value kept by the browser, or else ``widget.value``.
    """
    for group in groups:
        st.subheader(group.title)
        if group.sentence:
            st.caption(group.sentence)
        for widget in group.widgets:
            if widget.shown:
                _DRAW[widget.kind](widget, widget.key not in st.session_state)
                _draw_sentence(widget)


def _draw_sentence(widget: Widget) -> None:
    if widget.warns:
        st.warning(widget.sentence, icon=":material/block:")
    elif widget.sentence:
        st.caption(widget.sentence)


# --- one function per kind of widget; a ``new`` one has no value in the session state yet --------


def _select(widget: Widget, new: bool) -> None:
    values = [value for value, _ in widget.options]
    st.selectbox(
        widget.label, values, values.index(widget.value) if new else 0, key=widget.key,
        help=widget.help, format_func=dict(widget.options).__getitem__,
    )  # fmt: skip


def _pills(widget: Widget, new: bool) -> None:
    st.pills(
        widget.label, [value for value, _ in widget.options], key=widget.key, help=widget.help,
        default=list(widget.value) if new else None, selection_mode="multi",
        format_func=dict(widget.options).__getitem__,
    )  # fmt: skip


def _dial(widget: Widget, new: bool) -> None:
    dials.show(widget)


def _slider(widget: Widget, new: bool) -> None:
    st.slider(
        widget.label, widget.low, widget.high, key=widget.key, step=widget.step, help=widget.help,
        disabled=not widget.enabled, **_start(widget, new),
    )  # fmt: skip


def _number(widget: Widget, new: bool) -> None:
    st.number_input(
        widget.label, widget.low, widget.high, key=widget.key, step=widget.step, help=widget.help,
        **_start(widget, new),
    )  # fmt: skip


def _toggle(widget: Widget, new: bool) -> None:
    st.toggle(widget.label, key=widget.key, help=widget.help, **_start(widget, new))


def _start(widget: Widget, new: bool) -> dict[str, Any]:
    return {"value": widget.value} if new else {}


_DRAW = {
    "select": _select, "pills": _pills, "dial": _dial, "slider": _slider, "number": _number,
    "toggle": _toggle,
}  # fmt: skip
