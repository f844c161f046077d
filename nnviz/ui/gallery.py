"""The gallery panel: all activation functions, and the inputs z of this run's hidden units."""

from __future__ import annotations

import streamlit as st

from .. import figures
from ..analysis.health import RULE, health, pre_activations, remedy, sentence
from ..choices.activations import ACTIVATIONS
from ..training.trainer import Trainer
from .state import PageState


def draw(trainer: Trainer, state: PageState) -> None:
    """Draw a chart of z for each hidden layer, then all activation functions."""
    activation = ACTIVATIONS[trainer.recipe.activation]
    st.markdown("#### The hidden layers of this run", help=RULE)
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
            warning = sentence(activation, layer, health(activation, z))
            with room:
                st.markdown(f"**Layer {layer}: z of {len(z)} units at {z.shape[1]} points**")
                st.plotly_chart(
                    figures.layer(activation, z), key=f"layer_{layer}", config=_BARE,
                    alt=f"{activation.label} and its slope over z, and below them how often each z "
                    f"occurs in layer {layer}, from {z.min():.3g} to {z.max():.3g}. "
                    f"{warning or ''}",
                )  # fmt: skip
                if warning:
                    st.warning(f"{warning} {remedy(activation)}", icon=":material/bedtime:")
    st.markdown("#### All activation functions")
    st.plotly_chart(
        figures.gallery(activation.name if layers else None), key="activations", config=_BARE,
        alt="Every activation function, solid, and its slope, dashed: "
        + "; ".join(f"{a.label}: {a.purpose}" for a in ACTIVATIONS.values()),
    )  # fmt: skip


_BARE = {"displayModeBar": False, "scrollZoom": False}
