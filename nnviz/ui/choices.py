"""Between the widgets' state and a recipe.

Widgets keep their values in ``st.session_state`` under the field's name; hidden layers are
``layers`` and ``units_1``…``units_6``, features ``feature_1`` and ``feature_2``. A rerun finds
all values there before any widget is drawn, so the stage need not wait for the sidebar.
"""

from __future__ import annotations

import streamlit as st

from ..datasets import Source
from ..fields import Layers
from ..losses import OUTPUTS
from ..recipe import FIELDS, Recipe

HIDDEN: Layers = FIELDS["hidden"]  # type: ignore[assignment]

_OWN_WIDGET = [name for name in FIELDS if name not in ("edits", "hidden", "features")]


def load(recipe: Recipe) -> None:
    """Set every widget to the recipe's settings in force at its end."""
    state, settings = st.session_state, recipe.folded()
    for name in _OWN_WIDGET:
        state[name] = getattr(settings, name)
    state.layers = len(recipe.hidden)
    for layer, units in enumerate(recipe.hidden, start=1):
        state[f"units_{layer}"] = units
    for axis, feature in enumerate(recipe.features, start=1):
        state[f"feature_{axis}"] = feature


def chosen(recipe: Recipe) -> Recipe:
    """The recipe the widgets ask for, without edits; ``recipe`` was the last one."""
    state = st.session_state
    _settle(recipe)
    values = {name: state[name] for name in _OWN_WIDGET}
    values["inputs"] = tuple(state.inputs) or recipe.inputs
    values["features"] = features() if source().is_measured else ()
    values["hidden"] = tuple(state[f"units_{layer}"] for layer in range(1, n_layers() + 1))
    return Recipe(**values)


def source() -> Source:
    """The data set chosen."""
    return FIELDS["data"].table[st.session_state.data]  # type: ignore[attr-defined]


def features() -> tuple[str, str]:
    """The two features chosen; where they are the same, the second gives way."""
    first, second = st.session_state.feature_1, st.session_state.feature_2
    if first == second:
        second = next(name for name in source().features if name != first)
    return first, second


def n_layers() -> int:
    """Hidden layers: as chosen, but a perceptron has none."""
    return 0 if st.session_state.output == "step" else st.session_state.layers


def outputs() -> list[str]:
    """The outputs that fit the number of classes."""
    low, high = source().n_classes
    n_classes = st.session_state.classes if low < high else low
    return [name for name, output in OUTPUTS.items() if n_classes == 2 or not output.one_unit]


def _settle(recipe: Recipe) -> None:
    """Give a value to every widget that has none, and mend those their options have left."""
    state = st.session_state
    for name in _OWN_WIDGET:
        state.setdefault(name, getattr(recipe, name))
    state.setdefault("layers", len(recipe.hidden))
    for layer in range(1, HIDDEN.most_layers + 1):
        state.setdefault(f"units_{layer}", HIDDEN.default[0])
    for axis in (1, 2):
        if state.get(f"feature_{axis}") not in source().features:
            state[f"feature_{axis}"] = source().default_features[axis - 1]
    if source().has_class_choice:
        low, high = source().n_classes
        state.classes = min(max(state.classes, low), high)
    if state.output not in outputs():
        state.output = FIELDS["output"].default
