/** Names of units and weights, in the lecture's notation. */

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/** @param {number} number */
const asSubscript = (number) => [...String(number)].map((digit) => SUBSCRIPTS[Number(digit)]).join("");

/**
 * @param {readonly [layer: number, unit: number]} place layers counted from the inputs, units from 0
 * @param {{sizes: number[], inputs: string[]}} net
 * @returns {string} such as x₁, a₃[1] or ŷ₂
 */
export function unitName([layer, unit], { sizes, inputs }) {
  if (layer === 0) return inputs[unit];
  const index = asSubscript(unit + 1);
  if (layer < sizes.length - 1) return `a${index}[${layer}]`;
  return sizes[layer] > 1 ? `ŷ${index}` : "ŷ";
}

/**
 * The class whose probability an output unit gives: the second one for a single unit.
 * @param {number} unit @param {{sizes: number[]}} net
 */
export const classOf = (unit, { sizes }) => (sizes[sizes.length - 1] > 1 ? unit : 1);

/**
 * @param {readonly [matrix: number, row: number, column: number]} place row 0 is the bias
 * @param {{sizes: number[], inputs: string[]}} net
 */
export function weightName([matrix, row, column], net) {
  const above = unitName([matrix + 1, column], net);
  return row === 0 ? `bias of ${above}` : `weight from ${unitName([matrix, row - 1], net)} to ${above}`;
}
