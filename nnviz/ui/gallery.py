"""The gallery panel: every activation function, and where this run's units are on their own."""

from __future__ import annotations

import streamlit as st

from .. import figures
from ..analysis.health import health, pre_activations, sentence
from ..choices.activations import ACTIVATIONS
from ..training.trainer import Trainer
from .state import PageState

_RULE = (
    "A unit is dead when its slope φ′(z) is 0 for every training point: it passes no gradient. "
    "It is saturated when its slope is under 5 % of φ's largest for nine in ten training points "
    "or more: it hardly learns."
)


def draw(trainer: Trainer, state: PageState) -> None:
    """What each function looks like, then each hidden layer's z under its own."""
    activation = ACTIVATIONS[trainer.recipe.activation]
    st.markdown("#### The hidden layers of this run", help=_RULE)
    network = trainer.network
    layers = pre_activations(network, trainer.preparation.apply(trainer.dataset.train))
    if not layers:
        st.markdown("This network has no hidden layers, so it uses no activation function.")
    else:
        st.latex(rf"{activation.latex} \qquad {activation.slope_latex}")
    width = min(2, len(layers))  # charts side by side
    for start in range(0, len(layers), width or 1):
        for layer, room in enumerate(st.columns(width)[: len(layers) - start], start=start + 1):
            z = layers[layer - 1]
            told = sentence(activation, layer, health(activation, z))
            with room:
                st.markdown(f"**Layer {layer}: z of {len(z)} units at {z.shape[1]} points**")
                st.plotly_chart(
                    figures.layer(activation, z), key=f"layer_{layer}", config=_BARE,
                    alt=f"{activation.label} and its slope over z, and under them how often each z "
                    f"occurs in layer {layer}, from {z.min():.3g} to {z.max():.3g}. {told or ''}",
                )  # fmt: skip
                if told:
                    st.warning(told, icon=":material/bedtime:")
    st.markdown("#### All activation functions")
    st.plotly_chart(
        figures.gallery(activation.name if layers else None), key="activations", config=_BARE,
        alt="Every activation function, solid, and its slope, dashed: "
        + "; ".join(f"{a.label}: {a.purpose}" for a in ACTIVATIONS.values()),
    )  # fmt: skip


_BARE = {"displayModeBar": False, "scrollZoom": False}
