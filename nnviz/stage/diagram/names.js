/** What units, layers and weights of the diagram are called, and their numbers as people read them. */

import { signed } from "../text/format.js";
import { classOf, unitName } from "../text/names.js";

const LARGEST = 1e6; // of a weight set by hand; nnviz/edits.py says the same
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * @typedef {{sizes: number[], inputs: string[], classNames: string[], output: string}} Net
 * @typedef {[layer: number, unit: number]} Unit layer 0 holds the inputs
 * @typedef {[matrix: number, row: number, column: number]} Place of a weight; row 0 is the bias
 */

/** With its class, if it is an output. @param {Net} net @param {Unit} unit */
export function fullName(net, [layer, unit]) {
  const name = unitName([layer, unit], net);
  return layer === net.sizes.length - 1 ? `${name} ${net.classNames[classOf(unit, net)]}` : name;
}

/** @param {Net} net */
export function layerName({ sizes, output }, layer) {
  if (layer === 0) return "inputs";
  return layer < sizes.length - 1 ? `layer ${layer}` : output;
}

/** A weight's name for a small label. @param {Net} net @param {Place} place */
export function weightLabel(net, [matrix, row, column]) {
  const above = unitName([matrix + 1, column], net);
  return row === 0 ? `bias of ${above}` : `${unitName([matrix, row - 1], net)} → ${above}`;
}

/** @param {number} value NaN if it is not known yet */
export const digits = (value) => (Number.isFinite(value) ? signed(value) : "–");

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
