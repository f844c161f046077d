"""nnviz: start with ``streamlit run app.py``."""

import streamlit as st

from nnviz.live import endpoint
from nnviz.ui import stage

base = stage.base_path()

app = st.App(
    "nnviz/ui/page.py",
    routes=[endpoint.route(base), *stage.routes(base)],
    lifespan=endpoint.lifespan,
)
