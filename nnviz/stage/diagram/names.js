/** Names of units, layers and weights in the diagram; their numbers written, parsed and rounded. */

import { signed } from "../text/format.js";
import { classOf, unitName } from "../text/names.js";

const LARGEST = 1e6; // of a weight set by hand: the bounds of `_NUMBER` in nnviz/recipe/edits.py
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * @typedef {import("../look.js").Net} Net
 * @typedef {[layer: number, unit: number]} Unit layer 0 holds the inputs
 * @typedef {import("../run/recipes.js").Place} Place
 * @typedef {{unit?: Unit, weight?: Place}} Target the unit or the weight that the user points at
 * @typedef {[first: number, count: number]} UnitWindow which units of a layer are shown
 */

/** With its class, if it is an output. @param {Net} net @param {Unit} unit */
export function fullName(net, [layer, unit]) {
  const name = unitName([layer, unit], net);
  return layer === net.sizes.length - 1 ? `${name} ${net.classNames[classOf(unit, net)]}` : name;
}

/** @param {Net} net @param {number} layer */
export function layerName({ sizes, output }, layer) {
  if (layer === 0) return "inputs";
  return layer < sizes.length - 1 ? `layer ${layer}` : output;
}

/** A weight's name for a small label. @param {Net} net @param {Place} weight */
export function weightLabel(net, [matrix, row, column]) {
  const above = unitName([matrix + 1, column], net);
  return row === 0 ? `bias of ${above}` : `${unitName([matrix, row - 1], net)} → ${above}`;
}

/** @param {number} value NaN if it is not known yet */
export const digits = (value) => (Number.isFinite(value) ? signed(value) : "–");

/**
 * @param {string} text as typed @param {boolean} isBias
 * @returns {{value?: number, problem?: string}} one of them
 */
export function readNumber(text, isBias) {
  const typed = text.trim();
  const plain = typed.replaceAll("−", "-");
  const value = NUMBER.test(plain) ? Number(plain) : NaN;
  if (Math.abs(value) <= LARGEST) return { value }; // NaN fails the comparison
  const got = typed.length > 20 ? `${typed.slice(0, 20)}…` : typed || "nothing";
  return { problem: `${isBias ? "bias" : "weight"} must be a number −1,000,000…1,000,000; got ${got}` };
}

/**
 * Within the bounds, and without needless digits.
 * @param {number} value @param {number} decimals
 */
export function rounded(value, decimals) {
  const power = 10 ** decimals;
  return Math.min(LARGEST, Math.max(-LARGEST, Math.round(value * power) / power)) + 0; // −0 is 0
}
