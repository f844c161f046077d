"""A certificate made as ``docs/hosting.md`` says."""

import shlex
import subprocess
from pathlib import Path

from tests.hosting.snippets import PAGE


def make(folder: Path) -> dict[str, str]:
    """Make it below a folder; returns the paths there by those of the page."""
    text = PAGE.read_text(encoding="utf-8").replace("\\\n", " ")
    (line,) = [line for line in text.splitlines() if line.startswith("openssl req")]
    paths = {f"/etc/ssl/nnviz.{end}": str(folder / f"nnviz.{end}") for end in ("key", "crt")}
    for shown, here in paths.items():
        assert shown in line
        line = line.replace(shown, here)
    subprocess.run(shlex.split(line), check=True, capture_output=True)
    return paths
