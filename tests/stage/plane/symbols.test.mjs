/** How the points of the plane are drawn. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { lightOf, scaleOf, sizesOf } from "../../../nnviz/stage/plane/symbols.js";

test("a symbol's area grows with the points at its place, up to four", () => {
  const at = (x, times) => Array.from({ length: times }, () => [x, 1]);
  assert.deepEqual(sizesOf([...at(0, 1), ...at(1, 4), ...at(2, 9)], 8), [8, ...Array(4).fill(16), ...Array(9).fill(16)]);
  assert.deepEqual(sizesOf([[0, 1], [1, 0], [0, 1]], 10).map(Math.round), [14, 10, 14]);
});

test("symbols of many points are smaller", () => {
  const scale = (train, test) => scaleOf({ train: { labels: new Array(train) }, test: { labels: new Array(test) } });
  assert.equal(scale(400, 100), 1);
  assert.equal(scale(4000, 1000).toFixed(2), "0.50");
});

test("hollow symbols are light inside in both themes", () => {
  const [dark, light] = ["#171614", "rgb(237, 235, 232)"];
  assert.equal(lightOf({ ink: dark, paper: light }), light);
  assert.equal(lightOf({ ink: light, paper: dark }), light);
});
