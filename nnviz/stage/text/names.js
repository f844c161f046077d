/** What units and weights are called, in the lecture's notation. */

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

const inDigits = (number, digits) => [...String(number)].map((digit) => digits[digit]).join("");

/**
 * @param {number[]} place layer, counted from the inputs, and unit, from 0
 * @param {{sizes: number[], inputs: string[]}} net
 * @returns {string} such as x₁, a₃⁽¹⁾ or ŷ₂
 */
export function unitName([layer, unit], { sizes, inputs }) {
  if (layer === 0) return inputs[unit];
  const index = inDigits(unit + 1, SUBSCRIPTS);
  if (layer < sizes.length - 1) return `a${index}⁽${inDigits(layer, SUPERSCRIPTS)}⁾`;
  return sizes[layer] > 1 ? `ŷ${index}` : "ŷ";
}

/** The class an output unit speaks for: a single one for the second class. */
export const classOf = (unit, { sizes }) => (sizes.at(-1) > 1 ? unit : 1);

/** @param {number[]} place matrix, row and column; row 0 is the bias */
export function weightName([matrix, row, column], net) {
  const above = unitName([matrix + 1, column], net);
  return row === 0 ? `bias of ${above}` : `weight from ${unitName([matrix, row - 1], net)} to ${above}`;
}
