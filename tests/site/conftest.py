"""Pyodide's files, and the site built with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import pyodide


@pytest.fixture(scope="session")
def pyodide_folder() -> Path:
    return pyodide.files()


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pyodide.built(tmp_path_factory.mktemp("web"))
