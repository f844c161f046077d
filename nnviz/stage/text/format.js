/** Formats numbers for the user; null stands for one that is missing or not finite. */

/** At most six characters, so that the numbers keep their place. @param {number?} value */
export function loss(value) {
  if (value === null) return "–";
  if (value >= 1000) return value.toExponential(0).replace("e+", "e");
  return value.toFixed(value < 10 ? 4 : value < 100 ? 3 : 2);
}

/**
 * With two digits more than the axis' own size has, so that the width hardly changes.
 * @param {number} value @param {readonly [low: number, high: number]} extent of the axis
 */
export function coordinate(value, [low, high]) {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(high - low)));
  return value.toFixed(decimals).replace(/^-(?=.*[1-9])/, "−").replace(/^-/, "");
}

/** @param {number?} value a share of 1 */
export function percent(value) {
  return value === null ? "–" : `${(100 * value).toFixed(1)} %`;
}

/** @param {number?} p a probability */
export function probability(p) {
  return p === null ? "–" : p.toFixed(3);
}

/** A weight, bias or logit to so many digits, with a real minus. @param {number} value */
export function signed(value, digits = 4) {
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-3 || size >= 10 ** digits)
    ? value.toExponential(digits - 1).replace("e+", "e") : value.toPrecision(digits);
  return text.replaceAll("-", "−");
}

/** A number of things, in the singular for one: "1 run", "3 runs". @param {number} number @param {string} what */
export function counted(number, what) {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** All classes with their probabilities. @param {string[]} names @param {(number | null)[]} values */
export function probabilities(names, values) {
  return names.map((name, k) => `${name} ${probability(values[k])}`).join(", ");
}
