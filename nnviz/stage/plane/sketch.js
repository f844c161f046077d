/** The plane in plain SVG: shown, and ready to be used, while Plotly loads. */

import { placeIn } from "../controls/elements.js";
import { Plane } from "./plane.js";

/**
 * @typedef {import("./plane.js").Frame} Frame
 * @typedef {import("./plane.js").Style} Style
 * @typedef {import("./plane.js").Theme} Theme
 * @typedef {import("./scene.js").Scene} Scene
 */

const PIN = "m-10,0h20m-10,-10v20m-10,-10a10,10 0 1,0 20,0a10,10 0 1,0 -20,0";

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
      `<rect width="${width}" height="${height}" fill="none" stroke="${this.theme.grid}"/>`,
      `<path class="pin" d="${this.pin()}" fill="none" stroke="${ink}" stroke-width="2.5"/>`,
    ];
    this.element.insertAdjacentHTML("beforeend", `<svg class="nnviz-sketch" aria-hidden="true"
      style="left: ${left}px; top: ${top}px" width="${width}" height="${height}">${parts.join("")}</svg>`);
    this.svg = /** @type {SVGSVGElement} */ (this.element.lastElementChild);
    this.place({ left, top, width, height });
  }

  pin() {
    return this.pinned ? `M${this.position(this.pinned)}${PIN}` : "";
  }
}
