/** The warped space: the plane as one layer maps it, with two of its units, or two inputs, as the axes. */

import { unitName } from "../text/names.js";
import { pathOf } from "./painter.js";
import { pointsOfClass } from "./scene.js";
import { lightOf, SYMBOLS } from "./symbols.js";

/**
 * @typedef {import("./plane.js").Floats} Floats
 * @typedef {import("./plane.js").Style} Style
 * @typedef {import("./plane.js").Theme} Theme
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("../look.js").Net} Net
 *
 * @typedef {[low: number, high: number]} AxisRange
 */

const EVERY = 4; // every fourth row and column of the mesh is drawn
const MARGIN = { l: 42, r: 12, t: 8, b: 36 };
const NEAR = 0.12; // to an end of an axis, as a part of it
const PADDING = 0.06; // around what is shown, as a part of its width or height

export class SpaceChart {
  /** Layer, unit across and unit up; null where no layer has two units. @type {number[]?} */
  axes = null;
  /** @type {Scene} */
  scene;
  /** @type {Theme} */
  theme;
  /** The style of each class. @type {Style[]} */
  styles = [];
  /** @type {Net} */
  net;
  /** Layers of two or more units. @type {number[]} */
  layers = [];
  /** The ranges of both axes, kept while they need not change. @type {AxisRange[] | undefined} */
  ranges;
  /** The frame painted last. @type {import("./plane.js").Frame} */
  frame;

  /**
   * @param {HTMLElement} element
   * @param {() => void} changed other units were chosen as axes
   * @param {AbortSignal} signal
   */
  constructor(element, changed, signal) {
    this.element = element;
    this.changed = changed;
    /** @type {HTMLElement} */
    this.plot = element.querySelector(".nnviz-warp");
    this.selects = [...element.querySelectorAll("select")];
    this.selects.forEach((select, i) => select.addEventListener("change", () => this.choose(i), { signal }));
  }

  /**
   * Another network, data set or theme.
   * @param {Scene} scene @param {Net} net @param {Theme} theme @param {Style[]} styles one per class
   */
  prepare(scene, net, theme, styles) {
    this.scene = scene;
    this.theme = theme;
    this.styles = styles;
    if (JSON.stringify(net) !== JSON.stringify(this.net)) {
      this.net = net;
      this.layers = net.sizes.flatMap((size, layer) => (size > 1 ? [layer] : []));
      const below = this.layers.filter((layer) => layer < net.sizes.length - 1); // in the last one, all is decided
      this.axes = this.layers.length ? [below.at(-1) ?? this.layers[0], 0, 1] : null;
      this.fill();
    }
    this.ranges = undefined;
  }

  /** Offer the layers, and the units of the layer chosen. */
  fill() {
    const { axes, net } = this;
    this.element.classList.toggle("nnviz-none", !axes);
    if (!axes) return;
    const [layer, across, up] = axes;
    const last = net.sizes.length - 1;
    const layers = this.layers.map((each) => new Option(each === 0 ? "inputs" : each === last ? "output" : `layer ${each}`, String(each), false, each === layer));
    /** @param {number} chosen */
    const units = (chosen) => Array.from({ length: net.sizes[layer] }, (_, unit) =>
      new Option(unitName([layer, unit], net), String(unit), false, unit === chosen),
    );
    this.selects[0].replaceChildren(...layers);
    this.selects[1].replaceChildren(...units(across));
    this.selects[2].replaceChildren(...units(up));
    this.element.querySelector(".nnviz-explanation").textContent = explanation(layer, net);
  }

  /**
   * A choice in one of the three fields; the unit of the other axis changes places with this one.
   * @param {number} i
   */
  choose(i) {
    const chosen = Number(this.selects[i].value);
    const [layer, across, up] = this.axes;
    if (i === 0) this.axes = [chosen, 0, 1];
    else if (chosen === this.axes[3 - i]) this.axes = [layer, up, across];
    else this.axes = this.axes.map((before, at) => (at === i ? chosen : before));
    this.fill();
    this.ranges = undefined;
    this.changed();
  }

  /** @param {import("./plane.js").Frame} frame */
  paint(frame) {
    if (!frame.spaceMesh || JSON.stringify(frame.space) !== JSON.stringify(this.axes)) return;
    if (frame.spacePoints.shape[0] !== this.scene.train.labels.length + this.scene.test.labels.length) return; // of points drawn before or since
    this.frame = frame;
    const { spaceMesh: mesh, spacePoints: points, spaceLines: lines } = frame;
    const isBent = this.axes[0] > 0; // inputs such as squares grow far beyond the points, where nothing is to be seen
    const known = points.data.length ? [points.data] : [mesh.data];
    this.ranges = rangesOf(isBent ? [mesh.data, points.data] : known, this.ranges);
    const { theme, styles } = this;
    const [width, height] = [this.plot.clientWidth, this.plot.clientHeight];
    const [across, up] = [width - MARGIN.l - MARGIN.r, height - MARGIN.t - MARGIN.b];
    if (across <= 0 || up <= 0) return;
    const [[x0, x1], [y0, y1]] = this.ranges;
    const [sx, sy] = [across / (x1 - x0), up / (y1 - y0)];
    /** @param {number} x @param {number} y */
    const position = (x, y) => `${((x - x0) * sx).toFixed(1)},${((y1 - y) * sy).toFixed(1)}`;
    const trainCount = this.scene.train.labels.length;
    /** @param {import("./scene.js").Part} part @param {number} first @param {number} k @param {number} size */
    const marks = ({ labels }, first, k, size) => {
      const symbol = SYMBOLS[styles[k].symbol](size / 2);
      const mapped = { labels, points: points.data.subarray(2 * first) };
      return pointsOfClass(mapped, k).map(([x, y]) => `M${position(x, y)}${symbol}`).join("");
    };
    const boundary = pathOf(inPixels(lines.data, x0, y1, sx, sy), frame.lineStarts.data);
    const classes = this.scene.classNames.map((_, k) => k);
    const ends = axisMarks(this.ranges, across, up, theme);
    this.plot.innerHTML = `<svg width="${width}" height="${height}" aria-hidden="true" font-size="12" fill="${theme.ink}">
      <g transform="translate(${MARGIN.l} ${MARGIN.t})">
      <rect width="${across}" height="${up}" fill="none" stroke="${theme.grid}"/>
      <svg width="${across}" height="${up}" overflow="hidden">
      <path d="${meshPath(mesh, position)}" fill="none" stroke="${theme.ink}" stroke-opacity="0.35"/>
      <path class="warped" d="${boundary}" fill="none" stroke="${theme.ink}" stroke-width="2.5"/>
      ${classes.map((k) => `<path d="${marks(this.scene.train, 0, k, 8)}" fill="${styles[k].colour}" stroke="${theme.ink}"/>`).join("")}
      ${classes.map((k) => `<path d="${marks(this.scene.test, trainCount, k, 7)}" fill="${lightOf(theme)}" stroke="${styles[k].colour}" stroke-width="1.5"/>`).join("")}
      </svg>${ends}
      <text x="${across / 2}" y="${up + 31}" text-anchor="middle" font-size="14" class="across"></text>
      <text x="-30" y="${up / 2}" text-anchor="middle" font-size="14" class="up"></text>
      </g></svg>`;
    const [layer, ...units] = this.axes;
    [".across", ".up"].forEach((name, i) => {
      this.plot.querySelector(name).textContent = unitName([layer, units[i]], this.net);
    });
  }

  resize() {
    if (this.frame) this.paint(this.frame);
  }
}

/**
 * What the picture shows of a layer, and where its boundary is straight.
 * @param {number} layer @param {Net} net
 */
export function explanation(layer, { sizes, standardise }) {
  const what = layer === 0 ? "two of the network’s inputs" : "the outputs of two units of this layer";
  const scale = layer === 0 && standardise ? " Features are standardised first: x₁ = 1 is one standard deviation above the mean." : "";
  const drawn = `The grid, the points and the boundary, drawn with ${what} as axes.${scale}`;
  const isLast = layer === sizes.length - 2;
  if (isLast && sizes[layer] === 2) return `${drawn} The boundary is straight here: only the output layer follows.`;
  if (layer === 0 && isLast) return `${drawn} With two inputs and no hidden layer, the boundary would be straight here.`;
  return `${drawn} If the last hidden layer has just two units, the boundary is straight in its space.`;
}

/**
 * @param {Floats} mesh @param {(x: number, y: number) => string} position
 * @returns {string} an SVG path
 */
function meshPath({ data, shape: [rows, columns] }, position) {
  /** @param {number} row @param {number} column */
  const at = (row, column) => position(data[2 * (row * columns + column)], data[2 * (row * columns + column) + 1]);
  const parts = [];
  for (let row = 0; row < rows; row += EVERY) {
    for (let column = 0; column < columns; column++) parts.push(column ? "L" : "M", at(row, column));
  }
  for (let column = 0; column < columns; column += EVERY) {
    for (let row = 0; row < rows; row++) parts.push(row ? "L" : "M", at(row, column));
  }
  return parts.join("");
}

/**
 * Points in pixels, from the left and the top.
 * @param {Float32Array} points x and y in turn @param {number} x0 at the left @param {number} y1 at the top
 * @param {number} sx pixels per unit @param {number} sy pixels per unit, the other way
 */
function inPixels(points, x0, y1, sx, sy) {
  return points.map((value, i) => (i % 2 ? (y1 - value) * sy : (value - x0) * sx));
}

/**
 * Both axes' ends around all of some places; the ones before while they still fit well.
 * @param {Float32Array[]} places x and y in turn @param {AxisRange[] | undefined} last
 * @returns {AxisRange[]}
 */
function rangesOf(places, last) {
  return [0, 1].map((i) => {
    let [low, high] = [Infinity, -Infinity];
    for (const numbers of places) {
      for (let at = i; at < numbers.length; at += 2) {
        if (numbers[at] < low) low = numbers[at];
        if (numbers[at] > high) high = numbers[at];
      }
    }
    if (!(high - low > 1e-6)) [low, high] = [low - 0.5, low + 0.5];
    const padding = PADDING * (high - low);
    if (last) {
      const [a, b] = last[i];
      if (low >= a && high <= b && high - low > 0.7 * (b - a)) return last[i];
    }
    return [low - padding, high + padding];
  });
}

/**
 * The numbers at the axes' ends and at 0, and lines through 0.
 * @param {AxisRange[]} ranges @param {number} across @param {number} up @param {Theme} theme
 */
function axisMarks([[x0, x1], [y0, y1]], across, up, theme) {
  /** @param {number} value */
  const text = (value) => (Math.abs(value) < 1e-9 ? "0" : value.toPrecision(2).replace("-", "−"));
  /** The ends, and 0 where it is not so near to one that their numbers would meet. @param {number} low @param {number} high */
  const within = (low, high) => {
    if (low >= 0 || high <= 0) return [low, high];
    const ends = [low, high].filter((end) => Math.abs(end) > NEAR * (high - low));
    return [...ends, 0].sort((a, b) => a - b);
  };
  const xs = within(x0, x1).map((x) => ({ x: ((x - x0) / (x1 - x0)) * across, number: text(x) }));
  const ys = within(y0, y1).map((y) => ({ y: ((y1 - y) / (y1 - y0)) * up, number: text(y) }));
  const zero = [
    x0 < 0 && x1 > 0 ? `<path d="M${(-x0 / (x1 - x0)) * across},0v${up}" stroke="${theme.grid}"/>` : "",
    y0 < 0 && y1 > 0 ? `<path d="M0,${(y1 / (y1 - y0)) * up}h${across}" stroke="${theme.grid}"/>` : "",
  ];
  return [
    ...zero,
    ...xs.map(({ x, number }, i) => `<text x="${x}" y="${up + 15}" text-anchor="${anchor(i, xs.length)}">${number}</text>`),
    ...ys.map(({ y, number }, i) => `<text x="-5" y="${y + (i === ys.length - 1 ? 10 : i ? 4 : 0)}" text-anchor="end">${number}</text>`),
  ].join("");
}

/** Of a number on the axis across: both ends stay within it. @param {number} i @param {number} n */
const anchor = (i, n) => (i === 0 ? "start" : i === n - 1 ? "end" : "middle");
