"""The oldest supported browsers: the stage uses nothing that they lack."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.node import STAGE

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

# What determines the oldest versions: columns (`dvh`, `cqw`), fields, dialogs, compression.
# https://developer.mozilla.org, browser compatibility of each: (Chrome and Edge, Firefox, Safari)
USED = {
    "dvh": (108, 101, 15.4),
    "cqw": (105, 110, 16),
    "accent-color": (93, 92, 15.4),
    "aspect-ratio": (88, 89, 15),
    "showModal": (37, 98, 15.4),
    "ResizeObserver": (64, 69, 13.1),
    "replaceChildren": (86, 78, 14),
    "AbortController": (66, 57, 12.1),
    "signal }": (90, 86, 15),  # of addEventListener
    ".at(-1)": (92, 90, 15.4),
    "#watch(": (84, 90, 15),  # private methods
    "signal.reason": (98, 97, 15.4),
    "DecompressionStream": (80, 113, 16.4),
}

# in scripts: patterns of APIs that some supported browser lacks, or that the oldest ones were the
# first to have
NEWER = {
    "groupBy": r"\b(?:Map|Object)\.groupBy\b",
    "findLast": r"\.findLast(?:Index)?\(",
    "with": r"\.with\(",
    "toSorted and its like": r"\.to(?:Sorted|Reversed|Spliced)\(",
    "withResolvers": r"\bPromise\.withResolvers\b",
    "Promise.try": r"\bPromise\.try\b",
    "fromAsync": r"\bArray\.fromAsync\b",
    "throwIfAborted": r"\.throwIfAborted\(",
    "AbortSignal.any, timeout": r"\bAbortSignal\.(?:any|timeout)\b",
    "set algebra": r"\.(?:isSubsetOf|isSupersetOf|isDisjointFrom|symmetricDifference)\(",
    "well-formed": r"\.(?:isWellFormed|toWellFormed)\(",
    "canParse": r"\bURL\.(?:canParse|parse)\b",
    "aria properties": r"\.aria[A-Z]\w+\b",
    "OffscreenCanvas": r"\bOffscreenCanvas\b",
    "idle callbacks and schedulers": r"\brequestIdleCallback\b|\bscheduler\.",
    "lookbehind": r"\(\?<[=!]",
    "static blocks": r"\bstatic \{",
    "popover": r"\b(?:show|hide|toggle)Popover\(",
    "view transitions": r"\bstartViewTransition\b",
    "setHTML": r"\.setHTML(?:Unsafe)?\(",
}  # fmt: skip

NEWER_CSS = {
    "nesting": r"&",
    ":has": r":has\(",
    "color-mix": r"color-mix\(",
    "light-dark": r"light-dark\(",
    "relative colours": r"\((?:from )",
    "@scope": r"@scope\b",
    "@starting-style": r"@starting-style\b",
    "@property": r"@property\b",
    "subgrid": r"\bsubgrid\b",
    "text-wrap": r"\btext-wrap\b",
    "anchors": r"\banchor(?:-name)?[:(]",
    "field-sizing": r"\bfield-sizing\b",
    "interpolate-size": r"\binterpolate-size\b",
}

FILES = sorted([*STAGE.rglob("*.js"), *STAGE.rglob("*.css")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(STAGE)))
def test_nothing_is_used_that_the_oldest_browsers_lack(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
    newer = NEWER_CSS if path.suffix == ".css" else NEWER
    found = {name: match[0] for name, rule in newer.items() if (match := re.search(rule, text))}
    assert found == {}


def test_each_pattern_finds_its_api() -> None:
    samples = [
        *("Map.groupBy(a, b)", "a.findLast(b)", "a.with(0, 1)", "a.toSorted()", "(?<=a)b"),
        *("signal.throwIfAborted()", "image.ariaBusy = 'true'", "AbortSignal.any([a])"),
    ]
    for sample in samples:
        assert any(re.search(rule, sample) for rule in NEWER.values()), sample
    for sample in ("& a { }", "p:has(a)", "color-mix(in srgb, red, blue)"):
        assert any(re.search(rule, sample) for rule in NEWER_CSS.values()), sample


def test_the_readme_names_the_oldest_browsers() -> None:
    texts = "\n".join(path.read_text("utf-8") for path in FILES)
    assert [name for name in USED if name not in texts] == []
    chrome, firefox, safari = (max(versions) for versions in zip(*USED.values(), strict=True))
    versions = f"Chrome and Edge {chrome}, Firefox {firefox}, Safari {safari}"
    assert versions in " ".join(README.split())
