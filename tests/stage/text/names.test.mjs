/** Names of units and weights. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { classOf, unitName, weightName } from "../../../nnviz/stage/text/names.js";

const SOFTMAX = { sizes: [2, 12, 3], inputs: ["x₁", "x₂²"] };
const SIGMOID = { sizes: [2, 3, 1], inputs: ["x₁", "x₂"] };

test("units are named as in the lecture", () => {
  assert.equal(unitName([0, 1], SOFTMAX), "x₂²");
  assert.equal(unitName([1, 11], SOFTMAX), "a₁₂[1]");
  assert.equal(unitName([2, 1], SOFTMAX), "ŷ₂");
  assert.equal(unitName([2, 0], SIGMOID), "ŷ");
});

test("a weight leads from one unit to another; row 0 is the bias", () => {
  assert.equal(weightName([0, 0, 2], SIGMOID), "bias of a₃[1]");
  assert.equal(weightName([1, 3, 0], SIGMOID), "weight from a₃[1] to ŷ");
});

test("a single output unit gives the probability of the second class", () => {
  assert.equal(classOf(0, SIGMOID), 1);
  assert.equal(classOf(2, SOFTMAX), 2);
});
