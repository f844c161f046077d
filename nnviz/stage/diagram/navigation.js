/** Where the keyboard goes from a unit or a weight. Pure. */

/**
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("./names.js").Unit} Unit
 * @typedef {import("./names.js").Place} Place
 */

/**
 * The unit of another layer that is drawn nearest.
 * @param {Layout} layout @param {Unit} from one that is shown
 * @param {number} step to the layer: −1 or 1
 * @returns {Unit | undefined} none where there is no such layer
 */
export function nearestUnit({ columns }, [layer, unit], step) {
  const { units, first } = columns[layer];
  const { y } = units[unit - first];
  const others = [...(columns[layer + step]?.units ?? [])];
  const [nearest] = others.sort((a, b) => Math.abs(a.y - y) - Math.abs(b.y - y));
  return nearest && [nearest.layer, nearest.unit];
}

/**
 * The weight of the same unit after or before, of those that are shown; the bias is the first.
 * @param {Layout} layout @param {Place} from @param {number} step −1 or 1
 * @returns {Place} the same at either end
 */
export function nextWeight({ columns }, [matrix, row, column], step) {
  const { first, count } = columns[matrix];
  const at = row === 0 ? 0 : row - first;
  const to = Math.max(0, Math.min(count, at + step));
  return [matrix, to && first + to, column];
}
