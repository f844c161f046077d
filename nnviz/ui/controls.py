"""The sidebar: draws the widgets of the form with Streamlit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

import streamlit as st

from ..recipe.form import FormValues, Group, Note, Widget, changed_groups, changes, form
from ..recipe.recipe import Recipe
from . import dials, own_data
from .escaping import escape_markdown

FORMS = 200  # drawn last, for any visitor: a class has the same one
COLUMNS = 3  # of widgets in a row


def draw(values: FormValues, run: Recipe, opened: Recipe) -> set[str]:
    """Draw all widgets for valid values, and the settings changed during the run below them.

    Returns the keys of those drawn.

    Groups in which the recipe opened last has settings other than the default are unfolded when
    they are first drawn; from then on the browser keeps what the user unfolds.
    """
    unfolded = changed_groups(opened)
    groups = _form(tuple(values.items()))
    for group in groups:
        if not group.title:
            _draw_group(group)
            continue
        with st.expander(
            group.title, group.title in unfolded, type="compact", key=f"fold_{_slug(group.title)}"
        ):
            _draw_group(group)
    if sentence := changes(run):
        st.caption(escape_markdown(sentence))
    return {widget.key for group in groups for widget in group.widgets if widget.shown}


def draw_few(values: FormValues, fields: Collection[str]) -> set[str]:
    """Draw the widgets of these fields alone, side by side; returns the keys of those drawn."""
    widgets = [
        widget
        for group in _form(tuple(values.items()))
        for widget in group.widgets
        if widget.shown and widget.field in fields
    ]
    with st.container(horizontal=True, vertical_alignment="top"):
        _draw_widgets(widgets)
    return {widget.key for widget in widgets}


@lru_cache(FORMS)
def _form(values: tuple[tuple[str, Any], ...]) -> Sequence[Group]:
    return form(dict(values))


def _slug(title: str) -> str:
    return title.lower().replace(" ", "_")


def _draw_group(group: Group) -> None:
    _draw_widgets([widget for widget in group.widgets if widget.shown])


def _draw_widgets(shown: Sequence[Widget]) -> None:
    for row, widgets in groupby(shown, key=lambda widget: widget.row):
        if row:
            _draw_row(row, list(widgets))
        else:
            for widget in widgets:
                _draw_widget(widget)


def _draw_row(title: str, widgets: Sequence[Widget]) -> None:
    """Widgets side by side; their labels are read to those who do not see their places."""
    with st.container(key=f"row_{widgets[0].field}"):
        st.markdown(title)
        for start in range(0, len(widgets), COLUMNS):
            line = widgets[start : start + COLUMNS]
            for column, widget in zip(st.columns(COLUMNS, gap="xsmall"), line, strict=False):
                with column:
                    _DRAW[widget.kind](widget, _is_new(widget), label_visibility="collapsed")


def _draw_widget(widget: Widget) -> None:
    """Draw a widget, with what is to be read at it.

    A widget shows its value in ``st.session_state``. A new session has none; the widget then shows
    the value kept by the browser, or else ``widget.value``.
    """
    with st.container(key=f"field_{widget.key}"):
        _DRAW[widget.kind](widget, _is_new(widget))
        if widget.key == "data":
            own_data.show()
        if widget.note:
            _draw_note(widget.key, widget.note)
        if sentence := _sentence(widget):
            st.caption(escape_markdown(sentence))


def _is_new(widget: Widget) -> bool:
    return widget.key not in st.session_state


def _draw_note(key: str, note: Note) -> None:
    with st.container(key=f"note_{key}"), st.popover(note.question, type="tertiary"):
        st.markdown(note.answer)


def _sentence(widget: Widget) -> str:
    """What stands below a widget; a dial shows its help itself, and a note replaces it."""
    if widget.sentence:
        return f"⚠ {widget.sentence}" if widget.warns else widget.sentence
    return "" if widget.kind == "dial" or widget.note else widget.help


# --- one function per kind of widget; a ``new`` one has no value in the session state yet --------


def _select(widget: Widget, new: bool) -> None:
    values = [value for value, _ in widget.options]
    st.selectbox(
        widget.label, values, values.index(widget.value) if new else 0, key=widget.key,
        disabled=not widget.enabled, format_func=dict(widget.options).__getitem__,
    )  # fmt: skip


def _pills(widget: Widget, new: bool) -> None:
    st.pills(
        widget.label, [value for value, _ in widget.options], key=widget.key,
        default=list(widget.value) if new else None, selection_mode="multi",
        format_func=dict(widget.options).__getitem__,
    )  # fmt: skip


def _dial(widget: Widget, new: bool) -> None:
    dials.show(widget)


def _slider(widget: Widget, new: bool) -> None:
    st.slider(
        widget.label, widget.low, widget.high, key=widget.key, step=widget.step,
        disabled=not widget.enabled, **_start(widget, new),
    )  # fmt: skip


def _number(widget: Widget, new: bool, **layout: Any) -> None:
    st.number_input(
        widget.label, widget.low, widget.high, key=widget.key, step=widget.step,
        disabled=not widget.enabled, **_start(widget, new), **layout,
    )  # fmt: skip


def _toggle(widget: Widget, new: bool) -> None:
    st.toggle(widget.label, key=widget.key, **_start(widget, new))


def _start(widget: Widget, new: bool) -> dict[str, Any]:
    return {"value": widget.value} if new else {}


_DRAW: dict[str, Any] = {
    "select": _select, "pills": _pills, "dial": _dial, "slider": _slider, "number": _number,
    "toggle": _toggle,
}  # fmt: skip
