/** Where a run stops by itself. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { History } from "../../../nnviz/stage/run/history.js";
import { firstStop, warning } from "../../../nnviz/stage/run/stops.js";

/** A history with these losses. */
function historyOf(train, test = train.map(() => NaN)) {
  const history = new History();
  history.put(0, train.flatMap((loss, epoch) => [loss, test[epoch], 0, 0]));
  return history;
}

const epochOf = (stop) => stop && stop.epoch;

test("no rule, no stop", () => {
  assert.equal(firstStop(historyOf([0.5, 0.4]), 0, {}), null);
});

test("an epoch stops a run that comes to it, and no run that is there or past it", () => {
  const history = historyOf([5, 4, 3, 2, 1]);
  assert.deepEqual(firstStop(history, 0, { epoch: 3 }), { epoch: 3, why: "Stopped at epoch 3, as set." });
  assert.equal(firstStop(history, 3, { epoch: 3 }), null);
  assert.equal(firstStop(history, 0, { epoch: 5 }), null); // not known yet
});

test("a loss stops the run where it is first at the bound or below, and again only after it was above", () => {
  const history = historyOf([0.5, 0.3, 0.2, 0.4, 0.3]);
  assert.equal(epochOf(firstStop(history, 0, { loss: 0.3 })), 1); // equal in the history's float32
  assert.equal(epochOf(firstStop(history, 1, { loss: 0.3 })), 4);
  assert.equal(firstStop(history, 0, { loss: 0.1 }), null);
});

test("patience counts from the smallest test loss, and goes back to it", () => {
  const history = historyOf(Array(6).fill(1), [0.9, 0.5, 0.6, 0.6, 0.5, 0.7]);
  const stop = firstStop(history, 0, { patience: 3 });
  assert.deepEqual([stop.epoch, stop.best], [4, 1]); // 0.5 once more is no better
  assert.match(stop.why, /has not improved for 3 epochs\. Back/);
  assert.match(firstStop(history, 0, { patience: 1 }).why, /has not improved for 1 epoch\. Back/);
  assert.equal(firstStop(history, 0, { patience: 5 }), null);
  assert.equal(firstStop(historyOf([1, 1, 1, 1]), 0, { patience: 1 }), null); // no test part
});

test("of several rules the earliest counts", () => {
  const history = historyOf([0.5, 0.4, 0.3, 0.2], [1, 2, 3, 4]);
  assert.equal(epochOf(firstStop(history, 0, { epoch: 3, loss: 0.3, patience: 1 })), 1);
  assert.equal(epochOf(firstStop(history, 0, { epoch: 3, loss: 0.3, patience: 9 })), 2);
});

test("a rule that will not stop the run is named beforehand", () => {
  const history = historyOf([0.5, 0.25]);
  assert.equal(warning(history, 1, { epoch: 1 }), "Epoch 1 is past: the run will not stop there.");
  assert.match(warning(history, 1, { loss: 0.3 }), /already 0\.3 or less/);
  assert.match(warning(history, 1, { patience: 5 }), /needs a test part/);
  assert.equal(warning(history, 0, { epoch: 1, loss: 0.3 }), "");
});
