/** The warped space: the plane as two units of a layer see it, they being the axes. */

import { unitName } from "../text/names.js";
import { Plane } from "./plane.js";
import { SYMBOLS } from "./sketch.js";
import { pathOf } from "./painter.js";

const EVERY = 4; // of the mesh's rows and columns is drawn
const MARGIN = { l: 42, r: 12, t: 8, b: 36 };
const AIR = 0.06; // around what is shown, as a part of it

export class SpaceChart {
  /** Layer, unit across and unit up; null where no layer has two. @type {number[]?} */
  place = null;

  /**
   * @param {Element} element
   * @param {() => void} changed other units are to be seen
   * @param {AbortSignal} signal
   */
  constructor(element, changed, signal) {
    this.element = element;
    this.changed = changed;
    this.canvas = element.querySelector(".nnviz-warp");
    this.selects = [...element.querySelectorAll("select")];
    this.selects.forEach((select, i) => select.addEventListener("change", () => this.choose(i), { signal }));
  }

  /** Another network, data set or theme. */
  prepare(scene, net, theme, styles) {
    Object.assign(this, { scene, theme, styles });
    if (JSON.stringify(net) !== JSON.stringify(this.net)) {
      this.net = net;
      const last = net.sizes.length - 1;
      const wide = net.sizes.map((size, layer) => (layer && size > 1 ? layer : 0)).filter(Boolean);
      this.layers = wide;
      this.place = wide.length ? [wide.filter((layer) => layer < last).at(-1) ?? last, 0, 1] : null;
      this.fill();
    }
    this.range = undefined;
  }

  fill() {
    const { place, net } = this;
    this.element.classList.toggle("nnviz-none", !place);
    if (!place) return;
    const last = net.sizes.length - 1;
    const names = [...Array(net.sizes[place[0]]).keys()].map((unit) => unitName([place[0], unit], net));
    const layers = this.layers.map((layer) => [layer, layer === last ? "output" : `layer ${layer}`]);
    const options = (pairs, chosen) =>
      pairs.map(([value, text]) => new Option(text, value, false, value === chosen));
    this.selects[0].replaceChildren(...options(layers, place[0]));
    this.selects[1].replaceChildren(...options([...names.entries()], place[1]));
    this.selects[2].replaceChildren(...options([...names.entries()], place[2]));
  }

  choose(i) {
    const chosen = Number(this.selects[i].value);
    if (i === 0) this.place = [chosen, 0, 1];
    else if (chosen === this.place[3 - i]) this.place = [this.place[0], this.place[2], this.place[1]];
    else this.place = this.place.map((before, at) => (at === i ? chosen : before));
    this.fill();
    this.range = undefined;
    this.changed();
  }

  /** @param {object} frame with `spaceMesh`, `spacePoints` and `spaceLines` */
  paint(frame) {
    if (!frame.spaceMesh || JSON.stringify(frame.space) !== JSON.stringify(this.place)) return;
    this.frame = frame;
    const { spaceMesh: mesh, spacePoints: points, spaceLines: lines } = frame;
    this.range = ranges(mesh.data, points.data, this.range);
    const { theme, styles } = this;
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    const [across, up] = [width - MARGIN.l - MARGIN.r, height - MARGIN.t - MARGIN.b];
    if (across <= 0 || up <= 0) return;
    const [[x0, x1], [y0, y1]] = this.range;
    const [sx, sy] = [across / (x1 - x0), up / (y1 - y0)];
    const place = (x, y) => `${((x - x0) * sx).toFixed(1)},${((y1 - y) * sy).toFixed(1)}`;
    const trainCount = this.scene.train.labels.length;
    const marks = (part, first, k, size) => {
      const symbol = SYMBOLS[styles[k].symbol](size / 2);
      let d = "";
      part.labels.forEach((label, i) => {
        if (label === k) d += `M${place(points.data[2 * (first + i)], points.data[2 * (first + i) + 1])}${symbol}`;
      });
      return d;
    };
    const boundary = pathOf(moved(lines.data, x0, y1, sx, sy), frame.lineStarts.data);
    const classes = this.scene.classNames.map((_, k) => k);
    const axes = axisMarks(this.range, across, up, theme);
    this.canvas.innerHTML = `<svg width="${width}" height="${height}" aria-hidden="true" font-size="12" fill="${theme.ink}">
      <g transform="translate(${MARGIN.l} ${MARGIN.t})">
      <rect width="${across}" height="${up}" fill="none" stroke="${theme.grid}"/>
      <svg width="${across}" height="${up}" overflow="hidden">
      <path d="${meshPath(mesh, place)}" fill="none" stroke="${theme.ink}" stroke-opacity="0.35"/>
      <path class="warped" d="${boundary}" fill="none" stroke="${theme.ink}" stroke-width="2.5"/>
      ${classes.map((k) => `<path d="${marks(this.scene.train, 0, k, 8)}" fill="${styles[k].colour}" stroke="${theme.ink}"/>`).join("")}
      ${classes.map((k) => `<path d="${marks(this.scene.test, trainCount, k, 7)}" fill="${this.theme.paper}" stroke="${styles[k].colour}" stroke-width="1.5"/>`).join("")}
      </svg>${axes}
      <text x="${across / 2}" y="${up + 31}" text-anchor="middle" font-size="14" class="across"></text>
      <text x="-30" y="${up / 2}" text-anchor="middle" font-size="14" class="up"></text>
      </g></svg>`;
    const [layer, ...units] = this.place;
    [".across", ".up"].forEach((name, i) => {
      this.canvas.querySelector(name).textContent = unitName([layer, units[i]], this.net);
    });
  }

  resize() {
    if (this.frame) this.paint(this.frame);
  }
}

function meshPath({ data, shape: [rows, columns] }, place) {
  const at = (row, column) => place(data[2 * (row * columns + column)], data[2 * (row * columns + column) + 1]);
  const parts = [];
  for (let row = 0; row < rows; row += EVERY) {
    for (let column = 0; column < columns; column++) parts.push(column ? "L" : "M", at(row, column));
  }
  for (let column = 0; column < columns; column += EVERY) {
    for (let row = 0; row < rows; row++) parts.push(row ? "L" : "M", at(row, column));
  }
  return parts.join("");
}

function moved(points, x0, y1, sx, sy) {
  return points.map((value, i) => (i % 2 ? (y1 - value) * sy : (value - x0) * sx));
}

/** Both axes' ends around all that is shown; the last ones while they still fit well. */
function ranges(mesh, points, last) {
  return [0, 1].map((i) => {
    let [low, high] = [Infinity, -Infinity];
    for (const numbers of [mesh, points]) {
      for (let at = i; at < numbers.length; at += 2) {
        if (numbers[at] < low) low = numbers[at];
        if (numbers[at] > high) high = numbers[at];
      }
    }
    if (!(high - low > 1e-6)) [low, high] = [low - 0.5, low + 0.5];
    const air = AIR * (high - low);
    if (last) {
      const [a, b] = last[i];
      if (low >= a && high <= b && high - low > 0.7 * (b - a)) return last[i];
    }
    return [low - air, high + air];
  });
}

function axisMarks([[x0, x1], [y0, y1]], across, up, theme) {
  const text = (value) => (Math.abs(value) < 1e-9 ? "0" : value.toPrecision(2).replace("-", "−"));
  const within = (low, high) => (low < 0 && high > 0 ? [low, 0, high] : [low, high]);
  const xs = within(x0, x1).map((x) => [((x - x0) / (x1 - x0)) * across, text(x)]);
  const ys = within(y0, y1).map((y) => [((y1 - y) / (y1 - y0)) * up, text(y)]);
  const zero = [
    x0 < 0 && x1 > 0 ? `<path d="M${xs[1][0]},0v${up}" stroke="${theme.grid}"/>` : "",
    y0 < 0 && y1 > 0 ? `<path d="M0,${ys[1][0]}h${across}" stroke="${theme.grid}"/>` : "",
  ];
  return [
    ...zero,
    ...xs.map(([x, words], i) => `<text x="${x}" y="${up + 15}" text-anchor="${anchor(i, xs.length)}">${words}</text>`),
    ...ys.map(([y, words], i) => `<text x="-5" y="${y + (i === ys.length - 1 ? 10 : i ? 4 : 0)}" text-anchor="end">${words}</text>`),
  ].join("");
}

const anchor = (i, n) => (i === 0 ? "start" : i === n - 1 ? "end" : "middle");
