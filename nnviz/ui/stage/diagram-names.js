/** What units, layers and weights of the diagram are called, and their numbers as people read them. */

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const LARGEST = 1e6; // of a weight set by hand; nnviz/edits.py says the same
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const written = (n, digits) => [...String(n)].map((digit) => digits[digit]).join("");

/**
 * @typedef {{sizes: number[], inputs: string[], classNames: string[], output: string}} Net
 * @typedef {[layer: number, unit: number]} Unit layer 0 holds the inputs
 * @typedef {[matrix: number, row: number, column: number]} Place of a weight; row 0 is the bias
 */

/** @param {Net} net @param {Unit} unit */
export function unitName({ sizes, inputs }, [layer, unit]) {
  if (layer === 0) return inputs[unit];
  if (layer < sizes.length - 1) return `a${written(unit + 1, SUBSCRIPTS)}⁽${written(layer, SUPERSCRIPTS)}⁾`;
  return sizes.at(-1) === 1 ? "ŷ" : `ŷ${written(unit + 1, SUBSCRIPTS)}`;
}

/** With its class, if it is an output. @param {Net} net @param {Unit} unit */
export function fullName(net, [layer, unit]) {
  const name = unitName(net, [layer, unit]);
  return layer === net.sizes.length - 1 ? `${name} ${classOf(net, unit)}` : name;
}

/** A single output unit says the probability of class 1. */
function classOf({ sizes, classNames }, unit) {
  return classNames[sizes.at(-1) === 1 ? 1 : unit] ?? "";
}

/** @param {Net} net */
export function layerName({ sizes, output }, layer) {
  if (layer === 0) return "inputs";
  return layer < sizes.length - 1 ? `layer ${layer}` : output;
}

/** @param {Net} net @param {Place} place */
export function weightName(net, [matrix, row, column]) {
  const above = unitName(net, [matrix + 1, column]);
  return row === 0 ? `bias of ${above}` : `weight from ${unitName(net, [matrix, row - 1])} to ${above}`;
}

/** The same for a small label. @param {Net} net @param {Place} place */
export function weightLabel(net, [matrix, row, column]) {
  const above = unitName(net, [matrix + 1, column]);
  return row === 0 ? `bias of ${above}` : `${unitName(net, [matrix, row - 1])} → ${above}`;
}

/** Four digits, as many as float32 is good for at a glance. @param {number} value */
export function digits(value) {
  if (!Number.isFinite(value)) return "–";
  return value.toPrecision(4).replace("e+", "e").replaceAll("-", "−");
}

/**
 * @param {string} text as typed @param {boolean} isBias
 * @returns {{value: number} | {problem: string}}
 */
export function readNumber(text, isBias) {
  const typed = text.trim();
  const plain = typed.replaceAll("−", "-");
  const value = NUMBER.test(plain) ? Number(plain) : NaN;
  if (Math.abs(value) <= LARGEST) return { value }; // NaN fails the comparison
  const got = typed.length > 20 ? `${typed.slice(0, 20)}…` : typed || "nothing";
  return { problem: `${isBias ? "bias" : "weight"} must be a number −1,000,000…1,000,000; got ${got}` };
}

/** Into the range, and without digits nobody asked for. @param {number} decimals */
export function rounded(value, decimals) {
  const power = 10 ** decimals;
  return Math.min(LARGEST, Math.max(-LARGEST, Math.round(value * power) / power)) + 0; // −0 is 0
}
