/** The metrics of every epoch. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { History } from "../../../nnviz/stage/run/history.js";

/** Rows of epochs, whose train loss is the epoch and test loss its negative. */
const rows = (from, to) => Array.from({ length: to - from }, (_, i) => from + i).flatMap((epoch) => [epoch, -epoch, 0.5, 0.25]);

test("rows are found by their epoch, however many there are", () => {
  const history = new History();
  history.put(0, rows(0, 100));
  for (let from = 100; from < 3000; from += 100) history.put(from, rows(from, from + 100));
  assert.equal(history.last, 2999);
  for (const epoch of [0, 99, 100, 1023, 1024, 2999]) {
    assert.deepEqual([history.trainLoss(epoch), history.testLoss(epoch)], [epoch, -epoch]);
  }
});

test("rows written once more leave those after them", () => {
  const history = new History();
  history.put(0, rows(0, 10));
  history.put(2, [7, 7, 7, 7]);
  assert.deepEqual([history.length, history.trainLoss(2), history.trainLoss(3)], [10, 7, 3]);
});

test("after a cut only the epochs before it are known", () => {
  const history = new History();
  assert.equal(history.last, 0);
  history.put(0, rows(0, 10));
  history.cut(4);
  history.cut(6); // knows no more than it did
  assert.deepEqual([history.length, history.last], [4, 3]);
  assert.deepEqual(history.thinned().epochs, [0, 1, 2, 3]);
});

test("a chart gets few epochs, the first and the last among them, in order", () => {
  for (const length of [1, 2, 200, 201, 1000, 4097]) {
    const history = new History();
    history.put(0, rows(0, length));
    for (const logarithmic of [false, true]) {
      const { epochs, metrics } = history.thinned(logarithmic);
      assert.equal(epochs[0], 0);
      assert.equal(epochs.at(-1), length - 1);
      assert.ok(epochs.length <= 202, `${epochs.length} of ${length}`);
      assert.deepEqual(epochs, [...new Set(epochs)].sort((a, b) => a - b));
      assert.deepEqual(metrics.map((line) => line.length), Array(4).fill(epochs.length));
      assert.deepEqual(metrics[1], epochs.map((epoch) => (epoch ? -epoch : -0)));
    }
  }
  assert.deepEqual(new History().thinned(true), { epochs: [], metrics: [[], [], [], []] });
});

test("on a logarithmic axis most epochs are early ones", () => {
  const history = new History();
  history.put(0, rows(0, 4000));
  const early = ({ epochs }) => epochs.filter((epoch) => epoch < 100).length / epochs.length;
  assert.ok(early(history.thinned(true)) > 5 * early(history.thinned()));
});
