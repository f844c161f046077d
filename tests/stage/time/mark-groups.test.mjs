/** Edits in groups, each with one mark on the time line. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { describedStrokes, grouped, listed, placeOf } from "../../../nnviz/stage/time/mark-groups.js";

const stroke = (epoch, marks = `${200 + epoch}_0_0.5_0.5`) => [epoch, "points", marks];
const rate = (epoch) => [epoch, "learning_rate", 0.1];

const epochs = (edits, last) => grouped(edits, last).map(({ first, last: end, edits: { length } }) => [first, end, length]);

test("each epoch with edits has a mark", () => {
  assert.deepEqual(epochs([rate(3), [3, "l2", 0.1], rate(4)], 1000), [[3, 3, 2], [4, 4, 1]]);
});

test("a stroke drawn while the run plays has one mark, and one after a pause another", () => {
  const edits = [10, 20, 30, 40, 400, 410].map((epoch) => stroke(epoch));
  assert.deepEqual(epochs(edits, 1000), [[10, 40, 4], [400, 410, 2]]);
  assert.deepEqual(epochs(edits.slice(0, 4), 40), [[10, 10, 1], [20, 20, 1], [30, 30, 1], [40, 40, 1]]);
});

test("another edit between strokes keeps its own mark", () => {
  assert.deepEqual(epochs([stroke(10), rate(11), stroke(12), stroke(13)], 1000), [[10, 10, 1], [11, 11, 1], [12, 13, 2]]);
});

test("the strokes of a group are listed and removed at once, other edits one by one", () => {
  const [group] = grouped([stroke(10), stroke(12, "210~3"), stroke(14)], 1000);
  assert.equal(placeOf(group), "epochs 10–14");
  const [strokes, ...others] = listed(group);
  assert.deepEqual([strokes.length, others.length], [3, 0]);
  assert.equal(describedStrokes(strokes), "1 point drawn or moved, 2 points erased");
  const [mixed] = grouped([rate(5), stroke(5)], 10);
  assert.equal(placeOf(mixed), "epoch 5");
  assert.deepEqual(listed(mixed), [[rate(5)], [stroke(5)]]);
});
