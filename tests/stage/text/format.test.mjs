/** Numbers as people read them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { coordinate, counted, loss, percent, probabilities, probability, signed } from "../../../nnviz/stage/text/format.js";

test("a loss has at most six characters", () => {
  const written = [0, 0.69314, 9.99994, 10, 99.999, 100, 999.99, 1000, 123456, 3.4e38].map(loss);
  assert.deepEqual(written, ["0.0000", "0.6931", "9.9999", "10.000", "99.999", "100.00", "999.99", "1e3", "1e5", "3e38"]);
  for (const text of written) assert.ok(text.length <= 6, text);
});

test("a single thing is in the singular", () => {
  assert.deepEqual([0, 1, 2].map((n) => counted(n, "epoch")), ["0 epochs", "1 epoch", "2 epochs"]);
});

test("what is missing is a dash", () => {
  assert.deepEqual([loss(null), percent(null), probability(null)], ["–", "–", "–"]);
});

test("coordinates have as many digits as their axis needs, and no minus at zero", () => {
  assert.equal(coordinate(1.23456, [-2, 2]), "1.23");
  assert.equal(coordinate(-1.23456, [-2, 2]), "−1.23");
  assert.equal(coordinate(0.0123456, [0, 0.02]), "0.0123");
  assert.equal(coordinate(1234.56, [0, 5000]), "1235");
  assert.equal(coordinate(-0.0001, [-2, 2]), "0.00");
});

test("shares and probabilities", () => {
  assert.equal(percent(0.9876), "98.8 %");
  assert.equal(probability(0.12345), "0.123");
  assert.equal(probabilities(["a", "b"], [0.25, null]), "a 0.250, b –");
});

test("a weight has four digits and a real minus", () => {
  assert.deepEqual([0, -1.23456, 0.00012345, 12346, 1e-5].map((value) => signed(value)), ["0.000", "−1.235", "1.234e−4", "1.235e4", "1.000e−5"]);
});
