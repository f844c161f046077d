"""The stage's modules without a browser: one case per file, run by ``node --test``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import node

FILES = sorted(Path(__file__).parent.rglob("*.test.mjs"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".test.mjs"))
def test_module(path: Path) -> None:
    node.check(path)


def test_a_test_that_fails_is_a_failure_here(tmp_path: Path) -> None:
    path = tmp_path / "wrong.test.mjs"
    path.write_text(
        'import assert from "node:assert";\nimport test from "node:test";\n'
        'test("one and one", () => assert.equal(1 + 1, 3));\n'
    )
    with pytest.raises(pytest.fail.Exception, match="one and one"):
        node.check(path)


def test_a_snippet_gives_what_it_returns() -> None:
    snippet = 'const { percent } = await load("text/format.js"); return [percent(0.25), null];'
    assert node.evaluate(snippet) == ["25.0 %", None]
