"""Pyodide's files: CPython and NumPy in WebAssembly, of one version, from a folder or an address.

Their SHA-256 are those of the npm package ``pyodide`` of that version, and of the lock file in it
for the wheels, which are in no package index.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from ..problems import short_text

VERSION = "0.27.7"
OFFICIAL = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full"  # its own distribution
PATIENCE = 60  # seconds without a byte

LOCK = "pyodide-lock.json"
RUNTIME = {  # by the names of the files
    "pyodide.mjs": "04c052c815abb0bf2981fa38c2dfa58e3120ee5288c956df2b2a15e301782c5f",
    "pyodide.asm.js": "6b4c90de5b7172873f04f21884d0e9d2274e305fe32116558fe3e4fbe3618d51",
    "pyodide.asm.wasm": "a50dd1843f805a0b7c45b61037ee0d7b26dfe85efe0e18ef95a34ad24e401f5f",
    "python_stdlib.zip": "16611534726e5d8ac2bd8f926410b2dcb8d6f49aa24913463533b457a2115c16",
}
PACKAGES: dict[str, dict[str, Any]] = {  # as its lock file has them
    "numpy": {
        "name": "numpy",
        "version": "2.0.2",
        "file_name": "numpy-2.0.2-cp312-cp312-pyodide_2024_0_wasm32.whl",
        "install_dir": "site",
        "sha256": "ebb61241d962b98b21597d7ce43b67668a6d5bab3acec4fbe958657320d7cd08",
        "package_type": "package",
        "imports": ["numpy"],
        "depends": [],
    },
    "contourpy": {
        "name": "contourpy",
        "version": "1.3.0",
        "file_name": "contourpy-1.3.0-cp312-cp312-pyodide_2024_0_wasm32.whl",
        "install_dir": "site",
        "sha256": "f6ca0437a039c40691be53ff5bd3c9774868add8d5c2d032167495c6ff1f1c4b",
        "package_type": "package",
        "imports": ["contourpy"],
        "depends": ["numpy"],
    },
    "pillow": {  # for animations alone
        "name": "Pillow",
        "version": "10.2.0",
        "file_name": "pillow-10.2.0-cp312-cp312-pyodide_2024_0_wasm32.whl",
        "install_dir": "site",
        "sha256": "43eab147a9355385a99eeac18fb577d4af2fe4bd0bbd23d3ba3ddb92e72c2815",
        "package_type": "package",
        "imports": ["PIL"],
        "depends": [],
    },
}
INFO = {
    "abi_version": "2024_0",
    "arch": "wasm32",
    "platform": "emscripten_3_1_58",
    "python": "3.12.7",
    "version": VERSION,
}


class SourceError(Exception):
    """A file that is missing or another one; the message is a sentence."""


def hashes() -> dict[str, str]:
    """The SHA-256 of every file that is taken, by its name."""
    return RUNTIME | {package["file_name"]: package["sha256"] for package in PACKAGES.values()}


def lock() -> bytes:
    """A lock file of these packages alone."""
    return json.dumps({"info": INFO, "packages": PACKAGES}, indent=1).encode()


def contents(source: str) -> Iterator[tuple[str, bytes]]:
    """Names and contents of all files, of a folder or below an address.

    Raises :class:`SourceError` for the first one that is missing or has another SHA-256.
    """
    is_address = source.startswith(("https://", "http://"))
    for name, digest in hashes().items():
        content = _fetched(source, name) if is_address else _read(source, name)
        if hashlib.sha256(content).hexdigest() != digest:
            raise SourceError(
                f"--pyodide must have {name} of Pyodide {VERSION}; got another file "
                f"in {short_text(source)}, which its SHA-256 shows"
            )
        yield name, content
    yield LOCK, lock()


def _read(folder: str, name: str) -> bytes:
    try:
        return (Path(folder) / name).read_bytes()
    except OSError as error:
        raise _missing(folder, name, error.strerror or str(error)) from None


def _fetched(address: str, name: str) -> bytes:
    try:
        with urlopen(f"{address.rstrip('/')}/{name}", timeout=PATIENCE) as answer:
            return bytes(answer.read())
    except HTTPError as error:
        with error:
            raise _missing(address, name, f"{error.code} {error.reason}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise _missing(address, name, str(getattr(error, "reason", error))) from None


def _missing(source: str, name: str, why: str) -> SourceError:
    return SourceError(
        f"--pyodide must have {name} of Pyodide {VERSION}; "
        f"got none in {short_text(source)} ({why.lower()})"
    )
