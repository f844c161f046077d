/** How the planes of runs side by side are laid out. Pure. */

const HEAD = 34; // pixels above each plane
const AROUND = 24; // more pixels of height than of width: head and axis above and below, less the axis beside
const GAP = 6.4; // between the planes, as in `compare.css`

/**
 * The number of columns in which the planes are largest: all in a row, two or one.
 * @param {number} count of planes @param {number} width @param {number} height of all, in pixels
 */
export function columnsFor(count, width, height) {
  /** @param {number} columns */
  const side = (columns) => Math.min(width / columns, height / Math.ceil(count / columns) - HEAD);
  return [1, 2, count].reduce((best, columns) => (side(columns) > side(best) ? columns : best));
}

/**
 * The height at which all planes are squares, which needs no more even where there is room.
 * @param {number} count of planes @param {number} columns @param {number} width of all, in pixels
 */
export function heightFor(count, columns, width) {
  const rows = Math.ceil(count / columns);
  return rows * ((width - (columns - 1) * GAP) / columns + AROUND) + (rows - 1) * GAP;
}
