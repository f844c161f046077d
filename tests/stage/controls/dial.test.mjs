import assert from "node:assert/strict";
import { test } from "node:test";

import { problemOf, read, withStop, written } from "../../../nnviz/stage/controls/dial.js";

const RATE = {
  field: "learning_rate", label: "Learning rate η", help: "", value: 0.5, options: [[0.1, "0.1"], [0.5, "0.5"], [1, "1"]],
  low: 1e-5, high: 10, whole: false, rule: "1e-05…10",
};
const BATCH = {
  field: "batch_size", label: "Batch size", help: "", value: null, options: [[1, "1"], [10, "10"], [null, "full"]],
  low: 1, high: 2000, whole: true, rule: "full or a whole number 1…2000",
};

test("any number within the range can be typed, in full precision", () => {
  for (const [text, value] of [["0.123456789", 0.123456789], [" 3 ", 3], ["1e-5", 1e-5], [".5", 0.5], ["10", 10]]) {
    assert.equal(read(text, RATE), value);
  }
});

test("what is no number, or out of range, stands for no value", () => {
  for (const text of ["", "fast", "0", "-1", "10.1", "0,1", "0x1", "Infinity", "1e999", "NaN", "full"]) {
    assert.equal(read(text, RATE), undefined, text);
  }
});

test("a batch size is a whole number, or full", () => {
  assert.equal(read("7", BATCH), 7);
  assert.equal(read("Full ", BATCH), null);
  for (const text of ["0", "2.5", "2001", ""]) assert.equal(read(text, BATCH), undefined, text);
});

test("the problem names the field, its rule and what was typed", () => {
  assert.equal(problemOf("fast", RATE), "learning rate must be 1e-05…10; got fast");
  assert.equal(problemOf(" ", BATCH), "batch size must be full or a whole number 1…2000; got nothing");
});

test("a value between the stops becomes one of them, in its place", () => {
  assert.deepEqual(withStop(RATE, 0.5), [0.1, 0.5, 1]);
  assert.deepEqual(withStop(RATE, 0.07), [0.07, 0.1, 0.5, 1]);
  assert.deepEqual(withStop(BATCH, 300), [1, 10, 300, null]);
});

test("values are written as they can be typed", () => {
  assert.equal(written(null, BATCH), "full");
  for (const value of [1e-5, 0.123456789, 10]) assert.equal(read(written(value, RATE), RATE), value);
});
