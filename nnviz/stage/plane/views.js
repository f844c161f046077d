/** Ways to colour the field. Each gives the colour of one point from its class probabilities. */

/**
 * @typedef {ArrayLike<number>} Probabilities 0…255, one per class
 * @typedef {object} Shading what a colour may depend on besides them; see `nnviz/stage/look.js`
 * @property {number[][]} colours channels, one per class
 * @property {number[]} ink
 * @property {number} class
 * @property {number} threshold
 */

const STRENGTH = 0.62; // opacity of the field where it is strongest

/** @param {string} colour as #rrggbb or rgb(r, g, b) @returns {number[]} */
export const channels = (colour) =>
  colour[0] === "#"
    ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
    : colour.match(/\d+(\.\d+)?/g).slice(0, 3).map(Number);

/**
 * One pixel, as a little-endian 0xAABBGGRR.
 * @param {number[]} channels @param {number} share of the full opacity
 */
function pixel([red, green, blue], share) {
  const alpha = Math.round(255 * STRENGTH * Math.min(1, Math.max(0, share)));
  return ((alpha << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}

const LOGS = Float64Array.from({ length: 256 }, (_, p) => (p ? (p / 255) * Math.log(p / 255) : 0));

/** @param {Probabilities} p @param {number} k */
const largest = (p, k) => {
  let top = 0;
  for (let c = 1; c < k; c++) if (p[c] > p[top]) top = c;
  return top;
};

/**
 * How sure the network is: 0 where all classes are equally likely, 1 where one is certain.
 * @param {Probabilities} p @param {number} k
 */
function certainty(p, k) {
  let [sum, top] = [0, 0];
  for (let c = 0; c < k; c++) {
    sum += p[c];
    if (p[c] > top) top = p[c];
  }
  return (top / sum - 1 / k) / (1 - 1 / k);
}

/**
 * The colour of one point in every view, by the view's name. `choices/views.py` has their labels
 * and descriptions, and shades exported pictures in the same way.
 * @type {Object<string, (p: Probabilities, k: number, shading: Shading) => number>}
 */
export const SHADES = {
  blend(p, k, { colours }) {
    let [red, green, blue, sum] = [0, 0, 0, 0];
    for (let c = 0; c < k; c++) {
      red += p[c] * colours[c][0];
      green += p[c] * colours[c][1];
      blue += p[c] * colours[c][2];
      sum += p[c];
    }
    return pixel([red / sum, green / sum, blue / sum], certainty(p, k));
  },
  regions: (p, k, { colours }) => pixel(colours[largest(p, k)], 0.8),
  class: (p, k, { colours, class: shown }) => pixel(colours[shown], p[shown] / 255),
  confidence: (p, k, { ink }) => pixel(ink, certainty(p, k)),
  entropy(p, k, { ink }) {
    let sum = 0;
    for (let c = 0; c < k; c++) sum -= LOGS[p[c]];
    return pixel(ink, sum / Math.log(k));
  },
  threshold: (p, k, { colours, threshold }) => pixel(colours[Number(p[1] / 255 >= threshold)], 0.8),
  surface: (p, k, shading) => SHADES.class(p, k, shading), // where there is no third dimension
};

/**
 * Colours of a unit's map by its byte: 1 is −scale, 128 is 0, 255 is +scale.
 * @param {import("./plane.js").SignColours} colours
 */
export function signedShades({ negative, positive }) {
  const ends = [channels(negative), channels(positive)];
  return Uint32Array.from({ length: 256 }, (_, byte) =>
    pixel(ends[Number(byte > 128)], 1.3 * Math.abs(byte - 128) / 127),
  );
}
