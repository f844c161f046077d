/** Where units stand in the diagram. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Layout } from "../../../nnviz/stage/diagram/layout.js";

const tiles = (sizes, width = 560, height = 460) =>
  new Layout(sizes, sizes.map(() => 0), width, height).columns.map(({ tile }) => Math.round(tile));

test("a small network has large maps, and fills its panel", () => {
  assert.deepEqual(tiles([2, 2]), [120, 120]);
  const { columns } = new Layout([2, 2], [0, 0], 560, 460);
  const [first, second] = columns[0].units;
  assert.ok(second.y - first.y > 460 / 4);
});

test("a large one has maps that fit", () => {
  for (const sizes of [[2, 10, 2], [2, 64, 64, 3], [7, 6, 6, 6, 6, 6, 6, 2]]) {
    for (const [width, height] of [[560, 460], [330, 420]]) {
      const { columns } = new Layout(sizes, sizes.map(() => 0), width, height);
      for (const { units, tile, x } of columns) {
        assert.ok(tile <= 52 && x - tile / 2 >= 0 && x + tile / 2 <= width);
        units.slice(1).forEach(({ y }, i) => assert.ok(y - units[i].y >= tile));
        assert.ok(units.at(-1).y + tile / 2 <= height);
      }
    }
  }
});

test("maps of a small network stay inside a narrow panel", () => {
  for (const width of [280, 330, 420]) {
    const { columns } = new Layout([2, 3, 2], [0, 0, 0], width, 460);
    for (const { tile, x } of columns) assert.ok(x - tile / 2 >= 0 && x + tile / 2 <= width);
    columns.slice(1).forEach(({ x, tile }, i) => assert.ok(x - tile / 2 - columns[i].x - tile / 2 > 20)); // edges between
  }
});
