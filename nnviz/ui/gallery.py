"""The gallery panel: all activation functions, and the inputs z of this run's hidden units."""

from __future__ import annotations

import streamlit as st

from .. import figures
from ..analysis.health import RULE, pre_activations
from ..choices.activations import ACTIVATIONS
from ..training.trainer import Trainer
from . import panel_texts as texts
from .state import PageState


def draw(trainer: Trainer, state: PageState) -> None:
    """Draw a chart of z for each hidden layer, then all activation functions."""
    activation = ACTIVATIONS[trainer.recipe.activation]
    st.markdown(f"#### {texts.OF_THIS_RUN}", help=RULE)
    network = trainer.network
    layers = pre_activations(network, trainer.preparation.apply(trainer.dataset.train))
    if not layers:
        st.markdown(texts.NO_LAYERS)
    else:
        st.latex(texts.function(activation))
    width = min(2, len(layers))  # charts side by side
    for start in range(0, len(layers), width or 1):
        for layer, room in enumerate(st.columns(width)[: len(layers) - start], start=start + 1):
            z = layers[layer - 1]
            with room:
                st.markdown(texts.layer_heading(layer, z))
                st.plotly_chart(
                    figures.layer(activation, z), key=f"layer_{layer}", config=_BARE,
                    alt=texts.layer_alt(activation, layer, z),
                )  # fmt: skip
                if warning := texts.layer_warning(activation, layer, z):
                    st.warning(warning, icon=":material/bedtime:")
    st.markdown(f"#### {texts.ALL_FUNCTIONS}")
    st.plotly_chart(
        figures.gallery(activation.name if layers else None),
        key="activations",
        config=_BARE,
        alt=texts.GALLERY_ALT,
    )


_BARE = {"displayModeBar": False, "scrollZoom": False}
