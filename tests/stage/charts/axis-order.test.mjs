/** Parallel axes in another order. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { arranged, movedTo, placesOf } from "../../../nnviz/stage/charts/axis-order.js";

const FIGURE = {
  data: [{ x: [0, 1, 2, null, 0, 1, 2, null], y: [10, 11, 12, null, 20, 21, null, null], text: ["a", "b", "c", "", "d", "e", "f", ""] }],
  layout: { xaxis: { ticktext: ["p", "q", "r"] }, shapes: [{ x0: 2, x1: 2, y0: 0 }], annotations: [{ x: 0, text: "1" }, { x: 1, text: "2" }] },
};

test("an axis moves to a place, and the others keep their order", () => {
  assert.deepEqual(movedTo([0, 1, 2, 3], 0, 2), [1, 2, 0, 3]);
  assert.deepEqual(movedTo([0, 1, 2, 3], 3, 0), [3, 0, 1, 2]);
  assert.deepEqual(movedTo([1, 0], 0, 1), [1, 0]);
});

test("a dragged axis is where the pointer is, the others in their places", () => {
  assert.deepEqual(placesOf([2, 0, 1]), [1, 2, 0]);
  assert.deepEqual(placesOf([2, 0, 1], { axis: 0, at: 1.4 }), [1.4, 2, 0]);
});

test("each line goes from axis to axis in their order, and numbers and lines of an axis with it", () => {
  const order = [2, 0, 1];
  const { data: [lines], layout } = arranged(FIGURE, order, placesOf(order));
  assert.deepEqual(lines.x, [0, 1, 2, null, 0, 1, 2, null]);
  assert.deepEqual(lines.y, [12, 10, 11, null, null, 20, 21, null]);
  assert.deepEqual(lines.text, ["c", "a", "b", "", "f", "d", "e", ""]);
  assert.deepEqual(layout.shapes, [{ x0: 0, x1: 0, y0: 0 }]);
  assert.deepEqual(layout.annotations.map(({ x }) => x), [1, 2]);
});

test("the order it came in gives the figure it came as", () => {
  const order = [0, 1, 2];
  const { data, layout } = arranged(FIGURE, order, placesOf(order));
  assert.deepEqual([data, layout], [FIGURE.data, FIGURE.layout]);
});

test("a trace of no runs stays empty", () => {
  const empty = { data: [{ x: [], y: [], text: [] }], layout: { xaxis: FIGURE.layout.xaxis } };
  assert.deepEqual(arranged(empty, [1, 0, 2], [1, 0, 2]).data, empty.data);
});
