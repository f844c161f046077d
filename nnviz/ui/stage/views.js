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
 * `shade(p, k, look)` takes probabilities 0…255 of k classes; look = {colours, ink, klass,
 * threshold}. `asks` names the control that belongs to it; `pair` is for two classes only.
 */
export const VIEWS = {
  blend: {
    label: "Probability blend",
    says: "Class colours mixed by probability; pale where the network is unsure.",
    shade(p, k, { colours }) {
      let [red, green, blue, sum] = [0, 0, 0, 0];
      for (let c = 0; c < k; c++) {
        red += p[c] * colours[c][0];
        green += p[c] * colours[c][1];
        blue += p[c] * colours[c][2];
        sum += p[c];
      }
      return pixel([red / sum, green / sum, blue / sum], certainty(p, k));
    },
  },
  regions: {
    label: "Regions (arg-max)",
    says: "Each point in the colour of its most probable class.",
    shade: (p, k, { colours }) => pixel(colours[largest(p, k)], 0.8),
  },
  class: {
    label: "One class’s probability",
    says: "The stronger the colour, the more probable the class.",
    asks: "klass",
    shade: (p, k, { colours, klass }) => pixel(colours[klass], p[klass] / 255),
  },
  confidence: {
    label: "Confidence",
    says: "The largest probability: dark where it is 1, clear where all classes are as likely.",
    shade: (p, k, { ink }) => pixel(ink, certainty(p, k)),
  },
  entropy: {
    label: "Entropy",
    says: "−Σ p log p: dark where the network can’t tell, clear where it is certain.",
    shade(p, k, { ink }) {
      let sum = 0;
      for (let c = 0; c < k; c++) sum -= LOGS[p[c]];
      return pixel(ink, sum / Math.log(k));
    },
  },
  threshold: {
    label: "Threshold",
    says: "The second class is called where its probability reaches the threshold.",
    asks: "threshold",
    pair: true,
    shade: (p, k, { colours, threshold }) => pixel(colours[Number(p[1] / 255 >= threshold)], 0.8),
  },
  surface: {
    label: "3-D surface",
    says: "One class’s probability as height. Drag to turn it.",
    asks: "klass",
    shade: (p, k, look) => VIEWS.class.shade(p, k, look), // where it is not to be had
  },
};

/** Shades of a unit's map by its byte: 1 is −scale, 128 is 0, 255 is +scale. */
export function signedShades({ negative, positive }) {
  const ends = [channels(negative), channels(positive)];
  return Uint32Array.from({ length: 256 }, (_, byte) =>
    pixel(ends[Number(byte > 128)], 1.3 * Math.abs(byte - 128) / 127),
  );
}
