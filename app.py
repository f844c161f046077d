"""nnviz: start with ``streamlit run app.py``."""

import streamlit as st
from starlette.middleware import Middleware

from nnviz.live import endpoint
from nnviz.ui import stage

base = stage.base_path()

app = st.App(
    "nnviz/ui/page.py",
    routes=[endpoint.route(base), *stage.routes(base)],
    middleware=[Middleware(stage.Preload, base=base)],
    lifespan=endpoint.lifespan,
)
