/** The small maps of all units as one picture, tile below tile, from which the diagram is drawn. */

import { channels } from "../plane/views.js";

/** @typedef {import("./names.js").UnitWindow} UnitWindow */

const STRENGTH = 0.9; // of the colour where a value is as large as its scale
const ZERO = 128; // the byte of 0
const HATCH = 6; // every sixth diagonal of points is dark

/**
 * @param {number[]} paper @param {number[]} colour @param {number} share of the colour
 * @returns {number} one pixel, as a little-endian 0xAABBGGRR
 */
function mixed(paper, colour, share) {
  const [r, g, b] = paper.map((from, i) => Math.round(from + share * STRENGTH * (colour[i] - from)));
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** The colour of every byte. @param {(value: number) => number} pixel of a value in −1…1 */
const shades = (pixel) => Uint32Array.from({ length: 256 }, (_, byte) => pixel((byte - ZERO) / 127));

export class Atlas {
  canvas = document.createElement("canvas");
  context = this.canvas.getContext("2d", { willReadFrequently: true });
  /** @type {ImageData} */
  image;
  /** The pixels of the image. @type {Uint32Array} */
  pixels;
  side = 0; // the width of a tile, in pixels
  /** Colours of hidden units, by byte. @type {Uint32Array} */
  signed;
  /** Colours of each output, by byte. @type {Uint32Array[]} */
  classes = [];

  /**
   * @param {import("../plane/plane.js").Theme} theme
   * @param {string[]} colours one per class; a single output is between the first two
   * @param {number} outputs
   */
  setColours({ paper, signs }, colours, outputs) {
    const [ground, negative, positive] = [paper, signs.negative, signs.positive].map(channels);
    /** @param {number[]} low @param {number[]} high */
    const between = (low, high) => shades((t) => mixed(ground, t < 0 ? low : high, Math.min(1, Math.abs(t))));
    const classes = colours.map(channels);
    this.signed = between(negative, positive);
    this.classes = outputs === 1
      ? [shades((p) => mixed(ground, classes[p < 0.5 ? 0 : 1], Math.min(1, Math.abs(2 * p - 1))))]
      : classes.map((colour) => shades((p) => mixed(ground, colour, Math.max(0, p))));
  }

  /**
   * @param {import("../plane/plane.js").Bytes} maps (units, n, n), each from the bottom up
   * @param {UnitWindow[]} windows
   */
  update({ data, shape: [units, n] }, windows) {
    if (this.image?.width !== n || this.image.height !== n * units) {
      this.canvas.width = n;
      this.canvas.height = n * units;
      this.image = this.context.createImageData(n, n * units);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    this.side = n;
    const [first, outputs] = windows.at(-1);
    for (let unit = 0; unit < units; unit++) {
      const output = unit - (units - outputs);
      this.colour(data, unit * n * n, n, output < 0 ? this.signed : this.classes[first + output]);
    }
    this.context.putImageData(this.image, 0, 0);
  }

  /**
   * Colour one tile, its rows from the top down; negative values are hatched as well.
   * @param {Uint8Array} data @param {number} start of its map @param {number} n @param {Uint32Array} colours by byte
   */
  colour(data, start, n, colours) {
    const { pixels } = this;
    for (let row = 0; row < n; row++) {
      let [from, to] = [start + row * n, start + (n - 1 - row) * n];
      for (let column = 0; column < n; column++, from++, to++) {
        const value = data[from];
        pixels[to] = colours[value < ZERO && (row + column) % HATCH === 0 ? (value + ZERO) >> 1 : value];
      }
    }
  }

  /**
   * Draw the tile of a unit onto a square.
   * @param {CanvasRenderingContext2D} context @param {number} unit its number among those shown
   * @param {number} left @param {number} top @param {number} size
   */
  draw(context, unit, left, top, size) {
    context.drawImage(this.canvas, 0, unit * this.side, this.side, this.side, left, top, size, size);
  }
}
