"""The sidebar: one widget a recipe field, drawn from the recipe's own table of fields.

Widgets keep their values in ``st.session_state`` under the field's name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import streamlit as st

from ..activations import ACTIVATIONS
from ..fields import BatchSize, Choice, Choices, Integer, Layers, Number
from ..initialisers import INITIALISERS
from ..losses import OUTPUTS
from ..optimisers import OPTIMISERS
from ..recipe import FIELDS, Recipe

# stops of the sliders whose range spans powers of ten; any other value from a link is added
_RATES = (1e-5, 1e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
_PENALTIES = (0.0, 1e-4, 3e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
_BATCHES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_SHARES = 0.05  # step of the test share

# widgets that come and go with other choices find their value again
_WHILE_HIDDEN: Literal["page"] = "page"

_HIDDEN: Layers = FIELDS["hidden"]  # type: ignore[assignment]


def load(recipe: Recipe) -> None:
    """Set every widget to the recipe's settings in force at its end."""
    settings = recipe.folded()
    for name in FIELDS:
        if name not in ("edits", "hidden", "features"):
            st.session_state[name] = getattr(settings, name)
    st.session_state.layers = len(recipe.hidden)
    for layer, units in enumerate(recipe.hidden, start=1):
        st.session_state[f"units_{layer}"] = units
    for axis, feature in enumerate(recipe.features, start=1):
        st.session_state[f"feature_{axis}"] = feature


def choose(recipe: Recipe) -> Recipe:
    """Draw the widgets; the recipe they ask for, without edits.

    ``recipe`` fills in for widgets that are not shown at the moment.
    """
    values: dict[str, Any] = {}
    _settle(recipe)
    _data(values, recipe)
    _network(values)
    _training(values)
    rest = {name: getattr(recipe, name) for name in FIELDS if name not in values}
    return Recipe(**rest | values | {"edits": ()})


# --- groups ---------------------------------------------------------------------------


def _data(values: dict[str, Any], recipe: Recipe) -> None:
    st.subheader("Data")
    values["data"] = _select("data")
    source = FIELDS["data"].table[values["data"]]  # type: ignore[attr-defined]
    st.caption(source.purpose)
    values["features"] = ()
    if source.is_measured:
        values["features"] = tuple(
            st.selectbox(
                f"Feature x{'₁₂'[axis - 1]}", source.features, key=f"feature_{axis}",
                help=FIELDS["features"].help, persist_state=_WHILE_HIDDEN,
            )
            for axis in (1, 2)
        )  # fmt: skip
        if values["features"][0] == values["features"][1]:
            values["features"] = _two_different(source.features, values["features"])
            st.caption(f"Both axes can't be the same: x₂ shows {values['features'][1]}.")
    else:
        if source.has_class_choice:
            values["classes"] = _slider("classes", *source.n_classes)
        values["samples"] = _slider("samples", step=10)
        values["noise"] = _slider("noise", step=0.01)
    values["test_share"] = _slider("test_share", step=_SHARES)
    values["data_seed"] = _number("data_seed")
    values["standardise"] = _toggle("standardise")
    values["inputs"] = _pills("inputs") or recipe.inputs
    if not st.session_state.inputs:
        st.caption("A network needs an input: the last choice stays.")


def _network(values: dict[str, Any]) -> None:
    st.subheader("Network")
    n_classes = _classes_of(values)
    fits = [name for name, output in OUTPUTS.items() if n_classes == 2 or not output.one_unit]
    if st.session_state.output not in fits:
        st.session_state.output = FIELDS["output"].default
    perceptron = st.session_state.output == "step"
    layers = st.slider(
        _HIDDEN.label, 0, _HIDDEN.most_layers, key="layers", help=_HIDDEN.help, disabled=perceptron
    )
    units = [
        st.slider(
            f"Units in layer {layer}", 1, _HIDDEN.most_units, key=f"units_{layer}",
            help="How many units this hidden layer has.", persist_state=_WHILE_HIDDEN,
        )
        for layer in range(1, (0 if perceptron else layers) + 1)
    ]  # fmt: skip
    values["hidden"] = tuple(units)
    values["activation"] = _select("activation")
    _say_what_for(ACTIVATIONS[values["activation"]], bool(units))
    values["output"] = _select("output", fits)
    st.caption(OUTPUTS[values["output"]].purpose)
    values["init"] = _select("init")
    st.caption(INITIALISERS[values["init"]].purpose)
    values["seed"] = _number("seed")


def _training(values: dict[str, Any]) -> None:
    st.subheader("Training")
    values["learning_rate"] = _stops("learning_rate", _RATES)
    values["optimiser"] = _select("optimiser")
    st.caption(OPTIMISERS[values["optimiser"]].purpose)
    values["batch_size"] = _stops("batch_size", (*_BATCHES, None))
    values["l1"] = _stops("l1", _PENALTIES)
    values["l2"] = _stops("l2", _PENALTIES)


# --- one widget a kind of field -------------------------------------------------------


def _select(name: str, options: Sequence[str] | None = None) -> str:
    kind = FIELDS[name]
    assert isinstance(kind, Choice)
    return st.selectbox(
        kind.label, options or list(kind.table), key=name, help=kind.help,
        format_func=lambda key: kind.table[key].label,
    )  # fmt: skip


def _pills(name: str) -> tuple[str, ...]:
    kind = FIELDS[name]
    assert isinstance(kind, Choices)
    chosen = st.pills(
        kind.label, list(kind.table), key=name, help=kind.help, selection_mode="multi",
        format_func=lambda key: kind.table[key].label,
    )  # fmt: skip
    return tuple(chosen)


def _slider(name: str, low: Any = None, high: Any = None, step: Any = None) -> Any:
    kind = FIELDS[name]
    assert isinstance(kind, (Integer, Number))
    low, high = kind.low if low is None else low, kind.high if high is None else high
    return st.slider(
        kind.label, low, high, key=name, step=step, help=kind.help, persist_state=_WHILE_HIDDEN
    )


def _number(name: str) -> int:
    kind = FIELDS[name]
    assert isinstance(kind, Integer)
    return st.number_input(kind.label, kind.low, kind.high, key=name, step=1, help=kind.help)


def _toggle(name: str) -> bool:
    return st.toggle(FIELDS[name].label, key=name, help=FIELDS[name].help)


def _stops(name: str, stops: Sequence[Any]) -> Any:
    """A slider over chosen values; a value from a link that is no stop becomes one."""
    kind = FIELDS[name]
    options = list(stops)
    if (value := st.session_state[name]) not in options:
        numbers = [stop for stop in options if stop is not None]
        options = sorted([*numbers, value]) + ([None] if None in options else [])
    return st.select_slider(
        kind.label, options, key=name, help=kind.help, format_func=_writer(kind)
    )


def _writer(kind: Any) -> Callable[[Any], str]:
    return kind.write if isinstance(kind, BatchSize) else lambda value: f"{value:g}"


# --- keeping the widgets' state in order ----------------------------------------------


def _settle(recipe: Recipe) -> None:
    """Give a value to every widget that has none, and mend those their options have left."""
    state = st.session_state
    source = FIELDS["data"].table[state.get("data", recipe.data)]  # type: ignore[attr-defined]
    for name in FIELDS:
        if name not in ("edits", "hidden", "features"):
            state.setdefault(name, getattr(recipe, name))
    for layer in range(1, _HIDDEN.most_layers + 1):
        state.setdefault(f"units_{layer}", _HIDDEN.default[0])
    state.setdefault("layers", len(recipe.hidden))
    if source.has_class_choice:
        low, high = source.n_classes
        state.classes = min(max(state.classes, low), high)
    for axis in (1, 2):
        if state.get(f"feature_{axis}") not in source.features:
            state[f"feature_{axis}"] = source.default_features[axis - 1]


def _two_different(features: Sequence[str], pair: tuple[str, ...]) -> tuple[str, str]:
    return pair[0], next(name for name in features if name != pair[0])


def _classes_of(values: dict[str, Any]) -> int:
    source = FIELDS["data"].table[values["data"]]  # type: ignore[attr-defined]
    return values["classes"] if source.has_class_choice else source.n_classes[0]


def _say_what_for(activation: Any, has_hidden: bool) -> None:
    if activation.name == "step" and has_hidden:
        st.warning(activation.purpose, icon=":material/block:")
    else:
        st.caption(activation.purpose)
