"""The stage on the page: a component that trains and draws a recipe in the browser.

The component is made of the files of :mod:`nnviz.stage`, loaded from this server. The page sends
it the settings chosen in the widgets. The stage owns the run and trains over the ``/live``
socket, so it never waits for the page.
"""

from __future__ import annotations

import streamlit as st

from ..stage import files
from . import entry
from .state import PageState

KEY = "stage"


def show(state: PageState, sample: int | None) -> None:
    """Draw the stage with the current state of the page.

    ``sample`` is the training point that the page shows, counted from 0. The stage answers with its
    ``report``, which later runs of the script find under ``KEY`` in the session state; see
    :func:`nnviz.ui.events.report_of`. Both sides number their messages:

    - ``page`` and ``number``: the name of the page's session, and its count of user actions;
    - ``heard``: the number of the last report that the page has applied;
    - ``recipe``: the run with its edits if it has the settings of the widgets, else these settings;
    - ``changed``: the fields changed on the page (also ``sample``), each with the number of its
      change, until a report shows that the stage has applied it;
    - ``opened``: the link or file opened last, see :class:`nnviz.ui.state.Opened`;
    - ``panel``: the panel that is open, or None; the stage scrolls to another one;
    - ``follow``: whether one is open, which shows the epoch at which the run is paused.
    """
    component = st.components.v2.component(
        "nnviz.stage",
        js=entry.script("render", "dispose"),
        isolate_styles=False,  # Plotly puts its styles into the document's head
    )
    component(
        key=KEY,
        data={
            **state.message(),
            "files": files.address(),
            "panel": state.panel,
            "follow": state.panel is not None,
            "sample": sample,
        },
        on_report_change=lambda: None,  # every run of the script reads the report anyway
    )


def base_path() -> str:
    """The path under which the server is mounted: ``""`` or ``"/sub/path"``."""
    path = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""
