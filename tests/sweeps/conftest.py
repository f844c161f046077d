"""Sweeps in this process: two of its tests start processes of their own."""

import joblib
import pytest


@pytest.fixture(autouse=True)
def in_this_process():
    with joblib.parallel_config(n_jobs=1):
        yield
