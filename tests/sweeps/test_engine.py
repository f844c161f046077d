"""The version that workers are compared by, where nnviz is not installed as a distribution."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nnviz

VERSION = """
import importlib.metadata

def missing(name):
    raise importlib.metadata.PackageNotFoundError(name)

importlib.metadata.version = missing
from nnviz.sweeps.engine import own_version
print(own_version())
"""


def version_of(folder):
    """What a program says that runs the package in a folder, installed nowhere."""
    done = subprocess.run(
        [sys.executable, "-c", VERSION], cwd=folder, capture_output=True, encoding="utf-8",
        check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_sources_that_are_not_installed_are_told_apart(tmp_path):
    package = Path(nnviz.__file__).parent
    for name in ("a", "b"):
        shutil.copytree(
            package,
            tmp_path / name / "nnviz",
            ignore=shutil.ignore_patterns("stage", "__pycache__"),
        )
    first = version_of(tmp_path / "a")
    assert re.fullmatch("of sources [0-9a-f]{8}", first)
    module = tmp_path / "b" / "nnviz" / "sweeps" / "estimate.py"
    content = module.read_bytes()
    module.write_bytes(content.replace(b"\n", b"\r\n"))
    assert version_of(tmp_path / "b") == first
    module.write_bytes(content + b"# another version\n")
    assert version_of(tmp_path / "b") != first
