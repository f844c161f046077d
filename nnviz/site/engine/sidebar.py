"""The form of a run as JSON, and what the visitor chose in it.

A choice travels as its index among the options, since a value may be a table of thousands of rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from ...recipe.form import FormValues, Group, Widget, changed_groups, form
from ...recipe.recipe import Recipe


def groups_json(values: FormValues, opened: Recipe) -> list[dict[str, Any]]:
    """All groups with their widgets that are shown, for valid values.

    A group ``unfolded`` has settings that are not the default in the recipe opened last.
    """
    unfolded = changed_groups(opened)
    return [group_json(group, group.title in unfolded) for group in form(values)]


def group_json(group: Group, unfolded: bool) -> dict[str, Any]:
    """A group with its widgets that are shown."""
    widgets = [_json(widget) for widget in group.widgets if widget.shown]
    return {"title": group.title, "unfolded": unfolded, "widgets": widgets}


def chosen(values: FormValues, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The values of widgets that the visitor changed, by key; those that no widget has are ignored.

    ``changes`` are indices of options for ``select`` and ``pills``, else values.
    """
    widgets = _by_key(form(values))
    found = {key: value_chosen(widgets[key], changes[key]) for key in changes if key in widgets}
    return {key: value for key, value in found.items() if value is not None}


def value_chosen(widget: Widget, change: Any) -> Any:
    """The value of a widget after a change; None for a change that cannot come from it."""
    return _value(widget, change) if _is_valid(widget, change) else None


def _by_key(groups: Sequence[Group]) -> dict[str, Widget]:
    """The widgets that the page draws; dials are the stage's."""
    widgets = [widget for group in groups for widget in group.widgets]
    return {widget.key: widget for widget in widgets if widget.shown and widget.kind != "dial"}


def _json(widget: Widget) -> dict[str, Any]:
    if widget.kind == "dial":
        return asdict(widget)
    values = [value for value, _ in widget.options]
    shown: Any = widget.value
    if widget.kind == "select":
        shown = values.index(shown)
    elif widget.kind == "pills":
        shown = [values.index(value) for value in shown]
    labels = tuple(label for _, label in widget.options)
    return {**asdict(replace(widget, options=(), value=None)), "options": labels, "value": shown}


def _is_valid(widget: Widget, change: Any) -> bool:
    """Whether a change can come from this widget as it is."""
    if not widget.enabled:
        return False
    if widget.kind == "toggle":
        return isinstance(change, bool)
    if widget.kind in ("select", "pills"):
        indices = change if widget.kind == "pills" else [change]
        known = range(len(widget.options))
        return isinstance(indices, list) and all(type(i) is int and i in known for i in indices)
    if type(change) not in ((int,) if widget.whole else (int, float)):
        return False
    assert widget.low is not None  # of sliders and numbers
    assert widget.high is not None
    return widget.low <= change <= widget.high


def _value(widget: Widget, change: Any) -> Any:
    if widget.kind == "select":
        return widget.options[change][0]
    if widget.kind == "pills":
        return tuple(widget.options[i][0] for i in sorted(change))
    return change
