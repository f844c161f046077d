/** Which classes are named above runs side by side. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { heightFor } from "../../../nnviz/stage/compare/layout.js";
import { legendsOf } from "../../../nnviz/stage/compare/legend.js";

const circles = { classNames: ["outer", "inner"], hasTest: false };

test("runs of the same classes share a legend", () => {
  const runs = [{ title: "Run 1", ...circles }, { title: "Run 2", ...circles, hasTest: true }];
  assert.deepEqual(legendsOf(runs), [{ titles: ["Run 1", "Run 2"], classNames: ["outer", "inner"], hasTest: true }]);
});

test("runs of other classes have one of their own", () => {
  const iris = { title: "Run 2", classNames: ["setosa", "versicolor", "virginica"], hasTest: true };
  const runs = [{ title: "Run 1", ...circles }, iris, { title: "Run 3", ...circles }];
  assert.deepEqual(legendsOf(runs).map(({ titles, hasTest }) => [titles, hasTest]), [[["Run 1", "Run 3"], false], [["Run 2"], true]]);
});

test("planes in a row are as high as squares are, in two rows twice that", () => {
  assert.ok(heightFor(2, 2, 600) < 330);
  assert.equal(heightFor(1, 1, 300), 324);
  assert.ok(Math.abs(heightFor(4, 2, 600) - 2 * heightFor(2, 2, 600)) < 10);
});
