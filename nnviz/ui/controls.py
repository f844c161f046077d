"""The sidebar: one widget a recipe field, drawn from the recipe's own table of fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import streamlit as st

from ..activations import ACTIVATIONS
from ..fields import BatchSize, Choice, Choices, Integer, Number
from ..initialisers import INITIALISERS
from ..losses import OUTPUTS
from ..optimisers import OPTIMISERS
from ..recipe import FIELDS, Recipe
from .choices import HIDDEN, features, n_layers, outputs, source

# stops of the sliders whose range spans powers of ten; any other value from a link is added
_RATES = (1e-5, 1e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
_PENALTIES = (0.0, 1e-4, 3e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
_BATCHES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_SHARES = 0.05  # step of the test share

# widgets that come and go with other choices find their value again
_WHILE_HIDDEN: Literal["page"] = "page"


def draw(recipe: Recipe) -> None:
    """Draw the widgets that mean something for the choices made; see :mod:`.choices`.

    They show the last values of settings that ``recipe`` changes during the run, with a word on it.
    """
    _data()
    _network()
    _training(recipe)


# --- groups ---------------------------------------------------------------------------


def _data() -> None:
    st.subheader("Data")
    _select("data")
    st.caption(source().purpose)
    if source().is_measured:
        for axis in (1, 2):
            st.selectbox(
                f"Feature x{'₁₂'[axis - 1]}", source().features, key=f"feature_{axis}",
                help=FIELDS["features"].help, persist_state=_WHILE_HIDDEN,
            )  # fmt: skip
        if st.session_state.feature_2 != features()[1]:
            st.caption(f"Both axes can't be the same: x₂ shows {features()[1]}.")
    else:
        if source().has_class_choice:
            _slider("classes", *source().n_classes)
        _slider("samples", step=10)
        _slider("noise", step=0.01)
    _slider("test_share", step=_SHARES)
    _number("data_seed")
    st.toggle(FIELDS["standardise"].label, key="standardise", help=FIELDS["standardise"].help)
    _pills("inputs")
    if not st.session_state.inputs:
        st.caption("A network needs an input: the last choice stays.")


def _network() -> None:
    st.subheader("Network")
    state = st.session_state
    st.slider(
        HIDDEN.label, 0, HIDDEN.most_layers, key="layers", help=HIDDEN.help,
        disabled=state.output == "step",
    )  # fmt: skip
    for layer in range(1, n_layers() + 1):
        st.slider(
            f"Units in layer {layer}", 1, HIDDEN.most_units, key=f"units_{layer}",
            help="How many units this hidden layer has.", persist_state=_WHILE_HIDDEN,
        )  # fmt: skip
    _select("activation")
    if state.activation == "step" and n_layers():
        st.warning(ACTIVATIONS["step"].purpose, icon=":material/block:")
    else:
        st.caption(ACTIVATIONS[state.activation].purpose)
    _select("output", outputs())
    st.caption(OUTPUTS[state.output].purpose)
    _select("init")
    st.caption(INITIALISERS[state.init].purpose)
    _number("seed")


def _training(recipe: Recipe) -> None:
    st.subheader("Training")
    if changes := list(_changes(recipe)):
        told = "; ".join(changes)
        st.caption(f"Changed during the run: {told}. Reset starts with the values shown here.")
    _stops("learning_rate", _RATES)
    _select("optimiser")
    st.caption(OPTIMISERS[st.session_state.optimiser].purpose)
    _stops("batch_size", (*_BATCHES, None))
    _stops("l1", _PENALTIES)
    _stops("l2", _PENALTIES)


def _changes(recipe: Recipe) -> Iterator[str]:
    """Each setting that is changed during the run: what it is at first, and from when on what."""
    for name in dict.fromkeys(edit.field for edit in recipe.edits if edit.at is None):
        kind = FIELDS[name]
        values = [f"{kind.write(getattr(recipe, name))} at first"]
        values += [
            f"{kind.write(e.value)} from epoch {e.epoch}" for e in recipe.edits if e.field == name
        ]
        yield f"{kind.label} {', '.join(values)}"


# --- one widget a kind of field -------------------------------------------------------


def _select(name: str, options: Sequence[str] | None = None) -> None:
    kind = FIELDS[name]
    assert isinstance(kind, Choice)
    st.selectbox(
        kind.label, options or list(kind.table), key=name, help=kind.help,
        format_func=lambda key: kind.table[key].label,
    )  # fmt: skip


def _pills(name: str) -> None:
    kind = FIELDS[name]
    assert isinstance(kind, Choices)
    st.pills(
        kind.label, list(kind.table), key=name, help=kind.help, selection_mode="multi",
        format_func=lambda key: kind.table[key].label,
    )  # fmt: skip


def _slider(name: str, low: Any = None, high: Any = None, step: Any = None) -> None:
    kind = FIELDS[name]
    assert isinstance(kind, (Integer, Number))
    low, high = kind.low if low is None else low, kind.high if high is None else high
    st.slider(
        kind.label, low, high, key=name, step=step, help=kind.help, persist_state=_WHILE_HIDDEN
    )


def _number(name: str) -> None:
    kind = FIELDS[name]
    assert isinstance(kind, Integer)
    st.number_input(kind.label, kind.low, kind.high, key=name, step=1, help=kind.help)


def _stops(name: str, stops: Sequence[Any]) -> None:
    """A slider over chosen values; a value from a link that is no stop becomes one."""
    kind = FIELDS[name]
    options = list(stops)
    if (value := st.session_state[name]) not in options:
        numbers = [stop for stop in options if stop is not None]
        options = sorted([*numbers, value]) + ([None] if None in options else [])
    st.select_slider(kind.label, options, key=name, help=kind.help, format_func=_writer(kind))


def _writer(kind: Any) -> Callable[[Any], str]:
    return kind.write if isinstance(kind, BatchSize) else lambda value: f"{value:g}"
