/** From class probabilities to a small picture on a canvas, and from boundary lines to an SVG path. */

import { channels, SHADES, signedShades } from "./views.js";

export class Painter {
  canvas = document.createElement("canvas");
  context = this.canvas.getContext("2d", { willReadFrequently: true });
  /** The picture made last. @type {ImageData} */
  image;
  /** The pixels of that picture. @type {Uint32Array} */
  pixels;
  /**
   * The colour of a point from its k probabilities, 0…255.
   * @type {(p: number[], k: number) => number}
   */
  shade;
  /** The colour by the probability of the second of two classes. @type {Uint32Array} */
  shades;
  /** The colour by the byte of a unit's map. @type {Uint32Array} */
  signed;

  /**
   * @param {string[]} colours one per class, as #rrggbb
   * @param {import("./plane.js").Theme} theme
   * @param {{view: string, class: number, threshold: number}} look
   */
  set(colours, theme, look) {
    const shading = { ...look, colours: colours.map(channels), ink: channels(theme.ink) };
    const shade = SHADES[look.view];
    this.shade = (p, k) => shade(p, k, shading);
    // two classes are a line between two colours: every shade there is, made once
    this.shades = Uint32Array.from({ length: 256 }, (_, p) => this.shade([255 - p, p], 2));
    this.signed = signedShades(theme.signs);
  }

  /**
   * Paint the picture of the field, first row at the bottom.
   * @param {import("./plane.js").Bytes} planes (k, n, n), or (1, n, n) for two classes
   */
  picture({ data, shape: [k, rows, columns] }) {
    if (k === 1) {
      this.paint(data, rows, columns, this.shades);
      return;
    }
    /** @type {number[]} */
    const p = new Array(k);
    const size = rows * columns;
    this.paint(data, rows, columns, null, (from) => {
      for (let c = 0; c < k; c++) p[c] = data[c * size + from];
      return this.shade(p, k);
    });
  }

  /** Paint a unit's map, (n, n). @param {import("./plane.js").Bytes} map */
  unitPicture({ data, shape: [rows, columns] }) {
    this.paint(data, rows, columns, this.signed);
  }

  /**
   * @param {Uint8Array} data @param {number} rows @param {number} columns
   * @param {Uint32Array?} shades the colour of each byte, where one byte is enough
   * @param {(from: number) => number} [shadeAt] else the colour of a point by its place in the data
   */
  paint(data, rows, columns, shades, shadeAt) {
    if (this.image?.width !== columns || this.image.height !== rows) {
      this.canvas.width = columns;
      this.canvas.height = rows;
      this.image = this.context.createImageData(columns, rows);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    const { pixels } = this;
    for (let row = 0; row < rows; row++) {
      let from = row * columns;
      let to = (rows - 1 - row) * columns;
      for (let column = 0; column < columns; column++, from++, to++) {
        pixels[to] = shades ? shades[data[from]] : shadeAt(from);
      }
    }
    this.context.putImageData(this.image, 0, 0);
  }
}

/**
 * @param {Float32Array} points x and y in turn, all lines end to end
 * @param {Uint32Array} starts the point each line starts at
 * @returns {string} an SVG path in data coordinates
 */
export function pathOf(points, starts) {
  const parts = [];
  for (let line = 0; line < starts.length; line++) {
    const stop = line + 1 < starts.length ? starts[line + 1] : points.length / 2;
    for (let at = starts[line]; at < stop; at++) {
      const [x, y] = [points[2 * at], points[2 * at + 1]];
      parts.push(at === starts[line] ? "M" : "L", x.toPrecision(5), ",", y.toPrecision(5));
    }
  }
  return parts.join("");
}

const BEND = 0.5523; // of a quarter circle drawn as a cubic curve

/**
 * @param {number[][]} points
 * @param {number[]} radii across and up, in data units
 * @returns {string} an SVG path of a ring around each point
 */
export function ringsOf(points, [across, up]) {
  const [a, b] = [BEND * across, BEND * up];
  /** @param {number} x @param {number} y */
  const at = (x, y) => `${x.toPrecision(5)},${y.toPrecision(5)}`;
  return points
    .map(([x, y]) => {
      const [left, right, low, high] = [x - across, x + across, y - up, y + up];
      return (
        `M${at(right, y)}C${at(right, y + b)} ${at(x + a, high)} ${at(x, high)}` +
        `C${at(x - a, high)} ${at(left, y + b)} ${at(left, y)}` +
        `C${at(left, y - b)} ${at(x - a, low)} ${at(x, low)}` +
        `C${at(x + a, low)} ${at(right, y - b)} ${at(right, y)}Z`
      );
    })
    .join("");
}
