"""nnviz: start with ``streamlit run app.py``."""

import streamlit as st

from nnviz.ui import server

app = st.App(**server.parts())
