/** The accuracy of the most frequent class. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { majorityOf } from "../../../nnviz/stage/text/majority.js";

const scene = (train, ...rest) => ({ classNames: ["a", "b"], train: { labels: Uint8Array.from(train) }, test: { labels: Uint8Array.from(rest) } });

test("where classes are unequal, it is that of the class most frequent in the training part", () => {
  const text = "Always predicting b, the most frequent class: accuracy 75.0 % train";
  assert.equal(majorityOf(scene([1, 1, 0, 1], 0, 1)), `${text}, 50.0 % test.`);
  assert.equal(majorityOf(scene([1, 1, 0, 1])), `${text}.`);
});

test("about equal classes and no points have none", () => {
  assert.equal(majorityOf(scene([0, 0, 0, 1, 1], 1, 1)), "Always predicting a, the most frequent class: accuracy 60.0 % train, 0.0 % test.");
  assert.equal(majorityOf(scene([0, 0, 0, 0, 0, 1, 1, 1, 1])), "");
  assert.equal(majorityOf(scene([])), "");
});
