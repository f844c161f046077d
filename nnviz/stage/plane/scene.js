/** The data of a run, as it is shown: features, classes, the plane, and the points of both parts. */

/**
 * @typedef {object} Scene
 * @property {string[]} features names of the two on the axes
 * @property {string[]} classNames
 * @property {[low: number, high: number][]} extent of both axes
 * @property {boolean} sharedUnit whether both axes have one scale
 * @property {Part} train
 * @property {Part} test without points where there is no test part
 * @property {number} nAtStart how many points the run starts with; those drawn have the numbers after theirs
 * @property {string} data the server's name for these points: "" for those of the start
 */

/** @typedef {{points: Float32Array, labels: Uint8Array, numbers?: Uint32Array}} Part x and y in turn, class indices, and numbers, which else count through */

/** @typedef {Pick<Scene, "train" | "test" | "data">} Points what changes where points are drawn */

/** A training point. @param {Scene} scene @param {number} sample its number @returns {[number, number]} */
export const sampleAt = ({ train }, sample) => [train.points[2 * sample], train.points[2 * sample + 1]];

/** The numbers of a part's points. @param {Scene} scene @param {"train" | "test"} part */
export function numbersOf(scene, part = "train") {
  const { labels, numbers } = scene[part];
  const first = part === "train" ? 0 : scene.train.labels.length; // where they count through
  return numbers ?? Uint32Array.from(labels, (_, i) => first + i);
}

/**
 * @param {Part} part
 * @param {(label: number, i: number) => boolean} isWanted
 * @returns {number[][]} x and y of some of its points
 */
export function pointsWhere({ points, labels }, isWanted) {
  const found = [];
  for (let i = 0; i < labels.length; i++) {
    if (isWanted(labels[i], i)) found.push([points[2 * i], points[2 * i + 1]]);
  }
  return found;
}

/** @param {Part} part @param {number} k @returns {number[][]} points of class k */
export const pointsOfClass = (part, k) => pointsWhere(part, (label) => label === k);

/** Whether two scenes show the same points in the same plane. @param {Scene} a @param {Scene} b */
export function isSameScene(a, b) {
  return (
    hasSamePlane(a, b) && a.data === b.data &&
    isEqual(a.train.points, b.train.points) && isEqual(a.train.labels, b.train.labels) &&
    isEqual(a.test.points, b.test.points) && isEqual(a.test.labels, b.test.labels)
  );
}

/** @param {Scene} scene */
const names = ({ features, classNames, extent }) => JSON.stringify([features, classNames, extent]);

/** Whether two scenes have the same axes and classes; their points may differ, as where some were drawn. @param {Scene} a @param {Scene} b */
export const hasSamePlane = (a, b) => names(a) === names(b) && a.nAtStart === b.nAtStart;

/** @template {Float32Array | Uint8Array} Data @param {Data} one @param {Data} other */
const isEqual = (one, other) => one.length === other.length && one.every((value, i) => value === other[i]);
