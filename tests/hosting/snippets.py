"""The snippets of ``docs/hosting.md``, as people copy them."""

import re

from tests.serving import ROOT

PAGE = ROOT / "docs" / "hosting.md"


def snippet(program: str, name: str) -> str:
    """The block of code that starts with these two words: ```` ```nginx prefix ````."""
    text = PAGE.read_text(encoding="utf-8")
    (block,) = re.findall(rf"^```{program} {name}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return block
