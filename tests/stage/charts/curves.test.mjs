/** The axes of the curves, and how lines end there. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { HistoryChart } from "../../../nnviz/stage/charts/curves.js";

/** The last figure that Plotly was given. */
function drawn(losses, { earlier = [], logarithmic = false } = {}) {
  const figure = {};
  const plotly = { react: (element, traces, layout) => Object.assign(figure, { traces, layout }), purge: () => {} };
  const axis = { _offset: 0, d2p: () => 0 };
  const element = { clientWidth: 300, clientHeight: 200, _fullLayout: { xaxis: axis, _size: { t: 0, h: 0 } } };
  const chart = new HistoryChart(plotly, element, { style: {} }, new AbortController().signal);
  chart.prepare({ ink: "black", grid: "grey", font: "" }, [{ colour: "red", symbol: "circle" }]);
  chart.setAxes({ loss: logarithmic, epochs: false });
  chart.showGhosts(earlier.map((values) => ({ lines: [linesOf(values), linesOf(values)] })));
  chart.paint({ thinned: () => linesOf(losses), last: losses.length - 1 }, losses.length - 1);
  return figure;
}

const linesOf = (losses) => ({ epochs: losses.map((_, i) => i), metrics: [losses, losses, losses.map(() => 1), losses.map(() => 1)] });

test("the loss axis holds all losses of a run that lives, also where they rise for a while", () => {
  assert.deepEqual(drawn([0.7, 24, 3, 0.2]).layout.yaxis.range, [0, 50]);
});

test("a run that diverged does not make the next one a flat line", () => {
  const { traces, layout } = drawn([0.7, 0.4, 0.2], { earlier: [[0.7, 4, 1e9, 3.4e38]] });
  assert.deepEqual(layout.yaxis.range, [0, 5]);
  const [line, marker] = traces.slice(4);
  assert.deepEqual(line.y, [0.7, 4, 10, 10]); // leaves the axis, and not for a place that no display has
  assert.deepEqual([marker.x, marker.y], [[1], [4]]); // the symbol stands where it left
});

test("a run that diverges itself is shown up to ten times its first loss", () => {
  assert.deepEqual(drawn([0.7, 4, 1e9]).layout.yaxis.range, [0, 5]);
  const [low, high] = drawn([0.7, 4, 1e9], { logarithmic: true }).layout.yaxis.range;
  assert.ok(high - low <= 3, "powers of ten that overlap");
});

test("numbers of an axis of large losses are short", () => {
  assert.equal(drawn([20_000, 30_000]).layout.yaxis.tickformat, "~g");
  assert.equal(drawn([0.7, 0.4]).layout.yaxis.tickformat, undefined);
});
