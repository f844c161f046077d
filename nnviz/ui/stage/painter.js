/** From class probabilities to a small picture, and from boundary lines to an SVG path. */

const STRENGTH = 0.62; // opacity of the field where the network is certain

/** @param {string} hex as #rrggbb @returns {number[]} */
const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

export class Painter {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
  }

  /** @param {string[]} colours one a class, as #rrggbb */
  setColours(colours) {
    this.colours = colours.map(channels);
    // two classes are a line between two colours: every shade there is, made once
    this.shades = new Uint32Array(256);
    for (let p = 0; p < 256; p++) {
      this.shades[p] = this.blend([255 - p, p], 2);
    }
  }

  /**
   * The blend of the class colours by probability, as transparent as the network is unsure.
   * @param {number[]} bytes probabilities of one point, 0…255
   * @returns {number} one pixel, as a little-endian 0xAABBGGRR
   */
  blend(bytes, k) {
    let [red, green, blue, sum, top] = [0, 0, 0, 0, 0];
    for (let c = 0; c < k; c++) {
      const p = bytes[c];
      const [r, g, b] = this.colours[c];
      red += p * r;
      green += p * g;
      blue += p * b;
      sum += p;
      if (p > top) top = p;
    }
    const certainty = Math.max(0, (top / sum - 1 / k) / (1 - 1 / k));
    const alpha = Math.round(255 * STRENGTH * certainty);
    return (
      ((alpha << 24) | (Math.round(blue / sum) << 16) | (Math.round(green / sum) << 8) | Math.round(red / sum)) >>> 0
    );
  }

  /**
   * @param {{data: Uint8Array, shape: number[]}} planes (k, n, n), or (1, n, n) for two classes
   * @returns {string} the picture as a data URL, first row at the bottom
   */
  picture({ data, shape: [k, rows, columns] }) {
    if (this.image?.width !== columns || this.image.height !== rows) {
      this.canvas.width = columns;
      this.canvas.height = rows;
      this.image = this.context.createImageData(columns, rows);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    const point = new Array(k);
    for (let row = 0; row < rows; row++) {
      let from = row * columns;
      let to = (rows - 1 - row) * columns;
      for (let column = 0; column < columns; column++, from++, to++) {
        if (k === 1) {
          this.pixels[to] = this.shades[data[from]];
          continue;
        }
        for (let c = 0; c < k; c++) point[c] = data[c * rows * columns + from];
        this.pixels[to] = this.blend(point, k);
      }
    }
    this.context.putImageData(this.image, 0, 0);
    return this.canvas.toDataURL();
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
