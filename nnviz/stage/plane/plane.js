/** What is shown of the plane, however it is drawn: scene, field, boundary, rings and pin. */

import { Layers } from "./layers.js";
import { Painter, pathOf, ringsOf } from "./painter.js";
import { channels } from "./views.js";

/**
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("../run/replies.js").Frame} Frame
 * @typedef {import("../look.js").Look} Look
 *
 * @typedef {{colour: string, symbol: string}} Style of a class: #rrggbb, and the name of Plotly's symbol
 * @typedef {{negative: string, positive: string}} SignColours
 * @typedef {import("../host/theme.js").PageTheme & {signs: SignColours}} Theme
 */

/**
 * @typedef {import("../run/replies.js").TypedArray<Uint8Array>} Bytes
 * @typedef {import("../run/replies.js").TypedArray<Float32Array>} Floats
 */

/** Around the axes, in pixels: room for legend, titles and numbers. */
export const MARGIN = { l: 58, r: 10, t: 48, b: 48 };

const RING = 8.5; // pixels
const MARKED = 1.8; // of a ring, around the sample that the network learns from
const MOST_PIXELS = 800; // along a side, see MOST_SIDE in `nnviz/live/requests.py`

/**
 * What is drawn before anything was chosen.
 * @type {Pick<Look, "view" | "class" | "threshold" | "rings" | "points" | "unit">}
 */
const FIRST_LOOK = { view: "blend", class: 0, threshold: 0.5, rings: false, points: "both", unit: null };

export class Plane {
  painter = new Painter();
  look = FIRST_LOOK;
  /** The point that is pinned, if any. @type {number[] | undefined} */
  pinned;
  /** @type {Scene} */
  scene;
  /** The points to be shown where any were drawn during the run; else those of the scene. @type {Scene | null} */
  drawn = null;
  /** @type {Theme} */
  theme;
  /** The style of each class. @type {Style[]} */
  styles = [];

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.layers = new Layers(element, this.painter.canvas);
  }

  /**
   * A new data set or theme.
   * @param {Scene} scene @param {Theme} theme @param {Style[]} styles one per class, and more
   */
  set(scene, theme, styles) {
    this.scene = scene;
    this.theme = theme;
    this.styles = styles.slice(0, scene.classNames.length);
    this.recolour();
  }

  recolour() {
    this.painter.set(this.styles.map((style) => style.colour), this.theme, this.look);
  }

  /** The axes are laid out: field, boundary and rings go there. @param {import("./layers.js").Place} place */
  place(place) {
    this.layers.place(place, this.scene.extent, this.theme.ink);
  }

  /**
   * The next field, boundary and rings: the only thing that changes from frame to frame.
   * @param {Frame} frame
   */
  paint({ planes, lines, lineStarts, unit, unitSeen, predicted, samples }) {
    const isUnit = this.look.unit && String(this.look.unit) === String(unitSeen?.at);
    if (isUnit) this.painter.unitPicture(unit);
    else this.painter.picture(planes);
    const rings = this.look.rings && predicted ? ringsOf(this.mistakes(predicted.data), this.ringRadius) : "";
    const { width, height } = this.painter.image;
    this.layers.draw(width, height, pathOf(lines.data, lineStarts.data), samples ? rings + this.marked(samples) : rings);
  }

  /**
   * The points shown whose class is not the one predicted.
   * @param {ArrayLike<number>} predicted @returns {number[][]}
   */
  mistakes(predicted) {
    const { train, test } = this.scene;
    return [
      ...(this.shows("train") ? pointsWhere(train, (label, i) => label !== predicted[i]) : []),
      ...(this.shows("test") ? pointsWhere(test, (label, i) => label !== predicted[train.labels.length + i]) : []),
    ];
  }

  /** Rings around the training samples of a step. @param {number[]} samples */
  marked(samples) {
    const { points } = this.scene.train;
    const places = samples.map((i) => [points[2 * i], points[2 * i + 1]]);
    return ringsOf(places, this.ringRadius.map((radius) => MARKED * radius));
  }

  /** Whether the points of that part are shown. @param {"train" | "test"} part */
  shows(part) {
    return this.look.points === "both" || this.look.points === part;
  }

  /** Of both axes, as far as they are laid out. @returns {number[]} */
  get pixelsPerUnit() {
    return [1, 1];
  }

  /** Of the display, along both axes; at most so many that the server can shade them soon. @returns {[number, number]} */
  get pixels() {
    const { scene, pixelsPerUnit } = this;
    /** @param {number} i */
    const along = (i) => {
      const [low, high] = scene.extent[i];
      const length = Math.round((high - low) * pixelsPerUnit[i] * devicePixelRatio);
      return Math.min(Math.max(length, 2), MOST_PIXELS);
    };
    return [along(0), along(1)];
  }

  /** In data units, across and up. */
  get ringRadius() {
    return this.pixelsPerUnit.map((pixels) => RING / pixels);
  }

  get centre() {
    return this.scene.extent.map(([low, high]) => (low + high) / 2);
  }

  /**
   * The point of the plane under a pointer.
   * @param {{clientX: number, clientY: number}} event
   * @returns {number[]?} null outside the axes
   */
  pointAt(event) {
    return null; // nothing is laid out yet
  }

  /**
   * The sample nearest to a point of the plane.
   * @param {number[]} point
   * @param {number} reach pixels it may be away
   * @param {"train" | "test"} part of the samples
   * @returns {number} its index in that part, or -1
   */
  nearest([x, y], reach, part = "train") {
    const { points, labels } = this.scene[part];
    const [across, up] = this.pixelsPerUnit;
    let [found, least] = [-1, reach];
    for (let i = 0; i < labels.length; i++) {
      const distance = Math.hypot((points[2 * i] - x) * across, (points[2 * i + 1] - y) * up);
      if (distance <= least) [found, least] = [i, distance];
    }
    return found;
  }
}

/**
 * @param {import("./scene.js").Part} part
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

/** @param {import("./scene.js").Part} part @param {number} k @returns {number[][]} points of class k */
export const pointsOfClass = (part, k) => pointsWhere(part, (label) => label === k);

const CROWD = 500; // points whose symbols have their full size; those of more are smaller
const MOST_COUNTED = 4; // points at one place that a symbol can tell apart

/**
 * The scale of symbols: 5,000 are half as large as 500, so that more of the plane is seen.
 * @param {Pick<Scene, "train" | "test">} scene
 */
export const scaleOf = ({ train, test }) => Math.min(1, (CROWD / (train.labels.length + test.labels.length)) ** 0.3);

/**
 * Sizes of symbols: the area grows with the number of points at one place.
 * @param {number[][]} points @param {number} size of one point alone, in pixels
 */
export function sizesOf(points, size) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const point of points) counts.set(String(point), (counts.get(String(point)) ?? 0) + 1);
  return points.map((point) => size * Math.sqrt(Math.min(counts.get(String(point)) ?? 1, MOST_COUNTED)));
}

/** The lighter of ink and paper: inside hollow symbols, to be seen on any field. @param {Pick<Theme, "ink" | "paper">} theme */
export function lightOf({ ink, paper }) {
  /** @param {string} colour */
  const light = (colour) => channels(colour).reduce((sum, channel) => sum + channel, 0);
  return light(ink) > light(paper) ? ink : paper;
}
