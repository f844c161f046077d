"""axe-core in a page: it looks for what keeps people with disabilities out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(sys.prefix) / "node_modules" / "axe-core" / "axe.min.js"  # put there by `make`

# Streamlit's own markup, in which a page can change nothing: rule, elements
STREAMLIT = [
    # Its lists of choices and its help stand at the end of the page, outside of all landmarks.
    ("region", "#stFloatingOverlayPortal, [role=listbox]"),
    # What scrolls has no tabindex. Chromium and Firefox let the keyboard in all the same.
    (
        "scrollable-region-focusable",
        ".katex-display, [data-testid=stCode] pre, [data-testid=stVerticalBlock]",
    ),
]

# options of axe: all rules in one theme, then those for which the other makes a difference
RULES: tuple[dict[str, Any], ...] = ({}, {"runOnly": ["color-contrast", "link-in-text-block"]})

# What axe cannot decide, as something transparent lies above, is measured against the nearest
# ground behind the text.
LOOK = """async ([within, rules, streamlit]) => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const channels = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
    return [[red, green, blue], alpha / 255];
  };
  const over = ([above, alpha], below) =>
    below.map((channel, i) => alpha * above[i] + (1 - alpha) * channel);
  const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const luminance = (rgb) => {
    const [red, green, blue] = rgb.map((channel) => linear(channel / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (element) => {
    const grounds = [];
    let opacity = 1;
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (grounds.at(-1)?.[1] !== 1) grounds.push(channels(style.backgroundColor));
      opacity *= style.opacity;
    }
    const ground = grounds.reduceRight((below, above) => over(above, below), [255, 255, 255]);
    const style = getComputedStyle(element);
    const [ink, alpha] = channels(element instanceof SVGElement ? style.fill : style.color);
    const both = [ground, over([ink, alpha * opacity], ground)].map(luminance);
    return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
  };
  const { violations, incomplete } = await axe.run(within, {
    ...rules, elementRef: true, resultTypes: ["violations", "incomplete"],
  });
  const isStreamlit = (id, { element }) =>
    streamlit.some(([rule, selector]) => rule === id && element.matches(selector));
  const ours = ({ id, nodes }) => nodes.filter((node) => !isStreamlit(id, node));
  const wrong = violations.flatMap((rule) =>
    ours(rule).map(({ html, failureSummary }) => `${rule.id}: ${html}: ${failureSummary}`));
  const pale = incomplete.filter(({ id }) => id === "color-contrast").flatMap(ours)
    .map((node) => [node.html, contrast(node.element)])
    .filter(([, measured]) => measured < 4.5)
    .map(([html, measured]) => `${html}: measured contrast ${measured.toFixed(2)}`);
  return [...wrong, ...pale];
}"""

# a change of theme reaches Streamlit at once, then the figures, and what fades last
THEMED = """(theme) => {
  const titles = [...document.querySelectorAll(".js-plotly-plot text[class*=title]")];
  const sum = (ink) => ink.match(/[0-9.]+/g).slice(0, 3).reduce((all, one) => all + +one, 0);
  const ground = theme === "light" ? 3 * 255 : 0; // about; ink of the other theme is not seen
  const fades = ({ playState, effect }) =>
    playState === "running" && effect.getComputedTiming().endTime < Infinity;
  const page = document.querySelector(".stApp") ?? document.documentElement;
  return getComputedStyle(page).colorScheme === theme
    && titles.filter((title) => title.getClientRects().length)
      .every((title) => Math.abs(sum(getComputedStyle(title).fill) - ground) > 255)
    && !document.getAnimations().some(fades);
}"""


class Audit:
    """What is found on one page, in both themes, place by place."""

    def __init__(self, page: Page):
        self.page = page
        self.themes: list[Any] = ["light", "dark"]
        self.found: dict[str, list[str]] = {}
        page.evaluate(SOURCE.read_text(encoding="utf-8"))

    def look(self, place: str, within: Any = "html") -> None:
        """Look at all elements, or only at those within a part of the page, as axe takes it."""
        for theme, rules in zip(self.themes, RULES, strict=True):
            self.page.emulate_media(color_scheme=theme)
            self.page.wait_for_function(THEMED, arg=theme)
            if found := self.page.evaluate(LOOK, [within, rules, STREAMLIT]):
                self.found[f"{place}, {theme}"] = found
        self.themes.reverse()  # a change takes time

    def verdict(self) -> None:
        """Fail with all that was found, if anything was."""
        lines = [f"{place}: {one}" for place, found in self.found.items() for one in found]
        assert not lines, "\n".join(lines)
