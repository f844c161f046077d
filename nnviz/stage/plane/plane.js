/** What every drawing of the plane shows: scene, field, boundary, rings and pin. */

import { Layers } from "./layers.js";
import { Painter, pathOf, ringsOf } from "./painter.js";
import { Points } from "./points.js";
import { pointsWhere } from "./scene.js";

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
/** The same where several planes share the room: for numbers alone. */
export const COMPACT = { l: 30, r: 8, t: 6, b: 22 };

const RING = 8.5; // pixels
const MARKED = 1.8; // of a ring, around the sample that the network learns from
const SMALL = 0.75; // the scale of symbols where several planes share the room
const MOST_PIXELS = 800; // along a side, see MOST_SIDE in `nnviz/live/operations.py`

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
  /** With the points as they are drawn, where the server does not know them all yet. @type {Scene | null} */
  drawn = null;
  /** Whether it has neither legend nor titles, as it is one of several. */
  isCompact = false;
  /** @type {Theme} */
  theme;
  /** The style of each class. @type {Style[]} */
  styles = [];

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.layers = new Layers(element, this.painter.canvas);
    this.points = new Points(this.layers.points);
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

  /** The scale of symbols, besides that for many points. */
  get symbolScale() {
    return this.isCompact ? SMALL : 1;
  }

  get margin() {
    return this.isCompact ? COMPACT : MARGIN;
  }

  recolour() {
    this.painter.set(this.styles.map((style) => style.colour), this.theme, this.look);
  }

  /** The axes are laid out: field, boundary, points and rings go there. @param {import("./layers.js").Place} place */
  place(place) {
    this.layers.place(place, this.scene.extent, this.theme.ink);
    this.points.show(this, this.drawn ?? this.scene);
  }

  /** Other points of the same plane. @param {Scene} scene @param {Scene} drawn */
  drawPoints(scene, drawn) {
    this.scene = scene;
    this.drawn = drawn;
    this.points.show(this, drawn);
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

  /** Where the axes are: left and top in pixels, the room that they may take, and pixels per unit of both features. */
  area() {
    const { margin } = this;
    const [across, up] = this.scene.extent.map(([low, high]) => high - low);
    const room = [
      this.element.clientWidth - margin.l - margin.r,
      this.element.clientHeight - margin.t - margin.b,
    ];
    let scale = [room[0] / across, room[1] / up];
    if (this.scene.sharedUnit) scale = [Math.min(...scale), Math.min(...scale)];
    return {
      room,
      left: margin.l + (room[0] - across * scale[0]) / 2,
      top: margin.t + (room[1] - up * scale[1]) / 2,
      scale,
    };
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
