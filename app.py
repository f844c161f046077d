"""nnviz: start with ``streamlit run app.py``."""

import streamlit as st
from starlette.middleware import Middleware

from nnviz.live import endpoint, studio
from nnviz.ui import stage
from nnviz.ui.preload import Preload

base = stage.base_path()

app = st.App(
    "nnviz/ui/page.py",
    routes=[endpoint.route(base), studio.route(base), *stage.routes(base)],
    middleware=[Middleware(Preload, base=base)],
    lifespan=endpoint.lifespan,
)
