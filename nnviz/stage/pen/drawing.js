/** The points of a scene with strokes on it: what is drawn is shown before the server has trained on it. Pure. */

import { numbersOf } from "../plane/scene.js";
import { marksOf, strokesUpTo } from "../run/strokes.js";
import { position, wholeRecipe } from "../run/run-state.js";

/** @typedef {import("../plane/scene.js").Scene} Scene */
/** @typedef {import("../plane/scene.js").Part} Part */
/** @typedef {{number: number, label: number, place: number[], isTest: boolean}} Point */

/**
 * The scene as the user has drawn it, where that is more than the server has confirmed.
 * @param {import("../stage-state.js").StageState} state @returns {Scene | null}
 */
export function sceneDrawn({ scene, run, pen }) {
  const isPending = pen.held !== "" || run.edits.some(({ field }) => field === "points");
  if (!scene || !isPending || !run.recipe) return scene;
  return withStrokes(scene, [...strokesUpTo(wholeRecipe(run), position(run)), pen.held]);
}

/**
 * A new point counts as one of the training part until the server reports otherwise.
 * @param {Scene} scene @param {string[]} strokes @returns {Scene}
 */
export function withStrokes(scene, strokes) {
  const points = new Map(pointsOf(scene).map((point) => [point.number, point]));
  for (const { number, label, place } of strokes.flatMap(marksOf)) {
    if (place) points.set(number, { number, label, place, isTest: points.get(number)?.isTest ?? false });
    else points.delete(number);
  }
  const all = [...points.values()].sort((a, b) => a.number - b.number);
  return { ...scene, train: partOf(all.filter(({ isTest }) => !isTest)), test: partOf(all.filter(({ isTest }) => isTest)) };
}

/** All points of a scene, those of the test part last. @param {Scene} scene @returns {Point[]} */
export function pointsOf(scene) {
  /** @param {"train" | "test"} part */
  const pointsIn = (part) => {
    const { points, labels } = scene[part];
    const numbers = numbersOf(scene, part);
    return Array.from(labels, (label, i) => ({
      number: numbers[i], label, place: [points[2 * i], points[2 * i + 1]], isTest: part === "test",
    }));
  };
  return [...pointsIn("train"), ...pointsIn("test")];
}

/** @param {Point[]} points @returns {Part} */
const partOf = (points) => ({
  points: Float32Array.from(points.flatMap(({ place }) => place)),
  labels: Uint8Array.from(points, ({ label }) => label),
  numbers: Uint32Array.from(points, ({ number }) => number),
});

/**
 * The points within reach of a place, nearest first.
 * @param {Scene} scene @param {number[]} place @param {number} reach in pixels @param {number[]} pixelsPerUnit
 */
export function pointsNear(scene, [x, y], reach, [across, up]) {
  /** @param {Point} point */
  const distance = ({ place }) => Math.hypot((place[0] - x) * across, (place[1] - y) * up);
  return pointsOf(scene)
    .map((point) => ({ point, away: distance(point) }))
    .filter(({ away }) => away <= reach)
    .sort((a, b) => a.away - b.away)
    .map(({ point }) => point);
}
