"""Parallel axes that are moved by hand: a component, as Streamlit's own charts have none."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from ..stage import files
from . import entry


def show(figure: go.Figure, key: str, alt: str) -> None:
    """Draw a figure of :func:`nnviz.figures.sweeps.parallel`, which ``alt`` describes."""
    component = st.components.v2.component(
        "nnviz.axes",
        js=entry.script("renderAxes", "disposeAxes"),
        isolate_styles=False,  # a click on its marks is the page's
    )
    component(
        key=key,
        data={"files": files.address(), "figure": figure.to_json(), "alt": alt},
    )
