"""Dials in the sidebar: components that change a setting of the stage's run in the browser.

They dispatch to the stage in the same page, so a change takes no time on a network; the page learns
of it from the stage's next report, as of every other edit.
"""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from ..recipe.form import Widget
from ..stage import files
from . import entry


def show(widget: Widget) -> None:
    """Draw a widget of kind ``dial``; it shows its value until the stage has another."""
    component = st.components.v2.component(
        "nnviz.dial",
        js=entry.script("renderDial", "disposeDial", shows_problem=False),
        isolate_styles=False,  # the page's colours, and the same as in the stage
    )
    component(
        key=f"dial_{widget.key}",
        data={"files": files.address(), "widget": asdict(widget)},
    )
