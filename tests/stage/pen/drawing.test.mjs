/** Scenes with strokes on them, before the server has confirmed these. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { pointsNear, pointsOf, withStrokes } from "../../../nnviz/stage/pen/drawing.js";

const SCENE = {
  features: ["x₁", "x₂"], classNames: ["a", "b"], extent: [[0, 10], [0, 10]], sharedUnit: true, nAtStart: 3, data: "",
  train: { points: Float32Array.of(1, 1, 2, 2), labels: Uint8Array.of(0, 1) },
  test: { points: Float32Array.of(3, 3), labels: Uint8Array.of(0) },
};
const numbers = ({ train, test }) => [[...train.numbers], [...test.numbers]];

test("points are numbered through, the training part first", () => {
  assert.deepEqual(pointsOf(SCENE).map(({ number, isTest }) => [number, isTest]), [[0, false], [1, false], [2, true]]);
});

test("strokes set and erase points; one keeps its part, a new one is of the training part", () => {
  const scene = withStrokes(SCENE, ["5_1_7_7~2_1_4_4", "0"]);
  assert.deepEqual(numbers(scene), [[1, 5], [2]]);
  assert.deepEqual([...scene.train.points], [2, 2, 7, 7]);
  assert.deepEqual([...scene.train.labels], [1, 1]);
  assert.deepEqual([...scene.test.points, ...scene.test.labels], [4, 4, 1]);
  assert.deepEqual(pointsOf(SCENE).length, 3); // the scene itself stays
});

test("strokes that are there already change nothing", () => {
  const once = withStrokes(SCENE, ["5_1_7_7~0"]);
  assert.deepEqual(withStrokes(once, ["5_1_7_7~0"]), once);
});

test("points near a place, nearest first, by pixels", () => {
  const near = (reach, scale) => pointsNear(SCENE, [2.4, 2.4], reach, scale).map(({ number }) => number);
  assert.deepEqual(near(10, [10, 10]), [1, 2]);
  assert.deepEqual(near(6, [10, 10]), [1]);
  assert.deepEqual(near(6, [10, 1]), [1, 2].slice(0, 1));
});
