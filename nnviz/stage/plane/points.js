/**
 * The points of the data, in a layer of their own between the field and the axes. Each is an element,
 * so that one more costs no more than that one.
 */

import { numbersOf, pointsOfClass } from "./scene.js";
import { lightOf, scaleOf, sizesOf, SYMBOLS } from "./symbols.js";

/** @typedef {import("./plane.js").Plane} Plane */
/** @typedef {import("./scene.js").Scene} Scene */

/**
 * The points of one class in one part.
 * @typedef {object} Kind
 * @property {"train" | "test"} part
 * @property {number} k the class
 * @property {string} symbol Plotly's name of it
 * @property {number} diameter of symbols in pixels, as Plotly has them
 * @property {string} attributes of their SVG
 */

/** @typedef {{path: Element, outline: string}} Drawn a point as it is drawn */

export class Points {
  /** Drawn, by their numbers: one map a kind. @type {Map<number, Drawn>[]} */
  drawn = [];
  /** The kinds shown, as SVG. */
  groups = "";

  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.svg = svg;
  }

  /** @param {Plane} plane @param {Scene} scene whose points are shown */
  show(plane, scene) {
    const kinds = kindsOf(plane);
    this.group(kinds.map(({ attributes }) => `<g ${attributes}></g>`).join(""), kinds.length);
    kinds.forEach((kind, i) => this.renew(this.svg.children[i], this.drawn[i], outlinesOf(kind, plane, scene)));
  }

  /** @param {string} groups @param {number} count */
  group(groups, count) {
    if (groups === this.groups) return;
    this.groups = groups;
    this.svg.innerHTML = groups;
    this.drawn = Array.from({ length: count }, () => new Map());
  }

  /** Draw what is new or changed, and remove what is gone. @param {Element} group @param {Map<number, Drawn>} drawn @param {Map<number, string>} outlines */
  renew(group, drawn, outlines) {
    for (const [number, { path }] of drawn) {
      if (outlines.has(number)) continue;
      path.remove();
      drawn.delete(number);
    }
    for (const [number, outline] of outlines) {
      const before = drawn.get(number);
      if (before?.outline === outline) continue;
      const path = before?.path ?? group.appendChild(document.createElementNS(group.namespaceURI, "path"));
      path.setAttribute("d", outline);
      drawn.set(number, { path, outline });
    }
  }
}

/** First the training part, then the hollow symbols of the test part. @param {Plane} plane @returns {Kind[]} */
function kindsOf(plane) {
  const { styles, theme } = plane;
  const filled = styles.map(({ colour, symbol }, k) => /** @type {const} */ (
    { part: "train", k, symbol, diameter: 9, attributes: `fill="${colour}" stroke="${theme.ink}"` }));
  const hollow = styles.map(({ colour, symbol }, k) => /** @type {const} */ (
    { part: "test", k, symbol, diameter: 8, attributes: `fill="${lightOf(theme)}" stroke="${colour}" stroke-width="2"` }));
  return [...filled, ...hollow].filter(({ part }) => plane.shows(part));
}

/** The outline of each point, by its number. @param {Kind} kind @param {Plane} plane @param {Scene} scene */
function outlinesOf({ part, k, symbol, diameter }, { pixelsPerUnit: [across, up], symbolScale }, scene) {
  const [[left], [, top]] = scene.extent;
  const { labels } = scene[part];
  const numbers = numbersOf(scene, part).filter((_, i) => labels[i] === k);
  const points = pointsOfClass(scene[part], k);
  const sizes = sizesOf(points, diameter * scaleOf(scene) * symbolScale);
  const shapes = new Map([...new Set(sizes)].map((size) => [size, SYMBOLS[symbol](size / 2)]));
  return new Map(points.map(([x, y], i) => [numbers[i], `M${(x - left) * across},${(top - y) * up}${shapes.get(sizes[i])}`]));
}
