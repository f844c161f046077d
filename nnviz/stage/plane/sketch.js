/** The plane in plain SVG: shown, and ready to be used, while Plotly loads. */

import { placeIn } from "../controls/elements.js";
import { lightOf, MARGIN, Plane, pointsOfClass, scaleOf, sizesOf } from "./plane.js";

/**
 * @typedef {import("./plane.js").Frame} Frame
 * @typedef {import("./plane.js").Style} Style
 * @typedef {import("./plane.js").Theme} Theme
 * @typedef {import("./scene.js").Scene} Scene
 */

/**
 * Outlines of Plotly's marker symbols of radius r, as SVG paths relative to the point.
 * @type {Object<string, (r: number) => string>}
 */
export const SYMBOLS = {
  circle: (r) => `m${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0z`,
  square: (r) => outline([[-r, -r], [r, -r], [r, r], [-r, r]]),
  diamond: (r) => outline([[0, -1.3 * r], [1.3 * r, 0], [0, 1.3 * r], [-1.3 * r, 0]]),
  "triangle-up": (r) => outline([[-1.155 * r, r / 2], [1.155 * r, r / 2], [0, -r]]),
  "triangle-down": (r) => outline([[-1.155 * r, -r / 2], [1.155 * r, -r / 2], [0, r]]),
  cross: (r) => {
    const [a, b] = [1.2 * r, 0.4 * r];
    return outline([
      [a, b], [b, b], [b, a], [-b, a], [-b, b], [-a, b], [-a, -b], [-b, -b], [-b, -a], [b, -a], [b, -b], [a, -b],
    ]);
  },
  pentagon: (r) => outline([0, 1, 2, 3, 4].map((i) => {
    const turn = (2 * Math.PI * i) / 5;
    return [r * Math.sin(turn), -r * Math.cos(turn)];
  })),
  star: (r) => outline([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => {
    const [turn, reach] = [(Math.PI * i) / 5, 1.4 * r * (i % 2 ? 0.382 : 1)];
    return [reach * Math.sin(turn), -reach * Math.cos(turn)];
  })),
};
const PIN = "m-10,0h20m-10,-10v20m-10,-10a10,10 0 1,0 20,0a10,10 0 1,0 -20,0";

/** @param {number[][]} corners */
function outline(corners) {
  const steps = corners.map(([x, y], i) => (i ? [x - corners[i - 1][0], y - corners[i - 1][1]] : [x, y]));
  return `m${steps.map((step) => step.map((n) => n.toFixed(2)).join()).join("l")}z`;
}

/** @param {Style} style @returns {string} an SVG image of a line with its symbol, for a legend */
export const symbolMark = ({ colour, symbol }) => `<svg width="26" height="12" aria-hidden="true">
  <path d="M0,6h22" stroke="${colour}" stroke-width="2"/><path d="M20,6${SYMBOLS[symbol](4)}" fill="${colour}"/></svg>`;

/** @param {Style} style @returns {string} an SVG image of its symbol */
export const classMark = ({ colour, symbol }) =>
  `<svg width="14" height="12" aria-hidden="true"><path d="M6,6${SYMBOLS[symbol](4.5)}" fill="${colour}"/></svg>`;

export class Sketch extends Plane {
  /** The drawing, once there is one. @type {SVGSVGElement | undefined} */
  svg;
  /** Converts a point of the plane to pixels of the SVG. @type {(point: number[]) => number[]} */
  position;

  /** @param {Scene} scene @param {Theme} theme @param {Style[]} styles @param {Frame} frame */
  draw(scene, theme, styles, frame) {
    this.set(scene, theme, styles);
    this.render();
    this.paint(frame);
  }

  /** Other points of the same plane. @param {Scene} scene @param {Scene} drawn */
  drawPoints(scene, drawn) {
    Object.assign(this, { scene, drawn });
    this.render();
  }

  /** @param {number[] | undefined} at undefined where no point is pinned any more */
  setPin(at) {
    this.pinned = at;
    this.svg.querySelector(".pin").setAttribute("d", this.pin());
  }

  resize() {
    if (this.svg) this.render();
  }

  remove() {
    this.svg?.remove();
    this.layers.remove();
  }

  /** @override @param {{clientX: number, clientY: number}} event */
  pointAt(event) {
    if (!this.svg) return null;
    const [across, down] = placeIn(this.element, event);
    const { left, top, scale } = this.area();
    const [[x0, x1], [y0, y1]] = this.scene.extent;
    const [x, y] = [x0 + (across - left) / scale[0], y1 - (down - top) / scale[1]];
    return x < x0 || x > x1 || y < y0 || y > y1 ? null : [x, y];
  }

  /** Where Plotly will put the axes: left and top in pixels, and pixels per unit of both features. */
  area() {
    const [across, up] = this.scene.extent.map(([low, high]) => high - low);
    const room = [
      this.element.clientWidth - MARGIN.l - MARGIN.r,
      this.element.clientHeight - MARGIN.t - MARGIN.b,
    ];
    let scale = [room[0] / across, room[1] / up];
    if (this.scene.sharedUnit) scale = [Math.min(...scale), Math.min(...scale)];
    return {
      left: MARGIN.l + (room[0] - across * scale[0]) / 2,
      top: MARGIN.t + (room[1] - up * scale[1]) / 2,
      scale,
    };
  }

  /** @override */
  get pixelsPerUnit() {
    return this.area().scale;
  }

  render() {
    this.svg?.remove();
    const { left, top, scale: [sx, sy] } = this.area();
    const [[x0, x1], [y0, y1]] = this.scene.extent;
    this.position = ([x, y]) => [(x - x0) * sx, (y1 - y) * sy];
    const { ink } = this.theme;
    const [width, height] = [(x1 - x0) * sx, (y1 - y0) * sy];
    const parts = [
      ...this.points(),
      `<rect width="${width}" height="${height}" fill="none" stroke="${this.theme.grid}"/>`,
      `<path class="pin" d="${this.pin()}" fill="none" stroke="${ink}" stroke-width="2.5"/>`,
    ];
    this.element.insertAdjacentHTML("beforeend", `<svg class="nnviz-sketch" aria-hidden="true"
      style="left: ${left}px; top: ${top}px" width="${width}" height="${height}">${parts.join("")}</svg>`);
    this.svg = /** @type {SVGSVGElement} */ (this.element.lastElementChild);
    this.place({ left, top, width, height });
  }

  points() {
    const { train, test } = this.drawn ?? this.scene;
    /** @param {import("./scene.js").Part} part @param {number} k @param {number} size @param {string} attributes */
    const marks = (part, k, size, attributes) => {
      const points = pointsOfClass(part, k);
      const sizes = sizesOf(points, size * scaleOf(this.scene));
      const symbol = SYMBOLS[this.styles[k].symbol];
      const d = points.map((point, i) => `M${this.position(point)}${symbol(sizes[i] / 2)}`).join("");
      return `<path d="${d}" ${attributes}/>`;
    };
    return [
      ...(this.shows("train") ? this.styles : []).map(({ colour }, k) => marks(train, k, 9, `fill="${colour}" stroke="${this.theme.ink}"`)),
      ...(this.shows("test") ? this.styles : []).map(({ colour }, k) => marks(test, k, 8, `fill="${lightOf(this.theme)}" stroke="${colour}" stroke-width="2"`)),
    ];
  }

  pin() {
    return this.pinned ? `M${this.position(this.pinned)}${PIN}` : "";
  }
}
