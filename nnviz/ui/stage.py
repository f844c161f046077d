"""The stage on the page: a component that trains and draws a recipe in the browser.

The component is plain ES modules, see :mod:`nnviz.stage`, loaded from this server. The page tells
the stage what people ask for there; the run is the stage's, and goes over the ``/live`` socket, so
it never waits for the page.
"""

from __future__ import annotations

import streamlit as st

from ..stage import files
from ..stage.tables import tables
from .state import PageState

KEY = "stage"

# several lines, because a single line with a slash in it is taken for a path
_ENTRY = """
let stage;
export default function (component) {
  stage ??= import(new URL(`${component.data.base}/stage/{entry}`, location.origin).href);
  stage.then(({ render }) => render(component));
  return () => stage.then(({ dispose }) => dispose(component));
}
"""


def show(state: PageState, sample: int | None) -> None:
    """Draw the stage, and hand it what it has to know of the page.

    ``sample`` is the training point, from 0, that the page shows. The stage answers with its
    ``report``, which every later run of the script finds under ``KEY`` in the session; see
    :func:`nnviz.ui.events.report_of`. Both sides number what they say:

    - ``page`` and ``number``: the page's session, and its count of what a person did there;
    - ``heard``: the number of the last report taken in;
    - ``recipe``: what the widgets ask for, or the run as it is known, with its edits;
    - ``changed``: the fields changed on the page, ``sample`` with them, each with the number of its
      change, until a report has heard of it;
    - ``opened``: what was opened last, see :class:`nnviz.ui.state.Opened`;
    - ``follow``: whether a panel shows the run where it rests.
    """
    component = st.components.v2.component(
        "nnviz.stage",
        html=files.markup(),
        css=files.styles(),
        js=_ENTRY.replace("{entry}", files.ENTRY),
        isolate_styles=False,  # Plotly puts its styles into the document's head
    )
    component(
        key=KEY,
        data={
            **state.message(),
            **tables(),
            "base": base_path(),
            "follow": state.panel is not None,
            "sample": sample,
        },
        on_report_change=lambda: None,  # it is looked at anyway, in every run of the script
    )


def base_path() -> str:
    """The path the server is mounted under: ``""``, or ``"/sub/path"``."""
    path = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""
