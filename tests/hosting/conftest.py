"""Servers of the app behind proxies."""

from collections.abc import Iterator

import pytest

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
