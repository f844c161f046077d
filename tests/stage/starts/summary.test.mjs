/** What many starts have come to, in words and numbers. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { counted, described, judged, orderOf, reachable, roundedUp, summary } from "../../../nnviz/stage/starts/summary.js";

const STARTS = {
  varied: "seed", count: 4, arrived: true, seeds: [8, 9, 10, 11], epochs: [50, 50, 20, 50],
  stuck: [false, true, true, false], diverged: [false, false, true, false],
  metrics: [[0.2, 0.3, 0.95, 0.9], [0.6, 0.6, 0.5, 0.5], [null, null, 0.4, 0.4], [0.1, 0.2, 1, 1]],
};

test("the sentence counts those that reach the target, are stuck, or have diverged", () => {
  assert.deepEqual(summary(STARTS, 0.95), ["2 of 4 reach", "% training accuracy, 1 stuck, 1 diverged"]);
  assert.deepEqual(summary(STARTS, 0.96), ["1 of 4 reach", "% training accuracy, 1 stuck, 1 diverged"]);
  assert.deepEqual(summary(STARTS, 0.5), ["3 of 4 reach", "% training accuracy, 1 diverged"]); // of which none is stuck
  const fine = { ...STARTS, stuck: [false, false, false, false], diverged: [false, false, false, false] };
  assert.deepEqual(summary(fine, 0.3), ["4 of 4 reach", "% training accuracy"]);
});

test("who reaches the target is not stuck, unless it has diverged", () => {
  assert.deepEqual(judged(STARTS, 0.95).stuck, [false, true, true, false]);
  assert.deepEqual(judged(STARTS, 0.5).stuck, [false, false, true, false]);
  assert.deepEqual(judged(STARTS, 0.4).stuck, [false, false, true, false]);
});

test("until a target is typed, it is one that the best reaches", () => {
  const best = (...accuracies) => reachable({ ...STARTS, metrics: accuracies.map((one) => [0.1, 0.1, one, one]) });
  assert.equal(best(0.5, 0.919), 90);
  assert.equal(best(0.5, 0.9), 90);
  assert.equal(best(0.3, 1), 95);
  assert.equal(best(null, 0), 0);
});

test("it says what is yet to come", () => {
  assert.match(summary({ ...STARTS, arrived: false }, 0.95)[1], /at epoch 20 so far$/);
  const two = { ...STARTS, seeds: [8, 9], metrics: STARTS.metrics.slice(0, 2), arrived: false };
  assert.deepEqual(summary(two, 0.95), ["1 of 2 reach", "% training accuracy, 1 stuck, 1 diverged, 2 to be made"]);
});

test("they stand in the order of their seeds, or of their losses with diverged ones last", () => {
  assert.deepEqual(orderOf(STARTS, "seed"), [0, 1, 2, 3]);
  assert.deepEqual(orderOf(STARTS, "loss"), [3, 0, 1, 2]);
});

test("each is described", () => {
  assert.equal(described(STARTS, 0), "Seed 8 at epoch 50: training loss 0.200, accuracy 95 %");
  assert.equal(described(STARTS, 1), "Seed 9 at epoch 50: training loss 0.600, accuracy 50 %, stuck");
  assert.equal(described(STARTS, 2), "Seed 10 at epoch 20: no loss, diverged");
});

test("bins are equal and the last one has its upper end", () => {
  assert.deepEqual(counted([0, 0.1, 0.49, 0.5, 1], 1, 2), [3, 2]);
});

test("an axis ends at a round number", () => {
  assert.deepEqual([0.031, 0.05, 0.72, 3, 10].map(roundedUp), [0.05, 0.05, 1, 5, 10]);
});
