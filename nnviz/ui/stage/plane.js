/** What is shown of the plane, however it is drawn: scene, field, boundary and pin. */

import { Painter, pathOf } from "./painter.js";

/** Around the axes, in pixels: room for legend, titles and numbers. */
export const MARGIN = { l: 58, r: 10, t: 48, b: 48 };

export class Plane {
  /** @param {Element} element */
  constructor(element) {
    this.element = element;
    this.painter = new Painter();
  }

  /** A new data set or theme, and the picture to begin with. */
  set(scene, theme, styles, frame) {
    Object.assign(this, { scene, theme });
    this.styles = styles.slice(0, scene.classNames.length);
    this.painter.setColours(this.styles.map((style) => style.colour));
    this.take(frame);
  }

  take({ planes, lines, lineStarts }) {
    this.source = this.painter.picture(planes);
    this.path = pathOf(lines.data, lineStarts.data);
  }

  get centre() {
    return this.scene.extent.map(([low, high]) => (low + high) / 2);
  }

  /** The corners of the picture of the field, in the plane. */
  get pictureExtent() {
    const { width, height } = this.painter.image;
    // a pixel's centre lies on its grid point, so the picture reaches half a pixel further
    return this.scene.extent.map(([low, high], i) => {
      const half = (high - low) / ([width, height][i] - 1) / 2;
      return [low - half, high + half];
    });
  }

  /** @param {{points: number[], labels: number[]}} part @returns {number[][]} points of class k */
  static ofClass({ points, labels }, k) {
    const found = [];
    labels.forEach((label, i) => {
      if (label === k) found.push([points[2 * i], points[2 * i + 1]]);
    });
    return found;
  }
}

/** Whether two scenes show the same points in the same plane. */
export function sameScene(a, b) {
  const labels = (scene) => JSON.stringify([scene.features, scene.classNames, scene.extent]);
  const equal = (one, other) => one.length === other.length && one.every((value, i) => value === other[i]);
  return (
    labels(a) === labels(b) &&
    equal(a.train.points, b.train.points) && equal(a.train.labels, b.train.labels) &&
    equal(a.test.points, b.test.points) && equal(a.test.labels, b.test.labels)
  );
}
