/** The data of a run, as it is shown: features, classes, the plane, and the points of both parts. */

/**
 * @typedef {object} Scene
 * @property {string[]} features @property {string[]} classNames
 * @property {[number, number][]} extent low and high of both axes
 * @property {boolean} sharedUnit whether both axes have one scale
 * @property {Part} train @property {Part} test
 */

/** @typedef {{points: ArrayLike<number>, labels: ArrayLike<number>}} Part x and y in turn, and classes */

/** @param {Scene} scene @returns {number[]} training point i */
export const sampleAt = ({ train }, i) => [train.points[2 * i], train.points[2 * i + 1]];

/** Whether two scenes show the same points in the same plane. @param {Scene} a @param {Scene} b */
export function isSameScene(a, b) {
  const labels = (scene) => JSON.stringify([scene.features, scene.classNames, scene.extent]);
  const equal = (one, other) => one.length === other.length && one.every((value, i) => value === other[i]);
  return (
    labels(a) === labels(b) &&
    equal(a.train.points, b.train.points) && equal(a.train.labels, b.train.labels) &&
    equal(a.test.points, b.test.points) && equal(a.test.labels, b.test.labels)
  );
}
