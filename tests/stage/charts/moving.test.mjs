/** Lines and markers that move without Plotly, in a figure as Plotly leaves it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { moved } from "../../../nnviz/stage/charts/moving.js";

const axis = (scale) => ({ d2p: (value) => scale * value });
const part = () => ({ setAttribute(name, text) { this[name] = text; } });

/** A figure with a line and a marker on the first axis, and a line on the second; one trace in no order. */
function figure() {
  const nodes = [[2, ".js-line", [part()]], [0, ".js-line", [part()]], [1, ".point", [part()]]].map(([index, name, parts]) => ({
    index, parts, __data__: [{ trace: { index } }], querySelectorAll: (selector) => (selector === name ? parts : []),
  }));
  return {
    nodes: Object.fromEntries(nodes.map(({ index, parts }) => [index, parts])),
    data: [{ mode: "lines" }, { mode: "markers" }, { mode: "lines", yaxis: "y2" }],
    _fullLayout: { xaxis: axis(10), yaxis: axis(1), yaxis2: axis(100) },
    querySelectorAll: (selector) => (selector === ".scatterlayer > .trace" ? nodes : []),
  };
}

const DATA = [{ x: [0, 1], y: [5, 6] }, { x: [1], y: [6] }, { x: [0, 1], y: [0.25, 0.5] }];

test("traces move to their points, each on its axis", () => {
  const element = figure();
  assert.ok(moved(element, DATA));
  assert.equal(element.nodes[0][0].d, "M0.00,5.00L10.00,6.00");
  assert.equal(element.nodes[1][0].transform, "translate(10.00,6.00)");
  assert.equal(element.nodes[2][0].d, "M0.00,25.00L10.00,50.00");
  assert.deepEqual(element.data[2], { mode: "lines", yaxis: "y2", ...DATA[2] });
});

test("a run without a test part has no line there, which stays so", () => {
  const element = figure();
  element.nodes[2].length = 0;
  assert.ok(moved(element, [DATA[0], DATA[1], { x: [0, 1], y: [NaN, NaN] }]));
});

test("what is not drawn in as many parts is left to Plotly, and nothing moves", () => {
  for (const [i, points] of [[0, { x: [0, 1, 2], y: [1, NaN, 2] }], [1, { x: [], y: [] }], [2, { x: [0], y: [NaN] }]]) {
    const element = figure();
    assert.equal(moved(element, DATA.with(i, points)), false);
    assert.equal(element.nodes[0][0].d, undefined);
  }
  assert.equal(moved({ ...figure(), _fullLayout: undefined }, DATA), false);
});
