/** Points in a layer of their own, between the boundary and the axes: once points are drawn, all of them are here. */

import { lightOf, pointsOfClass, scaleOf, sizesOf } from "./plane.js";
import { SYMBOLS } from "./sketch.js";

/** @typedef {import("./plane.js").Plane} Plane */
/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./scene.js").Part} Part */

/** Diameters of symbols in pixels, as Plotly has them. */
const [FILLED, HOLLOW] = [9, 8];

export class DrawnPoints {
  /** @type {SVGSVGElement} */
  svg;

  /** @param {HTMLElement} element that has the size and place of the axes */
  constructor(element) {
    element.insertAdjacentHTML("beforeend", `<svg class="nnviz-points" aria-hidden="true"></svg>`);
    this.svg = /** @type {SVGSVGElement} */ (element.lastElementChild);
  }

  /** @param {Plane} plane @param {Scene | null} scene null where Plotly shows the points */
  show(plane, scene) {
    this.svg.innerHTML = scene ? pathsOf(plane, scene).join("") : "";
  }
}

/**
 * One path a class, first the training part, then the hollow symbols of the test part.
 * @param {Plane} plane @param {Scene} scene
 */
function pathsOf(plane, scene) {
  const { styles, theme, pixelsPerUnit: [across, up] } = plane;
  const [[left], [, top]] = scene.extent;
  /** @param {Part} part @param {number} k @param {number} size */
  const outlines = (part, k, size) => {
    const points = pointsOfClass(part, k);
    const sizes = sizesOf(points, size * scaleOf(scene));
    return points.map(([x, y], i) => `M${(x - left) * across},${(top - y) * up}${SYMBOLS[styles[k].symbol](sizes[i] / 2)}`).join("");
  };
  return [
    ...(plane.shows("train") ? styles : []).map(({ colour }, k) => `<path d="${outlines(scene.train, k, FILLED)}" fill="${colour}" stroke="${theme.ink}"/>`),
    ...(plane.shows("test") ? styles : []).map(({ colour }, k) => `<path d="${outlines(scene.test, k, HOLLOW)}" fill="${lightOf(theme)}" stroke="${colour}" stroke-width="2"/>`),
  ];
}
