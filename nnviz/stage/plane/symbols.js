/** The symbols of points: their outlines, sizes and colours. Pure. */

import { channels } from "./views.js";

/**
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

/** @param {number[][]} corners */
function outline(corners) {
  const steps = corners.map(([x, y], i) => (i ? [x - corners[i - 1][0], y - corners[i - 1][1]] : [x, y]));
  return `m${steps.map((step) => step.map((n) => n.toFixed(2)).join()).join("l")}z`;
}

/** @param {Style} style @returns {string} an SVG image of a line with its symbol, for a legend */
export const symbolMark = ({ colour, symbol }) => `<svg width="26" height="12" aria-hidden="true">
  <path d="M0,6h22" stroke="${colour}" stroke-width="2"/><path d="M20,6${SYMBOLS[symbol](4)}" fill="${colour}"/></svg>`;

/** @param {Style} style @param {string} [light] inside the symbol, where it is hollow @returns {string} an SVG image of its symbol */
export const classMark = ({ colour, symbol }, light) => `<svg width="14" height="12" aria-hidden="true">
  <path d="M6,6${SYMBOLS[symbol](light ? 4 : 4.5)}" ${light ? `fill="${light}" stroke="${colour}" stroke-width="2"` : `fill="${colour}"`}/></svg>`;

const CROWD = 500; // points whose symbols have their full size; those of more are smaller
const MOST_COUNTED = 4; // points at one place that a symbol can tell apart

/**
 * The scale of symbols: 5,000 are half as large as 500, so that more of the plane is seen. In steps of
 * 2 %, so that a point more seldom changes all the others.
 * @param {Pick<Scene, "train" | "test">} scene
 */
export const scaleOf = ({ train, test }) => Math.min(1, Math.round(50 * (CROWD / (train.labels.length + test.labels.length)) ** 0.3) / 50);

/**
 * Sizes of symbols: the area grows with the number of points at one place.
 * @param {number[][]} points @param {number} size of one point alone, in pixels
 */
export function sizesOf(points, size) {
  const places = points.map(([x, y]) => `${x} ${y}`);
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1);
  return places.map((place) => size * Math.sqrt(Math.min(counts.get(place) ?? 1, MOST_COUNTED)));
}

/** The lighter of ink and paper: inside hollow symbols, to be seen on any field. @param {Pick<Theme, "ink" | "paper">} theme */
export function lightOf({ ink, paper }) {
  /** @param {string} colour */
  const light = (colour) => channels(colour).reduce((sum, channel) => sum + channel, 0);
  return light(ink) > light(paper) ? ink : paper;
}
