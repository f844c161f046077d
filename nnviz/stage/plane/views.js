/** Ways to colour the field. Each is a shade of one point from its class probabilities. */

const STRENGTH = 0.62; // opacity of the field where it says most

/** @param {string} colour as #rrggbb or rgb(r, g, b) @returns {number[]} */
export const channels = (colour) =>
  colour[0] === "#"
    ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
    : colour.match(/\d+(\.\d+)?/g).slice(0, 3).map(Number);

/** One pixel, as a little-endian 0xAABBGGRR; `share` is the part of the full opacity. */
function pixel([red, green, blue], share) {
  const alpha = Math.round(255 * STRENGTH * Math.min(1, Math.max(0, share)));
  return ((alpha << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}

const LOGS = Float64Array.from({ length: 256 }, (_, p) => (p ? (p / 255) * Math.log(p / 255) : 0));

const largest = (p, k) => {
  let top = 0;
  for (let c = 1; c < k; c++) if (p[c] > p[top]) top = c;
  return top;
};

/** How sure the network is: 0 where all classes are as likely, 1 where one is certain. */
function certainty(p, k) {
  let [sum, top] = [0, 0];
  for (let c = 0; c < k; c++) {
    sum += p[c];
    if (p[c] > top) top = p[c];
  }
  return (top / sum - 1 / k) / (1 - 1 / k);
}

/**
 * Every view's shade of one point, by the view's name: (p, k, look) with the probabilities 0…255
 * of k classes and look = {colours, ink, classIndex, threshold}. Their words are in `nnviz/views.py`,
 * which shades pictures that are taken away likewise.
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
  class: (p, k, { colours, classIndex }) => pixel(colours[classIndex], p[classIndex] / 255),
  confidence: (p, k, { ink }) => pixel(ink, certainty(p, k)),
  entropy(p, k, { ink }) {
    let sum = 0;
    for (let c = 0; c < k; c++) sum -= LOGS[p[c]];
    return pixel(ink, sum / Math.log(k));
  },
  threshold: (p, k, { colours, threshold }) => pixel(colours[Number(p[1] / 255 >= threshold)], 0.8),
  surface: (p, k, look) => SHADES.class(p, k, look), // where there is no third dimension
};

/** Shades of a unit's map by its byte: 1 is −scale, 128 is 0, 255 is +scale. */
export function signedShades({ negative, positive }) {
  const ends = [channels(negative), channels(positive)];
  return Uint32Array.from({ length: 256 }, (_, byte) =>
    pixel(ends[Number(byte > 128)], 1.3 * Math.abs(byte - 128) / 127),
  );
}
