"""What people typed or files hold is shown as text."""

from __future__ import annotations

from typing import Any

from tests.browser.visits import MODULES

NAMES = ["<b>bold</b>", "a & b", '<a href="javascript:alert(1)">x</a>', "&lt;", "$x^2$"]

DRAW = (
    f"async (names) => {{ const modules = {MODULES};"
    """
  const { BoundaryChart } = modules['plane/boundary-chart.js'];
  const { ProbabilityChart } = modules['charts/probabilities.js'];
  const [plane, bars, numbers] = ['div', 'div', 'ol'].map((tag) => document.createElement(tag));
  for (const element of [plane, bars]) {
    element.style.cssText = 'height: 500px; width: 900px';
    document.body.append(element);
  }
  const { signal } = new AbortController();
  const scene = {
    features: [names[0], names[1]], classNames: names, extent: [[0, 1], [0, 1]],
    train: { points: names.flatMap((_, k) => [k / 9, k / 9]), labels: names.map((_, k) => k) },
    test: { points: [], labels: [] },
  };
  const colour = 'rgb(0, 0, 0)';
  const theme = {
    ink: colour, paper: colour, grid: colour, font: 'serif',
    signs: { negative: '#000000', positive: '#ffffff' },
  };
  const styles = names.map(() => ({ colour: '#000000', symbol: 'circle' }));
  const frame = {
    planes: { data: new Uint8Array(4 * names.length), shape: [names.length, 2, 2] },
    lines: { data: new Float32Array() }, lineStarts: { data: new Uint32Array() },
  };
  new BoundaryChart(Plotly, plane, signal).draw(scene, theme, styles, frame);
  const chart = new ProbabilityChart(Plotly, bars, numbers, signal);
  chart.prepare(scene, theme, styles);
  chart.paint({ probabilities: names.map(() => 0.2), logits: names.map(() => 1) });
  const texts = (root, selector) =>
    [...root.querySelectorAll(selector)].map((e) => e.textContent.trim());
  return {
    legend: texts(plane, '.legendtext'),
    titles: texts(plane, '.xtitle, .ytitle'),
    rows: texts(numbers, 'li span:first-child'),
    links: document.querySelectorAll('svg a').length + numbers.querySelectorAll('a').length,
  };
}"""
)


def test_names_are_text_in_plotlys_figures_too(open_stage: Any) -> None:
    stage = open_stage(fresh=True)
    drawn = stage.page.evaluate(DRAW, NAMES)
    assert drawn["legend"] == NAMES
    assert drawn["titles"] == NAMES[:2]
    assert drawn["rows"] == NAMES
    assert drawn["links"] == 0
