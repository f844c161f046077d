"""The app, with a full collection every few seconds: what memory is left then is really held."""

import gc
import threading
import time

import streamlit as st

from nnviz.ui import server

SECONDS = 5


def collect() -> None:
    while True:
        time.sleep(SECONDS)
        gc.collect()


threading.Thread(target=collect, daemon=True).start()
app = st.App(**server.parts())
