/** The diagram's selection, and where its keys lead. */

import assert from "node:assert";
import test from "node:test";

import { Layout } from "../../../nnviz/stage/diagram/layout.js";
import { nearestUnit, nextWeight } from "../../../nnviz/stage/diagram/navigation.js";
import { Selection } from "../../../nnviz/stage/diagram/selection.js";

const layoutOf = (sizes, firsts = sizes.map(() => 0)) => new Layout(sizes, firsts, 400, 500);

test("a step to another layer leads to the unit at the same height", () => {
  const layout = layoutOf([2, 4, 1]);
  assert.deepEqual(nearestUnit(layout, [1, 0], -1), [0, 0]);
  assert.deepEqual(nearestUnit(layout, [1, 3], -1), [0, 1]);
  assert.deepEqual(nearestUnit(layout, [1, 3], 1), [2, 0]);
  assert.equal(nearestUnit(layout, [0, 0], -1), undefined);
  assert.equal(nearestUnit(layout, [2, 0], 1), undefined);
});

test("a unit's weights are those from the units shown, its bias before them", () => {
  const layout = layoutOf([2, 64, 3], [0, 5, 0]);
  const { first, count } = layout.columns[1];
  assert.ok(first === 5 && count < 64);
  const seen = [[1, 0, 2]];
  for (let i = 0; i <= count + 1; i++) seen.push(nextWeight(layout, seen.at(-1), 1));
  assert.deepEqual(seen.slice(0, 3), [[1, 0, 2], [1, 6, 2], [1, 7, 2]]); // row 0 is the bias
  assert.deepEqual(seen.slice(-2), [[1, 5 + count, 2], [1, 5 + count, 2]]); // the last stays
  assert.deepEqual(nextWeight(layout, [1, 6, 2], -1), [1, 0, 2]);
  assert.deepEqual(nextWeight(layout, [1, 0, 2], -1), [1, 0, 2]);
});

test("the pointer counts before the keyboard, and that before a pinned unit", () => {
  const selection = new Selection();
  assert.deepEqual([selection.highlighted.unit, selection.unit], [undefined, null]);
  selection.toggle([1, 0]);
  assert.deepEqual(selection.unit, [1, 0]);
  selection.focused = [1, 1];
  assert.deepEqual([selection.highlighted, selection.unit], [{ unit: [1, 1] }, [1, 1]]);
  selection.weight = [0, 0, 1];
  assert.deepEqual([selection.highlighted, selection.unit], [{ weight: [0, 0, 1] }, [1, 1]]);
  selection.hovered = { unit: [1, 2] };
  assert.deepEqual([selection.highlighted, selection.unit], [{ unit: [1, 2] }, [1, 2]]);
});

test("a second click on a pinned unit shows the boundary again, with the pointer still there", () => {
  const selection = new Selection();
  selection.hovered = { unit: [1, 2] };
  selection.toggle([1, 2]);
  selection.toggle([1, 2]);
  assert.equal(selection.unit, null);
});
