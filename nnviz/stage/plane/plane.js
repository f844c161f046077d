/** What is shown of the plane, however it is drawn: scene, field, boundary, rings and pin. */

import { Painter, pathOf, ringsOf } from "./painter.js";

/** Around the axes, in pixels: room for legend, titles and numbers. */
export const MARGIN = { l: 58, r: 10, t: 48, b: 48 };

const RING = 8.5; // pixels

/** What people chose to see; see `plane/views.js` for the modes. */
export const FIRST_VIEW = { mode: "blend", classIndex: 0, threshold: 0.5, rings: false, parts: "both", unit: null };

export class Plane {
  /** @param {Element} element */
  constructor(element) {
    this.element = element;
    this.painter = new Painter();
    this.view = FIRST_VIEW;
  }

  /** A new data set, theme or view, and the picture to begin with. */
  set(scene, theme, styles, frame) {
    Object.assign(this, { scene, theme });
    this.styles = styles.slice(0, scene.classNames.length);
    this.recolour();
    this.take(frame);
  }

  recolour() {
    this.painter.set(this.styles.map((style) => style.colour), this.theme, this.view);
  }

  take({ planes, lines, lineStarts, unit, unitSeen, predicted }) {
    const isUnit = this.view.unit && String(this.view.unit) === String(unitSeen?.at);
    this.source = isUnit ? this.painter.unitPicture(unit) : this.painter.picture(planes);
    this.path = pathOf(lines.data, lineStarts.data);
    this.rings = this.view.rings && predicted ? ringsOf(this.mistakes(predicted.data), this.ringRadius) : "";
  }

  /** The points shown whose class is not the one predicted. */
  mistakes(predicted) {
    const { train, test } = this.scene;
    const found = [];
    for (const [part, name, first] of [[train, "train", 0], [test, "test", train.labels.length]]) {
      if (!this.shows(name)) continue;
      part.labels.forEach((label, i) => {
        if (label !== predicted[first + i]) found.push([part.points[2 * i], part.points[2 * i + 1]]);
      });
    }
    return found;
  }

  /** Whether points of that part, train or test, are shown. */
  shows(part) {
    return this.view.parts === "both" || this.view.parts === part;
  }

  get ringRadius() {
    return this.pixelsPerUnit.map((pixels) => RING / pixels);
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

  /**
   * @param {"train" | "test"} part
   * @returns {number} the sample of that part nearest to a point of the plane and within `reach`
   *   pixels of it, by its number, or -1
   */
  nearest([x, y], reach, part = "train") {
    const { points, labels } = this.scene[part];
    const [across, up] = this.pixelsPerUnit;
    let [found, least] = [-1, reach];
    labels.forEach((_, i) => {
      const distance = Math.hypot((points[2 * i] - x) * across, (points[2 * i + 1] - y) * up);
      if (distance <= least) [found, least] = [i, distance];
    });
    return found;
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
