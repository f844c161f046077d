"""Servers of the app behind proxies, and the site of static files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import pyodide
from tests.hosting import certificates
from tests.serving import Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture(scope="session")
def certificate(tmp_path_factory) -> dict[str, str]:
    """Where the certificate and the key of the page's first snippet are here."""
    return certificates.make(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory) -> Path:
    """The site, below a folder that a host sends."""
    folder = tmp_path_factory.mktemp("web")
    pyodide.built(folder)
    return folder
